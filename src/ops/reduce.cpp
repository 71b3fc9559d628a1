// Reductions over listed axes.
#include <algorithm>

#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

using ir::QuantKind;

Types reduced_type(const InferCall& call, Accept accept) {
  KEDGE_TRY_VOID(check_dtype(call, 0, accept));
  const std::vector<std::int64_t>& axes = call.attrs.integers("axes");
  const Shape& in = shape_of(call, 0);
  KEDGE_TRY_VOID(check_axes(axes, in.size()));
  const bool keepdims = call.attrs.flag("keepdims");
  Shape out;
  for (std::size_t d = 0; d < in.size(); ++d) {
    const bool reduced = std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(d)) != axes.end();
    if (!reduced) out.push_back(in[d]);
    else if (keepdims) out.push_back(1);
  }
  return one(dtype_of(call, 0), std::move(out));
}
Types infer_number(const InferCall& call) { return reduced_type(call, Accept::numbers); }
Types infer_real(const InferCall& call) {
  return reduced_type(call, dtype_of(call, 0) == DType::boolean ? Accept::booleans : Accept::reals);
}
Types infer_bool(const InferCall& call) { return reduced_type(call, Accept::booleans); }

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {{"axes", ir::AttrKind::integers}, {"keepdims", ir::AttrKind::flag, false, "false"}};

#define KEDGE_REDUCE_CARD(constant, op_name, text, infer_fn, quant_kind, tflite_name, onnx_name, type, values)       \
  constexpr std::string_view constant##Examples[] = {                                                                \
      KEDGE_EXAMPLE("const %0 : " type "[2, 2] = " values, "%1 = " op_name "(%0) {axes = [1]} : " type "[2]", "%1"), \
      KEDGE_EXAMPLE("const %0 : " type "[2, 2] = " values,                                                           \
                    "%1 = " op_name "(%0) {axes = [0, 1], keepdims = true} : " type "[1, 1]", "%1")};                \
  }                                                                                                                  \
  constinit const ir::OpDef constant = {.name = op_name,                                                             \
                                        .summary = text,                                                             \
                                        .inputs = kInputs,                                                           \
                                        .attrs = kAttrs,                                                             \
                                        .infer = ir::rule(infer_fn),                                                 \
                                        .quant = QuantKind::quant_kind,                                              \
                                        .tflite = tflite_name,                                                       \
                                        .onnx = onnx_name,                                                           \
                                        .examples = constant##Examples};                                             \
  namespace {

KEDGE_REDUCE_CARD(kReduceSum, "reduce_sum", "Sum.", infer_number, arithmetic, "SUM", "ReduceSum", "float32",
                  "{1.0, 2.0, 3.0, 4.0}")
KEDGE_REDUCE_CARD(kReduceMean, "reduce_mean", "Mean; of integers rounded towards zero.", infer_number, arithmetic,
                  "MEAN", "ReduceMean", "float32", "{1.0, 2.0, 3.0, 4.0}")
KEDGE_REDUCE_CARD(kReduceMax, "reduce_max", "Greatest element; a NaN wins.", infer_real, transparent, "REDUCE_MAX",
                  "ReduceMax", "float32", "{1.0, 2.0, 3.0, 4.0}")
KEDGE_REDUCE_CARD(kReduceMin, "reduce_min", "Least element; a NaN wins.", infer_real, transparent, "REDUCE_MIN",
                  "ReduceMin", "float32", "{1.0, 2.0, 3.0, 4.0}")
KEDGE_REDUCE_CARD(kReduceProd, "reduce_prod", "Product.", infer_number, none, "REDUCE_PROD", "ReduceProd", "float32",
                  "{1.0, 2.0, 3.0, 4.0}")
KEDGE_REDUCE_CARD(kReduceAny, "reduce_any", "Whether one is true.", infer_bool, none, "REDUCE_ANY", "", "bool",
                  "{true, false, false, false}")
KEDGE_REDUCE_CARD(kReduceAll, "reduce_all", "Whether all are true.", infer_bool, none, "REDUCE_ALL", "", "bool",
                  "{true, true, true, false}")

#undef KEDGE_REDUCE_CARD

}  // namespace

}  // namespace kedge::ops
