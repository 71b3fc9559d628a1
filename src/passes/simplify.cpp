#include <algorithm>

#include "ops/ops.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace kedge::passes {
namespace {

using ir::Graph;
using ir::Node;
using ir::ValueId;

bool same_type(const Graph& graph, ValueId a, ValueId b) {
  return graph.value(a).dtype == graph.value(b).dtype && graph.value(a).shape == graph.value(b).shape;
}

bool filled_with(const Graph& graph, ValueId id, double expected) {
  const Tensor* constant = constant_of(graph, id);
  if (constant == nullptr) return false;
  for (std::int64_t i = 0; i < constant->size(); ++i) {
    if (constant->element_as_double(i) != expected) return false;
  }
  return true;
}

bool identity_permutation(const std::vector<std::int64_t>& perm) {
  for (std::size_t i = 0; i < perm.size(); ++i) {
    if (perm[i] != static_cast<std::int64_t>(i)) return false;
  }
  return true;
}

/// A transpose that only moves dimensions of size 1 keeps the memory as it is: a reshape.
bool moves_only_ones(const Shape& shape, const std::vector<std::int64_t>& perm) {
  std::int64_t last = -1;
  for (const std::int64_t axis : perm) {
    const Dim& dim = shape[static_cast<std::size_t>(axis)];
    if (dim.known() && dim.value() == 1) continue;
    if (axis < last) return false;
    last = axis;
  }
  return true;
}

/// The value that `node` merely repeats, or -1.
ValueId repeated_value(const Graph& graph, const Node& node) {
  const ValueId out = node.outputs[0];
  const auto input = [&](std::size_t i) { return node.inputs[i]; };
  if (is_op(node, "reshape") || is_op(node, "broadcast_to") || is_op(node, "cast") || is_op(node, "tile"))
    return same_type(graph, input(0), out) ? input(0) : -1;
  if (is_op(node, "transpose")) return identity_permutation(node.attrs.integers("perm")) ? input(0) : -1;
  if (is_op(node, "concat") && node.inputs.size() == 1) return input(0);
  if (is_op(node, "slice") && same_type(graph, input(0), out)) {
    const auto& strides = node.attrs.integers("strides");
    return std::all_of(strides.begin(), strides.end(), [](std::int64_t s) { return s == 1; }) ? input(0) : -1;
  }
  if (is_op(node, "pad") && same_type(graph, input(0), out)) return input(0);
  // x * 1, x / 1, x - 0 are exact; x + 0 is not for x = -0.0, but the sign of zero is no promise of a sum in any of our
  // targets.
  if (is_op(node, "mul") || is_op(node, "add")) {
    const double neutral = is_op(node, "mul") ? 1 : 0;
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      if (same_type(graph, input(side), out) && filled_with(graph, input(1 - side), neutral)) return input(side);
    }
  }
  if ((is_op(node, "div") && filled_with(graph, input(1), 1)) ||
      (is_op(node, "sub") && filled_with(graph, input(1), 0)))
    return same_type(graph, input(0), out) ? input(0) : -1;
  return -1;
}

/// reshape(reshape(x)) and transpose(transpose(x)) become one; a transpose that moves nothing in memory becomes a
/// reshape.
void merge_with_producer(Graph& graph, Node& node) {
  if (is_op(node, "transpose")) {
    const Node* before = producer(graph, node.inputs[0]);
    if (before != nullptr && is_op(*before, "transpose")) {
      const auto& first = before->attrs.integers("perm");
      std::vector<std::int64_t> perm = node.attrs.integers("perm");
      for (std::int64_t& axis : perm) axis = first[static_cast<std::size_t>(axis)];
      node.inputs[0] = before->inputs[0];
      node.attrs.set("perm", perm);
    }
    const std::vector<std::int64_t>& perm = node.attrs.integers("perm");
    if (!identity_permutation(perm) && moves_only_ones(graph.value(node.inputs[0]).shape, perm)) {
      node.op = ops::find_op("reshape");
      node.attrs = Attrs{{"shape", graph.value(node.outputs[0]).shape}};
    }
  }
  if (is_op(node, "reshape")) {
    const Node* before = producer(graph, node.inputs[0]);
    if (before != nullptr && is_op(*before, "reshape")) node.inputs[0] = before->inputs[0];
  }
}

}  // namespace

Result<void> simplify(ir::Graph& graph) {
  std::vector<ir::ValueId> renamed = identity_renaming(graph);
  for (const ir::NodeId id : graph.order()) {
    Node& node = graph.node(id);
    rename_inputs(node, renamed);
    for (const auto& body : node.bodies) KEDGE_TRY_VOID(simplify(*body));
    if (node.outputs.size() != 1 || graph.value(node.outputs[0]).quant.present()) continue;
    merge_with_producer(graph, node);
    const ValueId same = repeated_value(graph, node);
    if (same < 0) continue;
    renamed[static_cast<std::size_t>(node.outputs[0])] = same;
    graph.remove(id);
  }
  rename_outputs(graph, renamed);
  return eliminate_dead_code(graph);
}

}  // namespace kedge::passes
