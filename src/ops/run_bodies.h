// Nodes with graphs inside, run by the interpreter. Internal to this room.
#pragma once

#include <span>
#include <vector>

#include "ir/graph.h"

namespace kedge::ops {

inline bool has_bodies(const ir::Node& node) { return !node.bodies.empty(); }

/// `depth` counts graphs around the node.
Result<std::vector<Tensor>> run_bodies(const ir::Node& node, std::span<const Tensor* const> inputs, int depth);

}  // namespace kedge::ops
