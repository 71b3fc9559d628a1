// The table of fast kernels, made from kernels.inc.
#include "kernels/kernels.h"

namespace kedge::kernels {

#define KERNEL(op, set, name) std::unique_ptr<Kernel> make_##name(const MakeCall& call);
#include "kernels/kernels.inc"
#undef KERNEL

std::span<const KernelRow> kernel_rows() {
#define KERNEL(op, set, name) {#op, InstructionSet::set, #name, make_##name},
  static constexpr KernelRow kRows[] = {
#include "kernels/kernels.inc"
  };
#undef KERNEL
  return kRows;
}

}  // namespace kedge::kernels
