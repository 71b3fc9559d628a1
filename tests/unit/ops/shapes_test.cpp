// Shape rules with symbols, and the messages of their errors.
#include <gtest/gtest.h>

#include "ops/append.h"
#include "ops/ops.h"

namespace kedge::ops {
namespace {

Shape dims(std::initializer_list<std::string_view> texts) {
  Shape shape;
  for (const std::string_view text : texts) shape.push_back(*Dim::parse(text));
  return shape;
}

struct Given {
  DType dtype = DType::float32;
  Shape shape;
};

/// "float32[batch, 3]" of the first output, or the error's "code message".
std::string infer(std::string_view op, std::vector<Given> inputs, Attrs attrs = {}) {
  ir::Graph graph;
  std::vector<ir::ValueId> ids;
  for (Given& given : inputs) ids.push_back(graph.add_input("x", given.dtype, std::move(given.shape)));
  const Result<std::vector<ir::ValueId>> outputs = append_all(graph, op, ids, std::move(attrs));
  if (!outputs.ok()) return outputs.error().diagnostic().code + " " + outputs.error().diagnostic().message;
  const ir::Value& value = graph.value((*outputs)[0]);
  EXPECT_TRUE(ir::verify(graph).ok());
  return std::string(dtype_name(value.dtype)) + shape_to_string(value.shape);
}

Given f32(std::initializer_list<std::string_view> texts) { return {DType::float32, dims(texts)}; }
using Ints = std::vector<std::int64_t>;

TEST(Broadcast, SymbolsAndOnes) {
  EXPECT_EQ(infer("add", {f32({"batch", "8"}), f32({"8"})}), "float32[batch, 8]");
  EXPECT_EQ(infer("add", {f32({"batch", "1", "4"}), f32({"batch", "3", "1"})}), "float32[batch, 3, 4]");
  EXPECT_EQ(infer("less", {f32({"1"}), f32({"n"})}), "bool[n]");
  EXPECT_EQ(infer("add", {f32({"batch", "8"}), f32({"batch", "9"})}),
            "K0601 add: shapes do not broadcast: [batch, 8] and [batch, 9]");
  // An unknown size may turn out to be 1 or equal; the rule runs again when it is known.
  EXPECT_EQ(infer("add", {f32({"batch"}), f32({"4"})}), "float32[4]");
  EXPECT_EQ(infer("add", {f32({"a"}), f32({"b"})}), "float32[max(a, b)]");
}

TEST(DTypes, AreNotMixed) {
  EXPECT_EQ(infer("mul", {f32({"2"}), {DType::int32, dims({"2"})}}),
            "K0602 mul: element types differ: float32 and int32");
  EXPECT_EQ(infer("erf", {{DType::int32, dims({"2"})}}), "K0602 erf: needs a floating-point tensor, got int32");
  EXPECT_EQ(infer("logical_and", {f32({"2"}), f32({"2"})}),
            "K0602 logical_and: input 0 must be a bool tensor, got float32");
}

TEST(Matmul, Shapes) {
  EXPECT_EQ(infer("matmul", {f32({"batch", "5", "8"}), f32({"8", "4"})}), "float32[batch, 5, 4]");
  EXPECT_EQ(infer("matmul", {f32({"batch", "h", "t", "8"}), f32({"batch", "h", "t", "8"})}, {{"transpose_b", true}}),
            "float32[batch, h, t, t]");
  EXPECT_EQ(infer("matmul", {f32({"batch", "8"}), f32({"9", "4"})}),
            "K0601 matmul: inner dimensions differ: [batch, 8] x [9, 4]");
}

TEST(Conv, Shapes) {
  const Attrs same{{"strides", Ints{2, 2}}, {"padding", std::string("same")}};
  const Attrs valid{{"strides", Ints{1, 1}}, {"padding", std::string("valid")}};
  EXPECT_EQ(infer("conv2d", {f32({"batch", "h", "48", "3"}), f32({"3", "3", "3", "5"})}, same),
            "float32[batch, " + Dim::floordiv(Dim::symbol("h") + Dim(1), 2).to_string() + ", 24, 5]");
  EXPECT_EQ(infer("conv2d", {f32({"batch", "32", "48", "3"}), f32({"3", "5", "3", "5"})}, valid),
            "float32[batch, 30, 44, 5]");
  EXPECT_EQ(infer("conv2d", {f32({"1", "8", "8", "3"}), f32({"3", "3", "4", "8"})}, same),
            "K0601 conv2d: the input [1, 8, 8, 3] has 3 channels, the filter [3, 3, 4, 8] takes 4");
  EXPECT_EQ(infer("conv2d", {f32({"1", "2", "8", "3"}), f32({"5", "3", "3", "8"})}, valid),
            "K0601 conv2d: the window (5) is larger than the image (2)");
  EXPECT_EQ(infer("depthwise_conv2d", {f32({"b", "8", "8", "3"}), f32({"3", "3", "3", "2"})}, same),
            "float32[b, 4, 4, 6]");
  EXPECT_EQ(infer("conv2d_transpose", {f32({"b", "h", "8", "3"}), f32({"2", "2", "7", "3"})},
                  {{"strides", Ints{2, 2}}, {"padding", std::string("same")}, {"output_size", dims({"2*h", "16"})}}),
            "float32[b, 2*h, 16, 7]");
}

TEST(Reshape, InfersAndRefuses) {
  EXPECT_EQ(infer("reshape", {f32({"batch", "4", "8"})}, {{"shape", dims({"batch", "-1"})}}), "float32[batch, 32]");
  EXPECT_EQ(infer("reshape", {f32({"batch", "6"})}, {{"shape", Ints{-1, 3}}}), "float32[2*batch, 3]");
  EXPECT_EQ(infer("reshape", {f32({"batch", "n"})}, {{"shape", dims({"n", "batch"})}}), "float32[n, batch]");
  EXPECT_EQ(infer("reshape", {f32({"2", "3"})}, {{"shape", Ints{4, 2}}}),
            "K0601 reshape: cannot reshape [2, 3] (6 elements) to [4, 2]");
  EXPECT_EQ(infer("reshape", {f32({"batch", "8"})}, {{"shape", dims({"batch", "9"})}}),
            "K0601 reshape: cannot reshape [batch, 8] (8*batch elements) to [batch, 9]");
  EXPECT_EQ(infer("reshape", {f32({"2", "3"})}, {{"shape", Ints{-1, -1}}}),
            "K0603 reshape: only one dimension of the new shape may be -1, got [-1, -1]");
}

TEST(Layout, Shapes) {
  EXPECT_EQ(infer("transpose", {f32({"b", "2", "3"})}, {{"perm", Ints{2, 0, 1}}}), "float32[3, b, 2]");
  EXPECT_EQ(infer("transpose", {f32({"b", "2"})}, {{"perm", Ints{0, 0}}}),
            "K0603 transpose: `perm` [0, 0] is no permutation of the axes of [b, 2]");
  EXPECT_EQ(infer("concat", {f32({"b", "n"}), f32({"b", "3"})}, {{"axis", std::int64_t{-1}}}), "float32[b, n + 3]");
  // Sizes that nothing says to be equal may be: the rule runs again once they are known.
  EXPECT_EQ(infer("concat", {f32({"b", "n"}), f32({"4", "3"})}, {{"axis", std::int64_t{1}}}), "float32[4, n + 3]");
  EXPECT_EQ(infer("matmul", {f32({"2", "a"}), f32({"b", "3"})}), "float32[2, 3]");
  EXPECT_EQ(infer("concat", {f32({"2", "n"}), f32({"4", "3"})}, {{"axis", std::int64_t{1}}}),
            "K0601 concat: shapes differ outside axis 1: [2, n] and [4, 3]");
  EXPECT_EQ(infer("matmul", {f32({"2", "n"}), f32({"n + 1", "3"})}),
            "K0601 matmul: inner dimensions differ: [2, n] x [n + 1, 3]");
  EXPECT_EQ(infer("slice", {f32({"n", "7"})},
                  {{"begin", dims({"1", "0"})}, {"end", dims({"n", "7"})}, {"strides", Ints{1, 2}}}),
            "float32[n - 1, 4]");
  EXPECT_EQ(infer("slice", {f32({"7"})}, {{"begin", Ints{6}}, {"end", Ints{-1}}, {"strides", Ints{-2}}}), "float32[4]");
  EXPECT_EQ(infer("slice", {f32({"7"})}, {{"begin", Ints{2}}, {"end", Ints{9}}, {"strides", Ints{1}}}),
            "K0601 slice: the slice 2:9 leaves a dimension of size 7");
  EXPECT_EQ(infer("pad", {f32({"b", "3"})},
                  {{"before", Ints{0, 3}}, {"after", Ints{0, 0}}, {"mode", std::string("reflect")}}),
            "K0601 pad: reflect padding of (3, 0) is wider than a dimension of size 3 allows");
  EXPECT_EQ(infer("reduce_mean", {f32({"b", "h", "w", "3"})}, {{"axes", Ints{1, 2}}, {"keepdims", true}}),
            "float32[b, 1, 1, 3]");
  EXPECT_EQ(infer("gather", {f32({"9", "4"}), {DType::int32, dims({"b", "t"})}}, {{"axis", std::int64_t{0}}}),
            "float32[b, t, 4]");
  EXPECT_EQ(infer("broadcast_to", {f32({"3"})}, {{"shape", dims({"b", "4"})}}),
            "K0601 broadcast_to: cannot broadcast [3] to [b, 4]");
}

TEST(Attributes, AreCompletedAndChecked) {
  const ir::OpDef& conv = *find_op("conv2d");
  const Result<Attrs> complete = complete_attrs(conv, {{"strides", Ints{1, 1}}, {"padding", std::string("same")}});
  ASSERT_TRUE(complete.ok());
  EXPECT_EQ(complete->integer("groups"), 1);
  EXPECT_EQ(complete->text("activation"), "none");
  EXPECT_EQ(complete->integers("pads"), (Ints{0, 0, 0, 0}));
  EXPECT_EQ(infer("softmax", {f32({"2"})}, {{"axes", Ints{1}}}), "K0603 softmax: there is no attribute `axes`");
  EXPECT_EQ(infer("softmax", {f32({"2"})}), "K0603 softmax: the attribute `axis` is missing");
  EXPECT_EQ(infer("softmax", {f32({"2"})}, {{"axis", std::int64_t{1}}}),
            "K0603 softmax: axis 1 is outside a tensor of 1 dimensions");
  EXPECT_EQ(infer("leaky_relu", {f32({"2"})}, {{"alpha", std::string("x")}}),
            "K0603 leaky_relu: the attribute `alpha` is \"x\", not a number");
  EXPECT_EQ(infer("nonsense", {}), "K0604 there is no op `nonsense`");
  EXPECT_EQ(infer("add", {f32({"2"})}), "K0605 add: input `b` is missing");
}

TEST(Append, NormalisesAxesAndPlaces) {
  ir::Graph graph;
  const ir::ValueId x = graph.add_input("x", DType::float32, dims({"b", "3"}));
  const Result<ir::ValueId> y = append(graph, "softmax", {x}, {{"axis", std::int64_t{-1}}});
  ASSERT_TRUE(y.ok());
  EXPECT_EQ(graph.node(graph.value(*y).producer).attrs.integer("axis"), 1);
  const Result<ir::ValueId> before = append(graph, "neg", {x}, {}, {.before = graph.value(*y).producer});
  ASSERT_TRUE(before.ok());
  EXPECT_EQ(graph.order().front(), graph.value(*before).producer);
}

}  // namespace
}  // namespace kedge::ops
