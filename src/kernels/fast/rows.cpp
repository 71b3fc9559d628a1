// Gives the makers the names that kernels.inc knows them by, one for each instruction set.
#include "kernels/fast/makers.h"

namespace kedge::kernels {

#if defined(__x86_64__)
#define KEDGE_ROWS(name, maker)                                                                                        \
  std::unique_ptr<Kernel> make_##name##_scalar(const MakeCall& call) {                                                 \
    return fast::maker(call, wide::kScalarFunctions);                                                                  \
  }                                                                                                                    \
  std::unique_ptr<Kernel> make_##name##_avx2(const MakeCall& call) { return fast::maker(call, wide::kAvx2Functions); } \
  std::unique_ptr<Kernel> make_##name##_avx512(const MakeCall& call) {                                                 \
    return fast::maker(call, wide::kAvx512Functions);                                                                  \
  }                                                                                                                    \
  std::unique_ptr<Kernel> make_##name##_vnni(const MakeCall& call) { return fast::maker(call, wide::kVnniFunctions); }
#else
#define KEDGE_ROWS(name, maker)                                        \
  std::unique_ptr<Kernel> make_##name##_scalar(const MakeCall& call) { \
    return fast::maker(call, wide::kScalarFunctions);                  \
  }
#endif

KEDGE_ROWS(product_f32, make_product_f32)
KEDGE_ROWS(matmul_f32, make_matmul_f32)
KEDGE_ROWS(depthwise_f32, make_depthwise_f32)
KEDGE_ROWS(pool_f32, make_pool_f32)
KEDGE_ROWS(softmax_f32, make_softmax_f32)
KEDGE_ROWS(mean_f32, make_mean_f32)
KEDGE_ROWS(elementwise_f32, make_elementwise_f32)
KEDGE_ROWS(product_int8, make_product_int8)
KEDGE_ROWS(depthwise_int8, make_depthwise_int8)
KEDGE_ROWS(pair_int8, make_pair_int8)
KEDGE_ROWS(table_int8, make_table_int8)
KEDGE_ROWS(pool_int8, make_pool_int8)
KEDGE_ROWS(mean_int8, make_mean_int8)
KEDGE_ROWS(quantize, make_quantize)
KEDGE_ROWS(dequantize, make_dequantize)
#undef KEDGE_ROWS

}  // namespace kedge::kernels
