// int8: every answer equal to the reference's, bit for bit.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/kernels/harness.h"

namespace kedge::kernels::testing {
namespace {

using Ints = std::vector<std::int64_t>;
constexpr Tolerance kExact{true};

int pick(std::mt19937& random, int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); }
float scale(std::mt19937& random) { return std::exp(std::uniform_real_distribution<float>(-5, -1)(random)); }

/// Weights in [-127, 127] with a scale for each of `channels` (or one for all).
Tensor weights(std::mt19937& random, StaticShape shape, std::int64_t channels, std::int32_t axis) {
  Tensor out = random_bytes(random, std::move(shape), 1, 0);
  for (std::int64_t i = 0; i < out.size(); ++i) {
    auto& value = out.mutable_values<std::int8_t>()[i];
    if (value == -128) value = -127;
  }
  out.quant = {};
  for (std::int64_t c = 0; c < channels; ++c) {
    out.quant.scales.push_back(scale(random) * 0.1F);
    out.quant.zero_points.push_back(0);
  }
  out.quant.axis = channels > 1 ? axis : -1;
  return out;
}

Tensor bias(std::mt19937& random, std::int64_t count) {
  Tensor out(DType::int32, {count});
  for (std::int64_t i = 0; i < count; ++i) out.mutable_values<std::int32_t>()[i] = pick(random, -20000, 20000);
  return out;
}

struct Axis {
  std::int64_t in, out;
};
Axis random_axis(std::mt19937& random, const std::string& padding, std::int64_t size, std::int64_t stride,
                 std::int64_t dilation, std::int64_t pads) {
  const std::int64_t reach = (size - 1) * dilation + 1;
  const std::int64_t in = reach + pick(random, 0, 10);
  return {in, padding == "same" ? (in + stride - 1) / stride : (in + pads - reach) / stride + 1};
}

/// A random conv2d or depthwise_conv2d.
Node random_window_node(std::mt19937& random, bool depthwise) {
  const char* const paddings[] = {"same", "valid", "explicit"};
  const char* const activations[] = {"none", "relu", "relu6"};
  const std::string padding = paddings[pick(random, 0, 2)];
  const std::int64_t height = pick(random, 1, 4), width = pick(random, 1, 4);
  const Ints strides = {pick(random, 1, 3), pick(random, 1, 3)};
  const Ints dilations = {pick(random, 1, 2), pick(random, 1, 2)};
  Ints pads = {0, 0, 0, 0};
  if (padding == "explicit") pads = {pick(random, 0, 2), pick(random, 0, 2), pick(random, 0, 2), pick(random, 0, 2)};
  const Axis y = random_axis(random, padding, height, strides[0], dilations[0], pads[0] + pads[1]);
  const Axis x = random_axis(random, padding, width, strides[1], dilations[1], pads[2] + pads[3]);
  const std::int64_t groups = !depthwise && pick(random, 0, 3) == 0 ? 2 : 1;
  const std::int64_t channels = groups * pick(random, 1, depthwise ? 50 : 9);
  const std::int64_t multiple = pick(random, 0, 3) == 0 ? 2 : 1;
  const std::int64_t filters = depthwise ? channels * multiple : groups * pick(random, 1, 40);
  Node node;
  node.op = depthwise ? "depthwise_conv2d" : "conv2d";
  node.attrs = {{"padding", padding},
                {"strides", strides},
                {"dilations", dilations},
                {"pads", pads},
                {"activation", std::string(activations[pick(random, 0, 2)])}};
  if (!depthwise) node.attrs.set("groups", groups);
  const std::int64_t batch = pick(random, 1, 2);
  node.inputs.push_back(random_bytes(random, {batch, y.in, x.in, channels}, scale(random), pick(random, -128, 127)));
  node.inputs.push_back(depthwise ? weights(random, {height, width, channels, multiple}, filters, 3)
                                  : weights(random, {height, width, channels / groups, filters},
                                            pick(random, 0, 2) == 0 ? 1 : filters, 3));
  node.constant = {false, true};
  if (pick(random, 0, 2) != 0) {
    node.inputs.push_back(bias(random, filters));
    node.constant.push_back(true);
  }
  node.dtype = DType::int8;
  node.shape = {batch, y.out, x.out, filters};
  node.quant.scales = {scale(random)};
  node.quant.zero_points = {pick(random, -128, 127)};
  return node;
}

TEST(Int8, Conv2d) {
  std::mt19937 random(1);
  int accepted = 0;
  for (int i = 0; i < 150; ++i) accepted += check(random_window_node(random, false), kExact);
  EXPECT_GE(accepted, 150 * 2);
}

TEST(Int8, DepthwiseConv2d) {
  std::mt19937 random(2);
  int accepted = 0;
  for (int i = 0; i < 120; ++i) accepted += check(random_window_node(random, true), kExact);
  EXPECT_GE(accepted, 120 * 2);
}

TEST(Int8, FullyConnected) {
  std::mt19937 random(3);
  const char* const activations[] = {"none", "relu", "relu6"};
  int accepted = 0;
  for (int i = 0; i < 80; ++i) {
    const std::int64_t rows = pick(random, 1, 12), n = pick(random, 1, 70), k = pick(random, 1, 90);
    Node node{"fully_connected",
              {{"activation", std::string(activations[pick(random, 0, 2)])}},
              {},
              {false, true, true},
              DType::int8,
              {rows, n},
              {}};
    node.inputs = {random_bytes(random, {rows, k}, scale(random), pick(random, -128, 127)),
                   weights(random, {k, n}, i % 2 == 0 ? 1 : n, 1), bias(random, n)};
    node.quant.scales = {scale(random)};
    node.quant.zero_points = {pick(random, -128, 127)};
    accepted += check(node, kExact);
  }
  EXPECT_GE(accepted, 80 * 2);
}

TEST(Int8, Pairs) {
  std::mt19937 random(4);
  const StaticShape shapes[][3] = {{{3, 5, 41}, {3, 5, 41}, {3, 5, 41}},
                                   {{3, 5, 41}, {41}, {3, 5, 41}},
                                   {{3, 5, 41}, {1}, {3, 5, 41}},
                                   {{1, 5, 41}, {3, 5, 41}, {3, 5, 41}},
                                   {{1}, {7}, {7}},
                                   {{1}, {1}, {1}}};
  for (const char* op : {"add", "sub", "mul"}) {
    for (const auto& shape : shapes) {
      for (int i = 0; i < 10; ++i) {
        Node node{op,
                  {},
                  {random_bytes(random, shape[0], scale(random), pick(random, -128, 127)),
                   random_bytes(random, shape[1], scale(random), pick(random, -128, 127))},
                  {false, false},
                  DType::int8,
                  shape[2],
                  {}};
        node.quant.scales = {scale(random)};
        node.quant.zero_points = {pick(random, -128, 127)};
        EXPECT_GE(check(node, kExact), 2) << op;
      }
    }
  }
}

TEST(Int8, MeansAndSums) {
  std::mt19937 random(6);
  for (const char* op : {"reduce_mean", "reduce_sum"}) {
    for (int i = 0; i < 40; ++i) {
      const StaticShape shape = {pick(random, 1, 3), pick(random, 1, 20), pick(random, 1, 20), pick(random, 1, 40)};
      Node node{op,
                {{"axes", Ints{1, 2}}, {"keepdims", false}},
                {random_bytes(random, shape, scale(random), pick(random, -128, 127))},
                {false},
                DType::int8,
                {shape[0], shape[3]},
                {}};
      node.quant.scales = {scale(random)};
      node.quant.zero_points = {pick(random, -128, 127)};
      EXPECT_GE(check(node, kExact), 2);
    }
  }
}

TEST(Int8, TablesPoolsAndConversions) {
  std::mt19937 random(5);
  Quantization quant;
  quant.scales = {scale(random)};
  quant.zero_points = {pick(random, -128, 127)};
  for (const char* op : {"sigmoid", "tanh", "relu", "relu6", "requantize", "dequantize"}) {
    Node node{op, {}, {random_bytes(random, {3, 777}, scale(random), 5)}, {false}, DType::int8, {3, 777}, quant};
    if (std::string(op) == "dequantize") node.dtype = DType::float32, node.quant = {};
    EXPECT_GE(check(node, kExact), 1) << op;
  }
  Node node{"quantize", {}, {random_floats(random, {3001}, -10, 10)}, {false}, DType::int8, {3001}, quant};
  EXPECT_GE(check(node, kExact), 1);
  // Ratios that lie exactly between two integers.
  node.quant.scales = {0.5F};
  for (std::int64_t i = 0; i < 3001; ++i)
    node.inputs[0].mutable_values<float>()[i] = 0.25F * static_cast<float>(i - 1500);
  EXPECT_GE(check(node, kExact), 1);
  for (const char* op : {"max_pool2d", "avg_pool2d"}) {
    for (const char* padding : {"same", "valid"}) {
      const std::int64_t out_height = std::string(padding) == "same" ? 5 : 4;
      Node pool{op,
                {{"window", Ints{3, 2}},
                 {"strides", Ints{2, 2}},
                 {"padding", std::string(padding)},
                 {"pads", Ints{0, 0, 0, 0}}},
                {random_bytes(random, {2, 9, 8, 19}, 0.1F, 3)},
                {false},
                DType::int8,
                {2, out_height, 4, 19},
                {}};
      pool.quant = pool.inputs[0].quant;
      EXPECT_GE(check(pool, kExact), 1) << op;
    }
  }
}

}  // namespace
}  // namespace kedge::kernels::testing
