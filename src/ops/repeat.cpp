// Repeating and turning: tile, broadcast_to, reverse.
#include <algorithm>

#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types infer_tile(const InferCall& call) {
  Shape shape = shape_of(call, 0);
  const Shape& multiples = call.attrs.dims("multiples");
  if (multiples.size() != shape.size())
    return attr_fault("`multiples` needs one entry for each dimension of " + text(shape));
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (known_below(multiples[d], 0)) return attr_fault("multiples must not be negative, got " + text(multiples));
    shape[d] = shape[d] * multiples[d];
  }
  return one(dtype_of(call, 0), std::move(shape));
}

Types infer_broadcast_to(const InferCall& call) {
  const Shape& in = shape_of(call, 0);
  const Shape& out = call.attrs.dims("shape");
  const Result<Shape> joint = broadcast(in, out);
  if (!joint.ok() || !std::equal(joint->begin(), joint->end(), out.begin(), out.end(), may_be_equal))
    return shape_fault("cannot broadcast " + text(in) + " to " + text(out));
  return one(dtype_of(call, 0), out);
}

Types infer_reverse(const InferCall& call) {
  KEDGE_TRY_VOID(check_axes(call.attrs.integers("axes"), shape_of(call, 0).size()));
  return one(dtype_of(call, 0), shape_of(call, 0));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kTileAttrs[] = {{"multiples", ir::AttrKind::dims}};
constexpr ir::AttrSpec kBroadcastAttrs[] = {{"shape", ir::AttrKind::dims}};
constexpr ir::AttrSpec kReverseAttrs[] = {{"axes", ir::AttrKind::integers}};
constexpr std::string_view kTileExamples[] = {
    KEDGE_EXAMPLE("const %0 : float32[1, 2] = {1.0, 2.0}", "%1 = tile(%0) {multiples = (2, 2)} : float32[2, 4]", "%1")};
constexpr std::string_view kBroadcastExamples[] = {KEDGE_EXAMPLE(
    "const %0 : float32[2, 1] = {1.0, 2.0}", "%1 = broadcast_to(%0) {shape = (3, 2, 2)} : float32[3, 2, 2]", "%1")};
constexpr std::string_view kReverseExamples[] = {KEDGE_EXAMPLE("const %0 : float32[2, 2] = {1.0, 2.0, 3.0, 4.0}",
                                                               "%1 = reverse(%0) {axes = [1]} : float32[2, 2]", "%1")};

}  // namespace

constinit const ir::OpDef kTile = {.name = "tile",
                                   .summary = "The tensor repeated along each axis.",
                                   .inputs = kInputs,
                                   .attrs = kTileAttrs,
                                   .infer = ir::rule(infer_tile),
                                   .quant = ir::QuantKind::transparent,
                                   .tflite = "TILE",
                                   .onnx = "Tile",
                                   .examples = kTileExamples};
constinit const ir::OpDef kBroadcastTo = {.name = "broadcast_to",
                                          .summary = "The tensor stretched to a shape.",
                                          .inputs = kInputs,
                                          .attrs = kBroadcastAttrs,
                                          .infer = ir::rule(infer_broadcast_to),
                                          .quant = ir::QuantKind::transparent,
                                          .tflite = "BROADCAST_TO",
                                          .onnx = "Expand",
                                          .examples = kBroadcastExamples};
constinit const ir::OpDef kReverse = {.name = "reverse",
                                      .summary = "The elements in reverse order along axes.",
                                      .inputs = kInputs,
                                      .attrs = kReverseAttrs,
                                      .infer = ir::rule(infer_reverse),
                                      .quant = ir::QuantKind::transparent,
                                      .tflite = "REVERSE_V2",
                                      .onnx = "",
                                      .examples = kReverseExamples};

}  // namespace kedge::ops
