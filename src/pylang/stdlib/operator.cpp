// operator: every operator as a function, and the three makers of callables.
#include "pylang/stdlib/support.h"

namespace kedge::pylang {
namespace {

Value binary(Interp& interp, Args args, void* context) {
  return arity(interp, args, "operator", 2, 2, false)
             ? interp.binary(static_cast<const char*>(context), args.positional[0], args.positional[1])
             : Value();
}
Value compare(Interp& interp, Args args, void* context) {
  return arity(interp, args, "comparison", 2, 2, false)
             ? interp.compare(static_cast<const char*>(context), args.positional[0], args.positional[1])
             : Value();
}
// `a += b`: the in-place method when the class has one.
struct InPlace {
  const char* method;
  const char* op;
};
Value in_place(Interp& interp, Args args, void* context) {
  if (!arity(interp, args, "operator", 2, 2, false)) return {};
  const auto* what = static_cast<const InPlace*>(context);
  const Value a = args.positional[0];
  if (!interp.lookup_type_attr(interp.type_of(a), interp.intern(what->method)).is_error()) {
    const Value out = call_special(interp, a, what->method, std::array{args.positional[1]});
    if (out.is_error() || !out.is(interp.not_implemented())) return out;
  }
  return interp.binary(what->op, a, args.positional[1]);
}
Value unary(Interp& interp, Args args, void* context) {
  if (!arity(interp, args, "operator", 1, 1, false)) return {};
  const char* method = static_cast<const char*>(context);
  if (interp.lookup_type_attr(interp.type_of(args.positional[0]), interp.intern(method)).is_error()) {
    const std::string_view name = method;
    const char* sign =
        name == "__neg__" ? "unary -" : (name == "__pos__" ? "unary +" : (name == "__invert__" ? "unary ~" : "abs()"));
    return type_error(interp,
                      "bad operand type for " + std::string(sign) + ": " + quoted_type(interp, args.positional[0]));
  }
  return call_special(interp, args.positional[0], method);
}
Value not_of(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "not_", 1, 1, false)) return {};
  const std::optional<bool> truth = interp.truth(args.positional[0]);
  return truth ? Value::boolean(!*truth) : Value();
}
Value truth(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "truth", 1, 1, false)) return {};
  const std::optional<bool> out = interp.truth(args.positional[0]);
  return out ? Value::boolean(*out) : Value();
}
Value is_same(Interp& interp, Args args, void*) {
  return arity(interp, args, "is_", 2, 2, false) ? Value::boolean(args.positional[0].is(args.positional[1])) : Value();
}
Value is_other(Interp& interp, Args args, void*) {
  return arity(interp, args, "is_not", 2, 2, false) ? Value::boolean(!args.positional[0].is(args.positional[1]))
                                                    : Value();
}
Value index(Interp& interp, Args args, void*) {
  return arity(interp, args, "index", 1, 1, false) ? index_of(interp, args.positional[0]) : Value();
}
Value contains(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "contains", 2, 2, false)) return {};
  const std::optional<bool> out = interp.contains(args.positional[0], args.positional[1]);
  return out ? Value::boolean(*out) : Value();
}
Value getitem(Interp& interp, Args args, void*) {
  return arity(interp, args, "getitem", 2, 2, false) ? interp.getitem(args.positional[0], args.positional[1]) : Value();
}
Value setitem(Interp& interp, Args args, void*) {
  return arity(interp, args, "setitem", 3, 3, false) &&
                 interp.setitem(args.positional[0], args.positional[1], args.positional[2])
             ? Value::none()
             : Value();
}
Value delitem(Interp& interp, Args args, void*) {
  return arity(interp, args, "delitem", 2, 2, false) && interp.delitem(args.positional[0], args.positional[1])
             ? Value::none()
             : Value();
}
template <bool want_index>
Value search(Interp& interp, Args args, void*) {
  if (!arity(interp, args, want_index ? "indexOf" : "countOf", 2, 2, false)) return {};
  std::int64_t at = 0;
  std::int64_t found = want_index ? -1 : 0;
  const bool ok = for_each(interp, args.positional[0], [&](Value item) {
    const std::optional<bool> same = interp.equal(item, args.positional[1]);
    if (!same) return false;
    if (*same && want_index && found < 0) found = at;
    if (*same && !want_index) ++found;
    ++at;
    return true;
  });
  if (!ok) return {};
  return found < 0 ? value_error(interp, "sequence.index(x): x not in sequence") : Value::integer(found);
}
Value length_hint(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "length_hint", 1, 2, false)) return {};
  if (!interp.lookup_type_attr(interp.type_of(args.positional[0]), interp.intern("__len__")).is_error()) {
    const std::optional<std::int64_t> out = interp.length(args.positional[0]);
    return out ? Value::integer(*out) : Value();
  }
  return args.positional.size() > 1 ? args.positional[1] : Value::integer(0);
}

// itemgetter, attrgetter, methodcaller: objects with their arguments inside.
struct Getter final : Object {
  enum class Kind { item, attribute, method } kind = Kind::item;
  std::vector<Value> parts;
  std::vector<Str*> names;  // of a method's keyword arguments
  std::vector<Value> named;
};

Value dotted(Interp& interp, Value object, std::string_view path) {
  while (!object.is_error()) {
    const std::size_t dot = path.find('.');
    object = interp.getattr(object, path.substr(0, dot));
    if (dot == std::string_view::npos) return object;
    path.remove_prefix(dot + 1);
  }
  return {};
}
Value getter_call(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "getter", 1, 1)) return {};
  const auto* self = as<Getter>(args.positional[0]);
  if (self == nullptr) return type_error(interp, "not a getter");
  const Value object = args.positional[1];
  if (self->kind == Getter::Kind::method) {
    return interp.call_method(object, str_of(interp, self->parts[0])->text,
                              std::span<const Value>(self->parts).subspan(1), self->names, self->named);
  }
  std::vector<Value> out;
  for (const Value part : self->parts) {
    const Value value = self->kind == Getter::Kind::item ? interp.getitem(object, part)
                                                         : dotted(interp, object, str_of(interp, part)->text);
    if (value.is_error()) return {};
    out.push_back(value);
  }
  return out.size() == 1 ? out[0] : interp.tuple(std::move(out));
}
Value getter_repr(Interp& interp, Args args, void*) {
  const auto* self = as<Getter>(arg(args, 0));
  if (self == nullptr) return type_error(interp, "not a getter");
  std::string out = "operator." + self->type->name + "(";
  for (std::size_t i = 0; i < self->parts.size(); ++i) {
    const std::optional<std::string> text = interp.repr_of(self->parts[i]);
    if (!text) return {};
    out += (i > 0 ? ", " : "") + *text;
  }
  for (std::size_t i = 0; i < self->names.size(); ++i) {
    const std::optional<std::string> text = interp.repr_of(self->named[i]);
    if (!text) return {};
    out += ", " + self->names[i]->text + "=" + *text;
  }
  return interp.str(out + ")");
}
template <int kind>
Value getter_new(Interp& interp, Args args, void*) {
  static constexpr const char* kNames[] = {"itemgetter", "attrgetter", "methodcaller"};
  if (args.positional.size() < 2) return type_error(interp, std::string(kNames[kind]) + " expected 1 argument, got 0");
  if (kind != 2 && !args.names.empty())
    return type_error(interp, std::string(kNames[kind]) + "() takes no keyword arguments");
  auto* out = interp.make<Getter>(interp.internal_types[std::string("operator.") + kNames[kind]]);
  out->kind = static_cast<Getter::Kind>(kind);
  out->parts.assign(args.positional.begin() + 1, args.positional.end());
  out->names.assign(args.names.begin(), args.names.end());
  out->named.assign(args.named.begin(), args.named.end());
  for (std::size_t i = 0; kind != 0 && i < (kind == 2 ? 1 : out->parts.size()); ++i) {
    if (str_of(interp, out->parts[i]) == nullptr)
      return type_error(interp, kind == 1 ? "attribute name must be a string" : "method name must be a string");
  }
  return Value::object(out);
}

struct Named {
  const char* name;
  const char* dunder;
  const char* text;
};

}  // namespace

bool init_operator(Interp& interp, Module& module, void*) {
  const auto add = [&](const char* name, NativeFn fn, const void* context = nullptr) {
    add_function(interp, module, name, fn, const_cast<void*>(context));
  };
  static constexpr Named kBinary[] = {{"add", "__add__", "+"},
                                      {"sub", "__sub__", "-"},
                                      {"mul", "__mul__", "*"},
                                      {"truediv", "__truediv__", "/"},
                                      {"floordiv", "__floordiv__", "//"},
                                      {"mod", "__mod__", "%"},
                                      {"pow", "__pow__", "**"},
                                      {"matmul", "__matmul__", "@"},
                                      {"lshift", "__lshift__", "<<"},
                                      {"rshift", "__rshift__", ">>"},
                                      {"and_", "__and__", "&"},
                                      {"or_", "__or__", "|"},
                                      {"xor", "__xor__", "^"},
                                      {"concat", "__concat__", "+"}};
  for (const Named& row : kBinary) {
    add(row.name, binary, row.text);
    add(row.dunder, binary, row.text);
  }
  static constexpr Named kCompare[] = {{"lt", "__lt__", "<"},  {"le", "__le__", "<="}, {"eq", "__eq__", "=="},
                                       {"ne", "__ne__", "!="}, {"gt", "__gt__", ">"},  {"ge", "__ge__", ">="}};
  for (const Named& row : kCompare) {
    add(row.name, compare, row.text);
    add(row.dunder, compare, row.text);
  }
  static constexpr InPlace kInPlace[] = {
      {"__iadd__", "+"}, {"__isub__", "-"},  {"__imul__", "*"},    {"__itruediv__", "/"}, {"__ifloordiv__", "//"},
      {"__imod__", "%"}, {"__ipow__", "**"}, {"__imatmul__", "@"}, {"__ilshift__", "<<"}, {"__irshift__", ">>"},
      {"__iand__", "&"}, {"__ior__", "|"},   {"__ixor__", "^"}};
  static constexpr const char* kInPlaceNames[] = {"iadd", "isub", "imul",    "itruediv", "ifloordiv",
                                                  "imod", "ipow", "imatmul", "ilshift",  "irshift",
                                                  "iand", "ior",  "ixor"};
  for (std::size_t i = 0; i < std::size(kInPlace); ++i) add(kInPlaceNames[i], in_place, &kInPlace[i]);
  static constexpr Named kUnary[] = {{"neg", "__neg__", ""},
                                     {"pos", "__pos__", ""},
                                     {"invert", "__invert__", ""},
                                     {"inv", "__invert__", ""},
                                     {"abs", "__abs__", ""}};
  for (const Named& row : kUnary) {
    add(row.name, unary, row.dunder);
    add(row.dunder, unary, row.dunder);
  }
  static constexpr Method kPlain[] = {{"not_", not_of},           {"truth", truth},
                                      {"is_", is_same},           {"is_not", is_other},
                                      {"index", index},           {"contains", contains},
                                      {"__contains__", contains}, {"getitem", getitem},
                                      {"__getitem__", getitem},   {"setitem", setitem},
                                      {"delitem", delitem},       {"countOf", search<false>},
                                      {"indexOf", search<true>},  {"length_hint", length_hint}};
  add_functions(interp, module, kPlain);
  static constexpr Method kTypes[] = {
      {"itemgetter", getter_new<0>}, {"attrgetter", getter_new<1>}, {"methodcaller", getter_new<2>}};
  for (const Method& row : kTypes) {
    Type* type = interp.make_host_type("operator", row.name);
    interp.internal_types[std::string("operator.") + row.name] = type;
    static constexpr Method kMethods[] = {{"__call__", getter_call}, {"__repr__", getter_repr}};
    define(interp, type, kMethods);
    define_static(interp, type, "__new__", row.fn);
    interp.dict_set(module.dict, row.name, Value::object(type));
  }
  return true;
}

}  // namespace kedge::pylang
