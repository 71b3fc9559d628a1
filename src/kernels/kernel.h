// What a kernel is: a pure function on views. All checks happen before; a kernel neither fails nor allocates on the
// heap except through its scratch. The table in kernels.h picks one by op, dtype and instruction set.
#pragma once

#include <cstdint>
#include <span>

#include "tensor/attrs.h"
#include "tensor/tensor.h"

namespace kedge::kernels {

/// Runs `count` independent pieces, possibly in parallel; `body(context, index)`.
struct Parallel {
  virtual ~Parallel() = default;
  virtual std::int64_t threads() const = 0;
  virtual void run(std::int64_t count, void (*body)(void* context, std::int64_t index), void* context) = 0;
};

/// One call of an op. `inputs` entries with data == nullptr are absent optional inputs.
struct Call {
  std::span<const TensorView> inputs;
  std::span<const TensorView> outputs;
  const Attrs* attrs = nullptr;
  Parallel* parallel = nullptr;  ///< nullptr: run alone
  std::byte* scratch = nullptr;  ///< as many bytes as the kernel asked for
};

using KernelFn = void (*)(const Call&);

/// The reference kernel of an op, all dtypes it supports; nullptr when the op has none of its own (control flow).
/// Reference kernels are the judges: simple loops, double accumulation where the op's definition leaves the order open.
KernelFn reference_kernel(std::string_view op);

}  // namespace kedge::kernels
