// Transposed convolution: the gradient of conv2d. Each input pixel is spread over the output through the filter.
#include "kernels/reference/epilogue.h"
#include "kernels/reference/gemm.h"
#include "kernels/reference/tables.h"
#include "kernels/reference/window.h"

namespace kedge::kernels::reference {

namespace {

/// filter[tap][cout][cin] -> [tap][cin][cout]
template <typename T>
std::vector<T> turned_filter(const T* filter, std::int64_t taps, std::int64_t filters, std::int64_t channels) {
  std::vector<T> turned(static_cast<std::size_t>(taps * filters * channels));
  for (std::int64_t t = 0; t < taps; ++t) {
    for (std::int64_t o = 0; o < filters; ++o) {
      for (std::int64_t i = 0; i < channels; ++i)
        turned[static_cast<std::size_t>((t * channels + i) * filters + o)] = filter[(t * filters + o) * channels + i];
    }
  }
  return turned;
}

void conv2d_transpose(const Call& call) {
  const TensorView& x_view = call.inputs[0];
  const TensorView& out = call.outputs[0];
  if (out.size() == 0) return;
  // The window of the convolution that this one is the transpose of: it reads our output and writes our input.
  const Window window = make_window(out, x_view, call.inputs[1].shape.first(2), *call.attrs);
  const std::int64_t filters = call.inputs[1].shape[2];
  const std::int64_t channels = call.inputs[1].shape[3];
  const TensorView* bias = optional_input(call, 2);
  with_product(out.dtype, [&](auto t) {
    using T = decltype(t);
    const Input<T> x(x_view);
    const Input<T> filter(call.inputs[1]);
    const Input<T> offset(bias != nullptr ? *bias : TensorView{});
    Output<T> result(out);
    const std::vector<T> turned = turned_filter(filter.data(), window.taps(), filters, channels);
    std::vector<T> spread(static_cast<std::size_t>(filters));
    for (std::int64_t b = 0; b < window.batch; ++b) {
      const T* image = x.data() + b * window.out_pixels() * channels;
      T* answer = result.data() + b * window.in_pixels() * filters;
      std::fill(answer, answer + window.in_pixels() * filters, T{});
      for_each_pixel(window, [&](std::int64_t number, const std::int64_t(&pixel)[3]) {
        for_each_tap(window, pixel, [&](std::int64_t tap, std::int64_t at) {
          gemm<T>(1, filters, channels, image + number * channels, channels, turned.data() + tap * channels * filters,
                  filters, spread.data(), filters);
          for (std::int64_t o = 0; o < filters; ++o) answer[at * filters + o] += spread[static_cast<std::size_t>(o)];
        });
      });
    }
    add_bias_and_activate<T>(result.data(), window.batch * window.in_pixels(), filters, offset.data(),
                             activation_of(*call.attrs));
    result.commit();
  });
}

constexpr Entry kConvTranspose[] = {{"conv2d_transpose", conv2d_transpose}};

}  // namespace

std::span<const Entry> conv_transpose_kernels() { return kConvTranspose; }

}  // namespace kedge::kernels::reference
