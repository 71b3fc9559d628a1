// Moving elements without looking at them.
#pragma once

#include <cstring>

#include "kernels/reference/block.h"
#include "kernels/reference/walk.h"

namespace kedge::kernels::reference {

/// A loop body specialised on the element's size: f(T{}) with T an opaque type of that many bytes.
struct Bytes16 {
  std::uint64_t words[2];
};
template <typename F>
void with_size(DType dtype, F f) {
  switch (dtype_size(dtype)) {
    case 1: return f(std::uint8_t{});
    case 2: return f(std::uint16_t{});
    case 4: return f(std::uint32_t{});
    case 8: return f(std::uint64_t{});
    default: return f(Bytes16{});
  }
}

/// out[i…] = in[base + sum(i_d * strides_d)]; out is dense.
void copy_strided(const TensorView& in, const TensorView& out, std::int64_t base, std::vector<std::int64_t> strides);

/// out[i0, i1, …] = in[maps[0][i0], maps[1][i1], …], or the bytes of `fill` where a map says -1.
void copy_mapped(const TensorView& in, const TensorView& out, const std::vector<std::vector<std::int64_t>>& maps,
                 const std::byte* fill);

}  // namespace kedge::kernels::reference
