// Convolution as patches times filter: the patches of a chunk of output pixels are laid out as rows of a matrix.
#include <cstring>

#include "kernels/reference/epilogue.h"
#include "kernels/reference/gemm.h"
#include "kernels/reference/tables.h"
#include "kernels/reference/window.h"

namespace kedge::kernels::reference {

namespace {

constexpr std::int64_t kChunk = 64;  // output pixels whose patches are gathered at once

template <typename T>
void convolve(const Call& call, const Window& window, std::int64_t groups) {
  const TensorView& out = call.outputs[0];
  const std::int64_t channels = call.inputs[0].shape.back();
  const std::int64_t filters = out.shape.back();
  const std::int64_t group_channels = channels / groups;
  const std::int64_t group_filters = filters / groups;
  const TensorView* bias = optional_input(call, 2);
  const Input<T> x(call.inputs[0]);
  const Input<T> filter(call.inputs[1]);
  const Input<T> offset(bias != nullptr ? *bias : TensorView{});
  Output<T> result(out);
  const std::int64_t depth = window.taps() * group_channels;
  std::vector<T> patches(
      static_cast<std::size_t>(std::min(kChunk, std::max<std::int64_t>(window.out_pixels(), 1)) * depth));
  for (std::int64_t b = 0; b < window.batch; ++b) {
    const T* image = x.data() + b * window.in_pixels() * channels;
    T* answer = result.data() + b * window.out_pixels() * filters;
    for (std::int64_t g = 0; g < groups; ++g) {
      std::int64_t filled = 0;
      for_each_pixel(window, [&](std::int64_t number, const std::int64_t(&pixel)[3]) {
        T* patch = patches.data() + filled * depth;
        std::fill(patch, patch + depth, T{});
        for_each_tap(window, pixel, [&](std::int64_t tap, std::int64_t at) {
          std::memcpy(patch + tap * group_channels, image + at * channels + g * group_channels,
                      static_cast<std::size_t>(group_channels) * sizeof(T));
        });
        if (++filled < kChunk && number + 1 < window.out_pixels()) return;
        gemm<T>(filled, group_filters, depth, patches.data(), depth, filter.data() + g * group_filters, filters,
                answer + (number + 1 - filled) * filters + g * group_filters, filters);
        filled = 0;
      });
    }
  }
  add_bias_and_activate<T>(result.data(), window.batch * window.out_pixels(), filters, offset.data(),
                           activation_of(*call.attrs));
  result.commit();
}

void conv(const Call& call) {
  const TensorView& out = call.outputs[0];
  if (out.size() == 0) return;
  const auto spatial = call.inputs[1].shape.first(call.inputs[1].shape.size() - 2);
  const Window window = make_window(call.inputs[0], out, spatial, *call.attrs);
  with_product(out.dtype, [&](auto t) { convolve<decltype(t)>(call, window, call.attrs->integer("groups")); });
}

constexpr Entry kConv[] = {{"conv2d", conv}, {"conv3d", conv}};

}  // namespace

std::span<const Entry> conv_kernels() { return kConv; }

}  // namespace kedge::kernels::reference
