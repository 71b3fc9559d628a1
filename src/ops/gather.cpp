// Reading by index. Indices are not negative; the reference kernel reads zero for one outside the tensor.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Result<void> check_batches(const InferCall& call, std::int64_t batch_dims) {
  const Shape& x = shape_of(call, 0);
  const Shape& indices = shape_of(call, 1);
  if (!is_integer(dtype_of(call, 1)))
    return dtype_fault("the indices must be integers, got " + std::string(dtype_name(dtype_of(call, 1))));
  const auto least = static_cast<std::int64_t>(std::min(x.size(), indices.size()));
  if (batch_dims < 0 || batch_dims > least)
    return attr_fault("`batch_dims` " + std::to_string(batch_dims) + " is more than the dimensions there are");
  for (std::size_t d = 0; d < static_cast<std::size_t>(batch_dims); ++d) {
    if (!may_be_equal(x[d], indices[d]))
      return shape_fault("batch dimensions differ: " + text(x) + " and " + text(indices));
  }
  return {};
}

Types infer_gather(const InferCall& call) {
  const Shape& x = shape_of(call, 0);
  const Shape& indices = shape_of(call, 1);
  const std::int64_t batch_dims = call.attrs.integer("batch_dims");
  KEDGE_TRY_VOID(check_batches(call, batch_dims));
  KEDGE_TRY(const std::int64_t axis, checked_axis(call.attrs.integer("axis"), x.size()));
  if (axis < batch_dims) return attr_fault("`axis` lies among the batch dimensions");
  Shape out(x.begin(), x.begin() + axis);
  out.insert(out.end(), indices.begin() + batch_dims, indices.end());
  out.insert(out.end(), x.begin() + axis + 1, x.end());
  return one(dtype_of(call, 0), std::move(out));
}

Types infer_gather_nd(const InferCall& call) {
  const Shape& x = shape_of(call, 0);
  const Shape& indices = shape_of(call, 1);
  const std::int64_t batch_dims = call.attrs.integer("batch_dims");
  KEDGE_TRY_VOID(check_batches(call, batch_dims));
  if (indices.empty() || static_cast<std::int64_t>(indices.size()) <= batch_dims)
    return shape_fault("the indices need a dimension for the index tuples, got " + text(indices));
  const Dim& depth = indices.back();
  if (!depth.known()) return shape_fault("the length of the index tuples must be known, got " + text(indices));
  if (depth.value() < 0 || batch_dims + depth.value() > static_cast<std::int64_t>(x.size()))
    return shape_fault("index tuples of " + depth.to_string() + " are too long for " + text(x));
  Shape out(indices.begin(), indices.end() - 1);
  out.insert(out.end(), x.begin() + batch_dims + depth.value(), x.end());
  return one(dtype_of(call, 0), std::move(out));
}

constexpr ir::InputSpec kInputs[] = {{"x"}, {"indices"}};
constexpr ir::AttrSpec kGatherAttrs[] = {{"axis", ir::AttrKind::integer},
                                         {"batch_dims", ir::AttrKind::integer, false, "0"}};
constexpr ir::AttrSpec kGatherNdAttrs[] = {{"batch_dims", ir::AttrKind::integer, false, "0"}};
constexpr std::string_view kGatherExamples[] = {
    KEDGE_EXAMPLE("const %0 : float32[3, 2] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}\n  const %1 : int32[2] = {2, 0}",
                  "%2 = gather(%0, %1) {axis = 0} : float32[2, 2]", "%2"),
    KEDGE_EXAMPLE("const %0 : float32[2, 3] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}\n  const %1 : int32[2, 1] = {2, 0}",
                  "%2 = gather(%0, %1) {axis = 1, batch_dims = 1} : float32[2, 1]", "%2"),
};
constexpr std::string_view kGatherNdExamples[] = {
    KEDGE_EXAMPLE("const %0 : float32[3, 2] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}\n  const %1 : int32[2, 2] = {2, 0, 0, 1}",
                  "%2 = gather_nd(%0, %1) : float32[2]", "%2")};

}  // namespace

constinit const ir::OpDef kGather = {.name = "gather",
                                     .summary = "Slices along an axis, picked by index.",
                                     .inputs = kInputs,
                                     .attrs = kGatherAttrs,
                                     .infer = ir::rule(infer_gather),
                                     .quant = ir::QuantKind::transparent,
                                     .tflite = "GATHER",
                                     .onnx = "Gather",
                                     .examples = kGatherExamples};
constinit const ir::OpDef kGatherNd = {
    .name = "gather_nd",
    .summary = "Elements or slices picked by index tuples (the last dimension of the indices).",
    .inputs = kInputs,
    .attrs = kGatherNdAttrs,
    .infer = ir::rule(infer_gather_nd),
    .quant = ir::QuantKind::transparent,
    .tflite = "GATHER_ND",
    .onnx = "GatherND",
    .examples = kGatherNdExamples};

}  // namespace kedge::ops
