// Operators of arrays and scalars: arithmetic with numpy's promotion, comparisons, in-place forms, conversions to
// Python numbers, iteration.
#include <cmath>
#include <cstring>

#include "frontends/source/ndarray/numpy.h"

namespace kedge::frontends {

using pylang::as;

namespace {

/// Operands that numpy's operators take; others get NotImplemented, so that their own reflected operator runs.
bool acceptable(Interp& interp, Value value) {
  if (value.is_int() || value.is_bool() || value.is_float() || array_of(value) != nullptr) return true;
  if (!value.is_object()) return false;
  const Numpy& np = numpy(interp);
  if (np.defers != nullptr && np.defers(interp, value)) return false;
  if (as<pylang::List>(value) != nullptr || as<pylang::Tuple>(value) != nullptr ||
      as<pylang::Complex>(value) != nullptr || as<pylang::BigIntObject>(value) != nullptr)
    return true;
  if (auto* instance = as<pylang::Instance>(value))
    return !instance->base_value.is_error() && acceptable(interp, instance->base_value);
  return false;
}

const char* symbol_of(BinaryOp op) {
  switch (op) {
    case BinaryOp::add: return "add";
    case BinaryOp::subtract: return "subtract";
    case BinaryOp::multiply: return "multiply";
    case BinaryOp::divide: return "divide";
    case BinaryOp::floor_divide: return "floor_divide";
    case BinaryOp::remainder: return "remainder";
    case BinaryOp::power: return "power";
    default: return "ufunc";
  }
}

std::string shape_text(const StaticShape& shape) {
  std::string out = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) out += (i != 0 ? "," : "") + std::to_string(shape[i]);
  return out + (shape.size() == 1 ? ",)" : ")");
}

BinaryOp op_of(void* context) { return static_cast<BinaryOp>(reinterpret_cast<std::intptr_t>(context)); }
void* context_of(BinaryOp op) { return reinterpret_cast<void*>(static_cast<std::intptr_t>(op)); }

Value forward(Interp& interp, Args args, void* context) {
  if (args.positional.size() < 2) return interp.raise("TypeError", "expected 1 argument");
  const Value other = args.positional[1];
  if (!acceptable(interp, other)) return interp.not_implemented();
  if (op_of(context) == BinaryOp::power && (other.is_int() || other.is_float())) {
    // numpy's operator takes shortcuts for these exponents, with the dtypes of the functions it calls.
    const double exponent = other.is_int() ? static_cast<double>(other.i) : other.f;
    const char kind = kind_of(array_of(args.positional[0])->a.dtype);
    const bool real = kind == 'f' || kind == 'c';
    if (exponent == 2 && (real || other.is_int())) return unary(interp, UnaryOp::square, args.positional[0], "square");
    if (exponent == 0.5 && real) return unary(interp, UnaryOp::sqrt, args.positional[0], "sqrt");
    if (exponent == -1 && real) return unary(interp, UnaryOp::reciprocal, args.positional[0], "reciprocal");
  }
  return binary(interp, op_of(context), args.positional[0], other, symbol_of(op_of(context)));
}
Value reflected(Interp& interp, Args args, void* context) {
  if (args.positional.size() < 2) return interp.raise("TypeError", "expected 1 argument");
  if (!acceptable(interp, args.positional[1])) return interp.not_implemented();
  return binary(interp, op_of(context), args.positional[1], args.positional[0], symbol_of(op_of(context)));
}
Value in_place(Interp& interp, Args args, void* context) {
  if (args.positional.size() < 2) return interp.raise("TypeError", "expected 1 argument");
  if (!acceptable(interp, args.positional[1])) return interp.not_implemented();
  NdArray* self = array_of(args.positional[0]);
  std::optional<Operand> other = to_operand(interp, args.positional[1]);
  if (!other) return Value();
  const std::optional<Array> result =
      binary(interp, op_of(context), {self->a, Operand::Weak::no}, std::move(*other), symbol_of(op_of(context)));
  if (!result) return Value();
  const auto rank = [](DType d) { return std::string_view("buifc").find(kind_of(d)); };
  if (rank(result->dtype) > rank(self->a.dtype) &&
      !(kind_of(result->dtype) == 'i' && kind_of(self->a.dtype) == 'u' && false)) {
    return interp.raise("TypeError", std::string("Cannot cast ufunc '") + symbol_of(op_of(context)) +
                                         "' output from dtype('" + std::string(dtype_name(result->dtype)) +
                                         "') to dtype('" + std::string(dtype_name(self->a.dtype)) +
                                         "') with casting rule 'same_kind'");
  }
  if (result->shape != self->a.shape) {
    return interp.raise("ValueError", "non-broadcastable output operand with shape " + shape_text(self->a.shape) +
                                          " doesn't match the broadcast shape " + shape_text(result->shape));
  }
  if (interp.refuse_mutation(self->root)) return Value();
  assign(self->a, *result);
  return args.positional[0];
}

Value compare(Interp& interp, Args args, void* context) {
  if (args.positional.size() < 2) return interp.raise("TypeError", "expected 1 argument");
  const Value other = args.positional[1];
  const BinaryOp op = op_of(context);
  if (!acceptable(interp, other)) {
    const bool equality = op == BinaryOp::equal || op == BinaryOp::not_equal;
    if (equality && (other.is_none() || as<pylang::Str>(other) != nullptr)) {
      Array out = make_array(DType::boolean, array_of(args.positional[0])->a.shape);
      if (op == BinaryOp::not_equal) std::memset(out.data, 1, static_cast<std::size_t>(out.size()));
      return wrap(interp, std::move(out));
    }
    return interp.not_implemented();
  }
  return binary(interp, op, args.positional[0], other, "comparison");
}

Value negate(Interp& interp, Args args, void*) {
  return unary(interp, UnaryOp::negative, args.positional[0], "negative");
}
Value invert(Interp& interp, Args args, void*) { return unary(interp, UnaryOp::invert, args.positional[0], "invert"); }
Value absolute(Interp& interp, Args args, void*) {
  return unary(interp, UnaryOp::absolute, args.positional[0], "absolute");
}
Value positive(Interp& interp, Args args, void*) { return wrap(interp, copy_of(array_of(args.positional[0])->a)); }

Value mat_mul(Interp& interp, Value left, Value right) {
  std::vector<Operand> operands;
  for (const Value v : {left, right}) {
    std::optional<Array> a = to_array(interp, v);
    if (!a) return Value();
    operands.push_back({std::move(*a), Operand::Weak::no});
  }
  const DType dtype = promote(operands[0].a.dtype, operands[1].a.dtype);
  std::string error;
  Array out = matmul(cast_to(operands[0].a, dtype), cast_to(operands[1].a, dtype), &error);
  if (!error.empty()) return interp.raise("ValueError", error);
  return wrap(interp, std::move(out));
}
Value matmul_forward(Interp& interp, Args args, void*) {
  return acceptable(interp, args.positional[1]) ? mat_mul(interp, args.positional[0], args.positional[1])
                                                : interp.not_implemented();
}
Value matmul_reflected(Interp& interp, Args args, void*) {
  return acceptable(interp, args.positional[1]) ? mat_mul(interp, args.positional[1], args.positional[0])
                                                : interp.not_implemented();
}
Value divide_modulo(Interp& interp, Args args, void*) {
  if (!acceptable(interp, args.positional[1])) return interp.not_implemented();
  const Value q = binary(interp, BinaryOp::floor_divide, args.positional[0], args.positional[1], "divmod");
  if (q.is_error()) return q;
  const Value r = binary(interp, BinaryOp::remainder, args.positional[0], args.positional[1], "divmod");
  return r.is_error() ? r : interp.tuple({q, r});
}

// ---- conversions
const Array* single(Interp& interp, Value self, const char* what) {
  const NdArray* array = array_of(self);
  if (array->a.size() != 1) {
    fail(interp, "TypeError", std::string("only length-1 arrays can be converted to Python scalars (") + what + ")");
    return nullptr;
  }
  return &array->a;
}
Value to_bool(Interp& interp, Args args, void*) {
  const Array& a = array_of(args.positional[0])->a;
  if (a.size() > 1)
    return interp.raise("ValueError",
                        "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()");
  if (a.size() == 0)
    return interp.raise(
        "ValueError",
        "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.");
  return Value::boolean(truth_at(a.dtype, a.data));
}
Value to_integer(Interp& interp, Args args, void*) {
  const Array* a = single(interp, args.positional[0], "int");
  if (a == nullptr) return Value();
  if (is_complex(a->dtype)) return interp.raise("TypeError", "int() argument must be a real number, not 'complex'");
  if (is_float(a->dtype)) {
    const double v = double_at(a->dtype, a->data);
    if (std::isnan(v)) return interp.raise("ValueError", "cannot convert float NaN to integer");
    if (std::isinf(v)) return interp.raise("OverflowError", "cannot convert float infinity to integer");
    return interp.big(pylang::BigInt::from_double(v));
  }
  const Value v = to_python(interp, a->dtype, a->data);
  return v.is_bool() ? Value::integer(v.b ? 1 : 0) : v;
}
Value to_float(Interp& interp, Args args, void*) {
  const Array* a = single(interp, args.positional[0], "float");
  if (a == nullptr) return Value();
  if (is_complex(a->dtype)) return interp.raise("TypeError", "float() argument must be a real number, not 'complex'");
  if (a->dtype == DType::uint64)
    return Value::real(static_cast<double>(static_cast<std::uint64_t>(int_at(a->dtype, a->data))));
  return Value::real(double_at(a->dtype, a->data));
}
Value to_complex(Interp& interp, Args args, void*) {
  const Array* a = single(interp, args.positional[0], "complex");
  if (a == nullptr) return Value();
  const Array wide = cast_to(*a, DType::complex128);
  return to_python(interp, DType::complex128, wide.data);
}
Value to_index(Interp& interp, Args args, void*) {
  const Array& a = array_of(args.positional[0])->a;
  if (a.shape.empty() && is_integer(a.dtype)) return to_python(interp, a.dtype, a.data);
  return interp.raise("TypeError", "only integer scalar arrays can be converted to a scalar index");
}

Value hash_of(Interp& interp, Args args, void*) {
  const NdArray* self = array_of(args.positional[0]);
  if (!self->scalar) return interp.raise("TypeError", "unhashable type: 'numpy.ndarray'");
  const auto hash = interp.hash(to_python(interp, self->a.dtype, self->a.data));
  return hash ? Value::integer(static_cast<std::int64_t>(*hash)) : Value();
}
Value length(Interp& interp, Args args, void*) {
  const NdArray* self = array_of(args.positional[0]);
  if (self->a.shape.empty())
    return interp.raise("TypeError", self->scalar ? "object of type 'numpy." + self->type->name + "' has no len()"
                                                  : "len() of unsized object");
  return Value::integer(self->a.shape[0]);
}
Value get_item(Interp& interp, Args args, void*) {
  return get_index(interp, array_of(args.positional[0]), args.positional[1]);
}
Value set_item(Interp& interp, Args args, void*) {
  return set_index(interp, array_of(args.positional[0]), args.positional[1], args.positional[2]) ? Value::none()
                                                                                                 : Value();
}
Value contains(Interp& interp, Args args, void*) {
  const Value same = binary(interp, BinaryOp::equal, args.positional[0], args.positional[1], "equal");
  if (same.is_error()) return same;
  const Array& a = array_of(same)->a;
  bool found = false;
  for_each_offset(a.shape, a.strides, [&](std::int64_t o) { found = found || truth_at(a.dtype, a.data + o); });
  return Value::boolean(found);
}
Value iterate(Interp& interp, Args args, void*) {
  NdArray* self = array_of(args.positional[0]);
  if (self->a.shape.empty()) return interp.raise("TypeError", "iteration over a 0-d array");
  std::vector<Value> items;
  for (std::int64_t i = 0; i < self->a.shape[0]; ++i) {
    Array item = index_axis(self->a, 0, i);
    items.push_back(item.shape.empty() ? wrap(interp, copy_of(item)) : wrap_view(interp, std::move(item), self));
  }
  return interp.iterate(interp.list(std::move(items)));
}

Value str_text(Interp& interp, Args args, void*) {
  return interp.str(array_text(array_of(args.positional[0])->a, false));
}
Value repr_text(Interp& interp, Args args, void*) {
  const NdArray* self = array_of(args.positional[0]);
  if (!self->scalar) return interp.str(array_text(self->a, true));
  const std::string text = element_text(self->a.dtype, self->a.data);
  return interp.str("np." + (self->a.dtype == DType::boolean ? text : self->type->name + "(" + text + ")"));
}
Value format_text(Interp& interp, Args args, void*) {
  const NdArray* self = array_of(args.positional[0]);
  const auto* spec = args.positional.size() > 1 ? as<pylang::Str>(args.positional[1]) : nullptr;
  if (!self->scalar || spec == nullptr || spec->text.empty()) {
    if (spec != nullptr && !spec->text.empty())
      return interp.raise("TypeError", "unsupported format string passed to numpy.ndarray.__format__");
    return str_text(interp, args, nullptr);
  }
  const Value number = to_python(interp, self->a.dtype, self->a.data);
  return interp.call_method(number, "__format__", args.positional.subspan(1, 1));
}
Value round_value(Interp& interp, Args args, void*) {
  const NdArray* self = array_of(args.positional[0]);
  if (self->scalar && args.positional.size() < 2) {
    const Value number = to_python(interp, self->a.dtype, self->a.data);
    return interp.call_method(number, "__round__", {});
  }
  return interp.call_method(args.positional[0], "round", args.positional.subspan(1));
}
Value itself(Interp&, Args args, void*) { return args.positional[0]; }

}  // namespace

std::optional<Array> binary(Interp& interp, BinaryOp op, Operand a, Operand b, std::string_view name) {
  std::vector<Operand> operands{std::move(a), std::move(b)};
  const bool logical = op == BinaryOp::logical_and || op == BinaryOp::logical_or || op == BinaryOp::logical_xor;
  std::optional<DType> dtype;
  if (gives_bool(op)) {
    // Comparisons with a Python integer outside the dtype have an answer; promote instead of refusing.
    std::vector<Operand> strong = operands;
    dtype = common_dtype(interp, strong);
    if (!dtype && interp.pending_matches("OverflowError")) {
      (void)interp.take_pending();
      dtype = promote(operands[0].a.dtype, operands[1].a.dtype);
    }
    if (logical && dtype && operands[0].a.dtype != operands[1].a.dtype)
      dtype = promote(operands[0].a.dtype, operands[1].a.dtype);
  } else {
    dtype = common_dtype(interp, operands);
  }
  if (!dtype) return std::nullopt;
  const std::optional<DType> computed = compute_dtype(op, *dtype);
  if (!computed) {
    if (op == BinaryOp::subtract) {
      fail(interp, "TypeError",
           "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the "
           "logical_xor function instead.");
    } else {
      fail(interp, "TypeError", "ufunc '" + std::string(name) + "' not supported for the input types");
    }
    return std::nullopt;
  }
  const std::optional<StaticShape> shape = broadcast_shapes(operands[0].a.shape, operands[1].a.shape);
  if (!shape) {
    fail(interp, "ValueError",
         "operands could not be broadcast together with shapes " + shape_text(operands[0].a.shape) + " " +
             shape_text(operands[1].a.shape));
    return std::nullopt;
  }
  if (!charge_array(interp, gives_bool(op) ? DType::boolean : *computed, *shape)) return std::nullopt;
  const auto ready = [&](const Array& x) { return x.dtype == *computed ? x : cast_to(x, *computed); };
  const Array x = ready(operands[0].a);
  const Array y = ready(operands[1].a);
  if (op == BinaryOp::power && is_integer(*computed) && is_signed(*computed)) {
    bool negative = false;
    for_each_offset(y.shape, y.strides,
                    [&](std::int64_t o) { negative = negative || int_at(y.dtype, y.data + o) < 0; });
    if (negative) {
      fail(interp, "ValueError", "Integers to negative integer powers are not allowed.");
      return std::nullopt;
    }
  }
  return apply(op, x, y);
}

std::optional<Array> unary(Interp& interp, UnaryOp op, const Array& a, std::string_view name) {
  const std::optional<DType> dtype = compute_dtype(op, a.dtype);
  if (!dtype) {
    fail(interp, "TypeError",
         op == UnaryOp::negative ? "The numpy boolean negative, the `-` operator, is not supported, use the `~` "
                                   "operator or the logical_not function instead."
                                 : "ufunc '" + std::string(name) + "' not supported for the input types");
    return std::nullopt;
  }
  if (!charge_array(interp, *dtype, a.shape)) return std::nullopt;
  return apply(op, a.dtype == *dtype ? a : cast_to(a, *dtype));
}

Value binary(Interp& interp, BinaryOp op, Value a, Value b, std::string_view name) {
  std::optional<Operand> x = to_operand(interp, a);
  if (!x) return Value();
  std::optional<Operand> y = to_operand(interp, b);
  if (!y) return Value();
  std::optional<Array> out = binary(interp, op, std::move(*x), std::move(*y), name);
  return out ? wrap(interp, std::move(*out)) : Value();
}

Value unary(Interp& interp, UnaryOp op, Value a, std::string_view name) {
  const std::optional<Array> x = to_array(interp, a);
  if (!x) return Value();
  std::optional<Array> out = unary(interp, op, *x, name);
  return out ? wrap(interp, std::move(*out)) : Value();
}

void install_operators(Interp& interp, Numpy& np) {
  struct Arithmetic {
    const char* name;
    BinaryOp op;
  };
  static constexpr Arithmetic kArithmetic[] = {
      {"add", BinaryOp::add},         {"sub", BinaryOp::subtract},          {"mul", BinaryOp::multiply},
      {"truediv", BinaryOp::divide},  {"floordiv", BinaryOp::floor_divide}, {"mod", BinaryOp::remainder},
      {"pow", BinaryOp::power},       {"and", BinaryOp::bitwise_and},       {"or", BinaryOp::bitwise_or},
      {"xor", BinaryOp::bitwise_xor}, {"lshift", BinaryOp::left_shift},     {"rshift", BinaryOp::right_shift}};
  static constexpr Arithmetic kCompare[] = {{"__eq__", BinaryOp::equal},   {"__ne__", BinaryOp::not_equal},
                                            {"__lt__", BinaryOp::less},    {"__le__", BinaryOp::less_equal},
                                            {"__gt__", BinaryOp::greater}, {"__ge__", BinaryOp::greater_equal}};
  for (Type* type : {np.ndarray, np.generic}) {
    for (const auto& [name, op] : kArithmetic) {
      interp.def(type, "__" + std::string(name) + "__", forward, context_of(op));
      interp.def(type, "__r" + std::string(name) + "__", reflected, context_of(op));
      if (type == np.ndarray) interp.def(type, "__i" + std::string(name) + "__", in_place, context_of(op));
    }
    for (const auto& [name, op] : kCompare) interp.def(type, name, compare, context_of(op));
    interp.def(type, "__matmul__", matmul_forward);
    interp.def(type, "__rmatmul__", matmul_reflected);
    interp.def(type, "__divmod__", divide_modulo);
    interp.def(type, "__neg__", negate);
    interp.def(type, "__pos__", positive);
    interp.def(type, "__invert__", invert);
    interp.def(type, "__abs__", absolute);
    interp.def(type, "__bool__", to_bool);
    interp.def(type, "__int__", to_integer);
    interp.def(type, "__float__", to_float);
    interp.def(type, "__complex__", to_complex);
    interp.def(type, "__hash__", hash_of);
    interp.def(type, "__getitem__", get_item);
    interp.def(type, "__str__", str_text);
    interp.def(type, "__repr__", repr_text);
    interp.def(type, "__format__", format_text);
    interp.def(type, "__round__", round_value);
    interp.def(type, "__copy__", itself);
  }
  interp.def(np.ndarray, "__index__", to_index);
  for (const auto& [name, type] : np.named_types) {
    if (name == "integer") interp.def(type, "__index__", to_index);
  }
  interp.def(np.ndarray, "__setitem__", set_item);
  interp.def(np.ndarray, "__len__", length);
  interp.def(np.ndarray, "__iter__", iterate);
  interp.def(np.ndarray, "__contains__", contains);
  interp.def(np.generic, "__deepcopy__", itself);
}

}  // namespace kedge::frontends
