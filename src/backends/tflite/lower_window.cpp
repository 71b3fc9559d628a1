// Convolutions, pooling, fully connected layers and resizing: TFLite's weight layouts and options.
#include "backends/tflite/lower.h"

namespace kedge::backends::tflite {
namespace {

using format::Op;
using ir::Node;
using Ints = std::vector<std::int64_t>;

double padding(const Node& node) {
  return static_cast<double>(node.attrs.text("padding") == "same" ? format::Padding::same : format::Padding::valid);
}
double activation(SubgraphLowering& l, const Node& node) { return static_cast<double>(l.activation(node)); }

Ints spatial(const Node& node, std::string_view name) {
  const AttrValue* found = node.attrs.find(name);
  return found != nullptr ? std::get<Ints>(*found) : Ints{1, 1};
}

void add_bias(SubgraphLowering& l, const Node& node, std::vector<std::int32_t>& inputs) {
  if (node.inputs.size() > 2 && node.inputs[2] >= 0) inputs.push_back(l.tensor(node.inputs[2]));
}

/// LiteRT's convolutions want a bias.
void add_bias_or_zeros(SubgraphLowering& l, const Node& node, std::vector<std::int32_t>& inputs) {
  if (node.inputs.size() > 2 && node.inputs[2] >= 0) inputs.push_back(l.tensor(node.inputs[2]));
  else inputs.push_back(l.constant(Tensor(DType::float32, {l.shape(node.outputs[0]).back()}), "bias"));
}

// ir: [kh, kw, cin, cout]; TFLite: [cout, kh, kw, cin].
void conv2d(SubgraphLowering& l, const Node& node) {
  const Ints& strides = node.attrs.integers("strides");
  const Ints dilations = spatial(node, "dilations");
  std::vector<std::int32_t> inputs{l.tensor(node.inputs[0]), l.permuted(node.inputs[1], {3, 0, 1, 2})};
  add_bias_or_zeros(l, node, inputs);
  l.emit(node, Op::conv_2d, std::move(inputs),
         {{"padding", padding(node)},
          {"stride_w", double(strides[1])},
          {"stride_h", double(strides[0])},
          {"activation", activation(l, node)},
          {"dilation_w", double(dilations[1])},
          {"dilation_h", double(dilations[0])}});
}

// ir: [kh, kw, cin, multiplier]; TFLite: [1, kh, kw, cin * multiplier].
void depthwise_conv2d(SubgraphLowering& l, const Node& node) {
  const StaticShape filter = l.shape(node.inputs[1]);
  const Ints& strides = node.attrs.integers("strides");
  const Ints dilations = spatial(node, "dilations");
  std::vector<std::int32_t> inputs{
      l.tensor(node.inputs[0]),
      l.permuted(node.inputs[1], {0, 1, 2, 3}, {1, filter[0], filter[1], filter[2] * filter[3]}, 3)};
  add_bias_or_zeros(l, node, inputs);
  l.emit(node, Op::depthwise_conv_2d, std::move(inputs),
         {{"padding", padding(node)},
          {"stride_w", double(strides[1])},
          {"stride_h", double(strides[0])},
          {"multiplier", double(filter[3])},
          {"activation", activation(l, node)},
          {"dilation_w", double(dilations[1])},
          {"dilation_h", double(dilations[0])}});
}

// ir: [kh, kw, cout, cin]; TFLite: [cout, kh, kw, cin].
void conv2d_transpose(SubgraphLowering& l, const Node& node) {
  const Ints& strides = node.attrs.integers("strides");
  std::vector<std::int32_t> inputs{l.ints(l.shape(node.outputs[0]), "output_shape"),
                                   l.permuted(node.inputs[1], {2, 0, 1, 3}), l.tensor(node.inputs[0])};
  add_bias(l, node, inputs);
  l.emit(node, Op::transpose_conv, std::move(inputs),
         {{"padding", padding(node)},
          {"stride_w", double(strides[1])},
          {"stride_h", double(strides[0])},
          {"activation", 0.0}});
}

// ir: [in, out]; TFLite: [out, in].
void fully_connected(SubgraphLowering& l, const Node& node) {
  std::vector<std::int32_t> inputs{l.tensor(node.inputs[0]), l.permuted(node.inputs[1], {1, 0})};
  add_bias(l, node, inputs);
  const bool keep = l.shape(node.inputs[0]).size() != 2;
  l.emit(node, Op::fully_connected, std::move(inputs),
         {{"activation", activation(l, node)}, {"keep_num_dims", keep ? 1.0 : 0.0}});
}

void pool2d(SubgraphLowering& l, const Node& node) {
  const Ints& strides = node.attrs.integers("strides");
  const Ints& window = node.attrs.integers("window");
  l.emit(node, node.op->name == "max_pool2d" ? Op::max_pool_2d : Op::average_pool_2d, {l.tensor(node.inputs[0])},
         {{"padding", padding(node)},
          {"stride_w", double(strides[1])},
          {"stride_h", double(strides[0])},
          {"window_w", double(window[1])},
          {"window_h", double(window[0])},
          {"activation", activation(l, node)}});
}

void resize(SubgraphLowering& l, const Node& node) {
  const Op op = node.attrs.text("method") == "nearest" ? Op::resize_nearest_neighbor : Op::resize_bilinear;
  l.emit(node, op, {l.tensor(node.inputs[0]), l.ints(node.attrs.static_dims("size"), "size")},
         {{"align_corners", node.attrs.flag("align_corners") ? 1.0 : 0.0},
          {"half_pixel", node.attrs.flag("half_pixel") ? 1.0 : 0.0}});
}

struct Lowering {
  std::string_view op;
  LowerFn fn;
};

constexpr Lowering kLowerings[] = {
    {"conv2d", conv2d},
    {"depthwise_conv2d", depthwise_conv2d},
    {"conv2d_transpose", conv2d_transpose},
    {"fully_connected", fully_connected},
    {"max_pool2d", pool2d},
    {"avg_pool2d", pool2d},
    {"resize", resize},
};

}  // namespace

LowerFn find_window_lowering(std::string_view op) {
  for (const Lowering& lowering : kLowerings)
    if (lowering.op == op) return lowering.fn;
  return nullptr;
}

}  // namespace kedge::backends::tflite
