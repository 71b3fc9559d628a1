// The lists of quantized reference kernels, one per file.
#pragma once

#include <span>
#include <string_view>

#include "kernels/kernel_int8.h"

namespace kedge::kernels::int8 {

struct Entry {
  std::string_view op;
  KernelFn fn;
};

std::span<const Entry> window_kernels();       // window.cpp: convolutions, pooling
std::span<const Entry> product_kernels();      // product.cpp: fully connected, matrix products
std::span<const Entry> elementwise_kernels();  // elementwise.cpp
std::span<const Entry> function_kernels();     // functions.cpp: softmax, sigmoid, tanh, gelu …
std::span<const Entry> layout_kernels();       // layout.cpp: pad, resize, means and sums, scatter

}  // namespace kedge::kernels::int8
