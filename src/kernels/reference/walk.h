// Walk: visits the elements of several arrays that share an index space, row by row. Neighbouring dimensions that every
// array crosses evenly are merged first, so that contiguous arrays are one long row.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace kedge::kernels::reference {

struct WalkPlan {
  std::vector<std::int64_t> shape;                 ///< merged; the last one is the row
  std::vector<std::vector<std::int64_t>> strides;  ///< per array, parallel to shape, in elements
};

/// `strides[k]` has one entry per dimension of `shape`.
WalkPlan plan_walk(std::span<const std::int64_t> shape, std::vector<std::vector<std::int64_t>> strides);

/// Strides with which an array of `shape` is read in the index space `out` (numpy's broadcasting: 0 where it repeats).
std::vector<std::int64_t> broadcast_strides(std::span<const std::int64_t> shape, std::span<const std::int64_t> out);
std::vector<std::int64_t> dense_strides(std::span<const std::int64_t> shape);

/// body(offsets, row strides, row length): offsets of the row's first element in each array.
template <std::size_t N, typename Body>
void walk(std::span<const std::int64_t> shape, std::array<std::vector<std::int64_t>, N> strides, Body body) {
  const WalkPlan plan = plan_walk(shape, std::vector<std::vector<std::int64_t>>(strides.begin(), strides.end()));
  const std::size_t rank = plan.shape.size();
  std::array<std::int64_t, N> row_strides{};
  std::array<std::int64_t, N> offsets{};
  for (const std::int64_t size : plan.shape) {
    if (size == 0) return;
  }
  for (std::size_t k = 0; k < N; ++k) row_strides[k] = plan.strides[k][rank - 1];
  std::vector<std::int64_t> index(rank, 0);
  while (true) {
    body(offsets, row_strides, plan.shape[rank - 1]);
    std::size_t d = rank - 1;
    while (true) {
      if (d == 0) return;
      --d;
      for (std::size_t k = 0; k < N; ++k) offsets[k] += plan.strides[k][d];
      if (++index[d] < plan.shape[d]) break;
      for (std::size_t k = 0; k < N; ++k) offsets[k] -= plan.strides[k][d] * plan.shape[d];
      index[d] = 0;
    }
  }
}

}  // namespace kedge::kernels::reference
