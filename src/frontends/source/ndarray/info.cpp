// Functions of `_numpy` about dtypes and equality: finfo, iinfo, issubdtype, result_type, allclose, interp.
#include <algorithm>
#include <cmath>
#include <limits>

#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {

using pylang::as;

namespace {

/// A plain object with attributes.
Value record(Interp& interp, Type* type, std::initializer_list<std::pair<std::string_view, Value>> members) {
  auto* object = interp.make<pylang::Instance>(type);
  object->dict = interp.dict();
  for (const auto& [name, value] : members) interp.dict_set(object->dict, name, value);
  return Value::object(object);
}

std::optional<DType> dtype_or_of(Interp& interp, Value v) {
  if (const NdArray* array = array_of(v)) return array->a.dtype;
  if (v.is_float()) return DType::float64;
  if (v.is_int()) return DType::int64;
  return to_dtype(interp, v);
}

Value scalar(Interp& interp, DType dtype, double value) {
  return wrap(interp, cast_to(make_scalar<double>(DType::float64, value), dtype));
}

Value construct_finfo(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "finfo", "cls", "dtype");
  const auto asked = dtype_or_of(interp, v[1]);
  if (!asked) return Value();
  DType dtype = *asked;
  if (dtype == DType::complex64) dtype = DType::float32;
  if (dtype == DType::complex128) dtype = DType::float64;
  if (!is_float(dtype)) return interp.raise("ValueError", "data type not inexact");
  const bool half = dtype == DType::float16;
  const bool single = dtype == DType::float32;
  using F = std::numeric_limits<float>;
  using D = std::numeric_limits<double>;
  const double eps = half ? std::ldexp(1.0, -10) : single ? static_cast<double>(F::epsilon()) : D::epsilon();
  const double max = half ? 65504.0 : single ? static_cast<double>(F::max()) : D::max();
  const double tiny = half ? std::ldexp(1.0, -14) : single ? static_cast<double>(F::min()) : D::min();
  const double denormal = half ? std::ldexp(1.0, -24) : single ? static_cast<double>(F::denorm_min()) : D::denorm_min();
  const Value epsneg = scalar(interp, dtype, eps / 2);
  const Value description =
      interp.call(Value::object(numpy(interp).dtype), std::vector<Value>{interp.str(dtype_name(dtype))});
  return record(interp, static_cast<Type*>(v[0].o),
                {{"eps", scalar(interp, dtype, eps)},
                 {"max", scalar(interp, dtype, max)},
                 {"min", scalar(interp, dtype, -max)},
                 {"tiny", scalar(interp, dtype, tiny)},
                 {"smallest_normal", scalar(interp, dtype, tiny)},
                 {"smallest_subnormal", scalar(interp, dtype, denormal)},
                 {"epsneg", epsneg},
                 {"bits", Value::integer(dtype_size(dtype) * 8)},
                 {"resolution", scalar(interp, dtype,
                                       half     ? 1e-3
                                       : single ? 1e-6
                                                : 1e-15)},
                 {"precision", Value::integer(half     ? 3
                                              : single ? 6
                                                       : 15)},
                 {"dtype", description}});
}

Value construct_iinfo(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "iinfo", "cls", "dtype");
  const auto dtype = dtype_or_of(interp, v[1]);
  if (!dtype) return Value();
  if (!is_integer(*dtype))
    return interp.raise("ValueError", "Invalid integer data type '" + std::string(1, kind_of(*dtype)) + "'.");
  const std::int64_t bits = dtype_size(*dtype) * 8;
  const bool is_signed_type = is_signed(*dtype);
  const pylang::BigInt top = pylang::BigInt::shift_left(pylang::BigInt(1), is_signed_type ? bits - 1 : bits);
  const Value description =
      interp.call(Value::object(numpy(interp).dtype), std::vector<Value>{interp.str(dtype_name(*dtype))});
  return record(interp, static_cast<Type*>(v[0].o),
                {{"max", interp.big(top - pylang::BigInt(1))},
                 {"min", is_signed_type ? interp.big(-top) : Value::integer(0)},
                 {"bits", Value::integer(bits)},
                 {"dtype", description}});
}

/// The scalar class that a dtype-like argument names, abstract ones included.
Type* class_of(Interp& interp, Value v) {
  if (auto* type = as<Type>(v)) {
    for (const auto& [name, t] : numpy(interp).named_types) {
      if (t == type) return type;
    }
  }
  const auto dtype = to_dtype(interp, v);
  return dtype ? numpy(interp).scalars[static_cast<std::size_t>(*dtype)] : nullptr;
}
Value call_issubdtype(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "issubdtype", "arg1", "arg2");
  Type* a = class_of(interp, v[0]);
  if (a == nullptr) return Value();
  Type* b = class_of(interp, v[1]);
  return b == nullptr ? Value() : Value::boolean(interp.is_subtype(a, b));
}
Value dtype_value(Interp& interp, DType dtype) {
  return interp.call(Value::object(numpy(interp).dtype), std::vector<Value>{interp.str(dtype_name(dtype))});
}
Value call_result_type(Interp& interp, Args args, void*) {
  std::vector<Operand> operands;
  for (const Value x : args.positional) {
    if (array_of(x) != nullptr || x.is_int() || x.is_float() || x.is_bool() || as<pylang::Complex>(x) != nullptr) {
      auto o = to_operand(interp, x);
      if (!o) return Value();
      operands.push_back(std::move(*o));
    } else {
      const auto dtype = to_dtype(interp, x);
      if (!dtype) return Value();
      operands.push_back({make_array(*dtype, {}), Operand::Weak::no});
    }
  }
  if (operands.empty()) return interp.raise("ValueError", "at least one array or dtype is required");
  const auto dtype = common_dtype(interp, operands);
  return dtype ? dtype_value(interp, *dtype) : Value();
}
Value call_can_cast(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "can_cast", "from_", "to", "casting=");
  const auto from = dtype_or_of(interp, v[0]);
  if (!from) return Value();
  const auto to = to_dtype(interp, v[1]);
  if (!to) return Value();
  auto* rule = as<pylang::Str>(v[2]);
  if (rule != nullptr && rule->text == "unsafe") return Value::boolean(true);
  if (rule != nullptr && (rule->text == "no" || rule->text == "equiv")) return Value::boolean(*from == *to);
  if (rule != nullptr && rule->text == "same_kind")
    return Value::boolean(std::string_view("buifc").find(kind_of(*from)) <=
                          std::string_view("buifc").find(kind_of(*to)));
  return Value::boolean(can_cast_safely(*from, *to));
}
Value call_isscalar(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "isscalar", "element");
  const NdArray* array = array_of(v[0]);
  return Value::boolean((array != nullptr && array->scalar) || v[0].is_int() || v[0].is_float() || v[0].is_bool() ||
                        as<pylang::Complex>(v[0]) != nullptr || as<pylang::Str>(v[0]) != nullptr ||
                        as<pylang::BigIntObject>(v[0]) != nullptr);
}

std::optional<Array> closeness(Interp& interp, Args args) {
  Value v[5];
  if (!interp.bind(args, "isclose", {"a", "b", "rtol=", "atol=", "equal_nan="}, v)) return std::nullopt;
  double rtol = 1e-5;
  double atol = 1e-8;
  for (const auto& [value, target] : {std::pair{v[2], &rtol}, std::pair{v[3], &atol}}) {
    if (!given(value)) continue;
    const auto x = to_double(interp, value);
    if (!x) return std::nullopt;
    *target = *x;
  }
  bool equal_nan = false;
  if (!flag_argument(interp, v[4], equal_nan)) return std::nullopt;
  const auto p = to_array(interp, v[0]);
  if (!p) return std::nullopt;
  const auto q = to_array(interp, v[1]);
  if (!q) return std::nullopt;
  const auto shape = broadcast_shapes(p->shape, q->shape);
  if (!shape) {
    fail(interp, "ValueError", "operands could not be broadcast together");
    return std::nullopt;
  }
  const Array a = contiguous_of(broadcast_view(cast_to(*p, DType::complex128), *shape));
  const Array b = contiguous_of(broadcast_view(cast_to(*q, DType::complex128), *shape));
  Array out = make_array(DType::boolean, *shape);
  for (std::int64_t i = 0; i < out.size(); ++i) {
    const auto x = a.as<std::complex<double>>()[i];
    const auto y = b.as<std::complex<double>>()[i];
    const bool nan_x = std::isnan(x.real()) || std::isnan(x.imag());
    const bool nan_y = std::isnan(y.real()) || std::isnan(y.imag());
    if (nan_x || nan_y) out.as<bool>()[i] = equal_nan && nan_x && nan_y;
    else if (std::isinf(x.real()) || std::isinf(y.real())) out.as<bool>()[i] = x == y;
    else out.as<bool>()[i] = std::abs(x - y) <= atol + rtol * std::abs(y);
  }
  return out;
}
Value call_isclose(Interp& interp, Args args, void*) {
  auto out = closeness(interp, args);
  return out ? wrap(interp, std::move(*out)) : Value();
}
Value call_allclose(Interp& interp, Args args, void*) {
  const auto out = closeness(interp, args);
  if (!out) return Value();
  bool all = true;
  for (std::int64_t i = 0; i < out->size(); ++i) all = all && out->as<bool>()[i];
  return Value::boolean(all);
}
Value call_array_equal(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "array_equal", "a1", "a2", "equal_nan=");
  KEDGE_ARRAY(a, v[0]);
  KEDGE_ARRAY(b, v[1]);
  if (a.shape != b.shape) return Value::boolean(false);
  const Value same = binary(interp, BinaryOp::equal, wrap(interp, a, false), wrap(interp, b, false), "equal");
  return same.is_error() ? same : interp.call(interp.getattr(interp.call_method(same, "all"), "__bool__"));
}
Value call_interp(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 5, "interp", "x", "xp", "fp", "left=", "right=");
  Array arrays[3];
  for (int i = 0; i < 3; ++i) {
    KEDGE_ARRAY(a, v[i]);
    arrays[i] = contiguous_of(cast_to(a, DType::float64));
  }
  const std::int64_t n = arrays[1].size();
  if (n == 0 || arrays[2].size() != n) return interp.raise("ValueError", "fp and xp are not of the same length.");
  const double* xp = arrays[1].as<double>();
  const double* fp = arrays[2].as<double>();
  double left = fp[0];
  double right = fp[n - 1];
  for (const auto& [value, target] : {std::pair{v[3], &left}, std::pair{v[4], &right}}) {
    if (!set(value)) continue;
    const auto x = to_double(interp, value);
    if (!x) return Value();
    *target = *x;
  }
  Array out = make_array(DType::float64, arrays[0].shape);
  for (std::int64_t i = 0; i < out.size(); ++i) {
    const double x = arrays[0].as<double>()[i];
    double& y = out.as<double>()[i];
    if (std::isnan(x)) y = x;
    else if (x < xp[0]) y = left;
    else if (x > xp[n - 1]) y = right;
    else {
      std::int64_t j = std::upper_bound(xp, xp + n, x) - xp - 1;
      if (j >= n - 1) y = fp[n - 1];
      else if (x == xp[j]) y = fp[j];
      else y = (fp[j + 1] - fp[j]) / (xp[j + 1] - xp[j]) * (x - xp[j]) + fp[j];
    }
  }
  return wrap(interp, std::move(out));
}

}  // namespace

void install_info(Interp& interp, Module& module) {
  static constexpr NumpyFunction kFunctions[] = {
      {"issubdtype", call_issubdtype}, {"result_type", call_result_type}, {"promote_types", call_result_type},
      {"can_cast", call_can_cast},     {"isscalar", call_isscalar},       {"isclose", call_isclose},
      {"allclose", call_allclose},     {"array_equal", call_array_equal}, {"interp", call_interp}};
  define(interp, module, kFunctions);
  for (const bool real : {true, false}) {
    Type* type = interp.make_host_type("numpy", real ? "finfo" : "iinfo");
    type->construct = real ? construct_finfo : construct_iinfo;
    interp.dict_set(module.dict, real ? "finfo" : "iinfo", Value::object(type));
  }
}

}  // namespace kedge::frontends
