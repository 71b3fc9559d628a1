// Matrix product in plain loops: C = A * B, row-major. Four rows at a time over a strip of columns that stays in the
// first cache.
#pragma once

#include <algorithm>
#include <cstdint>

namespace kedge::kernels::reference {

template <typename T>
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, const T* a, std::int64_t lda, const T* b, std::int64_t ldb,
          T* c, std::int64_t ldc) {
  constexpr std::int64_t kStrip = 512;
  for (std::int64_t column = 0; column < n; column += kStrip) {
    const std::int64_t width = std::min(kStrip, n - column);
    std::int64_t i = 0;
    for (; i + 4 <= m; i += 4) {
      T* __restrict c0 = c + i * ldc + column;
      T* __restrict c1 = c0 + ldc;
      T* __restrict c2 = c1 + ldc;
      T* __restrict c3 = c2 + ldc;
      std::fill(c0, c0 + width, T{});
      std::fill(c1, c1 + width, T{});
      std::fill(c2, c2 + width, T{});
      std::fill(c3, c3 + width, T{});
      for (std::int64_t p = 0; p < k; ++p) {
        const T* __restrict row = b + p * ldb + column;
        const T a0 = a[i * lda + p];
        const T a1 = a[(i + 1) * lda + p];
        const T a2 = a[(i + 2) * lda + p];
        const T a3 = a[(i + 3) * lda + p];
        for (std::int64_t j = 0; j < width; ++j) {
          const T value = row[j];
          c0[j] += a0 * value;
          c1[j] += a1 * value;
          c2[j] += a2 * value;
          c3[j] += a3 * value;
        }
      }
    }
    for (; i < m; ++i) {
      T* __restrict c0 = c + i * ldc + column;
      std::fill(c0, c0 + width, T{});
      for (std::int64_t p = 0; p < k; ++p) {
        const T* __restrict row = b + p * ldb + column;
        const T a0 = a[i * lda + p];
        for (std::int64_t j = 0; j < width; ++j) c0[j] += a0 * row[j];
      }
    }
  }
}

// matmul.cpp compiles these with vectors on.
extern template void gemm<float>(std::int64_t, std::int64_t, std::int64_t, const float*, std::int64_t, const float*,
                                 std::int64_t, float*, std::int64_t);
extern template void gemm<double>(std::int64_t, std::int64_t, std::int64_t, const double*, std::int64_t, const double*,
                                  std::int64_t, double*, std::int64_t);
extern template void gemm<std::uint64_t>(std::int64_t, std::int64_t, std::int64_t, const std::uint64_t*, std::int64_t,
                                         const std::uint64_t*, std::int64_t, std::uint64_t*, std::int64_t);

}  // namespace kedge::kernels::reference
