// TFLite's operators with windows or weights: convolutions, pooling, fully connected, resize.
#include <algorithm>

#include "frontends/tflite/importer.h"

namespace kedge::frontends::tflite {
namespace {

using format::Op;
using Ints = std::vector<std::int64_t>;

std::string padding(Importer& in) {
  return static_cast<format::Padding>(static_cast<int>(in.op().option("padding"))) == format::Padding::same ? "same"
                                                                                                            : "valid";
}
Ints pair_of(Importer& in, std::string_view height, std::string_view width) {
  return {static_cast<std::int64_t>(in.op().option(height)), static_cast<std::int64_t>(in.op().option(width))};
}
bool positive(const Ints& values) {
  return std::all_of(values.begin(), values.end(), [](std::int64_t v) { return v > 0; });
}

std::vector<ValueId> with_bias(Importer& in, ValueId x, ValueId filter, std::size_t bias) {
  std::vector<ValueId> out{x, filter};
  if (const ValueId b = in.operand(bias); b >= 0) out.push_back(b);
  return out;
}

}  // namespace

Result<void> conv2d(Importer& in) {
  const Ints strides = pair_of(in, "stride_h", "stride_w");
  const Ints dilations = pair_of(in, "dilation_h", "dilation_w");
  const ValueId filter = in.permuted(1, {1, 2, 3, 0}, {}, 3);
  if (!positive(strides) || !positive(dilations) || filter < 0 || in.operand(0) < 0 || rank_of(in, 0) != 4)
    return in.fault("its operands or options are out of range");
  const std::int64_t channels = in.shape(in.operand(0))[3];
  const std::int64_t each = in.shape(filter)[2];
  if (each <= 0 || channels % each != 0) return in.fault("its filter does not fit its operand");
  return in.finish(
      "conv2d", with_bias(in, in.operand(0), filter, 2),
      Attrs{{"strides", strides}, {"dilations", dilations}, {"padding", padding(in)}, {"groups", channels / each}});
}

Result<void> depthwise(Importer& in) {
  const Ints strides = pair_of(in, "stride_h", "stride_w");
  const Ints dilations = pair_of(in, "dilation_h", "dilation_w");
  if (!positive(strides) || !positive(dilations) || in.operand(0) < 0 || in.operand(1) < 0 || rank_of(in, 0) != 4 ||
      rank_of(in, 1) != 4)
    return in.fault("its operands or options are out of range");
  const std::int64_t channels = in.shape(in.operand(0))[3];
  const StaticShape f = in.shape(in.operand(1));
  if (channels <= 0 || f[0] != 1 || f[3] % channels != 0) return in.fault("its filter does not fit its operand");
  const ValueId filter = in.permuted(1, {0, 1, 2, 3}, {f[1], f[2], channels, f[3] / channels}, 2);
  return in.finish("depthwise_conv2d", with_bias(in, in.operand(0), filter, 2),
                   Attrs{{"strides", strides}, {"dilations", dilations}, {"padding", padding(in)}});
}

Result<void> transpose_conv(Importer& in) {
  const Ints strides = pair_of(in, "stride_h", "stride_w");
  const ValueId filter = in.permuted(1, {1, 2, 0, 3}, {}, 2);
  const StaticShape out = in.out_shape();
  if (!positive(strides) || filter < 0 || in.operand(2) < 0 || out.size() != 4)
    return in.fault("its operands or options are out of range");
  return in.finish("conv2d_transpose", with_bias(in, in.operand(2), filter, 3),
                   Attrs{{"strides", strides}, {"padding", padding(in)}, {"output_size", to_shape({out[1], out[2]})}});
}

Result<void> pool(Importer& in) {
  const Ints strides = pair_of(in, "stride_h", "stride_w");
  const Ints window = pair_of(in, "window_h", "window_w");
  if (!positive(strides) || !positive(window)) return in.fault("its options are out of range");
  return in.finish(in.op().op == Op::max_pool_2d ? "max_pool2d" : "avg_pool2d", {in.operand(0)},
                   Attrs{{"strides", strides}, {"window", window}, {"padding", padding(in)}});
}

Result<void> fully_connected(Importer& in) {
  const ValueId weights = in.permuted(1, {1, 0}, {}, 1);
  ValueId x = in.operand(0);
  if (weights < 0 || x < 0 || in.op().option("weights_format") != 0) return in.fault("its operands are out of range");
  const std::int64_t depth = in.shape(weights)[0];
  const StaticShape from = in.shape(x);
  if (in.op().option("keep_num_dims") == 0 && from.size() != 2) {
    if (depth <= 0 || element_count(from) % depth != 0) return in.fault("its operand does not fit its weights");
    KEDGE_TRY(x, in.node("reshape", {x}, Attrs{{"shape", to_shape({element_count(from) / depth, depth})}},
                         in.graph().value(x).quant));
  }
  return in.finish("fully_connected", with_bias(in, x, weights, 2));
}

Result<void> resize(Importer& in) {
  const StaticShape out = in.out_shape();
  if (out.size() != 4) return in.fault("its operand is no image");
  const std::string method = in.op().op == Op::resize_bilinear ? "bilinear" : "nearest";
  return in.finish("resize", {in.operand(0)},
                   Attrs{{"method", method},
                         {"size", to_shape({out[1], out[2]})},
                         {"align_corners", in.op().option("align_corners") != 0},
                         {"half_pixel", in.op().option("half_pixel") != 0}});
}

}  // namespace kedge::frontends::tflite
