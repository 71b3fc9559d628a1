// Matrix products.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

using ir::AttrKind;

Types infer_matmul(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::reals));
  KEDGE_TRY_VOID(check_same_dtype(call));
  const Shape& a = shape_of(call, 0);
  const Shape& b = shape_of(call, 1);
  if (a.size() < 2 || b.size() < 2)
    return shape_fault("both tensors need two dimensions or more: " + text(a) + " x " + text(b));
  const bool transpose_a = call.attrs.flag("transpose_a");
  const bool transpose_b = call.attrs.flag("transpose_b");
  const Dim& rows = a[a.size() - (transpose_a ? 1 : 2)];
  const Dim& inner_a = a[a.size() - (transpose_a ? 2 : 1)];
  const Dim& inner_b = b[b.size() - (transpose_b ? 1 : 2)];
  const Dim& columns = b[b.size() - (transpose_b ? 2 : 1)];
  if (!may_be_equal(inner_a, inner_b))
    return shape_fault("inner dimensions differ: " + text(a) + (transpose_a ? "ᵀ" : "") + " x " + text(b) +
                       (transpose_b ? "ᵀ" : ""));
  Result<Shape> out = broadcast({a.begin(), a.end() - 2}, {b.begin(), b.end() - 2});
  if (!out.ok()) return shape_fault("batch dimensions do not broadcast: " + text(a) + " x " + text(b));
  out->push_back(rows);
  out->push_back(columns);
  return one(dtype_of(call, 0), *std::move(out));
}

constexpr std::string_view kActivations[] = {"none", "relu", "relu6"};

Types infer_fully_connected(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::reals));
  KEDGE_TRY_VOID(check_same_dtype(call));
  KEDGE_TRY_VOID(check_rank(call, 1, 2));
  KEDGE_TRY_VOID(check_word(call.attrs, "activation", kActivations));
  Shape out = shape_of(call, 0);
  const Shape& weights = shape_of(call, 1);
  if (out.empty() || !may_be_equal(out.back(), weights[0]))
    return shape_fault("inner dimensions differ: " + text(out) + " x " + text(weights));
  if (has_input(call, 2) && shape_of(call, 2) != Shape{weights[1]}) {
    return shape_fault("the bias " + text(shape_of(call, 2)) + " does not fit " + weights[1].to_string() + " outputs");
  }
  out.back() = weights[1];
  return one(dtype_of(call, 0), std::move(out));
}

constexpr ir::InputSpec kMatmulInputs[] = {{"a"}, {"b"}};
constexpr ir::InputSpec kFullyConnectedInputs[] = {{"x"}, {"weights"}, {.name = "bias", .optional = true}};
constexpr ir::AttrSpec kMatmulAttrs[] = {{"transpose_a", AttrKind::flag, false, "false"},
                                         {"transpose_b", AttrKind::flag, false, "false"}};
constexpr ir::AttrSpec kFullyConnectedAttrs[] = {{"activation", AttrKind::text, false, "\"none\""}};
constexpr std::string_view kMatmulExamples[] = {
    "graph \"example\" {\n  input %0 \"a\" : float32[batch, 2, 3]\n  input %1 \"b\" : float32[3, 2]\n  %2 = matmul(%0, "
    "%1) : float32[batch, 2, 2]\n  output %2\n}\n",
    "graph \"example\" {\n  input %0 \"a\" : float32[3, 2]\n  input %1 \"b\" : float32[4, 3]\n"
    "  %2 = matmul(%0, %1) {transpose_a = true, transpose_b = true} : float32[2, 4]\n  output %2\n}\n",
};
constexpr std::string_view kFullyConnectedExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[batch, 2]\n  const %1 : float32[2, 2] = {1.0, 2.0, 3.0, 4.0}\n  "
    "const %2 : float32[2] = {0.5, 1.0}\n"
    "  %3 = fully_connected(%0, %1, %2) {activation = \"relu\"} : float32[batch, 2]\n  output %3\n}\n",
};

}  // namespace

constinit const ir::OpDef kMatmul = {.name = "matmul",
                                     .summary = "Matrix product over the last two dimensions; the others broadcast.",
                                     .inputs = kMatmulInputs,
                                     .attrs = kMatmulAttrs,
                                     .infer = ir::rule(infer_matmul),
                                     .quant = ir::QuantKind::arithmetic,
                                     .tflite = "BATCH_MATMUL",
                                     .onnx = "MatMul",
                                     .examples = kMatmulExamples};
constinit const ir::OpDef kFullyConnected = {
    .name = "fully_connected",
    .summary = "Product with constant weights [inputs, outputs], bias and activation.",
    .inputs = kFullyConnectedInputs,
    .attrs = kFullyConnectedAttrs,
    .infer = ir::rule(infer_fully_connected),
    .quant = ir::QuantKind::weighted,
    .tflite = "FULLY_CONNECTED",
    .onnx = "Gemm",
    .examples = kFullyConnectedExamples};

}  // namespace kedge::ops
