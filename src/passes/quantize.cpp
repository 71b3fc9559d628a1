// The walk: boundary, every node, boundary.
#include "passes/quantize.h"

#include <algorithm>

#include "passes/quantize_params.h"
#include "passes/quantize_plan.h"
#include "passes/quantize_writer.h"

namespace kedge::passes {
namespace {

using ir::ValueId;
using quant::Plan;
using quant::Writer;

Quantization as_uint8(Quantization q) {
  q.zero_points[0] += 128;
  return q;
}

void take_input(Writer& w, ValueId old, BoundaryType type) {
  const ir::Value& value = w.from().value(old);
  if (!w.is_float(old)) {
    w.map(old, w.out().add_input(value.name, value.dtype, value.shape));
    return;
  }
  const Quantization q = w.plan().wanted(old);
  if (type == BoundaryType::int8) {
    const ValueId input = w.out().add_input(value.name, DType::int8, value.shape);
    w.out().value(input).quant = q;
    w.map(old, input);
    return;
  }
  const bool bytes = type == BoundaryType::uint8;
  const ValueId input = w.out().add_input(value.name, bytes ? DType::uint8 : DType::float32, value.shape);
  if (bytes) w.out().value(input).quant = as_uint8(q);
  w.map(old, w.emit(bytes ? "requantize" : "quantize", {input}, {}, DType::int8, value.shape, q));
}

ValueId give_output(Writer& w, ValueId old, BoundaryType type) {
  if (!w.is_float(old)) return w.operand(old);
  if (type == BoundaryType::float32 && w.constant(old) != nullptr) return w.add_constant(*w.constant(old));
  const ValueId made = w.operand(old);
  const Shape shape = w.out().value(made).shape;
  if (type == BoundaryType::int8) return made;
  if (type == BoundaryType::uint8)
    return w.emit("requantize", {made}, {}, DType::uint8, shape, as_uint8(w.quant(made)));
  return w.emit("dequantize", {made}, {}, DType::float32, shape);
}

bool touches_floats(const ir::Graph& graph, const ir::Node& node) {
  const auto is_float = [&](ValueId v) { return v >= 0 && graph.value(v).dtype == DType::float32; };
  return std::any_of(node.inputs.begin(), node.inputs.end(), is_float) ||
         std::any_of(node.outputs.begin(), node.outputs.end(), is_float);
}

/// Integer arithmetic that the model does itself stays as it is.
void copy_node(Writer& w, const ir::Node& node) {
  ir::Node copy;
  copy.op = node.op;
  copy.attrs = node.attrs;
  copy.origin = node.origin;
  copy.region = node.region;
  for (const ValueId v : node.inputs) copy.inputs.push_back(w.operand(v));
  for (const ValueId v : node.outputs) {
    const ir::Value& value = w.from().value(v);
    copy.outputs.push_back(w.out().add_value(value.dtype, value.shape, value.name));
    w.map(v, copy.outputs.back());
  }
  for (const auto& body : node.bodies) copy.bodies.push_back(std::make_unique<ir::Graph>(body->clone()));
  w.out().add_node(std::move(copy));
}

/// Values that a faulty node did not make.
bool lacks_operand(Writer& w, const ir::Node& node) {
  return std::any_of(node.inputs.begin(), node.inputs.end(), [&](ValueId v) {
    if (v < 0 || w.constant(v) != nullptr || w.mapped(v) >= 0) return false;
    return !w.plan().is_derived(v) || w.mapped(w.plan().root(v)) < 0;
  });
}

/// Tables that something better replaced.
void drop_unused(ir::Graph& graph) {
  std::vector<bool> wanted(static_cast<std::size_t>(graph.value_count()), false);
  for (const ValueId v : graph.outputs) wanted[static_cast<std::size_t>(v)] = true;
  const std::vector<ir::NodeId> order = graph.order();
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    const ir::Node& node = graph.node(*it);
    if (std::none_of(node.outputs.begin(), node.outputs.end(),
                     [&](ValueId v) { return wanted[static_cast<std::size_t>(v)]; })) {
      graph.remove(*it);
      continue;
    }
    for (const ValueId v : node.inputs)
      if (v >= 0) wanted[static_cast<std::size_t>(v)] = true;
  }
  for (ir::Region& region : graph.regions())
    for (std::vector<ValueId>* list : {&region.inputs, &region.outputs})
      for (ValueId& v : *list)
        if (v >= 0 && !wanted[static_cast<std::size_t>(v)]) v = -1;
}

}  // namespace

Result<ir::Graph> quantize(const ir::Graph& graph, const Ranges& ranges, const QuantizeOptions& options) {
  const Plan plan(graph, ranges);
  std::vector<Diagnostic> faults;
  Writer w(graph, plan, ranges, faults);
  w.out().name = graph.name;
  w.out().regions() = graph.regions();
  for (const ValueId v : graph.inputs) take_input(w, v, options.input);
  for (const ir::NodeId id : graph.order()) {
    const ir::Node& node = graph.node(id);
    if (lacks_operand(w, node)) continue;
    w.at(node);
    if (plan.is_derived(node.outputs[0]) || touches_floats(graph, node)) quant::write_node(w, node);
    else copy_node(w, node);
  }
  if (!faults.empty()) {
    Diagnostic all = std::move(faults[0]);
    for (std::size_t i = 1; i < faults.size(); ++i)
      all.secondary.push_back({faults[i].primary.location, faults[i].message});
    return Error(std::move(all));
  }
  for (const ValueId v : graph.outputs) w.out().outputs.push_back(give_output(w, v, options.output));
  w.out().output_names = graph.output_names;
  for (ir::Region& region : w.out().regions())
    for (std::vector<ValueId>* list : {&region.inputs, &region.outputs})
      for (ValueId& v : *list) v = v >= 0 ? w.mapped(v) : -1;
  drop_unused(w.out());
  w.out().compact();
  return std::move(w.out());
}

}  // namespace kedge::passes
