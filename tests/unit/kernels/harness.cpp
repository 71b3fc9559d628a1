#include "tests/unit/kernels/harness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <thread>

#include "kernels/fast/makers.h"

namespace kedge::kernels::testing {
namespace {

/// A thread for every piece: slow, and the worst case for kernels that share something.
struct Threads final : Parallel {
  std::int64_t count;
  explicit Threads(std::int64_t threads) : count(threads) {}
  std::int64_t threads() const override { return count; }
  void run(std::int64_t pieces, void (*body)(void*, std::int64_t), void* context) override {
    std::vector<std::thread> workers;
    for (std::int64_t i = 0; i < pieces; ++i) workers.emplace_back(body, context, i);
    for (std::thread& worker : workers) worker.join();
  }
};

KernelFn find_reference(const Node& node) {
  bool quantized = node.quant.present();
  for (const Tensor& input : node.inputs) quantized = quantized || input.quant.present();
  const KernelFn fn = quantized ? int8_kernel(node.op) : nullptr;
  return fn != nullptr ? fn : reference_kernel(node.op);
}

/// The node with absolute values: each element of its answer is the sum of the magnitudes that the node's element is
/// made of.
Tensor magnitudes(const Node& node) {
  Node positive = node;
  for (Tensor& input : positive.inputs) {
    if (input.dtype() != DType::float32) continue;
    float* values = input.mutable_values<float>();
    for (std::int64_t i = 0; i < input.size(); ++i) values[i] = std::fabs(values[i]);
  }
  if (positive.attrs.find("activation") != nullptr) positive.attrs.set("activation", std::string("none"));
  return Run(positive).by_reference();
}

fast::Maker emulated_maker(const std::string& row) {
  if (row.starts_with("product_f32")) return fast::make_product_f32;
  if (row.starts_with("matmul_f32")) return fast::make_matmul_f32;
  if (row.starts_with("depthwise_f32")) return fast::make_depthwise_f32;
  if (row.starts_with("pool_f32")) return fast::make_pool_f32;
  if (row.starts_with("softmax_f32")) return fast::make_softmax_f32;
  if (row.starts_with("mean_f32")) return fast::make_mean_f32;
  if (row.starts_with("elementwise_f32")) return fast::make_elementwise_f32;
  if (row.starts_with("product_int8")) return fast::make_product_int8;
  if (row.starts_with("depthwise_int8")) return fast::make_depthwise_int8;
  if (row.starts_with("pair_int8")) return fast::make_pair_int8;
  if (row.starts_with("mean_int8")) return fast::make_mean_int8;
  if (row.starts_with("quantize")) return fast::make_quantize;
  return nullptr;
}

::testing::AssertionResult same(const Tensor& expected, const Tensor& actual, const Tolerance& tolerance,
                                const Tensor& magnitude) {
  for (std::int64_t i = 0; i < expected.size(); ++i) {
    const double want = expected.element_as_double(i);
    const double got = actual.element_as_double(i);
    if (want == got || (std::isnan(want) && std::isnan(got))) continue;
    const double scale = magnitude.size() == expected.size() ? magnitude.element_as_double(i) : 0;
    const double bound =
        tolerance.exact ? 0
                        : tolerance.absolute + tolerance.relative * std::fabs(want) + tolerance.of_magnitude * scale;
    if (!(std::fabs(want - got) <= bound))
      return ::testing::AssertionFailure()
             << "element " << i << ": " << got << ", expected " << want << ", bound " << bound;
  }
  return ::testing::AssertionSuccess();
}

}  // namespace

std::string Node::to_string() const {
  std::string text = op + "(";
  for (const Tensor& input : inputs) text += shape_to_string(to_shape(input.shape())) + " ";
  text += ") -> " + shape_to_string(to_shape(shape));
  for (const auto& [name, value] : attrs.entries()) text += " " + name + "=" + attr_to_string(value);
  return text;
}

Run::Run(const Node& node) : node_(node) {
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    inputs_.push_back(node.inputs[i].view());
    inputs_.back().quant = node.inputs[i].quant.present() ? &node.inputs[i].quant : nullptr;
    hidden_.push_back(inputs_.back());
    constant_[i] = node.constant[i];
    present_[i] = true;
    if (!node.constant[i]) hidden_.back().data = nullptr;
  }
  outputs_.push_back({node.dtype, node.shape, nullptr, node.quant.present() ? &node.quant : nullptr});
}

MakeCall Run::make_call(std::int64_t threads) {
  MakeCall call;
  call.op = node_.op;
  call.inputs = hidden_;
  call.constant = {constant_, node_.inputs.size()};
  call.present = {present_, node_.inputs.size()};
  call.outputs = outputs_;
  call.attrs = &node_.attrs;
  call.threads = threads;
  return call;
}

Tensor Run::by_reference() {
  Tensor out(node_.dtype, node_.shape);
  outputs_[0].data = out.mutable_data();
  Call call;
  call.inputs = inputs_;
  call.outputs = outputs_;
  call.attrs = &node_.attrs;
  find_reference(node_)(call);
  outputs_[0].data = nullptr;
  return out;
}

Tensor Run::by_kernel(const Kernel& kernel, std::int64_t threads) {
  constexpr std::size_t kGuard = 64;
  Tensor out(node_.dtype, node_.shape);
  const auto bytes = static_cast<std::size_t>(out.byte_size());
  std::vector<std::byte> memory(bytes + 2 * kGuard, std::byte{0xCD});
  std::vector<std::byte> scratch(static_cast<std::size_t>(kernel.scratch_bytes()) + 64, std::byte{0xFF});
  Threads pool(threads);
  outputs_[0].data = memory.data() + kGuard;
  Call call;
  call.inputs = inputs_;
  call.outputs = outputs_;
  call.attrs = &node_.attrs;
  call.parallel = threads > 1 ? &pool : nullptr;
  call.scratch = scratch.data() + (64 - reinterpret_cast<std::uintptr_t>(scratch.data()) % 64) % 64;
  kernel.run(call);
  outputs_[0].data = nullptr;
  for (std::size_t i = 0; i < kGuard; ++i)
    EXPECT_TRUE(memory[i] == std::byte{0xCD} && memory[memory.size() - 1 - i] == std::byte{0xCD})
        << "written outside of the output";
  std::memcpy(out.mutable_data(), memory.data() + kGuard, bytes);
  return out;
}

int check(const Node& node, const Tolerance& tolerance) {
  Run run(node);
  const Tensor expected = run.by_reference();
  const Tensor magnitude = tolerance.exact || tolerance.of_magnitude == 0 ? Tensor() : magnitudes(node);
  int accepted = 0;
  for (const KernelRow& row : kernel_rows()) {
    if (row.op != node.op || row.set > machine_instruction_set()) continue;
    for (const std::int64_t threads : {1, 3}) {
      const std::unique_ptr<Kernel> kernel = row.make(run.make_call(threads));
      if (kernel == nullptr) continue;
      ++accepted;
      EXPECT_TRUE(same(expected, run.by_kernel(*kernel, threads), tolerance, magnitude))
          << row.name << " on " << threads << " threads: " << node.to_string();
    }
    const fast::Maker emulated = row.set == InstructionSet::scalar ? emulated_maker(std::string(row.name)) : nullptr;
    const std::unique_ptr<Kernel> kernel =
        emulated == nullptr ? nullptr : emulated(run.make_call(1), wide::kEmulatedFunctions);
    if (kernel == nullptr) continue;
    EXPECT_TRUE(same(expected, run.by_kernel(*kernel, 1), tolerance, magnitude))
        << row.name << " emulated: " << node.to_string();
  }
  return accepted;
}

Tensor random_floats(std::mt19937& random, StaticShape shape, float low, float high) {
  Tensor out(DType::float32, std::move(shape));
  std::uniform_real_distribution<float> value(low, high);
  float* data = out.mutable_values<float>();
  for (std::int64_t i = 0; i < out.size(); ++i) data[i] = value(random);
  return out;
}

Tensor random_bytes(std::mt19937& random, StaticShape shape, float scale, std::int64_t zero) {
  Tensor out(DType::int8, std::move(shape));
  std::uniform_int_distribution<int> value(-128, 127);
  auto* data = out.mutable_values<std::int8_t>();
  for (std::int64_t i = 0; i < out.size(); ++i) data[i] = static_cast<std::int8_t>(value(random));
  out.quant.scales = {scale};
  out.quant.zero_points = {zero};
  return out;
}

}  // namespace kedge::kernels::testing
