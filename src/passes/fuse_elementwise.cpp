// Groups of elementwise nodes become one `fused` node whose body holds them. A group grows from its last node towards
// the inputs: a producer joins when it is elementwise, has the group's shape (so that one sweep computes it) and is
// read only inside the group.
#include <algorithm>
#include <map>

#include "ops/ops.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace kedge::passes {
namespace {

constexpr std::size_t kLargestGroup = 24;

bool can_join(const ir::Graph& graph, const ir::Node& node, const Shape& shape) {
  return !node.dead && node.op->elementwise && node.outputs.size() == 1 &&
         graph.value(node.outputs[0]).shape == shape && !graph.value(node.outputs[0]).quant.present();
}

/// The nodes of the group that ends in `last`, in graph order; `position` gives each node's place in the order.
std::vector<ir::NodeId> group_of(ir::Graph& graph, const Uses& uses, ir::NodeId last, const std::vector<bool>& taken) {
  std::vector<ir::NodeId> group = {last};
  const Shape shape = graph.value(graph.node(last).outputs[0]).shape;
  for (std::size_t next = 0; next < group.size() && group.size() < kLargestGroup; ++next) {
    const std::vector<ir::ValueId> inputs = graph.node(group[next]).inputs;
    for (const ir::ValueId input : inputs) {
      const ir::Node* maker = producer(graph, input);
      if (maker == nullptr || !can_join(graph, *maker, shape)) continue;
      const ir::NodeId id = graph.value(input).producer;
      if (taken[static_cast<std::size_t>(id)] || uses.single_user(input) < 0) continue;
      if (std::find(group.begin(), group.end(), id) == group.end()) group.push_back(id);
    }
  }
  return group;
}

/// Moves the group into a body; the node `last` becomes the fused node.
void make_fused(ir::Graph& graph, const std::vector<ir::NodeId>& group, ir::NodeId last) {
  auto body = std::make_unique<ir::Graph>();
  std::map<ir::ValueId, ir::ValueId> inside;
  ir::Node fused;
  for (const ir::NodeId id : group) {
    const ir::Node& node = graph.node(id);
    ir::Node copy;
    copy.op = node.op;
    copy.attrs = node.attrs;
    copy.origin = node.origin;
    for (const ir::ValueId input : node.inputs) {
      if (input < 0) {
        copy.inputs.push_back(-1);
        continue;
      }
      const auto [at, fresh] = inside.emplace(input, -1);
      if (fresh) {
        const ir::Value& value = graph.value(input);
        if (value.constant && value.constant->size() == 1) {
          at->second = body->add_constant(*value.constant, value.name);
        } else {
          at->second = body->add_input("", value.dtype, value.shape);
          fused.inputs.push_back(input);
        }
      }
      copy.inputs.push_back(at->second);
    }
    const ir::Value& result = graph.value(node.outputs[0]);
    const ir::ValueId made = body->add_value(result.dtype, result.shape);
    inside[node.outputs[0]] = made;
    copy.outputs = {made};
    body->add_node(std::move(copy));
  }
  ir::Node& end = graph.node(last);
  body->outputs = {inside.at(end.outputs[0])};
  fused.op = ops::find_op("fused");
  fused.outputs = end.outputs;
  fused.origin = end.origin;
  fused.region = end.region;
  fused.bodies.push_back(std::move(body));
  for (const ir::NodeId id : group) {
    if (id != last) graph.remove(id);
  }
  end = std::move(fused);
}

}  // namespace

Result<void> fuse_elementwise(ir::Graph& graph) {
  const Uses uses(graph);
  const std::vector<ir::NodeId> order = graph.order();
  std::vector<std::size_t> position(static_cast<std::size_t>(graph.node_count()), 0);
  for (std::size_t i = 0; i < order.size(); ++i) position[static_cast<std::size_t>(order[i])] = i;
  std::vector<bool> taken(static_cast<std::size_t>(graph.node_count()), false);
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const ir::Node& node = graph.node(*at);
    if (taken[static_cast<std::size_t>(*at)] || node.dead || !node.op->elementwise || node.outputs.size() != 1)
      continue;
    if (!can_join(graph, node, graph.value(node.outputs[0]).shape)) continue;
    std::vector<ir::NodeId> group = group_of(graph, uses, *at, taken);
    if (group.size() < 2) continue;
    std::sort(group.begin(), group.end(), [&](ir::NodeId a, ir::NodeId b) {
      return position[static_cast<std::size_t>(a)] < position[static_cast<std::size_t>(b)];
    });
    for (const ir::NodeId id : group) taken[static_cast<std::size_t>(id)] = true;
    make_fused(graph, group, *at);
  }
  graph.compact();
  return {};
}

}  // namespace kedge::passes
