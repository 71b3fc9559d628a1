// Arithmetic of two arrays. Integers wrap; division of integers rounds down and by zero gives zero.
#include "kernels/reference/binary.h"

#include <cmath>
#include <limits>

#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

template <typename T>
constexpr bool kSigned = std::is_same_v<T, std::int64_t>;
template <typename T>
constexpr bool kInteger = std::is_integral_v<T>;

/// Signed overflow is undefined in C++; unsigned arithmetic has the bits we want.
template <typename T, typename F>
T wrapping(T a, T b, F f) {
  if constexpr (kSigned<T>)
    return static_cast<std::int64_t>(f(static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b)));
  else return f(a, b);
}

struct Add {
  explicit Add(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return wrapping(a, b, [](auto x, auto y) { return x + y; });
  }
};
struct Sub {
  explicit Sub(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return wrapping(a, b, [](auto x, auto y) { return x - y; });
  }
};
struct Mul {
  explicit Mul(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return wrapping(a, b, [](auto x, auto y) { return x * y; });
  }
};
struct SquaredDifference {
  explicit SquaredDifference(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return wrapping(a, b, [](auto x, auto y) { return (x - y) * (x - y); });
  }
};
struct Div {
  explicit Div(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return a / b;
  }
};

struct FloorDiv {
  explicit FloorDiv(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (kInteger<T>) {
      if (b == 0) return 0;
      if constexpr (kSigned<T>) {
        if (b == -1) return wrapping(T{0}, a, [](auto x, auto y) { return x - y; });
        const T quotient = a / b;
        return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
      }
      return a / b;
    } else {
      return std::floor(a / b);
    }
  }
};

struct TruncDiv {
  explicit TruncDiv(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (kInteger<T>) {
      if (b == 0) return 0;
      if constexpr (kSigned<T>) {
        if (b == -1) return wrapping(T{0}, a, [](auto x, auto y) { return x - y; });
      }
      return a / b;
    } else {
      return std::trunc(a / b);
    }
  }
};

struct Mod {
  explicit Mod(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (kInteger<T>) {
      if (b == 0) return 0;
      if constexpr (kSigned<T>) {
        if (b == -1) return 0;
        const T rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
      }
      return a % b;
    } else {
      const T rest = std::fmod(a, b);
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }
  }
};

struct Pow {
  explicit Pow(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (kInteger<T>) {
      if constexpr (kSigned<T>) {
        if (b < 0) return a == 1 ? 1 : (a == -1 ? (b % 2 == 0 ? 1 : -1) : 0);
      }
      std::uint64_t base = static_cast<std::uint64_t>(a);
      std::uint64_t result = 1;
      for (auto power = static_cast<std::uint64_t>(b); power != 0; power >>= 1) {
        if ((power & 1) != 0) result *= base;
        base *= base;
      }
      return static_cast<T>(result);
    } else {
      return std::pow(a, b);
    }
  }
};

// A NaN on either side is the answer, as in TensorFlow.
struct Max {
  explicit Max(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return (a > b || a != a) ? a : b;  // NOLINT(misc-redundant-expression): a NaN
  }
};
struct Min {
  explicit Min(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return (a < b || a != a) ? a : b;  // NOLINT(misc-redundant-expression): a NaN
  }
};

struct Atan2 {
  explicit Atan2(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return std::atan2(a, b);
  }
};

template <typename Op>
void real_binary(const Call& call) {
  const Op op(call);
  with_real(call.inputs[0].dtype, [&](auto t) { broadcast_binary<decltype(t), decltype(t)>(call, op); });
}
template <typename Op>
void any_binary(const Call& call) {
  const Op op(call);
  if (compute_of(call.inputs[0].dtype) == Compute::c128) return broadcast_binary<Complex, Complex>(call, op);
  real_binary<Op>(call);
}
template <typename Op>
void float_binary(const Call& call) {
  const Op op(call);
  with_float(call.inputs[0].dtype, [&](auto t) { broadcast_binary<decltype(t), decltype(t)>(call, op); });
}
void divide(const Call& call) {
  if (compute_of(call.inputs[0].dtype) == Compute::c128) return broadcast_binary<Complex, Complex>(call, Div(call));
  float_binary<Div>(call);
}

struct BitAnd {
  explicit BitAnd(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return a & b;
  }
};
struct BitOr {
  explicit BitOr(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return a | b;
  }
};
struct BitXor {
  explicit BitXor(const Call&) {}
  template <typename T>
  T operator()(T a, T b) const {
    return a ^ b;
  }
};
/// Shift counts outside [0, width - 1] are clamped, as TensorFlow's bitwise shifts do.
struct Shift {
  std::int64_t last;
  explicit Shift(const Call& call) : last(dtype_size(call.inputs[0].dtype) * 8 - 1) {}
  template <typename T>
  std::int64_t amount(T b) const {
    if constexpr (kSigned<T>) return std::clamp<std::int64_t>(b, 0, last);
    else return static_cast<std::int64_t>(std::min<std::uint64_t>(b, static_cast<std::uint64_t>(last)));
  }
};
struct LeftShift : Shift {
  using Shift::Shift;
  template <typename T>
  T operator()(T a, T b) const {
    return static_cast<T>(static_cast<std::uint64_t>(a) << amount(b));
  }
};
struct RightShift : Shift {
  using Shift::Shift;
  template <typename T>
  T operator()(T a, T b) const {
    return a >> amount(b);
  }
};

template <typename Op>
void integer_binary(const Call& call) {
  const Op op(call);
  if (compute_of(call.inputs[0].dtype) == Compute::u64) return broadcast_binary<std::uint64_t, std::uint64_t>(call, op);
  broadcast_binary<std::int64_t, std::int64_t>(call, op);
}

constexpr Entry kBinary[] = {
    {"add", any_binary<Add>},
    {"sub", any_binary<Sub>},
    {"mul", any_binary<Mul>},
    {"div", divide},
    {"squared_difference", any_binary<SquaredDifference>},
    {"floordiv", real_binary<FloorDiv>},
    {"truncdiv", real_binary<TruncDiv>},
    {"mod", real_binary<Mod>},
    {"pow", real_binary<Pow>},
    {"max", real_binary<Max>},
    {"min", real_binary<Min>},
    {"atan2", float_binary<Atan2>},
    {"bitwise_and", integer_binary<BitAnd>},
    {"bitwise_or", integer_binary<BitOr>},
    {"bitwise_xor", integer_binary<BitXor>},
    {"left_shift", integer_binary<LeftShift>},
    {"right_shift", integer_binary<RightShift>},
};

}  // namespace

std::span<const Entry> binary_kernels() { return kBinary; }

}  // namespace kedge::kernels::reference
