// The table of quantized reference kernels, and the ops for which the general kernels do.
#include "kernels/kernel_int8.h"

#include <algorithm>
#include <array>

#include "kernels/reference_int8/tables.h"

namespace kedge::kernels {

bool works_on_stored_integers(std::string_view op) {
  static constexpr std::array kOps = std::to_array<std::string_view>(
      {"reshape",    "transpose",  "slice",      "gather",    "gather_nd", "concat",     "tile",    "broadcast_to",
       "reverse",    "select",     "cast",       "top_k",     "argmax",    "argmin",     "one_hot", "reduce_max",
       "reduce_min", "scatter_nd", "equal",      "not_equal", "less",      "less_equal", "greater", "greater_equal",
       "quantize",   "dequantize", "requantize", "if",        "while",     "cumsum"});
  return std::find(kOps.begin(), kOps.end(), op) != kOps.end();
}

KernelFn int8_kernel(std::string_view op) {
  for (const std::span<const int8::Entry> list :
       {int8::window_kernels(), int8::product_kernels(), int8::elementwise_kernels(), int8::function_kernels(),
        int8::layout_kernels()})
    for (const int8::Entry& entry : list)
      if (entry.op == op) return entry.fn;
  return works_on_stored_integers(op) ? reference_kernel(op) : nullptr;
}

}  // namespace kedge::kernels
