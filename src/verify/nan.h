// Where a model's answer stops being a number.
#pragma once

#include <optional>
#include <span>

#include "base/diagnostic.h"
#include "ir/graph.h"

namespace kedge::verify {

/// When an output of the graph holds NaN on these inputs: a diagnostic (K0904, an error) at the first operation that
/// makes NaN of numbers without one, with the layer's name. nullopt when no output does, or when an input holds NaN
/// itself.
std::optional<Diagnostic> find_nan(const ir::Graph& graph, std::span<const Tensor> inputs);

}  // namespace kedge::verify
