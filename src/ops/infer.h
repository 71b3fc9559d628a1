// Types of a node's outputs by its card, with arity checked first.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ir/op_def.h"

namespace kedge::ops {

/// K0605: a wrong number of inputs; K0601 to K0603 from the shape rule, the message beginning with the op's name. The
/// attributes must be complete.
Result<std::vector<ir::Typed>> infer_types(const ir::OpDef& op, std::span<const ir::Value* const> inputs,
                                           const Attrs& attrs, const ir::Node* node = nullptr);
Result<std::vector<ir::Typed>> infer_types(const ir::Graph& graph, const ir::Node& node);

}  // namespace kedge::ops
