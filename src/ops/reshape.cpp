// reshape: the same elements in another shape. At most one entry of the shape may be -1: it takes what is left.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer(const InferCall& call) {
  const Shape& in = shape_of(call, 0);
  Shape out = call.attrs.dims("shape");
  const Dim total = element_count(in);
  std::size_t open = out.size();
  Dim rest(1);
  for (std::size_t d = 0; d < out.size(); ++d) {
    if (out[d] == Dim(-1)) {
      if (open != out.size()) return attr_fault("only one dimension of the new shape may be -1, got " + text(out));
      open = d;
      continue;
    }
    if (known_below(out[d], 0)) return attr_fault("a negative dimension in the new shape " + text(out));
    rest = rest * out[d];
  }
  if (open != out.size()) out[open] = rest == Dim(0) ? Dim(0) : Dim::floordiv(total, rest);
  if (!may_be_equal(total, element_count(out))) {
    return shape_fault("cannot reshape " + text(in) + " (" + total.to_string() + " elements) to " +
                       text(call.attrs.dims("shape")));
  }
  return one(dtype_of(call, 0), std::move(out));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {{"shape", ir::AttrKind::dims}};
constexpr std::string_view kExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[batch, 2, 3]\n  %1 = reshape(%0) {shape = (batch, 6)} : "
    "float32[batch, 6]\n  output %1\n}\n",
    KEDGE_EXAMPLE("const %0 : int32[4] = {1, 2, 3, 4}", "%1 = reshape(%0) {shape = (2, 2)} : int32[2, 2]", "%1"),
};

}  // namespace

constinit const ir::OpDef kReshape = {.name = "reshape",
                                      .summary = "The same elements in another shape.",
                                      .inputs = kInputs,
                                      .attrs = kAttrs,
                                      .infer = ir::rule(infer),
                                      .quant = ir::QuantKind::transparent,
                                      .tflite = "RESHAPE",
                                      .onnx = "Reshape",
                                      .examples = kExamples};

}  // namespace kedge::ops
