// Lanes: an array seen along one axis, as `outer` x `length` x `inner`. For operations whose result at a place depends
// on a whole line.
#pragma once

#include "kernels/reference/block.h"

namespace kedge::kernels::reference {

struct Lanes {
  std::int64_t outer = 1;
  std::int64_t length = 1;
  std::int64_t inner = 1;

  Lanes(std::span<const std::int64_t> shape, std::int64_t axis) {
    const auto rank = static_cast<std::int64_t>(shape.size());
    if (rank == 0) return;
    const std::int64_t at = normal_axis(axis, rank);
    outer = product(shape, 0, at);
    length = shape[static_cast<std::size_t>(at)];
    inner = product(shape, at + 1, rank);
  }
  std::int64_t count() const { return outer * inner; }
  /// Index of a lane's first element; the next ones are `inner` apart.
  std::int64_t start(std::int64_t lane) const { return lane / inner * length * inner + lane % inner; }
};

}  // namespace kedge::kernels::reference
