// Arrays as Keras 1 stored them, put into today's order: one array per gate of a recurrent layer, other kernel axes.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "tensor/tensor.h"

namespace kedge::frontends {

/// The arrays side by side along the last axis. K0502 at `place` when their other sizes or dtypes differ.
Result<Tensor> join_last_axis(const std::vector<Tensor>& parts, const std::string& place);
/// Axis `i` of the result is axis `axes[i]` of `tensor`; `axes` is a permutation of its axes.
Tensor permuted(const Tensor& tensor, const std::vector<std::int64_t>& axes);

}  // namespace kedge::frontends
