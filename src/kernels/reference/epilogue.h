// What follows a weighted sum: bias and activation.
#pragma once

#include "kernels/reference/block.h"

namespace kedge::kernels::reference {

/// data is rows x channels; bias has `channels` entries or is nullptr.
template <typename T>
void add_bias_and_activate(T* data, std::int64_t rows, std::int64_t channels, const T* bias,
                           std::string_view activation) {
  const bool relu = activation == "relu" || activation == "relu6";
  const bool relu6 = activation == "relu6";
  if (bias == nullptr && !relu) return;
  for (std::int64_t r = 0; r < rows; ++r, data += channels) {
    if (bias != nullptr) {
      for (std::int64_t c = 0; c < channels; ++c) data[c] += bias[c];
    }
    if constexpr (std::is_floating_point_v<T>) {
      for (std::int64_t c = 0; relu && c < channels; ++c)
        data[c] = data[c] < T{} ? T{} : (relu6 && data[c] > T{6} ? T{6} : data[c]);
    }
  }
}

/// Like with_real, but integers are unsigned, so that sums wrap.
template <typename F>
void with_product(DType dtype, F f) {
  if (compute_of(dtype) == Compute::f32) return f(float{});
  if (compute_of(dtype) == Compute::f64) return f(double{});
  f(std::uint64_t{});
}

inline std::string_view activation_of(const Attrs& attrs) {
  const AttrValue* value = attrs.find("activation");
  return value == nullptr ? std::string_view("none") : std::string_view(std::get<std::string>(*value));
}

inline const TensorView* optional_input(const Call& call, std::size_t index) {
  return index < call.inputs.size() && call.inputs[index].data != nullptr ? &call.inputs[index] : nullptr;
}

}  // namespace kedge::kernels::reference
