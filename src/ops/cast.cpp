// cast: another element type. Floats are truncated towards zero when they become integers; "not zero" becomes true.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer(const InferCall& call) { return one(call.attrs.dtype("to"), shape_of(call, 0)); }

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {{"to", ir::AttrKind::dtype}};
constexpr std::string_view kExamples[] = {
    KEDGE_EXAMPLE("const %0 : float32[3] = {-1.5, 0.0, 2.7}", "%1 = cast(%0) {to = int32} : int32[3]", "%1"),
    KEDGE_EXAMPLE("const %0 : int32[3] = {-1, 0, 2}", "%1 = cast(%0) {to = bool} : bool[3]", "%1"),
};

}  // namespace

constinit const ir::OpDef kCast = {.name = "cast",
                                   .summary = "The same numbers in another element type.",
                                   .inputs = kInputs,
                                   .attrs = kAttrs,
                                   .infer = ir::rule(infer),
                                   .elementwise = true,
                                   .quant = ir::QuantKind::none,
                                   .tflite = "CAST",
                                   .onnx = "Cast",
                                   .examples = kExamples};

}  // namespace kedge::ops
