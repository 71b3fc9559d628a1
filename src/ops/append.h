// Adds a node with its outputs: attributes completed, types inferred by the card.
#pragma once

#include <string_view>
#include <vector>

#include "ir/op_def.h"

namespace kedge::ops {

/// Where a new node goes and what it says of itself.
struct Placement {
  ir::Origin origin;
  ir::RegionId region = 0;
  ir::NodeId before = -1;  ///< insert before this node; -1: at the end
};

/// The node's output values. Errors: K06xx from attributes or the shape rule.
Result<std::vector<ir::ValueId>> append_all(ir::Graph& graph, std::string_view op, std::vector<ir::ValueId> inputs,
                                            Attrs attrs, const Placement& placement = {},
                                            std::vector<std::unique_ptr<ir::Graph>> bodies = {});
/// The same for ops with one output.
Result<ir::ValueId> append(ir::Graph& graph, std::string_view op, std::vector<ir::ValueId> inputs, Attrs attrs,
                           const Placement& placement = {});

}  // namespace kedge::ops
