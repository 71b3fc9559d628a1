#include "ir/graph.h"
#include "ir/op_def.h"

namespace kedge::ir {
namespace {

Error fail(const Node& node, const std::string& message) {
  Error error = make_error("K0691", "the graph is inconsistent at `" + std::string(node.op->name) + "`: " + message);
  if (node.origin.span.valid()) return std::move(error).or_at(Location::at(node.origin.span));
  return std::move(error).or_at(Location::in(node.origin.layer.empty() ? "ir" : "layer " + node.origin.layer));
}

Result<void> check_arity(const Node& node) {
  const auto specs = node.op->inputs;
  const bool variadic = !specs.empty() && specs.back().variadic;
  if (node.inputs.size() > specs.size() && !variadic) return fail(node, "too many inputs");
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const bool given = i < node.inputs.size() && node.inputs[i] >= 0;
    if (!given && !specs[i].optional && !specs[i].variadic)
      return fail(node, "input `" + std::string(specs[i].name) + "` is missing");
  }
  if (node.op->outputs >= 0 && static_cast<std::int32_t>(node.outputs.size()) != node.op->outputs)
    return fail(node, "wrong number of outputs");
  return {};
}

Result<void> check_attrs(const Node& node) {
  for (const AttrSpec& spec : node.op->attrs) {
    const AttrValue* value = node.attrs.find(spec.name);
    if (value == nullptr) return fail(node, "attribute `" + std::string(spec.name) + "` is missing");
    if (value->index() != static_cast<std::size_t>(spec.kind))
      return fail(node, "attribute `" + std::string(spec.name) + "` is of another kind");
  }
  return {};
}

Result<void> check_types(const Graph& graph, const Node& node) {
  if (node.op->infer.fn == nullptr) return {};
  std::vector<const Value*> inputs;
  for (const ValueId id : node.inputs) inputs.push_back(id < 0 ? nullptr : &graph.value(id));
  Result<std::vector<Typed>> typed = node.op->infer.fn({inputs, node.attrs, &node});
  if (!typed.ok()) return fail(node, typed.error().diagnostic().message);
  if (typed->size() != node.outputs.size()) return fail(node, "the shape rule gives another number of outputs");
  for (std::size_t i = 0; i < typed->size(); ++i) {
    const Value& value = graph.value(node.outputs[i]);
    const Typed& expected = (*typed)[i];
    // A quantized graph keeps the op and narrows the type; the back-end's rules govern there.
    if (value.dtype != expected.dtype && !value.quant.present())
      return fail(node, "output " + std::to_string(i) + " is " + std::string(dtype_name(value.dtype)) +
                            ", the rule gives " + std::string(dtype_name(expected.dtype)));
    if (!(value.shape == expected.shape))
      return fail(node, "output " + std::to_string(i) + " has shape " + shape_to_string(value.shape) +
                            ", the rule gives " + shape_to_string(expected.shape));
  }
  return {};
}

}  // namespace

Result<void> verify(const Graph& graph) {
  std::vector<bool> made(static_cast<std::size_t>(graph.value_count()), false);
  for (const ValueId id : graph.inputs) made[static_cast<std::size_t>(id)] = true;
  for (ValueId id = 0; id < graph.value_count(); ++id) {
    if (graph.value(id).constant) made[static_cast<std::size_t>(id)] = true;
  }
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    for (const ValueId input : node.inputs) {
      if (input >= 0 && !made[static_cast<std::size_t>(input)])
        return fail(node, "%" + std::to_string(input) + " is used before it is made");
    }
    KEDGE_TRY_VOID(check_arity(node));
    KEDGE_TRY_VOID(check_attrs(node));
    KEDGE_TRY_VOID(check_types(graph, node));
    for (const auto& body : node.bodies) KEDGE_TRY_VOID(verify(*body));
    for (const ValueId output : node.outputs) made[static_cast<std::size_t>(output)] = true;
  }
  for (const ValueId id : graph.outputs) {
    if (id < 0 || !made[static_cast<std::size_t>(id)])
      return make_error("K0691", "the graph is inconsistent: an output is never made", Location::in("ir"));
  }
  return {};
}

}  // namespace kedge::ir
