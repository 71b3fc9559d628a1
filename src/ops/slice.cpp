// slice: every stride-th element of a box. Bounds are normalised: begin and end count from the front; a negative stride
// runs down to (not including) end, where -1 stands for "before the first".
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Error outside(const Dim& begin, const Dim& end, const Dim& size) {
  return shape_fault("the slice " + begin.to_string() + ":" + end.to_string() + " leaves a dimension of size " +
                     size.to_string());
}

Types infer(const InferCall& call) {
  const Shape& in = shape_of(call, 0);
  const Shape& begin = call.attrs.dims("begin");
  const Shape& end = call.attrs.dims("end");
  const std::vector<std::int64_t>& strides = call.attrs.integers("strides");
  if (begin.size() != in.size() || end.size() != in.size() || strides.size() != in.size()) {
    return attr_fault("`begin`, `end` and `strides` need one entry for each dimension of " + text(in));
  }
  Shape out;
  for (std::size_t d = 0; d < in.size(); ++d) {
    const std::int64_t step = strides[d];
    if (step == 0) return attr_fault("a stride of zero");
    const Dim span = step > 0 ? end[d] - begin[d] : begin[d] - end[d];
    const std::int64_t stride = step > 0 ? step : -step;
    Dim size = Dim::floordiv(span + Dim(stride - 1), stride);
    if (known_below(size, 0)) size = 0;
    if (!(size == Dim(0))) {
      if (known_below(begin[d], 0) || known_below(in[d] - begin[d], 1)) return outside(begin[d], end[d], in[d]);
      if (step > 0 ? known_below(in[d] - end[d], 0) : known_below(end[d], -1)) return outside(begin[d], end[d], in[d]);
    }
    out.push_back(size);
  }
  return one(dtype_of(call, 0), std::move(out));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {
    {"begin", ir::AttrKind::dims}, {"end", ir::AttrKind::dims}, {"strides", ir::AttrKind::integers}};
constexpr std::string_view kExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[batch, 5]\n  %1 = slice(%0) {begin = (0, 1), end = (batch, 5), "
    "strides = [1, 2]} : float32[batch, 2]\n  output %1\n}\n",
    KEDGE_EXAMPLE("const %0 : int32[4] = {1, 2, 3, 4}",
                  "%1 = slice(%0) {begin = (3), end = (-1), strides = [-1]} : int32[4]", "%1"),
};

}  // namespace

constinit const ir::OpDef kSlice = {.name = "slice",
                                    .summary = "Every stride-th element of a box.",
                                    .inputs = kInputs,
                                    .attrs = kAttrs,
                                    .infer = ir::rule(infer),
                                    .quant = ir::QuantKind::transparent,
                                    .tflite = "STRIDED_SLICE",
                                    .onnx = "Slice",
                                    .examples = kExamples};

}  // namespace kedge::ops
