// softmax and log_softmax.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::floats));
  KEDGE_TRY([[maybe_unused]] const std::int64_t axis,
            checked_axis(call.attrs.integer("axis"), shape_of(call, 0).size()));
  return one(dtype_of(call, 0), shape_of(call, 0));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {{"axis", ir::AttrKind::integer}};
constexpr std::string_view kSoftmaxExamples[] = {KEDGE_EXAMPLE("const %0 : float32[2, 2] = {1.0, 2.0, 300.0, 4.0}",
                                                               "%1 = softmax(%0) {axis = 1} : float32[2, 2]", "%1")};
constexpr std::string_view kLogSoftmaxExamples[] = {KEDGE_EXAMPLE(
    "const %0 : float32[2, 2] = {1.0, 2.0, 300.0, 4.0}", "%1 = log_softmax(%0) {axis = 0} : float32[2, 2]", "%1")};

}  // namespace

constinit const ir::OpDef kSoftmax = {.name = "softmax",
                                      .summary = "exp(x) divided by its sum along an axis.",
                                      .inputs = kInputs,
                                      .attrs = kAttrs,
                                      .infer = ir::rule(infer),
                                      .quant = ir::QuantKind::fixed,
                                      .tflite = "SOFTMAX",
                                      .onnx = "Softmax",
                                      .examples = kSoftmaxExamples};
constinit const ir::OpDef kLogSoftmax = {.name = "log_softmax",
                                         .summary = "Logarithm of the softmax.",
                                         .inputs = kInputs,
                                         .attrs = kAttrs,
                                         .infer = ir::rule(infer),
                                         .quant = ir::QuantKind::fixed,
                                         .tflite = "LOG_SOFTMAX",
                                         .onnx = "LogSoftmax",
                                         .examples = kLogSoftmaxExamples};

}  // namespace kedge::ops
