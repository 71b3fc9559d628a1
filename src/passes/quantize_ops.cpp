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

constexpr std::int64_t kWideEntries = 16384;
constexpr double kWideMargin = 1.25;  ///< how far beyond the calibrated range a wide table reaches

/// f(x) for a wide integer x: its range is cut into equal steps, far finer than int8's.
bool table_of_wide(Writer& w, ValueId result, Tensor& table, ValueId& index) {
  const ValueId root = w.plan().root(result);
  const Writer::Wide x = *w.wide(root);
  const Range& range = w.range(root);
  const double low = range.min < 0 ? range.min * kWideMargin : range.min / kWideMargin;
  const double high = range.max < 0 ? range.max / kWideMargin : range.max * kWideMargin;
  const std::int64_t first = static_cast<std::int64_t>(std::floor(low / x.scale));
  const std::int64_t count =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(high / x.scale)) - first + 1);
  const std::int64_t step = (count + kWideEntries - 1) / kWideEntries;
  const std::int64_t entries = (count + step - 1) / step;
  std::vector<float> values;
  for (std::int64_t i = 0; i < entries; ++i)
    values.push_back(
        static_cast<float>(x.scale * (static_cast<double>(first + i * step) + static_cast<double>(step - 1) / 2)));
  const std::vector<NodeId> nodes = w.plan().chain(result);
  Result<Tensor> made = evaluate_chain(w.from(), nodes, std::span(&root, 1),
                                       {Tensor::of<float>(DType::float32, {entries}, values)}, result);
  if (!made.ok()) return false;
  table = std::move(*made);
  index = w.shape_preserving("sub", x.value, first);
  if (step > 1) index = w.shape_preserving("floordiv", index, step);
  index = w.shape_preserving("min", w.shape_preserving("max", index, 0), entries - 1);
  return true;
}

ValueId gather(Writer& w, Tensor table, ValueId index, const Quantization& quant, Shape shape) {
  const DType dtype = table.dtype();
  table.quant = quant;
  const ValueId entries = w.add_constant(std::move(table), "table");
  return w.emit("gather", {entries, index}, Attrs{{"axis", std::int64_t{0}}, {"batch_dims", std::int64_t{0}}}, dtype,
                std::move(shape), quant);
}

/// Float entries as int32 multiples of a scale that makes the largest `limit`.
Tensor as_wide_entries(const Tensor& table, double limit, double& scale) {
  double largest = 0;
  for (const float v : table.values<float>())
    if (std::isfinite(v)) largest = std::max(largest, static_cast<double>(std::abs(v)));
  scale = largest > 0 ? largest / limit : 1.0;
  Tensor out(DType::int32, table.shape());
  for (std::int64_t i = 0; i < table.size(); ++i) {
    const double v = table.element_as_double(i);
    out.mutable_values<std::int32_t>()[i] =
        static_cast<std::int32_t>(std::isnan(v) ? 0 : std::clamp(std::round(v / scale), -limit, limit));
  }
  return out;
}

void table_of_chain(Writer& w, const Node& node, ValueId result) {
  const ValueId root = w.plan().root(result);
  if (w.wide(root) != nullptr) {
    Tensor table;
    ValueId index = -1;
    if (!table_of_wide(w, result, table, index)) return w.fault(node, named(node) + " cannot be tabulated for int8");
    const bool real = table.dtype() == DType::float32;
    const Quantization out = real ? w.plan().wanted(result) : Quantization{};
    w.map(result, gather(w, as_entries(std::move(table), out), index, out, shape_of(w, result)));
    return;
  }
  const std::vector<NodeId> nodes = w.plan().chain(result);
  const ValueId made = w.operand(root);
  const Quantization in = w.quant(made);
  Result<Tensor> table = make_table(w.from(), nodes, std::span(&root, 1), std::span(&in, 1), result);
  if (!table.ok()) return w.fault(node, named(node) + " cannot be tabulated for int8");
  w.map(result, w.look_up({made}, as_entries(std::move(*table), w.plan().wanted(result)), shape_of(w, result)));
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
    const ValueId factor =
        w.add_constant(quantize_tensor(Tensor::scalar<double>(DType::float64, value).cast(DType::float32), c));
    w.map(result, w.emit("mul", {x, factor}, {}, DType::int8, shape_of(w, result), out));
    return true;
  }
  return false;
}

bool native_unary(Writer& w, const Node& node, ValueId result) {
  const std::string_view op = node.op->name;
  const ValueId x = w.operand(node.inputs[0]);
  Quantization out = w.plan().wanted(result);
  // The kernels of sigmoid and tanh have the scale of their whole range; a result that keeps to a small part of it gets
  // a table.
  const double span = w.plan().needed_max(result) - w.plan().needed_min(result);
  if (op == "sigmoid" && span > 0.5) out = fixed(1.0 / 256, -128);
  else if (op == "tanh" && span > 1.0) out = fixed(1.0 / 128, 0);
  else if (op != "relu" && op != "relu6" && op != "gelu" && op != "leaky_relu") return false;
  emit_int8(w, node, {x}, out);
  return true;
}

void derived(Writer& w, const Node& node) {
  const ValueId result = node.outputs[0];
  if (!w.plan().is_materialised(result)) return;
  const std::vector<NodeId> nodes = w.plan().chain(result);
  if (nodes.size() == 1 && w.wide(w.plan().root(result)) == nullptr) {
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
  Result<Tensor> table = make_table(w.from(), std::span(&id, 1), node.inputs, in, result);
  if (!table.ok()) return w.fault(node, named(node) + " cannot be tabulated for int8");
  const Quantization out = w.is_float(result) ? w.plan().wanted(result) : Quantization{};
  w.map(result, w.look_up(made, as_entries(std::move(*table), out), shape_of(w, result)));
}

bool all_float(Writer& w, const Node& node) {
  return std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId v) { return v >= 0 && w.is_float(v); });
}

constexpr double kUnevenFactor = 16;  ///< largest to smallest factor from which int8 is too coarse for it

/// x * r where r, a function of a wide value, spans orders of magnitude (one over the deviation of each channel): in
/// int32.
bool wide_product(Writer& w, const Node& node) {
  for (std::size_t side = 0; side < 2; ++side) {
    const ValueId factor = node.inputs[side];
    const ValueId other = node.inputs[1 - side];
    if (w.constant(factor) != nullptr || w.constant(other) != nullptr || !w.plan().is_derived(factor) ||
        w.wide(w.plan().root(factor)) == nullptr)
      continue;
    const Range& range = w.range(factor);
    const double low = std::min(std::abs(range.min), std::abs(range.max));
    const double high = std::max(std::abs(range.min), std::abs(range.max));
    if (static_cast<double>(range.min) * static_cast<double>(range.max) > 0 && high < low * kUnevenFactor) continue;
    Tensor table;
    ValueId index = -1;
    if (!table_of_wide(w, factor, table, index)) return false;
    double scale = 1;
    Tensor entries = as_wide_entries(table, 32767, scale);
    const ValueId r = gather(w, std::move(entries), index, {}, shape_of(w, factor));
    const ValueId x = w.operand(other);
    const Quantization in = w.quant(x);
    const ValueId wide = w.shape_preserving(
        "sub", w.emit("cast", {x}, Attrs{{"to", DType::int32}}, DType::int32, shape_of(w, other)), in.zero_point());
    const ValueId result = node.outputs[0];
    const ValueId product = w.emit("mul", {wide, r}, {}, DType::int32, shape_of(w, result),
                                   fixed(static_cast<double>(in.scale()) * scale, 0));
    w.map(result, w.emit("requantize", {product}, {}, DType::int8, shape_of(w, result), w.plan().wanted(result)));
    return true;
  }
  return false;
}

void binary(Writer& w, const Node& node) {
  const std::string_view op = node.op->name;
  const ValueId result = node.outputs[0];
  const Quantization out = w.is_float(result) ? w.plan().wanted(result) : Quantization{};
  if (op == "div") {  // by constants: their reciprocals
    if (const Tensor* divisor = w.constant(node.inputs[1])) {
      Tensor inverse(DType::float32, divisor->shape());
      for (std::int64_t i = 0; i < divisor->size(); ++i)
        inverse.mutable_values<float>()[i] = static_cast<float>(1.0 / divisor->element_as_double(i));
      const Quantization q = for_constant(inverse);
      w.map(result, w.emit("mul", {w.operand(node.inputs[0]), w.add_constant(quantize_tensor(inverse, q))}, {},
                           DType::int8, shape_of(w, result), out));
      return;
    }
  }
  if (op == "add" || op == "sub") {
    // A constant may reach far beyond what the sum needs (masks of -1e9): it saturates where the sum does.
    std::vector<ValueId> inputs;
    for (const ValueId v : node.inputs)
      inputs.push_back(w.constant(v) != nullptr
                           ? w.operand(v, w.constant(v)->size() == 1
                                              ? for_constant(*w.constant(v))
                                              : asymmetric(w.plan().needed_min(v), w.plan().needed_max(v)))
                           : w.operand(v));
    const double twice = 2 * static_cast<double>(std::max(w.quant(inputs[0]).scale(), w.quant(inputs[1]).scale()));
    if (twice / 1048576 < static_cast<double>(out.scale())) return emit_int8(w, node, std::move(inputs), out);
  }
  if (op == "mul" && wide_product(w, node)) return;
  if (op == "mul") {
    const ValueId a = w.operand(node.inputs[0]);
    const ValueId b = w.operand(node.inputs[1]);
    if (static_cast<double>(w.quant(a).scale()) * static_cast<double>(w.quant(b).scale()) /
            static_cast<double>(out.scale()) <
        kLargestMultiplier)
      return emit_int8(w, node, {a, b}, out);
  }
  if (op == "squared_difference") {  // the kernel wants its last multiplier below one
    const ValueId a = w.operand(node.inputs[0]);
    const ValueId b = w.operand(node.inputs[1]);
    const double twice = 2 * static_cast<double>(std::max(w.quant(a).scale(), w.quant(b).scale()));
    if (twice * twice / 16384 < static_cast<double>(out.scale())) return emit_int8(w, node, {a, b}, out);
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
    return w.fault(node, named(node) + " with weights computed by the graph has no int8 kernel",
                   "keep its weights constant, or export without --quantize int8");
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
  inputs.push_back(w.add_constant(quantize_bias(bias != nullptr ? *bias : zero, w.quant(x).scale(), weights.scales),
                                  bias != nullptr ? w.from().value(node.inputs[2]).name : std::string()));
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
  // Zero is in the range, or the zero point would be no int8.
  const double low = range.seen ? std::min(0.0, std::floor(static_cast<double>(range.min))) : 0;
  const double high = range.seen ? std::max(0.0, std::ceil(static_cast<double>(range.max))) : 1;
  // q = (x - base) // step - 128 with base a multiple of step, so that real = step * (q - zero_point) exactly.
  const std::int64_t step = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil((high - low) / 254)));
  std::int64_t zero =
      low >= -128 && high <= 127 ? 0 : -128 - static_cast<std::int64_t>(std::floor(low / static_cast<double>(step)));
  ValueId q = x;
  if (step > 1) {
    q = w.emit("add", {q, w.int32_scalar(step / 2)}, {}, DType::int32, shape);
    q = w.emit("floordiv", {q, w.int32_scalar(step)}, {}, DType::int32, shape);
  }
  if (zero != 0) q = w.emit("add", {q, w.int32_scalar(zero)}, {}, DType::int32, shape);
  q = w.emit("max", {q, w.int32_scalar(-128)}, {}, DType::int32, shape);
  q = w.emit("min", {q, w.int32_scalar(127)}, {}, DType::int32, shape);
  w.map(out,
        w.emit("cast", {q}, Attrs{{"to", DType::int8}}, DType::int8, shape, fixed(static_cast<double>(step), zero)));
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
  emit_int8(w, node, {w.operand(node.inputs[0])},
            node.op->name == "softmax" ? fixed(1.0 / 256, -128) : fixed(16.0 / 256, 127));
}

/// A sum that only tables read stays an int32: squares and the like go in with 16 bits instead of 8.
bool wide_reduction(Writer& w, const Node& node) {
  const ValueId result = node.outputs[0];
  if (!w.plan().is_wide(result) || w.constant(node.inputs[0]) != nullptr) return false;
  const ValueId x = node.inputs[0];
  const Shape shape = shape_of(w, x);
  const StaticShape known = static_shape(shape).value_or(StaticShape{});
  std::int64_t count = 1;
  for (const std::int64_t axis : node.attrs.integers("axes")) count *= known[axis];
  if (count <= 0 || count > (1 << 22)) return false;
  const double limit = std::min(65535.0, 1073741823.0 / static_cast<double>(count));
  ValueId wide = -1;
  double scale = 1;
  const ValueId root = w.plan().root(x);
  if (w.plan().is_derived(x) && w.wide(root) == nullptr) {
    const ValueId made = w.operand(root);
    const Quantization in = w.quant(made);
    const std::vector<NodeId> nodes = w.plan().chain(x);
    Result<Tensor> table = make_table(w.from(), nodes, std::span(&root, 1), std::span(&in, 1), x);
    if (!table.ok() || table->dtype() != DType::float32) return false;
    const Range& range = w.range(x);  // what calibration never saw saturates, so that the bits serve what it saw
    const double reach =
        kWideMargin * std::max(std::abs(static_cast<double>(range.min)), std::abs(static_cast<double>(range.max)));
    for (std::int64_t i = 0; i < table->size(); ++i) {
      float& v = table->mutable_values<float>()[i];
      if (!std::isnan(v)) v = static_cast<float>(std::clamp(static_cast<double>(v), -reach, reach));
    }
    Tensor entries = as_wide_entries(*table, limit, scale);
    wide = w.look_up({made}, std::move(entries), shape);
  } else {
    const ValueId made = w.operand(x);
    scale = static_cast<double>(w.quant(made).scale());
    const std::int64_t zero = w.quant(made).zero_point();
    wide = w.shape_preserving("sub", w.emit("cast", {made}, Attrs{{"to", DType::int32}}, DType::int32, shape), zero);
  }
  const ValueId sum = w.emit("reduce_sum", {wide}, node.attrs, DType::int32, shape_of(w, result));
  w.set_wide(result, {sum, node.op->name == "reduce_mean" ? scale / static_cast<double>(count) : scale});
  w.map(result, sum);
  return true;
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
  w.map(node.outputs[0],
        w.emit("one_hot", {w.operand(node.inputs[0])}, attrs, DType::int8, shape_of(w, node.outputs[0]), fixed(1, 0)));
}

void index_result(Writer& w, const Node& node) {
  const ValueId out = node.outputs[0];
  w.map(out,
        w.emit(node.op->name, {w.operand(node.inputs[0])}, node.attrs, w.from().value(out).dtype, shape_of(w, out)));
}

}  // namespace

void write_node(Writer& w, const Node& node) {
  const std::string_view op = node.op->name;
  const ValueId out = node.outputs[0];
  if (w.plan().is_derived(out)) return derived(w, node);
  if (op == "relu" || op == "relu6") return relu_in_range(w, node);
  if (op == "conv2d" || op == "depthwise_conv2d" || op == "conv2d_transpose" || op == "fully_connected")
    return weighted(w, node);
  if (op == "softmax" || op == "log_softmax") return fixed_result(w, node);
  if (joins_scales(op)) return join(w, node);
  if (is_transparent(op)) return transparent(w, node);
  if ((op == "reduce_sum" || op == "reduce_mean") && wide_reduction(w, node)) return;
  if (op == "matmul" || op == "reduce_sum" || op == "reduce_mean") return own_scale(w, node);
  if (op == "argmax" || op == "argmin") return index_result(w, node);
  if (op == "cast" && w.is_float(out)) return cast_to_float(w, node);
  if (op == "cumsum") return cumulative_sum(w, node);
  if (op == "scatter_nd") return scatter(w, node);
  if (op == "one_hot") return one_hot(w, node);
  if (node.inputs.size() == 2 && node.op->elementwise && all_float(w, node)) return binary(w, node);
  w.fault(node, named(node) + " has no int8 form",
          "export without --quantize int8, or compute it outside of the model");
}

}  // namespace kedge::passes::quant
