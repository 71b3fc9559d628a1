// Loops of the universal functions of two arrays.
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "frontends/source/ndarray/elementwise.h"

namespace kedge::frontends {
namespace {

template <typename T>
constexpr bool kIsComplex = std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;

/// Contiguous operands where one may be a single element.
template <typename T, typename U, typename Fn>
void loop(const Array& a, const Array& b, const Array& out, Fn fn) {
  const T* x = a.as<T>();
  const T* y = b.as<T>();
  U* o = out.as<U>();
  const std::int64_t n = out.size();
  const std::int64_t xs = a.size() == 1 ? 0 : 1;
  const std::int64_t ys = b.size() == 1 ? 0 : 1;
  for (std::int64_t i = 0; i < n; ++i) o[i] = fn(x[i * xs], y[i * ys]);
}

template <typename T>
T floor_div(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    // Python's floor division of floats: exact remainder first, so that the quotient is never off by one.
    if (b == 0) return a / b;
    T mod = std::fmod(a, b);
    T div = (a - mod) / b;
    if (mod != 0 && (b < 0) != (mod < 0)) div -= 1;
    if (div == 0) return std::copysign(T(0), a / b);
    T floored = std::floor(div);
    if (div - floored > T(0.5)) floored += 1;
    return floored;
  } else {
    if (b == 0) return 0;
    if constexpr (std::is_signed_v<T>) {
      if (b == -1) return static_cast<T>(std::make_unsigned_t<T>(0) - static_cast<std::make_unsigned_t<T>>(a));
    }
    T q = static_cast<T>(a / b);
    if ((a % b != 0) && ((a < 0) != (b < 0))) --q;
    return q;
  }
}

template <typename T>
T modulo(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    T mod = std::fmod(a, b);
    if (b == 0) return mod;
    if (mod != 0) {
      if ((b < 0) != (mod < 0)) mod += b;
    } else {
      mod = std::copysign(T(0), b);
    }
    return mod;
  } else {
    if (b == 0) return 0;
    if constexpr (std::is_signed_v<T>) {
      if (b == -1) return 0;
    }
    T r = static_cast<T>(a % b);
    if (r != 0 && ((r < 0) != (b < 0))) r = static_cast<T>(r + b);
    return r;
  }
}

template <typename T>
T c_modulo(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::fmod(a, b);
  } else {
    if (b == 0) return 0;
    if constexpr (std::is_signed_v<T>) {
      if (b == -1) return 0;
    }
    return static_cast<T>(a % b);
  }
}

template <typename T>
T power(T a, T b) {
  if constexpr (kIsComplex<T>) {
    if (b == T(0)) return T(1);
    if (b.imag() == 0 && b.real() == std::floor(b.real()) && std::abs(b.real()) <= 100) {
      auto n = static_cast<int>(std::abs(b.real()));
      T result(1);
      T base = a;
      while (n > 0) {
        if (n & 1) result *= base;
        base *= base;
        n >>= 1;
      }
      return b.real() < 0 ? T(1) / result : result;
    }
    return std::pow(a, b);
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::pow(a, b);
  } else {
    using U = std::make_unsigned_t<T>;
    std::uint64_t result = 1;
    auto base = static_cast<std::uint64_t>(static_cast<U>(a));
    auto n = static_cast<std::uint64_t>(static_cast<U>(b));
    while (n > 0) {
      if (n & 1) result *= base;
      base *= base;
      n >>= 1;
    }
    return static_cast<T>(result);
  }
}

template <typename T>
bool less_than(T a, T b) {
  if constexpr (kIsComplex<T>) return a.real() < b.real() || (a.real() == b.real() && a.imag() < b.imag());
  else return a < b;
}

template <typename T>
bool is_nan(T v) {
  if constexpr (kIsComplex<T>) return std::isnan(v.real()) || std::isnan(v.imag());
  else if constexpr (std::is_floating_point_v<T>) return std::isnan(v);
  else return false;
}

// Wrapping arithmetic in the unsigned type of 64 bits: what numpy's C does, without undefined behaviour.
template <typename T>
T wrap(std::uint64_t v) {
  return static_cast<T>(v);
}

template <typename T>
bool arithmetic(BinaryOp op, const Array& a, const Array& b, const Array& out) {
  switch (op) {
    case BinaryOp::add:
      if constexpr (std::is_same_v<T, bool>) loop<T, T>(a, b, out, [](T x, T y) { return x || y; });
      else if constexpr (std::is_integral_v<T>)
        loop<T, T>(a, b, out,
                   [](T x, T y) { return wrap<T>(static_cast<std::uint64_t>(x) + static_cast<std::uint64_t>(y)); });
      else loop<T, T>(a, b, out, [](T x, T y) { return x + y; });
      return true;
    case BinaryOp::subtract:
      if constexpr (std::is_integral_v<T>)
        loop<T, T>(a, b, out,
                   [](T x, T y) { return wrap<T>(static_cast<std::uint64_t>(x) - static_cast<std::uint64_t>(y)); });
      else loop<T, T>(a, b, out, [](T x, T y) { return x - y; });
      return true;
    case BinaryOp::multiply:
      if constexpr (std::is_same_v<T, bool>) loop<T, T>(a, b, out, [](T x, T y) { return x && y; });
      else if constexpr (std::is_integral_v<T>)
        loop<T, T>(a, b, out,
                   [](T x, T y) { return wrap<T>(static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(y)); });
      else loop<T, T>(a, b, out, [](T x, T y) { return x * y; });
      return true;
    case BinaryOp::divide:
      if constexpr (!std::is_integral_v<T>) loop<T, T>(a, b, out, [](T x, T y) { return x / y; });
      return true;
    case BinaryOp::maximum:
      loop<T, T>(a, b, out, [](T x, T y) { return is_nan(x) ? x : is_nan(y) ? y : less_than(x, y) ? y : x; });
      return true;
    case BinaryOp::minimum:
      loop<T, T>(a, b, out, [](T x, T y) { return is_nan(x) ? x : is_nan(y) ? y : less_than(y, x) ? y : x; });
      return true;
    case BinaryOp::fmax:
      loop<T, T>(a, b, out, [](T x, T y) { return is_nan(x) ? y : is_nan(y) ? x : less_than(x, y) ? y : x; });
      return true;
    case BinaryOp::fmin:
      loop<T, T>(a, b, out, [](T x, T y) { return is_nan(x) ? y : is_nan(y) ? x : less_than(y, x) ? y : x; });
      return true;
    case BinaryOp::power:
      if constexpr (!std::is_same_v<T, bool>) loop<T, T>(a, b, out, power<T>);
      return true;
    default: return false;
  }
}

template <typename T>
bool real_only(BinaryOp op, const Array& a, const Array& b, const Array& out) {
  if constexpr (!kIsComplex<T> && !std::is_same_v<T, bool>) {
    switch (op) {
      case BinaryOp::floor_divide: loop<T, T>(a, b, out, floor_div<T>); return true;
      case BinaryOp::remainder: loop<T, T>(a, b, out, modulo<T>); return true;
      case BinaryOp::fmod: loop<T, T>(a, b, out, c_modulo<T>); return true;
      default: break;
    }
  }
  if constexpr (std::is_floating_point_v<T>) {
    switch (op) {
      case BinaryOp::arctan2: loop<T, T>(a, b, out, [](T x, T y) { return std::atan2(x, y); }); return true;
      case BinaryOp::hypot: loop<T, T>(a, b, out, [](T x, T y) { return std::hypot(x, y); }); return true;
      case BinaryOp::copysign: loop<T, T>(a, b, out, [](T x, T y) { return std::copysign(x, y); }); return true;
      case BinaryOp::logaddexp:
        loop<T, T>(a, b, out, [](T x, T y) {
          if (x == y) return x + std::log(T(2));
          const T d = x - y;
          return d > 0 ? x + std::log1p(std::exp(-d)) : y + std::log1p(std::exp(d));
        });
        return true;
      default: break;
    }
  }
  return false;
}

template <typename T>
bool bitwise(BinaryOp op, const Array& a, const Array& b, const Array& out) {
  if constexpr (std::is_integral_v<T>) {
    switch (op) {
      case BinaryOp::bitwise_and: loop<T, T>(a, b, out, [](T x, T y) { return static_cast<T>(x & y); }); return true;
      case BinaryOp::bitwise_or: loop<T, T>(a, b, out, [](T x, T y) { return static_cast<T>(x | y); }); return true;
      case BinaryOp::bitwise_xor: loop<T, T>(a, b, out, [](T x, T y) { return static_cast<T>(x ^ y); }); return true;
      case BinaryOp::left_shift:
        loop<T, T>(a, b, out, [](T x, T y) {
          return static_cast<std::uint64_t>(y) < sizeof(T) * 8
                     ? wrap<T>(static_cast<std::uint64_t>(x) << static_cast<std::uint64_t>(y))
                     : T(0);
        });
        return true;
      case BinaryOp::right_shift:
        loop<T, T>(a, b, out, [](T x, T y) {
          return static_cast<std::uint64_t>(y) < sizeof(T) * 8 ? static_cast<T>(x >> y)
                                                               : static_cast<T>(x < T(0) ? T(-1) : T(0));
        });
        return true;
      default: break;
    }
  }
  return false;
}

template <typename T>
bool comparison(BinaryOp op, const Array& a, const Array& b, const Array& out) {
  const auto truth = [](T v) { return v != T(0); };
  switch (op) {
    case BinaryOp::equal: loop<T, bool>(a, b, out, [](T x, T y) { return x == y; }); return true;
    case BinaryOp::not_equal: loop<T, bool>(a, b, out, [](T x, T y) { return x != y; }); return true;
    case BinaryOp::less: loop<T, bool>(a, b, out, [](T x, T y) { return less_than(x, y); }); return true;
    case BinaryOp::less_equal:
      loop<T, bool>(a, b, out, [](T x, T y) { return less_than(x, y) || x == y; });
      return true;
    case BinaryOp::greater: loop<T, bool>(a, b, out, [](T x, T y) { return less_than(y, x); }); return true;
    case BinaryOp::greater_equal:
      loop<T, bool>(a, b, out, [](T x, T y) { return less_than(y, x) || x == y; });
      return true;
    case BinaryOp::logical_and:
      loop<T, bool>(a, b, out, [truth](T x, T y) { return truth(x) && truth(y); });
      return true;
    case BinaryOp::logical_or:
      loop<T, bool>(a, b, out, [truth](T x, T y) { return truth(x) || truth(y); });
      return true;
    case BinaryOp::logical_xor:
      loop<T, bool>(a, b, out, [truth](T x, T y) { return truth(x) != truth(y); });
      return true;
    default: return false;
  }
}

}  // namespace

Array apply(BinaryOp op, const Array& a, const Array& b) {
  if (a.dtype == DType::float16) {  // computed in single precision, rounded once
    const Array wide = apply(op, cast_to(a, DType::float32), cast_to(b, DType::float32));
    return gives_bool(op) ? wide : cast_to(wide, DType::float16);
  }
  const StaticShape shape = *broadcast_shapes(a.shape, b.shape);
  const Array x = a.size() == 1 ? contiguous_of(a) : contiguous_of(broadcast_view(a, shape));
  const Array y = b.size() == 1 ? contiguous_of(b) : contiguous_of(broadcast_view(b, shape));
  Array out = make_array(gives_bool(op) ? DType::boolean : a.dtype, shape);
  with_type(a.dtype, [&]<typename T>(T*) {
    if constexpr (!std::is_same_v<T, Half>) {
      arithmetic<T>(op, x, y, out) || real_only<T>(op, x, y, out) || bitwise<T>(op, x, y, out) ||
          comparison<T>(op, x, y, out);
    }
    return 0;
  });
  return out;
}

}  // namespace kedge::frontends
