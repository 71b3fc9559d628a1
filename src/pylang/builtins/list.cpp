// list.
#include <algorithm>

#include "pylang/builtins/sequence.h"
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

// A list about to change: nullptr when self is no list, or the change is not allowed here.
List* changing(Interp& interp, Args args, const char* method) {
  List* self = self_list(interp, args, method);
  if (self == nullptr || interp.refuse_mutation(args.positional[0].o) || interp.refuse_mutation(self)) return nullptr;
  return self;
}

Value list_new(Interp& interp, Args args, void*) {
  return instantiate(interp, arg(args, 0), interp.types.list, interp.list({}));
}

bool extend(Interp& interp, List* self, Value iterable) {
  if (const List* other = list_of(interp, iterable); other != nullptr && iterable.o->type == interp.types.list) {
    if (!interp.charge(static_cast<std::int64_t>(other->items.size()) * 16)) return false;
    const std::size_t count = other->items.size();  // may be self
    self->items.reserve(self->items.size() + count);
    for (std::size_t i = 0; i < count; ++i) self->items.push_back(other->items[i]);
    return true;
  }
  return for_each(interp, iterable, [&](Value item) {
    if (!interp.charge(16)) return false;
    self->items.push_back(item);
    return true;
  });
}

Value list_init(Interp& interp, Args args, void*) {
  List* self = self_list(interp, args, "__init__");
  if (self == nullptr || !arity(interp, args, "list", 0, 1)) return {};
  self->items.clear();
  if (args.positional.size() > 1 && !extend(interp, self, args.positional[1])) return {};
  return Value::none();
}

Value list_append(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "list.append", 1, 1)) return {};
  List* self = changing(interp, args, "append");
  if (self == nullptr || !interp.charge(16)) return {};
  self->items.push_back(args.positional[1]);
  return Value::none();
}
Value list_extend(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "list.extend", 1, 1)) return {};
  List* self = changing(interp, args, "extend");
  return self != nullptr && extend(interp, self, args.positional[1]) ? Value::none() : Value();
}
Value list_iadd(Interp& interp, Args args, void*) {
  return list_extend(interp, args, nullptr).is_error() ? Value() : args.positional[0];
}
Value list_insert(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "insert", 2, 2)) return {};
  List* self = changing(interp, args, "insert");
  if (self == nullptr) return {};
  const Value index_value = index_of(interp, args.positional[1]);
  if (index_value.is_error() || !interp.charge(16)) return {};
  if (!index_value.is_int()) return interp.raise("OverflowError", "Python int too large to convert to C ssize_t");
  const std::optional<std::int64_t> index = index_value.i;
  const auto length = static_cast<std::int64_t>(self->items.size());
  const std::int64_t at = std::clamp<std::int64_t>(*index < 0 ? *index + length : *index, 0, length);
  self->items.insert(self->items.begin() + at, args.positional[2]);
  return Value::none();
}
Value list_pop(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "pop", 0, 1)) return {};
  List* self = changing(interp, args, "pop");
  if (self == nullptr) return {};
  if (self->items.empty()) return interp.raise("IndexError", "pop from empty list");
  const Value key = given(arg(args, 1)) ? args.positional[1] : Value::integer(-1);
  const std::optional<std::int64_t> at =
      checked_index(interp, key, static_cast<std::int64_t>(self->items.size()), "pop index out of range");
  if (!at) return {};
  const Value out = self->items[static_cast<std::size_t>(*at)];
  self->items.erase(self->items.begin() + *at);
  return out;
}
Value list_remove(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "list.remove", 1, 1)) return {};
  List* self = changing(interp, args, "remove");
  if (self == nullptr) return {};
  for (std::size_t i = 0; i < self->items.size(); ++i) {
    const std::optional<bool> same = interp.equal(self->items[i], args.positional[1]);
    if (!same) return {};
    if (*same) {
      if (i < self->items.size()) self->items.erase(self->items.begin() + static_cast<std::ptrdiff_t>(i));
      return Value::none();
    }
  }
  return value_error(interp, "list.remove(x): x not in list");
}
Value list_clear(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "list.clear", 0, 0)) return {};
  List* self = changing(interp, args, "clear");
  if (self == nullptr) return {};
  self->items.clear();
  return Value::none();
}
Value list_copy(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "list.copy", 0, 0)) return {};
  const List* self = self_list(interp, args, "copy");
  return self != nullptr ? interp.list(self->items) : Value();
}
Value list_reverse(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "list.reverse", 0, 0)) return {};
  List* self = changing(interp, args, "reverse");
  if (self == nullptr) return {};
  std::reverse(self->items.begin(), self->items.end());
  return Value::none();
}
Value list_count(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "list.count", 1, 1)) return {};
  const List* self = self_list(interp, args, "count");
  return self != nullptr ? count_items(interp, self->items, args.positional[1]) : Value();
}
Value list_index(Interp& interp, Args args, void*) {
  const List* self = self_list(interp, args, "index");
  return self != nullptr ? index_items(interp, self->items, args, "%r is not in list") : Value();
}
Value list_sort(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "sort", {"self", "/", "*", "key=", "reverse="}, in)) return {};
  List* self = changing(interp, args, "sort");
  if (self == nullptr) return {};
  bool reverse = false;
  if (given(in[2])) {
    const std::optional<bool> truth = interp.truth(in[2]);
    if (!truth) return {};
    reverse = *truth;
  }
  // The list is empty for the time of the sort, as in CPython.
  std::vector<Value> items = std::move(self->items);
  self->items.clear();
  const bool ok = sort_items(interp, items, in[1], reverse);
  const bool changed = !self->items.empty();
  self->items = std::move(items);
  if (!ok) return {};
  return changed ? value_error(interp, "list modified during sort") : Value::none();
}

Value list_getitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__getitem__", 1, 1)) return {};
  const List* self = self_list(interp, args, "__getitem__");
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
    return interp.list(std::move(out));
  }
  if (!is_integer(key) &&
      (!key.is_object() || interp.lookup_type_attr(key.o->type, interp.intern("__index__")).is_error())) {
    return type_error(interp, "list indices must be integers or slices, not " + interp.type_of(key)->name);
  }
  const std::optional<std::int64_t> at = checked_index(interp, key, length, "list index out of range");
  return at ? self->items[static_cast<std::size_t>(*at)] : Value();
}
Value list_setitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__setitem__", 2, 2)) return {};
  List* self = changing(interp, args, "__setitem__");
  if (self == nullptr) return {};
  const Value key = args.positional[1];
  if (const auto* slice = as<Slice>(key)) {
    std::optional<std::vector<Value>> items = interp.to_vector(args.positional[2]);
    if (!items) {
      if (interp.pending_matches("TypeError")) {
        interp.take_pending();
        (void)type_error(
            interp, slice->step.is_none() ? "can only assign an iterable" : "must assign iterable to extended slice");
      }
      return {};
    }
    const std::optional<SliceRange> range = slice_range(interp, slice, static_cast<std::int64_t>(self->items.size()));
    if (!range) return {};
    if (range->step == 1) {
      const auto begin = self->items.begin() + range->start;
      const auto end = self->items.begin() + std::max(range->start, range->stop);
      const auto place = self->items.erase(begin, end);
      if (!interp.charge(static_cast<std::int64_t>(items->size()) * 16)) return {};
      self->items.insert(place, items->begin(), items->end());
      return Value::none();
    }
    if (static_cast<std::int64_t>(items->size()) != range->count) {
      return value_error(interp, "attempt to assign sequence of size " + std::to_string(items->size()) +
                                     " to extended slice of size " + std::to_string(range->count));
    }
    for (std::int64_t i = 0, at = range->start; i < range->count; ++i, at += range->step)
      self->items[static_cast<std::size_t>(at)] = (*items)[static_cast<std::size_t>(i)];
    return Value::none();
  }
  if (!is_integer(key) &&
      (!key.is_object() || interp.lookup_type_attr(key.o->type, interp.intern("__index__")).is_error())) {
    return type_error(interp, "list indices must be integers or slices, not " + interp.type_of(key)->name);
  }
  const std::optional<std::int64_t> at =
      checked_index(interp, key, static_cast<std::int64_t>(self->items.size()), "list assignment index out of range");
  if (!at) return {};
  self->items[static_cast<std::size_t>(*at)] = args.positional[2];
  return Value::none();
}
Value list_delitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__delitem__", 1, 1)) return {};
  List* self = changing(interp, args, "__delitem__");
  if (self == nullptr) return {};
  const auto length = static_cast<std::int64_t>(self->items.size());
  if (const auto* slice = as<Slice>(args.positional[1])) {
    const std::optional<SliceRange> range = slice_range(interp, slice, length);
    if (!range) return {};
    std::vector<bool> gone(self->items.size());
    for (std::int64_t i = 0, at = range->start; i < range->count; ++i, at += range->step)
      gone[static_cast<std::size_t>(at)] = true;
    std::vector<Value> kept;
    for (std::size_t i = 0; i < self->items.size(); ++i) {
      if (!gone[i]) kept.push_back(self->items[i]);
    }
    self->items = std::move(kept);
    return Value::none();
  }
  const std::optional<std::int64_t> at =
      checked_index(interp, args.positional[1], length, "list assignment index out of range");
  if (!at) return {};
  self->items.erase(self->items.begin() + *at);
  return Value::none();
}

Value list_len(Interp& interp, Args args, void*) {
  const List* self = self_list(interp, args, "__len__");
  return self != nullptr ? Value::integer(static_cast<std::int64_t>(self->items.size())) : Value();
}
Value list_contains(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__contains__", 1, 1)) return {};
  List* self = self_list(interp, args, "__contains__");
  if (self == nullptr) return {};
  const std::optional<bool> found = interp.contains(Value::object(self), args.positional[1]);
  return found ? Value::boolean(*found) : Value();
}
Value list_iter(Interp& interp, Args args, void*) {
  List* self = self_list(interp, args, "__iter__");
  return self != nullptr ? make_builtin_iterator(interp, Value::object(self)) : Value();
}
Value list_add(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__add__", 1, 1)) return {};
  const List* a = self_list(interp, args, "__add__");
  const List* b = list_of(interp, args.positional[1]);
  if (a == nullptr) return {};
  if (b == nullptr) {
    return interp.not_implemented();
  }
  std::vector<Value> out = a->items;
  out.insert(out.end(), b->items.begin(), b->items.end());
  return interp.list(std::move(out));
}
Value list_mul(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__mul__", 1, 1)) return {};
  const List* self = self_list(interp, args, "__mul__");
  if (self == nullptr) return {};
  const Value times = args.positional[1];
  if (!is_integer(times) &&
      (!times.is_object() || interp.lookup_type_attr(times.o->type, interp.intern("__index__")).is_error()))
    return interp.not_implemented();
  std::optional<std::vector<Value>> out = repeat_items(interp, self->items, times);
  return out ? interp.list(std::move(*out)) : Value();
}
Value list_imul(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__imul__", 1, 1)) return {};
  List* self = changing(interp, args, "__imul__");
  if (self == nullptr) return {};
  if (!is_integer(args.positional[1])) return interp.not_implemented();
  std::optional<std::vector<Value>> out = repeat_items(interp, self->items, args.positional[1]);
  if (!out) return {};
  self->items = std::move(*out);
  return args.positional[0];
}
Value list_repr(Interp& interp, Args args, void*) {
  List* self = self_list(interp, args, "__repr__");
  if (self == nullptr) return {};
  const ReprGuard repeat(self);
  if (repeat.inside) return interp.str("[...]");
  const DepthGuard guard(interp);
  if (!guard.ok) return {};
  const std::optional<std::string> out = repr_items(interp, self->items);
  return out ? interp.str("[" + *out + "]") : Value();
}
template <Order order>
Value list_compare(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  const List* a = list_of(interp, args.positional[0]);
  const List* b = list_of(interp, args.positional[1]);
  return a == nullptr || b == nullptr ? interp.not_implemented() : compare_items(interp, a->items, b->items, order);
}
Value list_reversed(Interp& interp, Args args, void*) {
  List* self = self_list(interp, args, "__reversed__");
  return self != nullptr ? make_reversed(interp, Value::object(self)) : Value();
}

}  // namespace

void install_list(Interp& interp) {
  static constexpr Method kMethods[] = {{"__init__", list_init},
                                        {"append", list_append},
                                        {"extend", list_extend},
                                        {"insert", list_insert},
                                        {"pop", list_pop},
                                        {"remove", list_remove},
                                        {"clear", list_clear},
                                        {"copy", list_copy},
                                        {"reverse", list_reverse},
                                        {"count", list_count},
                                        {"index", list_index},
                                        {"sort", list_sort},
                                        {"__getitem__", list_getitem},
                                        {"__setitem__", list_setitem},
                                        {"__delitem__", list_delitem},
                                        {"__len__", list_len},
                                        {"__contains__", list_contains},
                                        {"__iter__", list_iter},
                                        {"__reversed__", list_reversed},
                                        {"__add__", list_add},
                                        {"__iadd__", list_iadd},
                                        {"__mul__", list_mul},
                                        {"__rmul__", list_mul},
                                        {"__imul__", list_imul},
                                        {"__repr__", list_repr},
                                        {"__lt__", list_compare<Order::lt>},
                                        {"__le__", list_compare<Order::le>},
                                        {"__eq__", list_compare<Order::eq>},
                                        {"__ne__", list_compare<Order::ne>},
                                        {"__gt__", list_compare<Order::gt>},
                                        {"__ge__", list_compare<Order::ge>}};
  define(interp, interp.types.list, kMethods);
  define_static(interp, interp.types.list, "__new__", list_new);
  interp.dict_set(interp.types.list->dict, "__hash__", Value::none());
}

}  // namespace kedge::pylang
