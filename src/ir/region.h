// Regions of a graph as things of their own: their names, and one of them cut out.
#pragma once

#include <string>

#include "ir/graph.h"

namespace kedge::ir {

/// "block1/conv": the layer's own name after those of the layers around it, the model itself left out. Empty for the
/// model and for what is in no layer.
std::string layer_path(const Graph& graph, RegionId id);

/// The region inlined: a graph of the live nodes in it and in the regions inside it, with the constants they read. Its
/// inputs are those of the region that nodes make or the graph takes, in order; then what the nodes read from outside
/// besides (a region whose inputs are complete has none). Its outputs are those of the region, but for constants.
Graph outline(const Graph& graph, RegionId id);

}  // namespace kedge::ir
