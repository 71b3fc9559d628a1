// set and frozenset: a table without values, iterated in insertion order (CPython's order is that of its hashes; here a
// run is the same everywhere).
#include "pylang/builtins/dict_table.h"
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

SetObject* make_set(Interp& interp, Type* type) {
  auto* out = interp.make<SetObject>(type);
  out->table = interp.dict();
  return out;
}
SetObject* changing(Interp& interp, Args args, const char* method) {
  SetObject* self = self_set(interp, args, method);
  if (self == nullptr || interp.refuse_mutation(args.positional[0].o) || interp.refuse_mutation(self)) return nullptr;
  return self;
}
bool add(Interp& interp, SetObject* self, Value item) {
  const std::optional<std::uint64_t> h = interp.hash(item);
  return h && dict_insert(interp, self->table, item, Value::none(), *h);
}
bool add_all(Interp& interp, SetObject* self, Value iterable) {
  if (const SetObject* other = set_of(interp, iterable)) {
    for (std::size_t i = 0; i < other->table->entries.size(); ++i) {
      const Dict::Entry entry = other->table->entries[i];
      if (!entry.key.is_error() && !dict_insert(interp, self->table, entry.key, Value::none(), entry.hash))
        return false;
    }
    return true;
  }
  return for_each(interp, iterable, [&](Value item) { return add(interp, self, item); });
}
// A set view of any iterable.
SetObject* as_set(Interp& interp, Value value) {
  if (SetObject* out = set_of(interp, value)) return out;
  SetObject* out = make_set(interp, interp.types.set);
  return add_all(interp, out, value) ? out : nullptr;
}
Type* result_type(Interp& interp, SetObject* self) {
  return self->type == interp.types.frozenset ? interp.types.frozenset : interp.types.set;
}

enum class Operation { unite, intersect, subtract, symmetric };

// Calls fn(entry) for the entries of `table`; a copy is taken since Python code may run in between.
template <typename Fn>
bool each_entry(const Dict* table, Fn&& fn) {
  for (std::size_t i = 0; i < table->entries.size(); ++i) {
    const Dict::Entry entry = table->entries[i];
    if (!entry.key.is_error() && !fn(entry)) return false;
  }
  return true;
}

SetObject* combine(Interp& interp, Type* type, SetObject* a, SetObject* b, Operation operation) {
  SetObject* out = make_set(interp, type);
  const auto keep = [&](const Dict::Entry& entry) {
    return dict_insert(interp, out->table, entry.key, Value::none(), entry.hash);
  };
  const auto filter = [&](SetObject* from, SetObject* against, bool wanted) {
    return each_entry(from->table, [&](const Dict::Entry& entry) {
      const std::int64_t at = dict_find(interp, against->table, entry.key, entry.hash);
      if (at == -2) return false;
      return (at >= 0) != wanted || keep(entry);
    });
  };
  bool ok = true;
  switch (operation) {
    case Operation::unite:
      dict_copy(a->table, out->table);
      ok = each_entry(b->table, keep);
      break;
    case Operation::intersect: ok = filter(a, b, true); break;
    case Operation::subtract: ok = filter(a, b, false); break;
    case Operation::symmetric: ok = filter(a, b, false) && filter(b, a, false); break;
  }
  return ok ? out : nullptr;
}

template <Operation operation, bool reversed>
Value set_operator(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "operator", 1, 1)) return {};
  SetObject* a = set_of(interp, args.positional[reversed ? 1 : 0]);
  SetObject* b = set_of(interp, args.positional[reversed ? 0 : 1]);
  if (a == nullptr || b == nullptr) return interp.not_implemented();
  SetObject* out = combine(interp, result_type(interp, a), a, b, operation);
  return out != nullptr ? Value::object(out) : Value();
}
template <Operation operation>
Value set_inplace(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "operator", 1, 1)) return {};
  SetObject* b = set_of(interp, args.positional[1]);
  if (b == nullptr) return interp.not_implemented();
  SetObject* a = changing(interp, args, "operator");
  if (a == nullptr) return {};
  SetObject* out = combine(interp, interp.types.set, a, b, operation);
  if (out == nullptr) return {};
  dict_copy(out->table, a->table);
  return args.positional[0];
}
// union, intersection, difference (any number of iterables) and symmetric_difference; `update` stores into self.
template <Operation operation, bool update>
Value set_method(Interp& interp, Args args, void*) {
  static constexpr const char* kNames[] = {"union", "intersection", "difference", "symmetric_difference"};
  const char* name = kNames[static_cast<int>(operation)];
  if (!arity(interp, args, name, operation == Operation::symmetric ? 1 : 0,
             operation == Operation::symmetric ? 1 : 1000000))
    return {};
  SetObject* self = update ? changing(interp, args, name) : self_set(interp, args, name);
  if (self == nullptr) return {};
  SetObject* out = make_set(interp, result_type(interp, self));
  dict_copy(self->table, out->table);
  for (std::size_t i = 1; i < args.positional.size(); ++i) {
    SetObject* other = as_set(interp, args.positional[i]);
    if (other == nullptr) return {};
    out = combine(interp, result_type(interp, self), out, other, operation);
    if (out == nullptr) return {};
  }
  if (!update) return Value::object(out);
  dict_copy(out->table, self->table);
  return Value::none();
}

bool is_subset(Interp& interp, SetObject* a, SetObject* b, bool& out) {
  out = a->table->used <= b->table->used;
  if (!out) return true;
  return each_entry(a->table, [&](const Dict::Entry& entry) {
    if (!out) return true;
    const std::int64_t at = dict_find(interp, b->table, entry.key, entry.hash);
    if (at == -2) return false;
    if (at < 0) out = false;
    return true;
  });
}
enum class Order { lt, le, eq, ne, gt, ge };
template <Order order>
Value set_compare(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  SetObject* a = set_of(interp, args.positional[0]);
  SetObject* b = set_of(interp, args.positional[1]);
  if (a == nullptr || b == nullptr) return interp.not_implemented();
  if (order == Order::gt || order == Order::ge) std::swap(a, b);
  bool subset = false;
  if (!is_subset(interp, a, b, subset)) return {};
  const bool same_size = a->table->used == b->table->used;
  switch (order) {
    case Order::lt:
    case Order::gt: return Value::boolean(subset && !same_size);
    case Order::le:
    case Order::ge: return Value::boolean(subset);
    case Order::eq: return Value::boolean(subset && same_size);
    case Order::ne: return Value::boolean(!(subset && same_size));
  }
  return {};
}
template <int kind>  // 0 issubset, 1 issuperset, 2 isdisjoint
Value set_test(Interp& interp, Args args, void*) {
  if (!arity(interp, args, kind == 0 ? "issubset" : (kind == 1 ? "issuperset" : "isdisjoint"), 1, 1)) return {};
  SetObject* self = self_set(interp, args, "test");
  if (self == nullptr) return {};
  SetObject* other = as_set(interp, args.positional[1]);
  if (other == nullptr) return {};
  bool out = false;
  if (kind == 0) return is_subset(interp, self, other, out) ? Value::boolean(out) : Value();
  if (kind == 1) return is_subset(interp, other, self, out) ? Value::boolean(out) : Value();
  SetObject* common = combine(interp, interp.types.set, self, other, Operation::intersect);
  return common != nullptr ? Value::boolean(common->table->used == 0) : Value();
}

Value set_new(Interp& interp, Args args, void*) {
  return instantiate(interp, arg(args, 0), interp.types.set, Value::object(make_set(interp, interp.types.set)));
}
Value set_init(Interp& interp, Args args, void*) {
  SetObject* self = self_set(interp, args, "__init__");
  if (self == nullptr || !arity(interp, args, "set", 0, 1)) return {};
  dict_clear(self->table);
  if (args.positional.size() > 1 && !add_all(interp, self, args.positional[1])) return {};
  return Value::none();
}
Value frozenset_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "frozenset", 0, 1)) return {};
  if (args.positional.size() > 1 && args.positional[1].is_object() &&
      args.positional[1].o->type == interp.types.frozenset) {
    return instantiate(interp, args.positional[0], interp.types.frozenset, args.positional[1]);
  }
  SetObject* out = make_set(interp, interp.types.frozenset);
  if (args.positional.size() > 1 && !add_all(interp, out, args.positional[1])) return {};
  return instantiate(interp, args.positional[0], interp.types.frozenset, Value::object(out));
}
Value set_add(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "set.add", 1, 1)) return {};
  SetObject* self = changing(interp, args, "add");
  return self != nullptr && add(interp, self, args.positional[1]) ? Value::none() : Value();
}
template <bool strict>
Value set_remove(Interp& interp, Args args, void*) {
  if (!arity(interp, args, strict ? "set.remove" : "set.discard", 1, 1)) return {};
  SetObject* self = changing(interp, args, "remove");
  bool found = false;
  if (self == nullptr || !interp.dict_delete(self->table, args.positional[1], found)) return {};
  if (found || !strict) return Value::none();
  ExceptionObject* e = make_exception(interp, interp.exception_type("KeyError"), {args.positional[1]});
  return e != nullptr ? interp.raise(e) : Value();
}
Value set_pop(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "set.pop", 0, 0)) return {};
  SetObject* self = changing(interp, args, "pop");
  if (self == nullptr) return {};
  for (std::size_t i = 0; i < self->table->entries.size(); ++i) {
    const Value key = self->table->entries[i].key;
    if (key.is_error()) continue;
    dict_erase(self->table, static_cast<std::int64_t>(i));
    return key;
  }
  return interp.raise("KeyError", "pop from an empty set");
}
Value set_clear(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "set.clear", 0, 0)) return {};
  SetObject* self = changing(interp, args, "clear");
  if (self == nullptr) return {};
  dict_clear(self->table);
  return Value::none();
}
Value set_copy(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "set.copy", 0, 0)) return {};
  SetObject* self = self_set(interp, args, "copy");
  if (self == nullptr) return {};
  SetObject* out = make_set(interp, result_type(interp, self));
  dict_copy(self->table, out->table);
  return Value::object(out);
}
Value set_len(Interp& interp, Args args, void*) {
  const SetObject* self = self_set(interp, args, "__len__");
  return self != nullptr ? Value::integer(self->table->used) : Value();
}
Value set_contains(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__contains__", 1, 1)) return {};
  SetObject* self = self_set(interp, args, "__contains__");
  if (self == nullptr) return {};
  Value key = args.positional[1];
  if (SetObject* inner = set_of(interp, key);
      inner != nullptr && inner->type == interp.types.set) {  // a set is looked up as a frozenset
    SetObject* frozen = make_set(interp, interp.types.frozenset);
    dict_copy(inner->table, frozen->table);
    key = Value::object(frozen);
  }
  const std::optional<std::uint64_t> h = interp.hash(key);
  if (!h) return {};
  const std::int64_t at = dict_find(interp, self->table, key, *h);
  return at == -2 ? Value() : Value::boolean(at >= 0);
}
Value set_repr(Interp& interp, Args args, void*) {
  SetObject* self = self_set(interp, args, "__repr__");
  if (self == nullptr) return {};
  const std::string name = args.positional[0].o->type->name;
  if (self->table->used == 0) return interp.str(name + "()");
  const ReprGuard repeat(self);
  if (repeat.inside) return interp.str(name + "(...)");
  const DepthGuard guard(interp);
  if (!guard.ok) return {};
  std::string out;
  const bool ok = each_entry(self->table, [&](const Dict::Entry& entry) {
    const std::optional<std::string> text = interp.repr_of(entry.key);
    if (!text) return false;
    if (!out.empty()) out += ", ";
    out += *text;
    return true;
  });
  if (!ok) return {};
  return interp.str(name == "set" ? "{" + out + "}" : name + "({" + out + "})");
}
Value frozenset_hash(Interp& interp, Args args, void*) {
  SetObject* self = self_set(interp, args, "__hash__");
  if (self == nullptr) return {};
  const std::optional<std::uint64_t> h = interp.hash(Value::object(self));
  return h ? Value::integer(static_cast<std::int64_t>(*h)) : Value();
}

struct SetIterator final : NativeIterator {
  Dict* table = nullptr;
  std::size_t at = 0;
  std::int64_t used = 0;
  Value next(Interp& interp, bool& done) override {
    if (table != nullptr && table->used != used)
      return interp.raise("RuntimeError", "Set changed size during iteration");
    while (table != nullptr && at < table->entries.size() && table->entries[at].key.is_error()) ++at;
    if (table == nullptr || at >= table->entries.size()) {
      table = nullptr;
      done = true;
      return {};
    }
    return table->entries[at++].key;
  }
};
Value set_iter(Interp& interp, Args args, void*) {
  SetObject* self = self_set(interp, args, "__iter__");
  return self != nullptr ? make_builtin_iterator(interp, Value::object(self)) : Value();
}

}  // namespace

Value make_set_iterator(Interp& interp, SetObject* set) {
  auto* out = make_iterator<SetIterator>(interp, "set_iterator");
  out->table = set->table;
  out->used = set->table->used;
  return Value::object(out);
}

void install_set(Interp& interp) {
  static constexpr Method kShared[] = {{"__len__", set_len},
                                       {"__contains__", set_contains},
                                       {"__iter__", set_iter},
                                       {"__repr__", set_repr},
                                       {"copy", set_copy},
                                       {"__and__", set_operator<Operation::intersect, false>},
                                       {"__rand__", set_operator<Operation::intersect, true>},
                                       {"__or__", set_operator<Operation::unite, false>},
                                       {"__ror__", set_operator<Operation::unite, true>},
                                       {"__sub__", set_operator<Operation::subtract, false>},
                                       {"__rsub__", set_operator<Operation::subtract, true>},
                                       {"__xor__", set_operator<Operation::symmetric, false>},
                                       {"__rxor__", set_operator<Operation::symmetric, true>},
                                       {"union", set_method<Operation::unite, false>},
                                       {"intersection", set_method<Operation::intersect, false>},
                                       {"difference", set_method<Operation::subtract, false>},
                                       {"symmetric_difference", set_method<Operation::symmetric, false>},
                                       {"issubset", set_test<0>},
                                       {"issuperset", set_test<1>},
                                       {"isdisjoint", set_test<2>},
                                       {"__lt__", set_compare<Order::lt>},
                                       {"__le__", set_compare<Order::le>},
                                       {"__eq__", set_compare<Order::eq>},
                                       {"__ne__", set_compare<Order::ne>},
                                       {"__gt__", set_compare<Order::gt>},
                                       {"__ge__", set_compare<Order::ge>}};
  static constexpr Method kMutable[] = {{"__init__", set_init},
                                        {"add", set_add},
                                        {"remove", set_remove<true>},
                                        {"discard", set_remove<false>},
                                        {"pop", set_pop},
                                        {"clear", set_clear},
                                        {"update", set_method<Operation::unite, true>},
                                        {"intersection_update", set_method<Operation::intersect, true>},
                                        {"difference_update", set_method<Operation::subtract, true>},
                                        {"symmetric_difference_update", set_method<Operation::symmetric, true>},
                                        {"__iand__", set_inplace<Operation::intersect>},
                                        {"__ior__", set_inplace<Operation::unite>},
                                        {"__isub__", set_inplace<Operation::subtract>},
                                        {"__ixor__", set_inplace<Operation::symmetric>}};
  static constexpr Method kFrozen[] = {{"__hash__", frozenset_hash}};
  define(interp, interp.types.set, kShared);
  define(interp, interp.types.set, kMutable);
  define_static(interp, interp.types.set, "__new__", set_new);
  interp.dict_set(interp.types.set->dict, "__hash__", Value::none());
  define(interp, interp.types.frozenset, kShared);
  define(interp, interp.types.frozenset, kFrozen);
  define_static(interp, interp.types.frozenset, "__new__", frozenset_new);
}

}  // namespace kedge::pylang
