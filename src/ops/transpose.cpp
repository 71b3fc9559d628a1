// transpose: axes in another order.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer(const InferCall& call) {
  const Shape& in = shape_of(call, 0);
  const std::vector<std::int64_t>& perm = call.attrs.integers("perm");
  std::vector<bool> used(in.size(), false);
  Shape out;
  for (const std::int64_t axis : perm) {
    const bool fits = axis >= 0 && axis < static_cast<std::int64_t>(in.size()) && !used[static_cast<std::size_t>(axis)];
    if (!fits) return attr_fault("`perm` " + attr_to_string(perm) + " is no permutation of the axes of " + text(in));
    used[static_cast<std::size_t>(axis)] = true;
    out.push_back(in[static_cast<std::size_t>(axis)]);
  }
  if (out.size() != in.size())
    return attr_fault("`perm` " + attr_to_string(perm) + " is no permutation of the axes of " + text(in));
  return one(dtype_of(call, 0), std::move(out));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {{"perm", ir::AttrKind::integers}};
constexpr std::string_view kExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[batch, 2, 3]\n  %1 = transpose(%0) {perm = [2, 0, 1]} : "
    "float32[3, batch, 2]\n  output %1\n}\n"};

}  // namespace

constinit const ir::OpDef kTranspose = {.name = "transpose",
                                        .summary = "The axes in another order.",
                                        .inputs = kInputs,
                                        .attrs = kAttrs,
                                        .infer = ir::rule(infer),
                                        .quant = ir::QuantKind::transparent,
                                        .tflite = "TRANSPOSE",
                                        .onnx = "Transpose",
                                        .examples = kExamples};

}  // namespace kedge::ops
