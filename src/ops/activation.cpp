// Activations: those that kernels fuse, and those with attributes.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

using ir::AttrKind;
using ir::QuantKind;

Types infer_real(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::reals));
  return one(dtype_of(call, 0), shape_of(call, 0));
}
Types infer_float(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::floats));
  return one(dtype_of(call, 0), shape_of(call, 0));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kLeakyReluAttrs[] = {{"alpha", AttrKind::real}};
constexpr ir::AttrSpec kEluAttrs[] = {{"alpha", AttrKind::real, false, "1.0"}};
constexpr ir::AttrSpec kGeluAttrs[] = {{"approximate", AttrKind::flag, false, "false"}};

#define KEDGE_ACTIVATION_EXAMPLE(call) \
  KEDGE_EXAMPLE("const %0 : float32[4] = {-4.0, -0.5, 0.5, 8.0}", "%1 = " call " : float32[4]", "%1")
constexpr std::string_view kReluExamples[] = {KEDGE_ACTIVATION_EXAMPLE("relu(%0)")};
constexpr std::string_view kRelu6Examples[] = {KEDGE_ACTIVATION_EXAMPLE("relu6(%0)")};
constexpr std::string_view kHardSwishExamples[] = {KEDGE_ACTIVATION_EXAMPLE("hard_swish(%0)")};
constexpr std::string_view kLeakyReluExamples[] = {KEDGE_ACTIVATION_EXAMPLE("leaky_relu(%0) {alpha = 0.2}")};
constexpr std::string_view kEluExamples[] = {KEDGE_ACTIVATION_EXAMPLE("elu(%0) {alpha = 0.5}")};
constexpr std::string_view kGeluExamples[] = {KEDGE_ACTIVATION_EXAMPLE("gelu(%0)"),
                                              KEDGE_ACTIVATION_EXAMPLE("gelu(%0) {approximate = true}")};

}  // namespace

constinit const ir::OpDef kRelu = {.name = "relu",
                                   .summary = "max(x, 0).",
                                   .inputs = kInputs,
                                   .attrs = {},
                                   .infer = ir::rule(infer_real),
                                   .elementwise = true,
                                   .quant = QuantKind::transparent,
                                   .tflite = "RELU",
                                   .onnx = "Relu",
                                   .examples = kReluExamples};
constinit const ir::OpDef kRelu6 = {.name = "relu6",
                                    .summary = "x clamped to [0, 6].",
                                    .inputs = kInputs,
                                    .attrs = {},
                                    .infer = ir::rule(infer_real),
                                    .elementwise = true,
                                    .quant = QuantKind::transparent,
                                    .tflite = "RELU6",
                                    .onnx = "Clip",
                                    .examples = kRelu6Examples};
constinit const ir::OpDef kHardSwish = {.name = "hard_swish",
                                        .summary = "x * relu6(x + 3) / 6.",
                                        .inputs = kInputs,
                                        .attrs = {},
                                        .infer = ir::rule(infer_float),
                                        .elementwise = true,
                                        .quant = QuantKind::arithmetic,
                                        .tflite = "HARD_SWISH",
                                        .onnx = "HardSwish",
                                        .examples = kHardSwishExamples};
constinit const ir::OpDef kLeakyRelu = {.name = "leaky_relu",
                                        .summary = "x where it is positive, alpha * x elsewhere.",
                                        .inputs = kInputs,
                                        .attrs = kLeakyReluAttrs,
                                        .infer = ir::rule(infer_float),
                                        .elementwise = true,
                                        .quant = QuantKind::arithmetic,
                                        .tflite = "LEAKY_RELU",
                                        .onnx = "LeakyRelu",
                                        .examples = kLeakyReluExamples};
constinit const ir::OpDef kElu = {.name = "elu",
                                  .summary = "x where it is positive, alpha * (exp(x) - 1) elsewhere.",
                                  .inputs = kInputs,
                                  .attrs = kEluAttrs,
                                  .infer = ir::rule(infer_float),
                                  .elementwise = true,
                                  .quant = QuantKind::table,
                                  .tflite = "ELU",
                                  .onnx = "Elu",
                                  .examples = kEluExamples};
constinit const ir::OpDef kGelu = {
    .name = "gelu",
    .summary = "x times the normal distribution function of x, or its tanh approximation.",
    .inputs = kInputs,
    .attrs = kGeluAttrs,
    .infer = ir::rule(infer_float),
    .elementwise = true,
    .quant = QuantKind::table,
    .tflite = "GELU",
    .onnx = "Gelu",
    .examples = kGeluExamples};

}  // namespace kedge::ops
