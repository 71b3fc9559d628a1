// Sliding windows in two dimensions, as the fast kernels see them: the input rows that a band of output rows needs,
// padding included.
#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include "kernels/kernels.h"

namespace kedge::kernels::fast {

struct Geometry {
  std::int64_t batch = 1, channels = 1;
  std::int64_t in_height = 1, in_width = 1;
  std::int64_t out_height = 1, out_width = 1;
  std::int64_t height = 1, width = 1;  ///< of the window
  std::int64_t stride_y = 1, stride_x = 1;
  std::int64_t dilation_y = 1, dilation_x = 1;
  std::int64_t before_y = 0, before_x = 0;

  /// Input rows under `rows` output rows, and input columns under all output columns.
  std::int64_t rows_under(std::int64_t rows) const { return (rows - 1) * stride_y + (height - 1) * dilation_y + 1; }
  std::int64_t columns_under() const { return (out_width - 1) * stride_x + (width - 1) * dilation_x + 1; }
  bool touches_padding() const {
    return before_y > 0 || before_x > 0 || rows_under(out_height) > in_height || columns_under() > in_width;
  }
  std::int64_t taps() const { return height * width; }
};

/// Of a node with a window of `height` x `width` over input 0; rank 4 must hold.
Geometry make_geometry(const MakeCall& call, std::int64_t height, std::int64_t width);
/// A matrix product of `rows` rows as a window of one pixel.
Geometry row_geometry(std::int64_t rows, std::int64_t depth);

/// How the output rows are shared out and where the bands of input lie.
struct BandPlan {
  bool direct = false;          ///< the input itself serves as one band; no copies
  std::int64_t rows = 1;        ///< output rows of a band
  std::int64_t bands = 1;       ///< for each image
  std::int64_t width = 1;       ///< pixels of a band's row
  std::int64_t band_bytes = 0;  ///< of the copy, with room for a vector read behind its end
};
/// `element_bytes` of the band; `may_be_direct`: the input has the band's element type.
BandPlan plan_bands(const Geometry& geometry, std::int64_t channels, std::int64_t element_bytes, std::int64_t threads,
                    bool may_be_direct);

/// Fills a band for `rows` output rows from `first`. copy(from, to, elements) brings elements over; fill(to, elements)
/// makes padding. `in`: the image's elements of size 1 step, `Out`: the band's.
template <typename In, typename Out, typename Copy, typename Fill>
void fill_band(const Geometry& g, const In* image, std::int64_t first, std::int64_t rows, Out* band,
               std::int64_t out_channels, Copy copy, Fill fill) {
  const std::int64_t width = g.columns_under();
  const std::int64_t begin = g.before_x < width ? g.before_x : width;
  const std::int64_t end = g.in_width + g.before_x < width ? g.in_width + g.before_x : width;
  for (std::int64_t r = 0, total = g.rows_under(rows); r < total; ++r, band += width * out_channels) {
    const std::int64_t y = first * g.stride_y - g.before_y + r;
    if (y < 0 || y >= g.in_height) {
      fill(band, width * out_channels);
      continue;
    }
    if (begin > 0) fill(band, begin * out_channels);
    if (end > begin)
      copy(image + (y * g.in_width + begin - g.before_x) * g.channels, band + begin * out_channels, end - begin);
    if (end < width)
      fill(band + (end > begin ? end : begin) * out_channels, (width - (end > begin ? end : begin)) * out_channels);
  }
}

/// Memory at a multiple of 64, zero-filled.
template <typename T>
class Aligned {
 public:
  Aligned() = default;
  explicit Aligned(std::int64_t size)
      : size_(size),
        data_(static_cast<T*>(::operator new (static_cast<std::size_t>(size) * sizeof(T) + 64, std::align_val_t{64}))) {
    for (std::int64_t i = 0; i < size; ++i) data_.get()[i] = T{};
  }
  T* data() const { return data_.get(); }
  T& operator[](std::int64_t i) const { return data_.get()[i]; }
  std::int64_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* p) const { ::operator delete (p, std::align_val_t{64}); }
  };
  std::int64_t size_ = 0;
  std::unique_ptr<T, Free> data_;
};

inline std::int64_t round_up(std::int64_t value, std::int64_t step) { return (value + step - 1) / step * step; }

/// Runs tasks on up to `slots` threads; body(slot, task), each slot one task at a time.
void run_tasks_on(const Call& call, std::int64_t tasks, std::int64_t slots,
                  void (*body)(void*, std::int64_t slot, std::int64_t task), void* context);
template <typename Body>
void run_tasks(const Call& call, std::int64_t tasks, std::int64_t slots, Body body) {
  run_tasks_on(
      call, tasks, slots,
      [](void* context, std::int64_t slot, std::int64_t task) { (*static_cast<Body*>(context))(slot, task); }, &body);
}

// Questions about a node.
bool is_constant(const MakeCall& call, std::size_t input);
bool is_present(const MakeCall& call, std::size_t input);
bool is_plain(const TensorView& view, DType dtype);      ///< of that type, not quantized
bool is_quantized(const TensorView& view, DType dtype);  ///< of that type, with one scale
std::string_view text_attr(const MakeCall& call, std::string_view name, std::string_view fallback);
std::int64_t int_attr(const MakeCall& call, std::string_view name, std::int64_t fallback);
/// Attribute `axes` as [outer, rows, channels]; false when the axes are not neighbours.
bool find_neighbouring_axes(const MakeCall& call, std::int64_t& outer, std::int64_t& rows, std::int64_t& channels);
struct Range {
  float low, high;
};
Range activation_range(const MakeCall& call);

}  // namespace kedge::kernels::fast
