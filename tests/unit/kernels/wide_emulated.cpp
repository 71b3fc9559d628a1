#include <cstddef>
#include <cstdint>

#include "kernels/wide/functions.h"

#define KEDGE_VECTOR_BYTES 64
#define KEDGE_PRODUCT_ROWS 8
#define KEDGE_GROUP 4
#define KEDGE_INTEGER_OPS "kernels/wide/portable.inc"

namespace kedge::kernels::wide {
namespace {
#include "kernels/wide/all.inc"
}  // namespace

extern const Functions kEmulatedFunctions;
const Functions kEmulatedFunctions = kFunctions;

}  // namespace kedge::kernels::wide
