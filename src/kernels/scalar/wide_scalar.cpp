// The inner loops in plain C++ with vectors of 16 bytes, which every compiler target can express.
#include <cstddef>
#include <cstdint>

#include "kernels/wide/functions.h"

#define KEDGE_VECTOR_BYTES 16
#define KEDGE_PRODUCT_ROWS 6
#define KEDGE_GROUP 2
#define KEDGE_INTEGER_OPS "kernels/wide/portable.inc"

namespace kedge::kernels::wide {
namespace {
#include "kernels/wide/all.inc"
}  // namespace

const Functions kScalarFunctions = kFunctions;

}  // namespace kedge::kernels::wide
