// Between reals and the integers that stand for them. Scales are on the values, not on the node.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

/// The rule speaks of the reals; a quantized output keeps the integer type that the graph gives it.
Types infer_quantize(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::floats));
  return one(DType::int8, shape_of(call, 0));
}
Types infer_dequantize(const InferCall& call) { return one(DType::float32, shape_of(call, 0)); }
Types infer_requantize(const InferCall& call) { return one(input(call, 0).dtype, shape_of(call, 0)); }

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr std::string_view kQuantizeExamples[] = {
    KEDGE_EXAMPLE("const %0 : float32[3] = {-1.0, 0.0, 1.0}", "%1 = quantize(%0) : int8[3] q(0.5, 3)", "%1")};
constexpr std::string_view kDequantizeExamples[] = {
    KEDGE_EXAMPLE("const %0 : int8[3] q(0.5, 3) = {1, 3, 5}", "%1 = dequantize(%0) : float32[3]", "%1")};
constexpr std::string_view kRequantizeExamples[] = {
    KEDGE_EXAMPLE("const %0 : int8[3] q(0.5, 3) = {1, 3, 5}", "%1 = requantize(%0) : int8[3] q(0.25, 0)", "%1")};

}  // namespace

constinit const ir::OpDef kQuantize = {.name = "quantize",
                                       .summary = "Reals as integers of the output's scale.",
                                       .inputs = kInputs,
                                       .attrs = {},
                                       .infer = ir::rule(infer_quantize),
                                       .quant = ir::QuantKind::none,
                                       .tflite = "QUANTIZE",
                                       .onnx = "QuantizeLinear",
                                       .examples = kQuantizeExamples};
constinit const ir::OpDef kDequantize = {.name = "dequantize",
                                         .summary = "The reals that integers stand for.",
                                         .inputs = kInputs,
                                         .attrs = {},
                                         .infer = ir::rule(infer_dequantize),
                                         .quant = ir::QuantKind::none,
                                         .tflite = "DEQUANTIZE",
                                         .onnx = "DequantizeLinear",
                                         .examples = kDequantizeExamples};
constinit const ir::OpDef kRequantize = {.name = "requantize",
                                         .summary = "The same reals in another scale.",
                                         .inputs = kInputs,
                                         .attrs = {},
                                         .infer = ir::rule(infer_requantize),
                                         .quant = ir::QuantKind::none,
                                         .tflite = "QUANTIZE",
                                         .onnx = "",
                                         .examples = kRequantizeExamples};

}  // namespace kedge::ops
