// Elementwise functions of one array.
#include <algorithm>
#include <cmath>

#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

/// out[i] = op(x[i]) computed in T.
template <typename T, typename Op>
void apply(const Call& call, const Op& op) {
  const TensorView& x = call.inputs[0];
  const TensorView& out = call.outputs[0];
  const std::int64_t total = out.size();
  T block[kBlock];
  T result[kBlock];
  for (std::int64_t first = 0; first < total; first += kBlock) {
    const std::int64_t count = std::min(kBlock, total - first);
    const T* in = fetch<T>(x, first, 1, count, block);
    for (std::int64_t i = 0; i < count; ++i) result[i] = op(in[i]);
    store<T>(out.dtype, out.data, first, count, result);
  }
}

template <typename Op>
void float_unary(const Call& call) {
  const Op op(*call.attrs);
  with_float(call.inputs[0].dtype, [&](auto t) { apply<decltype(t)>(call, op); });
}

template <typename Op>
void real_unary(const Call& call) {
  const Op op(*call.attrs);
  with_real(call.inputs[0].dtype, [&](auto t) { apply<decltype(t)>(call, op); });
}

template <typename Op>
void complex_unary(const Call& call) {
  const Op op(*call.attrs);
  if (compute_of(call.inputs[0].dtype) == Compute::c128) return apply<Complex>(call, op);
  with_real(call.inputs[0].dtype, [&](auto t) { apply<decltype(t)>(call, op); });
}

template <typename Op>
void complex_float_unary(const Call& call) {
  const Op op(*call.attrs);
  if (compute_of(call.inputs[0].dtype) == Compute::c128) return apply<Complex>(call, op);
  with_float(call.inputs[0].dtype, [&](auto t) { apply<decltype(t)>(call, op); });
}

/// Defines an op without attributes: `x` is the element, T its type.
#define KEDGE_UNARY(Name, expression)    \
  struct Name {                          \
    explicit Name(const Attrs&) {}       \
    template <typename T>                \
    T operator()(T x) const {            \
      return static_cast<T>(expression); \
    }                                    \
  };

template <typename T>
constexpr bool kUnsigned = std::is_same_v<T, std::uint64_t>;

template <typename T>
T negated(T x) {
  if constexpr (std::is_same_v<T, std::int64_t>)
    return static_cast<std::int64_t>(std::uint64_t{0} - static_cast<std::uint64_t>(x));
  else return static_cast<T>(-x);
}
template <typename T>
T squared(T x) {
  if constexpr (std::is_same_v<T, std::int64_t>)
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(x));
  else return x * x;
}
template <typename T>
T magnitude(T x) {
  if constexpr (std::is_same_v<T, Complex>) return std::abs(x);
  else if constexpr (kUnsigned<T>) return x;
  else if constexpr (std::is_same_v<T, std::int64_t>) return x < 0 ? negated(x) : x;
  else return std::fabs(x);
}

KEDGE_UNARY(Abs, magnitude(x))
KEDGE_UNARY(Neg, negated(x))
KEDGE_UNARY(Square, squared(x))
KEDGE_UNARY(Sign, x > T{} ? T{1} : (x < T{} ? negated(T{1}) : (x == T{} ? T{} : x)))
KEDGE_UNARY(Floor, std::floor(x))
KEDGE_UNARY(Ceil, std::ceil(x))
KEDGE_UNARY(Round, std::nearbyint(x))
KEDGE_UNARY(Exp, std::exp(x))
KEDGE_UNARY(Log, std::log(x))
KEDGE_UNARY(Log1p, std::log1p(x))
KEDGE_UNARY(Expm1, std::expm1(x))
KEDGE_UNARY(Sqrt, std::sqrt(x))
KEDGE_UNARY(Rsqrt, T{1} / std::sqrt(x))
KEDGE_UNARY(Reciprocal, T{1} / x)
KEDGE_UNARY(Sin, std::sin(x))
KEDGE_UNARY(Cos, std::cos(x))
KEDGE_UNARY(Tan, std::tan(x))
KEDGE_UNARY(Asin, std::asin(x))
KEDGE_UNARY(Acos, std::acos(x))
KEDGE_UNARY(Atan, std::atan(x))
KEDGE_UNARY(Sinh, std::sinh(x))
KEDGE_UNARY(Cosh, std::cosh(x))
KEDGE_UNARY(Tanh, std::tanh(x))
KEDGE_UNARY(Asinh, std::asinh(x))
KEDGE_UNARY(Acosh, std::acosh(x))
KEDGE_UNARY(Atanh, std::atanh(x))
KEDGE_UNARY(Erf, std::erf(x))
KEDGE_UNARY(Sigmoid, T{1} / (T{1} + std::exp(-x)))
// A NaN goes through all of these: the comparison that fails keeps x.
KEDGE_UNARY(Relu, x < T{} ? T{} : x)
KEDGE_UNARY(Relu6, x < T{} ? T{} : (x > T{6} ? T{6} : x))
KEDGE_UNARY(Softplus, std::log1p(std::exp(-std::fabs(x))) + (x < T{} ? T{} : x))
KEDGE_UNARY(Softsign, x / (T{1} + std::fabs(x)))
KEDGE_UNARY(HardSwish, x* std::min(std::max(x + T{3}, T{0}), T{6}) / T{6})
KEDGE_UNARY(BitwiseNot, ~x)
#undef KEDGE_UNARY

struct LeakyRelu {
  double alpha;
  explicit LeakyRelu(const Attrs& attrs) : alpha(attrs.real("alpha")) {}
  template <typename T>
  T operator()(T x) const {
    return x < T{} ? x * static_cast<T>(alpha) : x;
  }
};

struct Elu {
  double alpha;
  explicit Elu(const Attrs& attrs) : alpha(attrs.real("alpha")) {}
  template <typename T>
  T operator()(T x) const {
    return x < T{} ? static_cast<T>(alpha) * std::expm1(x) : x;
  }
};

struct Gelu {
  bool approximate;
  explicit Gelu(const Attrs& attrs) : approximate(attrs.flag("approximate")) {}
  template <typename T>
  T operator()(T x) const {
    if (!approximate) return T(0.5) * x * std::erfc(-x * T(0.70710678118654752440));
    return T(0.5) * x * (T{1} + std::tanh(T(0.79788456080286535588) * (x + T(0.044715) * x * x * x)));
  }
};

/// out[i] = test(x[i]) as bool.
template <typename Test>
void float_test(const Call& call) {
  with_float(call.inputs[0].dtype, [&](auto t) {
    using T = decltype(t);
    const TensorView& x = call.inputs[0];
    auto* out = call.outputs[0].as<std::uint8_t>();
    T block[kBlock];
    const std::int64_t total = call.outputs[0].size();
    for (std::int64_t first = 0; first < total; first += kBlock) {
      const std::int64_t count = std::min(kBlock, total - first);
      const T* in = fetch<T>(x, first, 1, count, block);
      for (std::int64_t i = 0; i < count; ++i) out[first + i] = Test{}(in[i]) ? 1 : 0;
    }
  });
}
struct IsNan {
  template <typename T>
  bool operator()(T x) const {
    return std::isnan(x);
  }
};
struct IsInf {
  template <typename T>
  bool operator()(T x) const {
    return std::isinf(x);
  }
};
struct IsFinite {
  template <typename T>
  bool operator()(T x) const {
    return std::isfinite(x);
  }
};

void logical_not(const Call& call) {
  const auto* x = call.inputs[0].as<const std::uint8_t>();
  auto* out = call.outputs[0].as<std::uint8_t>();
  const std::int64_t total = call.outputs[0].size();
  for (std::int64_t i = 0; i < total; ++i) out[i] = x[i] == 0 ? 1 : 0;
}

void bitwise_not(const Call& call) {
  if (call.inputs[0].dtype == DType::boolean) return logical_not(call);
  const BitwiseNot op(*call.attrs);
  if (compute_of(call.inputs[0].dtype) == Compute::u64) return apply<std::uint64_t>(call, op);
  apply<std::int64_t>(call, op);
}

constexpr Entry kUnary[] = {
    {"abs", complex_unary<Abs>},
    {"neg", complex_unary<Neg>},
    {"square", complex_unary<Square>},
    {"sign", real_unary<Sign>},
    {"floor", float_unary<Floor>},
    {"ceil", float_unary<Ceil>},
    {"round", float_unary<Round>},
    {"exp", complex_float_unary<Exp>},
    {"log", complex_float_unary<Log>},
    {"log1p", float_unary<Log1p>},
    {"expm1", float_unary<Expm1>},
    {"sqrt", complex_float_unary<Sqrt>},
    {"rsqrt", float_unary<Rsqrt>},
    {"reciprocal", complex_float_unary<Reciprocal>},
    {"sin", complex_float_unary<Sin>},
    {"cos", complex_float_unary<Cos>},
    {"tan", float_unary<Tan>},
    {"asin", float_unary<Asin>},
    {"acos", float_unary<Acos>},
    {"atan", float_unary<Atan>},
    {"sinh", float_unary<Sinh>},
    {"cosh", float_unary<Cosh>},
    {"tanh", float_unary<Tanh>},
    {"asinh", float_unary<Asinh>},
    {"acosh", float_unary<Acosh>},
    {"atanh", float_unary<Atanh>},
    {"erf", float_unary<Erf>},
    {"sigmoid", float_unary<Sigmoid>},
    {"relu", real_unary<Relu>},
    {"relu6", real_unary<Relu6>},
    {"softplus", float_unary<Softplus>},
    {"softsign", float_unary<Softsign>},
    {"hard_swish", float_unary<HardSwish>},
    {"leaky_relu", float_unary<LeakyRelu>},
    {"elu", float_unary<Elu>},
    {"gelu", float_unary<Gelu>},
    {"is_nan", float_test<IsNan>},
    {"is_inf", float_test<IsInf>},
    {"is_finite", float_test<IsFinite>},
    {"logical_not", logical_not},
    {"bitwise_not", bitwise_not},
};

}  // namespace

std::span<const Entry> unary_kernels() { return kUnary; }

}  // namespace kedge::kernels::reference
