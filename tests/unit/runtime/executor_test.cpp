// The executor against the reference interpreter, on small graphs written as ir text.
#include "runtime/executor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "backends/plan/lower.h"
#include "ops/interpret.h"
#include "ops/ops.h"
#include "passes/passes.h"

namespace kedge::runtime {
namespace {

Tensor ramp(const StaticShape& shape, float step = 0.37F) {
  Tensor out(DType::float32, shape);
  for (std::int64_t i = 0; i < out.size(); ++i)
    out.mutable_values<float>()[i] = std::sin(step * static_cast<float>(i)) * 2;
  return out;
}

ir::Graph parse(std::string_view text) {
  Result<ir::Graph> graph = ir::parse(text, ops::find_op);
  KEDGE_CHECK(graph.ok(), graph.error().diagnostic().message.c_str());
  return std::move(*graph);
}

void expect_same(std::string_view text, std::vector<Tensor> inputs, std::int64_t threads = 1, bool fuse = false) {
  ir::Graph graph = parse(text);
  const Result<std::vector<Tensor>> expected = ops::interpret(graph, inputs);
  ASSERT_TRUE(expected.ok());
  if (fuse) ASSERT_TRUE(passes::fuse_elementwise(graph).ok());
  Result<Plan> plan = backends::plan::lower(graph);
  ASSERT_TRUE(plan.ok());
  ExecutorOptions options;
  options.threads = threads;
  Result<Executor> executor = Executor::create(std::move(*plan), options);
  ASSERT_TRUE(executor.ok());
  for (int run = 0; run < 3; ++run) {  // the second and third find the arena as the first left it
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      std::memcpy(executor->input(static_cast<std::int64_t>(i)).data, inputs[i].bytes().data(),
                  inputs[i].bytes().size());
    }
    executor->run();
    for (std::size_t i = 0; i < expected->size(); ++i) {
      const Tensor& want = (*expected)[i];
      const TensorView got = executor->output(static_cast<std::int64_t>(i));
      ASSERT_EQ(got.size(), want.size());
      ASSERT_EQ(got.dtype, want.dtype());
      for (std::int64_t e = 0; e < want.size(); ++e) {
        if (want.dtype() == DType::float32)
          ASSERT_NEAR(got.as<float>()[e], want.values<float>()[static_cast<std::size_t>(e)], 1e-5)
              << "run " << run << " output " << i << " element " << e;
      }
      if (want.dtype() != DType::float32) ASSERT_EQ(std::memcmp(got.data, want.bytes().data(), want.bytes().size()), 0);
    }
  }
}

TEST(Executor, ChainWithReshape) {
  expect_same(R"(graph "g" {
  input %0 "x" : float32[2, 6]
  %1 = reshape(%0) {shape = (3, 4)} : float32[3, 4]
  %2 = exp(%1) : float32[3, 4]
  %3 = add(%2, %1) : float32[3, 4]
  output %3
})",
              {ramp({2, 6})});
}

TEST(Executor, FusedGroupWithBroadcasts) {
  const char* text = R"(graph "g" {
  input %0 "x" : float32[3, 50, 40]
  input %1 "bias" : float32[40]
  input %2 "gate" : float32[3, 1, 40]
  %3 = add(%0, %1) : float32[3, 50, 40]
  %4 = sigmoid(%3) : float32[3, 50, 40]
  %5 = mul(%3, %4) : float32[3, 50, 40]
  %6 = mul(%5, %2) : float32[3, 50, 40]
  output %6
})";
  for (const std::int64_t threads : {1, 2, 3})
    expect_same(text, {ramp({3, 50, 40}), ramp({40}), ramp({3, 1, 40})}, threads, true);
}

TEST(Executor, FusedGroupOfOtherTypes) {
  Tensor x(DType::int32, {7});
  for (int i = 0; i < 7; ++i) x.mutable_values<std::int32_t>()[i] = i * 1000003;
  expect_same(R"(graph "g" {
  input %0 "x" : int32[7]
  %1 = mul(%0, %0) : int32[7]
  %2 = add(%1, %0) : int32[7]
  output %2
})",
              {x}, 1, true);
}

TEST(Executor, While) {
  Tensor limit(DType::float32, {});
  *limit.mutable_values<float>() = 100;
  Tensor one(DType::float32, {});
  *one.mutable_values<float>() = 1;
  expect_same(R"(graph "g" {
  input %0 "x" : float32[]
  input %1 "limit" : float32[]
  %2 = while(%0, %1) {carried = 1} : float32[] do graph "condition" {
    input %0 "x" : float32[]
    input %1 "limit" : float32[]
    %2 = less(%0, %1) : bool[]
    output %2
  } do graph "body" {
    input %0 "x" : float32[]
    input %1 "limit" : float32[]
    %2 = add(%0, %0) : float32[]
    output %2
  }
  output %2
})",
              {one, limit}, 2);
}

TEST(Executor, If) {
  for (const std::uint8_t condition : {0, 1}) {
    Tensor test(DType::boolean, {});
    *test.mutable_values<std::uint8_t>() = condition;
    expect_same(R"(graph "g" {
  input %0 "c" : bool[]
  input %1 "x" : float32[5]
  %2 = if(%0, %1) : float32[5] do graph "then" {
    input %0 "x" : float32[5]
    %1 = neg(%0) : float32[5]
    output %1
  } do graph "else" {
    input %0 "x" : float32[5]
    output %0
  }
  output %2
})",
                {test, ramp({5})});
  }
}

TEST(Executor, AnOperationWithoutAKernelNamesItsLayer) {
  Plan plan;
  plan.name = "strange";
  plan.steps.emplace_back();
  plan.steps.back().op = "no_such_operation";
  plan.steps.back().layer = "block/odd";
  const Result<Executor> executor = Executor::create(std::move(plan));
  ASSERT_FALSE(executor.ok());
  EXPECT_EQ(executor.error().diagnostic().code, "K0802");
  EXPECT_EQ(executor.error().diagnostic().primary.location.path, "layer block/odd");
}

TEST(Executor, AnInputMayBeAnOutput) {
  expect_same(R"(graph "g" {
  input %0 "x" : float32[5]
  %1 = neg(%0) : float32[5]
  output %0
  output %1
})",
              {ramp({5})});
}

TEST(Executor, ThreadsShareConvolutions) {
  const char* text = R"(graph "g" {
  input %0 "x" : float32[1, 33, 31, 8]
  input %1 "y" : float32[1, 33, 31, 8]
  %2 = max_pool2d(%0) {window = [2, 2], strides = [1, 1], padding = "same"} : float32[1, 33, 31, 8]
  %3 = add(%2, %1) : float32[1, 33, 31, 8]
  %4 = avg_pool2d(%3) {window = [3, 3], strides = [2, 2], padding = "same"} : float32[1, 17, 16, 8]
  output %4
})";
  for (const std::int64_t threads : {1, 2, 4}) expect_same(text, {ramp({1, 33, 31, 8}), ramp({1, 33, 31, 8})}, threads);
}

}  // namespace
}  // namespace kedge::runtime
