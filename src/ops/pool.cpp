// Pooling over windows.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

using ir::AttrKind;

template <std::size_t kRank>
Types infer(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::reals));
  KEDGE_TRY_VOID(check_rank(call, 0, kRank));
  const Shape& x = shape_of(call, 0);
  const std::vector<std::int64_t>& window = call.attrs.integers("window");
  if (window.size() != kRank - 2) return attr_fault("`window` needs " + std::to_string(kRank - 2) + " entries");
  const WindowRule rule{std::span(x).subspan(1, kRank - 2), to_shape(window),
                        call.attrs.integers("strides"),     {},
                        call.attrs.text("padding"),         call.attrs.integers("pads")};
  KEDGE_TRY(Shape out, window_output(rule));
  out.insert(out.begin(), x[0]);
  out.push_back(x.back());
  return one(dtype_of(call, 0), std::move(out));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs2d[] = {{"window", AttrKind::integers},
                                     {"strides", AttrKind::integers},
                                     {"padding", AttrKind::text},
                                     {"pads", AttrKind::integers, false, "[0, 0, 0, 0]"}};
constexpr ir::AttrSpec kAttrs3d[] = {{"window", AttrKind::integers},
                                     {"strides", AttrKind::integers},
                                     {"padding", AttrKind::text},
                                     {"pads", AttrKind::integers, false, "[0, 0, 0, 0, 0, 0]"}};

#define KEDGE_POOL_EXAMPLE_2D(op)                                               \
  "graph \"example\" {\n  input %0 \"x\" : float32[batch, 5, 5, 2]\n  %1 = " op \
  "(%0) {window = [2, 2], strides = [2, 2], padding = \"same\"} : float32[batch, 3, 3, 2]\n  output %1\n}\n"
#define KEDGE_POOL_EXAMPLE_3D(op)                                              \
  "graph \"example\" {\n  input %0 \"x\" : float32[1, 4, 4, 4, 2]\n  %1 = " op \
  "(%0) {window = [2, 2, 2], strides = [2, 2, 2], padding = \"valid\"} : float32[1, 2, 2, 2, 2]\n  output %1\n}\n"
constexpr std::string_view kMax2dExamples[] = {KEDGE_POOL_EXAMPLE_2D("max_pool2d")};
constexpr std::string_view kAvg2dExamples[] = {KEDGE_POOL_EXAMPLE_2D("avg_pool2d")};
constexpr std::string_view kMax3dExamples[] = {KEDGE_POOL_EXAMPLE_3D("max_pool3d")};
constexpr std::string_view kAvg3dExamples[] = {KEDGE_POOL_EXAMPLE_3D("avg_pool3d")};

}  // namespace

constinit const ir::OpDef kMaxPool2d = {.name = "max_pool2d",
                                        .summary = "Greatest element of each window.",
                                        .inputs = kInputs,
                                        .attrs = kAttrs2d,
                                        .infer = ir::rule(infer<4>),
                                        .quant = ir::QuantKind::transparent,
                                        .tflite = "MAX_POOL_2D",
                                        .onnx = "MaxPool",
                                        .examples = kMax2dExamples};
constinit const ir::OpDef kAvgPool2d = {.name = "avg_pool2d",
                                        .summary = "Mean of each window; padding does not count.",
                                        .inputs = kInputs,
                                        .attrs = kAttrs2d,
                                        .infer = ir::rule(infer<4>),
                                        .quant = ir::QuantKind::transparent,
                                        .tflite = "AVERAGE_POOL_2D",
                                        .onnx = "AveragePool",
                                        .examples = kAvg2dExamples};
constinit const ir::OpDef kMaxPool3d = {.name = "max_pool3d",
                                        .summary = "Greatest element of each window.",
                                        .inputs = kInputs,
                                        .attrs = kAttrs3d,
                                        .infer = ir::rule(infer<5>),
                                        .quant = ir::QuantKind::transparent,
                                        .tflite = "",
                                        .onnx = "MaxPool",
                                        .examples = kMax3dExamples};
constinit const ir::OpDef kAvgPool3d = {.name = "avg_pool3d",
                                        .summary = "Mean of each window; padding does not count.",
                                        .inputs = kInputs,
                                        .attrs = kAttrs3d,
                                        .infer = ir::rule(infer<5>),
                                        .quant = ir::QuantKind::transparent,
                                        .tflite = "",
                                        .onnx = "AveragePool",
                                        .examples = kAvg3dExamples};

}  // namespace kedge::ops
