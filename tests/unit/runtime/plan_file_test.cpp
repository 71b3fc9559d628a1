// The file form of plans: what is written is read, and what is damaged is refused without harm.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "runtime/executor.h"
#include "runtime/plan.h"

namespace kedge::runtime {
namespace {

/// relu(x) + c, with a body, all kinds of attributes and quantization, so that every part of the format is there.
Plan make_plan() {
  const auto chain = [](const std::string& name) {
    Plan plan;
    plan.name = name;
    PlanTensor x{"x", DType::float32, {4}, {}, false, {}, -1};
    PlanTensor constant{"c", DType::float32, {4}, {}, true, Tensor::of<float>(DType::float32, {4}, {1, 2, 3, 4}), -1};
    plan.tensors = {x, constant, x, x};
    plan.steps.resize(2);
    plan.steps[0].op = "relu", plan.steps[0].inputs = {0}, plan.steps[0].outputs = {2}, plan.steps[0].layer = "first";
    plan.steps[1].op = "add", plan.steps[1].inputs = {2, 1}, plan.steps[1].outputs = {3};
    plan.inputs = {0};
    plan.outputs = {3};
    plan.input_names = {"in"};
    plan.output_names = {"out"};
    plan_memory(plan);
    return plan;
  };
  Plan plan = chain("main");
  plan.tensors[2].quant.scales = {0.5F};
  plan.tensors[2].quant.zero_points = {3};
  plan.steps[0].attrs = {{"a", true},
                         {"b", std::int64_t{5}},
                         {"c", 2.5},
                         {"d", std::string("text")},
                         {"e", DType::int8},
                         {"f", std::vector<std::int64_t>{1, 2}},
                         {"g", std::vector<double>{0.5}},
                         {"h", to_shape({3, 4})}};
  plan.steps[1].bodies.push_back(std::make_unique<Plan>(chain("body")));
  return plan;
}

std::uint64_t checksum(Bytes bytes) {  // the header's, so that damage can be made to pass it
  std::uint64_t hash = 0xCBF29CE484222325U;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    hash = (hash ^ word) * 0x100000001B3U;
    hash ^= hash >> 32;
  }
  for (; i < bytes.size(); ++i) hash = (hash ^ static_cast<std::uint64_t>(bytes[i])) * 0x100000001B3U;
  return hash;
}

TEST(PlanFile, RoundTripIsExact) {
  const std::vector<std::byte> bytes = write_plan(make_plan());
  const Result<Plan> plan = read_plan(bytes, nullptr, Limits{}, "test");
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(write_plan(*plan), bytes);
  EXPECT_EQ(plan->steps[0].attrs, make_plan().steps[0].attrs);
  EXPECT_EQ(plan->steps[1].bodies[0]->name, "body");
}

TEST(PlanFile, TruncationIsRefused) {
  const std::vector<std::byte> bytes = write_plan(make_plan());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(read_plan(part, nullptr, Limits{}, "test").ok()) << size;
  }
}

TEST(PlanFile, DamageIsFoundByTheChecksum) {
  std::vector<std::byte> bytes = write_plan(make_plan());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] ^= std::byte{0x10};
    EXPECT_FALSE(read_plan(bytes, nullptr, Limits{}, "test").ok()) << i;
    bytes[i] ^= std::byte{0x10};
  }
}

TEST(PlanFile, DamageBehindAValidChecksumDoesNoHarm) {
  const std::vector<std::byte> good = write_plan(make_plan());
  std::mt19937 random(1);
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::byte> bytes = good;
    for (int changes = 1 + static_cast<int>(random() % 3); changes > 0; --changes)
      bytes[16 + random() % (bytes.size() - 16)] = static_cast<std::byte>(random() % 4 == 0 ? 0xFF : random());
    const std::uint64_t sum = checksum(Bytes(bytes).subspan(32));
    std::memcpy(bytes.data() + 8, &sum, 8);
    refused += read_plan(bytes, nullptr, Limits{}, "test").ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 5000);
}

}  // namespace
}  // namespace kedge::runtime
