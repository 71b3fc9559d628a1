#include "passes/linear.h"

#include <algorithm>

#include "passes/rewrite.h"

namespace kedge::passes {
namespace {

std::int64_t last_axis(std::int64_t index, const StaticShape& weights) { return index % weights.back(); }
std::int64_t last_two_axes(std::int64_t index, const StaticShape& weights) { return index % (weights[2] * weights[3]); }
std::int64_t axis_before_last(std::int64_t index, const StaticShape& weights) {
  return index / weights.back() % weights[weights.size() - 2];
}

}  // namespace

LinearOp linear_op(const ir::Graph& graph, const ir::Node& node) {
  if (node.dead || node.inputs.size() < 2) return {};
  const Tensor* weights = constant_of(graph, node.inputs[1]);
  if (weights == nullptr || weights->quant.present() || !is_float(weights->dtype())) return {};
  const StaticShape& shape = weights->shape();
  if (is_op(node, "conv2d") || is_op(node, "conv3d") || is_op(node, "fully_connected"))
    return {shape.back(), last_axis};
  if (is_op(node, "depthwise_conv2d")) return {shape[2] * shape[3], last_two_axes};
  if (is_op(node, "conv2d_transpose")) return {shape[2], axis_before_last};
  return {};
}

void absorb_followers(ir::Graph& graph,
                      bool (*take)(ir::Graph& graph, ir::Node& node, const ir::Node& user, const LinearOp& linear)) {
  const Uses uses(graph);
  std::vector<ir::ValueId> renamed = identity_renaming(graph);
  for (const ir::NodeId id : graph.order()) {
    ir::Node& node = graph.node(id);
    if (node.dead) continue;
    rename_inputs(node, renamed);
    const LinearOp linear = linear_op(graph, node);
    if (linear.channels == 0) continue;
    ir::ValueId tail = node.outputs[0];  // the last value of the chain that is already taken in
    while (without_activation(node)) {
      const ir::NodeId user_id = uses.single_user(tail);
      if (user_id < 0 || graph.node(user_id).dead) break;
      ir::Node& user = graph.node(user_id);
      const std::vector<ir::ValueId> as_seen = user.inputs;
      std::replace(user.inputs.begin(), user.inputs.end(), tail, node.outputs[0]);
      if (!take(graph, node, user, linear)) {
        user.inputs = as_seen;  // renamed when the sweep reaches it
        break;
      }
      tail = user.outputs[0];
      renamed[static_cast<std::size_t>(tail)] = node.outputs[0];
      graph.remove(user_id);
    }
  }
  rename_outputs(graph, renamed);
}

bool take_bias(ir::Graph& graph, ir::Node& node, const ir::Node& user, std::int64_t channels) {
  const ir::ValueId output = node.outputs[0];
  const bool subtracts = is_op(user, "sub");
  if (!subtracts && !is_op(user, "add")) return false;
  if (subtracts && user.inputs[0] != output) return false;
  const ir::ValueId other = user.inputs[0] == output ? user.inputs[1] : user.inputs[0];
  const Tensor* constant = constant_of(graph, other);
  if (constant == nullptr || !(graph.value(user.outputs[0]).shape == graph.value(output).shape)) return false;
  std::vector<double> bias = per_channel(*constant, channels);
  if (bias.empty()) return false;
  if (subtracts) {
    for (double& b : bias) b = -b;
  }
  if (node.inputs.size() < 3) node.inputs.resize(3, -1);
  std::string name = graph.value(other).name;
  if (node.inputs[2] >= 0) {
    const Tensor* old = constant_of(graph, node.inputs[2]);
    if (old == nullptr) return false;
    name = graph.value(node.inputs[2]).name;
    for (std::size_t i = 0; i < bias.size(); ++i) bias[i] += old->element_as_double(static_cast<std::int64_t>(i));
  }
  node.inputs[2] = graph.add_constant(Tensor::of<double>(constant->dtype(), {channels}, bias), name);
  return true;
}

bool without_activation(const ir::Node& node) {
  const AttrValue* activation = node.attrs.find("activation");
  return activation == nullptr || std::get<std::string>(*activation) == "none";
}

}  // namespace kedge::passes
