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
  run_tasks(call, (total + kChunk - 1) / kChunk, threads,
            [&](std::int64_t, std::int64_t task) { body(task * kChunk, std::min(kChunk, total - task * kChunk)); });
}

bool are_quantized(const MakeCall& call, std::size_t inputs) {
  if (call.inputs.size() != inputs || call.outputs.size() != 1 || !is_quantized(call.outputs[0], DType::int8))
    return false;
  for (const TensorView& view : call.inputs) {
    if (!is_quantized(view, DType::int8)) return false;
  }
  return true;
}

/// add, sub and mul with an operand of one element, of the same size, or of the trailing dimensions.
class Int8PairKernel final : public Kernel {
 public:
  wide::Int8Pair pair{};
  std::int64_t period =
      0;  ///< elements after which the smaller operand repeats; it is laid out several times to make longer runs
  int small = -1;  ///< which operand that is
  std::int64_t total = 0, threads = 1;
  void (*fn)(const wide::Int8Pair&) = nullptr;

  std::int64_t scratch_bytes() const override { return run_length(); }

  void run(const Call& call) const override {
    if (small < 0)
      return in_chunks(call, total, threads,
                       [&](std::int64_t start, std::int64_t count) { run_part(call, start, count, nullptr); });
    auto* repeated = reinterpret_cast<std::int8_t*>(call.scratch);
    const std::int64_t length = std::min(run_length(), total);
    for (std::int64_t at = 0; at < length; at += period)
      std::memcpy(repeated + at, call.inputs[static_cast<std::size_t>(small)].data,
                  static_cast<std::size_t>(std::min(period, length - at)));
    run_tasks(call, (total + length - 1) / length, threads, [&](std::int64_t, std::int64_t task) {
      run_part(call, task * length, std::min(length, total - task * length), repeated);
    });
  }

 private:
  std::int64_t run_length() const { return small < 0 ? 0 : std::max<std::int64_t>(1, 2048 / period) * period; }
  void run_part(const Call& call, std::int64_t start, std::int64_t count, const std::int8_t* repeated) const {
    wide::Int8Pair part = pair;
    part.a = small == 0 ? repeated : call.inputs[0].as<const std::int8_t>() + pair.a_step * start;
    part.b = small == 1 ? repeated : call.inputs[1].as<const std::int8_t>() + pair.b_step * start;
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
  QuantizeKernel(const MakeCall& call, const wide::Functions& functions)
      : functions_(functions),
        scale_(call.outputs[0].quant->scale()),
        zero_(call.outputs[0].quant->zero_point()),
        threads_(call.threads) {}
  void run(const Call& call) const override {
    in_chunks(call, call.outputs[0].size(), threads_, [&](std::int64_t start, std::int64_t count) {
      functions_.quantize(call.inputs[0].as<const float>() + start, call.outputs[0].as<std::int8_t>() + start, count,
                          scale_, zero_);
    });
  }

 private:
  const wide::Functions& functions_;
  float scale_;
  std::int32_t zero_;
  std::int64_t threads_;
};

/// Means and sums over neighbouring axes: [outer, rows, channels]. The division is part of the multiplier, as
/// TensorFlow Lite has it.
class Int8Mean final : public Kernel {
 public:
  std::int64_t outer = 1, rows = 1, channels = 1;
  std::int32_t x_zero = 0, y_zero = 0;
  int8::Multiplier back;
  const wide::Functions* functions = nullptr;

  std::int64_t scratch_bytes() const override { return channels * 4; }
  void run(const Call& call) const override {
    auto* sums = reinterpret_cast<std::int32_t*>(call.scratch);
    for (std::int64_t i = 0; i < outer; ++i) {
      functions->int8_sums(call.inputs[0].as<const std::int8_t>() + i * rows * channels, sums, rows, channels);
      auto* out = call.outputs[0].as<std::int8_t>() + i * channels;
      for (std::int64_t c = 0; c < channels; ++c)
        out[c] = int8::saturate8(int8::multiply(static_cast<std::int32_t>(sums[c] - x_zero * rows), back) + y_zero);
    }
  }
};

class DequantizeKernel final : public Kernel {
 public:
  DequantizeKernel(float scale, std::int32_t zero) : scale_(scale), zero_(zero) {}
  void run(const Call& call) const override {
    const auto* in = call.inputs[0].as<const std::int8_t>();
    auto* out = call.outputs[0].as<float>();
    for (std::int64_t i = 0, total = call.outputs[0].size(); i < total; ++i)
      out[i] = scale_ * static_cast<float>(in[i] - zero_);
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
    if (sizes[i] == kernel->total || sizes[i] == 1) continue;
    kernel->period = sizes[i];
    kernel->small = i;
  }
  if (sizes[0] != kernel->total && sizes[1] != kernel->total) return nullptr;
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

std::unique_ptr<Kernel> make_mean_int8(const MakeCall& call, const wide::Functions& functions) {
  auto kernel = std::make_unique<Int8Mean>();
  if (!are_quantized(call, 1) || call.outputs[0].size() == 0 || call.inputs[0].size() == 0) return nullptr;
  if (!find_neighbouring_axes(call, kernel->outer, kernel->rows, kernel->channels)) return nullptr;
  const TensorView& x = call.inputs[0];
  const TensorView& y = call.outputs[0];
  kernel->functions = &functions;
  kernel->x_zero = int8::zero_of(x);
  kernel->y_zero = int8::zero_of(y);
  kernel->back = int8::make_multiplier(static_cast<double>(int8::scale_of(x)) / static_cast<double>(int8::scale_of(y)));
  if (call.op == "reduce_mean") {
    int shift = 0;
    while ((std::int64_t{2} << shift) <= kernel->rows) ++shift;
    shift = std::min({shift, 32, 31 + kernel->back.shift});
    kernel->back.mantissa = static_cast<std::int32_t>((std::int64_t{kernel->back.mantissa} << shift) / kernel->rows);
    kernel->back.shift -= shift;
  }
  return kernel;
}

std::unique_ptr<Kernel> make_quantize(const MakeCall& call, const wide::Functions& functions) {
  if (call.inputs.size() != 1 || call.outputs.size() != 1 || !is_plain(call.inputs[0], DType::float32) ||
      !is_quantized(call.outputs[0], DType::int8))
    return nullptr;
  return std::make_unique<QuantizeKernel>(call, functions);
}

std::unique_ptr<Kernel> make_dequantize(const MakeCall& call, const wide::Functions&) {
  if (call.inputs.size() != 1 || call.outputs.size() != 1 || !is_quantized(call.inputs[0], DType::int8) ||
      !is_plain(call.outputs[0], DType::float32))
    return nullptr;
  return std::make_unique<DequantizeKernel>(call.inputs[0].quant->scale(), call.inputs[0].quant->zero_point());
}

}  // namespace kedge::kernels::fast
