// concat: tensors one behind the other along an axis.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer(const InferCall& call) {
  if (call.inputs.empty()) return shape_fault("needs at least one tensor");
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    if (!has_input(call, i)) return shape_fault("input " + std::to_string(i) + " is missing");
  }
  KEDGE_TRY_VOID(check_same_dtype(call));
  Shape out = shape_of(call, 0);
  KEDGE_TRY(const std::int64_t axis, checked_axis(call.attrs.integer("axis"), out.size()));
  for (std::size_t i = 1; i < call.inputs.size(); ++i) {
    const Shape& next = shape_of(call, i);
    bool fits = next.size() == out.size();
    for (std::size_t d = 0; fits && d < out.size(); ++d) {
      if (static_cast<std::int64_t>(d) == axis) continue;
      fits = may_be_equal(next[d], out[d]);
      if (next[d].known()) out[d] = next[d];
    }
    if (!fits)
      return shape_fault("shapes differ outside axis " + std::to_string(axis) + ": " + text(shape_of(call, 0)) +
                         " and " + text(next));
    out[static_cast<std::size_t>(axis)] = out[static_cast<std::size_t>(axis)] + next[static_cast<std::size_t>(axis)];
  }
  return one(dtype_of(call, 0), std::move(out));
}

constexpr ir::InputSpec kInputs[] = {{.name = "x", .variadic = true}};
constexpr ir::AttrSpec kAttrs[] = {{"axis", ir::AttrKind::integer}};
constexpr std::string_view kExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[batch, 2]\n  input %1 \"y\" : float32[batch, 3]\n  %2 = "
    "concat(%0, %1) {axis = 1} : float32[batch, 5]\n  output %2\n}\n"};

}  // namespace

constinit const ir::OpDef kConcat = {.name = "concat",
                                     .summary = "Tensors one behind the other along an axis.",
                                     .inputs = kInputs,
                                     .attrs = kAttrs,
                                     .infer = ir::rule(infer),
                                     .quant = ir::QuantKind::transparent,
                                     .tflite = "CONCATENATION",
                                     .onnx = "Concat",
                                     .examples = kExamples};

}  // namespace kedge::ops
