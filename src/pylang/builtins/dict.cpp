// dict and its views.
#include "pylang/builtins/dict_table.h"
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

Dict* changing(Interp& interp, Args args, const char* method) {
  Dict* self = self_dict(interp, args, method);
  if (self == nullptr || interp.refuse_mutation(args.positional[0].o) || interp.refuse_mutation(self)) return nullptr;
  return self;
}

Value key_error(Interp& interp, Value key) {
  ExceptionObject* e = make_exception(interp, interp.exception_type("KeyError"), {key});
  return e != nullptr ? interp.raise(e) : Value();
}

// Merges a mapping or an iterable of pairs.
bool merge(Interp& interp, Dict* self, Value source) {
  if (Dict* other = dict_of(interp, source);
      other != nullptr && (source.o->type == interp.types.dict || interp.find_attr(source, "keys").has_value())) {
    if (source.o->type == interp.types.dict || true) {
      for (std::size_t i = 0; i < other->entries.size(); ++i) {
        const Dict::Entry entry = other->entries[i];
        if (!entry.key.is_error() && !dict_insert(interp, self, entry.key, entry.value, entry.hash)) return false;
      }
      return true;
    }
  }
  const std::optional<Value> keys = interp.find_attr(source, "keys");
  if (interp.has_exception()) return false;
  if (keys && !keys->is_error()) {
    const Value list = interp.call(*keys);
    if (list.is_error()) return false;
    return for_each(interp, list, [&](Value key) {
      const Value value = interp.getitem(source, key);
      return !value.is_error() && interp.dict_set(self, key, value);
    });
  }
  std::int64_t index = 0;
  return for_each(interp, source, [&](Value item) {
    const std::optional<std::vector<Value>> pair = interp.to_vector(item);
    if (!pair) {
      if (interp.pending_matches("TypeError")) {
        interp.take_pending();
        (void)type_error(
            interp, "cannot convert dictionary update sequence element #" + std::to_string(index) + " to a sequence");
      }
      return false;
    }
    if (pair->size() != 2) {
      (void)value_error(interp, "dictionary update sequence element #" + std::to_string(index) + " has length " +
                                    std::to_string(pair->size()) + "; 2 is required");
      return false;
    }
    ++index;
    return interp.dict_set(self, (*pair)[0], (*pair)[1]);
  });
}

bool update(Interp& interp, Dict* self, Args args, const char* name) {
  if (args.positional.size() > 2) {
    (void)type_error(
        interp, std::string(name) + " expected at most 1 argument, got " + std::to_string(args.positional.size() - 1));
    return false;
  }
  if (args.positional.size() == 2 && !merge(interp, self, args.positional[1])) return false;
  for (std::size_t i = 0; i < args.names.size(); ++i) {
    if (!interp.dict_set(self, Value::object(args.names[i]), args.named[i])) return false;
  }
  return true;
}

Value dict_new(Interp& interp, Args args, void*) {
  return instantiate(interp, arg(args, 0), interp.types.dict, Value::object(interp.dict()));
}
Value dict_init(Interp& interp, Args args, void*) {
  Dict* self = self_dict(interp, args, "__init__");
  return self != nullptr && update(interp, self, args, "dict") ? Value::none() : Value();
}
Value dict_update(Interp& interp, Args args, void*) {
  Dict* self = changing(interp, args, "update");
  return self != nullptr && update(interp, self, args, "update") ? Value::none() : Value();
}
Value dict_get(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "get", 1, 2)) return {};
  Dict* self = self_dict(interp, args, "get");
  if (self == nullptr) return {};
  const Value found = interp.dict_get(self, args.positional[1]);
  if (!found.is_error() || interp.has_exception()) return found;
  return given(arg(args, 2)) ? args.positional[2] : Value::none();
}
Value dict_getitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__getitem__", 1, 1)) return {};
  Dict* self = self_dict(interp, args, "__getitem__");
  if (self == nullptr) return {};
  const Value found = interp.dict_get(self, args.positional[1]);
  if (!found.is_error() || interp.has_exception()) return found;
  const Value object = args.positional[0];
  if (object.o->type != interp.types.dict &&
      !interp.lookup_type_attr(object.o->type, interp.intern("__missing__")).is_error()) {
    return call_special(interp, object, "__missing__", std::array{args.positional[1]});
  }
  return key_error(interp, args.positional[1]);
}
Value dict_setitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__setitem__", 2, 2)) return {};
  Dict* self = changing(interp, args, "__setitem__");
  return self != nullptr && interp.dict_set(self, args.positional[1], args.positional[2]) ? Value::none() : Value();
}
Value dict_delitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__delitem__", 1, 1)) return {};
  Dict* self = changing(interp, args, "__delitem__");
  bool found = false;
  if (self == nullptr || !interp.dict_delete(self, args.positional[1], found)) return {};
  return found ? Value::none() : key_error(interp, args.positional[1]);
}
Value dict_pop(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "pop", 1, 2)) return {};
  Dict* self = changing(interp, args, "pop");
  if (self == nullptr) return {};
  const Value value = interp.dict_get(self, args.positional[1]);
  if (value.is_error()) {
    if (interp.has_exception()) return {};
    return given(arg(args, 2)) ? args.positional[2] : key_error(interp, args.positional[1]);
  }
  bool found = false;
  return interp.dict_delete(self, args.positional[1], found) ? value : Value();
}
Value dict_popitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "popitem", 0, 0)) return {};
  Dict* self = changing(interp, args, "popitem");
  if (self == nullptr) return {};
  for (std::size_t i = self->entries.size(); i-- > 0;) {
    const Dict::Entry entry = self->entries[i];
    if (entry.key.is_error()) continue;
    dict_erase(self, static_cast<std::int64_t>(i));
    return interp.tuple({entry.key, entry.value});
  }
  return interp.raise("KeyError", "popitem(): dictionary is empty");
}
Value dict_setdefault(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "setdefault", 1, 2)) return {};
  Dict* self = self_dict(interp, args, "setdefault");
  if (self == nullptr) return {};
  const Value found = interp.dict_get(self, args.positional[1]);
  if (!found.is_error() || interp.has_exception()) return found;
  if (changing(interp, args, "setdefault") == nullptr) return {};
  const Value value = given(arg(args, 2)) ? args.positional[2] : Value::none();
  return interp.dict_set(self, args.positional[1], value) ? value : Value();
}
Value dict_clear_method(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "clear", 0, 0)) return {};
  Dict* self = changing(interp, args, "clear");
  if (self == nullptr) return {};
  dict_clear(self);
  return Value::none();
}
Value dict_copy_method(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "copy", 0, 0)) return {};
  const Dict* self = self_dict(interp, args, "copy");
  if (self == nullptr || !interp.charge(self->used * 40)) return {};
  Dict* out = interp.dict();
  dict_copy(self, out);
  return Value::object(out);
}
Value dict_fromkeys(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "fromkeys", 1, 2)) return {};
  const Value out = interp.call(args.positional[0]);
  if (out.is_error()) return {};
  const Value value = given(arg(args, 2)) ? args.positional[2] : Value::none();
  const bool plain = out.is_object() && out.o->type == interp.types.dict;
  const bool ok = for_each(interp, args.positional[1], [&](Value key) {
    return plain ? interp.dict_set(static_cast<Dict*>(out.o), key, value) : interp.setitem(out, key, value);
  });
  return ok ? out : Value();
}
Value dict_len(Interp& interp, Args args, void*) {
  const Dict* self = self_dict(interp, args, "__len__");
  return self != nullptr ? Value::integer(self->used) : Value();
}
Value dict_contains(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__contains__", 1, 1)) return {};
  Dict* self = self_dict(interp, args, "__contains__");
  if (self == nullptr) return {};
  const Value found = interp.dict_get(self, args.positional[1]);
  return found.is_error() && interp.has_exception() ? Value() : Value::boolean(!found.is_error());
}
Value dict_repr(Interp& interp, Args args, void*) {
  Dict* self = self_dict(interp, args, "__repr__");
  if (self == nullptr) return {};
  const ReprGuard repeat(self);
  if (repeat.inside) return interp.str("{...}");
  const DepthGuard guard(interp);
  if (!guard.ok) return {};
  std::string out = "{";
  for (std::size_t i = 0; i < self->entries.size(); ++i) {
    const Dict::Entry entry = self->entries[i];
    if (entry.key.is_error()) continue;
    const std::optional<std::string> key = interp.repr_of(entry.key);
    if (!key) return {};
    const std::optional<std::string> value = interp.repr_of(entry.value);
    if (!value) return {};
    if (out.size() > 1) out += ", ";
    out += *key + ": " + *value;
  }
  return interp.str(out + "}");
}
template <bool equal>
Value dict_equal(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  Dict* a = dict_of(interp, args.positional[0]);
  Dict* b = dict_of(interp, args.positional[1]);
  if (a == nullptr || b == nullptr) return interp.not_implemented();
  const DepthGuard guard(interp);
  if (!guard.ok) return {};
  if (a->used != b->used) return Value::boolean(!equal);
  for (std::size_t i = 0; i < a->entries.size(); ++i) {
    const Dict::Entry entry = a->entries[i];
    if (entry.key.is_error()) continue;
    const std::int64_t at = dict_find(interp, b, entry.key, entry.hash);
    if (at == -2) return {};
    if (at < 0) return Value::boolean(!equal);
    const std::optional<bool> same = interp.equal(entry.value, b->entries[static_cast<std::size_t>(at)].value);
    if (!same) return {};
    if (!*same) return Value::boolean(!equal);
  }
  return Value::boolean(equal);
}
template <bool reversed>
Value dict_or(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__or__", 1, 1)) return {};
  Dict* a = dict_of(interp, args.positional[reversed ? 1 : 0]);
  Dict* b = dict_of(interp, args.positional[reversed ? 0 : 1]);
  if (a == nullptr || b == nullptr) return interp.not_implemented();
  Dict* out = interp.dict();
  dict_copy(a, out);
  return merge(interp, out, Value::object(b)) ? Value::object(out) : Value();
}
Value dict_ior(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__ior__", 1, 1)) return {};
  Dict* self = changing(interp, args, "__ior__");
  return self != nullptr && merge(interp, self, args.positional[1]) ? args.positional[0] : Value();
}

// ---- iteration and views
enum class Part { keys, values, items };

Value part_of(Interp& interp, const Dict::Entry& entry, Part part) {
  if (part == Part::keys) return entry.key;
  return part == Part::values ? entry.value : interp.tuple({entry.key, entry.value});
}

struct DictIterator final : NativeIterator {
  Dict* dict = nullptr;
  Part part = Part::keys;
  std::size_t at = 0;
  std::int64_t used = 0;
  Value next(Interp& interp, bool& done) override {
    if (dict == nullptr) {
      done = true;
      return {};
    }
    if (dict->used != used) return interp.raise("RuntimeError", "dictionary changed size during iteration");
    while (at < dict->entries.size() && dict->entries[at].key.is_error()) ++at;
    if (at >= dict->entries.size()) {
      dict = nullptr;
      done = true;
      return {};
    }
    return part_of(interp, dict->entries[at++], part);
  }
};
struct ReversedDictIterator final : NativeIterator {
  Dict* dict = nullptr;
  Part part = Part::keys;
  std::size_t at = 0;
  Value next(Interp& interp, bool& done) override {
    while (at > 0 && at <= dict->entries.size() && dict->entries[at - 1].key.is_error()) --at;
    if (at == 0 || at > dict->entries.size()) {
      done = true;
      return {};
    }
    return part_of(interp, dict->entries[--at], part);
  }
};

struct DictView final : Object {
  Dict* dict = nullptr;
  Part part = Part::keys;
};
constexpr const char* kViewNames[] = {"dict_keys", "dict_values", "dict_items"};

Value iterate_dict(Interp& interp, Dict* dict, Part part) {
  static constexpr const char* kNames[] = {"dict_keyiterator", "dict_valueiterator", "dict_itemiterator"};
  auto* out = make_iterator<DictIterator>(interp, kNames[static_cast<int>(part)]);
  out->dict = dict;
  out->part = part;
  out->used = dict->used;
  return Value::object(out);
}
Value reverse_dict(Interp& interp, Dict* dict, Part part) {
  static constexpr const char* kNames[] = {"dict_reversekeyiterator", "dict_reversevalueiterator",
                                           "dict_reverseitemiterator"};
  auto* out = make_iterator<ReversedDictIterator>(interp, kNames[static_cast<int>(part)]);
  out->dict = dict;
  out->part = part;
  out->at = dict->entries.size();
  return Value::object(out);
}
Value dict_iter(Interp& interp, Args args, void*) {
  Dict* self = self_dict(interp, args, "__iter__");
  return self != nullptr ? iterate_dict(interp, self, Part::keys) : Value();
}
Value dict_reversed(Interp& interp, Args args, void*) {
  Dict* self = self_dict(interp, args, "__reversed__");
  return self != nullptr ? reverse_dict(interp, self, Part::keys) : Value();
}
template <Part part>
Value dict_view(Interp& interp, Args args, void*) {
  constexpr const char* kMethodNames[] = {"keys", "values", "items"};
  if (!arity(interp, args, kMethodNames[static_cast<int>(part)], 0, 0)) return {};
  Dict* self = self_dict(interp, args, "view");
  if (self == nullptr) return {};
  auto* out = interp.make<DictView>(interp.internal_types[kViewNames[static_cast<int>(part)]]);
  out->dict = self;
  out->part = part;
  return Value::object(out);
}

DictView* self_view(Interp& interp, Args args) {
  auto* out = as<DictView>(arg(args, 0));
  if (out == nullptr) (void)type_error(interp, "descriptor requires a dictionary view");
  return out;
}
Value view_len(Interp& interp, Args args, void*) {
  const DictView* self = self_view(interp, args);
  return self != nullptr ? Value::integer(self->dict->used) : Value();
}
Value view_iter(Interp& interp, Args args, void*) {
  const DictView* self = self_view(interp, args);
  return self != nullptr ? iterate_dict(interp, self->dict, self->part) : Value();
}
Value view_reversed(Interp& interp, Args args, void*) {
  const DictView* self = self_view(interp, args);
  return self != nullptr ? reverse_dict(interp, self->dict, self->part) : Value();
}
Value view_repr(Interp& interp, Args args, void*) {
  DictView* self = self_view(interp, args);
  if (self == nullptr) return {};
  const ReprGuard repeat(self);
  if (repeat.inside) return interp.str("...");
  std::optional<std::vector<Value>> items = interp.to_vector(args.positional[0]);
  if (!items) return {};
  const Value list = interp.list(std::move(*items));
  if (list.is_error()) return {};
  const std::optional<std::string> text = interp.repr_of(list);
  return text ? interp.str(self->type->name + "(" + *text + ")") : Value();
}
Value view_contains(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__contains__", 1, 1)) return {};
  DictView* self = self_view(interp, args);
  if (self == nullptr) return {};
  const Value wanted = args.positional[1];
  if (self->part == Part::keys) {
    const Value found = interp.dict_get(self->dict, wanted);
    return found.is_error() && interp.has_exception() ? Value() : Value::boolean(!found.is_error());
  }
  const Tuple* pair = tuple_of(interp, wanted);
  if (pair == nullptr || pair->items.size() != 2) return Value::boolean(false);
  const Value found = interp.dict_get(self->dict, pair->items[0]);
  if (found.is_error()) return interp.has_exception() ? Value() : Value::boolean(false);
  const std::optional<bool> same = interp.equal(found, pair->items[1]);
  return same ? Value::boolean(*same) : Value();
}
// Set algebra of key and item views goes through set, which holds the rules.
template <int op>
Value view_set_operation(Interp& interp, Args args, void*) {
  static constexpr std::string_view kOps[] = {"&", "|", "-", "^"};
  if (!arity(interp, args, "operator", 1, 1)) return {};
  const Value a = interp.call(Value::object(interp.types.set), std::array{args.positional[0]});
  if (a.is_error()) return {};
  const Value b = interp.call(Value::object(interp.types.set), std::array{args.positional[1]});
  return b.is_error() ? Value() : interp.binary(kOps[op], a, b);
}
template <int op>
Value view_reversed_operation(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "operator", 1, 1)) return {};
  const std::array<Value, 2> swapped{args.positional[1], args.positional[0]};
  return view_set_operation<op>(interp, Args{swapped, {}, {}}, nullptr);
}
template <int op>
Value view_compare(Interp& interp, Args args, void*) {
  static constexpr std::string_view kOps[] = {"==", "!=", "<", "<=", ">", ">="};
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  if (as<DictView>(args.positional[1]) == nullptr && set_of(interp, args.positional[1]) == nullptr)
    return interp.not_implemented();
  const Value a = interp.call(Value::object(interp.types.set), std::array{args.positional[0]});
  if (a.is_error()) return {};
  const Value b = interp.call(Value::object(interp.types.set), std::array{args.positional[1]});
  return b.is_error() ? Value() : interp.compare(kOps[op], a, b);
}
Value view_isdisjoint(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "isdisjoint", 1, 1)) return {};
  const Value a = interp.call(Value::object(interp.types.set), std::array{args.positional[0]});
  return a.is_error() ? Value() : interp.call_method(a, "isdisjoint", std::array{args.positional[1]});
}

}  // namespace

Value make_dict_iterator(Interp& interp, Dict* dict) { return iterate_dict(interp, dict, Part::keys); }

void install_dict(Interp& interp) {
  static constexpr Method kMethods[] = {{"__init__", dict_init},
                                        {"update", dict_update},
                                        {"get", dict_get},
                                        {"pop", dict_pop},
                                        {"popitem", dict_popitem},
                                        {"setdefault", dict_setdefault},
                                        {"clear", dict_clear_method},
                                        {"copy", dict_copy_method},
                                        {"keys", dict_view<Part::keys>},
                                        {"values", dict_view<Part::values>},
                                        {"items", dict_view<Part::items>},
                                        {"__getitem__", dict_getitem},
                                        {"__setitem__", dict_setitem},
                                        {"__delitem__", dict_delitem},
                                        {"__len__", dict_len},
                                        {"__contains__", dict_contains},
                                        {"__iter__", dict_iter},
                                        {"__reversed__", dict_reversed},
                                        {"__repr__", dict_repr},
                                        {"__eq__", dict_equal<true>},
                                        {"__ne__", dict_equal<false>},
                                        {"__or__", dict_or<false>},
                                        {"__ror__", dict_or<true>},
                                        {"__ior__", dict_ior}};
  define(interp, interp.types.dict, kMethods);
  define_static(interp, interp.types.dict, "__new__", dict_new);
  define_class_method(interp, interp.types.dict, "fromkeys", dict_fromkeys);
  interp.dict_set(interp.types.dict->dict, "__hash__", Value::none());
  static constexpr Method kView[] = {
      {"__len__", view_len}, {"__iter__", view_iter}, {"__reversed__", view_reversed}, {"__repr__", view_repr}};
  static constexpr Method kSetLike[] = {{"__contains__", view_contains},
                                        {"__and__", view_set_operation<0>},
                                        {"__or__", view_set_operation<1>},
                                        {"__sub__", view_set_operation<2>},
                                        {"__xor__", view_set_operation<3>},
                                        {"__rand__", view_reversed_operation<0>},
                                        {"__ror__", view_reversed_operation<1>},
                                        {"__rsub__", view_reversed_operation<2>},
                                        {"__rxor__", view_reversed_operation<3>},
                                        {"__eq__", view_compare<0>},
                                        {"__ne__", view_compare<1>},
                                        {"__lt__", view_compare<2>},
                                        {"__le__", view_compare<3>},
                                        {"__gt__", view_compare<4>},
                                        {"__ge__", view_compare<5>},
                                        {"isdisjoint", view_isdisjoint}};
  for (const char* name : kViewNames) {
    Type* type = interp.make_host_type("builtins", name);
    interp.internal_types[name] = type;
    define(interp, type, kView);
    if (std::string_view(name) == "dict_values") continue;
    define(interp, type, kSetLike);
    interp.dict_set(type->dict, "__hash__", Value::none());
  }
}

}  // namespace kedge::pylang
