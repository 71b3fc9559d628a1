#include <vector>

#include "passes/passes.h"

namespace kedge::passes {

Result<void> eliminate_dead_code(ir::Graph& graph) {
  std::vector<bool> needed(static_cast<std::size_t>(graph.value_count()), false);
  for (const ir::ValueId id : graph.outputs) needed[static_cast<std::size_t>(id)] = true;
  const std::vector<ir::NodeId> order = graph.order();
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    ir::Node& node = graph.node(*at);
    bool live = false;
    for (const ir::ValueId output : node.outputs) live = live || needed[static_cast<std::size_t>(output)];
    if (!live) {
      graph.remove(*at);
      continue;
    }
    for (const ir::ValueId input : node.inputs) {
      if (input >= 0) needed[static_cast<std::size_t>(input)] = true;
    }
    for (const auto& body : node.bodies) KEDGE_TRY_VOID(eliminate_dead_code(*body));
  }
  graph.compact();
  return {};
}

}  // namespace kedge::passes
