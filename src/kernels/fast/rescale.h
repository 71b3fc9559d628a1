// How int8 kernels get back to int8, laid out for vectors: TensorFlow Lite's fixed-point multipliers, as
// kernels/reference_int8 defines them.
#pragma once

#include "kernels/fast/geometry.h"
#include "kernels/wide/functions.h"

namespace kedge::kernels::fast {

struct RescaleTable {
  Aligned<std::int32_t> mantissa, left, right;
  Aligned<double> ratios;  ///< empty: fixed point
  std::int32_t zero = 0, low = -128, high = 127;

  wide::Rescale at(std::int64_t column) const {
    return {mantissa.data() + column,
            left.data() + column,
            right.data() + column,
            ratios.size() > 0 ? ratios.data() + column : nullptr,
            zero,
            low,
            high};
  }
};

enum class Scaling : std::uint8_t { per_channel, fully_connected };
/// For `filters` columns; column c of the table is column c of the node. `padding` more columns follow.
RescaleTable make_rescale(const MakeCall& call, std::int64_t filters, std::int64_t padding, Scaling scaling);

}  // namespace kedge::kernels::fast
