// Between reals and integers that stand for them: real = scale * (q - zero_point), per tensor or along an axis.
// Source: TensorFlow Lite 8-bit quantization specification.
#include <algorithm>
#include <cmath>

#include "kernels/reference/lanes.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

/// Scale and zero point of each element.
class Scales {
 public:
  explicit Scales(const TensorView& view) : quant_(view.quant) {
    if (quant_ == nullptr || quant_->scales.size() < 2 || quant_->axis < 0 || quant_->axis >= view.rank()) return;
    inner_ = product(view.shape, quant_->axis + 1, view.rank());
  }
  float scale(std::int64_t index) const {
    return quant_ == nullptr || quant_->scales.empty() ? 1.0F : quant_->scales[channel(index)];
  }
  std::int64_t zero_point(std::int64_t index) const {
    if (quant_ == nullptr || quant_->zero_points.empty()) return 0;
    return quant_->zero_points[std::min(channel(index), quant_->zero_points.size() - 1)];
  }

 private:
  std::size_t channel(std::int64_t index) const {
    return inner_ == 0 ? 0 : static_cast<std::size_t>(index / inner_) % quant_->scales.size();
  }
  const Quantization* quant_;
  std::int64_t inner_ = 0;  ///< 0: one scale for all
};

std::int64_t saturate(DType dtype, std::int64_t value) {
  const std::int64_t bits = dtype_size(dtype) * 8;
  if (bits >= 64) return value;
  const std::int64_t low = is_signed(dtype) ? -(std::int64_t{1} << (bits - 1)) : 0;
  return std::clamp(value, low, low + (std::int64_t{1} << bits) - 1);
}

std::int64_t rounded(double value) {
  if (!(std::fabs(value) < 1e15)) return value > 0 ? std::int64_t{1} << 50 : -(std::int64_t{1} << 50);
  return std::llround(value);
}

void quantize(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& out = call.outputs[0];
  const Scales scales(out);
  const Input<float> values(x);
  for (std::int64_t i = 0, total = out.size(); i < total; ++i) {
    const std::int64_t q =
        saturate(out.dtype, rounded(static_cast<double>(values.data()[i] / scales.scale(i))) + scales.zero_point(i));
    store<std::int64_t>(out.dtype, out.data, i, 1, &q);
  }
}

void dequantize(const Call& call) {
  const TensorView& out = call.outputs[0];
  const Scales scales(call.inputs[0]);
  const Input<std::int64_t> values(call.inputs[0]);
  for (std::int64_t i = 0, total = out.size(); i < total; ++i) {
    const float real = scales.scale(i) * static_cast<float>(values.data()[i] - scales.zero_point(i));
    store<float>(out.dtype, out.data, i, 1, &real);
  }
}

void requantize(const Call& call) {
  const TensorView& out = call.outputs[0];
  const Scales from(call.inputs[0]);
  const Scales to(out);
  const Input<std::int64_t> values(call.inputs[0]);
  for (std::int64_t i = 0, total = out.size(); i < total; ++i) {
    const double ratio = static_cast<double>(from.scale(i)) / static_cast<double>(to.scale(i));
    const std::int64_t q = saturate(
        out.dtype, rounded(static_cast<double>(values.data()[i] - from.zero_point(i)) * ratio) + to.zero_point(i));
    store<std::int64_t>(out.dtype, out.data, i, 1, &q);
  }
}

constexpr Entry kQuantize[] = {{"quantize", quantize}, {"dequantize", dequantize}, {"requantize", requantize}};

}  // namespace

std::span<const Entry> quantize_kernels() { return kQuantize; }

}  // namespace kedge::kernels::reference
