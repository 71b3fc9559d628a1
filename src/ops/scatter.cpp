// Writing by index tuples. Tuples outside the target are dropped.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

/// indices [n…, depth] address slices of `target`; updates are [n…, rest of target].
Result<void> check_updates(const InferCall& call, std::size_t index_input, const Shape& target) {
  const Shape& indices = shape_of(call, index_input);
  const Shape& updates = shape_of(call, index_input + 1);
  if (!is_integer(dtype_of(call, index_input)))
    return dtype_fault("the indices must be integers, got " + std::string(dtype_name(dtype_of(call, index_input))));
  if (indices.empty() || !indices.back().known())
    return shape_fault("the indices need a known last dimension for the index tuples, got " + text(indices));
  const std::int64_t depth = indices.back().value();
  if (depth < 0 || depth > static_cast<std::int64_t>(target.size()))
    return shape_fault("index tuples of " + std::to_string(depth) + " are too long for " + text(target));
  Shape expected(indices.begin(), indices.end() - 1);
  expected.insert(expected.end(), target.begin() + depth, target.end());
  if (expected != updates)
    return shape_fault("the updates have shape " + text(updates) + ", but the indices " + text(indices) + " into " +
                       text(target) + " need " + text(expected));
  return {};
}

Types infer_scatter_nd(const InferCall& call) {
  const Shape& shape = call.attrs.dims("shape");
  for (const Dim& dim : shape) {
    if (known_below(dim, 0)) return attr_fault("a negative dimension in " + text(shape));
  }
  KEDGE_TRY_VOID(check_updates(call, 0, shape));
  return one(dtype_of(call, 1), shape);
}

Types infer_scatter_update(const InferCall& call) {
  KEDGE_TRY_VOID(check_updates(call, 1, shape_of(call, 0)));
  if (dtype_of(call, 0) != dtype_of(call, 2)) {
    return dtype_fault("element types differ: " + std::string(dtype_name(dtype_of(call, 0))) + " and " +
                       std::string(dtype_name(dtype_of(call, 2))));
  }
  return one(dtype_of(call, 0), shape_of(call, 0));
}

constexpr ir::InputSpec kNdInputs[] = {{"indices"}, {"updates"}};
constexpr ir::InputSpec kUpdateInputs[] = {{"x"}, {"indices"}, {"updates"}};
constexpr ir::AttrSpec kNdAttrs[] = {{"shape", ir::AttrKind::dims}};
constexpr std::string_view kNdExamples[] = {
    KEDGE_EXAMPLE("const %0 : int32[3, 1] = {2, 0, 2}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                  "%2 = scatter_nd(%0, %1) {shape = (4)} : float32[4]", "%2")};
constexpr std::string_view kUpdateExamples[] = {KEDGE_EXAMPLE(
    "const %0 : float32[3] = {1.0, 2.0, 3.0}\n  const %1 : int32[1, 1] = {1}\n  const %2 : float32[1] = {9.0}",
    "%3 = scatter_update(%0, %1, %2) : float32[3]", "%3")};

}  // namespace

constinit const ir::OpDef kScatterNd = {.name = "scatter_nd",
                                        .summary = "Updates added into zeros at index tuples.",
                                        .inputs = kNdInputs,
                                        .attrs = kNdAttrs,
                                        .infer = ir::rule(infer_scatter_nd),
                                        .quant = ir::QuantKind::none,
                                        .tflite = "SCATTER_ND",
                                        .onnx = "ScatterND",
                                        .examples = kNdExamples};
constinit const ir::OpDef kScatterUpdate = {
    .name = "scatter_update",
    .summary = "x with elements replaced at index tuples; the last one of equals stays.",
    .inputs = kUpdateInputs,
    .attrs = {},
    .infer = ir::rule(infer_scatter_update),
    .quant = ir::QuantKind::none,
    .tflite = "",
    .onnx = "ScatterND",
    .examples = kUpdateExamples};

}  // namespace kedge::ops
