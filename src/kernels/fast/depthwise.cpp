// Depthwise convolution in float32 and int8: a row of output pixels at a time, a vector of channels at a time, several
// pixels to a tap. Where an input channel has several filters its band repeats it, so that channels stand one under the
// other.
#include <algorithm>
#include <cstring>

#include "kernels/fast/makers.h"
#include "kernels/fast/rescale.h"

namespace kedge::kernels::fast {
namespace {

/// The shapes that both forms share.
struct Shape {
  Geometry g;
  std::int64_t multiple = 1;  ///< filters to a channel
  std::int64_t filters = 1;
};

bool find_shape(const MakeCall& call, Shape& shape) {
  if (call.inputs.size() < 2 || call.outputs.size() != 1 || !is_constant(call, 1) ||
      (is_present(call, 2) && !is_constant(call, 2)))
    return false;
  const auto filter = call.inputs[1].shape;
  if (call.inputs[0].rank() != 4 || call.outputs[0].rank() != 4 || filter.size() != 4) return false;
  if (call.inputs[0].size() == 0 || call.outputs[0].size() == 0 || call.inputs[1].size() == 0) return false;
  shape.g = make_geometry(call, filter[0], filter[1]);
  shape.multiple = filter[3];
  shape.filters = filter[2] * filter[3];
  return filter[2] == shape.g.channels && shape.filters == call.outputs[0].shape[3];
}

std::vector<std::int64_t> tap_offsets(const Geometry& g, std::int64_t width, std::int64_t channels) {
  std::vector<std::int64_t> taps;
  for (std::int64_t y = 0; y < g.height; ++y) {
    for (std::int64_t x = 0; x < g.width; ++x) taps.push_back((y * g.dilation_y * width + x * g.dilation_x) * channels);
  }
  return taps;
}

class FloatDepthwise final : public Kernel {
 public:
  FloatDepthwise(const MakeCall& call, const Shape& shape, const wide::Functions& functions)
      : functions_(functions),
        g_(shape.g),
        multiple_(shape.multiple),
        filters_(shape.filters),
        range_(activation_range(call)),
        threads_(call.threads) {
    // Reading the input in place must not reach behind its last channel.
    plan_ = plan_bands(g_, filters_, 4, threads_, multiple_ == 1 && filters_ % functions_.lanes == 0);
    taps_ = tap_offsets(g_, plan_.width, filters_);
    const std::int64_t lanes = functions_.lanes;
    const std::int64_t blocks = (filters_ + lanes - 1) / lanes;
    packed_ = Aligned<float>(blocks * lanes * (g_.taps() + 1));
    const auto* weights = call.inputs[1].as<const float>();
    const auto* bias = is_present(call, 2) ? call.inputs[2].as<const float>() : nullptr;
    for (std::int64_t f = 0; f < filters_; ++f) {
      float* to = packed_.data() + f / lanes * lanes * (g_.taps() + 1) + f % lanes;
      to[0] = bias != nullptr ? bias[f] : 0.0F;
      for (std::int64_t t = 0; t < g_.taps(); ++t) to[(t + 1) * lanes] = weights[t * filters_ + f];
    }
  }

  std::int64_t scratch_bytes() const override { return threads_ * plan_.band_bytes; }

  void run(const Call& call) const override {
    run_tasks(call, g_.batch * plan_.bands, threads_, [&](std::int64_t slot, std::int64_t task) {
      run_band(call, call.scratch + slot * plan_.band_bytes, task / plan_.bands, task % plan_.bands);
    });
  }

 private:
  void run_band(const Call& call, std::byte* scratch, std::int64_t image, std::int64_t band) const {
    const std::int64_t first = band * plan_.rows;
    const std::int64_t rows = std::min(plan_.rows, g_.out_height - first);
    const float* in = call.inputs[0].as<const float>() + image * g_.in_height * g_.in_width * g_.channels;
    const float* base = in + first * g_.stride_y * g_.in_width * g_.channels;
    if (!plan_.direct) {
      auto* copy = reinterpret_cast<float*>(scratch);
      fill_band(
          g_, in, first, rows, copy, filters_,
          [&](const float* from, float* to, std::int64_t pixels) { spread(from, to, pixels * g_.channels); },
          [](float* to, std::int64_t count) { std::memset(to, 0, static_cast<std::size_t>(count) * 4); });
      base = copy;
    }
    wide::FloatChannels row{base,       g_.out_width, g_.stride_x * filters_, taps_.data(),
                            g_.taps(),  filters_,     packed_.data(),         nullptr,
                            range_.low, range_.high};
    for (std::int64_t y = 0; y < rows; ++y) {
      row.in = base + y * g_.stride_y * plan_.width * filters_;
      row.out = call.outputs[0].as<float>() + ((image * g_.out_height + first + y) * g_.out_width) * filters_;
      functions_.channels(row);
    }
  }
  void spread(const float* from, float* to, std::int64_t count) const {
    if (multiple_ == 1) {
      std::memcpy(to, from, static_cast<std::size_t>(count) * 4);
      return;
    }
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::int64_t m = 0; m < multiple_; ++m) *to++ = from[i];
    }
  }

  const wide::Functions& functions_;
  Geometry g_;
  std::int64_t multiple_, filters_;
  Range range_;
  std::int64_t threads_;
  BandPlan plan_;
  std::vector<std::int64_t> taps_;
  Aligned<float> packed_;
};

class Int8Depthwise final : public Kernel {
 public:
  Int8Depthwise(const MakeCall& call, const Shape& shape, const wide::Functions& functions)
      : functions_(functions),
        g_(shape.g),
        multiple_(shape.multiple),
        filters_(shape.filters),
        x_zero_(call.inputs[0].quant->zero_point()),
        threads_(call.threads) {
    plan_ = plan_bands(g_, filters_, 2, threads_, false);
    taps_ = tap_offsets(g_, plan_.width, filters_);
    if (taps_.size() % 2 != 0) taps_.push_back(0);  // with weights of zero
    const std::int64_t block = 2 * functions_.lanes;
    const std::int64_t padded = round_up(filters_, block);
    const RescaleTable plain = make_rescale(call, filters_, padded - filters_, Scaling::per_channel);
    rescale_.zero = plain.zero, rescale_.low = plain.low, rescale_.high = plain.high;
    for (Aligned<std::int32_t>* list : {&rescale_.mantissa, &rescale_.left, &rescale_.right, &bias_})
      *list = Aligned<std::int32_t>(padded);
    const auto taps = static_cast<std::int64_t>(taps_.size());
    packed_ = Aligned<std::int16_t>(padded * taps);
    const auto* weights = call.inputs[1].as<const std::int8_t>();
    const auto* bias = is_present(call, 2) ? call.inputs[2].as<const std::int32_t>() : nullptr;
    for (std::int64_t f = 0; f < filters_; ++f) {
      const std::int64_t place = f / block * block + interleaved(f % block);
      rescale_.mantissa[place] = plain.mantissa[f];
      rescale_.left[place] = plain.left[f];
      rescale_.right[place] = plain.right[f];
      bias_[place] = bias != nullptr ? bias[f] : 0;
      std::int16_t* to = packed_.data() + f / block * block * taps + interleaved(f % block) * 2;
      for (std::int64_t t = 0; t < g_.taps(); ++t) to[t / 2 * 2 * block + t % 2] = weights[t * filters_ + f];
    }
  }

  std::int64_t scratch_bytes() const override { return threads_ * plan_.band_bytes; }

  void run(const Call& call) const override {
    run_tasks(call, g_.batch * plan_.bands, threads_, [&](std::int64_t slot, std::int64_t task) {
      run_band(call, call.scratch + slot * plan_.band_bytes, task / plan_.bands, task % plan_.bands);
    });
  }

 private:
  /// Where the sum of a block's channel comes to lie: of each eight, four go to the first vector and four to the
  /// second.
  std::int64_t interleaved(std::int64_t channel) const {
    return channel / 8 * 4 + channel % 4 + (channel % 8 < 4 ? 0 : functions_.lanes);
  }

  void run_band(const Call& call, std::byte* scratch, std::int64_t image, std::int64_t band) const {
    const std::int64_t first = band * plan_.rows;
    const std::int64_t rows = std::min(plan_.rows, g_.out_height - first);
    const std::int8_t* in = call.inputs[0].as<const std::int8_t>() + image * g_.in_height * g_.in_width * g_.channels;
    auto* base = reinterpret_cast<std::int16_t*>(scratch);
    fill_band(
        g_, in, first, rows, base, filters_,
        [&](const std::int8_t* from, std::int16_t* to, std::int64_t pixels) { spread(from, to, pixels * g_.channels); },
        [](std::int16_t* to, std::int64_t count) { std::memset(to, 0, static_cast<std::size_t>(count) * 2); });
    wide::Int8Channels row{
        base,     g_.out_width,   g_.stride_x * filters_, taps_.data(), static_cast<std::int64_t>(taps_.size()),
        filters_, packed_.data(), bias_.data(),           nullptr,      rescale_.at(0)};
    for (std::int64_t y = 0; y < rows; ++y) {
      row.in = base + y * g_.stride_y * plan_.width * filters_;
      row.out = call.outputs[0].as<std::int8_t>() + ((image * g_.out_height + first + y) * g_.out_width) * filters_;
      functions_.int8_channels(row);
    }
  }
  void spread(const std::int8_t* from, std::int16_t* to, std::int64_t count) const {
    if (multiple_ == 1) return functions_.widen(from, to, count, x_zero_);
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::int64_t m = 0; m < multiple_; ++m) *to++ = static_cast<std::int16_t>(from[i] - x_zero_);
    }
  }

  const wide::Functions& functions_;
  Geometry g_;
  std::int64_t multiple_, filters_;
  std::int32_t x_zero_;
  std::int64_t threads_;
  BandPlan plan_;
  std::vector<std::int64_t> taps_;
  RescaleTable rescale_;
  Aligned<std::int32_t> bias_;
  Aligned<std::int16_t> packed_;
};

}  // namespace

std::unique_ptr<Kernel> make_depthwise_f32(const MakeCall& call, const wide::Functions& functions) {
  Shape shape;
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    if (is_present(call, i) && !is_plain(call.inputs[i], DType::float32)) return nullptr;
  }
  if (!find_shape(call, shape) || !is_plain(call.outputs[0], DType::float32)) return nullptr;
  return std::make_unique<FloatDepthwise>(call, shape, functions);
}

std::unique_ptr<Kernel> make_depthwise_int8(const MakeCall& call, const wide::Functions& functions) {
  Shape shape;
  if (!find_shape(call, shape) || !is_quantized(call.inputs[0], DType::int8) ||
      !is_quantized(call.outputs[0], DType::int8))
    return nullptr;
  const TensorView& weights = call.inputs[1];
  if (weights.dtype != DType::int8 || weights.quant == nullptr) return nullptr;
  if (weights.quant->scales.size() != 1 && weights.quant->scales.size() != static_cast<std::size_t>(shape.filters))
    return nullptr;
  if (is_present(call, 2) && call.inputs[2].dtype != DType::int32) return nullptr;
  return std::make_unique<Int8Depthwise>(call, shape, functions);
}

}  // namespace kedge::kernels::fast
