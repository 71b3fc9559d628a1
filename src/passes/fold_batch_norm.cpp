#include "passes/linear.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace kedge::passes {
namespace {

/// Multiplies every weight (and the bias) by its output channel's factor.
void scale_channels(ir::Graph& graph, ir::Node& node, const LinearOp& linear, const std::vector<double>& factors) {
  const Tensor* old = constant_of(graph, node.inputs[1]);
  std::vector<double> scaled(static_cast<std::size_t>(old->size()));
  for (std::int64_t i = 0; i < old->size(); ++i) {
    scaled[static_cast<std::size_t>(i)] =
        old->element_as_double(i) * factors[static_cast<std::size_t>(linear.channel_of(i, old->shape()))];
  }
  const std::string name = graph.value(node.inputs[1]).name;
  node.inputs[1] = graph.add_constant(Tensor::of<double>(old->dtype(), old->shape(), scaled), name);
  if (node.inputs.size() < 3 || node.inputs[2] < 0) return;
  const Tensor* bias = constant_of(graph, node.inputs[2]);
  std::vector<double> sums(static_cast<std::size_t>(bias->size()));
  for (std::int64_t i = 0; i < bias->size(); ++i)
    sums[static_cast<std::size_t>(i)] = bias->element_as_double(i) * factors[static_cast<std::size_t>(i)];
  const std::string bias_name = graph.value(node.inputs[2]).name;
  node.inputs[2] = graph.add_constant(Tensor::of<double>(bias->dtype(), bias->shape(), sums), bias_name);
}

/// The factors when `user` multiplies (or divides) the node's output by a constant per channel; else empty.
std::vector<double> factors_of(const ir::Graph& graph, const ir::Node& user, ir::ValueId output,
                               std::int64_t channels) {
  const bool divides = is_op(user, "div");
  if (!divides && !is_op(user, "mul")) return {};
  if (divides && user.inputs[0] != output) return {};
  const ir::ValueId other = user.inputs[0] == output ? user.inputs[1] : user.inputs[0];
  const Tensor* constant = constant_of(graph, other);
  if (constant == nullptr || !(graph.value(user.outputs[0]).shape == graph.value(output).shape)) return {};
  std::vector<double> factors = per_channel(*constant, channels);
  if (divides) {
    for (double& factor : factors) factor = 1 / factor;
  }
  return factors;
}

bool take_scale(ir::Graph& graph, ir::Node& node, const ir::Node& user, const LinearOp& linear) {
  if (node.inputs.size() > 2 && node.inputs[2] >= 0 && constant_of(graph, node.inputs[2]) == nullptr) return false;
  const std::vector<double> factors = factors_of(graph, user, node.outputs[0], linear.channels);
  if (factors.empty()) return false;
  scale_channels(graph, node, linear, factors);
  return true;
}

/// An offset between two scales must be taken in too, or the second scale is out of reach.
bool take_scale_or_offset(ir::Graph& graph, ir::Node& node, const ir::Node& user, const LinearOp& linear) {
  return take_scale(graph, node, user, linear) || take_bias(graph, node, user, linear.channels);
}

}  // namespace

Result<void> fold_batch_norm(ir::Graph& graph) {
  absorb_followers(graph, take_scale_or_offset);
  return eliminate_dead_code(graph);
}

}  // namespace kedge::passes
