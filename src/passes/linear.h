// What convolutions and matrix products have in common for the passes that rewrite them.
#pragma once

#include <cstdint>

#include "ir/graph.h"

namespace kedge::passes {

/// Which axis of the weights holds the output channels, and how many there are. channels == 0: not a linear op with
/// constant weights.
struct LinearOp {
  std::int64_t channels = 0;
  /// Output channel of the weight element at flat index i.
  std::int64_t (*channel_of)(std::int64_t index, const StaticShape& weights) = nullptr;
};

/// Describes `node` when it is conv2d, conv3d, depthwise_conv2d, conv2d_transpose or fully_connected with constant
/// weights.
LinearOp linear_op(const ir::Graph& graph, const ir::Node& node);
/// Lets each linear op take in the nodes that follow it: `take` sees the op and the only reader of its result, rewrites
/// the op and returns true when the reader is thereby done. One sweep over the graph.
void absorb_followers(ir::Graph& graph,
                      bool (*take)(ir::Graph& graph, ir::Node& node, const ir::Node& user, const LinearOp& linear));
/// Adds `user`'s constant to the bias of `node`; false when `user` adds no constant per channel.
bool take_bias(ir::Graph& graph, ir::Node& node, const ir::Node& user, std::int64_t channels);
/// True when nothing stands between the sum and the output: no activation.
bool without_activation(const ir::Node& node);

}  // namespace kedge::passes
