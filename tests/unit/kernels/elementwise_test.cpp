// float32: elementwise functions over their whole range, broadcasting, and programs of several steps.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/tile_program.h"
#include "tests/unit/kernels/harness.h"

namespace kedge::kernels::testing {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Random numbers in every order of magnitude, and the special ones.
Tensor awkward_floats(std::mt19937& random, std::int64_t count, float limit) {
  Tensor out = random_floats(random, {count}, -limit, limit);
  float* data = out.mutable_values<float>();
  std::uniform_real_distribution<float> power(-30, 1);
  for (std::int64_t i = 0; i < count / 3; ++i) data[i] *= std::exp(power(random));
  const float special[] = {0.0F,   -0.0F,  kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN(),
                           1.0F,   -1.0F,  0.5F,      1.5F,       2.5F,
                           -0.5F,  87.5F,  88.7F,     -87.0F,     -95.0F,
                           1e-40F, 0.625F, 8388609.0F};
  for (std::size_t i = 0; i < sizeof(special) / sizeof(special[0]) && static_cast<std::int64_t>(i) < count; ++i)
    data[static_cast<std::size_t>(count) - 1 - i] = special[i];
  return out;
}

struct Function {
  const char* op;
  float limit;
  double relative;
  double absolute = 0;
};

TEST(Elementwise, FunctionsOfOne) {
  const Function functions[] = {{"abs", 1e3F, 0},
                                {"neg", 1e3F, 0},
                                {"square", 1e3F, 0},
                                {"floor", 1e3F, 0},
                                {"ceil", 1e3F, 0},
                                {"round", 1e3F, 0},
                                {"sqrt", 1e3F, 0},
                                {"reciprocal", 1e3F, 2e-7},
                                {"rsqrt", 1e3F, 3e-7},
                                {"exp", 90, 2.5e-7, 2e-45},
                                {"log", 1e3F, 3e-7, 1e-8},
                                {"tanh", 12, 3e-7},
                                {"erf", 5, 4e-7},
                                {"sigmoid", 90, 4e-7, 2e-44},
                                {"relu", 9, 0},
                                {"relu6", 9, 0},
                                {"softplus", 40, 4e-7, 1e-44},
                                {"softsign", 9, 2e-7},
                                {"hard_swish", 9, 4e-7},
                                {"is_nan", 9, 0},
                                {"sign", 9, 0},
                                {"sin", 9, 2e-7, 1e-8}};
  std::mt19937 random(1);
  for (const Function& f : functions) {
    Node node{f.op,
              {},
              {awkward_floats(random, 5003, f.limit)},
              {false},
              std::string(f.op) == "is_nan" ? DType::boolean : DType::float32,
              {5003},
              {}};
    EXPECT_GE(check(node, {f.relative == 0, 0, f.relative, f.absolute}), 2) << f.op;
  }
}

TEST(Elementwise, FunctionsWithAttributes) {
  std::mt19937 random(2);
  Node node{"leaky_relu", {{"alpha", 0.3}}, {awkward_floats(random, 1001, 10)}, {false}, DType::float32, {1001}, {}};
  EXPECT_GE(check(node, {false, 0, 2e-7, 0}), 2);
  node.op = "elu";
  node.attrs = {{"alpha", 1.5}};
  EXPECT_GE(check(node, {false, 0, 4e-7, 1e-44}), 2);
  node.op = "gelu";
  node.attrs = {{"approximate", true}};
  EXPECT_GE(check(node, {false, 0, 1e-6, 1e-6}), 2);
  node.attrs = {{"approximate", false}};
  EXPECT_GE(check(node, {false, 0, 3e-6, 1e-40}), 2);
}

TEST(Elementwise, PairsBroadcast) {
  std::mt19937 random(3);
  const StaticShape shapes[][3] = {{{3, 5, 40}, {3, 5, 40}, {3, 5, 40}},
                                   {{3, 5, 40}, {40}, {3, 5, 40}},
                                   {{3, 5, 40}, {}, {3, 5, 40}},
                                   {{3, 1, 40}, {5, 1}, {3, 5, 40}},
                                   {{2, 9, 9, 16}, {2, 1, 1, 16}, {2, 9, 9, 16}},
                                   {{1, 300, 1}, {7, 1, 5}, {7, 300, 5}},
                                   {{2000}, {3, 2000}, {3, 2000}},
                                   {{1, 5, 40}, {3, 5, 40}, {3, 5, 40}},
                                   {{3, 5, 1}, {1, 40}, {3, 5, 40}}};
  for (const char* op : {"add", "sub", "mul", "div", "max", "min", "squared_difference", "pow", "less", "greater_equal",
                         "not_equal", "floordiv", "mod"}) {
    for (const auto& shape : shapes) {
      const bool truth =
          std::string(op) == "less" || std::string(op) == "greater_equal" || std::string(op) == "not_equal";
      Node node{op,
                {},
                {random_floats(random, shape[0], 0.1F, 4), random_floats(random, shape[1], 0.1F, 4)},
                {false, false},
                truth ? DType::boolean : DType::float32,
                shape[2],
                {}};
      EXPECT_GE(check(node, {false, 0, 3e-7, 1e-7}), 2) << op;
    }
  }
}

TEST(Elementwise, Select) {
  std::mt19937 random(4);
  Tensor condition(DType::boolean, {3, 1, 50});
  for (std::int64_t i = 0; i < condition.size(); ++i)
    condition.mutable_values<std::uint8_t>()[i] = static_cast<std::uint8_t>(random() % 2);
  Node node{"select",
            {},
            {condition, random_floats(random, {3, 4, 50}), random_floats(random, {})},
            {false, false, false},
            DType::float32,
            {3, 4, 50},
            {}};
  EXPECT_GE(check(node, {true}), 2);
}

TEST(TileProgram, StepsAndRegisters) {
  // y = (x + b) * sigmoid(x + b) where x > 0, else -x, for b along the last axis.
  std::mt19937 random(5);
  const Tensor x = random_floats(random, {7, 11, 48}, -3, 3);
  const Tensor bias = random_floats(random, {48});
  Tensor zero(DType::float32, {});
  const Attrs none;
  const std::vector<TileStep> steps = {
      {"add", &none, DType::float32, {0, 1}}, {"sigmoid", &none, DType::float32, {3}},
      {"mul", &none, DType::float32, {3, 4}}, {"greater", &none, DType::boolean, {0, 2}},
      {"neg", &none, DType::float32, {0}},    {"select", &none, DType::float32, {6, 5, 7}}};
  const TensorView inputs[] = {x.view(), bias.view(), zero.view()};
  for (int set = 0; set <= static_cast<int>(machine_instruction_set()); ++set) {
    Tensor out(DType::float32, x.shape());
    const TensorView output = out.mutable_view();
    const std::unique_ptr<Kernel> kernel =
        make_tile_program({inputs, steps, output, 1}, static_cast<InstructionSet>(set));
    ASSERT_NE(kernel, nullptr);
    std::vector<float> scratch(static_cast<std::size_t>(kernel->scratch_bytes()) / 4 + 1);
    Call call;
    call.inputs = inputs;
    call.outputs = {&output, 1};
    call.scratch = reinterpret_cast<std::byte*>(scratch.data());
    kernel->run(call);
    for (std::int64_t i = 0; i < out.size(); ++i) {
      const float v = x.values<float>()[static_cast<std::size_t>(i)];
      const float u = v + bias.values<float>()[static_cast<std::size_t>(i % 48)];
      ASSERT_NEAR(out.values<float>()[static_cast<std::size_t>(i)], v > 0 ? u / (1 + std::exp(-u)) : -v, 1e-6) << i;
    }
  }
}

TEST(TileProgram, DeclinesWhatItCannotDo) {
  Tensor x(DType::float32, {4});
  Tensor whole(DType::int32, {4});
  const Attrs none;
  const TensorView floats[] = {x.view()};
  const TensorView ints[] = {whole.view()};
  const std::vector<TileStep> step = {{"add", &none, DType::float32, {0, 0}}};
  EXPECT_EQ(make_tile_program({ints, step, x.view(), 1}, InstructionSet::scalar), nullptr);
  const std::vector<TileStep> unknown = {{"cumsum", &none, DType::float32, {0}}};
  EXPECT_EQ(make_tile_program({floats, unknown, x.view(), 1}, InstructionSet::scalar), nullptr);
  const std::vector<TileStep> later = {{"add", &none, DType::float32, {0, 1}}};
  EXPECT_EQ(make_tile_program({floats, later, x.view(), 1}, InstructionSet::scalar), nullptr);
}

}  // namespace
}  // namespace kedge::kernels::testing
