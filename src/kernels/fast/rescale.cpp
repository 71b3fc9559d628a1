#include "kernels/fast/rescale.h"

#include "kernels/reference_int8/fixed_point.h"

namespace kedge::kernels::fast {

RescaleTable make_rescale(const MakeCall& call, std::int64_t filters, std::int64_t padding, Scaling scaling) {
  const TensorView& x = call.inputs[0];
  const TensorView& weights = call.inputs[1];
  const TensorView& y = call.outputs[0];
  RescaleTable table;
  table.mantissa = Aligned<std::int32_t>(filters + padding);
  table.left = Aligned<std::int32_t>(filters + padding);
  table.right = Aligned<std::int32_t>(filters + padding);
  const bool per_channel = weights.quant != nullptr && weights.quant->scales.size() > 1;
  const bool in_double = scaling == Scaling::fully_connected && per_channel;
  if (in_double) table.ratios = Aligned<double>(filters + padding);
  for (std::int64_t c = 0; c < filters; ++c) {
    double real = static_cast<double>(int8::scale_of(x)) *
                  static_cast<double>(int8::scale_of(weights, static_cast<std::size_t>(c))) /
                  static_cast<double>(int8::scale_of(y));
    if (in_double) table.ratios[c] = real;
    if (scaling == Scaling::fully_connected && !per_channel)
      real = static_cast<double>(int8::scale_of(x) * int8::scale_of(weights)) / static_cast<double>(int8::scale_of(y));
    const int8::Multiplier m = int8::make_multiplier(real);
    table.mantissa[c] = m.mantissa;
    table.left[c] = m.shift > 0 ? m.shift : 0;
    table.right[c] = m.shift > 0 ? 0 : -m.shift;
  }
  const int8::Clamp clamp = int8::clamp_of(*call.attrs, y);
  table.zero = int8::zero_of(y);
  table.low = clamp.low;
  table.high = clamp.high;
  return table;
}

}  // namespace kedge::kernels::fast
