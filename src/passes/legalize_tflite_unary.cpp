// Unary functions that TFLite lacks, written with those it has. Each stays accurate where the obvious formula cancels.
#include <array>
#include <cmath>
#include <limits>

#include "passes/legalize_tflite_emitter.h"

namespace kedge::passes::tflite {
namespace {

ValueId one(Emitter& e, ValueId x) { return e.like(x, 1); }

ValueId polynomial(Emitter& e, ValueId x, std::span<const double> high_to_low) {
  ValueId sum = e.like(x, high_to_low[0]);
  for (std::size_t i = 1; i < high_to_low.size(); ++i) {
    const ValueId term = i == 1 ? e.mul(x, sum) : e.mul(sum, x);
    sum = e.add(term, e.like(x, high_to_low[i]));
  }
  return sum;
}

// Near zero 2 artanh(z) with z = x / (2 + x) as a series in z² (|z| <= 0.2: five terms are below the last bit);
// elsewhere log(1 + x), where the rounding of 1 + x no longer matters.
constexpr std::array<double, 5> kArtanh = {1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1.0};

ValueId log1p(Emitter& e, ValueId x) {
  const ValueId held = e.op("max", {e.op("min", {x, e.like(x, 0.5)}), e.like(x, -0.3)});
  const ValueId z = e.div(held, e.add(held, e.like(x, 2)));
  const ValueId near_zero = e.mul(e.mul(z, e.like(x, 2)), polynomial(e, e.mul(z, z), kArtanh));
  const ValueId elsewhere = e.unary("log", e.add(x, one(e, x)));
  return e.select(e.op("equal", {held, x}), near_zero, elsewhere);
}

Values log1p_rule(Emitter& e, const Values& in, const Attrs&) { return {log1p(e, in[0])}; }

// ELU is expm1 on the negative side; on the positive side expm1(x) = -expm1(-x) * exp(x).
ValueId expm1(Emitter& e, ValueId x) {
  const ValueId zero = e.like(x, 0);
  const ValueId negative = e.raw1("elu", {e.op("min", {x, zero})}, Attrs{{"alpha", 1.0}});
  const ValueId positive = e.op("max", {x, zero});
  const ValueId mirrored = e.raw1("elu", {e.unary("neg", positive)}, Attrs{{"alpha", 1.0}});
  return e.sub(negative, e.mul(mirrored, e.unary("exp", positive)));
}

Values expm1_rule(Emitter& e, const Values& in, const Attrs&) { return {expm1(e, in[0])}; }

Values reciprocal(Emitter& e, const Values& in, const Attrs&) { return {e.div(one(e, in[0]), in[0])}; }

Values tan(Emitter& e, const Values& in, const Attrs&) { return {e.div(e.unary("sin", in[0]), e.unary("cos", in[0]))}; }

// sqrt((1 - x)(1 + x)): no cancellation near 1.
ValueId cosine_of_asin(Emitter& e, ValueId x) {
  return e.unary("sqrt", e.mul(e.sub(one(e, x), x), e.add(one(e, x), x)));
}

Values asin(Emitter& e, const Values& in, const Attrs&) { return {e.op("atan2", {in[0], cosine_of_asin(e, in[0])})}; }
Values acos(Emitter& e, const Values& in, const Attrs&) { return {e.op("atan2", {cosine_of_asin(e, in[0]), in[0]})}; }
Values atan(Emitter& e, const Values& in, const Attrs&) { return {e.op("atan2", {in[0], one(e, in[0])})}; }

// With m = expm1(|x|): sinh|x| = (m + m / (m + 1)) / 2. Above 80, where m would overflow too early, exp(|x| - log 2).
Values sinh(Emitter& e, const Values& in, const Attrs&) {
  const ValueId x = in[0];
  const ValueId magnitude = e.unary("abs", x);
  const ValueId m = expm1(e, e.op("min", {magnitude, e.like(x, 80)}));
  const ValueId small = e.mul(e.like(x, 0.5), e.add(m, e.div(m, e.add(m, one(e, x)))));
  const ValueId large = e.unary("exp", e.sub(magnitude, e.like(x, std::log(2.0))));
  const ValueId value = e.select(e.op("less", {magnitude, e.like(x, 80)}), small, large);
  return {e.mul(e.unary("sign", x), value)};
}

Values cosh(Emitter& e, const Values& in, const Attrs&) {
  const ValueId shifted = e.sub(e.unary("abs", in[0]), e.like(in[0], std::log(2.0)));
  const ValueId tail = e.unary("exp", e.sub(e.unary("neg", e.unary("abs", in[0])), e.like(in[0], std::log(2.0))));
  return {e.add(e.unary("exp", shifted), tail)};
}

// sign(x) * log1p(|x| + x² / (1 + sqrt(x² + 1))); x² is held below overflow, where log(2|x|) is what remains.
Values asinh(Emitter& e, const Values& in, const Attrs&) {
  const ValueId x = in[0];
  const ValueId magnitude = e.unary("abs", x);
  const ValueId held = e.op("min", {magnitude, e.like(x, 1e8)});
  const ValueId square = e.mul(held, held);
  const ValueId root = e.unary("sqrt", e.add(square, one(e, x)));
  const ValueId small = log1p(e, e.add(held, e.div(square, e.add(one(e, x), root))));
  const ValueId large = e.add(e.unary("log", magnitude), e.like(x, std::log(2.0)));
  const ValueId value = e.select(e.op("less", {magnitude, e.like(x, 1e8)}), small, large);
  return {e.mul(e.unary("sign", x), value)};
}

// With t = x - 1: log1p(t + sqrt(t (t + 2))).
Values acosh(Emitter& e, const Values& in, const Attrs&) {
  const ValueId x = in[0];
  const ValueId t = e.sub(x, one(e, x));
  const ValueId held = e.op("min", {t, e.like(x, 1e8)});
  const ValueId root = e.unary("sqrt", e.mul(held, e.add(held, e.like(x, 2))));
  const ValueId small = log1p(e, e.add(held, root));
  const ValueId large = e.add(e.unary("log", x), e.like(x, std::log(2.0)));
  return {e.select(e.op("greater", {x, e.like(x, 1e8)}), large, small)};
}

// sign(x) * log1p(2|x| / (1 - |x|)) / 2.
Values atanh(Emitter& e, const Values& in, const Attrs&) {
  const ValueId x = in[0];
  const ValueId magnitude = e.unary("abs", x);
  const ValueId ratio = e.div(e.mul(e.like(x, 2), magnitude), e.sub(one(e, x), magnitude));
  return {e.mul(e.unary("sign", x), e.mul(e.like(x, 0.5), log1p(e, ratio)))};
}

// erf on |x| < 1 is x times a polynomial in x²; beyond, 1 - exp(-x²) p(t) with t = 1 / (1 + |x| / 2). Both
// least-squares fits of tools/fit_erf.py, good to 1e-7 in float32.
constexpr std::array<double, 8> kErfSmall = {-9.68014167086e-06, 0.00011270546341, -0.000848471170322, 0.00522107489529,
                                             -0.0268654458273,   0.112837827473,   -0.376126384838,    1.12837916706};
constexpr std::array<double, 10> kErfcLarge = {-0.0850092891186, 0.396061490317,   -0.693570396338, 0.493369770707,
                                               -0.165765083558,  0.260328930368,   0.227811396465,  0.284882009211,
                                               0.281855456455,   9.15656487699e-06};

Values erf(Emitter& e, const Values& in, const Attrs&) {
  const ValueId x = in[0];
  const ValueId held = e.op("max", {e.op("min", {x, e.like(x, 1)}), e.like(x, -1)});
  const ValueId small = e.mul(held, polynomial(e, e.mul(held, held), kErfSmall));
  const ValueId magnitude = e.op("min", {e.unary("abs", x), e.like(x, 6)});
  const ValueId t = e.div(one(e, x), e.add(one(e, x), e.mul(e.like(x, 0.5), magnitude)));
  const ValueId tail = e.mul(e.unary("exp", e.unary("neg", e.mul(magnitude, magnitude))), polynomial(e, t, kErfcLarge));
  const ValueId large = e.mul(e.unary("sign", x), e.sub(one(e, x), tail));
  return {e.select(e.op("less", {e.unary("abs", x), one(e, x)}), small, large)};
}

// Stirling's series at s >= 7.5, reached by log gamma(a) = log gamma(a + 7) - log(a (a + 1) … (a + 6)); below 1/2 by
// reflection.
Values lgamma(Emitter& e, const Values& in, const Attrs&) {
  const ValueId x = in[0];
  const ValueId reflected = e.op("less", {x, e.like(x, 0.5)});
  const ValueId a = e.select(reflected, e.sub(one(e, x), x), x);
  const ValueId large = e.op("greater", {a, e.like(x, 8)});
  const ValueId s = e.select(large, a, e.add(a, e.like(x, 7)));
  const ValueId inverse = e.div(one(e, x), s);
  const ValueId series =
      e.mul(inverse, e.sub(e.like(x, 1.0 / 12), e.mul(e.mul(inverse, inverse), e.like(x, 1.0 / 360))));
  const ValueId main = e.sub(e.mul(e.sub(s, e.like(x, 0.5)), e.unary("log", s)), s);
  const ValueId stirling = e.add(e.add(main, e.like(x, 0.91893853320467274)), series);
  const ValueId held = e.op("min", {a, e.like(x, 8)});
  ValueId product = held;
  for (int k = 1; k < 7; ++k) product = e.mul(product, e.add(held, e.like(x, k)));
  const ValueId value = e.sub(stirling, e.select(large, e.like(x, 0), e.unary("log", product)));
  const ValueId sine = e.unary("sin", e.mul(e.like(x, 3.14159265358979324), e.sub(x, e.unary("floor", x))));
  const ValueId mirrored = e.sub(e.sub(e.like(x, 1.1447298858494002), e.unary("log", e.unary("abs", sine))), value);
  return {e.select(reflected, mirrored, value)};
}

// max(x, 0) + log1p(exp(-|x|)).
Values softplus(Emitter& e, const Values& in, const Attrs&) {
  const ValueId tail = e.unary("exp", e.unary("neg", e.unary("abs", in[0])));
  return {e.add(e.unary("relu", in[0]), log1p(e, tail))};
}

Values softsign(Emitter& e, const Values& in, const Attrs&) {
  return {e.div(in[0], e.add(one(e, in[0]), e.unary("abs", in[0])))};
}

Values elu(Emitter& e, const Values& in, const Attrs& attrs) {
  const double alpha = attrs.real("alpha");
  if (alpha == 1.0) return {};
  const ValueId below = e.raw1("elu", {e.op("min", {in[0], e.like(in[0], 0)})}, Attrs{{"alpha", 1.0}});
  return {e.add(e.unary("relu", in[0]), e.mul(below, e.like(in[0], alpha)))};
}

Values is_nan(Emitter& e, const Values& in, const Attrs&) { return {e.op("not_equal", {in[0], in[0]})}; }
Values is_inf(Emitter& e, const Values& in, const Attrs&) {
  return {e.op("equal", {e.unary("abs", in[0]), e.like(in[0], std::numeric_limits<double>::infinity())})};
}
Values is_finite(Emitter& e, const Values& in, const Attrs&) {
  return {e.op("less", {e.unary("abs", in[0]), e.like(in[0], std::numeric_limits<double>::infinity())})};
}

Values bitwise_not(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::boolean) return {e.unary("logical_not", in[0])};
  if (e.dtype(in[0]) == DType::int64) return {e.sub(e.like(in[0], -1), in[0])};
  return {e.op("bitwise_xor", {in[0], e.like(in[0], -1)})};
}

// Integer forms of functions whose kernels are float only.
Values square(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::float32) return {};
  return {e.mul(in[0], in[0])};
}
Values relu(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::float32) return {};
  return {e.op("max", {in[0], e.like(in[0], 0)})};
}
Values relu6(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::float32) return {};
  return {e.op("min", {e.op("max", {in[0], e.like(in[0], 0)}), e.like(in[0], 6)})};
}
Values identity_on_integers(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::float32) return {};
  return {in[0]};
}
Values abs(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::float32) return {};
  return {e.op("max", {in[0], e.unary("neg", in[0])})};
}
Values neg(Emitter& e, const Values& in, const Attrs&) {
  const DType dtype = e.dtype(in[0]);
  if (dtype == DType::float32 || dtype == DType::int32 || dtype == DType::int64) return {};
  return {e.cast(e.unary("neg", e.cast(in[0], DType::int32)), dtype)};
}
Values sign(Emitter& e, const Values& in, const Attrs&) {
  const DType dtype = e.dtype(in[0]);
  if (dtype == DType::float32 || dtype == DType::int32) return {};
  return {e.op("max", {e.op("min", {in[0], e.like(in[0], 1)}), e.like(in[0], -1)})};
}

/// `whole`: a float function that the int8 quantizer wants undivided, because it becomes one table.
struct UnaryRule {
  std::string_view op;
  LegalizeFn fn;
  bool whole;
};

constexpr UnaryRule kRules[] = {
    {"log1p", log1p_rule, true},
    {"expm1", expm1_rule, true},
    {"reciprocal", reciprocal, true},
    {"tan", tan, true},
    {"asin", asin, true},
    {"acos", acos, true},
    {"atan", atan, true},
    {"sinh", sinh, true},
    {"cosh", cosh, true},
    {"asinh", asinh, true},
    {"acosh", acosh, true},
    {"atanh", atanh, true},
    {"erf", erf, true},
    {"softplus", softplus, true},
    {"softsign", softsign, true},
    {"elu", elu, true},
    {"lgamma", lgamma, true},
    {"is_nan", is_nan, false},
    {"is_inf", is_inf, false},
    {"is_finite", is_finite, false},
    {"bitwise_not", bitwise_not, false},
    {"square", square, false},
    {"relu", relu, false},
    {"relu6", relu6, false},
    {"floor", identity_on_integers, false},
    {"ceil", identity_on_integers, false},
    {"round", identity_on_integers, false},
    {"abs", abs, false},
    {"neg", neg, false},
    {"sign", sign, false},
};

}  // namespace

LegalizeFn find_unary_rule(std::string_view op) {
  for (const UnaryRule& rule : kRules)
    if (rule.op == op) return rule.fn;
  return nullptr;
}

bool is_whole_for_int8(std::string_view op) {
  for (const UnaryRule& rule : kRules)
    if (rule.op == op) return rule.whole;
  return false;
}

}  // namespace kedge::passes::tflite
