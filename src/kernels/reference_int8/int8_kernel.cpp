// The table of quantized reference kernels. Ops that only move values are not in it: their general kernels do.
#include "kernels/kernel_int8.h"

#include "kernels/reference_int8/tables.h"

namespace kedge::kernels {

KernelFn int8_kernel(std::string_view op) {
  for (const std::span<const int8::Entry> list :
       {int8::window_kernels(), int8::product_kernels(), int8::elementwise_kernels(), int8::function_kernels(),
        int8::layout_kernels()})
    for (const int8::Entry& entry : list)
      if (entry.op == op) return entry.fn;
  return nullptr;
}

}  // namespace kedge::kernels
