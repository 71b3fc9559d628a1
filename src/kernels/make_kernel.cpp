#include <array>

#include "kernels/kernel_int8.h"
#include "kernels/kernels.h"

namespace kedge::kernels {
namespace {

/// The reference kernel in the clothes of a bound one.
class ReferenceKernel final : public Kernel {
 public:
  explicit ReferenceKernel(KernelFn fn) : fn_(fn) {}
  void run(const Call& call) const override { fn_(call); }

 private:
  KernelFn fn_;
};

bool quantized(const MakeCall& call) {
  for (const TensorView& view : call.inputs) {
    if (view.quant != nullptr) return true;
  }
  for (const TensorView& view : call.outputs) {
    if (view.quant != nullptr) return true;
  }
  return false;
}

}  // namespace

Choice make_kernel(const MakeCall& call, InstructionSet set) {
  for (int level = static_cast<int>(set); level >= 0; --level) {
    for (const KernelRow& row : kernel_rows()) {
      if (row.op != call.op || static_cast<int>(row.set) != level) continue;
      if (std::unique_ptr<Kernel> kernel = row.make(call)) return {std::move(kernel), row.name};
    }
  }
  const KernelFn fn = quantized(call) ? int8_kernel(call.op) : reference_kernel(call.op);
  if (fn == nullptr) return {};
  return {std::make_unique<ReferenceKernel>(fn), "reference"};
}

}  // namespace kedge::kernels
