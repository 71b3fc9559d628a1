// Depthwise convolution: every channel has filters of its own.
#include "kernels/reference/epilogue.h"
#include "kernels/reference/tables.h"
#include "kernels/reference/window.h"

namespace kedge::kernels::reference {

namespace {

template <typename T>
void accumulate(T* __restrict sum, const T* __restrict pixel, const T* __restrict weights, std::int64_t channels,
                std::int64_t multiplier) {
  if (multiplier == 1) {
    for (std::int64_t c = 0; c < channels; ++c) sum[c] += pixel[c] * weights[c];
    return;
  }
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t m = 0; m < multiplier; ++m) sum[c * multiplier + m] += pixel[c] * weights[c * multiplier + m];
  }
}

void depthwise_conv2d(const Call& call) {
  const TensorView& out = call.outputs[0];
  if (out.size() == 0) return;
  const TensorView& filter_view = call.inputs[1];
  const Window window = make_window(call.inputs[0], out, filter_view.shape.first(2), *call.attrs);
  const std::int64_t channels = filter_view.shape[2];
  const std::int64_t multiplier = filter_view.shape[3];
  const std::int64_t filters = channels * multiplier;
  const TensorView* bias = optional_input(call, 2);
  with_product(out.dtype, [&](auto t) {
    using T = decltype(t);
    const Input<T> x(call.inputs[0]);
    const Input<T> filter(filter_view);
    const Input<T> offset(bias != nullptr ? *bias : TensorView{});
    Output<T> result(out);
    for (std::int64_t b = 0; b < window.batch; ++b) {
      const T* image = x.data() + b * window.in_pixels() * channels;
      T* answer = result.data() + b * window.out_pixels() * filters;
      for_each_pixel(window, [&](std::int64_t number, const std::int64_t(&pixel)[3]) {
        T* sum = answer + number * filters;
        std::fill(sum, sum + filters, T{});
        for_each_tap(window, pixel, [&](std::int64_t tap, std::int64_t at) {
          accumulate(sum, image + at * channels, filter.data() + tap * filters, channels, multiplier);
        });
      });
    }
    add_bias_and_activate<T>(result.data(), window.batch * window.out_pixels(), filters, offset.data(),
                             activation_of(*call.attrs));
    result.commit();
  });
}

constexpr Entry kDepthwise[] = {{"depthwise_conv2d", depthwise_conv2d}};

}  // namespace

std::span<const Entry> depthwise_kernels() { return kDepthwise; }

}  // namespace kedge::kernels::reference
