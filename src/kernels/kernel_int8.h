// The reference kernels of quantized ops: exact to the 8-bit quantization specification as LiteRT's reference kernels
// do it.
#pragma once

#include "kernels/kernel.h"

namespace kedge::kernels {

/// Whether `op` means the same on the integers that are stored as on the reals they stand for: it moves, selects,
/// orders or converts values, and its operands share one quantization.
bool works_on_stored_integers(std::string_view op);

/// The kernel of `op` on quantized views: its own, or the general one of an op that works on the stored integers.
/// nullptr when it has none.
KernelFn int8_kernel(std::string_view op);

}  // namespace kedge::kernels
