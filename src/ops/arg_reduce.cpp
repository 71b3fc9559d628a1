// argmax and argmin.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer(const InferCall& call) {
  if (dtype_of(call, 0) != DType::boolean) KEDGE_TRY_VOID(check_dtype(call, 0, Accept::reals));
  Shape shape = shape_of(call, 0);
  KEDGE_TRY(const std::int64_t axis, checked_axis(call.attrs.integer("axis"), shape.size()));
  if (known_below(shape[static_cast<std::size_t>(axis)], 1))
    return shape_fault("there is no greatest or least element along an empty axis: " + text(shape));
  if (!is_integer(call.attrs.dtype("to"))) return attr_fault("`to` must be an integer type");
  if (call.attrs.flag("keepdims")) shape[static_cast<std::size_t>(axis)] = 1;
  else shape.erase(shape.begin() + axis);
  return one(call.attrs.dtype("to"), std::move(shape));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {{"axis", ir::AttrKind::integer},
                                   {"keepdims", ir::AttrKind::flag, false, "false"},
                                   {"to", ir::AttrKind::dtype, false, "int64"}};
constexpr std::string_view kMaxExamples[] = {KEDGE_EXAMPLE("const %0 : float32[2, 3] = {1.0, 5.0, 5.0, 4.0, 2.0, 0.0}",
                                                           "%1 = argmax(%0) {axis = 1} : int64[2]", "%1")};
constexpr std::string_view kMinExamples[] = {KEDGE_EXAMPLE("const %0 : float32[2, 3] = {1.0, 5.0, 5.0, 4.0, 2.0, 0.0}",
                                                           "%1 = argmin(%0) {axis = 0, to = int32} : int32[3]", "%1")};

}  // namespace

constinit const ir::OpDef kArgmax = {.name = "argmax",
                                     .summary = "Index of the greatest element, the first of equals.",
                                     .inputs = kInputs,
                                     .attrs = kAttrs,
                                     .infer = ir::rule(infer),
                                     .quant = ir::QuantKind::none,
                                     .tflite = "ARG_MAX",
                                     .onnx = "ArgMax",
                                     .examples = kMaxExamples};
constinit const ir::OpDef kArgmin = {.name = "argmin",
                                     .summary = "Index of the least element, the first of equals.",
                                     .inputs = kInputs,
                                     .attrs = kAttrs,
                                     .infer = ir::rule(infer),
                                     .quant = ir::QuantKind::none,
                                     .tflite = "ARG_MIN",
                                     .onnx = "ArgMin",
                                     .examples = kMinExamples};

}  // namespace kedge::ops
