// int8 elementwise ops: pairs by vectors, functions of one value by a table of 256, and the ways in and out of int8.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/fast/geometry.h"
#include "kernels/fast/makers.h"
#include "kernels/kernel_int8.h"
#include "kernels/reference_int8/fixed_point.h"

namespace kedge::kernels::fast {
namespace {

constexpr std::int64_t kChunk = 16384;

template <typename Body>
void in_chunks(const Call& call, std::int64_t total, std::int64_t threads, Body body) {
  run_tasks(call, (total + kChunk - 1) / kChunk, threads, [&](std::int64_t, std::int64_t task) { body(task * kChunk, std::min(kChunk, total - task * kChunk)); });
}

bool are_quantized(const MakeCall& call, std::size_t inputs) {
  if (call.inputs.size() != inputs || call.outputs.size() != 1 || !is_quantized(call.outputs[0], DType::int8)) return false;
  for (const TensorView& view : call.inputs) {
    if (!is_quantized(view, DType::int8)) return false;
  }
  return true;
}

/// add, sub and mul of [outer, period] with an operand of one element, of the same size, or of the trailing dimensions.
class Int8PairKernel final : public Kernel {
 public:
  wide::Int8Pair pair{};
  std::int64_t period = 0;      ///< elements after which the smaller operand repeats
  std::int64_t total = 0, threads = 1;
  bool steps[2] = {true, true}; ///< whether the operand is of full size
  void (*fn)(const wide::Int8Pair&) = nullptr;

  void run(const Call& call) const override {
    if (period == 0) return in_chunks(call, total, threads, [&](std::int64_t start, std::int64_t count) { run_part(call, start, count, start); });
    for (std::int64_t start = 0; start < total; start += period) run_part(call, start, period, 0);
  }

 private:
  void run_part(const Call& call, std::int64_t start, std::int64_t count, std::int64_t small_start) const {
    wide::Int8Pair part = pair;
    part.a = call.inputs[0].as<const std::int8_t>() + (pair.a_step == 0 ? 0 : (steps[0] ? start : small_start));
    part.b = call.inputs[1].as<const std::int8_t>() + (pair.b_step == 0 ? 0 : (steps[1] ? start : small_start));
    part.out = call.outputs[0].as<std::int8_t>() + start;
    part.count = count;
    fn(part);
  }
};

/// The operand's elements when it is of full size (or one element, or trailing dimensions); -1: some other broadcast.
std::int64_t trailing_size(const TensorView& view, const TensorView& out) {
  std::size_t skip = 0;
  while (skip < view.shape.size() && view.shape[skip] == 1) ++skip;
  for (std::size_t d = skip; d < view.shape.size(); ++d) {
    if (view.shape[d] != out.shape[out.shape.size() - view.shape.size() + d]) return -1;
  }
  return view.size();
}

class TableKernel final : public Kernel {
 public:
  explicit TableKernel(std::int64_t threads) : threads_(threads) {}
  std::int8_t table[256];
  void run(const Call& call) const override {
    in_chunks(call, call.outputs[0].size(), threads_, [&](std::int64_t start, std::int64_t count) {
      const auto* in = call.inputs[0].as<const std::uint8_t>() + start;
      auto* out = call.outputs[0].as<std::int8_t>() + start;
      for (std::int64_t i = 0; i < count; ++i) out[i] = table[in[i]];
    });
  }

 private:
  std::int64_t threads_;
};

class QuantizeKernel final : public Kernel {
 public:
  QuantizeKernel(float scale, std::int32_t zero) : scale_(scale), zero_(zero) {}
  void run(const Call& call) const override {
    const auto* in = call.inputs[0].as<const float>();
    auto* out = call.outputs[0].as<std::int8_t>();
    for (std::int64_t i = 0, total = call.outputs[0].size(); i < total; ++i) {
      // Halves away from zero, as std::round: what lies beyond int8 saturates first, and NaN counts as very negative, as the reference has it.
      const float ratio = in[i] / scale_;
      const float bounded = ratio > 512.0F ? 512.0F : (ratio >= -512.0F ? ratio : -512.0F);
      const auto whole = static_cast<std::int32_t>(bounded);
      const float rest = bounded - static_cast<float>(whole);
      const std::int32_t rounded = whole + (rest >= 0.5F ? 1 : 0) - (rest <= -0.5F ? 1 : 0);
      out[i] = static_cast<std::int8_t>(std::clamp(rounded + zero_, -128, 127));
    }
  }

 private:
  float scale_;
  std::int32_t zero_;
};

class DequantizeKernel final : public Kernel {
 public:
  DequantizeKernel(float scale, std::int32_t zero) : scale_(scale), zero_(zero) {}
  void run(const Call& call) const override {
    const auto* in = call.inputs[0].as<const std::int8_t>();
    auto* out = call.outputs[0].as<float>();
    for (std::int64_t i = 0, total = call.outputs[0].size(); i < total; ++i) out[i] = scale_ * static_cast<float>(in[i] - zero_);
  }

 private:
  float scale_;
  std::int32_t zero_;
};

}  // namespace

std::unique_ptr<Kernel> make_pair_int8(const MakeCall& call, const wide::Functions& functions) {
  if (!are_quantized(call, 2) || call.outputs[0].size() == 0) return nullptr;
  const TensorView& a = call.inputs[0];
  const TensorView& b = call.inputs[1];
  const TensorView& y = call.outputs[0];
  auto kernel = std::make_unique<Int8PairKernel>();
  kernel->total = y.size();
  kernel->threads = call.threads;
  const std::int64_t sizes[2] = {trailing_size(a, y), trailing_size(b, y)};
  for (int i = 0; i < 2; ++i) {
    if (sizes[i] < 0) return nullptr;
    kernel->steps[i] = sizes[i] == kernel->total;
    if (!kernel->steps[i] && sizes[i] > 1) kernel->period = sizes[i];
  }
  if (!kernel->steps[0] && !kernel->steps[1]) return nullptr;
  wide::Int8Pair& pair = kernel->pair;
  pair.a_step = sizes[0] == 1 && kernel->total > 1 ? 0 : 1;
  pair.b_step = sizes[1] == 1 && kernel->total > 1 ? 0 : 1;
  pair.a_zero = int8::zero_of(a), pair.b_zero = int8::zero_of(b), pair.zero = int8::zero_of(y);
  int8::Multiplier back;
  if (call.op == "mul") {
    kernel->fn = functions.int8_mul;
    back = int8::make_multiplier(static_cast<double>(int8::scale_of(a) * int8::scale_of(b) / int8::scale_of(y)));
  } else {
    kernel->fn = functions.int8_add;
    pair.sign = call.op == "sub" ? -1 : 1;
    pair.fraction_bits = 20;
    const auto twice = static_cast<double>(2 * std::max(int8::scale_of(a), int8::scale_of(b)));
    const int8::Multiplier left = int8::make_multiplier(static_cast<double>(int8::scale_of(a)) / twice);
    const int8::Multiplier right = int8::make_multiplier(static_cast<double>(int8::scale_of(b)) / twice);
    if (left.shift > 0 || right.shift > 0) return nullptr;
    pair.a_mantissa = left.mantissa, pair.a_right = -left.shift;
    pair.b_mantissa = right.mantissa, pair.b_right = -right.shift;
    back = int8::make_multiplier(twice / static_cast<double>(static_cast<float>(1 << 20) * int8::scale_of(y)));
  }
  pair.mantissa = back.mantissa;
  pair.left = back.shift > 0 ? back.shift : 0;
  pair.right = back.shift > 0 ? 0 : -back.shift;
  return kernel;
}

std::unique_ptr<Kernel> make_table_int8(const MakeCall& call, const wide::Functions&) {
  if (!are_quantized(call, 1)) return nullptr;
  const KernelFn reference = int8_kernel(call.op);
  if (reference == nullptr) return nullptr;
  auto kernel = std::make_unique<TableKernel>(call.threads);
  // The reference itself makes the table, from every value there is.
  std::int8_t values[256];
  for (int i = 0; i < 256; ++i) values[i] = static_cast<std::int8_t>(i);
  const std::int64_t shape[1] = {256};
  const TensorView in{DType::int8, shape, reinterpret_cast<std::byte*>(values), call.inputs[0].quant};
  const TensorView out{DType::int8, shape, reinterpret_cast<std::byte*>(kernel->table), call.outputs[0].quant};
  Call once;
  once.inputs = {&in, 1};
  once.outputs = {&out, 1};
  once.attrs = call.attrs;
  reference(once);
  return kernel;
}

std::unique_ptr<Kernel> make_quantize(const MakeCall& call, const wide::Functions&) {
  if (call.inputs.size() != 1 || call.outputs.size() != 1 || !is_plain(call.inputs[0], DType::float32) || !is_quantized(call.outputs[0], DType::int8)) return nullptr;
  return std::make_unique<QuantizeKernel>(call.outputs[0].quant->scale(), call.outputs[0].quant->zero_point());
}

std::unique_ptr<Kernel> make_dequantize(const MakeCall& call, const wide::Functions&) {
  if (call.inputs.size() != 1 || call.outputs.size() != 1 || !is_quantized(call.inputs[0], DType::int8) || !is_plain(call.outputs[0], DType::float32)) return nullptr;
  return std::make_unique<DequantizeKernel>(call.inputs[0].quant->scale(), call.inputs[0].quant->zero_point());
}

}  // namespace kedge::kernels::fast
