// Python values to arrays and back, and numpy's promotion with weak Python numbers.
#include <cmath>
#include <cstring>

#include "frontends/source/ndarray/numpy.h"
#include "frontends/source/session.h"

namespace kedge::frontends {

using pylang::as;

Numpy& numpy(Interp& interp) {
  Session& s = session(interp);
  if (!s.numpy) {
    s.numpy = std::make_unique<Numpy>();
    install_ndarray(interp, *s.numpy);
    install_operators(interp, *s.numpy);
  }
  return *s.numpy;
}

NdArray* array_of(Value value) { return as<NdArray>(value); }

bool charge_array(Interp& interp, DType dtype, const StaticShape& shape) {
  std::int64_t count = dtype_size(dtype);
  for (const std::int64_t d : shape) {
    if (d < 0) {
      fail(interp, "ValueError", "negative dimensions are not allowed");
      return false;
    }
    if (__builtin_mul_overflow(count, d, &count)) count = INT64_MAX / 2;
  }
  return interp.charge(count);
}

Value wrap(Interp& interp, Array array, bool scalarize) {
  Numpy& np = numpy(interp);
  const bool scalar = scalarize && array.shape.empty();
  Type* type = scalar ? np.scalars[static_cast<std::size_t>(array.dtype)] : np.ndarray;
  auto* object = interp.make<NdArray>(type);
  object->a = std::move(array);
  object->scalar = scalar;
  object->root = object;
  return Value::object(object);
}

Value wrap_view(Interp& interp, Array array, const NdArray* of) {
  auto* object = interp.make<NdArray>(numpy(interp).ndarray);
  object->a = std::move(array);
  object->root = of->root;
  object->writeable = of->writeable;
  return Value::object(object);
}

Value to_python(Interp& interp, DType dtype, const std::byte* p) {
  switch (kind_of(dtype)) {
    case 'b': return Value::boolean(truth_at(dtype, p));
    case 'i': return Value::integer(int_at(dtype, p));
    case 'u': {
      const std::int64_t bits = int_at(dtype, p);
      if (bits >= 0 || dtype != DType::uint64) return Value::integer(bits);
      const pylang::BigInt high = pylang::BigInt::shift_left(pylang::BigInt(1), 64);
      return interp.big(high + pylang::BigInt(bits));
    }
    case 'f': return Value::real(double_at(dtype, p));
    default: {
      auto* c = interp.make<pylang::Complex>(interp.types.complex);
      const std::complex<double> v = complex_at(dtype, p);
      c->real = v.real();
      c->imag = v.imag();
      return Value::object(c);
    }
  }
}

Value to_nested_list(Interp& interp, const Array& a) {
  if (a.shape.empty()) return to_python(interp, a.dtype, a.data);
  std::vector<Value> items;
  items.reserve(static_cast<std::size_t>(a.shape[0]));
  for (std::int64_t i = 0; i < a.shape[0]; ++i) items.push_back(to_nested_list(interp, index_axis(a, 0, i)));
  return interp.list(std::move(items));
}

namespace {

constexpr std::int64_t kMaxRank = 64;

const std::vector<Value>* sequence_items(Value value) {
  if (auto* list = as<pylang::List>(value)) return &list->items;
  if (auto* tuple = as<pylang::Tuple>(value)) return &tuple->items;
  return nullptr;
}

/// A leaf as a rank-0 (or larger) array; nullopt without an exception: no number.
std::optional<Array> leaf_array(Interp& interp, Value value) {
  if (auto* array = array_of(value)) return array->a;
  if (value.is_bool()) return make_scalar<bool>(DType::boolean, value.b);
  if (value.is_int()) return make_scalar<std::int64_t>(DType::int64, value.i);
  if (value.is_float()) return make_scalar<double>(DType::float64, value.f);
  if (auto* c = as<pylang::Complex>(value))
    return make_scalar<std::complex<double>>(DType::complex128, {c->real, c->imag});
  if (auto* big = as<pylang::BigIntObject>(value)) {
    const pylang::BigInt limit = pylang::BigInt::shift_left(pylang::BigInt(1), 64);
    if (!big->value.negative() && compare(big->value, limit) < 0) {
      const pylang::BigInt low = big->value - limit;  // in [-2**64, 0): the same bits modulo 2**64
      return make_scalar<std::uint64_t>(DType::uint64, static_cast<std::uint64_t>(low.to_int64().value_or(0)));
    }
    fail(interp, "OverflowError", "Python int too large to convert to C long");
    return std::nullopt;
  }
  if (auto* instance = as<pylang::Instance>(value)) {
    if (!instance->base_value.is_error() && sequence_items(instance->base_value) == nullptr)
      return leaf_array(interp, instance->base_value);
  }
  const Numpy& np = numpy(interp);
  if (np.foreign != nullptr) {
    if (std::optional<Array> found = np.foreign(interp, value)) return found;
    if (interp.has_exception()) return std::nullopt;
  }
  return std::nullopt;
}

struct Collected {
  StaticShape shape;
  std::vector<Array> leaves;
  std::optional<DType> dtype;
};

bool ragged(Interp& interp) {
  fail(interp, "ValueError",
       "setting an array element with a sequence. The requested array has an inhomogeneous shape: the nested sequences "
       "differ in length");
  return false;
}

bool collect(Interp& interp, Value value, std::size_t depth, Collected& out, std::size_t& leaf_depth) {
  if (depth > static_cast<std::size_t>(kMaxRank)) {
    fail(interp, "ValueError", "maximum supported dimension for an ndarray is 64");
    return false;
  }
  Value sequence = value;
  if (auto* instance = as<pylang::Instance>(value); instance != nullptr && !instance->base_value.is_error())
    sequence = instance->base_value;
  const std::vector<Value>* items = sequence_items(sequence);
  std::vector<Value> converted;
  if (items == nullptr && as<pylang::Range>(value) != nullptr) {
    std::optional<std::vector<Value>> all = interp.to_vector(value);
    if (!all) return false;
    converted = std::move(*all);
    items = &converted;
  }
  if (items != nullptr) {
    if (out.shape.size() == depth) {
      if (leaf_depth != SIZE_MAX && depth >= leaf_depth) return ragged(interp);
      out.shape.push_back(static_cast<std::int64_t>(items->size()));
    } else if (depth < out.shape.size() && out.shape[depth] != static_cast<std::int64_t>(items->size())) {
      return ragged(interp);
    }
    const std::vector<Value> stable = *items;
    for (const Value item : stable) {
      if (!collect(interp, item, depth + 1, out, leaf_depth)) return false;
    }
    return true;
  }
  std::optional<Array> leaf = leaf_array(interp, value);
  if (!leaf) {
    if (interp.has_exception()) return false;
    if (value.is_object()) {
      if (const std::optional<Value> method = interp.find_attr(value, "__array__")) {
        const Value made = interp.call(*method);
        if (made.is_error()) return false;
        if (auto* array = array_of(made)) leaf = array->a;
      }
    }
    if (interp.has_exception()) return false;
  }
  if (!leaf) {
    fail(interp, "TypeError", "cannot make a numeric array of '" + interp.type_of(value)->name + "'");
    return false;
  }
  if (leaf_depth == SIZE_MAX) {
    if (out.shape.size() != depth) return ragged(interp);
    leaf_depth = depth;
    out.shape.insert(out.shape.end(), leaf->shape.begin(), leaf->shape.end());
  } else {
    const StaticShape rest(out.shape.begin() + static_cast<std::ptrdiff_t>(std::min(leaf_depth, out.shape.size())),
                           out.shape.end());
    if (leaf_depth != depth || rest != leaf->shape) return ragged(interp);
  }
  out.dtype = out.dtype ? promote(*out.dtype, leaf->dtype) : leaf->dtype;
  out.leaves.push_back(std::move(*leaf));
  return true;
}

}  // namespace

std::optional<Array> to_array(Interp& interp, Value value, std::optional<DType> dtype) {
  if (auto* array = array_of(value)) {
    if (!dtype || *dtype == array->a.dtype) return array->a;
    if (!charge_array(interp, *dtype, array->a.shape)) return std::nullopt;
    return cast_to(array->a, *dtype);
  }
  Collected all;
  std::size_t leaf_depth = SIZE_MAX;
  if (!collect(interp, value, 0, all, leaf_depth)) return std::nullopt;
  const DType target = dtype.value_or(all.dtype.value_or(DType::float64));
  if (!charge_array(interp, target, all.shape)) return std::nullopt;
  Array out = make_array(target, all.shape);
  if (all.leaves.empty()) return out;
  const std::int64_t piece = all.leaves[0].size() * out.item_size();
  Array window = out;
  window.shape = all.leaves[0].shape;
  window.strides = make_array(target, window.shape).strides;
  for (const Array& leaf : all.leaves) {
    assign(window, leaf);
    window.data += piece;
  }
  return out;
}

std::optional<Operand> to_operand(Interp& interp, Value value) {
  Operand operand;
  if (auto* instance = as<pylang::Instance>(value); instance != nullptr && !instance->base_value.is_error())
    value = instance->base_value;
  if (value.is_int() || as<pylang::BigIntObject>(value) != nullptr) operand.weak = Operand::Weak::integer;
  if (value.is_float()) operand.weak = Operand::Weak::real;
  if (as<pylang::Complex>(value) != nullptr) operand.weak = Operand::Weak::complex;
  std::optional<Array> array = to_array(interp, value);
  if (!array) return std::nullopt;
  operand.a = std::move(*array);
  return operand;
}

namespace {

bool fits(const Array& a, DType dtype) {
  const std::int64_t v = int_at(a.dtype, a.data);
  if (a.dtype == DType::uint64 && v < 0) return dtype == DType::uint64 || !is_integer(dtype);
  switch (dtype) {
    case DType::int8: return v >= INT8_MIN && v <= INT8_MAX;
    case DType::int16: return v >= INT16_MIN && v <= INT16_MAX;
    case DType::int32: return v >= INT32_MIN && v <= INT32_MAX;
    case DType::uint8: return v >= 0 && v <= UINT8_MAX;
    case DType::uint16: return v >= 0 && v <= UINT16_MAX;
    case DType::uint32: return v >= 0 && v <= UINT32_MAX;
    case DType::uint64: return v >= 0;
    default: return true;
  }
}

}  // namespace

std::optional<DType> common_dtype(Interp& interp, std::vector<Operand>& operands) {
  std::optional<DType> strong;
  Operand::Weak weakest = Operand::Weak::no;
  for (const Operand& o : operands) {
    if (o.weak == Operand::Weak::no) strong = strong ? promote(*strong, o.a.dtype) : o.a.dtype;
    else if (o.weak > weakest) weakest = o.weak;
  }
  if (!strong) {  // Python numbers alone
    DType dtype = operands[0].a.dtype;
    for (const Operand& o : operands) dtype = promote(dtype, o.a.dtype);
    return dtype;
  }
  DType dtype = *strong;
  const char kind = kind_of(dtype);
  if (weakest == Operand::Weak::integer && kind == 'b') dtype = DType::int64;
  if (weakest == Operand::Weak::real && kind != 'f' && kind != 'c') dtype = DType::float64;
  if (weakest == Operand::Weak::complex && kind != 'c')
    dtype = dtype == DType::float32 || dtype == DType::float16 ? DType::complex64 : DType::complex128;
  if (is_integer(dtype)) {
    for (const Operand& o : operands) {
      if (o.weak == Operand::Weak::integer && !fits(o.a, dtype)) {
        const Value number = to_python(interp, o.a.dtype, o.a.data);
        fail(interp, "OverflowError",
             "Python integer " + interp.str_of(number).value_or("?") + " out of bounds for " +
                 std::string(dtype_name(dtype)));
        return std::nullopt;
      }
    }
  }
  return dtype;
}

std::optional<std::int64_t> to_int(Interp& interp, Value value) {
  if (value.is_int()) return value.i;
  if (value.is_bool()) return value.b ? 1 : 0;
  if (auto* array = array_of(value); array != nullptr && array->a.size() == 1 && (is_integer(array->a.dtype)))
    return int_at(array->a.dtype, array->a.data);
  if (value.is_object()) {
    if (const std::optional<Value> method = interp.find_attr(value, "__index__")) {
      const Value made = interp.call(*method);
      if (made.is_error()) return std::nullopt;
      if (made.is_int()) return made.i;
    }
    if (interp.has_exception()) return std::nullopt;
  }
  fail(interp, "TypeError", "'" + interp.type_of(value)->name + "' object cannot be interpreted as an integer");
  return std::nullopt;
}

std::optional<double> to_double(Interp& interp, Value value) {
  if (value.is_int()) return static_cast<double>(value.i);
  if (value.is_float()) return value.f;
  const std::optional<Array> a = to_array(interp, value);
  if (!a) return std::nullopt;
  if (a->size() != 1) {
    fail(interp, "TypeError", "only length-1 arrays can be converted to Python scalars");
    return std::nullopt;
  }
  return double_at(a->dtype, a->data);
}

std::optional<std::vector<std::int64_t>> to_ints(Interp& interp, Value value) {
  const bool single =
      value.is_int() || value.is_bool() || (array_of(value) != nullptr && array_of(value)->a.shape.empty());
  if (single) {
    const std::optional<std::int64_t> one = to_int(interp, value);
    if (!one) return std::nullopt;
    return std::vector<std::int64_t>{*one};
  }
  const std::optional<std::vector<Value>> items = interp.to_vector(value);
  if (!items) return std::nullopt;
  std::vector<std::int64_t> out;
  for (const Value item : *items) {
    const std::optional<std::int64_t> one = to_int(interp, item);
    if (!one) return std::nullopt;
    out.push_back(*one);
  }
  return out;
}

std::optional<std::int64_t> normal_axis(Interp& interp, std::int64_t axis, std::int64_t rank) {
  if (axis < -rank || axis >= rank) {
    fail(interp, "ValueError",
         "axis " + std::to_string(axis) + " is out of bounds for array of dimension " + std::to_string(rank));
    return std::nullopt;
  }
  return axis < 0 ? axis + rank : axis;
}

std::optional<std::vector<std::int64_t>> normal_axes(Interp& interp, Value axes, std::int64_t rank) {
  std::optional<std::vector<std::int64_t>> all = to_ints(interp, axes);
  if (!all) return std::nullopt;
  for (std::int64_t& axis : *all) {
    const std::optional<std::int64_t> normal = normal_axis(interp, axis, rank);
    if (!normal) return std::nullopt;
    axis = *normal;
  }
  for (std::size_t i = 0; i < all->size(); ++i) {
    for (std::size_t j = i + 1; j < all->size(); ++j) {
      if ((*all)[i] == (*all)[j]) {
        fail(interp, "ValueError", "duplicate value in 'axis'");
        return std::nullopt;
      }
    }
  }
  return all;
}

}  // namespace kedge::frontends
