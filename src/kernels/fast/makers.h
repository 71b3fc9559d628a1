// The makers, each for the functions of one instruction set; rows.cpp gives kernels.inc its names for them.
#pragma once

#include "kernels/kernels.h"
#include "kernels/wide/functions.h"

namespace kedge::kernels::fast {

using Maker = std::unique_ptr<Kernel> (*)(const MakeCall&, const wide::Functions&);

std::unique_ptr<Kernel> make_product_f32(
    const MakeCall& call, const wide::Functions& functions);  // conv2d, fully_connected, matmul with constant weights
std::unique_ptr<Kernel> make_matmul_f32(const MakeCall& call,
                                        const wide::Functions& functions);  // matmul of two computed matrices
std::unique_ptr<Kernel> make_depthwise_f32(const MakeCall& call, const wide::Functions& functions);
std::unique_ptr<Kernel> make_pool_f32(const MakeCall& call, const wide::Functions& functions);
std::unique_ptr<Kernel> make_softmax_f32(const MakeCall& call, const wide::Functions& functions);  // last axis
std::unique_ptr<Kernel> make_mean_f32(const MakeCall& call,
                                      const wide::Functions& functions);  // over neighbouring axes
std::unique_ptr<Kernel> make_elementwise_f32(const MakeCall& call, const wide::Functions& functions);
std::unique_ptr<Kernel> make_product_int8(const MakeCall& call,
                                          const wide::Functions& functions);  // conv2d, fully_connected
std::unique_ptr<Kernel> make_depthwise_int8(const MakeCall& call, const wide::Functions& functions);
std::unique_ptr<Kernel> make_pair_int8(const MakeCall& call, const wide::Functions& functions);  // add, sub, mul
std::unique_ptr<Kernel> make_table_int8(const MakeCall& call,
                                        const wide::Functions& functions);  // any function of one int8
std::unique_ptr<Kernel> make_pool_int8(const MakeCall& call, const wide::Functions& functions);
std::unique_ptr<Kernel> make_mean_int8(const MakeCall& call, const wide::Functions& functions);
std::unique_ptr<Kernel> make_quantize(const MakeCall& call, const wide::Functions& functions);
std::unique_ptr<Kernel> make_dequantize(const MakeCall& call, const wide::Functions& functions);

}  // namespace kedge::kernels::fast
