// select: one of two tensors, element by element.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer(const InferCall& call) {
  if (dtype_of(call, 0) != DType::boolean)
    return dtype_fault("the condition must be bool, got " + std::string(dtype_name(dtype_of(call, 0))));
  KEDGE_TRY_VOID(check_same_dtype(call, 1));
  KEDGE_TRY(Shape branches, broadcast(shape_of(call, 1), shape_of(call, 2)));
  KEDGE_TRY(Shape shape, broadcast(shape_of(call, 0), branches));
  return one(dtype_of(call, 1), std::move(shape));
}

constexpr ir::InputSpec kInputs[] = {{"condition"}, {"a"}, {"b"}};
constexpr std::string_view kExamples[] = {
    KEDGE_EXAMPLE("const %0 : bool[2, 1] = {true, false}\n  const %1 : float32[2, 2] = {1.0, 2.0, 3.0, 4.0}\n  const "
                  "%2 : float32[] = {0.0}",
                  "%3 = select(%0, %1, %2) : float32[2, 2]", "%3"),
};

}  // namespace

constinit const ir::OpDef kSelect = {.name = "select",
                                     .summary = "a where the condition is true, b elsewhere.",
                                     .inputs = kInputs,
                                     .attrs = {},
                                     .infer = ir::rule(infer),
                                     .elementwise = true,
                                     .quant = ir::QuantKind::arithmetic,
                                     .tflite = "SELECT_V2",
                                     .onnx = "Where",
                                     .examples = kExamples};

}  // namespace kedge::ops
