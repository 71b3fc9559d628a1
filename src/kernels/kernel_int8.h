// The reference kernels of quantized ops: exact to the 8-bit quantization specification as LiteRT's reference kernels
// do it.
#pragma once

#include "kernels/kernel.h"

namespace kedge::kernels {

/// The kernel of `op` on quantized views, or nullptr when it has none.
KernelFn int8_kernel(std::string_view op);

}  // namespace kedge::kernels
