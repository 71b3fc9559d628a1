// The geometry of sliding windows over up to three spatial dimensions, channels last. Two-dimensional operations have
// depth 1.
#pragma once

#include <algorithm>

#include "kernels/reference/block.h"

namespace kedge::kernels::reference {

struct Window {
  std::int64_t batch = 1;
  std::int64_t in[3] = {1, 1, 1};
  std::int64_t out[3] = {1, 1, 1};
  std::int64_t size[3] = {1, 1, 1};
  std::int64_t stride[3] = {1, 1, 1};
  std::int64_t dilation[3] = {1, 1, 1};
  std::int64_t before[3] = {0, 0, 0};  ///< padding in front

  std::int64_t out_pixels() const { return out[0] * out[1] * out[2]; }
  std::int64_t in_pixels() const { return in[0] * in[1] * in[2]; }
  std::int64_t taps() const { return size[0] * size[1] * size[2]; }

  /// The input pixel (without batch) under a tap of an output pixel, or -1 in the padding.
  std::int64_t source(const std::int64_t (&pixel)[3], const std::int64_t (&tap)[3]) const {
    std::int64_t at = 0;
    for (int d = 0; d < 3; ++d) {
      const std::int64_t position = pixel[d] * stride[d] - before[d] + tap[d] * dilation[d];
      if (position < 0 || position >= in[d]) return -1;
      at = at * in[d] + position;
    }
    return at;
  }
};

/// `x` and `y`: input and output, [batch, spatial…, channels]; `size`: the window's spatial sizes.
inline Window make_window(const TensorView& x, const TensorView& y, std::span<const std::int64_t> size,
                          const Attrs& attrs) {
  Window window;
  const std::size_t spatial = x.shape.size() - 2;
  const std::size_t lead = 3 - spatial;
  const std::vector<std::int64_t>& strides = attrs.integers("strides");
  const std::vector<std::int64_t> dilations = integers_of(attrs, "dilations");
  const std::vector<std::int64_t> pads = integers_of(attrs, "pads");
  const std::string& padding = attrs.text("padding");
  window.batch = x.shape[0];
  for (std::size_t d = 0; d < spatial; ++d) {
    window.in[lead + d] = x.shape[d + 1];
    window.out[lead + d] = y.shape[d + 1];
    window.size[lead + d] = size[d];
    window.stride[lead + d] = strides[d];
    window.dilation[lead + d] = dilations.empty() ? 1 : dilations[d];
    // TensorFlow, "SAME" padding: the odd pixel goes behind.
    const std::int64_t reach = (size[d] - 1) * window.dilation[lead + d] + 1;
    const std::int64_t total = (y.shape[d + 1] - 1) * strides[d] + reach - x.shape[d + 1];
    if (padding == "same") window.before[lead + d] = std::max<std::int64_t>(total, 0) / 2;
    if (padding == "explicit" && 2 * d < pads.size()) window.before[lead + d] = pads[2 * d];
  }
  return window;
}

/// body(output pixel's number, its coordinates)
template <typename Body>
void for_each_pixel(const Window& window, Body body) {
  std::int64_t number = 0;
  std::int64_t pixel[3];
  for (pixel[0] = 0; pixel[0] < window.out[0]; ++pixel[0]) {
    for (pixel[1] = 0; pixel[1] < window.out[1]; ++pixel[1]) {
      for (pixel[2] = 0; pixel[2] < window.out[2]; ++pixel[2]) body(number++, pixel);
    }
  }
}

/// body(tap's number, input pixel), for the taps that do not lie in the padding.
template <typename Body>
void for_each_tap(const Window& window, const std::int64_t (&pixel)[3], Body body) {
  std::int64_t number = 0;
  std::int64_t tap[3];
  for (tap[0] = 0; tap[0] < window.size[0]; ++tap[0]) {
    for (tap[1] = 0; tap[1] < window.size[1]; ++tap[1]) {
      for (tap[2] = 0; tap[2] < window.size[2]; ++tap[2], ++number) {
        const std::int64_t at = window.source(pixel, tap);
        if (at >= 0) body(number, at);
      }
    }
  }
}

}  // namespace kedge::kernels::reference
