// Loops of the universal functions of one array.
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "frontends/source/ndarray/elementwise.h"

namespace kedge::frontends {
namespace {

template <typename T>
constexpr bool kIsComplex = std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;

template <typename T, typename U, typename Fn>
void loop(const Array& a, const Array& out, Fn fn) {
  const T* x = a.as<T>();
  U* o = out.as<U>();
  const std::int64_t n = out.size();
  for (std::int64_t i = 0; i < n; ++i) o[i] = fn(x[i]);
}

/// What integers, floats and complex numbers all have.
template <typename T>
bool common(UnaryOp op, const Array& a, const Array& out) {
  switch (op) {
    case UnaryOp::negative:
      if constexpr (std::is_integral_v<T>)
        loop<T, T>(a, out, [](T v) { return static_cast<T>(std::uint64_t{0} - static_cast<std::uint64_t>(v)); });
      else loop<T, T>(a, out, [](T v) { return -v; });
      return true;
    case UnaryOp::square:
      if constexpr (std::is_integral_v<T>)
        loop<T, T>(a, out,
                   [](T v) { return static_cast<T>(static_cast<std::uint64_t>(v) * static_cast<std::uint64_t>(v)); });
      else loop<T, T>(a, out, [](T v) { return v * v; });
      return true;
    case UnaryOp::reciprocal:
      if constexpr (std::is_integral_v<T>)
        loop<T, T>(a, out, [](T v) { return v == 0 ? T(0) : static_cast<T>(T(1) / v); });
      else loop<T, T>(a, out, [](T v) { return T(1) / v; });
      return true;
    case UnaryOp::logical_not: loop<T, bool>(a, out, [](T v) { return v == T(0); }); return true;
    case UnaryOp::conjugate:
      if constexpr (kIsComplex<T>) loop<T, T>(a, out, [](T v) { return std::conj(v); });
      else loop<T, T>(a, out, [](T v) { return v; });
      return true;
    case UnaryOp::sign:
      if constexpr (kIsComplex<T>) loop<T, T>(a, out, [](T v) { return v == T(0) ? T(0) : v / std::abs(v); });
      else if constexpr (std::is_floating_point_v<T>)
        loop<T, T>(a, out, [](T v) { return std::isnan(v) ? v : T(v > 0) - T(v < 0); });
      else
        loop<T, T>(a, out, [](T v) { return static_cast<T>(static_cast<int>(v > T(0)) - static_cast<int>(v < T(0))); });
      return true;
    default: return false;
  }
}

template <typename T>
bool integers(UnaryOp op, const Array& a, const Array& out) {
  switch (op) {
    case UnaryOp::absolute:
      loop<T, T>(a, out,
                 [](T v) { return v < T(0) ? static_cast<T>(std::uint64_t{0} - static_cast<std::uint64_t>(v)) : v; });
      return true;
    case UnaryOp::invert:
      if constexpr (std::is_same_v<T, bool>) loop<T, T>(a, out, [](T v) { return !v; });
      else loop<T, T>(a, out, [](T v) { return static_cast<T>(~v); });
      return true;
    case UnaryOp::floor:
    case UnaryOp::ceil:
    case UnaryOp::trunc: loop<T, T>(a, out, [](T v) { return v; }); return true;
    case UnaryOp::isnan:
    case UnaryOp::isinf: loop<T, bool>(a, out, [](T) { return false; }); return true;
    case UnaryOp::isfinite: loop<T, bool>(a, out, [](T) { return true; }); return true;
    default: return false;
  }
}

/// Functions of floats and complex numbers.
template <typename T>
bool transcendental(UnaryOp op, const Array& a, const Array& out) {
  switch (op) {
#define KEDGE_CASE(name, expression) \
  case UnaryOp::name: loop<T, T>(a, out, [](T v) { return expression; }); return true;
    KEDGE_CASE(exp, std::exp(v))
    KEDGE_CASE(log, std::log(v))
    KEDGE_CASE(log10, std::log10(v))
    KEDGE_CASE(sqrt, std::sqrt(v))
    KEDGE_CASE(sin, std::sin(v))
    KEDGE_CASE(cos, std::cos(v))
    KEDGE_CASE(tan, std::tan(v))
    KEDGE_CASE(arcsin, std::asin(v))
    KEDGE_CASE(arccos, std::acos(v))
    KEDGE_CASE(arctan, std::atan(v))
    KEDGE_CASE(sinh, std::sinh(v))
    KEDGE_CASE(cosh, std::cosh(v))
    KEDGE_CASE(tanh, std::tanh(v))
    KEDGE_CASE(arcsinh, std::asinh(v))
    KEDGE_CASE(arccosh, std::acosh(v))
    KEDGE_CASE(arctanh, std::atanh(v))
    default: return false;
  }
}

template <typename T>
bool reals(UnaryOp op, const Array& a, const Array& out) {
  constexpr T kPi = static_cast<T>(3.14159265358979323846L);
  switch (op) {
    KEDGE_CASE(absolute, std::fabs(v))
    KEDGE_CASE(exp2, std::exp2(v))
    KEDGE_CASE(expm1, std::expm1(v))
    KEDGE_CASE(log2, std::log2(v))
    KEDGE_CASE(log1p, std::log1p(v))
    KEDGE_CASE(cbrt, std::cbrt(v))
    KEDGE_CASE(floor, std::floor(v))
    KEDGE_CASE(ceil, std::ceil(v))
    KEDGE_CASE(trunc, std::trunc(v))
    KEDGE_CASE(rint, std::nearbyint(v))
    KEDGE_CASE(deg2rad, v * (kPi / T(180)))
    KEDGE_CASE(rad2deg, v * (T(180) / kPi))
#undef KEDGE_CASE
    case UnaryOp::isnan: loop<T, bool>(a, out, [](T v) { return std::isnan(v); }); return true;
    case UnaryOp::isinf: loop<T, bool>(a, out, [](T v) { return std::isinf(v); }); return true;
    case UnaryOp::isfinite: loop<T, bool>(a, out, [](T v) { return std::isfinite(v); }); return true;
    case UnaryOp::signbit: loop<T, bool>(a, out, [](T v) { return std::signbit(v); }); return true;
    default: return false;
  }
}

template <typename T>
bool complexes(UnaryOp op, const Array& a, const Array& out) {
  using R = typename T::value_type;
  switch (op) {
    case UnaryOp::absolute: loop<T, R>(a, out, [](T v) { return std::hypot(v.real(), v.imag()); }); return true;
    case UnaryOp::exp2: loop<T, T>(a, out, [](T v) { return std::pow(T(2), v); }); return true;
    case UnaryOp::expm1: loop<T, T>(a, out, [](T v) { return std::exp(v) - T(1); }); return true;
    case UnaryOp::log2: loop<T, T>(a, out, [](T v) { return std::log(v) / std::log(R(2)); }); return true;
    case UnaryOp::log1p: loop<T, T>(a, out, [](T v) { return std::log(T(1) + v); }); return true;
    case UnaryOp::rint:
      loop<T, T>(a, out, [](T v) { return T(std::nearbyint(v.real()), std::nearbyint(v.imag())); });
      return true;
    case UnaryOp::isnan:
      loop<T, bool>(a, out, [](T v) { return std::isnan(v.real()) || std::isnan(v.imag()); });
      return true;
    case UnaryOp::isinf:
      loop<T, bool>(a, out, [](T v) { return std::isinf(v.real()) || std::isinf(v.imag()); });
      return true;
    case UnaryOp::isfinite:
      loop<T, bool>(a, out, [](T v) { return std::isfinite(v.real()) && std::isfinite(v.imag()); });
      return true;
    default: return false;
  }
}

}  // namespace

Array apply(UnaryOp op, const Array& a) {
  if (a.dtype == DType::float16) {
    const Array wide = apply(op, cast_to(a, DType::float32));
    return gives_bool(op) ? wide : cast_to(wide, DType::float16);
  }
  const Array x = contiguous_of(a);
  DType dtype = gives_bool(op) ? DType::boolean : a.dtype;
  if (op == UnaryOp::absolute && is_complex(dtype)) dtype = dtype == DType::complex64 ? DType::float32 : DType::float64;
  Array out = make_array(dtype, a.shape);
  with_type(a.dtype, [&]<typename T>(T*) {
    if constexpr (!std::is_same_v<T, Half>) {
      if (common<T>(op, x, out)) return 0;
      if constexpr (std::is_integral_v<T>) {
        integers<T>(op, x, out);
      } else if (!transcendental<T>(op, x, out)) {
        if constexpr (kIsComplex<T>) complexes<T>(op, x, out);
        else reals<T>(op, x, out);
      }
    }
    return 0;
  });
  return out;
}

}  // namespace kedge::frontends
