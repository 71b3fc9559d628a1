// Convolutions. Channels last; filters as Keras stores them.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

using ir::AttrKind;
constexpr std::string_view kActivations[] = {"none", "relu", "relu6"};

Result<void> check_common(const InferCall& call, std::size_t rank) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::reals));
  KEDGE_TRY_VOID(check_same_dtype(call));
  KEDGE_TRY_VOID(check_rank(call, 0, rank));
  KEDGE_TRY_VOID(check_rank(call, 1, rank));
  if (call.attrs.find("activation") != nullptr) KEDGE_TRY_VOID(check_word(call.attrs, "activation", kActivations));
  return {};
}

Result<void> check_bias(const InferCall& call, const Dim& channels) {
  if (!has_input(call, 2)) return {};
  if (shape_of(call, 2) == Shape{channels}) return {};
  return shape_fault("the bias " + text(shape_of(call, 2)) + " does not fit " + channels.to_string() +
                     " output channels");
}

Result<Shape> spatial_output(const InferCall& call) {
  const Shape& x = shape_of(call, 0);
  const Shape& filter = shape_of(call, 1);
  const std::size_t spatial = x.size() - 2;
  WindowRule rule{
      std::span(x).subspan(1, spatial), {filter.begin(), filter.begin() + static_cast<std::ptrdiff_t>(spatial)},
      call.attrs.integers("strides"),   call.attrs.integers("dilations"),
      call.attrs.text("padding"),       {}};
  if (call.attrs.find("pads") != nullptr) rule.pads = call.attrs.integers("pads");
  else if (rule.padding == "explicit") return attr_fault("explicit padding is not possible here");
  return window_output(rule);
}

/// conv2d and conv3d
template <std::size_t kRank>
Types infer_conv(const InferCall& call) {
  KEDGE_TRY_VOID(check_common(call, kRank));
  const Shape& x = shape_of(call, 0);
  const Shape& filter = shape_of(call, 1);
  const std::int64_t groups = call.attrs.integer("groups");
  if (groups < 1) return attr_fault("`groups` must be positive");
  const Dim& filters = filter[kRank - 1];
  if (!(x[kRank - 1] == filter[kRank - 2] * Dim(groups))) {
    return shape_fault("the input " + text(x) + " has " + x[kRank - 1].to_string() + " channels, the filter " +
                       text(filter) + (groups == 1 ? "" : " in " + std::to_string(groups) + " groups") + " takes " +
                       (filter[kRank - 2] * Dim(groups)).to_string());
  }
  if (filters.known() && filters.value() % groups != 0)
    return shape_fault(filters.to_string() + " filters do not divide into " + std::to_string(groups) + " groups");
  KEDGE_TRY_VOID(check_bias(call, filters));
  KEDGE_TRY(Shape out, spatial_output(call));
  out.insert(out.begin(), x[0]);
  out.push_back(filters);
  return one(dtype_of(call, 0), std::move(out));
}

Types infer_depthwise(const InferCall& call) {
  KEDGE_TRY_VOID(check_common(call, 4));
  const Shape& x = shape_of(call, 0);
  const Shape& filter = shape_of(call, 1);
  if (!(x[3] == filter[2]))
    return shape_fault("the input " + text(x) + " has " + x[3].to_string() + " channels, the filter " + text(filter) +
                       " takes " + filter[2].to_string());
  const Dim filters = filter[2] * filter[3];
  KEDGE_TRY_VOID(check_bias(call, filters));
  KEDGE_TRY(Shape out, spatial_output(call));
  out.insert(out.begin(), x[0]);
  out.push_back(filters);
  return one(dtype_of(call, 0), std::move(out));
}

/// The output's size is given; the convolution that this one transposes must make the input's size of it.
Types infer_transpose(const InferCall& call) {
  KEDGE_TRY_VOID(check_common(call, 4));
  const Shape& x = shape_of(call, 0);
  const Shape& filter = shape_of(call, 1);
  const Shape& size = call.attrs.dims("output_size");
  if (size.size() != 2) return attr_fault("`output_size` needs two entries");
  if (!(x[3] == filter[3]))
    return shape_fault("the input " + text(x) + " has " + x[3].to_string() + " channels, the filter " + text(filter) +
                       " takes " + filter[3].to_string());
  KEDGE_TRY_VOID(check_bias(call, filter[2]));
  WindowRule rule{size,
                  {filter[0], filter[1]},
                  call.attrs.integers("strides"),
                  call.attrs.integers("dilations"),
                  call.attrs.text("padding"),
                  call.attrs.integers("pads")};
  KEDGE_TRY(const Shape source, window_output(rule));
  for (std::size_t d = 0; d < 2; ++d) {
    if (!may_be_equal(source[d], x[d + 1])) {
      return shape_fault("an output of size " + text(size) + " does not come from an input of " + text(x) +
                         " with these strides and this padding");
    }
  }
  return one(dtype_of(call, 0), {x[0], size[0], size[1], filter[2]});
}

constexpr ir::InputSpec kInputs[] = {{"x"}, {"filter"}, {.name = "bias", .optional = true}};

constexpr ir::AttrSpec kStrides = {"strides", AttrKind::integers};
constexpr ir::AttrSpec kPadding = {"padding", AttrKind::text};
constexpr ir::AttrSpec kPads = {"pads", AttrKind::integers, false, "[0, 0, 0, 0]"};
constexpr ir::AttrSpec kDilations = {"dilations", AttrKind::integers, false, "[1, 1]"};
constexpr ir::AttrSpec kGroups = {"groups", AttrKind::integer, false, "1"};
constexpr ir::AttrSpec kActivation = {"activation", AttrKind::text, false, "\"none\""};

constexpr ir::AttrSpec kConv2dAttrs[] = {kStrides, kDilations, kPadding, kPads, kGroups, kActivation};
constexpr ir::AttrSpec kDepthwiseAttrs[] = {kStrides, kDilations, kPadding, kPads, kActivation};
constexpr ir::AttrSpec kTransposeAttrs[] = {kStrides, kDilations, kPadding, kPads, {"output_size", AttrKind::dims}};
constexpr ir::AttrSpec kConv3dAttrs[] = {
    kStrides, {"dilations", AttrKind::integers, false, "[1, 1, 1]"}, kPadding, kGroups};

constexpr std::string_view kConv2dExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[batch, 5, 5, 1]\n  const %1 \"filter\" : float32[2, 2, 1, 2] = "
    "{1.0, 0.5, -1.0, 0.25, 2.0, 0.0, 1.0, 1.0}\n"
    "  const %2 \"bias\" : float32[2] = {0.5, -0.5}\n"
    "  %3 = conv2d(%0, %1, %2) {strides = [2, 2], padding = \"same\", activation = \"relu\"} : float32[batch, 3, 3, "
    "2]\n  output %3\n}\n",
    "graph \"example\" {\n  input %0 \"x\" : float32[1, 4, 4, 2]\n  const %1 : float32[1, 1, 1, 2] = {1.0, 2.0}\n"
    "  %2 = conv2d(%0, %1, _) {strides = [1, 1], padding = \"explicit\", pads = [1, 0, 0, 1], groups = 2} : float32[1, "
    "5, 5, 2]\n  output %2\n}\n",
};
constexpr std::string_view kDepthwiseExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[1, 4, 4, 2]\n  const %1 : float32[2, 2, 2, 1] = {1.0, 2.0, 3.0, "
    "4.0, 5.0, 6.0, 7.0, 8.0}\n"
    "  %2 = depthwise_conv2d(%0, %1, _) {strides = [1, 1], padding = \"valid\"} : float32[1, 3, 3, 2]\n  output "
    "%2\n}\n",
};
constexpr std::string_view kTransposeExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[1, 2, 2, 1]\n  const %1 : float32[2, 2, 1, 1] = {1.0, 2.0, 3.0, "
    "4.0}\n"
    "  %2 = conv2d_transpose(%0, %1, _) {strides = [2, 2], padding = \"valid\", output_size = (4, 4)} : float32[1, 4, "
    "4, 1]\n  output %2\n}\n",
};
constexpr std::string_view kConv3dExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[1, 3, 3, 3, 1]\n  const %1 : float32[2, 2, 2, 1, 1] = {1.0, 2.0, "
    "3.0, 4.0, 5.0, 6.0, 7.0, 8.0}\n"
    "  %2 = conv3d(%0, %1, _) {strides = [1, 1, 1], padding = \"valid\"} : float32[1, 2, 2, 2, 1]\n  output %2\n}\n",
};

}  // namespace

constinit const ir::OpDef kConv2d = {
    .name = "conv2d",
    .summary = "2-D convolution; filter [height, width, input channels / groups, output channels].",
    .inputs = kInputs,
    .attrs = kConv2dAttrs,
    .infer = ir::rule(infer_conv<4>),
    .quant = ir::QuantKind::weighted,
    .tflite = "CONV_2D",
    .onnx = "Conv",
    .examples = kConv2dExamples};
constinit const ir::OpDef kDepthwiseConv2d = {
    .name = "depthwise_conv2d",
    .summary = "2-D convolution of each channel by itself; filter [height, width, channels, multiplier].",
    .inputs = kInputs,
    .attrs = kDepthwiseAttrs,
    .infer = ir::rule(infer_depthwise),
    .quant = ir::QuantKind::weighted,
    .tflite = "DEPTHWISE_CONV_2D",
    .onnx = "Conv",
    .examples = kDepthwiseExamples};
constinit const ir::OpDef kConv2dTranspose = {
    .name = "conv2d_transpose",
    .summary = "The transpose of a 2-D convolution; filter [height, width, output channels, input channels].",
    .inputs = kInputs,
    .attrs = kTransposeAttrs,
    .infer = ir::rule(infer_transpose),
    .quant = ir::QuantKind::weighted,
    .tflite = "TRANSPOSE_CONV",
    .onnx = "ConvTranspose",
    .examples = kTransposeExamples};
constinit const ir::OpDef kConv3d = {
    .name = "conv3d",
    .summary = "3-D convolution; filter [depth, height, width, input channels / groups, output channels].",
    .inputs = kInputs,
    .attrs = kConv3dAttrs,
    .infer = ir::rule(infer_conv<5>),
    .quant = ir::QuantKind::none,
    .tflite = "CONV_3D",
    .onnx = "Conv",
    .examples = kConv3dExamples};

}  // namespace kedge::ops
