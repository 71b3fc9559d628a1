#include <algorithm>

#include "ops/interpret.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace kedge::passes {
namespace {

constexpr std::int64_t kLargeResult = std::int64_t{4} << 20;

bool foldable(const ir::Graph& graph, const ir::Node& node) {
  if (!node.bodies.empty() && !is_op(node, "fused")) return false;
  std::int64_t input_bytes = 0;
  for (const ir::ValueId input : node.inputs) {
    if (input < 0) continue;
    const Tensor* constant = constant_of(graph, input);
    if (constant == nullptr) return false;
    input_bytes += constant->byte_size();
  }
  for (const auto& [name, value] : node.attrs.entries()) {
    const Shape* dims = std::get_if<Shape>(&value);
    if (dims != nullptr && !static_shape(*dims)) return false;
  }
  std::int64_t output_bytes = 0;
  for (const ir::ValueId output : node.outputs) {
    const std::optional<StaticShape> shape = static_shape(graph.value(output).shape);
    if (!shape) return false;
    output_bytes += element_count(*shape) * dtype_size(graph.value(output).dtype);
    if (graph.value(output).quant.present()) return false;
  }
  return output_bytes <= kLargeResult || output_bytes <= input_bytes;
}

}  // namespace

Result<void> fold_constants(ir::Graph& graph) {
  for (const ir::NodeId id : graph.order()) {
    ir::Node& node = graph.node(id);
    for (const auto& body : node.bodies) KEDGE_TRY_VOID(fold_constants(*body));
    if (!foldable(graph, node)) continue;
    std::vector<const Tensor*> inputs;
    for (const ir::ValueId input : node.inputs) inputs.push_back(constant_of(graph, input));
    KEDGE_TRY(std::vector<Tensor> results, ops::run_node(graph, node, inputs));
    for (std::size_t i = 0; i < results.size(); ++i) {
      ir::Value& value = graph.value(node.outputs[i]);
      value.constant = std::move(results[i]);
      value.producer = -1;
    }
    graph.remove(id);
  }
  graph.compact();
  return {};
}

}  // namespace kedge::passes
