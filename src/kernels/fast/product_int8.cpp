// int8 convolutions and fully connected layers, bit for bit what kernels/reference_int8 computes. The band of input
// under a band of output is brought into the form that the machine multiplies: int16 with the zero point taken off, or
// (VNNI) uint8 with 128 added, which the bias makes good; padding is the zero point either way.
#include <algorithm>
#include <cstring>

#include "kernels/fast/makers.h"
#include "kernels/fast/product.h"
#include "kernels/fast/rescale.h"

namespace kedge::kernels::fast {
namespace {

class Int8Product final : public Kernel {
 public:
  Int8Product(const MakeCall& call, const ProductShape& shape, const wide::Functions& functions)
      : functions_(functions),
        g_(shape.geometry),
        groups_(shape.groups),
        filters_(shape.filters),
        x_zero_(call.inputs[0].quant->zero_point()),
        threads_(call.threads) {
    element_bytes_ = functions_.int8_group == 4 ? 1 : 2;
    plan_ = plan_bands(g_, g_.channels, element_bytes_, threads_, false);
    segments_ = make_segments(g_, plan_.width, groups_);
    steps_ = (segments_.length + functions_.int8_group - 1) / functions_.int8_group;
    group_filters_ = filters_ / groups_;
    block_ = 2 * functions_.lanes;
    blocks_ = (group_filters_ + block_ - 1) / block_;
    rescale_ =
        make_rescale(call, filters_, block_, call.op == "conv2d" ? Scaling::per_channel : Scaling::fully_connected);
    pack(reinterpret_cast<const std::int8_t*>(shape.weights),
         is_present(call, 2) ? call.inputs[2].as<const std::int32_t>() : nullptr);
    const std::int64_t bands = g_.batch * plan_.bands;
    if (bands < threads_) splits_ = std::min(blocks_ * groups_, (threads_ + bands - 1) / bands);
    pixels_ = round_up(plan_.rows * g_.out_width * static_cast<std::int64_t>(sizeof(void*)), 64);
  }

  std::int64_t scratch_bytes() const override { return threads_ * (pixels_ + plan_.band_bytes); }

  void run(const Call& call) const override {
    run_tasks(call, g_.batch * plan_.bands * splits_, threads_, [&](std::int64_t slot, std::int64_t task) {
      const std::int64_t band = task / splits_;
      run_band(call, call.scratch + slot * (pixels_ + plan_.band_bytes), band / plan_.bands, band % plan_.bands,
               task % splits_);
    });
  }

 private:
  std::int64_t lanes_of(std::int64_t block) const {
    return group_filters_ - block * block_ > functions_.lanes ? block_ : functions_.lanes;
  }

  void pack(const std::int8_t* weights, const std::int32_t* bias) {
    const std::int64_t group = functions_.int8_group;
    block_bytes_ = segments_.count * steps_ * block_ * 4;
    packed_ = Aligned<std::byte>(groups_ * blocks_ * block_bytes_);
    bias_ = Aligned<std::int32_t>(filters_ + block_);
    // Sums over uint8 inputs hold 128 + zero point too much for each weight; int16 inputs are centred already.
    const std::int32_t excess = group == 4 ? 128 + x_zero_ : 0;
    for (std::int64_t i = 0; i < groups_ * blocks_; ++i) {
      const std::int64_t b = i % blocks_;
      const std::int64_t first = i / blocks_ * group_filters_ + b * block_;
      const std::int64_t columns = std::min(block_, group_filters_ - b * block_);
      std::byte* to = packed_.data() + i * block_bytes_;
      for (std::int64_t c = 0; c < columns; ++c) bias_[first + c] = bias != nullptr ? bias[first + c] : 0;
      for (std::int64_t s = 0; s < segments_.count; ++s) {
        for (std::int64_t step = 0; step < steps_; ++step, to += lanes_of(b) * 4) {
          for (std::int64_t c = 0; c < columns; ++c) {
            for (std::int64_t e = 0; e < group && step * group + e < segments_.length; ++e) {
              const std::int8_t w = weights[(s * segments_.length + step * group + e) * filters_ + first + c];
              if (group == 4) reinterpret_cast<std::int8_t*>(to)[c * 4 + e] = w;
              else reinterpret_cast<std::int16_t*>(to)[c * 2 + e] = w;
              bias_[first + c] -= excess * w;
            }
          }
        }
      }
    }
  }

  void run_band(const Call& call, std::byte* scratch, std::int64_t image, std::int64_t band, std::int64_t split) const {
    const std::int64_t first = band * plan_.rows;
    const std::int64_t rows = std::min(plan_.rows, g_.out_height - first);
    const std::int8_t* in = call.inputs[0].as<const std::int8_t>() + image * g_.in_height * g_.in_width * g_.channels;
    std::int8_t* out = call.outputs[0].as<std::int8_t>() + (image * g_.out_height + first) * g_.out_width * filters_;
    std::byte* base = scratch + pixels_;
    if (element_bytes_ == 2) {
      fill_band(
          g_, in, first, rows, reinterpret_cast<std::int16_t*>(base), g_.channels,
          [&](const std::int8_t* from, std::int16_t* to, std::int64_t pixels) {
            functions_.widen(from, to, pixels * g_.channels, x_zero_);
          },
          [](std::int16_t* to, std::int64_t count) { std::memset(to, 0, static_cast<std::size_t>(count) * 2); });
    } else {
      fill_band(
          g_, in, first, rows, reinterpret_cast<std::uint8_t*>(base), g_.channels,
          [&](const std::int8_t* from, std::uint8_t* to, std::int64_t pixels) {
            for (std::int64_t i = 0, count = pixels * g_.channels; i < count; ++i)
              to[i] = static_cast<std::uint8_t>(from[i]) ^ 0x80U;
          },
          [&](std::uint8_t* to, std::int64_t count) {
            std::memset(to, x_zero_ + 128, static_cast<std::size_t>(count));
          });
    }
    const auto** pixels = reinterpret_cast<const void**>(scratch);
    for (std::int64_t y = 0, p = 0; y < rows; ++y) {
      for (std::int64_t x = 0; x < g_.out_width; ++x)
        pixels[p++] = base + (y * g_.stride_y * plan_.width + x * g_.stride_x) * g_.channels * element_bytes_;
    }
    run_blocks(pixels, rows * g_.out_width, out, split);
  }

  void run_blocks(const void* const* pixels, std::int64_t count, std::int8_t* out, std::int64_t split) const {
    const std::int64_t total = groups_ * blocks_;
    wide::Int8Tile tile{};
    tile.segment_count = segments_.count;
    tile.length = steps_;
    tile.out_stride = filters_;
    for (std::int64_t i = total * split / splits_; i < total * (split + 1) / splits_; ++i) {
      const std::int64_t column = i / blocks_ * group_filters_ + i % blocks_ * block_;
      tile.segments = segments_.offsets.data() + i / blocks_ * segments_.count;
      tile.weights = packed_.data() + i * block_bytes_;
      tile.bias = bias_.data() + column;
      tile.columns = std::min(block_, group_filters_ - i % blocks_ * block_);
      tile.rescale = rescale_.at(column);
      for (std::int64_t p = 0; p < count; p += functions_.int8_rows) {
        tile.rows = pixels + p;
        tile.count = std::min(functions_.int8_rows, count - p);
        tile.out = out + p * filters_ + column;
        functions_.int8_product(tile);
      }
    }
  }

  const wide::Functions& functions_;
  Geometry g_;
  std::int64_t groups_, filters_;
  std::int32_t x_zero_;
  std::int64_t threads_;
  std::int64_t element_bytes_ = 2;
  BandPlan plan_;
  Segments segments_;
  std::int64_t steps_ = 0, group_filters_ = 0, block_ = 0, blocks_ = 0, block_bytes_ = 0, splits_ = 1, pixels_ = 0;
  RescaleTable rescale_;
  Aligned<std::byte> packed_;
  Aligned<std::int32_t> bias_;
};

bool weights_are_symmetric(const TensorView& weights) {
  if (weights.dtype != DType::int8 || weights.quant == nullptr) return false;
  for (const std::int64_t zero : weights.quant->zero_points) {
    if (zero != 0) return false;
  }
  return true;
}

}  // namespace

std::unique_ptr<Kernel> make_product_int8(const MakeCall& call, const wide::Functions& functions) {
  ProductShape shape;
  if (call.inputs.size() < 2 || call.outputs.size() != 1) return nullptr;
  if (!is_quantized(call.inputs[0], DType::int8) || !is_quantized(call.outputs[0], DType::int8) ||
      !weights_are_symmetric(call.inputs[1]))
    return nullptr;
  if (is_present(call, 2) && call.inputs[2].dtype != DType::int32) return nullptr;
  if (!find_product(call, shape) || shape.transposed) return nullptr;
  const std::size_t scales = call.inputs[1].quant->scales.size();
  if (scales != 1 && scales != static_cast<std::size_t>(shape.filters)) return nullptr;
  return std::make_unique<Int8Product>(call, shape, functions);
}

}  // namespace kedge::kernels::fast
