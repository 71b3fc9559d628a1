// The module `_numpy`: universal functions, constants, types; the other functions are installed by their own files.
#include <cmath>

#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {

using pylang::as;

void define(Interp& interp, Module& module, std::span<const NumpyFunction> functions) {
  Numpy& np = numpy(interp);
  for (const NumpyFunction& f : functions) {
    interp.def(module, f.name, f.fn);
    if (f.method == nullptr) continue;
    interp.def(np.ndarray, f.method, f.fn);
    interp.def(np.generic, f.method, f.fn);
  }
}

std::optional<std::vector<Array>> to_arrays(Interp& interp, Value sequence) {
  const std::optional<std::vector<Value>> items = interp.to_vector(sequence);
  if (!items) return std::nullopt;
  std::vector<Array> out;
  for (const Value item : *items) {
    std::optional<Array> a = to_array(interp, item);
    if (!a) return std::nullopt;
    out.push_back(std::move(*a));
  }
  return out;
}

Value view_result(Interp& interp, Value of, Array array) {
  NdArray* source = array_of(of);
  if (source != nullptr && !source->scalar && source->a.buffer == array.buffer)
    return wrap_view(interp, std::move(array), source);
  return wrap(interp, std::move(array), false);
}

namespace {

Value give_out(Interp& interp, Value out, Value dtype, std::optional<Array> result) {
  if (!result) return Value();
  if (set(dtype)) {
    const auto asked = to_dtype(interp, dtype);
    if (!asked) return Value();
    result = cast_to(*result, *asked);
  }
  if (!set(out)) return wrap(interp, std::move(*result));
  Value target = out;
  if (auto* tuple = as<pylang::Tuple>(out); tuple != nullptr && tuple->items.size() == 1) target = tuple->items[0];
  NdArray* array = array_of(target);
  if (array == nullptr || array->a.shape != result->shape)
    return interp.raise("TypeError", "return arrays must be of ArrayType");
  if (interp.refuse_mutation(array->root)) return Value();
  assign(array->a, *result);
  return target;
}

/// A tensor among the operands: its own operator of that name decides (numpy's __array_ufunc__ protocol in small).
bool deferred(Interp& interp, std::initializer_list<Value> values) {
  const Numpy& np = numpy(interp);
  if (np.defers == nullptr) return false;
  for (const Value v : values) {
    if (np.defers(interp, v) && !np.foreign(interp, v)) {
      if (!interp.has_exception())
        fail(interp, "NotImplementedError",
             "numpy functions need concrete arrays: this tensor's values are only known when the model runs");
      return true;
    }
  }
  return false;
}

template <typename Op>
Op from_context(void* context) {
  return static_cast<Op>(reinterpret_cast<std::intptr_t>(context));
}

Value call_binary(Interp& interp, Args args, void* context) {
  KEDGE_BIND(v, 5, "ufunc", "x1", "x2", "out=", "dtype=", "where=");
  if (deferred(interp, {v[0], v[1]})) return Value();
  auto x = to_operand(interp, v[0]);
  if (!x) return Value();
  auto y = to_operand(interp, v[1]);
  if (!y) return Value();
  if (set(v[3])) {
    const auto asked = to_dtype(interp, v[3]);
    if (!asked) return Value();
    x = Operand{cast_to(x->a, *asked)};
    y = Operand{cast_to(y->a, *asked)};
  }
  return give_out(interp, v[2], Value(),
                  binary(interp, from_context<BinaryOp>(context), std::move(*x), std::move(*y), "ufunc"));
}
Value call_unary(Interp& interp, Args args, void* context) {
  KEDGE_BIND(v, 4, "ufunc", "x", "out=", "dtype=", "where=");
  if (deferred(interp, {v[0]})) return Value();
  std::optional<DType> dtype;
  if (!dtype_argument(interp, v[2], dtype)) return Value();
  const std::optional<Array> a = to_array(interp, v[0], dtype);
  if (!a) return Value();
  return give_out(interp, v[1], Value(), unary(interp, from_context<UnaryOp>(context), *a, "ufunc"));
}

Value call_round(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "round", "a", "decimals=", "out=");
  KEDGE_ARRAY(a, v[0]);
  std::int64_t decimals = 0;
  if (given(v[1])) {
    const auto d = to_int(interp, v[1]);
    if (!d) return Value();
    decimals = *d;
  }
  const char kind = kind_of(a.dtype);
  if (kind == 'b') return give_out(interp, v[2], Value(), cast_to(a, DType::float16));
  if (kind == 'i' || kind == 'u') {
    if (decimals >= 0) return give_out(interp, v[2], Value(), copy_of(a));
    const Array power =
        cast_to(make_scalar<double>(DType::float64, std::pow(10.0, static_cast<double>(-decimals))), DType::float64);
    const Array scaled = apply(BinaryOp::multiply,
                               apply(UnaryOp::rint, apply(BinaryOp::divide, cast_to(a, DType::float64), power)), power);
    return give_out(interp, v[2], Value(), cast_to(scaled, a.dtype));
  }
  if (decimals == 0) return give_out(interp, v[2], Value(), apply(UnaryOp::rint, a));
  const Array power =
      cast_to(make_scalar<double>(DType::float64, std::pow(10.0, static_cast<double>(std::abs(decimals)))), a.dtype);
  const BinaryOp first = decimals > 0 ? BinaryOp::multiply : BinaryOp::divide;
  const BinaryOp second = decimals > 0 ? BinaryOp::divide : BinaryOp::multiply;
  return give_out(interp, v[2], Value(), apply(second, apply(UnaryOp::rint, apply(first, a, power)), power));
}

Value call_clip(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 6, "clip", "a", "a_min=", "a_max=", "out=", "min=", "max=");
  const Value low = set(v[1]) ? v[1] : v[4];
  const Value high = set(v[2]) ? v[2] : v[5];
  std::optional<Operand> x = to_operand(interp, v[0]);
  if (!x) return Value();
  x->weak = Operand::Weak::no;
  for (const auto& [bound, op] : {std::pair{low, BinaryOp::maximum}, std::pair{high, BinaryOp::minimum}}) {
    if (!set(bound)) continue;
    std::optional<Operand> y = to_operand(interp, bound);
    if (!y) return Value();
    std::optional<Array> next = binary(interp, op, std::move(*x), std::move(*y), "clip");
    if (!next) return Value();
    x = Operand{std::move(*next)};
  }
  return give_out(interp, v[3], Value(), x->a);
}

/// `a.clip(min, max)`: the same with the method's parameter names.
Value method_clip(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 4, "clip", "self", "min=", "max=", "out=");
  const Value positional[] = {v[0], given(v[1]) ? v[1] : Value::none(), given(v[2]) ? v[2] : Value::none(),
                              given(v[3]) ? v[3] : Value::none()};
  return call_clip(interp, {positional, {}, {}}, nullptr);
}

Value part(Interp& interp, Args args, const char* name) {
  KEDGE_BIND(v, 1, name, "val");
  KEDGE_ARRAY(a, v[0]);
  return interp.getattr(wrap(interp, a), name);
}
Value call_real(Interp& interp, Args args, void*) { return part(interp, args, "real"); }
Value call_imag(Interp& interp, Args args, void*) { return part(interp, args, "imag"); }
Value call_angle(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "angle", "z", "deg=");
  KEDGE_ARRAY(a, v[0]);
  const Array z = cast_to(a, is_complex(a.dtype) ? a.dtype : DType::complex128);
  const Array real = *to_array(interp, interp.getattr(wrap(interp, z, false), "real"));
  const Array imag = *to_array(interp, interp.getattr(wrap(interp, z, false), "imag"));
  return wrap(interp, apply(BinaryOp::arctan2, imag, real));
}
Value call_nan_to_num(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 5, "nan_to_num", "x", "copy=", "nan=", "posinf=", "neginf=");
  KEDGE_ARRAY(a, v[0]);
  if (!is_float(a.dtype)) return wrap(interp, copy_of(a));
  const auto number = [&](Value given_value, double fallback) {
    return set(given_value) ? to_double(interp, given_value) : std::optional<double>(fallback);
  };
  const double largest = a.dtype == DType::float16   ? 65504.0
                         : a.dtype == DType::float32 ? static_cast<double>(std::numeric_limits<float>::max())
                                                     : std::numeric_limits<double>::max();
  const auto nan = number(v[2], 0.0);
  const auto up = number(v[3], largest);
  const auto down = number(v[4], -largest);
  if (!nan || !up || !down) return Value();
  Array wide = cast_to(a, DType::float64);
  double* p = wide.as<double>();
  for (std::int64_t i = 0; i < wide.size(); ++i)
    p[i] = std::isnan(p[i]) ? *nan : std::isinf(p[i]) ? (p[i] > 0 ? *up : *down) : p[i];
  return wrap(interp, cast_to(wide, a.dtype));
}

}  // namespace

bool init_numpy_module(Interp& interp, Module& module, void*) {
  Numpy& np = numpy(interp);
  static constexpr const char* kBinary[] = {
      "add",         "subtract",   "multiply",    "divide",        "true_divide", "floor_divide", "mod",
      "remainder",   "fmod",       "power",       "pow",           "float_power", "maximum",      "minimum",
      "fmax",        "fmin",       "arctan2",     "atan2",         "hypot",       "copysign",     "logaddexp",
      "bitwise_and", "bitwise_or", "bitwise_xor", "left_shift",    "right_shift", "equal",        "not_equal",
      "less",        "less_equal", "greater",     "greater_equal", "logical_and", "logical_or",   "logical_xor"};
  static constexpr const char* kUnary[] = {
      "negative", "absolute", "abs",      "fabs",    "sign",        "exp",    "exp2",        "expm1", "log",
      "log2",     "log10",    "log1p",    "sqrt",    "square",      "cbrt",   "reciprocal",  "sin",   "cos",
      "tan",      "arcsin",   "arccos",   "arctan",  "asin",        "acos",   "atan",        "sinh",  "cosh",
      "tanh",     "arcsinh",  "arccosh",  "arctanh", "floor",       "ceil",   "trunc",       "fix",   "rint",
      "isnan",    "isinf",    "isfinite", "signbit", "logical_not", "invert", "bitwise_not", "conj",  "conjugate",
      "deg2rad",  "radians",  "rad2deg",  "degrees"};
  for (const char* name : kBinary)
    interp.def(module, name, call_binary, reinterpret_cast<void*>(static_cast<std::intptr_t>(*find_binary(name))));
  for (const char* name : kUnary)
    interp.def(module, name, call_unary, reinterpret_cast<void*>(static_cast<std::intptr_t>(*find_unary(name))));
  static constexpr NumpyFunction kFunctions[] = {{"round", call_round, "round"},
                                                 {"around", call_round},
                                                 {"round_", call_round},
                                                 {"clip", call_clip},
                                                 {"real", call_real},
                                                 {"imag", call_imag},
                                                 {"angle", call_angle},
                                                 {"nan_to_num", call_nan_to_num}};
  define(interp, module, kFunctions);
  for (Type* type : {np.ndarray, np.generic}) {
    interp.def(type, "clip", method_clip);
    interp.def(type, "conj", call_unary, reinterpret_cast<void*>(static_cast<std::intptr_t>(UnaryOp::conjugate)));
    interp.def(type, "conjugate", call_unary, reinterpret_cast<void*>(static_cast<std::intptr_t>(UnaryOp::conjugate)));
  }
  install_creation(interp, module);
  install_shaping(interp, module);
  install_joining(interp, module);
  install_reductions(interp, module);
  install_sorting(interp, module);
  install_products(interp, module);
  install_linalg(interp, module);
  install_info(interp, module);

  const auto put = [&](std::string_view name, Value value) { interp.dict_set(module.dict, name, value); };
  put("pi", Value::real(3.14159265358979323846));
  put("e", Value::real(2.71828182845904523536));
  put("euler_gamma", Value::real(0.57721566490153286061));
  put("inf", Value::real(INFINITY));
  put("nan", Value::real(NAN));
  put("newaxis", Value::none());
  put("ndarray", Value::object(np.ndarray));
  put("dtype", Value::object(np.dtype));
  for (const auto& [name, type] : np.named_types) put(name, Value::object(type));
  const auto scalar = [&](std::string_view name, DType dtype) {
    put(name, Value::object(np.scalars[static_cast<std::size_t>(dtype)]));
  };
  scalar("bool", DType::boolean);
  scalar("intp", DType::int64);
  scalar("int_", DType::int64);
  scalar("uint", DType::uint64);
  scalar("intc", DType::int32);
  scalar("longlong", DType::int64);
  scalar("byte", DType::int8);
  scalar("ubyte", DType::uint8);
  scalar("short", DType::int16);
  scalar("double", DType::float64);
  scalar("single", DType::float32);
  scalar("half", DType::float16);
  scalar("csingle", DType::complex64);
  scalar("cdouble", DType::complex128);
  return !interp.has_exception();
}

}  // namespace kedge::frontends
