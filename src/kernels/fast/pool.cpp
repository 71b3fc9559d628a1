// Pooling, spatial means and softmax in float32; pooling in int8.
#include <algorithm>
#include <cstring>
#include <limits>

#include "kernels/fast/geometry.h"
#include "kernels/fast/makers.h"

namespace kedge::kernels::fast {
namespace {

bool find_pool(const MakeCall& call, Geometry& g) {
  if (call.inputs.size() != 1 || call.outputs.size() != 1 || call.inputs[0].rank() != 4 || call.outputs[0].rank() != 4)
    return false;
  if (call.inputs[0].size() == 0 || call.outputs[0].size() == 0) return false;
  const AttrValue* found = call.attrs->find("window");
  const auto* window = found == nullptr ? nullptr : std::get_if<std::vector<std::int64_t>>(found);
  if (window == nullptr || window->size() != 2) return false;
  g = make_geometry(call, (*window)[0], (*window)[1]);
  return true;
}

/// How many of a window's taps lie inside, along one axis.
std::int64_t inside(std::int64_t out, std::int64_t stride, std::int64_t before, std::int64_t size, std::int64_t in) {
  const std::int64_t start = out * stride - before;
  return std::max<std::int64_t>(0, std::min(start + size, in) - std::max<std::int64_t>(start, 0));
}

std::vector<std::int64_t> tap_offsets(const Geometry& g, std::int64_t width) {
  std::vector<std::int64_t> taps;
  for (std::int64_t y = 0; y < g.height; ++y) {
    for (std::int64_t x = 0; x < g.width; ++x) taps.push_back((y * width + x) * g.channels);
  }
  return taps;
}

class FloatPool final : public Kernel {
 public:
  FloatPool(const MakeCall& call, const Geometry& g, const wide::Functions& functions)
      : functions_(functions), g_(g), mean_(call.op == "avg_pool2d"), threads_(call.threads) {
    plan_ = plan_bands(g_, g_.channels, 4, threads_, g_.channels % functions.lanes == 0);
    taps_ = tap_offsets(g_, plan_.width);
    for (std::int64_t y = 0; mean_ && y < g_.out_height; ++y) {
      for (std::int64_t x = 0; x < g_.out_width; ++x) {
        const std::int64_t count = inside(y, g_.stride_y, g_.before_y, g_.height, g_.in_height) *
                                   inside(x, g_.stride_x, g_.before_x, g_.width, g_.in_width);
        factors_.push_back(count == 0 ? 1.0F : 1.0F / static_cast<float>(count));
      }
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
      const float blank = mean_ ? 0.0F : -std::numeric_limits<float>::infinity();
      fill_band(
          g_, in, first, rows, copy, g_.channels,
          [&](const float* from, float* to, std::int64_t pixels) {
            std::memcpy(to, from, static_cast<std::size_t>(pixels * g_.channels) * 4);
          },
          [&](float* to, std::int64_t count) { std::fill(to, to + count, blank); });
      base = copy;
    }
    for (std::int64_t y = 0; y < rows; ++y) {
      functions_.pool(
          {base + y * g_.stride_y * plan_.width * g_.channels, g_.out_width, g_.stride_x * g_.channels, taps_.data(),
           g_.taps(), g_.channels, mean_ ? factors_.data() + (first + y) * g_.out_width : nullptr,
           call.outputs[0].as<float>() + ((image * g_.out_height + first + y) * g_.out_width) * g_.channels});
    }
  }

  const wide::Functions& functions_;
  Geometry g_;
  bool mean_;
  std::int64_t threads_;
  BandPlan plan_;
  std::vector<std::int64_t> taps_;
  std::vector<float> factors_;
};

/// int8 pooling in plain loops over channels, which compilers turn into vectors. TensorFlow Lite's mean rounds halves
/// away from zero.
class Int8Pool final : public Kernel {
 public:
  Int8Pool(const Geometry& g, bool mean, std::int64_t threads) : g_(g), mean_(mean), threads_(threads) {}
  std::int64_t scratch_bytes() const override { return threads_ * round_up(g_.channels * 4, 64); }
  void run(const Call& call) const override {
    run_tasks(call, g_.batch * g_.out_height, threads_, [&](std::int64_t slot, std::int64_t task) {
      run_row(call, reinterpret_cast<std::int32_t*>(call.scratch + slot * round_up(g_.channels * 4, 64)),
              task / g_.out_height, task % g_.out_height);
    });
  }

 private:
  void run_row(const Call& call, std::int32_t* sums, std::int64_t image, std::int64_t oy) const {
    const std::int64_t channels = g_.channels;
    const std::int8_t* in = call.inputs[0].as<const std::int8_t>() + image * g_.in_height * g_.in_width * channels;
    std::int8_t* out = call.outputs[0].as<std::int8_t>() + (image * g_.out_height + oy) * g_.out_width * channels;
    const std::int64_t top = std::max<std::int64_t>(oy * g_.stride_y - g_.before_y, 0);
    const std::int64_t bottom = std::min(oy * g_.stride_y - g_.before_y + g_.height, g_.in_height);
    for (std::int64_t ox = 0; ox < g_.out_width; ++ox, out += channels) {
      const std::int64_t left = std::max<std::int64_t>(ox * g_.stride_x - g_.before_x, 0);
      const std::int64_t right = std::min(ox * g_.stride_x - g_.before_x + g_.width, g_.in_width);
      if (mean_) std::fill(sums, sums + channels, 0);
      else std::fill(out, out + channels, std::int8_t{-128});
      for (std::int64_t y = top; y < bottom; ++y) {
        for (std::int64_t x = left; x < right; ++x) {
          const std::int8_t* pixel = in + (y * g_.in_width + x) * channels;
          if (mean_) add(sums, pixel, channels);
          else keep_larger(out, pixel, channels);
        }
      }
      if (!mean_) continue;
      const std::int32_t count = static_cast<std::int32_t>(
          std::max<std::int64_t>(1, std::max<std::int64_t>(0, bottom - top) * std::max<std::int64_t>(0, right - left)));
      for (std::int64_t c = 0; c < channels; ++c) {
        const std::int32_t value = sums[c] > 0 ? (sums[c] + count / 2) / count : (sums[c] - count / 2) / count;
        out[c] = static_cast<std::int8_t>(std::clamp(value, -128, 127));
      }
    }
  }
  static void add(std::int32_t* __restrict sums, const std::int8_t* __restrict pixel, std::int64_t channels) {
    for (std::int64_t c = 0; c < channels; ++c) sums[c] += pixel[c];
  }
  static void keep_larger(std::int8_t* __restrict held, const std::int8_t* __restrict pixel, std::int64_t channels) {
    for (std::int64_t c = 0; c < channels; ++c) held[c] = std::max(held[c], pixel[c]);
  }

  Geometry g_;
  bool mean_;
  std::int64_t threads_;
};

class FloatSoftmax final : public Kernel {
 public:
  FloatSoftmax(const MakeCall& call, const wide::Functions& functions)
      : functions_(functions),
        length_(call.inputs[0].shape.back()),
        rows_(call.inputs[0].size() / length_),
        threads_(call.threads) {}
  void run(const Call& call) const override {
    constexpr std::int64_t kRows = 16;
    run_tasks(call, (rows_ + kRows - 1) / kRows, threads_, [&](std::int64_t, std::int64_t task) {
      for (std::int64_t r = task * kRows; r < std::min(rows_, (task + 1) * kRows); ++r)
        functions_.softmax(call.inputs[0].as<const float>() + r * length_, call.outputs[0].as<float>() + r * length_,
                           length_);
    });
  }

 private:
  const wide::Functions& functions_;
  std::int64_t length_, rows_, threads_;
};

/// The mean over neighbouring axes with others on both sides: [outer, rows, channels].
class FloatMean final : public Kernel {
 public:
  FloatMean(std::int64_t outer, std::int64_t rows, std::int64_t channels, bool mean, const wide::Functions& functions)
      : functions_(functions),
        outer_(outer),
        rows_(rows),
        channels_(channels),
        factor_(mean ? 1.0F / static_cast<float>(rows) : 1.0F) {}
  void run(const Call& call) const override {
    for (std::int64_t i = 0; i < outer_; ++i)
      functions_.mean_rows(call.inputs[0].as<const float>() + i * rows_ * channels_,
                           call.outputs[0].as<float>() + i * channels_, rows_, channels_, factor_);
  }

 private:
  const wide::Functions& functions_;
  std::int64_t outer_, rows_, channels_;
  float factor_;
};

bool is_unary(const MakeCall& call, DType dtype) {
  return call.inputs.size() == 1 && call.outputs.size() == 1 && is_plain(call.inputs[0], dtype) &&
         is_plain(call.outputs[0], dtype) && call.inputs[0].size() > 0 && call.outputs[0].size() > 0;
}

}  // namespace

std::unique_ptr<Kernel> make_pool_f32(const MakeCall& call, const wide::Functions& functions) {
  Geometry g;
  if (!is_unary(call, DType::float32) || !find_pool(call, g)) return nullptr;
  return std::make_unique<FloatPool>(call, g, functions);
}

std::unique_ptr<Kernel> make_pool_int8(const MakeCall& call, const wide::Functions&) {
  Geometry g;
  if (!find_pool(call, g) || !is_quantized(call.inputs[0], DType::int8) || !is_quantized(call.outputs[0], DType::int8))
    return nullptr;
  return std::make_unique<Int8Pool>(g, call.op == "avg_pool2d", call.threads);
}

std::unique_ptr<Kernel> make_softmax_f32(const MakeCall& call, const wide::Functions& functions) {
  if (!is_unary(call, DType::float32) || call.inputs[0].rank() < 1) return nullptr;
  const std::int64_t axis = int_attr(call, "axis", -1);
  if (axis != -1 && axis != call.inputs[0].rank() - 1) return nullptr;
  return std::make_unique<FloatSoftmax>(call, functions);
}

std::unique_ptr<Kernel> make_mean_f32(const MakeCall& call, const wide::Functions& functions) {
  if (!is_unary(call, DType::float32)) return nullptr;
  std::int64_t outer = 1, rows = 1, channels = 1;
  if (!find_neighbouring_axes(call, outer, rows, channels)) return nullptr;
  // A long single sum wants the reference's double precision; a few lanes want no vectors.
  if (channels < functions.lanes / 2 || rows > 65536) return nullptr;
  return std::make_unique<FloatMean>(outer, rows, channels, call.op == "reduce_mean", functions);
}

}  // namespace kedge::kernels::fast
