// What each op becomes in integers.
#include <algorithm>
#include <cmath>

#include "passes/quantize_params.h"
#include "passes/quantize_writer.h"

namespace kedge::passes::quant {
namespace {

using ir::Node;

constexpr double kLargestMultiplier = 64.0;  ///< of MUL: beyond, its fixed-point product could overflow

std::string named(const Node& node) { return "`" + std::string(node.op->name) + "`"; }

Shape shape_of(Writer& w, ValueId old) { return w.from().value(old).shape; }

/// Emits with the node's own attributes and one int8 result.
void emit_int8(Writer& w, const Node& node, std::vector<ValueId> inputs, const Quantization& quant) {
  const ValueId out = node.outputs[0];
  w.map(out, w.emit(node.op->name, std::move(inputs), node.attrs, DType::int8, shape_of(w, out), quant));
}

void table_of_chain(Writer& w, const Node& node, ValueId result) {
  const ValueId root = w.plan().root(result);
  const std::vector<NodeId> nodes = w.plan().chain(result);
  const ValueId made = w.operand(root);
  const Quantization in = w.quant(made);
  Result<Tensor> table = make_table(w.from(), nodes, std::span(&root, 1), std::span(&in, 1), result, w.plan().wanted(result));
  if (!table.ok()) return w.fault(node, named(node) + " cannot be tabulated for int8");
  w.map(result, w.look_up({made}, std::move(*table), shape_of(w, result)));
}

/// One multiplication or addition by a number has int8 kernels of its own.
bool scalar_arithmetic(Writer& w, const Node& node, ValueId result) {
  const std::string_view op = node.op->name;
  const ValueId root = w.plan().root(result);
  const std::size_t side = node.inputs.size() == 2 && node.inputs[0] == root ? 1 : 0;
  if (node.inputs.size() != 2 || node.inputs[1 - side] != root) return false;
  const Tensor* constant = w.constant(node.inputs[side]);
  if (constant == nullptr) return false;
  double value = constant->element_as_double(0);
  if (!std::isfinite(value) || value == 0) return false;
  const ValueId x = w.operand(root);
  const Quantization out = w.plan().wanted(result);
  if (op == "mul" || (op == "div" && side == 1)) {
    if (op == "div") value = 1 / value;
    const Quantization c = fixed(std::abs(value) / 127.0, 0);
    if (w.quant(x).scale() * c.scale() / out.scale() >= 1.0F) return false;
    const ValueId factor = w.add_constant(quantize_tensor(Tensor::scalar<double>(DType::float64, value).cast(DType::float32), c));
    w.map(result, w.emit("mul", {x, factor}, {}, DType::int8, shape_of(w, result), out));
    return true;
  }
  return false;
}

bool native_unary(Writer& w, const Node& node, ValueId result) {
  const std::string_view op = node.op->name;
  const ValueId x = w.operand(node.inputs[0]);
  Quantization out = w.plan().wanted(result);
  if (op == "sigmoid") out = fixed(1.0 / 256, -128);
  else if (op == "tanh") out = fixed(1.0 / 128, 0);
  else if (op != "relu" && op != "relu6" && op != "gelu" && op != "elu" && op != "leaky_relu") return false;
  emit_int8(w, node, {x}, out);
  return true;
}

void derived(Writer& w, const Node& node) {
  const ValueId result = node.outputs[0];
  if (!w.plan().is_materialised(result)) return;
  const std::vector<NodeId> nodes = w.plan().chain(result);
  if (nodes.size() == 1) {
    if (node.inputs.size() == 1 && native_unary(w, node, result)) return;
    if (scalar_arithmetic(w, node, result)) return;
  }
  table_of_chain(w, node, result);
}

/// A function of two values: one table of all pairs.
void pair_table(Writer& w, const Node& node) {
  const ValueId result = node.outputs[0];
  std::vector<ValueId> made;
  std::vector<Quantization> in;
  for (const ValueId v : node.inputs) {
    made.push_back(w.operand(v));
    in.push_back(w.quant(made.back()));
  }
  const NodeId id = w.from().value(result).producer;
  Result<Tensor> table = make_table(w.from(), std::span(&id, 1), node.inputs, in, result, w.plan().wanted(result));
  if (!table.ok()) return w.fault(node, named(node) + " cannot be tabulated for int8");
  w.map(result, w.look_up(made, std::move(*table), shape_of(w, result)));
}

bool all_float(Writer& w, const Node& node) {
  return std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId v) { return v >= 0 && w.is_float(v); });
}

void binary(Writer& w, const Node& node) {
  const std::string_view op = node.op->name;
  const ValueId result = node.outputs[0];
  const Quantization out = w.is_float(result) ? w.plan().wanted(result) : Quantization{};
  if (op == "div") {  // by constants: their reciprocals
    if (const Tensor* divisor = w.constant(node.inputs[1])) {
      Tensor inverse(DType::float32, divisor->shape());
      for (std::int64_t i = 0; i < divisor->size(); ++i) inverse.mutable_values<float>()[i] = static_cast<float>(1.0 / divisor->element_as_double(i));
      const Quantization q = for_constant(inverse);
      w.map(result, w.emit("mul", {w.operand(node.inputs[0]), w.add_constant(quantize_tensor(inverse, q))}, {}, DType::int8, shape_of(w, result), out));
      return;
    }
  }
  if (op == "add" || op == "sub") {
    // A constant may reach far beyond what the sum needs (masks of -1e9): it saturates where the sum does.
    std::vector<ValueId> inputs;
    for (const ValueId v : node.inputs) inputs.push_back(w.constant(v) != nullptr ? w.operand(v, w.constant(v)->size() == 1 ? for_constant(*w.constant(v)) : asymmetric(w.plan().needed_min(v), w.plan().needed_max(v))) : w.operand(v));
    return emit_int8(w, node, std::move(inputs), out);
  }
  if (op == "mul") {
    const ValueId a = w.operand(node.inputs[0]);
    const ValueId b = w.operand(node.inputs[1]);
    if (static_cast<double>(w.quant(a).scale()) * static_cast<double>(w.quant(b).scale()) / static_cast<double>(out.scale()) < kLargestMultiplier) return emit_int8(w, node, {a, b}, out);
  }
  if (op == "squared_difference") {
    const ValueId a = w.operand(node.inputs[0]);
    const ValueId b = w.operand(node.inputs[1]);
    return emit_int8(w, node, {a, b}, out);
  }
  pair_table(w, node);
}

/// concat, max, min, select: operands take the result's parameters.
void join(Writer& w, const Node& node) {
  const ValueId result = node.outputs[0];
  const Quantization out = w.plan().wanted(result);
  std::vector<ValueId> inputs;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const ValueId v = node.inputs[i];
    inputs.push_back(is_data_operand(w.from(), node, i) ? w.operand(v, out) : w.operand(v));
  }
  emit_int8(w, node, std::move(inputs), out);
}

void transparent(Writer& w, const Node& node) {
  std::vector<ValueId> inputs;
  Quantization quant;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const ValueId v = node.inputs[i];
    const bool data = is_data_operand(w.from(), node, i);
    inputs.push_back(data && w.constant(v) != nullptr ? w.operand(v, w.plan().wanted(node.outputs[0])) : w.operand(v));
    if (data) quant = w.quant(inputs.back());
  }
  if (node.op->name == "pad" && node.attrs.text("mode") == "constant") {  // the fill must be representable
    const double value = node.attrs.real("value");
    const double q = value / quant.scale() + quant.zero_point();
    if (value != 0 && value > -1e30 && (q < -128.5 || q > 127.5)) {
      quant = w.plan().wanted(node.outputs[0]);
      inputs[0] = w.operand(node.inputs[0], quant);
    }
  }
  if (node.outputs.size() == 1) return emit_int8(w, node, std::move(inputs), quant);
  std::vector<ir::Value> results;  // top_k: values and indices
  for (const ValueId v : node.outputs) {
    ir::Value value;
    value.dtype = w.is_float(v) ? DType::int8 : w.from().value(v).dtype;
    value.shape = shape_of(w, v);
    if (w.is_float(v)) value.quant = quant;
    results.push_back(value);
  }
  const std::vector<ValueId> made = w.emit_many(node.op->name, std::move(inputs), node.attrs, results);
  for (std::size_t i = 0; i < made.size(); ++i) w.map(node.outputs[i], made[i]);
}

void weighted(Writer& w, const Node& node) {
  const std::string_view op = node.op->name;
  const Tensor* filter = w.constant(node.inputs[1]);
  const Tensor* bias = node.inputs.size() > 2 && node.inputs[2] >= 0 ? w.constant(node.inputs[2]) : nullptr;
  if (filter == nullptr || (node.inputs.size() > 2 && node.inputs[2] >= 0 && bias == nullptr)) {
    return w.fault(node, named(node) + " with weights computed by the graph has no int8 kernel", "keep its weights constant, or export without --quantize int8");
  }
  const bool depthwise = op == "depthwise_conv2d";
  const std::int64_t axis = op == "conv2d" ? 3 : op == "fully_connected" ? 1 : 2;
  QuantizedWeights weights = quantize_weights(*filter, axis, depthwise);
  const ValueId x = w.operand(node.inputs[0]);
  weights.weights.quant.scales = weights.scales;
  weights.weights.quant.zero_points.assign(weights.scales.size(), 0);
  weights.weights.quant.axis = static_cast<std::int32_t>(axis);
  const std::int64_t channels = static_cast<std::int64_t>(weights.scales.size());
  const Tensor zero(DType::float32, {channels});
  std::vector<ValueId> inputs{x, w.add_constant(std::move(weights.weights), w.from().value(node.inputs[1]).name)};
  inputs.push_back(w.add_constant(quantize_bias(bias != nullptr ? *bias : zero, w.quant(x).scale(), weights.scales), bias != nullptr ? w.from().value(node.inputs[2]).name : std::string()));
  Attrs attrs = node.attrs;
  attrs.set("activation", std::string("none"));  // the result's range ends where the activation clamps
  if (op == "conv2d_transpose") attrs.erase("activation");
  const ValueId out = node.outputs[0];
  w.map(out, w.emit(op, std::move(inputs), attrs, DType::int8, shape_of(w, out), w.plan().wanted(out)));
}

void cast_to_float(Writer& w, const Node& node) {
  const ValueId out = node.outputs[0];
  ValueId x = w.operand(node.inputs[0]);
  const Shape shape = shape_of(w, out);
  const DType from = w.from().value(node.inputs[0]).dtype;
  if (from == DType::boolean) {
    w.map(out, w.emit("cast", {x}, Attrs{{"to", DType::int8}}, DType::int8, shape, fixed(1, 0)));
    return;
  }
  if (from != DType::int32) x = w.emit("cast", {x}, Attrs{{"to", DType::int32}}, DType::int32, shape);
  const Range& range = w.range(out);
  const double low = range.seen ? std::floor(range.min) : 0;
  const double high = range.seen ? std::ceil(range.max) : 1;
  // q = (x - base) // step - 128 with base a multiple of step, so that real = step * (q - zero_point) exactly.
  const std::int64_t step = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil((high - low) / 254)));
  std::int64_t zero = low >= -128 && high <= 127 ? 0 : -128 - static_cast<std::int64_t>(std::floor(low / static_cast<double>(step)));
  ValueId q = x;
  if (step > 1) {
    q = w.emit("add", {q, w.int32_scalar(step / 2)}, {}, DType::int32, shape);
    q = w.emit("floordiv", {q, w.int32_scalar(step)}, {}, DType::int32, shape);
  }
  if (zero != 0) q = w.emit("add", {q, w.int32_scalar(zero)}, {}, DType::int32, shape);
  q = w.emit("max", {q, w.int32_scalar(-128)}, {}, DType::int32, shape);
  q = w.emit("min", {q, w.int32_scalar(127)}, {}, DType::int32, shape);
  w.map(out, w.emit("cast", {q}, Attrs{{"to", DType::int8}}, DType::int8, shape, fixed(static_cast<double>(step), zero)));
}

void relu_in_range(Writer& w, const Node& node) {
  const ValueId x = w.operand(node.inputs[0]);
  const Quantization& q = w.quant(x);
  const bool below = q.zero_point() == -128;
  const bool above = node.op->name == "relu" || dequantize_one(127, q) <= 6.0 + 0.5 * static_cast<double>(q.scale());
  if (below && above) return w.map(node.outputs[0], x);
  emit_int8(w, node, {x}, w.plan().wanted(node.outputs[0]));
}

void fixed_result(Writer& w, const Node& node) {
  emit_int8(w, node, {w.operand(node.inputs[0])}, node.op->name == "softmax" ? fixed(1.0 / 256, -128) : fixed(16.0 / 256, 127));
}

void own_scale(Writer& w, const Node& node) {
  std::vector<ValueId> inputs;
  for (const ValueId v : node.inputs) inputs.push_back(w.operand(v));
  emit_int8(w, node, std::move(inputs), w.plan().wanted(node.outputs[0]));
}

// Additions of equal scale: in int32 without zero points, then back.
void cumulative_sum(Writer& w, const Node& node) {
  const ValueId out = node.outputs[0];
  const Shape shape = shape_of(w, out);
  const ValueId x = w.operand(node.inputs[0]);
  ValueId wide = w.emit("cast", {x}, Attrs{{"to", DType::int32}}, DType::int32, shape);
  wide = w.emit("sub", {wide, w.int32_scalar(w.quant(x).zero_point())}, {}, DType::int32, shape);
  const ValueId sum = w.emit("cumsum", {wide}, node.attrs, DType::int32, shape, fixed(w.quant(x).scale(), 0));
  w.map(out, w.emit("requantize", {sum}, {}, DType::int8, shape, w.plan().wanted(out)));
}

// Scattering starts from zeros, so the zero point must be zero.
void scatter(Writer& w, const Node& node) {
  const ValueId out = node.outputs[0];
  const double limit = std::max(std::abs(w.plan().needed_min(out)), std::abs(w.plan().needed_max(out)));
  const Quantization q = symmetric(limit);
  emit_int8(w, node, {w.operand(node.inputs[0]), w.operand(node.inputs[1], q)}, q);
}

void one_hot(Writer& w, const Node& node) {
  Attrs attrs = node.attrs;
  attrs.set("to", DType::int8);
  w.map(node.outputs[0], w.emit("one_hot", {w.operand(node.inputs[0])}, attrs, DType::int8, shape_of(w, node.outputs[0]), fixed(1, 0)));
}

void index_result(Writer& w, const Node& node) {
  const ValueId out = node.outputs[0];
  w.map(out, w.emit(node.op->name, {w.operand(node.inputs[0])}, node.attrs, w.from().value(out).dtype, shape_of(w, out)));
}

}  // namespace

void write_node(Writer& w, const Node& node) {
  const std::string_view op = node.op->name;
  const ValueId out = node.outputs[0];
  if (w.plan().is_derived(out)) return derived(w, node);
  if (op == "relu" || op == "relu6") return relu_in_range(w, node);
  if (op == "conv2d" || op == "depthwise_conv2d" || op == "conv2d_transpose" || op == "fully_connected") return weighted(w, node);
  if (op == "softmax" || op == "log_softmax") return fixed_result(w, node);
  if (joins_scales(op)) return join(w, node);
  if (is_transparent(op)) return transparent(w, node);
  if (op == "matmul" || op == "reduce_sum" || op == "reduce_mean") return own_scale(w, node);
  if (op == "argmax" || op == "argmin") return index_result(w, node);
  if (op == "cast" && w.is_float(out)) return cast_to_float(w, node);
  if (op == "cumsum") return cumulative_sum(w, node);
  if (op == "scatter_nd") return scatter(w, node);
  if (op == "one_hot") return one_hot(w, node);
  if (node.inputs.size() == 2 && node.op->elementwise && all_float(w, node)) return binary(w, node);
  w.fault(node, named(node) + " has no int8 form", "export without --quantize int8, or compute it outside of the model");
}

}  // namespace kedge::passes::quant
