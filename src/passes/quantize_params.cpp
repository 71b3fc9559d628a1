#include "passes/quantize_params.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kedge::passes::quant {

Quantization fixed(double scale, std::int64_t zero_point) { return {{static_cast<float>(scale)}, {zero_point}, -1}; }

Quantization asymmetric(double min, double max) {
  min = std::min(min, 0.0);
  max = std::max(max, 0.0);
  const double span = max - min;
  if (!(span > 1e-30)) return fixed(1.0 / 128, 0);
  const float scale = static_cast<float>(span / 255.0);
  const double zero = std::clamp(std::nearbyint(-128.0 - min / static_cast<double>(scale)), -128.0, 127.0);
  return fixed(static_cast<double>(scale), static_cast<std::int64_t>(zero));
}

Quantization symmetric(double limit) { return fixed(limit > 1e-30 ? limit / 127.0 : 1.0 / 128, 0); }

std::int8_t quantize_one(double value, const Quantization& quant) {
  if (std::isnan(value)) value = 0;
  const double q = std::round(value / static_cast<double>(quant.scale())) + quant.zero_point();
  return static_cast<std::int8_t>(std::clamp(q, -128.0, 127.0));
}

double dequantize_one(std::int64_t q, const Quantization& quant) {
  return static_cast<double>(quant.scale()) * static_cast<double>(q - quant.zero_point());
}

Tensor quantize_tensor(const Tensor& tensor, const Quantization& quant) {
  Tensor out(DType::int8, tensor.shape());
  std::int8_t* values = out.mutable_values<std::int8_t>();
  for (std::int64_t i = 0; i < tensor.size(); ++i) values[i] = quantize_one(tensor.element_as_double(i), quant);
  out.quant = quant;
  return out;
}

Quantization for_constant(const Tensor& tensor) {
  double min = std::numeric_limits<double>::infinity();
  double max = -min;
  for (std::int64_t i = 0; i < tensor.size(); ++i) {
    const double v = tensor.element_as_double(i);
    if (!std::isfinite(v)) continue;
    min = std::min(min, v);
    max = std::max(max, v);
  }
  if (min > max) return fixed(1.0 / 128, 0);
  if (min == max && min != 0) return fixed(std::abs(min) / 127.0, 0);
  return asymmetric(min, max);
}

QuantizedWeights quantize_weights(const Tensor& weights, std::int64_t axis, bool channels_last_two) {
  const StaticShape& shape = weights.shape();
  const std::int64_t rank = weights.rank();
  std::int64_t channels = shape[axis];
  std::int64_t inner = 1;
  for (std::int64_t d = axis + 1; d < rank; ++d) inner *= shape[d];
  if (channels_last_two) {
    channels = shape[rank - 2] * shape[rank - 1];
    inner = 1;
  }
  std::vector<double> largest(static_cast<std::size_t>(channels), 0.0);
  const std::span<const float> values = weights.values<float>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    double& m = largest[(i / static_cast<std::size_t>(inner)) % static_cast<std::size_t>(channels)];
    m = std::max(m, static_cast<double>(std::abs(values[i])));
  }
  QuantizedWeights out;
  for (const double m : largest) out.scales.push_back(static_cast<float>(m > 1e-20 ? m / 127.0 : 1.0 / 127.0));
  out.weights = Tensor(DType::int8, shape);
  std::int8_t* q = out.weights.mutable_values<std::int8_t>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float scale = out.scales[(i / static_cast<std::size_t>(inner)) % static_cast<std::size_t>(channels)];
    q[i] = static_cast<std::int8_t>(std::clamp(std::round(values[i] / scale), -127.0F, 127.0F));
  }
  return out;
}

Tensor quantize_bias(const Tensor& bias, float input_scale, const std::vector<float>& weight_scales) {
  Tensor out(DType::int32, bias.shape());
  std::int32_t* q = out.mutable_values<std::int32_t>();
  Quantization quant;
  for (std::int64_t i = 0; i < bias.size(); ++i) {
    const float scale = input_scale * weight_scales[static_cast<std::size_t>(i)];
    const double value = std::round(bias.element_as_double(i) / static_cast<double>(scale));
    q[i] = static_cast<std::int32_t>(std::clamp(value, -2147483647.0, 2147483647.0));
    quant.scales.push_back(scale);
    quant.zero_points.push_back(0);
  }
  quant.axis = quant.scales.size() > 1 ? 0 : -1;
  out.quant = std::move(quant);
  return out;
}

}  // namespace kedge::passes::quant
