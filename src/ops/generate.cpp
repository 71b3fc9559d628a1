// Tensors out of attributes or indices: iota, one_hot, dims.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer_iota(const InferCall& call) {
  const Shape& shape = call.attrs.dims("shape");
  KEDGE_TRY([[maybe_unused]] const std::int64_t axis, checked_axis(call.attrs.integer("axis"), shape.size()));
  return one(call.attrs.dtype("dtype"), shape);
}

Types infer_one_hot(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::integers));
  Shape shape = shape_of(call, 0);
  KEDGE_TRY(const std::int64_t axis, checked_axis(call.attrs.integer("axis"), shape.size() + 1));
  const std::int64_t depth = call.attrs.integer("depth");
  if (depth < 0) return attr_fault("`depth` must not be negative");
  shape.insert(shape.begin() + axis, Dim(depth));
  return one(call.attrs.dtype("to"), std::move(shape));
}

Types infer_dims(const InferCall& call) {
  const Shape& values = call.attrs.dims("values");
  if (!is_integer(call.attrs.dtype("to")) && !is_float(call.attrs.dtype("to")))
    return attr_fault("`to` must be a type of numbers");
  if (!call.attrs.flag("scalar")) return one(call.attrs.dtype("to"), {Dim(static_cast<std::int64_t>(values.size()))});
  if (values.size() != 1) return attr_fault("a scalar has one value, got " + text(values));
  return one(call.attrs.dtype("to"), {});
}

constexpr ir::InputSpec kOneHotInputs[] = {{"indices"}};
constexpr ir::AttrSpec kIotaAttrs[] = {
    {"shape", ir::AttrKind::dims}, {"axis", ir::AttrKind::integer}, {"dtype", ir::AttrKind::dtype}};
constexpr ir::AttrSpec kOneHotAttrs[] = {
    {"depth", ir::AttrKind::integer}, {"axis", ir::AttrKind::integer, false, "-1"}, {"to", ir::AttrKind::dtype}};
constexpr ir::AttrSpec kDimsAttrs[] = {{"values", ir::AttrKind::dims},
                                       {"to", ir::AttrKind::dtype, false, "int32"},
                                       {"scalar", ir::AttrKind::flag, false, "false"}};
constexpr std::string_view kIotaExamples[] = {
    "graph \"example\" {\n  %0 = iota() {shape = (2, 3), axis = 1, dtype = int32} : int32[2, 3]\n  output %0\n}\n"};
constexpr std::string_view kOneHotExamples[] = {
    KEDGE_EXAMPLE("const %0 : int32[2] = {1, 5}", "%1 = one_hot(%0) {depth = 3, to = float32} : float32[2, 3]", "%1")};
constexpr std::string_view kDimsExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[batch, 4]\n  %1 = dims() {values = (batch, 4)} : int32[2]\n  "
    "output %1\n}\n"};

}  // namespace

constinit const ir::OpDef kIota = {.name = "iota",
                                   .summary = "The index along an axis.",
                                   .inputs = {},
                                   .attrs = kIotaAttrs,
                                   .infer = ir::rule(infer_iota),
                                   .quant = ir::QuantKind::none,
                                   .tflite = "",
                                   .onnx = "Range",
                                   .examples = kIotaExamples};
constinit const ir::OpDef kOneHot = {.name = "one_hot",
                                     .summary = "1 at the index, 0 elsewhere; an index outside gives zeros.",
                                     .inputs = kOneHotInputs,
                                     .attrs = kOneHotAttrs,
                                     .infer = ir::rule(infer_one_hot),
                                     .quant = ir::QuantKind::none,
                                     .tflite = "ONE_HOT",
                                     .onnx = "OneHot",
                                     .examples = kOneHotExamples};
constinit const ir::OpDef kDims = {.name = "dims",
                                   .summary = "A shape as a tensor; a constant once its symbols are known.",
                                   .inputs = {},
                                   .attrs = kDimsAttrs,
                                   .infer = ir::rule(infer_dims),
                                   .quant = ir::QuantKind::none,
                                   .tflite = "",
                                   .onnx = "Shape",
                                   .examples = kDimsExamples};

}  // namespace kedge::ops
