// Adding nodes.
#include "ops/append.h"

#include "ops/infer.h"
#include "ops/ops.h"

namespace kedge::ops {

namespace {

/// Axes count from the front and a reshape says its whole shape, so that equal nodes are equal in text.
void normalise(const ir::OpDef& op, const std::vector<ir::Typed>& types, const ir::Graph& graph, ir::Node& node) {
  const AttrValue* axis = node.attrs.find("axis");
  if (axis != nullptr && std::get<std::int64_t>(*axis) < 0) {
    const bool by_output = op.inputs.empty() || op.name == "one_hot";
    const std::size_t rank = by_output ? types[0].shape.size() : graph.value(node.inputs[0]).shape.size();
    node.attrs.set("axis", std::get<std::int64_t>(*axis) + static_cast<std::int64_t>(rank));
  }
  if (op.name == "reshape") node.attrs.set("shape", types[0].shape);
}

Error placed(Error error, const ir::Origin& origin) {
  if (origin.span.valid()) return std::move(error).or_at(Location::at(origin.span));
  if (!origin.path.empty()) return std::move(error).or_at(Location::in(origin.path));
  return error;
}

}  // namespace

Result<std::vector<ir::ValueId>> append_all(ir::Graph& graph, std::string_view op_name, std::vector<ir::ValueId> inputs,
                                            Attrs attrs, const Placement& placement,
                                            std::vector<std::unique_ptr<ir::Graph>> bodies) {
  const ir::OpDef* op = find_op(op_name);
  if (op == nullptr)
    return placed(make_error("K0604", "there is no op `" + std::string(op_name) + "`"), placement.origin);
  Result<Attrs> complete = complete_attrs(*op, std::move(attrs));
  if (!complete.ok()) return placed(std::move(complete).error(), placement.origin);
  ir::Node node;
  node.op = op;
  node.inputs = std::move(inputs);
  // Optional inputs that were left out at the end are absent.
  const bool variadic = !op->inputs.empty() && op->inputs.back().variadic;
  while (!variadic && node.inputs.size() < op->inputs.size() && op->inputs[node.inputs.size()].optional)
    node.inputs.push_back(-1);
  node.attrs = *std::move(complete);
  node.origin = placement.origin;
  node.region = placement.region;
  node.bodies = std::move(bodies);
  Result<std::vector<ir::Typed>> types = infer_types(graph, node);
  if (!types.ok()) return placed(std::move(types).error(), placement.origin);
  normalise(*op, *types, graph, node);
  for (ir::Typed& type : *types) node.outputs.push_back(graph.add_value(type.dtype, std::move(type.shape)));
  std::vector<ir::ValueId> outputs = node.outputs;
  if (placement.before >= 0) graph.insert_before(placement.before, std::move(node));
  else graph.add_node(std::move(node));
  return outputs;
}

Result<ir::ValueId> append(ir::Graph& graph, std::string_view op, std::vector<ir::ValueId> inputs, Attrs attrs,
                           const Placement& placement) {
  KEDGE_TRY(const std::vector<ir::ValueId> outputs,
            append_all(graph, op, std::move(inputs), std::move(attrs), placement));
  KEDGE_CHECK(outputs.size() == 1, "append() is for ops with one output");
  return outputs[0];
}

}  // namespace kedge::ops
