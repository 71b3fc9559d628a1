// Convolution, pooling, matrix products and resizing in the forms that TFLite's kernels take.
#include <algorithm>
#include <limits>

#include "ops/append.h"
#include "ops/interpret.h"
#include "passes/legalize_tflite_emitter.h"

namespace kedge::passes::tflite {
namespace {

using Ints = std::vector<std::int64_t>;

ValueId optional_input(const Values& in, std::size_t i) { return i < in.size() ? in[i] : -1; }

/// Explicit padding [top, bottom, left, right] of an NHWC value as an op of its own.
ValueId pad_spatial(Emitter& e, ValueId x, const Ints& pads, double value) {
  return e.pad(x, {0, pads[0], pads[2], 0}, {0, pads[1], pads[3], 0}, value);
}

bool is_explicit(const Attrs& attrs) { return attrs.text("padding") == "explicit"; }

Attrs valid(const Attrs& attrs) {
  Attrs out = attrs;
  out.set("padding", std::string("valid"));
  out.set("pads", Ints{0, 0, 0, 0});
  return out;
}

Values conv2d(Emitter& e, const Values& in, const Attrs& attrs) {
  const std::int64_t groups = attrs.integer("groups");
  const StaticShape filter = e.shape(in[1]);
  const std::int64_t channels = e.shape(in[0])[3];
  if (is_explicit(attrs)) {
    Values padded = in;
    padded[0] = pad_spatial(e, in[0], attrs.integers("pads"), 0);
    return {e.op("conv2d", padded, valid(attrs))};
  }
  if (groups == 1) return {};
  if (groups == channels) {  // one input channel a group is a depthwise convolution
    Values depthwise = in;
    depthwise[1] = e.reshape(in[1], {filter[0], filter[1], channels, filter[3] / channels});
    Attrs plain = attrs;
    plain.erase("groups");
    return {e.op("depthwise_conv2d", depthwise, plain)};
  }
  // Split: grouped kernels are slow or absent in several of TFLite's kernel sets.
  Values parts;
  Attrs single = attrs;
  single.set("groups", std::int64_t{1});
  const std::int64_t in_each = channels / groups;
  const std::int64_t out_each = filter[3] / groups;
  for (std::int64_t g = 0; g < groups; ++g) {
    Values one{e.slice_axis(in[0], 3, g * in_each, (g + 1) * in_each),
               e.slice_axis(in[1], 3, g * out_each, (g + 1) * out_each)};
    if (const ValueId bias = optional_input(in, 2); bias >= 0)
      one.push_back(e.slice_axis(bias, 0, g * out_each, (g + 1) * out_each));
    parts.push_back(e.op("conv2d", one, single));
  }
  return {e.concat(parts, 3)};
}

Values depthwise_conv2d(Emitter& e, const Values& in, const Attrs& attrs) {
  if (!is_explicit(attrs)) return {};
  Values padded = in;
  padded[0] = pad_spatial(e, in[0], attrs.integers("pads"), 0);
  return {e.op("depthwise_conv2d", padded, valid(attrs))};
}

/// A filter with zeros between its taps.
ValueId dilated_filter(Emitter& e, ValueId filter, const Ints& dilations) {
  StaticShape shape = e.shape(filter);
  for (std::int64_t d = 0; d < 2; ++d) {
    if (dilations[d] == 1 || shape[d] == 1) continue;
    StaticShape split(shape);
    split.insert(split.begin() + d + 1, 1);  // [.., k, 1, ..] padded to [.., k, dilation, ..]
    StaticShape after(split.size(), 0);
    after[d + 1] = dilations[d] - 1;
    filter = e.pad(e.reshape(filter, split), StaticShape(split.size(), 0), after);
    shape[d] *= dilations[d];
    filter = e.reshape(filter, shape);
    const std::int64_t kept = shape[d] - dilations[d] + 1;
    filter = e.slice_axis(filter, d, 0, kept);
    shape[d] = kept;
  }
  return filter;
}

// TFLite knows same and valid only, and no dilation. Explicit padding is a slice of the full result.
Values conv2d_transpose(Emitter& e, const Values& in, const Attrs& attrs) {
  const AttrValue* found = attrs.find("dilations");
  const Ints dilations = found != nullptr ? std::get<Ints>(*found) : Ints{1, 1};
  if (dilations[0] != 1 || dilations[1] != 1) {
    Values plain = in;
    plain[1] = dilated_filter(e, in[1], dilations);
    Attrs undilated = attrs;
    undilated.set("dilations", Ints{1, 1});
    return {e.op("conv2d_transpose", plain, undilated)};
  }
  if (!is_explicit(attrs)) return {};
  const StaticShape input = e.shape(in[0]);
  const StaticShape filter = e.shape(in[1]);
  const Ints& strides = attrs.integers("strides");
  const Ints& pads = attrs.integers("pads");
  const StaticShape wanted = attrs.static_dims("output_size");
  StaticShape full(2);
  for (std::int64_t d = 0; d < 2; ++d)
    full[d] = std::max((input[d + 1] - 1) * strides[d] + filter[d], pads[2 * d] + wanted[d]);
  Attrs whole = valid(attrs);
  whole.set("output_size", to_shape(full));
  ValueId y = e.op("conv2d_transpose", in, whole);
  y = e.slice_axis(y, 1, pads[0], pads[0] + wanted[0]);
  return {e.slice_axis(y, 2, pads[2], pads[2] + wanted[1])};
}

/// Leading and trailing padding of one dimension under "same".
std::pair<std::int64_t, std::int64_t> same_padding(std::int64_t size, std::int64_t window, std::int64_t stride,
                                                   std::int64_t dilation) {
  const std::int64_t out = (size + stride - 1) / stride;
  const std::int64_t total = std::max<std::int64_t>(0, (out - 1) * stride + (window - 1) * dilation + 1 - size);
  return {total / 2, total - total / 2};
}

// Depth slices are stacked along the channels, which makes one 2-D convolution with kd times the channels.
Values conv3d(Emitter& e, const Values& in, const Attrs& attrs) {
  const std::int64_t groups = attrs.integer("groups");
  const StaticShape filter = e.shape(in[1]);
  const StaticShape input = e.shape(in[0]);
  const Ints& strides = attrs.integers("strides");
  const Ints& dilations = attrs.integers("dilations");
  if (groups > 1) {
    Values parts;
    Attrs single = attrs;
    single.set("groups", std::int64_t{1});
    const std::int64_t in_each = input[4] / groups;
    const std::int64_t out_each = filter[4] / groups;
    for (std::int64_t g = 0; g < groups; ++g) {
      Values one{e.slice_axis(in[0], 4, g * in_each, (g + 1) * in_each),
                 e.slice_axis(in[1], 4, g * out_each, (g + 1) * out_each)};
      if (const ValueId bias = optional_input(in, 2); bias >= 0)
        one.push_back(e.slice_axis(bias, 0, g * out_each, (g + 1) * out_each));
      parts.push_back(e.op("conv3d", one, single));
    }
    return {e.concat(parts, 4)};
  }
  const bool same = attrs.text("padding") == "same";
  const auto [before, after] =
      same ? same_padding(input[1], filter[0], strides[0], dilations[0]) : std::pair<std::int64_t, std::int64_t>{0, 0};
  const ValueId x = e.pad(in[0], {0, before, 0, 0, 0}, {0, after, 0, 0, 0});
  const std::int64_t depth = e.shape(x)[1];
  const std::int64_t out_depth = (depth - (filter[0] - 1) * dilations[0] - 1) / strides[0] + 1;
  Values taps;
  for (std::int64_t k = 0; k < filter[0]; ++k) {
    const std::int64_t begin = k * dilations[0];
    const std::int64_t end = begin + (out_depth - 1) * strides[0] + 1;
    StaticShape last = e.shape(x);
    last[1] = end;
    taps.push_back(e.op("slice", {x},
                        Attrs{{"begin", to_shape({0, begin, 0, 0, 0})},
                              {"end", to_shape(last)},
                              {"strides", Ints{1, strides[0], 1, 1, 1}}}));
  }
  const ValueId stacked = e.concat(taps, 4);
  const std::int64_t channels = filter[0] * input[4];
  const ValueId flat = e.reshape(stacked, {input[0] * out_depth, input[2], input[3], channels});
  // [kd, kh, kw, cin, cout] -> [kh, kw, kd * cin, cout]
  const ValueId flat_filter =
      e.reshape(e.transpose(in[1], {1, 2, 0, 3, 4}), {filter[1], filter[2], channels, filter[4]});
  Values conv{flat, flat_filter};
  if (const ValueId bias = optional_input(in, 2); bias >= 0) conv.push_back(bias);
  const ValueId y = e.op("conv2d", conv,
                         Attrs{{"strides", Ints{strides[1], strides[2]}},
                               {"dilations", Ints{dilations[1], dilations[2]}},
                               {"padding", attrs.text("padding")}});
  const StaticShape out = e.shape(y);
  return {e.reshape(y, {input[0], out_depth, out[1], out[2], out[3]})};
}

Values max_pool2d(Emitter& e, const Values& in, const Attrs& attrs) {
  if (!is_explicit(attrs)) return {};
  return {e.op("max_pool2d", {pad_spatial(e, in[0], attrs.integers("pads"), std::numeric_limits<float>::lowest())},
               valid(attrs))};
}

// Padding is excluded from the mean: the padded mean times window / real elements, a constant per place.
Values avg_pool2d(Emitter& e, const Values& in, const Attrs& attrs) {
  if (!is_explicit(attrs)) return {};
  const Ints& pads = attrs.integers("pads");
  const Ints& window = attrs.integers("window");
  const Ints& strides = attrs.integers("strides");
  const StaticShape input = e.shape(in[0]);
  const ValueId mean = e.op("avg_pool2d", {pad_spatial(e, in[0], pads, 0)}, valid(attrs));
  const StaticShape out = e.shape(mean);
  std::vector<float> factor;
  const auto real = [&](std::int64_t d, std::int64_t o) {
    const std::int64_t begin = o * strides[d] - pads[2 * d];
    return std::min(begin + window[d], input[d + 1]) - std::max<std::int64_t>(begin, 0);
  };
  for (std::int64_t y = 0; y < out[1]; ++y)
    for (std::int64_t x = 0; x < out[2]; ++x)
      factor.push_back(static_cast<float>(window[0] * window[1]) /
                       static_cast<float>(std::max<std::int64_t>(1, real(0, y) * real(1, x))));
  return {e.mul(mean, e.floats({1, out[1], out[2], 1}, factor))};
}

// Both kinds of pooling separate: height and width first, then depth as the height of an image whose width is height ×
// width.
Values pool3d(std::string_view pool2d, Emitter& e, const Values& in, const Attrs& attrs) {
  const StaticShape input = e.shape(in[0]);
  const Ints& window = attrs.integers("window");
  const Ints& strides = attrs.integers("strides");
  Ints pads(6, 0);
  if (const AttrValue* p = attrs.find("pads"); p != nullptr && std::get<Ints>(*p).size() == 6)
    pads = std::get<Ints>(*p);
  const ValueId flat = e.reshape(in[0], {input[0] * input[1], input[2], input[3], input[4]});
  const ValueId plane = e.op(pool2d, {flat},
                             Attrs{{"window", Ints{window[1], window[2]}},
                                   {"strides", Ints{strides[1], strides[2]}},
                                   {"padding", attrs.text("padding")},
                                   {"pads", Ints{pads[2], pads[3], pads[4], pads[5]}}});
  const StaticShape pooled = e.shape(plane);
  const ValueId tall = e.reshape(plane, {input[0], input[1], pooled[1] * pooled[2], input[4]});
  const ValueId y = e.op(pool2d, {tall},
                         Attrs{{"window", Ints{window[0], 1}},
                               {"strides", Ints{strides[0], 1}},
                               {"padding", attrs.text("padding")},
                               {"pads", Ints{pads[0], pads[1], 0, 0}}});
  return {e.reshape(y, {input[0], e.shape(y)[1], pooled[1], pooled[2], input[4]})};
}
Values max_pool3d(Emitter& e, const Values& in, const Attrs& a) { return pool3d("max_pool2d", e, in, a); }
Values avg_pool3d(Emitter& e, const Values& in, const Attrs& a) { return pool3d("avg_pool2d", e, in, a); }

// A constant right-hand matrix makes a fully connected layer.
Values matmul(Emitter& e, const Values& in, const Attrs& attrs) {
  const DType dtype = e.dtype(in[0]);
  if (dtype != DType::float32) {  // integer matrices: exact as a sum of products
    if (e.rank(in[0]) < 2 || e.rank(in[1]) < 2) return {};
    const auto swapped = [&](ValueId v, bool swap) {
      if (!swap) return v;
      Ints perm(static_cast<std::size_t>(e.rank(v)));
      for (std::size_t i = 0; i < perm.size(); ++i) perm[i] = static_cast<std::int64_t>(i);
      std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
      return e.transpose(v, perm);
    };
    const ValueId a = swapped(in[0], attrs.flag("transpose_a"));
    const ValueId b = swapped(in[1], attrs.flag("transpose_b"));
    StaticShape left = e.shape(a);
    StaticShape right = e.shape(b);
    left.push_back(1);
    right.insert(right.end() - 2, 1);
    const ValueId products = e.mul(e.reshape(a, left), e.reshape(b, right));
    const std::int64_t axis = e.rank(products) - 2;
    return {e.op("reduce_sum", {products}, Attrs{{"axes", Ints{axis}}, {"keepdims", false}})};
  }
  if (!e.is_constant(in[1]) || e.rank(in[1]) != 2 || attrs.flag("transpose_a") || e.rank(in[0]) < 2) return {};
  const ValueId weights = attrs.flag("transpose_b") ? e.transpose(in[1], {1, 0}) : in[1];
  return {e.op("fully_connected", {in[0], weights})};
}

/// The linear map of a resize along one axis, read off the reference kernel by resizing the unit vectors.
std::optional<Tensor> resize_matrix(const Attrs& attrs, std::int64_t from, std::int64_t to) {
  std::vector<float> unit(static_cast<std::size_t>(from * from), 0.0F);
  for (std::int64_t i = 0; i < from; ++i) unit[static_cast<std::size_t>(i * from + i)] = 1.0F;
  ir::Graph graph;
  const ValueId x = graph.add_input("x", DType::float32, to_shape({1, from, 1, from}));
  Attrs axis = attrs;
  axis.set("size", to_shape({to, 1}));
  Result<ValueId> y = ops::append(graph, "resize", {x}, axis);
  if (!y.ok()) return std::nullopt;
  graph.outputs = {*y};
  graph.output_names = {"y"};
  const Tensor identity = Tensor::of<float>(DType::float32, {1, from, 1, from}, unit);
  Result<std::vector<Tensor>> out = ops::interpret(graph, std::span(&identity, 1));
  if (!out.ok()) return std::nullopt;
  return (*out)[0].reshaped({to, from});
}

// Methods without a kernel are two matrix products.
Values resize(Emitter& e, const Values& in, const Attrs& attrs) {
  const std::string& method = attrs.text("method");
  const bool both = attrs.flag("align_corners") && attrs.flag("half_pixel");
  const StaticShape size = attrs.static_dims("size");
  const StaticShape input = e.shape(in[0]);
  if (size[0] == input[1] && size[1] == input[2] && (method == "nearest" || method == "bilinear")) return {in[0]};
  if (method == "nearest" && e.dtype(in[0]) != DType::float32 && e.dtype(in[0]) != DType::int8 &&
      e.dtype(in[0]) != DType::uint8) {
    return {e.cast(e.op("resize", {e.cast(in[0], DType::float32)}, attrs), e.dtype(in[0]))};
  }
  if ((method == "nearest" || method == "bilinear") && !both) return {};
  const std::optional<Tensor> rows = resize_matrix(attrs, input[1], size[0]);
  const std::optional<Tensor> columns = resize_matrix(attrs, input[2], size[1]);
  if (!rows || !columns) {
    e.fault("`resize` with method \"" + method + "\" has no form in TensorFlow Lite");
    return {in[0]};
  }
  const ValueId tall = e.reshape(in[0], {input[0], input[1], input[2] * input[3]});
  const ValueId resized = e.op("matmul", {e.constant(rows->reshaped({1, size[0], input[1]})), tall});
  const ValueId wide = e.reshape(resized, {input[0] * size[0], input[2], input[3]});
  const ValueId y = e.op("matmul", {e.constant(columns->reshaped({1, size[1], input[2]})), wide});
  return {e.reshape(y, {input[0], size[0], size[1], input[3]})};
}

constexpr LegalizeRule kRules[] = {
    {"conv2d", conv2d},
    {"depthwise_conv2d", depthwise_conv2d},
    {"conv2d_transpose", conv2d_transpose},
    {"conv3d", conv3d},
    {"max_pool2d", max_pool2d},
    {"avg_pool2d", avg_pool2d},
    {"max_pool3d", max_pool3d},
    {"avg_pool3d", avg_pool3d},
    {"matmul", matmul},
    {"resize", resize},
};

}  // namespace

LegalizeFn find_window_rule(std::string_view op) {
  for (const LegalizeRule& rule : kRules)
    if (rule.op == op) return rule.fn;
  return nullptr;
}

}  // namespace kedge::passes::tflite
