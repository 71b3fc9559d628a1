#include "ops/ops.h"
#include "passes/linear.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace kedge::passes {
namespace {

/// matmul(x, constant [in, out]) has fully_connected's meaning when x has at least two dimensions.
void use_fully_connected(ir::Graph& graph, ir::Node& node) {
  const Tensor* weights = constant_of(graph, node.inputs[1]);
  if (weights == nullptr || weights->rank() != 2 || !is_float(weights->dtype())) return;
  if (node.attrs.flag("transpose_a") || graph.value(node.inputs[0]).shape.size() < 2) return;
  if (node.attrs.flag("transpose_b")) {
    const std::int64_t rows = weights->shape()[0];
    const std::int64_t columns = weights->shape()[1];
    std::vector<double> turned(static_cast<std::size_t>(weights->size()));
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c)
        turned[static_cast<std::size_t>(c * rows + r)] = weights->element_as_double(r * columns + c);
    }
    const std::string name = graph.value(node.inputs[1]).name;
    node.inputs[1] = graph.add_constant(Tensor::of<double>(weights->dtype(), {columns, rows}, turned), name);
  }
  node.op = ops::find_op("fully_connected");
  node.inputs.push_back(-1);
  node.attrs = Attrs{{"activation", std::string("none")}};
}

bool take_activation(ir::Node& node, const ir::Node& user) {
  if (!is_op(user, "relu") && !is_op(user, "relu6")) return false;
  if (node.attrs.find("activation") == nullptr) return false;
  node.attrs.set("activation", std::string(user.op->name));
  return true;
}

}  // namespace

Result<void> fuse_linear(ir::Graph& graph) {
  for (const ir::NodeId id : graph.order()) {
    ir::Node& node = graph.node(id);
    if (is_op(node, "matmul")) use_fully_connected(graph, node);
    for (const auto& body : node.bodies) KEDGE_TRY_VOID(fuse_linear(*body));
  }
  absorb_followers(graph, [](ir::Graph& g, ir::Node& node, const ir::Node& user, const LinearOp& linear) {
    return take_bias(g, node, user, linear.channels) || take_activation(node, user);
  });
  return eliminate_dead_code(graph);
}

}  // namespace kedge::passes
