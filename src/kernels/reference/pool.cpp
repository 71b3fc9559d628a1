// Pooling in two and three dimensions. The average counts only what lies inside the image.
#include <limits>

#include "kernels/reference/tables.h"
#include "kernels/reference/window.h"

namespace kedge::kernels::reference {

namespace {

template <typename T>
void larger(T* __restrict held, const T* __restrict pixel, std::int64_t channels) {
  for (std::int64_t c = 0; c < channels; ++c) held[c] = pixel[c] > held[c] ? pixel[c] : held[c];
}

template <typename T>
constexpr T lowest() {
  if constexpr (std::is_floating_point_v<T>) return -std::numeric_limits<T>::infinity();
  return std::numeric_limits<T>::lowest();
}

void max_pool(const Call& call) {
  const TensorView& out = call.outputs[0];
  if (out.size() == 0) return;
  const Window window = make_window(call.inputs[0], out, call.attrs->integers("window"), *call.attrs);
  const std::int64_t channels = out.shape.back();
  with_real(out.dtype, [&](auto t) {
    using T = decltype(t);
    const Input<T> x(call.inputs[0]);
    Output<T> result(out);
    for (std::int64_t b = 0; b < window.batch; ++b) {
      const T* image = x.data() + b * window.in_pixels() * channels;
      T* answer = result.data() + b * window.out_pixels() * channels;
      for_each_pixel(window, [&](std::int64_t number, const std::int64_t(&pixel)[3]) {
        T* held = answer + number * channels;
        std::fill(held, held + channels, lowest<T>());
        for_each_tap(window, pixel,
                     [&](std::int64_t, std::int64_t at) { larger(held, image + at * channels, channels); });
      });
    }
    result.commit();
  });
}

template <typename T>
void average(const Call& call, const Window& window) {
  using Sum = std::conditional_t<std::is_floating_point_v<T>, double, T>;
  const std::int64_t channels = call.outputs[0].shape.back();
  const Input<T> x(call.inputs[0]);
  Output<T> result(call.outputs[0]);
  std::vector<Sum> sums(static_cast<std::size_t>(channels));
  for (std::int64_t b = 0; b < window.batch; ++b) {
    const T* image = x.data() + b * window.in_pixels() * channels;
    T* answer = result.data() + b * window.out_pixels() * channels;
    for_each_pixel(window, [&](std::int64_t number, const std::int64_t(&pixel)[3]) {
      std::fill(sums.begin(), sums.end(), Sum{});
      std::int64_t count = 0;
      for_each_tap(window, pixel, [&](std::int64_t, std::int64_t at) {
        ++count;
        for (std::int64_t c = 0; c < channels; ++c) sums[static_cast<std::size_t>(c)] += image[at * channels + c];
      });
      const Sum divisor = count == 0 ? Sum{1} : static_cast<Sum>(count);
      for (std::int64_t c = 0; c < channels; ++c)
        answer[number * channels + c] = static_cast<T>(sums[static_cast<std::size_t>(c)] / divisor);
    });
  }
  result.commit();
}

void avg_pool(const Call& call) {
  if (call.outputs[0].size() == 0) return;
  const Window window = make_window(call.inputs[0], call.outputs[0], call.attrs->integers("window"), *call.attrs);
  with_real(call.outputs[0].dtype, [&](auto t) { average<decltype(t)>(call, window); });
}

constexpr Entry kPool[] = {
    {"max_pool2d", max_pool}, {"avg_pool2d", avg_pool}, {"max_pool3d", max_pool}, {"avg_pool3d", avg_pool}};

}  // namespace

std::span<const Entry> pool_kernels() { return kPool; }

}  // namespace kedge::kernels::reference
