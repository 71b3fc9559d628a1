// float32 convolutions and products with constant weights. No patches are laid out: a tile of output pixels reads its
// taps where they lie, in the input or in a padded copy of the rows that a band of the output needs. Weights are packed
// once, bias first.
#include <algorithm>
#include <cstring>

#include "kernels/fast/makers.h"
#include "kernels/fast/product.h"

namespace kedge::kernels::fast {
namespace {

class FloatProduct final : public Kernel {
 public:
  FloatProduct(const MakeCall& call, const ProductShape& shape, const wide::Functions& functions)
      : functions_(functions),
        g_(shape.geometry),
        groups_(shape.groups),
        filters_(shape.filters),
        range_(activation_range(call)),
        threads_(call.threads) {
    plan_ = plan_bands(g_, g_.channels, 4, threads_, true);
    segments_ = make_segments(g_, plan_.width, groups_);
    depth_ = segments_.count * segments_.length;
    group_filters_ = filters_ / groups_;
    block_ = 2 * functions_.lanes;
    blocks_ = (group_filters_ + block_ - 1) / block_;
    pack(shape, is_present(call, 2) ? call.inputs[2].as<const float>() : nullptr);
    // Few bands and many threads: the blocks of columns are shared out too.
    const std::int64_t bands = g_.batch * plan_.bands;
    if (bands < threads_) splits_ = std::min(blocks_ * groups_, (threads_ + bands - 1) / bands);
    pixels_ = round_up(plan_.rows * g_.out_width * static_cast<std::int64_t>(sizeof(float*)), 64);
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
  void pack(const ProductShape& shape, const float* bias) {
    const auto* weights = reinterpret_cast<const float*>(shape.weights);
    group_size_ = 0;
    for (std::int64_t b = 0; b < blocks_; ++b) group_size_ += line_of(b) * (depth_ + 1);
    packed_ = Aligned<float>(group_size_ * groups_);
    float* to = packed_.data();
    for (std::int64_t g = 0; g < groups_; ++g) {
      for (std::int64_t b = 0; b < blocks_; ++b) {
        const std::int64_t first = g * group_filters_ + b * block_;
        const std::int64_t columns = std::min(block_, group_filters_ - b * block_);
        for (std::int64_t c = 0; bias != nullptr && c < columns; ++c) to[c] = bias[first + c];
        to += line_of(b);
        for (std::int64_t k = 0; k < depth_; ++k, to += line_of(b)) {
          for (std::int64_t c = 0; c < columns; ++c)
            to[c] = weights[shape.transposed ? (first + c) * depth_ + k : k * filters_ + first + c];
        }
      }
    }
  }

  std::int64_t line_of(std::int64_t block) const {
    return group_filters_ - block * block_ > functions_.lanes ? block_ : functions_.lanes;
  }

  void run_band(const Call& call, std::byte* scratch, std::int64_t image, std::int64_t band, std::int64_t split) const {
    const std::int64_t first = band * plan_.rows;
    const std::int64_t rows = std::min(plan_.rows, g_.out_height - first);
    const float* in = call.inputs[0].as<const float>() + image * g_.in_height * g_.in_width * g_.channels;
    float* out = call.outputs[0].as<float>() + (image * g_.out_height + first) * g_.out_width * filters_;
    const float* base = in + first * g_.stride_y * g_.in_width * g_.channels;
    if (!plan_.direct) {
      auto* copy = reinterpret_cast<float*>(scratch + pixels_);
      fill_band(
          g_, in, first, rows, copy, g_.channels,
          [&](const float* from, float* to, std::int64_t pixels) {
            std::memcpy(to, from, static_cast<std::size_t>(pixels * g_.channels) * 4);
          },
          [](float* to, std::int64_t count) { std::memset(to, 0, static_cast<std::size_t>(count) * 4); });
      base = copy;
    }
    const auto** pixels = reinterpret_cast<const float**>(scratch);
    for (std::int64_t y = 0, p = 0; y < rows; ++y) {
      for (std::int64_t x = 0; x < g_.out_width; ++x)
        pixels[p++] = base + (y * g_.stride_y * plan_.width + x * g_.stride_x) * g_.channels;
    }
    run_blocks(pixels, rows * g_.out_width, out, split);
  }

  void run_blocks(const float* const* pixels, std::int64_t count, float* out, std::int64_t split) const {
    const std::int64_t total = groups_ * blocks_;
    wide::FloatTile tile{};
    tile.segment_count = segments_.count;
    tile.length = segments_.length;
    tile.out_stride = filters_;
    tile.low = range_.low;
    tile.high = range_.high;
    for (std::int64_t i = total * split / splits_; i < total * (split + 1) / splits_; ++i) {
      const std::int64_t group = i / blocks_;
      const std::int64_t block = i % blocks_;
      tile.segments = segments_.offsets.data() + group * segments_.count;
      tile.weights = packed_.data() + group * group_size_ + block * block_ * (depth_ + 1);
      tile.columns = std::min(block_, group_filters_ - block * block_);
      for (std::int64_t p = 0; p < count; p += functions_.rows) {
        tile.rows = pixels + p;
        tile.count = std::min(functions_.rows, count - p);
        tile.out = out + p * filters_ + group * group_filters_ + block * block_;
        functions_.product(tile);
      }
    }
  }

  const wide::Functions& functions_;
  Geometry g_;
  std::int64_t groups_, filters_;
  Range range_;
  std::int64_t threads_;
  BandPlan plan_;
  Segments segments_;
  std::int64_t depth_ = 0, group_filters_ = 0, block_ = 0, blocks_ = 0, group_size_ = 0, splits_ = 1, pixels_ = 0;
  Aligned<float> packed_;
};

}  // namespace

std::unique_ptr<Kernel> make_product_f32(const MakeCall& call, const wide::Functions& functions) {
  ProductShape shape;
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    if (is_present(call, i) && !is_plain(call.inputs[i], DType::float32)) return nullptr;
  }
  if (call.outputs.empty() || !is_plain(call.outputs[0], DType::float32) || !find_product(call, shape)) return nullptr;
  return std::make_unique<FloatProduct>(call, shape, functions);
}

}  // namespace kedge::kernels::fast
