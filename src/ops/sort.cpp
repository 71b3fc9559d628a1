// Sorting along an axis.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

using ir::AttrKind;

Result<void> check_input(const InferCall& call, std::int64_t axis) {
  if (dtype_of(call, 0) != DType::boolean) KEDGE_TRY_VOID(check_dtype(call, 0, Accept::reals));
  KEDGE_TRY([[maybe_unused]] const std::int64_t at, checked_axis(axis, shape_of(call, 0).size()));
  return {};
}

Types infer_sort(const InferCall& call) {
  KEDGE_TRY_VOID(check_input(call, call.attrs.integer("axis")));
  return one(dtype_of(call, 0), shape_of(call, 0));
}

Types infer_argsort(const InferCall& call) {
  KEDGE_TRY_VOID(check_input(call, call.attrs.integer("axis")));
  if (!is_integer(call.attrs.dtype("to"))) return attr_fault("`to` must be an integer type");
  return one(call.attrs.dtype("to"), shape_of(call, 0));
}

Types infer_top_k(const InferCall& call) {
  KEDGE_TRY_VOID(check_input(call, -1));
  Shape shape = shape_of(call, 0);
  const std::int64_t k = call.attrs.integer("k");
  if (k < 0) return attr_fault("`k` must not be negative");
  if (known_below(shape.back(), k))
    return shape_fault("k = " + std::to_string(k) + " is more than the last dimension of " + text(shape));
  shape.back() = k;
  return std::vector<Typed>{{dtype_of(call, 0), shape}, {DType::int32, shape}};
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kTopKAttrs[] = {{"k", AttrKind::integer}, {"sorted", AttrKind::flag, false, "true"}};
constexpr ir::AttrSpec kSortAttrs[] = {{"axis", AttrKind::integer}, {"descending", AttrKind::flag, false, "false"}};
constexpr ir::AttrSpec kArgsortAttrs[] = {{"axis", AttrKind::integer},
                                          {"descending", AttrKind::flag, false, "false"},
                                          {"to", AttrKind::dtype, false, "int32"}};
#define KEDGE_SORT_INPUT "const %0 : float32[4] = {3.0, 1.0, 4.0, 1.0}"
constexpr std::string_view kTopKExamples[] = {
    KEDGE_EXAMPLE(KEDGE_SORT_INPUT, "%1, %2 = top_k(%0) {k = 2} : float32[2], int32[2]", "%1\n  output %2")};
constexpr std::string_view kSortExamples[] = {
    KEDGE_EXAMPLE(KEDGE_SORT_INPUT, "%1 = sort(%0) {axis = 0} : float32[4]", "%1")};
constexpr std::string_view kArgsortExamples[] = {
    KEDGE_EXAMPLE(KEDGE_SORT_INPUT, "%1 = argsort(%0) {axis = 0, descending = true} : int32[4]", "%1")};

}  // namespace

constinit const ir::OpDef kTopK = {
    .name = "top_k",
    .summary = "The k greatest elements of the last axis, greatest first, and their indices.",
    .inputs = kInputs,
    .outputs = 2,
    .attrs = kTopKAttrs,
    .infer = ir::rule(infer_top_k),
    .quant = ir::QuantKind::transparent,
    .tflite = "TOPK_V2",
    .onnx = "TopK",
    .examples = kTopKExamples};
constinit const ir::OpDef kSort = {.name = "sort",
                                   .summary = "The elements in order along an axis; a NaN counts as the greatest.",
                                   .inputs = kInputs,
                                   .attrs = kSortAttrs,
                                   .infer = ir::rule(infer_sort),
                                   .quant = ir::QuantKind::none,
                                   .tflite = "",
                                   .onnx = "",
                                   .examples = kSortExamples};
constinit const ir::OpDef kArgsort = {.name = "argsort",
                                      .summary = "The order that sorts, equals as they stood.",
                                      .inputs = kInputs,
                                      .attrs = kArgsortAttrs,
                                      .infer = ir::rule(infer_argsort),
                                      .quant = ir::QuantKind::none,
                                      .tflite = "",
                                      .onnx = "",
                                      .examples = kArgsortExamples};

}  // namespace kedge::ops
