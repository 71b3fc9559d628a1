#include "passes/quantize_writer.h"

#include "base/check.h"
#include "ops/append.h"
#include "ops/ops.h"
#include "passes/quantize_params.h"

namespace kedge::passes::quant {

Writer::Writer(const ir::Graph& from, const Plan& plan, const Ranges& ranges, std::vector<Diagnostic>& faults)
    : from_(from),
      plan_(plan),
      ranges_(ranges),
      faults_(faults),
      map_(static_cast<std::size_t>(from.value_count()), -1) {}

void Writer::at(const ir::Node& node) {
  origin_ = node.origin;
  region_ = node.region;
}

void Writer::fault(const ir::Node& node, std::string message, std::string help) {
  Diagnostic d;
  d.code = "K0706";
  d.message = std::move(message);
  d.primary.location = node.origin.span.valid() ? Location::at(node.origin.span)
                                                : Location::in(node.origin.path.empty() ? "graph" : node.origin.path);
  if (!node.origin.layer.empty()) d.primary.text = "in layer \"" + node.origin.layer + "\"";
  if (!help.empty()) d.help.push_back(std::move(help));
  faults_.push_back(std::move(d));
}

ValueId Writer::add_constant(Tensor tensor, const std::string& name) {
  const Quantization quant = tensor.quant;
  const ValueId id = out_.add_constant(std::move(tensor), name);
  out_.value(id).quant = quant;
  return id;
}

ValueId Writer::int32_scalar(std::int64_t value) {
  return add_constant(Tensor::scalar<std::int64_t>(DType::int64, value).cast(DType::int32));
}

ValueId Writer::operand(ValueId old) {
  if (old < 0) return -1;
  if (mapped(old) >= 0) return mapped(old);
  const Tensor* value = constant(old);
  KEDGE_CHECK(value != nullptr, "a quantized operand is used before it is made");
  if (is_float(old)) return operand(old, for_constant(*value));
  const ValueId made = add_constant(*value, from_.value(old).name);
  map(old, made);
  return made;
}

ValueId Writer::operand(ValueId old, const Quantization& quant) {
  if (const Tensor* value = constant(old)) {
    const auto [at, fresh] = constants_.try_emplace({old, {quant.scale(), quant.zero_point()}}, -1);
    if (fresh) at->second = add_constant(quantize_tensor(*value, quant), from_.value(old).name);
    return at->second;
  }
  return requantized(operand(old), quant);
}

ValueId Writer::requantized(ValueId made, const Quantization& quant) {
  if (out_.value(made).quant == quant) return made;
  const auto [at, fresh] = requantized_.try_emplace({made, {quant.scale(), quant.zero_point()}}, -1);
  if (fresh) at->second = emit("requantize", {made}, {}, DType::int8, out_.value(made).shape, quant);
  return at->second;
}

ValueId Writer::emit(std::string_view op, std::vector<ValueId> inputs, Attrs attrs, DType dtype, Shape shape,
                     Quantization quant) {
  ir::Value result;
  result.dtype = dtype;
  result.shape = std::move(shape);
  result.quant = std::move(quant);
  return emit_many(op, std::move(inputs), std::move(attrs), {result})[0];
}

std::vector<ValueId> Writer::emit_many(std::string_view op, std::vector<ValueId> inputs, Attrs attrs,
                                       const std::vector<ir::Value>& results) {
  ir::Node node;
  node.op = ops::find_op(op);
  KEDGE_CHECK(node.op != nullptr, "the quantizer names an op that has no card");
  Result<Attrs> complete = ops::complete_attrs(*node.op, std::move(attrs));
  KEDGE_CHECK(complete.ok(), "the quantizer gave wrong attributes");
  node.attrs = std::move(*complete);
  node.inputs = std::move(inputs);
  for (const ir::Value& result : results) {
    const ValueId id = out_.add_value(result.dtype, result.shape, result.name);
    out_.value(id).quant = result.quant;
    node.outputs.push_back(id);
  }
  node.origin = origin_;
  node.region = region_;
  std::vector<ValueId> outputs = node.outputs;
  out_.add_node(std::move(node));
  return outputs;
}

// CAST and ADD turn int8 into an index 0 … 255; GATHER reads the table. The index of a value is shared by its tables.
ValueId Writer::look_up(const std::vector<ValueId>& made, Tensor table, Shape shape) {
  ValueId index = -1;
  if (made.size() == 1) {
    const auto [at, fresh] = indices_.try_emplace(made[0], -1);
    if (fresh) {
      const Shape own = out_.value(made[0]).shape;
      const ValueId wide = emit("cast", {made[0]}, Attrs{{"to", DType::int32}}, DType::int32, own);
      at->second = emit("add", {wide, int32_scalar(128)}, {}, DType::int32, own);
    }
    index = at->second;
  } else {
    const ValueId high = emit("cast", {made[0]}, Attrs{{"to", DType::int32}}, DType::int32, out_.value(made[0]).shape);
    const ValueId low = emit("cast", {made[1]}, Attrs{{"to", DType::int32}}, DType::int32, out_.value(made[1]).shape);
    const ValueId scaled = emit("mul", {high, int32_scalar(256)}, {}, DType::int32, out_.value(made[0]).shape);
    const ValueId offset =
        emit("add", {scaled, int32_scalar(128 * 256 + 128)}, {}, DType::int32, out_.value(made[0]).shape);
    index = emit("add", {offset, low}, {}, DType::int32, shape);
  }
  const DType dtype = table.dtype();
  const Quantization quant = table.quant;
  const ValueId entries = add_constant(std::move(table), "table");
  return emit("gather", {entries, index}, Attrs{{"axis", std::int64_t{0}}, {"batch_dims", std::int64_t{0}}}, dtype,
              std::move(shape), quant);
}

ValueId Writer::shape_preserving(std::string_view op, ValueId a, std::int64_t constant) {
  const Shape shape = out_.value(a).shape;
  return emit(op, {a, int32_scalar(constant)}, {}, DType::int32, shape);
}

Result<Tensor> evaluate_chain(const ir::Graph& graph, std::span<const NodeId> nodes, std::span<const ValueId> roots,
                              std::vector<Tensor> inputs, ValueId result) {
  ir::Graph small;
  std::map<ValueId, ValueId> map;
  for (std::size_t r = 0; r < roots.size(); ++r)
    map[roots[r]] = small.add_input("x" + std::to_string(r), DType::float32, to_shape(inputs[r].shape()));
  for (const NodeId id : nodes) {
    const ir::Node& node = graph.node(id);
    std::vector<ValueId> operands;
    for (const ValueId v : node.inputs) {
      if (v >= 0 && !map.contains(v)) {
        const ir::Value& value = graph.value(v);
        KEDGE_CHECK(value.constant && value.constant->size() == 1, "a table's chain reads a value from outside");
        map[v] = small.add_constant(value.constant->reshaped({}));
      }
      operands.push_back(v < 0 ? -1 : map[v]);
    }
    KEDGE_TRY(const ValueId made, ops::append(small, node.op->name, operands, node.attrs));
    map[node.outputs[0]] = made;
  }
  small.outputs = {map.at(result)};
  small.output_names = {"y"};
  KEDGE_TRY(std::vector<Tensor> values, ops::interpret(small, inputs));
  return std::move(values[0]);
}

Result<Tensor> make_table(const ir::Graph& graph, std::span<const NodeId> nodes, std::span<const ValueId> roots,
                          std::span<const Quantization> in, ValueId result) {
  const std::int64_t size = roots.size() == 1 ? 256 : 65536;
  std::vector<Tensor> inputs;
  for (std::size_t r = 0; r < roots.size(); ++r) {
    std::vector<float> values;
    const std::int64_t period = roots.size() == 2 && r == 0 ? 256 : 1;
    for (std::int64_t i = 0; i < size; ++i)
      values.push_back(static_cast<float>(dequantize_one((i / period) % 256 - 128, in[r])));
    inputs.push_back(Tensor::of<float>(DType::float32, {size}, values));
  }
  return evaluate_chain(graph, nodes, roots, std::move(inputs), result);
}

Tensor as_entries(Tensor table, const Quantization& out) {
  if (table.dtype() == DType::float32) return quantize_tensor(table, out);
  return table;
}

}  // namespace kedge::passes::quant
