// What `match` asks of values at run time (Language Reference, 8.6.4 "Patterns").
#include "pylang/vm/ops.h"

namespace kedge::pylang::ops {

namespace {
bool abstract_base(Impl& impl, Value value, const char* name) {
  Module* abc = impl.interp.find_loaded("collections.abc");
  if (abc == nullptr) return false;
  const Value cls = impl.interp.dict_get(abc->dict, name);
  auto* t = as<Type>(cls);
  return t != nullptr && impl.interp.is_subtype(impl.interp.type_of(value), t);
}
}  // namespace

bool is_sequence(Impl& impl, Value value) {
  const auto& T = impl.interp.types;
  const Type* t = impl.interp.type_of(value);
  for (const Type* base : {T.list, T.tuple, T.range}) {
    if (impl.interp.is_subtype(t, base)) return true;
  }
  if (impl.interp.is_subtype(t, T.str) || impl.interp.is_subtype(t, T.bytes) || impl.interp.is_subtype(t, T.bytearray))
    return false;
  return abstract_base(impl, value, "Sequence") || t->name == "deque";
}

bool is_mapping(Impl& impl, Value value) {
  return impl.interp.is_subtype(impl.interp.type_of(value), impl.interp.types.dict) ||
         abstract_base(impl, value, "Mapping") || impl.interp.type_of(value) == impl.interp.types.mapping_proxy;
}

Value match_keys(Impl& impl, Value subject, Tuple* keys) {
  Interp& interp = impl.interp;
  std::vector<Value> values;
  Dict* direct = as<Dict>(unwrap(subject));
  for (const Value key : keys->items) {
    Value v;
    if (direct != nullptr) {
      v = interp.dict_get(direct, key);
      if (v.is_error() && interp.has_exception()) return {};
    } else {
      const auto has = interp.contains(subject, key);
      if (!has) return {};
      if (*has) {
        v = interp.getitem(subject, key);
        if (v.is_error()) return {};
      }
    }
    if (v.is_error()) return Value::none();
    values.push_back(v);
  }
  return interp.tuple(std::move(values));
}

Value match_class(Impl& impl, Value subject, Value cls, std::int32_t positional, Tuple* keywords) {
  Interp& interp = impl.interp;
  if (impl.raise_poison(cls)) return {};
  auto* type = as<Type>(cls);
  if (type == nullptr) return interp.raise("TypeError", "called match pattern must be a class");
  const auto fits = interp.is_instance(subject, cls);
  if (!fits) return {};
  if (!*fits) return Value::none();
  std::vector<Value> parts;
  if (positional > 0) {
    const Value match_args = impl.lookup(type, impl.names.match_args);
    if (match_args.is_error()) {
      const auto& T = interp.types;
      bool whole = false;
      for (const Type* t :
           {T.boolean, T.bytearray, T.bytes, T.dict, T.real, T.frozenset, T.integer, T.list, T.set, T.str, T.tuple})
        whole |= interp.is_subtype(type, t);
      if (!whole || positional > 1) {
        return interp.raise("TypeError", type->name + "() accepts " + (whole ? "1" : "0") + " positional sub-pattern" +
                                             (whole ? "" : "s") + " (" + std::to_string(positional) + " given)");
      }
      parts.push_back(subject);
    } else {
      auto* names = as<Tuple>(match_args);
      if (names == nullptr)
        return interp.raise("TypeError", type->name + ".__match_args__ must be a tuple (got " +
                                             std::string(type_name(interp, match_args)) + ")");
      const auto most = static_cast<std::int32_t>(names->items.size());
      if (positional > most) {
        return interp.raise("TypeError", type->name + "() accepts " + std::to_string(most) + " positional sub-pattern" +
                                             (most == 1 ? "" : "s") + " (" + std::to_string(positional) + " given)");
      }
      for (std::int32_t i = 0; i < positional; ++i) {
        auto* s = as<Str>(names->items[i]);
        if (s == nullptr)
          return interp.raise("TypeError", "__match_args__ elements must be strings (got " +
                                               std::string(type_name(interp, names->items[i])) + ")");
        const auto v = interp.find_attr(subject, s->text);
        if (!v) return interp.has_exception() ? Value() : Value::none();
        parts.push_back(*v);
      }
    }
  }
  for (const Value name : keywords->items) {
    const auto v = interp.find_attr(subject, static_cast<Str*>(name.o)->text);
    if (!v) return interp.has_exception() ? Value() : Value::none();
    parts.push_back(*v);
  }
  return interp.tuple(std::move(parts));
}

Value without_keys(Impl& impl, Value subject, Tuple* keys) {
  Interp& interp = impl.interp;
  Dict* copy = interp.dict();
  if (!dict_update(impl, copy, subject, {}, false)) return {};
  for (const Value key : keys->items) {
    bool found = false;
    if (!interp.dict_delete(copy, key, found)) return {};
  }
  return Value::object(copy);
}

}  // namespace kedge::pylang::ops
