// range and slice. Ends of a range may be big ints; its count is bounded to 64 bits.
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

BigInt big(Value value) { return *big_of(value); }

Value make_range(Interp& interp, Value start, Value stop, Value step) {
  auto* out = interp.make<Range>(interp.types.range);
  out->start = start;
  out->stop = stop;
  out->step = step;
  const BigInt a = big(start);
  const BigInt b = big(stop);
  const BigInt s = big(step);
  const BigInt distance = s.negative() ? a - b : b - a;
  if (!distance.negative() && !distance.zero()) {
    BigInt q;
    BigInt r;
    BigInt::divmod(distance - BigInt(1), s.negative() ? -s : s, q, r);
    const std::optional<std::int64_t> count = (q + BigInt(1)).to_int64();
    out->count = count ? *count : INT64_MAX;  // INT64_MAX: beyond what len() can say
  }
  return Value::object(out);
}

Value range_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "range", 1, 3)) return {};
  std::array<Value, 3> in{Value::integer(0), Value::integer(0), Value::integer(1)};
  const std::size_t count = args.positional.size() - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const Value value = index_of(interp, args.positional[i + 1]);
    if (value.is_error()) return {};
    in[count == 1 ? 1 : i] = value;
  }
  if (in[2].is_int() && in[2].i == 0) return value_error(interp, "range() arg 3 must not be zero");
  return make_range(interp, in[0], in[1], in[2]);
}

Range* self_range(Interp& interp, Args args) {
  auto* out = as<Range>(arg(args, 0));
  if (out == nullptr) (void)type_error(interp, "descriptor requires a 'range' object");
  return out;
}

Value element(Interp& interp, const Range* range, std::int64_t at) {
  if (range->start.is_int() && range->step.is_int()) {
    std::int64_t product = 0;
    std::int64_t sum = 0;
    if (!__builtin_mul_overflow(range->step.i, at, &product) && !__builtin_add_overflow(range->start.i, product, &sum))
      return Value::integer(sum);
  }
  return interp.big(big(range->start) + big(range->step) * BigInt(at));
}

Value range_getitem(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__getitem__", 1, 1)) return {};
  const Range* self = self_range(interp, args);
  if (self == nullptr) return {};
  if (const auto* slice = as<Slice>(args.positional[1])) {
    const std::optional<SliceRange> part = slice_range(interp, slice, self->count);
    if (!part) return {};
    const Value start = element(interp, self, part->start);
    const Value stop = element(interp, self, part->stop);
    const Value step = interp.big(big(self->step) * BigInt(part->step));
    return start.is_error() || stop.is_error() || step.is_error() ? Value() : make_range(interp, start, stop, step);
  }
  if (!is_integer(args.positional[1]) &&
      (!args.positional[1].is_object() ||
       interp.lookup_type_attr(args.positional[1].o->type, interp.intern("__index__")).is_error())) {
    return type_error(interp,
                      "range indices must be integers or slices, not " + interp.type_of(args.positional[1])->name);
  }
  if (self->count == INT64_MAX) {  // the true count is beyond 64 bits
    const Value index = index_of(interp, args.positional[1]);
    if (index.is_error()) return {};
    if (big(index).negative()) {
      const BigInt step = big(self->step);
      BigInt q;
      BigInt r;
      const BigInt distance = step.negative() ? big(self->start) - big(self->stop) : big(self->stop) - big(self->start);
      BigInt::divmod(distance - BigInt(1), step.negative() ? -step : step, q, r);
      return interp.big(big(self->start) + step * (q + BigInt(1) + big(index)));
    }
  }
  const std::optional<std::int64_t> at =
      checked_index(interp, args.positional[1], self->count, "range object index out of range");
  return at ? element(interp, self, *at) : Value();
}

// Position of an int in the range, or -1.
std::int64_t position(const Range* self, const BigInt& value) {
  const BigInt offset = value - big(self->start);
  BigInt q;
  BigInt r;
  BigInt::divmod(offset, big(self->step), q, r);
  if (!r.zero()) return -1;
  const std::optional<std::int64_t> at = q.to_int64();
  return at && *at >= 0 && *at < self->count ? *at : -1;
}

// find by value: ints by arithmetic, anything else by comparison. -2: exception pending.
std::int64_t find(Interp& interp, const Range* self, Value wanted) {
  if (wanted.is_int() || wanted.is_bool() || (wanted.is_object() && wanted.o->type == interp.types.integer))
    return position(self, big(wanted));
  for (std::int64_t i = 0; i < self->count; ++i) {
    const Value item = element(interp, self, i);
    if (item.is_error()) return -2;
    const std::optional<bool> same = interp.equal(item, wanted);
    if (!same) return -2;
    if (*same) return i;
  }
  return -1;
}
Value range_contains(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__contains__", 1, 1)) return {};
  const Range* self = self_range(interp, args);
  if (self == nullptr) return {};
  const std::int64_t at = find(interp, self, args.positional[1]);
  return at == -2 ? Value() : Value::boolean(at >= 0);
}
Value range_index(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "index", 1, 1)) return {};
  const Range* self = self_range(interp, args);
  if (self == nullptr) return {};
  const std::int64_t at = find(interp, self, args.positional[1]);
  if (at == -2) return {};
  if (at >= 0) return Value::integer(at);
  const std::optional<std::string> text = interp.repr_of(args.positional[1]);
  return text ? value_error(interp, *text + " is not in range") : Value();
}
Value range_count(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "count", 1, 1)) return {};
  const Range* self = self_range(interp, args);
  if (self == nullptr) return {};
  const std::int64_t at = find(interp, self, args.positional[1]);
  return at == -2 ? Value() : Value::integer(at >= 0 ? 1 : 0);
}
Value range_len(Interp& interp, Args args, void*) {
  const Range* self = self_range(interp, args);
  if (self != nullptr && self->count == INT64_MAX)
    return interp.raise("OverflowError", "Python int too large to convert to C ssize_t");
  return self != nullptr ? Value::integer(self->count) : Value();
}
Value range_repr(Interp& interp, Args args, void*) {
  const Range* self = self_range(interp, args);
  if (self == nullptr) return {};
  std::string out = "range(" + big(self->start).to_string() + ", " + big(self->stop).to_string();
  if (!self->step.is_int() || self->step.i != 1) out += ", " + big(self->step).to_string();
  return interp.str(out + ")");
}
template <bool equal>
Value range_equal(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  const auto* a = as<Range>(args.positional[0]);
  const auto* b = as<Range>(args.positional[1]);
  if (a == nullptr || b == nullptr) return interp.not_implemented();
  bool same = a->count == b->count;
  if (same && a->count > 0) same = big(a->start) == big(b->start);
  if (same && a->count > 1) same = big(a->step) == big(b->step);
  return Value::boolean(same == equal);
}
Value range_hash(Interp& interp, Args args, void*) {
  const Range* self = self_range(interp, args);
  if (self == nullptr) return {};
  const Value key = interp.tuple({Value::integer(self->count), self->count > 0 ? self->start : Value::none(),
                                  self->count > 1 ? self->step : Value::none()});
  const std::optional<std::uint64_t> h = interp.hash(key);
  return h ? Value::integer(static_cast<std::int64_t>(*h)) : Value();
}
Value range_iter(Interp& interp, Args args, void*) {
  Range* self = self_range(interp, args);
  return self != nullptr ? make_builtin_iterator(interp, Value::object(self)) : Value();
}

struct RangeIterator final : NativeIterator {
  const Range* range = nullptr;
  std::int64_t at = 0, step = 1, left = 0;
  Value next(Interp& interp, bool& done) override {
    if (left == 0) {
      done = true;
      return {};
    }
    const Value out = element(interp, range, at);
    at += step;
    --left;
    return out;
  }
};
Value range_reversed(Interp& interp, Args args, void*) {
  const Range* self = self_range(interp, args);
  if (self == nullptr) return {};
  auto* out = make_iterator<RangeIterator>(interp, "range_iterator");
  out->range = self;
  out->at = self->count - 1;
  out->step = -1;
  out->left = self->count;
  return Value::object(out);
}
template <int part>
Value range_part(Interp& interp, Args args, void*) {
  const Range* self = self_range(interp, args);
  if (self == nullptr) return {};
  return part == 0 ? self->start : (part == 1 ? self->stop : self->step);
}

// ---- slice
Slice* self_slice(Interp& interp, Args args) {
  auto* out = as<Slice>(arg(args, 0));
  if (out == nullptr) (void)type_error(interp, "descriptor requires a 'slice' object");
  return out;
}
Value slice_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "slice", 1, 3)) return {};
  auto* out = interp.make<Slice>(interp.types.slice);
  const std::size_t count = args.positional.size() - 1;
  out->start = count > 1 ? args.positional[1] : Value::none();
  out->stop = count > 1 ? args.positional[2] : args.positional[1];
  out->step = count > 2 ? args.positional[3] : Value::none();
  return Value::object(out);
}
template <int part>
Value slice_part(Interp& interp, Args args, void*) {
  const Slice* self = self_slice(interp, args);
  if (self == nullptr) return {};
  return part == 0 ? self->start : (part == 1 ? self->stop : self->step);
}
Value slice_indices(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "indices", 1, 1)) return {};
  const Slice* self = self_slice(interp, args);
  if (self == nullptr) return {};
  const std::optional<std::int64_t> length = size_of(interp, args.positional[1]);
  if (!length) return {};
  if (*length < 0) return value_error(interp, "length should not be negative");
  const std::optional<SliceRange> range = slice_range(interp, self, *length);
  return range ? interp.tuple({Value::integer(range->start), Value::integer(range->stop), Value::integer(range->step)})
               : Value();
}
Value slice_repr(Interp& interp, Args args, void*) {
  const Slice* self = self_slice(interp, args);
  if (self == nullptr) return {};
  std::string out = "slice(";
  for (const Value part : {self->start, self->stop, self->step}) {
    const std::optional<std::string> text = interp.repr_of(part);
    if (!text) return {};
    if (out.size() > 6) out += ", ";
    out += *text;
  }
  return interp.str(out + ")");
}
template <bool equal>
Value slice_equal(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  const auto* a = as<Slice>(args.positional[0]);
  const auto* b = as<Slice>(args.positional[1]);
  if (a == nullptr || b == nullptr) return interp.not_implemented();
  const Value* left[] = {&a->start, &a->stop, &a->step};
  const Value* right[] = {&b->start, &b->stop, &b->step};
  for (int i = 0; i < 3; ++i) {
    const std::optional<bool> same = interp.equal(*left[i], *right[i]);
    if (!same) return {};
    if (!*same) return Value::boolean(!equal);
  }
  return Value::boolean(equal);
}

}  // namespace

Value make_range_iterator(Interp& interp, Range* range) {
  auto* out = make_iterator<RangeIterator>(interp, "range_iterator");
  out->range = range;
  out->left = range->count;
  return Value::object(out);
}

void install_range(Interp& interp) {
  static constexpr Method kRange[] = {
      {"__getitem__", range_getitem}, {"__contains__", range_contains}, {"index", range_index},
      {"count", range_count},         {"__len__", range_len},           {"__repr__", range_repr},
      {"__eq__", range_equal<true>},  {"__ne__", range_equal<false>},   {"__hash__", range_hash},
      {"__iter__", range_iter},       {"__reversed__", range_reversed}};
  define(interp, interp.types.range, kRange);
  define_static(interp, interp.types.range, "__new__", range_new);
  define_getter(interp, interp.types.range, "start", range_part<0>);
  define_getter(interp, interp.types.range, "stop", range_part<1>);
  define_getter(interp, interp.types.range, "step", range_part<2>);
  static constexpr Method kSlice[] = {{"indices", slice_indices},
                                      {"__repr__", slice_repr},
                                      {"__eq__", slice_equal<true>},
                                      {"__ne__", slice_equal<false>}};
  define(interp, interp.types.slice, kSlice);
  define_static(interp, interp.types.slice, "__new__", slice_new);
  define_getter(interp, interp.types.slice, "start", slice_part<0>);
  define_getter(interp, interp.types.slice, "stop", slice_part<1>);
  define_getter(interp, interp.types.slice, "step", slice_part<2>);
  interp.dict_set(interp.types.slice->dict, "__hash__", Value::none());
}

}  // namespace kedge::pylang
