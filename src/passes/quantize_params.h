// The arithmetic of quantization parameters. Inside of the room.
#pragma once

#include "tensor/tensor.h"

namespace kedge::passes::quant {

/// Asymmetric int8 for [min, max], widened to contain zero, which is represented exactly.
Quantization asymmetric(double min, double max);
/// Symmetric int8 (zero point 0) for [-limit, limit].
Quantization symmetric(double limit);
Quantization fixed(double scale, std::int64_t zero_point);

std::int8_t quantize_one(double value, const Quantization& quant);
double dequantize_one(std::int64_t q, const Quantization& quant);
/// A float constant as int8 with given parameters, saturating.
Tensor quantize_tensor(const Tensor& tensor, const Quantization& quant);
/// Parameters for a constant: exact for a single value.
Quantization for_constant(const Tensor& tensor);

/// Symmetric narrow-range weights, one scale per index of `axis`. `channels_last_two`: the last two dimensions together
/// are the channel (depthwise).
struct QuantizedWeights {
  Tensor weights;
  std::vector<float> scales;
};
QuantizedWeights quantize_weights(const Tensor& weights, std::int64_t axis, bool channels_last_two);
/// int32 with scale input_scale * weight_scale; a weight scale is raised where the bias would not fit.
Tensor quantize_bias(const Tensor& bias, float input_scale, const std::vector<float>& weight_scales);

}  // namespace kedge::passes::quant
