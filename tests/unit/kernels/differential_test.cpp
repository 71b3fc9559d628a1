// float32: products, windows, softmax, means over seeded random shapes.
#include <gtest/gtest.h>

#include "tests/unit/kernels/harness.h"

namespace kedge::kernels::testing {
namespace {

using Ints = std::vector<std::int64_t>;

int pick(std::mt19937& random, int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); }

std::int64_t out_size(const std::string& padding, std::int64_t in, std::int64_t size, std::int64_t stride,
                      std::int64_t dilation, std::int64_t pads) {
  const std::int64_t reach = (size - 1) * dilation + 1;
  return padding == "same" ? (in + stride - 1) / stride : (in + pads - reach) / stride + 1;
}

/// A random window over a random image, as attributes; `x` and `y` are the spatial sizes.
struct RandomWindow {
  Attrs attrs;
  std::int64_t height, width, in_height, in_width, out_height, out_width;
};

RandomWindow random_window(std::mt19937& random, bool dilate) {
  RandomWindow w;
  const char* const paddings[] = {"same", "valid", "explicit"};
  const std::string padding = paddings[pick(random, 0, 2)];
  w.height = pick(random, 1, 4);
  w.width = pick(random, 1, 4);
  const Ints strides = {pick(random, 1, 3), pick(random, 1, 3)};
  const Ints dilations = {dilate ? pick(random, 1, 2) : 1, dilate ? pick(random, 1, 2) : 1};
  Ints pads = {0, 0, 0, 0};
  if (padding == "explicit") pads = {pick(random, 0, 2), pick(random, 0, 2), pick(random, 0, 2), pick(random, 0, 2)};
  w.in_height = (w.height - 1) * dilations[0] + pick(random, 1, 12);
  w.in_width = (w.width - 1) * dilations[1] + pick(random, 1, 12);
  w.out_height = out_size(padding, w.in_height, w.height, strides[0], dilations[0], pads[0] + pads[1]);
  w.out_width = out_size(padding, w.in_width, w.width, strides[1], dilations[1], pads[2] + pads[3]);
  w.attrs.set("padding", padding);
  w.attrs.set("strides", strides);
  w.attrs.set("pads", pads);
  if (dilate) w.attrs.set("dilations", dilations);
  return w;
}

std::string random_activation(std::mt19937& random) {
  const char* const names[] = {"none", "relu", "relu6"};
  return names[pick(random, 0, 2)];
}

TEST(Conv2d, RandomShapes) {
  std::mt19937 random(1);
  int accepted = 0;
  for (int i = 0; i < 150; ++i) {
    const RandomWindow w = random_window(random, true);
    const std::int64_t groups = pick(random, 0, 3) == 0 ? pick(random, 2, 3) : 1;
    const std::int64_t channels = groups * pick(random, 1, 9);
    const std::int64_t filters = groups * pick(random, 1, i % 10 == 0 ? 70 : 20);
    Node node{
        "conv2d", w.attrs, {}, {false, true}, DType::float32, {pick(random, 1, 2), w.out_height, w.out_width, filters},
        {}};
    node.attrs.set("groups", groups);
    node.attrs.set("activation", random_activation(random));
    node.inputs = {random_floats(random, {node.shape[0], w.in_height, w.in_width, channels}),
                   random_floats(random, {w.height, w.width, channels / groups, filters})};
    if (i % 3 != 0) {
      node.inputs.push_back(random_floats(random, {filters}));
      node.constant.push_back(true);
    }
    accepted += check(node, {});
  }
  EXPECT_GE(accepted, 150 * 2);
}

TEST(Conv2d, LargeImagesInBands) {
  std::mt19937 random(2);
  Attrs attrs = {{"padding", std::string("same")}, {"strides", Ints{1, 1}},     {"dilations", Ints{1, 1}},
                 {"pads", Ints{0, 0, 0, 0}},       {"groups", std::int64_t{1}}, {"activation", std::string("none")}};
  Node node{"conv2d",
            attrs,
            {random_floats(random, {1, 70, 65, 24}), random_floats(random, {3, 3, 24, 40})},
            {false, true},
            DType::float32,
            {1, 70, 65, 40},
            {}};
  EXPECT_GE(check(node, {}), 2);
  node.inputs[1] = random_floats(random, {1, 1, 24, 40});
  EXPECT_GE(check(node, {}), 2);
}

TEST(DepthwiseConv2d, RandomShapes) {
  std::mt19937 random(3);
  int accepted = 0;
  for (int i = 0; i < 120; ++i) {
    const RandomWindow w = random_window(random, true);
    const std::int64_t channels = pick(random, 0, 2) == 0 ? 16 * pick(random, 1, 3) : pick(random, 1, 40);
    const std::int64_t multiple = pick(random, 0, 3) == 0 ? pick(random, 2, 3) : 1;
    Node node{"depthwise_conv2d",
              w.attrs,
              {},
              {false, true, true},
              DType::float32,
              {pick(random, 1, 2), w.out_height, w.out_width, channels * multiple},
              {}};
    node.attrs.set("activation", random_activation(random));
    node.inputs = {random_floats(random, {node.shape[0], w.in_height, w.in_width, channels}),
                   random_floats(random, {w.height, w.width, channels, multiple}),
                   random_floats(random, {channels * multiple})};
    accepted += check(node, {});
  }
  EXPECT_GE(accepted, 120 * 2);
}

TEST(Pool2d, RandomShapes) {
  std::mt19937 random(4);
  for (const char* op : {"max_pool2d", "avg_pool2d"}) {
    int accepted = 0;
    for (int i = 0; i < 80; ++i) {
      const RandomWindow w = random_window(random, false);
      const std::int64_t channels = pick(random, 0, 1) == 0 ? 16 * pick(random, 1, 3) : pick(random, 1, 40);
      Node node{
          op,      w.attrs,        {random_floats(random, {pick(random, 1, 2), w.in_height, w.in_width, channels})},
          {false}, DType::float32, {},
          {}};
      node.shape = {node.inputs[0].shape()[0], w.out_height, w.out_width, channels};
      node.attrs.set("window", Ints{w.height, w.width});
      accepted += check(node, {});
    }
    EXPECT_GE(accepted, 80 * 2) << op;
  }
}

TEST(Matmul, RandomShapes) {
  std::mt19937 random(5);
  int accepted = 0;
  for (int i = 0; i < 120; ++i) {
    const std::int64_t m = pick(random, 1, 20), n = pick(random, 1, 70), k = pick(random, 1, 40);
    const bool ta = pick(random, 0, 1) == 1, tb = pick(random, 0, 1) == 1;
    const Ints batches[][2] = {{{}, {}}, {{3}, {3}}, {{2, 3}, {3}}, {{3}, {2, 1}}, {{1, 2}, {2, 1}}, {{2}, {}}};
    const Ints outs[] = {{}, {3}, {2, 3}, {2, 3}, {2, 2}, {2}};
    const int form = pick(random, 0, 5);
    const auto shape = [](Ints batch, std::int64_t rows, std::int64_t columns) {
      batch.push_back(rows);
      batch.push_back(columns);
      return batch;
    };
    Node node{"matmul",
              {{"transpose_a", ta}, {"transpose_b", tb}},
              {},
              {false, i % 2 == 0},
              DType::float32,
              shape(outs[form], m, n),
              {}};
    node.inputs = {random_floats(random, ta ? shape(batches[form][0], k, m) : shape(batches[form][0], m, k)),
                   random_floats(random, tb ? shape(batches[form][1], n, k) : shape(batches[form][1], k, n))};
    accepted += check(node, {});
  }
  EXPECT_GE(accepted, 120 * 2);
}

TEST(FullyConnected, RandomShapes) {
  std::mt19937 random(6);
  int accepted = 0;
  for (int i = 0; i < 60; ++i) {
    const std::int64_t rows = i % 2 == 0 ? 1 : pick(random, 2, 30), n = pick(random, 1, 100), k = pick(random, 1, 100);
    Node node{"fully_connected",
              {{"activation", random_activation(random)}},
              {random_floats(random, {rows, k}), random_floats(random, {k, n}), random_floats(random, {n})},
              {false, true, true},
              DType::float32,
              {rows, n},
              {}};
    accepted += check(node, {});
  }
  EXPECT_GE(accepted, 60 * 2);
}

TEST(Softmax, RandomShapes) {
  std::mt19937 random(7);
  for (int i = 0; i < 40; ++i) {
    const StaticShape shape = {pick(random, 1, 40), pick(random, 1, 70)};
    Node node{
        "softmax", {{"axis", std::int64_t{1}}}, {random_floats(random, shape, -20, 20)}, {false}, DType::float32, shape,
        {}};
    EXPECT_GE(check(node, {false, 0, 2e-6, 1e-9}), 2);
  }
}

TEST(ReduceMean, NeighbouringAxes) {
  std::mt19937 random(8);
  const std::pair<Ints, StaticShape> cases[] = {
      {{1, 2}, {2, 16}}, {{0, 1}, {7, 16}}, {{0}, {5, 7, 16}}, {{1}, {2, 7, 16}}};
  for (const char* op : {"reduce_mean", "reduce_sum"}) {
    for (const auto& [axes, shape] : cases) {
      Node node{op,
                {{"axes", axes}, {"keepdims", false}},
                {random_floats(random, {2, 5, 7, 16})},
                {false},
                DType::float32,
                shape,
                {}};
      node.shape = {};
      for (std::int64_t d = 0; d < 4; ++d) {
        if (std::find(axes.begin(), axes.end(), d) == axes.end())
          node.shape.push_back(node.inputs[0].shape()[static_cast<std::size_t>(d)]);
      }
      EXPECT_GE(check(node, {}), 2) << op;
    }
  }
}

}  // namespace
}  // namespace kedge::kernels::testing
