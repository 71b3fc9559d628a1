// The type `type`, and what stands for types in annotations: unions and generic aliases.
#include <algorithm>

#include "pylang/vm/ops.h"

namespace kedge::pylang {

using Impl = Interp::Impl;

namespace {

Value type_new(Interp& interp, Args args, void*) {
  auto* meta = args.positional.empty() ? nullptr : as<Type>(args.positional[0]);
  if (meta == nullptr) return ops::wrong_arguments(interp, "type.__new__");
  if (args.positional.size() == 2) return Value::object(interp.type_of(args.positional[1]));
  if (args.positional.size() != 4) return interp.raise("TypeError", "type() takes 1 or 3 arguments");
  auto* name = as<Str>(unwrap(args.positional[1]));
  auto* bases = as<Tuple>(unwrap(args.positional[2]));
  auto* ns = as<Dict>(unwrap(args.positional[3]));
  if (name == nullptr)
    return interp.raise("TypeError", "type.__new__() argument 1 must be str, not " +
                                         std::string(type_name(interp, args.positional[1])));
  if (bases == nullptr)
    return interp.raise("TypeError", "type.__new__() argument 2 must be tuple, not " +
                                         std::string(type_name(interp, args.positional[2])));
  if (ns == nullptr)
    return interp.raise("TypeError", "type.__new__() argument 3 must be dict, not " +
                                         std::string(type_name(interp, args.positional[3])));
  return make_class(interp, meta, name->text, bases->items, ns, args.names, args.named);
}

Value make_union(Interp& interp, Value a, Value b) {
  std::vector<Value> all;
  const auto add = [&](Value v) {
    if (v.is_object() && v.o->type == interp.impl().union_type) {
      const Value inner = interp.getattr(v, "__args__");
      if (auto* t = as<Tuple>(inner)) {
        for (const Value x : t->items) {
          if (std::none_of(all.begin(), all.end(), [&](Value y) { return y.is(x); })) all.push_back(x);
        }
      }
      return true;
    }
    const bool fits =
        v.is_none() || as<Type>(v) != nullptr ||
        (v.is_object() && (v.o->type == interp.impl().generic_alias || v.o->type->module_name == "typing"));
    if (fits && std::none_of(all.begin(), all.end(), [&](Value y) { return y.is(v); })) all.push_back(v);
    return fits;
  };
  if (!add(a) || !add(b)) return interp.not_implemented();
  if (all.size() == 1) return all[0];
  auto* u = interp.make<Instance>(interp.impl().union_type);
  u->dict = interp.dict();
  interp.dict_set(u->dict, "__args__", interp.tuple(std::move(all)));
  return Value::object(u);
}

std::string type_text(Interp& interp, Value v) {
  if (v.is_none()) return "None";
  if (auto* t = as<Type>(v)) return t->module_name == "builtins" ? t->qualname : t->module_name + "." + t->qualname;
  if (v.is(interp.ellipsis())) return "...";
  auto s = interp.repr_of(v);
  return s ? *s : "?";
}

Value alias_repr(Interp& interp, Args args, void*) {
  const Value self = args.positional[0];
  const Value items = interp.getattr(self, "__args__");
  auto* t = as<Tuple>(items);
  if (t == nullptr) return {};
  const bool is_union = self.o->type == interp.impl().union_type;
  std::string out;
  for (const Value v : t->items) out += (out.empty() ? "" : is_union ? " | " : ", ") + type_text(interp, v);
  if (is_union) return interp.str(out);
  return interp.str(type_text(interp, interp.getattr(self, "__origin__")) + "[" + out + "]");
}

}  // namespace

Value Impl::make_generic_alias(Type* origin, Value key) {
  auto* a = interp.make<Instance>(generic_alias);
  a->dict = interp.dict();
  interp.dict_set(a->dict, "__origin__", Value::object(origin));
  interp.dict_set(a->dict, "__args__", as<Tuple>(key) != nullptr ? key : interp.tuple({key}));
  interp.dict_set(a->dict, "__parameters__", interp.tuple({}));
  return Value::object(a);
}

void Impl::install_type() {
  Type* t = interp.types.type;
  interp.def(t, "__new__", type_new);
  interp.def(t, "__init__", [](Interp&, Args, void*) { return Value::none(); });
  interp.def(t, "__call__", [](Interp& i, Args a, void*) -> Value {
    auto* cls = a.positional.empty() ? nullptr : as<Type>(a.positional[0]);
    if (cls == nullptr) return ops::wrong_arguments(i, "type.__call__");
    return instantiate(i, cls, {a.positional.subspan(1), a.names, a.named});
  });
  interp.def(t, "__repr__", [](Interp& i, Args a, void*) -> Value {
    auto* cls = as<Type>(a.positional[0]);
    return cls == nullptr ? ops::wrong_arguments(i, "type.__repr__")
                          : i.str("<class '" + type_text(i, a.positional[0]) + "'>");
  });
  interp.def(t, "mro", [](Interp& i, Args a, void*) -> Value {
    std::vector<Value> all;
    if (auto* cls = as<Type>(a.positional[0])) {
      for (Type* m : cls->mro) all.push_back(Value::object(m));
    }
    return i.list(std::move(all));
  });
  interp.def(t, "__subclasses__", [](Interp& i, Args a, void*) -> Value {
    std::vector<Value> all;
    if (auto* cls = as<Type>(a.positional[0])) {
      for (Type* m : i.impl().subclasses[cls]) all.push_back(Value::object(m));
    }
    return i.list(std::move(all));
  });
  interp.def(t, "__instancecheck__", [](Interp& i, Args a, void*) -> Value {
    auto* cls = a.positional.size() == 2 ? as<Type>(a.positional[0]) : nullptr;
    return cls == nullptr ? ops::wrong_arguments(i, "__instancecheck__")
                          : Value::boolean(i.is_subtype(i.type_of(a.positional[1]), cls));
  });
  interp.def(t, "__subclasscheck__", [](Interp& i, Args a, void*) -> Value {
    auto* cls = a.positional.size() == 2 ? as<Type>(a.positional[0]) : nullptr;
    auto* sub = a.positional.size() == 2 ? as<Type>(a.positional[1]) : nullptr;
    if (cls == nullptr || sub == nullptr) return i.raise("TypeError", "issubclass() arg 1 must be a class");
    return Value::boolean(i.is_subtype(sub, cls));
  });
  auto* prepare = interp.make<ClassMethod>(interp.types.classmethod_);
  prepare->function = interp.function("__prepare__", [](Interp& i, Args, void*) { return Value::object(i.dict()); });
  set(t->dict, names.prepare, Value::object(prepare));
  const auto union_of = [](Interp& i, Args a, void*) -> Value {
    return a.positional.size() == 2 ? make_union(i, a.positional[0], a.positional[1])
                                    : ops::wrong_arguments(i, "__or__");
  };
  const auto reverse_union = [](Interp& i, Args a, void*) -> Value {
    return a.positional.size() == 2 ? make_union(i, a.positional[1], a.positional[0])
                                    : ops::wrong_arguments(i, "__ror__");
  };
  for (Type* owner : {t, union_type, generic_alias}) {
    interp.def(owner, "__or__", union_of);
    interp.def(owner, "__ror__", reverse_union);
  }
  interp.def(union_type, "__repr__", alias_repr);
  interp.def(generic_alias, "__repr__", alias_repr);
  const auto same_args = [](Interp& i, Args a, void*) -> Value {
    if (a.positional.size() != 2 || i.type_of(a.positional[0]) != i.type_of(a.positional[1]))
      return i.not_implemented();
    const Value x = i.getattr(a.positional[0], "__args__"), y = i.getattr(a.positional[1], "__args__");
    if (x.is_error() || y.is_error()) return {};
    const auto e = i.equal(x, y);
    return e ? Value::boolean(*e) : Value();
  };
  interp.def(union_type, "__eq__", same_args);
  interp.def(generic_alias, "__eq__", same_args);
  interp.def(generic_alias, "__call__", [](Interp& i, Args a, void*) -> Value {
    const Value origin = i.getattr(a.positional[0], "__origin__");
    return origin.is_error() ? origin : i.call(origin, a.positional.subspan(1), a.names, a.named);
  });
  interp.def(generic_alias, "__mro_entries__", [](Interp& i, Args a, void*) -> Value {
    const Value origin = i.getattr(a.positional[0], "__origin__");
    return origin.is_error() ? origin : i.tuple({origin});
  });
  interp.def(generic_alias, "__getattr__", [](Interp& i, Args a, void*) -> Value {
    const Value origin = i.impl().get(static_cast<Instance*>(a.positional[0].o)->dict, i.intern("__origin__"));
    return origin.is_error() ? origin : i.getattr(origin, static_cast<Str*>(a.positional[1].o));
  });
}

}  // namespace kedge::pylang
