// Fixed-point multiplication as TensorFlow Lite's kernels define it, bit for bit: a real multiplier is a 31-bit
// mantissa and a power of two; products are rounded twice (once to 31 bits, once by the shift). Source: gemmlowp
// documentation, "SaturatingRoundingDoublingHighMul" and "RoundingDivideByPOT".
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kernels/kernel.h"

namespace kedge::kernels::int8 {

struct Multiplier {
  std::int32_t mantissa = 0;
  int shift = 0;  ///< positive: to the left
};

inline Multiplier make_multiplier(double real) {
  if (real == 0) return {};
  Multiplier m;
  const double fraction = std::frexp(real, &m.shift);
  std::int64_t fixed = static_cast<std::int64_t>(std::round(fraction * 2147483648.0));
  if (fixed == std::int64_t{1} << 31) {
    fixed /= 2;
    ++m.shift;
  }
  if (m.shift < -31) return {};
  if (m.shift > 30) return {std::numeric_limits<std::int32_t>::max(), 30};  // beyond what an int32 can be scaled by
  m.mantissa = static_cast<std::int32_t>(fixed);
  return m;
}

inline std::int32_t high_product(std::int32_t a, std::int32_t b) {
  if (a == b && a == std::numeric_limits<std::int32_t>::min()) return std::numeric_limits<std::int32_t>::max();
  const std::int64_t product = std::int64_t{a} * b;
  const std::int64_t nudge = product >= 0 ? (std::int64_t{1} << 30) : 1 - (std::int64_t{1} << 30);
  return static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
}

inline std::int32_t divide_by_power(std::int32_t x, int exponent) {
  const std::int32_t mask = static_cast<std::int32_t>((std::int64_t{1} << exponent) - 1);
  const std::int32_t remainder = x & mask;
  const std::int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + (remainder > threshold ? 1 : 0);
}

/// x times a multiplier, below 2^30 in size: a zero point or a second product can be added without overflow, and what
/// lies beyond saturates in any type that follows.
inline std::int32_t multiply(std::int32_t x, const Multiplier& m) {
  const int left = m.shift > 0 ? m.shift : 0;
  const int right = m.shift > 0 ? 0 : -m.shift;
  const std::int32_t shifted = static_cast<std::int32_t>(static_cast<std::uint32_t>(x) << left);
  constexpr std::int32_t kFar = (1 << 30) - 1;
  return std::clamp(divide_by_power(high_product(shifted, m.mantissa), right), -kFar, kFar);
}

inline std::int8_t saturate8(std::int32_t x) { return static_cast<std::int8_t>(std::clamp(x, -128, 127)); }

inline float scale_of(const TensorView& view, std::size_t channel = 0) {
  if (view.quant == nullptr || view.quant->scales.empty()) return 1.0F;
  return view.quant->scales[view.quant->scales.size() == 1 ? 0 : channel];
}
inline std::int32_t zero_of(const TensorView& view) { return view.quant == nullptr ? 0 : view.quant->zero_point(); }

/// The int8 range that an activation leaves of an output.
struct Clamp {
  std::int32_t low = -128;
  std::int32_t high = 127;
  std::int8_t operator()(std::int32_t x) const { return static_cast<std::int8_t>(std::clamp(x, low, high)); }
};
inline Clamp clamp_of(const Attrs& attrs, const TensorView& out) {
  Clamp clamp;
  const AttrValue* found = attrs.find("activation");
  if (found == nullptr) return clamp;
  const std::string& name = std::get<std::string>(*found);
  if (name == "relu" || name == "relu6") clamp.low = std::max(clamp.low, zero_of(out));
  if (name == "relu6")
    clamp.high = std::min(clamp.high, zero_of(out) + static_cast<std::int32_t>(std::round(6.0F / scale_of(out))));
  return clamp;
}

}  // namespace kedge::kernels::int8
