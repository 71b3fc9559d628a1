#include "verify/per_layer.h"

#include <algorithm>
#include <map>

#include "ir/region.h"
#include "ops/interpret.h"

namespace kedge::verify {
namespace {

struct LayerOutput {
  std::string layer;
  std::string class_name;
  ir::ValueId value = -1;
};

/// The outputs of every layer that a node makes, in the order in which they are made.
std::vector<LayerOutput> layer_outputs(const ir::Graph& graph) {
  std::vector<std::size_t> position(static_cast<std::size_t>(graph.value_count()), 0);  // 0: made by no node
  std::size_t next = 1;
  for (const ir::NodeId id : graph.order()) {
    for (const ir::ValueId value : graph.node(id).outputs) position[static_cast<std::size_t>(value)] = next++;
  }
  std::vector<LayerOutput> out;
  for (std::size_t id = 1; id < graph.regions().size(); ++id) {
    const ir::Region& region = graph.regions()[id];
    std::string path = ir::layer_path(graph, static_cast<ir::RegionId>(id));
    if (region.kind != "layer" || path.empty()) continue;
    for (std::size_t i = 0; i < region.outputs.size(); ++i) {
      const ir::ValueId value = region.outputs[i];
      const bool handed_on = std::find(region.inputs.begin(), region.inputs.end(), value) != region.inputs.end();
      if (value < 0 || handed_on || position[static_cast<std::size_t>(value)] == 0) continue;
      out.push_back({i == 0 ? path : path + " (output " + std::to_string(i) + ")", region.name, value});
    }
  }
  const auto made_at = [&](const LayerOutput& layer) { return position[static_cast<std::size_t>(layer.value)]; };
  std::stable_sort(out.begin(), out.end(),
                   [&](const LayerOutput& a, const LayerOutput& b) { return made_at(a) < made_at(b); });
  return out;
}

bool close_enough(const Difference& difference, std::optional<double> min_sqnr) {
  return min_sqnr ? difference.structural.empty() && difference.sqnr_db >= *min_sqnr : difference.passed();
}

/// Marks the layers from whose output an equal value follows, walking the graph backwards from the equal ones.
void mark_absorbed(const ir::Graph& graph, const std::vector<LayerOutput>& outputs,
                   const std::vector<ir::ValueId>& equal, std::vector<LayerComparison>& layers) {
  std::vector<bool> leads(static_cast<std::size_t>(graph.value_count()), false);
  for (const ir::ValueId value : equal) leads[static_cast<std::size_t>(value)] = true;
  std::vector<ir::NodeId> order = graph.order();
  std::reverse(order.begin(), order.end());
  for (const ir::NodeId id : order) {
    const ir::Node& node = graph.node(id);
    const bool does = std::any_of(node.outputs.begin(), node.outputs.end(),
                                  [&](ir::ValueId v) { return leads[static_cast<std::size_t>(v)]; });
    for (const ir::ValueId input : node.inputs) {
      if (does && input >= 0) leads[static_cast<std::size_t>(input)] = true;
    }
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i].fate == LayerFate::differs && leads[static_cast<std::size_t>(outputs[i].value)])
      layers[i].fate = LayerFate::absorbed;
  }
}

/// The artefact's value closest to `expected`, compared flat: a layer's shape may lose its axes of one.
void find_closest(const Tensor& expected, std::span<const NamedValue> artefact, const Tolerance& tolerance,
                  std::optional<double> min_sqnr, LayerComparison& layer) {
  const Tensor flat = expected.reshaped({expected.size()});
  for (const NamedValue& value : artefact) {
    if (value.tensor.size() != expected.size()) continue;
    Difference difference = compare(value.tensor.reshaped({expected.size()}), flat, tolerance, value.name);
    const bool good = close_enough(difference, min_sqnr);
    const bool better = layer.found.empty() || difference.sqnr_db > layer.difference.sqnr_db;
    if (!better && !(good && layer.fate != LayerFate::equal)) continue;
    if (layer.fate == LayerFate::equal && !good) continue;
    if (good) layer.fate = LayerFate::equal;
    layer.found = value.name;
    layer.difference = std::move(difference);
  }
}

}  // namespace

Result<std::vector<LayerComparison>> compare_layers(const ir::Graph& graph, std::span<const Tensor> inputs,
                                                    std::span<const NamedValue> artefact, const Tolerance& tolerance,
                                                    std::optional<double> min_sqnr) {
  const std::vector<LayerOutput> outputs = layer_outputs(graph);
  std::vector<std::pair<ir::ValueId, Tensor>> made;
  KEDGE_TRY_VOID(ops::interpret(graph, inputs, [&](ir::ValueId id, const Tensor& tensor) {
    if (graph.value(id).producer >= 0) made.emplace_back(id, tensor);
  }));
  std::map<ir::ValueId, const Tensor*> tensors;
  for (const auto& [id, tensor] : made) tensors[id] = &tensor;
  std::vector<LayerComparison> layers;
  std::vector<ir::ValueId> equal;
  for (const LayerOutput& output : outputs) {
    LayerComparison layer;
    layer.layer = output.layer;
    layer.class_name = output.class_name;
    const ir::Node& maker = graph.node(graph.value(output.value).producer);
    if (maker.origin.span.valid()) layer.place = Location::at(maker.origin.span);
    find_closest(*tensors[output.value], artefact, tolerance, min_sqnr, layer);
    if (layer.fate == LayerFate::equal) equal.push_back(output.value);
    layers.push_back(std::move(layer));
  }
  mark_absorbed(graph, outputs, equal, layers);
  if (first_divergence(layers) == nullptr) return layers;
  // A layer may be absorbed into a value that is no layer's output: what follows it inside the layer around.
  for (const auto& [id, tensor] : made) {
    LayerComparison inner;
    find_closest(tensor, artefact, tolerance, min_sqnr, inner);
    if (inner.fate == LayerFate::equal) equal.push_back(id);
  }
  mark_absorbed(graph, outputs, equal, layers);
  return layers;
}

const LayerComparison* first_divergence(std::span<const LayerComparison> layers) {
  const auto at = std::find_if(layers.begin(), layers.end(),
                               [](const LayerComparison& layer) { return layer.fate == LayerFate::differs; });
  return at == layers.end() ? nullptr : &*at;
}

}  // namespace kedge::verify
