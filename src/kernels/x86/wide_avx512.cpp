// The inner loops for AVX-512 (F, BW, DQ, VL): vectors of 64 bytes, tiles of 8 x 32 sums.
#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "kernels/wide/functions.h"

#define KEDGE_VECTOR_BYTES 64
#define KEDGE_PRODUCT_ROWS 8
#define KEDGE_GROUP 2
#define KEDGE_INTEGER_OPS "kernels/x86/avx512_ops.inc"

namespace kedge::kernels::wide {
namespace {
#include "kernels/wide/all.inc"
}  // namespace

const Functions kAvx512Functions = kFunctions;

}  // namespace kedge::kernels::wide
