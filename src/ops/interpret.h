// The reference interpreter: runs a graph with the cards' reference kernels. The judge in tests, and what folds
// constants.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ir/graph.h"
#include "tensor/tensor.h"

namespace kedge::ops {

using Observer = std::function<void(ir::ValueId, const Tensor&)>;

/// Values of the dimension symbols, from the inputs' actual shapes. K0610: an input does not fit its declared shape.
Result<DimValues> bind_symbols(const ir::Graph& graph, std::span<const Tensor> inputs);

/// Runs one node on given inputs (an absent optional input is an empty Tensor pointer). The node's shapes must be
/// static.
Result<std::vector<Tensor>> run_node(const ir::Graph& graph, const ir::Node& node,
                                     std::span<const Tensor* const> inputs);

/// Runs the graph. Symbols are bound from the inputs. `observer` sees every value made, in order.
Result<std::vector<Tensor>> interpret(const ir::Graph& graph, std::span<const Tensor> inputs,
                                      const Observer& observer = {});

}  // namespace kedge::ops
