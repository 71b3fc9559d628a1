// The passes of every pipeline, in the order the pipeline runs them. Each is one free function; driver/pipeline.cpp
// runs, times and verifies them. None of them changes what the graph computes beyond float rounding stated in its
// comment.
#pragma once

#include "base/result.h"
#include "ir/graph.h"

namespace kedge::passes {

/// Removes nodes whose outputs nobody needs.
Result<void> eliminate_dead_code(ir::Graph& graph);

/// Replaces nodes whose inputs are all constants by constants (reference kernels), unless the result is over 4 MiB and
/// larger than what it is made from.
Result<void> fold_constants(ir::Graph& graph);

/// Removes operations that change nothing: reshape to the same shape, cast to the same type, transpose by the identity,
/// chains of reshapes or transposes (a channels_first round trip cancels here), multiplication by one and the like on
/// constants.
Result<void> simplify(ir::Graph& graph);

/// Merges equal nodes (same op, attributes and inputs) and equal constants.
Result<void> merge_common_subexpressions(ir::Graph& graph);

/// pad + convolution or pooling with `valid` padding becomes one node with explicit pads; explicit pads that are what
/// `same` means become `same`, and none become `valid`.
Result<void> canonicalize_padding(ir::Graph& graph);

/// Moves per-channel scales and offsets behind a convolution or matrix product into its weights and bias (batch
/// normalisation at inference). Rounding: one float multiplication per weight.
Result<void> fold_batch_norm(ir::Graph& graph);

/// matmul with a constant right side becomes fully_connected; a constant vector added behind a convolution or
/// fully_connected becomes its bias; relu and relu6 behind it become its activation.
Result<void> fuse_linear(ir::Graph& graph);

/// Gathers chains of elementwise ops with one consumer each into `fused` nodes, which the runtime computes in one
/// sweep.
Result<void> fuse_elementwise(ir::Graph& graph);

}  // namespace kedge::passes
