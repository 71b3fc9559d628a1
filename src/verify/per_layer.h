// Layer by layer: what of a model's layers an artefact still computes, and where the two part.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "ir/graph.h"
#include "verify/compare.h"

namespace kedge::verify {

/// A value that a run made, under the name the file gives it. Quantized values stand here as the reals they mean.
struct NamedValue {
  std::string name;
  Tensor tensor;
};

enum class LayerFate {
  equal,     ///< the artefact makes the layer's output
  absorbed,  ///< it has no such value any more, but one that is made from it: fused, folded or laid out otherwise
  differs,   ///< neither the output nor anything that follows from it
};

struct LayerComparison {
  std::string layer;       ///< "block1/conv"
  std::string class_name;  ///< "CustomConvLayer"
  Location place;          ///< the line that makes the layer's output, where there is one
  LayerFate fate = LayerFate::differs;
  std::string found;      ///< the artefact's value that is closest; empty when none has this many elements
  Difference difference;  ///< of `found` against the layer's output
};

/// Runs `graph` by the reference interpreter and looks for the output of each of its layers among the values of the
/// artefact, by what they hold: names do not survive every converter. With `min_sqnr` (decibels) a value counts as
/// equal from that ratio on, else within `tolerance`. In the order in which the layers end. Errors: those of the
/// interpreter.
Result<std::vector<LayerComparison>> compare_layers(const ir::Graph& graph, std::span<const Tensor> inputs,
                                                    std::span<const NamedValue> artefact, const Tolerance& tolerance,
                                                    std::optional<double> min_sqnr);

/// The first layer that differs; nullptr when none does.
const LayerComparison* first_divergence(std::span<const LayerComparison> layers);

}  // namespace kedge::verify
