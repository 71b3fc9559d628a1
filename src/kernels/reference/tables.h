// The tables of the families, which table.cpp searches.
#pragma once

#include <span>

#include "kernels/reference/block.h"

namespace kedge::kernels::reference {

std::span<const Entry> unary_kernels();
std::span<const Entry> special_kernels();
std::span<const Entry> binary_kernels();
std::span<const Entry> compare_kernels();
std::span<const Entry> select_cast_kernels();
std::span<const Entry> reduce_kernels();
std::span<const Entry> arg_reduce_kernels();
std::span<const Entry> cumulative_kernels();
std::span<const Entry> hash_kernels();
std::span<const Entry> layout_kernels();
std::span<const Entry> gather_kernels();
std::span<const Entry> scatter_kernels();
std::span<const Entry> generate_kernels();
std::span<const Entry> matmul_kernels();
std::span<const Entry> conv_kernels();
std::span<const Entry> depthwise_kernels();
std::span<const Entry> conv_transpose_kernels();
std::span<const Entry> pool_kernels();
std::span<const Entry> softmax_kernels();
std::span<const Entry> resize_kernels();
std::span<const Entry> sort_kernels();
std::span<const Entry> linalg_kernels();
std::span<const Entry> fourier_kernels();
std::span<const Entry> quantize_kernels();

}  // namespace kedge::kernels::reference
