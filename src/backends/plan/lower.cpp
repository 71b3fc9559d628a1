#include "backends/plan/lower.h"

#include "ir/op_def.h"

namespace kedge::backends::plan {
namespace {

Result<StaticShape> known_shape(const ir::Graph& graph, ir::ValueId id) {
  const ir::Value& value = graph.value(id);
  if (std::optional<StaticShape> shape = static_shape(value.shape)) return *shape;
  std::vector<std::string> symbols;
  for (const Dim& dim : value.shape) dim.collect_symbols(symbols);
  Error error = make_error(
      "K0803", "a plan needs every size, but " + shape_to_string(value.shape) + " depends on `" + symbols.front() + "`",
      Location::in(value.name.empty() ? "graph" : "tensor " + value.name));
  return std::move(error).help("give the input's shape with --shape, or the batch size with --batch");
}

bool is_constant(const ir::Graph& graph, ir::ValueId id) { return graph.value(id).constant.has_value(); }

}  // namespace

Result<runtime::Plan> lower(const ir::Graph& graph) {
  runtime::Plan plan;
  plan.name = graph.name;
  for (ir::ValueId id = 0; id < graph.value_count(); ++id) {
    const ir::Value& value = graph.value(id);
    runtime::PlanTensor tensor;
    tensor.name = value.name;
    tensor.dtype = value.dtype;
    KEDGE_TRY(tensor.shape, known_shape(graph, id));
    tensor.quant = value.quant;
    if (is_constant(graph, id)) {
      tensor.constant = true;
      tensor.data = *value.constant;
      tensor.data.quant = value.quant;
    }
    plan.tensors.push_back(std::move(tensor));
  }
  for (const ir::NodeId id : graph.order()) {
    const ir::Node& node = graph.node(id);
    runtime::PlanStep step;
    step.op = std::string(node.op->name);
    step.attrs = node.attrs;
    step.inputs = node.inputs;
    step.outputs = node.outputs;
    step.layer = node.origin.layer;
    for (const auto& body : node.bodies) {
      KEDGE_TRY(runtime::Plan inner, lower(*body));
      step.bodies.push_back(std::make_unique<runtime::Plan>(std::move(inner)));
    }
    plan.steps.push_back(std::move(step));
  }
  plan.inputs = graph.inputs;
  plan.outputs = graph.outputs;
  for (const ir::ValueId id : graph.inputs) plan.input_names.push_back(graph.value(id).name);
  for (std::size_t i = 0; i < graph.outputs.size(); ++i)
    plan.output_names.push_back(i < graph.output_names.size() ? graph.output_names[i] : "output_" + std::to_string(i));
  runtime::plan_memory(plan);
  return plan;
}

}  // namespace kedge::backends::plan
