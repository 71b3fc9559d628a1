// pad: more elements in front of and behind each dimension.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

constexpr std::string_view kModes[] = {"constant", "reflect", "symmetric", "edge"};

Types infer(const InferCall& call) {
  const Shape& in = shape_of(call, 0);
  const Shape& before = call.attrs.dims("before");
  const Shape& after = call.attrs.dims("after");
  KEDGE_TRY_VOID(check_word(call.attrs, "mode", kModes));
  if (before.size() != in.size() || after.size() != in.size())
    return attr_fault("`before` and `after` need one entry for each dimension of " + text(in));
  const std::string& mode = call.attrs.text("mode");
  Shape out;
  for (std::size_t d = 0; d < in.size(); ++d) {
    if (known_below(before[d], 0) || known_below(after[d], 0)) return attr_fault("padding must not be negative");
    const Dim most = mode == "reflect" ? in[d] - Dim(1) : in[d];
    const bool mirrors = mode == "reflect" || mode == "symmetric";
    if (mirrors && (known_below(most - before[d], 0) || known_below(most - after[d], 0))) {
      return shape_fault(mode + " padding of (" + before[d].to_string() + ", " + after[d].to_string() +
                         ") is wider than a dimension of size " + in[d].to_string() + " allows");
    }
    out.push_back(in[d] + before[d] + after[d]);
    const bool padded = !(before[d] == Dim(0) && after[d] == Dim(0));
    if (mode == "edge" && padded && in[d] == Dim(0)) return shape_fault("an empty dimension has no edge to repeat");
  }
  return one(dtype_of(call, 0), std::move(out));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {{"before", ir::AttrKind::dims},
                                   {"after", ir::AttrKind::dims},
                                   {"mode", ir::AttrKind::text, false, "\"constant\""},
                                   {"value", ir::AttrKind::real, false, "0.0"}};
constexpr std::string_view kExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[batch, 3]\n  %1 = pad(%0) {before = (0, 1), after = (0, 2), value "
    "= -1.0} : float32[batch, 6]\n  output %1\n}\n",
    KEDGE_EXAMPLE("const %0 : int32[3] = {1, 2, 3}",
                  "%1 = pad(%0) {before = (2), after = (1), mode = \"reflect\"} : int32[6]", "%1"),
};

}  // namespace

constinit const ir::OpDef kPad = {
    .name = "pad",
    .summary = "More elements in front of and behind each dimension: a constant, or mirrored or repeated ones.",
    .inputs = kInputs,
    .attrs = kAttrs,
    .infer = ir::rule(infer),
    .quant = ir::QuantKind::transparent,
    .tflite = "PAD",
    .onnx = "Pad",
    .examples = kExamples};

}  // namespace kedge::ops
