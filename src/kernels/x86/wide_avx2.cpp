// The inner loops for AVX2 and FMA: vectors of 32 bytes, tiles of 6 x 16 sums.
#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "kernels/wide/functions.h"

#define KEDGE_VECTOR_BYTES 32
#define KEDGE_PRODUCT_ROWS 6
#define KEDGE_GROUP 2
#define KEDGE_INTEGER_OPS "kernels/x86/avx2_ops.inc"

namespace kedge::kernels::wide {
namespace {
#include "kernels/wide/all.inc"
}  // namespace

const Functions kAvx2Functions = kFunctions;

}  // namespace kedge::kernels::wide
