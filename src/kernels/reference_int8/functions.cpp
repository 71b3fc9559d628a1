// Functions on int8: through the reals, which is within one step of TensorFlow Lite's fixed-point and table kernels.
#include <vector>

#include "kernels/reference_int8/fixed_point.h"
#include "kernels/reference_int8/tables.h"

namespace kedge::kernels::int8 {
namespace {

/// Tabulates f at the 256 values and looks up.
template <typename Fn>
void tabulated(const Call& call, Fn fn) {
  const TensorView& x = call.inputs[0];
  const TensorView& y = call.outputs[0];
  std::int8_t table[256];
  for (std::int32_t q = -128; q < 128; ++q) {
    const float real = scale_of(x) * static_cast<float>(q - zero_of(x));
    const float value = std::round(fn(real) / scale_of(y)) + static_cast<float>(zero_of(y));
    table[q + 128] = static_cast<std::int8_t>(std::clamp(value, -128.0F, 127.0F));
  }
  for (std::int64_t i = 0, total = y.size(); i < total; ++i)
    y.as<std::int8_t>()[i] = table[x.as<std::int8_t>()[i] + 128];
}

void sigmoid(const Call& call) {
  tabulated(call, [](float v) { return 1.0F / (1.0F + std::exp(-v)); });
}
void tanh(const Call& call) {
  tabulated(call, [](float v) { return std::tanh(v); });
}
void elu(const Call& call) {
  const float alpha = static_cast<float>(call.attrs->real("alpha"));
  tabulated(call, [alpha](float v) { return v < 0 ? alpha * std::expm1(v) : v; });
}
void gelu(const Call& call) {
  if (call.attrs->flag("approximate"))
    tabulated(call, [](float v) { return 0.5F * v * (1.0F + std::tanh(0.7978845608F * (v + 0.044715F * v * v * v))); });
  else tabulated(call, [](float v) { return 0.5F * v * std::erfc(-0.70710678F * v); });
}

/// Rows along the last axis.
template <bool kLog>
void softmax(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& y = call.outputs[0];
  const std::int64_t depth = x.shape.empty() ? 1 : x.shape[x.shape.size() - 1];
  const std::int64_t rows = depth == 0 ? 0 : x.size() / depth;
  const double scale = static_cast<double>(scale_of(x));
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int8_t* in = x.as<std::int8_t>() + r * depth;
    std::int8_t* out = y.as<std::int8_t>() + r * depth;
    const std::int32_t largest = *std::max_element(in, in + depth);
    double sum = 0;
    for (std::int64_t i = 0; i < depth; ++i) sum += std::exp(scale * (in[i] - largest));
    for (std::int64_t i = 0; i < depth; ++i) {
      const double value = kLog ? scale * (in[i] - largest) - std::log(sum) : std::exp(scale * (in[i] - largest)) / sum;
      out[i] = static_cast<std::int8_t>(
          std::clamp(std::round(value / static_cast<double>(scale_of(y))) + zero_of(y), -128.0, 127.0));
    }
  }
}

constexpr Entry kEntries[] = {
    {"sigmoid", sigmoid},          {"tanh", tanh}, {"elu", elu}, {"gelu", gelu}, {"softmax", softmax<false>},
    {"log_softmax", softmax<true>}};

}  // namespace

std::span<const Entry> function_kernels() { return kEntries; }

}  // namespace kedge::kernels::int8
