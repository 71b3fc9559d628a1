// Finds a reference kernel by the op's name.
#include "kernels/reference/tables.h"

namespace kedge::kernels {

KernelFn reference_kernel(std::string_view op) {
  using namespace reference;
  using Table = std::span<const Entry> (*)();
  static constexpr Table kTables[] = {
      unary_kernels,      binary_kernels,     compare_kernels, select_cast_kernels,    matmul_kernels,
      conv_kernels,       depthwise_kernels,  pool_kernels,    layout_kernels,         reduce_kernels,
      softmax_kernels,    gather_kernels,     scatter_kernels, generate_kernels,       special_kernels,
      arg_reduce_kernels, cumulative_kernels, hash_kernels,    conv_transpose_kernels, resize_kernels,
      sort_kernels,       quantize_kernels,   linalg_kernels,  fourier_kernels,
  };
  for (const Table table : kTables) {
    for (const Entry& entry : table()) {
      if (entry.op == op) return entry.fn;
    }
  }
  return nullptr;
}

}  // namespace kedge::kernels
