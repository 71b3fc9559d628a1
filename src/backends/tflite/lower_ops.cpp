// What each op becomes, one function per irregular op and a table for the regular ones.
#include <algorithm>
#include <cmath>

#include "backends/tflite/lower.h"

namespace kedge::backends::tflite {
namespace {

using format::Op;
using ir::Node;

struct Plain {
  std::string_view ir;
  Op op;
};

constexpr Plain kPlain[] = {
    {"abs", Op::abs},
    {"neg", Op::neg},
    {"sign", Op::sign},
    {"floor", Op::floor},
    {"ceil", Op::ceil},
    {"round", Op::round},
    {"exp", Op::exp},
    {"log", Op::log},
    {"sqrt", Op::sqrt},
    {"rsqrt", Op::rsqrt},
    {"square", Op::square},
    {"sin", Op::sin},
    {"cos", Op::cos},
    {"tanh", Op::tanh},
    {"sigmoid", Op::logistic},
    {"relu", Op::relu},
    {"relu6", Op::relu6},
    {"hard_swish", Op::hard_swish},
    {"elu", Op::elu},
    {"logical_not", Op::logical_not},
    {"add", Op::add},
    {"sub", Op::sub},
    {"mul", Op::mul},
    {"div", Op::div},
    {"floordiv", Op::floor_div},
    {"mod", Op::floor_mod},
    {"pow", Op::pow},
    {"max", Op::maximum},
    {"min", Op::minimum},
    {"atan2", Op::atan2},
    {"squared_difference", Op::squared_difference},
    {"equal", Op::equal},
    {"not_equal", Op::not_equal},
    {"less", Op::less},
    {"less_equal", Op::less_equal},
    {"greater", Op::greater},
    {"greater_equal", Op::greater_equal},
    {"logical_and", Op::logical_and},
    {"logical_or", Op::logical_or},
    {"bitwise_xor", Op::bitwise_xor},
    {"right_shift", Op::right_shift},
    {"select", Op::select_v2},
    {"quantize", Op::quantize},
    {"requantize", Op::quantize},
    {"dequantize", Op::dequantize},
    {"gather_nd", Op::gather_nd},
};

std::int64_t normal_axis(SubgraphLowering& l, const Node& node, std::string_view name = "axis") {
  const std::int64_t axis = node.attrs.integer(name);
  return axis < 0 ? axis + static_cast<std::int64_t>(l.shape(node.inputs[0]).size()) : axis;
}

void cast(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::cast, {l.tensor(node.inputs[0])},
         {{"from", static_cast<double>(type_of(l.value(node.inputs[0]).dtype))},
          {"to", static_cast<double>(type_of(node.attrs.dtype("to")))}});
}

void leaky_relu(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::leaky_relu, {l.tensor(node.inputs[0])}, {{"alpha", node.attrs.real("alpha")}});
}
void gelu(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::gelu, {l.tensor(node.inputs[0])}, {{"approximate", node.attrs.flag("approximate") ? 1.0 : 0.0}});
}
void softmax(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::softmax, {l.tensor(node.inputs[0])}, {{"beta", 1.0}});
}
void log_softmax(SubgraphLowering& l, const Node& node) { l.emit(node, Op::log_softmax, {l.tensor(node.inputs[0])}); }

void reduce(SubgraphLowering& l, const Node& node) {
  static constexpr std::pair<std::string_view, Op> kOps[] = {
      {"reduce_sum", Op::sum},        {"reduce_mean", Op::mean},        {"reduce_max", Op::reduce_max},
      {"reduce_min", Op::reduce_min}, {"reduce_prod", Op::reduce_prod}, {"reduce_any", Op::reduce_any},
      {"reduce_all", Op::reduce_all}};
  for (const auto& [name, op] : kOps)
    if (name == node.op->name)
      l.emit(node, op, {l.tensor(node.inputs[0]), l.ints(node.attrs.integers("axes"), "axes")},
             {{"keepdims", node.attrs.flag("keepdims") ? 1.0 : 0.0}});
}

void arg_extremum(SubgraphLowering& l, const Node& node) {
  l.emit(node, node.op->name == "argmax" ? Op::arg_max : Op::arg_min,
         {l.tensor(node.inputs[0]), l.scalar_int(normal_axis(l, node), "axis")},
         {{"to", static_cast<double>(type_of(node.attrs.dtype("to")))}});
}

void cumsum(SubgraphLowering& l, const Node& node) {
  l.emit(
      node, Op::cumsum, {l.tensor(node.inputs[0]), l.scalar_int(normal_axis(l, node), "axis")},
      {{"exclusive", node.attrs.flag("exclusive") ? 1.0 : 0.0}, {"reverse", node.attrs.flag("reverse") ? 1.0 : 0.0}});
}

void reshape(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::reshape, {l.tensor(node.inputs[0]), l.ints(node.attrs.static_dims("shape"), "shape")});
}
void transpose(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::transpose, {l.tensor(node.inputs[0]), l.ints(node.attrs.integers("perm"), "perm")});
}

void concat(SubgraphLowering& l, const Node& node) {
  std::vector<std::int32_t> parts;
  for (const ir::ValueId v : node.inputs) parts.push_back(l.tensor(v));
  l.emit(node, Op::concatenation, std::move(parts),
         {{"axis", static_cast<double>(normal_axis(l, node))}, {"activation", 0.0}});
}

void slice(SubgraphLowering& l, const Node& node) {
  const StaticShape begin = node.attrs.static_dims("begin");
  const StaticShape end = node.attrs.static_dims("end");
  const std::vector<std::int64_t>& strides = node.attrs.integers("strides");
  const std::int32_t x = l.tensor(node.inputs[0]);
  if (std::all_of(strides.begin(), strides.end(), [](std::int64_t s) { return s == 1; })) {
    l.emit(node, Op::slice, {x, l.ints(begin, "begin"), l.ints(l.shape(node.outputs[0]), "size")});
    return;
  }
  std::int32_t end_mask = 0;  // a bit says: to the very end in the stride's direction
  for (std::size_t d = 0; d < end.size(); ++d)
    if (strides[d] < 0 && end[d] < 0) end_mask |= 1 << d;
  l.emit(node, Op::strided_slice, {x, l.ints(begin, "begin"), l.ints(end, "end"), l.ints(strides, "strides")},
         {{"end_mask", static_cast<double>(end_mask)}});
}

void pad(SubgraphLowering& l, const Node& node) {
  const StaticShape before = node.attrs.static_dims("before");
  const StaticShape after = node.attrs.static_dims("after");
  std::vector<std::int64_t> pairs;
  for (std::size_t d = 0; d < before.size(); ++d) pairs.insert(pairs.end(), {before[d], after[d]});
  const StaticShape table_shape{static_cast<std::int64_t>(before.size()), 2};
  const std::int32_t table =
      l.constant(Tensor::of<std::int64_t>(DType::int64, table_shape, pairs).cast(DType::int32), "paddings");
  const std::int32_t x = l.tensor(node.inputs[0]);
  const std::string& mode = node.attrs.text("mode");
  if (mode != "constant") {
    l.emit(node, Op::mirror_pad, {x, table}, {{"mode", mode == "symmetric" ? 1.0 : 0.0}});
    return;
  }
  const double fill = node.attrs.real("value");
  if (fill == 0) {
    l.emit(node, Op::pad, {x, table});
    return;
  }
  const ir::Value& input = l.value(node.inputs[0]);
  Tensor value;
  if (input.quant.present()) {
    const double q = std::clamp(std::nearbyint(fill / input.quant.scale()) + input.quant.zero_point(), -128.0, 127.0);
    value = Tensor::scalar<std::int64_t>(DType::int64, static_cast<std::int64_t>(q)).cast(input.dtype);
    value.quant = input.quant;
  } else {
    value = Tensor::scalar<double>(DType::float64, fill).cast(input.dtype);
  }
  l.emit(node, Op::padv2, {x, table, l.constant(std::move(value), "pad_value")});
}

void gather(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::gather, {l.tensor(node.inputs[0]), l.tensor(node.inputs[1])},
         {{"axis", static_cast<double>(normal_axis(l, node))},
          {"batch_dims", static_cast<double>(node.attrs.integer("batch_dims"))}});
}

void scatter_nd(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::scatter_nd,
         {l.as_int32(node.inputs[0]), l.tensor(node.inputs[1]), l.ints(node.attrs.static_dims("shape"), "shape")});
}

void tile(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::tile, {l.tensor(node.inputs[0]), l.ints(node.attrs.static_dims("multiples"), "multiples")});
}
void broadcast_to(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::broadcast_to, {l.tensor(node.inputs[0]), l.ints(node.attrs.static_dims("shape"), "shape")});
}
void reverse(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::reverse_v2, {l.tensor(node.inputs[0]), l.ints(node.attrs.integers("axes"), "axes")});
}

void one_hot(SubgraphLowering& l, const Node& node) {
  const DType to = node.attrs.dtype("to");
  const auto scalar = [&](std::int64_t v, std::string_view name) {
    Tensor t = Tensor::scalar<std::int64_t>(DType::int64, v).cast(to);
    t.quant = l.value(node.outputs[0]).quant;
    return l.constant(std::move(t), name);
  };
  const std::int32_t on = scalar(1, "on");
  const std::int32_t off = scalar(0, "off");
  l.emit(node, Op::one_hot, {l.tensor(node.inputs[0]), l.scalar_int(node.attrs.integer("depth"), "depth"), on, off},
         {{"axis", static_cast<double>(node.attrs.integer("axis"))}});
}

void top_k(SubgraphLowering& l, const Node& node) {
  l.emit(node, Op::topk_v2, {l.tensor(node.inputs[0]), l.scalar_int(node.attrs.integer("k"), "k")});
}

void matmul(SubgraphLowering& l, const Node& node) {
  l.emit(
      node, Op::batch_matmul, {l.tensor(node.inputs[0]), l.tensor(node.inputs[1])},
      {{"adj_x", node.attrs.flag("transpose_a") ? 1.0 : 0.0}, {"adj_y", node.attrs.flag("transpose_b") ? 1.0 : 0.0}});
}

void if_else(SubgraphLowering& l, const Node& node) {
  std::vector<std::int32_t> inputs;
  for (const ir::ValueId v : node.inputs) inputs.push_back(l.tensor(v));
  const std::int32_t then = l.lower_body(*node.bodies[0], "then");
  const std::int32_t otherwise = l.lower_body(*node.bodies[1], "else");
  l.emit(node, Op::if_, std::move(inputs),
         {{"then", static_cast<double>(then)}, {"else", static_cast<double>(otherwise)}});
}

// TFLite's WHILE has loop variables only, so captures travel through the loop unchanged.
void while_loop(SubgraphLowering& l, const Node& node) {
  const std::int64_t carried = node.attrs.integer("carried");
  std::vector<std::int32_t> inputs;
  for (const ir::ValueId v : node.inputs) inputs.push_back(l.tensor(v));
  const std::int32_t condition = l.lower_body(*node.bodies[0], "condition");
  const std::int32_t body = l.lower_body(*node.bodies[1], "body", carried);
  std::vector<std::int32_t> outputs;
  for (const ir::ValueId v : node.outputs) outputs.push_back(l.tensor(v));
  for (std::size_t i = static_cast<std::size_t>(carried); i < node.inputs.size(); ++i)
    outputs.push_back(l.scratch(l.value(node.inputs[i]), "captured"));
  l.emit(Op::while_, std::move(inputs), std::move(outputs),
         {{"condition", static_cast<double>(condition)}, {"body", static_cast<double>(body)}});
}

struct Lowering {
  std::string_view op;
  LowerFn fn;
};

constexpr Lowering kLowerings[] = {
    {"cast", cast},
    {"leaky_relu", leaky_relu},
    {"gelu", gelu},
    {"softmax", softmax},
    {"log_softmax", log_softmax},
    {"reduce_sum", reduce},
    {"reduce_mean", reduce},
    {"reduce_max", reduce},
    {"reduce_min", reduce},
    {"reduce_prod", reduce},
    {"reduce_any", reduce},
    {"reduce_all", reduce},
    {"argmax", arg_extremum},
    {"argmin", arg_extremum},
    {"cumsum", cumsum},
    {"reshape", reshape},
    {"transpose", transpose},
    {"concat", concat},
    {"slice", slice},
    {"pad", pad},
    {"gather", gather},
    {"scatter_nd", scatter_nd},
    {"tile", tile},
    {"broadcast_to", broadcast_to},
    {"reverse", reverse},
    {"one_hot", one_hot},
    {"top_k", top_k},
    {"matmul", matmul},
    {"if", if_else},
    {"while", while_loop},
};

}  // namespace

const format::OpInfo* find_plain_operator(std::string_view op) {
  for (const Plain& plain : kPlain)
    if (plain.ir == op) return format::find_op(plain.op);
  return nullptr;
}

LowerFn find_lowering(std::string_view op) {
  for (const Lowering& lowering : kLowerings)
    if (lowering.op == op) return lowering.fn;
  return nullptr;
}

}  // namespace kedge::backends::tflite
