// Fully connected layers and matrix products on int8.
#include <vector>

#include "kernels/reference_int8/fixed_point.h"
#include "kernels/reference_int8/tables.h"

namespace kedge::kernels::int8 {
namespace {

// Weights [in, out].
void fully_connected(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& weights = call.inputs[1];
  const TensorView& y = call.outputs[0];
  const std::int64_t depth = weights.shape[0];
  const std::int64_t units = weights.shape[1];
  const std::int64_t rows = y.size() / std::max<std::int64_t>(1, units);
  const std::int32_t* bias =
      call.inputs.size() > 2 && call.inputs[2].data != nullptr ? call.inputs[2].as<std::int32_t>() : nullptr;
  const bool per_channel = weights.quant != nullptr && weights.quant->scales.size() > 1;
  // TensorFlow Lite rescales in double precision where every unit has a scale of its own, and with one fixed-point
  // multiplier, made from the float product of the scales, where there is one for all.
  const Multiplier common =
      make_multiplier(static_cast<double>(scale_of(x) * scale_of(weights)) / static_cast<double>(scale_of(y)));
  std::vector<double> ratios;
  for (std::int64_t o = 0; o < units; ++o) {
    ratios.push_back(static_cast<double>(scale_of(x)) *
                     static_cast<double>(scale_of(weights, static_cast<std::size_t>(o))) /
                     static_cast<double>(scale_of(y)));
  }
  const std::int32_t w_zero = zero_of(weights);
  const Clamp clamp = clamp_of(*call.attrs, y);
  const std::int8_t* source = x.as<std::int8_t>();
  const std::int8_t* w = weights.as<std::int8_t>();
  std::int8_t* target = y.as<std::int8_t>();
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t o = 0; o < units; ++o) {
      std::int32_t sum = bias != nullptr ? bias[o] : 0;
      for (std::int64_t i = 0; i < depth; ++i)
        sum += (source[r * depth + i] - zero_of(x)) * (w[i * units + o] - w_zero);
      const std::int32_t scaled =
          per_channel
              ? static_cast<std::int32_t>(std::round(static_cast<double>(sum) * ratios[static_cast<std::size_t>(o)]))
              : multiply(sum, common);
      *target++ = clamp(scaled + zero_of(y));
    }
  }
}

void matmul(const Call& call) {
  const TensorView& a = call.inputs[0];
  const TensorView& b = call.inputs[1];
  const TensorView& y = call.outputs[0];
  const bool ta = call.attrs->flag("transpose_a");
  const bool tb = call.attrs->flag("transpose_b");
  const std::size_t ra = a.shape.size();
  const std::size_t rb = b.shape.size();
  const std::size_t ry = y.shape.size();
  const std::int64_t rows = y.shape[ry - 2];
  const std::int64_t columns = y.shape[ry - 1];
  const std::int64_t depth = ta ? a.shape[ra - 2] : a.shape[ra - 1];
  const std::int64_t a_row = ta ? 1 : depth;
  const std::int64_t a_col = ta ? rows : 1;
  const std::int64_t b_row = tb ? 1 : columns;
  const std::int64_t b_col = tb ? depth : 1;
  const Multiplier multiplier =
      make_multiplier(static_cast<double>(scale_of(a) * scale_of(b)) / static_cast<double>(scale_of(y)));
  const std::int64_t batches = rows * columns == 0 ? 0 : y.size() / (rows * columns);
  const auto offset = [&](const TensorView& v,
                          std::int64_t batch) {  // where a batch's matrix starts, with broadcasting
    std::int64_t at = 0;
    std::int64_t stride = 1;
    const std::size_t rank = v.shape.size() - 2;
    for (std::size_t d = 0; d < ry - 2; ++d) {
      const std::int64_t size = y.shape[ry - 3 - d];
      const std::int64_t index = batch % size;
      batch /= size;
      if (d >= rank) continue;
      const std::int64_t own = v.shape[rank - 1 - d];
      if (own > 1) at += index * stride;
      stride *= own;
    }
    return at * v.shape[rank] * v.shape[rank + 1];
  };
  std::int8_t* target = y.as<std::int8_t>();
  for (std::int64_t n = 0; n < batches; ++n) {
    const std::int8_t* left = a.as<std::int8_t>() + offset(a, n);
    const std::int8_t* right = b.as<std::int8_t>() + offset(b, n);
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) {
        std::int32_t sum = 0;
        for (std::int64_t k = 0; k < depth; ++k)
          sum += (left[r * a_row + k * a_col] - zero_of(a)) * (right[k * b_row + c * b_col] - zero_of(b));
        *target++ = saturate8(multiply(sum, multiplier) + zero_of(y));
      }
    }
  }
  (void)rb;
}

constexpr Entry kEntries[] = {{"fully_connected", fully_connected}, {"matmul", matmul}};

}  // namespace

std::span<const Entry> product_kernels() { return kEntries; }

}  // namespace kedge::kernels::int8
