// tuple.
#include "pylang/builtins/sequence.h"
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

Value tuple_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "tuple", 0, 1)) return {};
  if (args.positional.size() == 1) return instantiate(interp, args.positional[0], interp.types.tuple, interp.tuple({}));
  const Value source = args.positional[1];
  Value out = source;
  if (!source.is_object() || source.o->type != interp.types.tuple) {
    std::optional<std::vector<Value>> items = interp.to_vector(source);
    if (!items) return {};
    out = interp.tuple(std::move(*items));
  }
  return instantiate(interp, args.positional[0], interp.types.tuple, out);
}
Value tuple_count(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "tuple.count", 1, 1)) return {};
  const Tuple* self = self_tuple(interp, args, "count");
  return self != nullptr ? count_items(interp, self->items, args.positional[1]) : Value();
}
Value tuple_index(Interp& interp, Args args, void*) {
  const Tuple* self = self_tuple(interp, args, "index");
  return self != nullptr ? index_items(interp, self->items, args, "tuple.index(x): x not in tuple") : Value();
}
Value tuple_getitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__getitem__", 1, 1)) return {};
  const Tuple* self = self_tuple(interp, args, "__getitem__");
  if (self == nullptr) return {};
  const auto length = static_cast<std::int64_t>(self->items.size());
  const Value key = args.positional[1];
  if (const auto* slice = as<Slice>(key)) {
    const std::optional<SliceRange> range = slice_range(interp, slice, length);
    if (!range) return {};
    std::vector<Value> out;
    out.reserve(static_cast<std::size_t>(range->count));
    for (std::int64_t i = 0, at = range->start; i < range->count; ++i, at += range->step)
      out.push_back(self->items[static_cast<std::size_t>(at)]);
    return interp.tuple(std::move(out));
  }
  if (!is_integer(key) &&
      (!key.is_object() || interp.lookup_type_attr(key.o->type, interp.intern("__index__")).is_error())) {
    return type_error(interp, "tuple indices must be integers or slices, not " + interp.type_of(key)->name);
  }
  const std::optional<std::int64_t> at = checked_index(interp, key, length, "tuple index out of range");
  return at ? self->items[static_cast<std::size_t>(*at)] : Value();
}
Value tuple_len(Interp& interp, Args args, void*) {
  const Tuple* self = self_tuple(interp, args, "__len__");
  return self != nullptr ? Value::integer(static_cast<std::int64_t>(self->items.size())) : Value();
}
Value tuple_contains(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__contains__", 1, 1)) return {};
  Tuple* self = self_tuple(interp, args, "__contains__");
  if (self == nullptr) return {};
  const std::optional<bool> found = interp.contains(Value::object(self), args.positional[1]);
  return found ? Value::boolean(*found) : Value();
}
Value tuple_iter(Interp& interp, Args args, void*) {
  Tuple* self = self_tuple(interp, args, "__iter__");
  return self != nullptr ? make_builtin_iterator(interp, Value::object(self)) : Value();
}
Value tuple_add(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__add__", 1, 1)) return {};
  const Tuple* a = self_tuple(interp, args, "__add__");
  const Tuple* b = tuple_of(interp, args.positional[1]);
  if (a == nullptr) return {};
  if (b == nullptr) {
    return interp.not_implemented();
  }
  std::vector<Value> out = a->items;
  out.insert(out.end(), b->items.begin(), b->items.end());
  return interp.tuple(std::move(out));
}
Value tuple_mul(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__mul__", 1, 1)) return {};
  const Tuple* self = self_tuple(interp, args, "__mul__");
  if (self == nullptr) return {};
  const Value times = args.positional[1];
  if (!is_integer(times) &&
      (!times.is_object() || interp.lookup_type_attr(times.o->type, interp.intern("__index__")).is_error()))
    return interp.not_implemented();
  std::optional<std::vector<Value>> out = repeat_items(interp, self->items, times);
  return out ? interp.tuple(std::move(*out)) : Value();
}
Value tuple_repr(Interp& interp, Args args, void*) {
  Tuple* self = self_tuple(interp, args, "__repr__");
  if (self == nullptr) return {};
  const ReprGuard repeat(self);
  if (repeat.inside) return interp.str("(...)");
  const DepthGuard guard(interp);
  if (!guard.ok) return {};
  const std::optional<std::string> out = repr_items(interp, self->items);
  return out ? interp.str("(" + *out + (self->items.size() == 1 ? ",)" : ")")) : Value();
}
Value tuple_hash(Interp& interp, Args args, void*) {
  Tuple* self = self_tuple(interp, args, "__hash__");
  if (self == nullptr) return {};
  const std::optional<std::uint64_t> h = interp.hash(Value::object(self));
  return h ? Value::integer(static_cast<std::int64_t>(*h)) : Value();
}
template <Order order>
Value tuple_compare(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  const Tuple* a = tuple_of(interp, args.positional[0]);
  const Tuple* b = tuple_of(interp, args.positional[1]);
  return a == nullptr || b == nullptr ? interp.not_implemented() : compare_items(interp, a->items, b->items, order);
}

}  // namespace

void install_tuple(Interp& interp) {
  static constexpr Method kMethods[] = {{"count", tuple_count},
                                        {"index", tuple_index},
                                        {"__getitem__", tuple_getitem},
                                        {"__len__", tuple_len},
                                        {"__contains__", tuple_contains},
                                        {"__iter__", tuple_iter},
                                        {"__add__", tuple_add},
                                        {"__mul__", tuple_mul},
                                        {"__rmul__", tuple_mul},
                                        {"__repr__", tuple_repr},
                                        {"__hash__", tuple_hash},
                                        {"__lt__", tuple_compare<Order::lt>},
                                        {"__le__", tuple_compare<Order::le>},
                                        {"__eq__", tuple_compare<Order::eq>},
                                        {"__ne__", tuple_compare<Order::ne>},
                                        {"__gt__", tuple_compare<Order::gt>},
                                        {"__ge__", tuple_compare<Order::ge>}};
  define(interp, interp.types.tuple, kMethods);
  define_static(interp, interp.types.tuple, "__new__", tuple_new);
}

}  // namespace kedge::pylang
