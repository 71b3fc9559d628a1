// One op on tensors, without a graph: what constant folding and numpy's functions use.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ir/op_def.h"

namespace kedge::ops {

/// Completes the attributes, checks the types by the card and runs the reference kernel. An absent optional input is a
/// null pointer. Errors: K0601 to K0605 from the card; K0612: the op has no kernel of its own (if, while, fused);
/// K0614: the result would be too large.
Result<std::vector<Tensor>> evaluate(std::string_view op, std::span<const Tensor* const> inputs, Attrs attrs = {});

}  // namespace kedge::ops
