#include "driver/inspect.h"

#include "formats/file.h"
#include "ir/op_def.h"
#include "runtime/plan.h"

namespace kedge::driver {
namespace {

Dim product(const Shape& shape, std::size_t first, std::size_t last) {
  Dim out = 1;
  for (std::size_t i = first; i < last; ++i) out = out * shape[i];
  return out;
}

Dim macs_of(const ir::Graph& graph, const ir::Node& node) {
  const std::string_view op = node.op->name;
  const Shape& out = graph.value(node.outputs[0]).shape;
  if (op == "conv2d" || op == "conv3d") {
    const Shape& filter = graph.value(node.inputs[1]).shape;
    return element_count(out) * product(filter, 0, filter.size() - 1);  // filters hold cin / groups
  }
  if (op == "depthwise_conv2d") return element_count(out) * product(graph.value(node.inputs[1]).shape, 0, 2);
  if (op == "conv2d_transpose") {
    const Shape& filter = graph.value(node.inputs[1]).shape;
    return element_count(graph.value(node.inputs[0]).shape) * product(filter, 0, 3);
  }
  if (op == "fully_connected") return element_count(out) * graph.value(node.inputs[1]).shape[0];
  if (op == "matmul") {
    const Shape& a = graph.value(node.inputs[0]).shape;
    return element_count(out) * a[a.size() - (node.attrs.flag("transpose_a") ? 2 : 1)];
  }
  return 0;
}

Result<Inspection> inspect_plan(const formats::MappedFile& file, const Limits& limits) {
  KEDGE_TRY(const runtime::Plan plan, runtime::read_plan(file.bytes(), nullptr, limits, file.path()));
  Inspection out;
  out.model.kind = "plan";
  const auto spec = [&](std::int32_t id, const std::string& name) {
    const runtime::PlanTensor& tensor = plan.tensors[static_cast<std::size_t>(id)];
    return InputSpec{name, tensor.dtype, to_shape(tensor.shape)};
  };
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) out.inputs.push_back(spec(plan.inputs[i], plan.input_names[i]));
  for (std::size_t i = 0; i < plan.outputs.size(); ++i)
    out.outputs.push_back(spec(plan.outputs[i], plan.output_names[i]));
  for (const runtime::PlanTensor& tensor : plan.tensors) {
    if (!tensor.constant) continue;
    out.parameters += element_count(tensor.shape);
    out.weight_bytes += tensor.bytes();
  }
  out.operations = static_cast<std::int64_t>(plan.steps.size());
  return out;
}

}  // namespace

Dim count_macs(const ir::Graph& graph) {
  Dim total = 0;
  for (const ir::NodeId id : graph.order()) {
    total = total + macs_of(graph, graph.node(id));
    for (const auto& body : graph.node(id).bodies) total = total + count_macs(*body);
  }
  return total;
}

Result<Inspection> inspect(const std::string& path, const frontends::LoadOptions& options, SourceMap& sources) {
  {
    KEDGE_TRY(const formats::MappedFile file, formats::map_file(path, options.limits));
    if (formats::sniff(file.bytes()) == formats::FileKind::plan) return inspect_plan(file, options.limits);
  }
  Inspection out;
  KEDGE_TRY(out.model, frontends::load_model(path, options, sources));
  const ir::Graph& graph = out.model.graph;
  out.inputs = input_specs(graph);
  for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
    const ir::Value& value = graph.value(graph.outputs[i]);
    out.outputs.push_back(
        {i < graph.output_names.size() ? graph.output_names[i] : value.name, value.dtype, value.shape});
  }
  if (out.model.weights.empty()) {  // formats without named variables: every constant in use counts
    ir::Graph used = graph.clone();
    used.compact();
    for (ir::ValueId id = 0; id < used.value_count(); ++id) {
      const ir::Value& value = used.value(id);
      if (!value.constant) continue;
      out.parameters += value.constant->size();
      out.weight_bytes += value.constant->byte_size();
    }
  }
  for (const frontends::WeightFact& weight : out.model.weights) {
    if (weight.fate != frontends::WeightFact::Fate::bound) continue;
    out.parameters += element_count(weight.shape);
    out.weight_bytes += element_count(weight.shape) * dtype_size(weight.dtype);
  }
  out.macs = count_macs(graph);
  out.operations = static_cast<std::int64_t>(graph.order().size());
  return out;
}

}  // namespace kedge::driver
