// resize: images of another size.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

using ir::AttrKind;

constexpr std::string_view kMethods[] = {"nearest",  "bilinear", "bicubic",  "area",
                                         "lanczos3", "lanczos5", "gaussian", "mitchellcubic"};

Types infer(const InferCall& call) {
  KEDGE_TRY_VOID(check_rank(call, 0, 4));
  KEDGE_TRY_VOID(check_word(call.attrs, "method", kMethods));
  const std::string& method = call.attrs.text("method");
  if (method != "nearest") KEDGE_TRY_VOID(check_dtype(call, 0, Accept::floats));
  const Shape& x = shape_of(call, 0);
  const Shape& size = call.attrs.dims("size");
  if (size.size() != 2) return attr_fault("`size` needs two entries");
  if (known_below(size[0], 1) || known_below(size[1], 1))
    return attr_fault("the new size must be positive, got " + text(size));
  if (known_below(x[1], 1) || known_below(x[2], 1)) return shape_fault("the image is empty: " + text(x));
  return one(dtype_of(call, 0), {x[0], size[0], size[1], x[3]});
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kAttrs[] = {{"method", AttrKind::text},
                                   {"size", AttrKind::dims},
                                   {"align_corners", AttrKind::flag, false, "false"},
                                   {"half_pixel", AttrKind::flag, false, "true"},
                                   {"antialias", AttrKind::flag, false, "false"}};
constexpr std::string_view kExamples[] = {
    "graph \"example\" {\n  input %0 \"x\" : float32[batch, 2, 3, 1]\n  %1 = resize(%0) {method = \"bilinear\", size = "
    "(4, 5)} : float32[batch, 4, 5, 1]\n  output %1\n}\n",
    "graph \"example\" {\n  input %0 \"x\" : float32[1, 2, 3, 1]\n  %1 = resize(%0) {method = \"nearest\", size = (4, "
    "6)} : float32[1, 4, 6, 1]\n  output %1\n}\n",
};

}  // namespace

constinit const ir::OpDef kResize = {
    .name = "resize",
    .summary = "Images [batch, height, width, channels] in another size, as tf.image.resize.",
    .inputs = kInputs,
    .attrs = kAttrs,
    .infer = ir::rule(infer),
    .quant = ir::QuantKind::transparent,
    .tflite = "",
    .onnx = "Resize",
    .examples = kExamples};

}  // namespace kedge::ops
