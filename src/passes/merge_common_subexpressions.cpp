#include <map>
#include <string>

#include "passes/passes.h"
#include "passes/rewrite.h"

namespace kedge::passes {
namespace {

constexpr std::int64_t kComparedConstant = 1 << 16;  // larger ones are compared only by address

/// Two nodes with equal keys compute the same.
std::string key_of(const ir::Node& node) {
  std::string key(node.op->name);
  for (const ir::ValueId input : node.inputs) key += "," + std::to_string(input);
  for (const auto& [name, value] : node.attrs.entries()) key += ";" + name + "=" + attr_to_string(value);
  return key;
}

std::string key_of(const Tensor& tensor) {
  std::string key(dtype_name(tensor.dtype()));
  key += shape_to_string(to_shape(tensor.shape()));
  if (tensor.byte_size() > kComparedConstant)
    return key + "@" + std::to_string(reinterpret_cast<std::uintptr_t>(tensor.bytes().data()));
  const auto bytes = tensor.bytes();
  key.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return key;
}

}  // namespace

Result<void> merge_common_subexpressions(ir::Graph& graph) {
  // One renaming table applied in a single sweep: replace_uses per merge would make the pass quadratic.
  std::vector<ir::ValueId> renamed = identity_renaming(graph);
  std::map<std::string, ir::ValueId> constants;
  for (ir::ValueId id = 0; id < graph.value_count(); ++id) {
    const Tensor* tensor = constant_of(graph, id);
    if (tensor == nullptr || tensor->quant.present()) continue;
    const auto [first, fresh] = constants.emplace(key_of(*tensor), id);
    if (!fresh) renamed[static_cast<std::size_t>(id)] = first->second;
  }
  std::map<std::string, ir::NodeId> nodes;
  for (const ir::NodeId id : graph.order()) {
    ir::Node& node = graph.node(id);
    rename_inputs(node, renamed);
    for (const auto& body : node.bodies) KEDGE_TRY_VOID(merge_common_subexpressions(*body));
    if (!node.bodies.empty() || graph.value(node.outputs[0]).quant.present()) continue;
    const auto [first, fresh] = nodes.emplace(key_of(node), id);
    if (fresh) continue;
    const ir::Node& kept = graph.node(first->second);
    for (std::size_t i = 0; i < node.outputs.size(); ++i)
      renamed[static_cast<std::size_t>(node.outputs[i])] = kept.outputs[i];
    graph.remove(id);
  }
  rename_outputs(graph, renamed);
  graph.compact();
  return {};
}

}  // namespace kedge::passes
