#include "ir/region.h"

#include <map>
#include <memory>
#include <utility>

namespace kedge::ir {
namespace {

const Region& region_of(const Graph& graph, RegionId id) { return graph.regions()[static_cast<std::size_t>(id)]; }

bool is_inside(const Graph& graph, RegionId id, RegionId around) {
  while (id != around && id > 0) id = region_of(graph, id).parent;
  return id == around;
}

/// Copies values of one graph into another, each once.
class Copy {
 public:
  Copy(const Graph& from, Graph& to) : from_(from), to_(to) {}

  /// A value that is read: a constant, an input, or what was made before.
  ValueId read(ValueId id) {
    if (id < 0) return id;
    const auto [at, fresh] = copies_.try_emplace(id, -1);
    if (!fresh) return at->second;
    const Value& value = from_.value(id);
    at->second = value.constant ? to_.add_constant(*value.constant, value.name)
                                : to_.add_input(value.name, value.dtype, value.shape);
    to_.value(at->second).quant = value.quant;
    return at->second;
  }

  void make(const Node& node) {
    Node copy;
    copy.op = node.op;
    for (const ValueId input : node.inputs) copy.inputs.push_back(read(input));
    for (const ValueId output : node.outputs) {
      const Value& value = from_.value(output);
      copy.outputs.push_back(to_.add_value(value.dtype, value.shape, value.name));
      to_.value(copy.outputs.back()).quant = value.quant;
      copies_[output] = copy.outputs.back();
    }
    copy.attrs = node.attrs;
    copy.origin = node.origin;
    for (const std::unique_ptr<Graph>& body : node.bodies)
      copy.bodies.push_back(std::make_unique<Graph>(body->clone()));
    to_.add_node(std::move(copy));
  }

 private:
  const Graph& from_;
  Graph& to_;
  std::map<ValueId, ValueId> copies_;
};

}  // namespace

std::string layer_path(const Graph& graph, RegionId id) {
  std::string path;
  for (; id > 0; id = region_of(graph, id).parent) {
    const Region& region = region_of(graph, id);
    if (region.kind != "layer" || region.parent == 0) continue;
    path = path.empty() ? region.instance : region.instance + "/" + path;
  }
  return path;
}

Graph outline(const Graph& graph, RegionId id) {
  const Region& region = region_of(graph, id);
  Graph out;
  out.name = region.instance.empty() ? region.name : region.instance;
  Copy copy(graph, out);
  for (const ValueId input : region.inputs) {
    if (input >= 0 && !graph.value(input).constant) copy.read(input);
  }
  for (const NodeId node : graph.order()) {
    if (is_inside(graph, graph.node(node).region, id)) copy.make(graph.node(node));
  }
  for (const ValueId output : region.outputs) {
    if (output < 0 || graph.value(output).constant) continue;
    out.outputs.push_back(copy.read(output));
    out.output_names.push_back("output_" + std::to_string(out.output_names.size()));
  }
  return out;
}

}  // namespace kedge::ir
