// Running sums and products.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::reals));
  KEDGE_TRY([[maybe_unused]] const std::int64_t axis,
            checked_axis(call.attrs.integer("axis"), shape_of(call, 0).size()));
  return one(dtype_of(call, 0), shape_of(call, 0));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {{"axis", ir::AttrKind::integer},
                                   {"exclusive", ir::AttrKind::flag, false, "false"},
                                   {"reverse", ir::AttrKind::flag, false, "false"}};
constexpr std::string_view kSumExamples[] = {KEDGE_EXAMPLE(
    "const %0 : float32[4] = {1.0, 2.0, 3.0, 4.0}", "%1 = cumsum(%0) {axis = 0, exclusive = true} : float32[4]", "%1")};
constexpr std::string_view kProdExamples[] = {KEDGE_EXAMPLE(
    "const %0 : float32[4] = {1.0, 2.0, 3.0, 4.0}", "%1 = cumprod(%0) {axis = 0, reverse = true} : float32[4]", "%1")};

}  // namespace

constinit const ir::OpDef kCumsum = {.name = "cumsum",
                                     .summary = "Running sum along an axis.",
                                     .inputs = kInputs,
                                     .attrs = kAttrs,
                                     .infer = ir::rule(infer),
                                     .quant = ir::QuantKind::none,
                                     .tflite = "CUMSUM",
                                     .onnx = "CumSum",
                                     .examples = kSumExamples};
constinit const ir::OpDef kCumprod = {.name = "cumprod",
                                      .summary = "Running product along an axis.",
                                      .inputs = kInputs,
                                      .attrs = kAttrs,
                                      .infer = ir::rule(infer),
                                      .quant = ir::QuantKind::none,
                                      .tflite = "",
                                      .onnx = "",
                                      .examples = kProdExamples};

}  // namespace kedge::ops
