// The interpreter: symbols, control flow, limits, bad input.
#include <gtest/gtest.h>

#include "ops/evaluate.h"
#include "ops/interpret.h"
#include "ops/ops.h"

namespace kedge::ops {
namespace {

Tensor floats(StaticShape shape, const std::vector<double>& values) {
  return Tensor::of<double>(DType::float32, std::move(shape), values);
}

ir::Graph parse(std::string_view text) {
  Result<ir::Graph> graph = ir::parse(text, find_op);
  KEDGE_CHECK(graph.ok(), graph.error().diagnostic().message.c_str());
  return *std::move(graph);
}

std::vector<double> numbers(const Tensor& tensor) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < tensor.size(); ++i) out.push_back(tensor.element_as_double(i));
  return out;
}

TEST(Interpret, BindsSymbolsAndReportsEveryValue) {
  const ir::Graph graph = parse(R"(graph "g" {
    input %0 "x" : float32[batch, n]
    %1 = dims() {values = (batch*n)} : int32[1]
    %2 = reshape(%0) {shape = (batch*n)} : float32[batch*n]
    %3 = add(%2, %2) : float32[batch*n]
    output %3
    output %1
  })");
  int seen = 0;
  const auto outputs = interpret(graph, std::vector<Tensor>{floats({2, 3}, {1, 2, 3, 4, 5, 6})},
                                 [&](ir::ValueId, const Tensor&) { ++seen; });
  ASSERT_TRUE(outputs.ok()) << outputs.error().diagnostic().message;
  EXPECT_EQ(numbers((*outputs)[0]), (std::vector<double>{2, 4, 6, 8, 10, 12}));
  EXPECT_EQ((*outputs)[1].element_as_int(0), 6);
  EXPECT_EQ(seen, 4);
}

TEST(Interpret, RefusesUnfitInputs) {
  const ir::Graph graph =
      parse("graph \"g\" {\n input %0 \"a\" : float32[n, n]\n %1 = neg(%0) : float32[n, n]\n output %1\n}");
  const auto wrong = interpret(graph, std::vector<Tensor>{floats({2, 3}, {1, 2, 3, 4, 5, 6})});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().diagnostic().code, "K0610");
  EXPECT_EQ(wrong.error().diagnostic().message, "input \"a\" is float32[2, 3], the model takes float32[n, n]");
  EXPECT_FALSE(interpret(graph, {}).ok());
}

TEST(Interpret, RunsBothBranchesAndLoops) {
  const ir::Graph graph = parse(R"(graph "g" {
    input %0 "c" : bool[]
    input %1 "x" : float32[b]
    %2 = if(%0, %1) : float32[b] do graph "then" {
      input %0 "x" : float32[b]
      %1 = neg(%0) : float32[b]
      output %1
    } do graph "else" {
      input %0 "x" : float32[b]
      output %0
    }
    output %2
  })");
  for (const std::int64_t choice : {0, 1}) {
    const auto outputs = interpret(
        graph, std::vector<Tensor>{Tensor::scalar<std::int64_t>(DType::boolean, choice), floats({2}, {1, 2})});
    ASSERT_TRUE(outputs.ok()) << outputs.error().diagnostic().message;
    EXPECT_EQ(numbers((*outputs)[0]), choice == 1 ? (std::vector<double>{-1, -2}) : (std::vector<double>{1, 2}));
  }
  const ir::Graph loop = parse(R"(graph "g" {
    input %0 "x" : float32[]
    input %1 "limit" : float32[]
    const %2 : int32[] = {0}
    %3, %4 = while(%0, %2, %1) {carried = 2} : float32[], int32[] do graph "condition" {
      input %0 "x" : float32[]
      input %1 "i" : int32[]
      input %2 "limit" : float32[]
      %3 = less(%0, %2) : bool[]
      output %3
    } do graph "body" {
      input %0 "x" : float32[]
      input %1 "i" : int32[]
      input %2 "limit" : float32[]
      const %3 : int32[] = {1}
      %4 = add(%0, %0) : float32[]
      %5 = add(%1, %3) : int32[]
      output %4
      output %5
    }
    output %3
    output %4
  })");
  const auto outputs = interpret(loop, std::vector<Tensor>{floats({}, {1}), floats({}, {100})});
  ASSERT_TRUE(outputs.ok()) << outputs.error().diagnostic().message;
  EXPECT_EQ((*outputs)[0].element_as_double(0), 128);
  EXPECT_EQ((*outputs)[1].element_as_int(0), 7);
}

TEST(Interpret, DoesNotTrustTheGraphsShapes) {
  ir::Graph graph = parse("graph \"g\" {\n input %0 \"a\" : float32[4]\n %1 = neg(%0) : float32[4]\n output %1\n}");
  graph.value(graph.outputs[0]).shape = {Dim(1)};
  const auto outputs = interpret(graph, std::vector<Tensor>{floats({4}, {1, 2, 3, 4})});
  ASSERT_FALSE(outputs.ok());
  EXPECT_EQ(outputs.error().diagnostic().code, "K0610");
}

TEST(Evaluate, ChecksAndRuns) {
  const Tensor a = floats({2, 2}, {1, 2, 3, 4});
  const Tensor* twice[] = {&a, &a};
  const auto product = evaluate("matmul", twice);
  ASSERT_TRUE(product.ok());
  EXPECT_EQ(numbers((*product)[0]), (std::vector<double>{7, 10, 15, 22}));
  const Tensor* once[] = {&a};
  const auto huge = evaluate("broadcast_to", once, {{"shape", std::vector<std::int64_t>{1 << 20, 1 << 20, 2, 2}}});
  ASSERT_FALSE(huge.ok());
  EXPECT_EQ(huge.error().diagnostic().code, "K0614");
}

TEST(Evaluate, WildIndicesStayInside) {
  const Tensor x = floats({3}, {1, 2, 3});
  const Tensor wild = Tensor::of<std::int64_t>(DType::int64, {4}, {-1, 3, std::int64_t{1} << 62, 1});
  const Tensor* inputs[] = {&x, &wild};
  const auto out = evaluate("gather", inputs, {{"axis", std::int64_t{0}}});
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(numbers((*out)[0]), (std::vector<double>{0, 0, 0, 2}));
  const Tensor tuples = wild.reshaped({4, 1});
  const Tensor updates = floats({4}, {1, 1, 1, 1});
  const Tensor* scatter[] = {&tuples, &updates};
  const auto sum = evaluate("scatter_nd", scatter, {{"shape", std::vector<std::int64_t>{3}}});
  ASSERT_TRUE(sum.ok());
  EXPECT_EQ(numbers((*sum)[0]), (std::vector<double>{0, 1, 0}));
}

TEST(Evaluate, IntegerCornersDoNotTrap) {
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const Tensor a = Tensor::of<std::int64_t>(DType::int64, {3}, {least, 7, -7});
  const Tensor b = Tensor::of<std::int64_t>(DType::int64, {3}, {-1, 0, 2});
  const Tensor* inputs[] = {&a, &b};
  const auto quotient = evaluate("floordiv", inputs);
  const auto rest = evaluate("mod", inputs);
  ASSERT_TRUE(quotient.ok() && rest.ok());
  EXPECT_EQ((*quotient)[0].element_as_int(0), least);
  EXPECT_EQ((*quotient)[0].element_as_int(1), 0);
  EXPECT_EQ((*quotient)[0].element_as_int(2), -4);
  EXPECT_EQ((*rest)[0].element_as_int(0), 0);
  EXPECT_EQ((*rest)[0].element_as_int(1), 0);
  EXPECT_EQ((*rest)[0].element_as_int(2), 1);
}

}  // namespace
}  // namespace kedge::ops
