// The loop of broadcasting binary operations.
#pragma once

#include <algorithm>

#include "kernels/reference/block.h"
#include "kernels/reference/walk.h"

namespace kedge::kernels::reference {

/// out = op(a, b) with broadcasting. Computes in T; R is T, or uint8_t for operations that answer bool.
template <typename T, typename R, typename Op>
void broadcast_binary(const Call& call, const Op& op) {
  const TensorView& a = call.inputs[0];
  const TensorView& b = call.inputs[1];
  const TensorView& out = call.outputs[0];
  T block_a[kBlock];
  T block_b[kBlock];
  R result[kBlock];
  walk<3>(out.shape,
          {broadcast_strides(a.shape, out.shape), broadcast_strides(b.shape, out.shape), dense_strides(out.shape)},
          [&](const auto& offsets, const auto& strides, std::int64_t row) {
            for (std::int64_t first = 0; first < row; first += kBlock) {
              const std::int64_t count = std::min(kBlock, row - first);
              const T* x = fetch<T>(a, offsets[0] + first * strides[0], strides[0], count, block_a);
              const T* y = fetch<T>(b, offsets[1] + first * strides[1], strides[1], count, block_b);
              if constexpr (std::is_same_v<R, std::uint8_t>) {
                auto* target = out.as<std::uint8_t>() + offsets[2] + first;
                for (std::int64_t i = 0; i < count; ++i) target[i] = op(x[i], y[i]) ? 1 : 0;
              } else {
                for (std::int64_t i = 0; i < count; ++i) result[i] = op(x[i], y[i]);
                store<T>(out.dtype, out.data, offsets[2] + first, count, result);
              }
            }
          });
}

}  // namespace kedge::kernels::reference
