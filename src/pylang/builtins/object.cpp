// object's own methods and the small singletons' (None, NotImplemented, Ellipsis): what the machine has not defined
// already.
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

Value object_new(Interp& interp, Args args, void*) {
  auto* cls = as<Type>(arg(args, 0));
  if (cls == nullptr) return type_error(interp, "object.__new__(X): X is not a type object");
  auto* out = interp.make<Instance>(cls);
  if (cls != interp.types.object) out->dict = interp.dict();
  return Value::object(out);
}
Value object_init(Interp& interp, Args args, void*) {
  if (args.positional.size() <= 1 && args.names.empty()) return Value::none();
  // Extra arguments are someone else's when __new__ is overridden.
  if (!args.positional.empty() && args.positional[0].is_object()) {
    const Value made = interp.lookup_type_attr(args.positional[0].o->type, interp.intern("__new__"));
    const Value plain = interp.dict_get(interp.types.object->dict, "__new__");
    if (!made.is_error() && !made.is(plain)) return Value::none();
  }
  return type_error(interp, interp.type_of(arg(args, 0))->name + "() takes no arguments");
}
Value object_repr(Interp& interp, Args args, void*) {
  const Type* type = interp.type_of(arg(args, 0));
  const std::string module =
      type->module_name.empty() || type->module_name == "builtins" ? "" : type->module_name + ".";
  return interp.str("<" + module + (type->qualname.empty() ? type->name : type->qualname) + " object>");
}
Value object_str(Interp& interp, Args args, void*) {
  const std::optional<std::string> out = interp.repr_of(arg(args, 0));
  return out ? interp.str(*out) : Value();
}
Value object_eq(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__eq__", 1, 1)) return {};
  return args.positional[0].is(args.positional[1]) ? Value::boolean(true) : interp.not_implemented();
}
Value object_ne(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__ne__", 1, 1)) return {};
  const Value equal = call_special(interp, args.positional[0], "__eq__", std::array{args.positional[1]});
  if (equal.is_error() || equal.is(interp.not_implemented())) return equal;
  const std::optional<bool> truth = interp.truth(equal);
  return truth ? Value::boolean(!*truth) : Value();
}
Value no_order(Interp& interp, Args, void*) { return interp.not_implemented(); }
Value object_hash(Interp& interp, Args args, void*) {
  const Value self = arg(args, 0);
  if (!self.is_object()) {
    const std::optional<std::uint64_t> h = interp.hash(self);
    return h ? Value::integer(static_cast<std::int64_t>(*h)) : Value();
  }
  return Value::integer(static_cast<std::int64_t>(self.o->serial * 16 + 7));
}
Value object_format(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__format__", 1, 1)) return {};
  const Str* spec = str_of(interp, args.positional[1]);
  if (spec == nullptr)
    return type_error(interp, "__format__() argument must be str, not " + interp.type_of(args.positional[1])->name);
  if (!spec->text.empty())
    return type_error(
        interp, "unsupported format string passed to " + interp.type_of(args.positional[0])->name + ".__format__");
  const std::optional<std::string> out = interp.str_of(args.positional[0]);
  return out ? interp.str(*out) : Value();
}
Value object_dir(Interp& interp, Args args, void*) {
  std::optional<std::vector<Value>> names = attribute_names(interp, arg(args, 0));
  return names ? interp.list(std::move(*names)) : Value();
}
Value object_subclasshook(Interp& interp, Args, void*) { return interp.not_implemented(); }

Value none_repr(Interp& interp, Args, void*) { return interp.str("None"); }
Value none_bool(Interp&, Args, void*) { return Value::boolean(false); }
Value not_implemented_repr(Interp& interp, Args, void*) { return interp.str("NotImplemented"); }
Value ellipsis_repr(Interp& interp, Args, void*) { return interp.str("Ellipsis"); }
Value none_new(Interp&, Args, void*) { return Value::none(); }

}  // namespace

std::optional<std::vector<Value>> attribute_names(Interp& interp, Value value) {
  Dict* seen = interp.dict();
  const auto take = [&](const Dict* dict) {
    if (dict == nullptr) return;
    for (const Dict::Entry& entry : dict->entries) {
      if (const Str* name = exact_str(interp, entry.key)) interp.dict_set(seen, name->text, Value::none());
    }
  };
  if (auto* module = as<Module>(value)) {
    take(module->dict);
  } else if (auto* type = as<Type>(value)) {
    for (const Type* base : type->mro) take(base->dict);
  } else {
    if (auto* instance = as<Instance>(value)) take(instance->dict);
    if (auto* function = as<Function>(value)) take(function->dict);
    for (const Type* base : interp.type_of(value)->mro) take(base->dict);
  }
  std::vector<Value> out;
  for (const Dict::Entry& entry : seen->entries) out.push_back(entry.key);
  const Value list = interp.list(std::move(out));
  if (list.is_error() || interp.call_method(list, "sort").is_error()) return std::nullopt;
  return static_cast<List*>(list.o)->items;
}

void install_object(Interp& interp) {
  static constexpr Method kMethods[] = {
      {"__init__", object_init}, {"__repr__", object_repr}, {"__str__", object_str},       {"__eq__", object_eq},
      {"__ne__", object_ne},     {"__hash__", object_hash}, {"__lt__", no_order},          {"__le__", no_order},
      {"__gt__", no_order},      {"__ge__", no_order},      {"__format__", object_format}, {"__dir__", object_dir}};
  define(interp, interp.types.object, kMethods);
  define_static(interp, interp.types.object, "__new__", object_new);
  define_class_method(interp, interp.types.object, "__subclasshook__", object_subclasshook);
  static constexpr Method kNone[] = {{"__repr__", none_repr}, {"__bool__", none_bool}};
  define(interp, interp.types.none, kNone);
  define_static(interp, interp.types.none, "__new__", none_new);
  static constexpr Method kNotImplemented[] = {{"__repr__", not_implemented_repr}};
  define(interp, interp.types.not_implemented, kNotImplemented);
  static constexpr Method kEllipsis[] = {{"__repr__", ellipsis_repr}};
  define(interp, interp.types.ellipsis, kEllipsis);
}

}  // namespace kedge::pylang
