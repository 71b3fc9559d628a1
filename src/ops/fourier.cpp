// Discrete Fourier transforms, and complex numbers from and to their parts. The transform takes and gives the parts as
// two real tensors: that is how Keras has them, and how a product with constant matrices can take its place.
#include <algorithm>

#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

bool parts_fit(const InferCall& call) {
  const Shape& real = shape_of(call, 0);
  const Shape& imag = shape_of(call, 1);
  return std::equal(real.begin(), real.end(), imag.begin(), imag.end(), may_be_equal);
}

Types infer_dft(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::floats));
  KEDGE_TRY_VOID(check_same_dtype(call));
  KEDGE_TRY([[maybe_unused]] const std::int64_t axis,
            checked_axis(call.attrs.integer("axis"), shape_of(call, 0).size()));
  if (!parts_fit(call)) return shape_fault("the real and imaginary parts differ in shape");
  const Typed part{dtype_of(call, 0), shape_of(call, 0)};
  return std::vector<Typed>{part, part};
}

Types infer_complex(const InferCall& call) {
  KEDGE_TRY_VOID(check_same_dtype(call));
  if (dtype_of(call, 0) != DType::float32 && dtype_of(call, 0) != DType::float64)
    return dtype_fault("the parts of a complex number must be float32 or float64");
  if (!parts_fit(call)) return shape_fault("the real and imaginary parts differ in shape");
  return one(dtype_of(call, 0) == DType::float32 ? DType::complex64 : DType::complex128, shape_of(call, 0));
}

Types infer_part(const InferCall& call) {
  if (!is_complex(dtype_of(call, 0))) return dtype_fault("takes a complex tensor");
  return one(dtype_of(call, 0) == DType::complex64 ? DType::float32 : DType::float64, shape_of(call, 0));
}

constexpr ir::InputSpec kParts[] = {{"real"}, {"imag"}};
constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::AttrSpec kDftAttrs[] = {{"axis", ir::AttrKind::integer}, {"inverse", ir::AttrKind::flag, false, "false"}};
#define KEDGE_PARTS "const %0 : float32[4] = {1.0, 2.0, 3.0, 4.0}\n  const %1 : float32[4] = {0.0, 1.0, 0.0, 1.0}"
constexpr std::string_view kDftExamples[] = {
    KEDGE_EXAMPLE(KEDGE_PARTS, "%2, %3 = dft(%0, %1) {axis = 0} : float32[4], float32[4]", "%2\n  output %3")};
constexpr std::string_view kComplexExamples[] = {
    KEDGE_EXAMPLE(KEDGE_PARTS, "%2 = complex(%0, %1) : complex64[4]", "%2")};
constexpr std::string_view kRealExamples[] = {
    KEDGE_EXAMPLE(KEDGE_PARTS, "%2 = complex(%0, %1) : complex64[4]\n  %3 = real(%2) : float32[4]", "%3")};
constexpr std::string_view kImagExamples[] = {
    KEDGE_EXAMPLE(KEDGE_PARTS, "%2 = complex(%0, %1) : complex64[4]\n  %3 = imag(%2) : float32[4]", "%3")};

}  // namespace

constinit const ir::OpDef kDft = {.name = "dft",
                                  .summary =
                                      "Discrete Fourier transform along an axis, of a real and an imaginary part; the "
                                      "inverse is divided by the length.",
                                  .inputs = kParts,
                                  .outputs = 2,
                                  .attrs = kDftAttrs,
                                  .infer = ir::rule(infer_dft),
                                  .quant = ir::QuantKind::none,
                                  .tflite = "",
                                  .onnx = "",
                                  .examples = kDftExamples};
constinit const ir::OpDef kComplex = {.name = "complex",
                                      .summary = "Complex numbers from real and imaginary parts.",
                                      .inputs = kParts,
                                      .infer = ir::rule(infer_complex),
                                      .quant = ir::QuantKind::none,
                                      .tflite = "",
                                      .onnx = "",
                                      .examples = kComplexExamples};
constinit const ir::OpDef kReal = {.name = "real",
                                   .summary = "Real parts of complex numbers.",
                                   .inputs = kInputs,
                                   .infer = ir::rule(infer_part),
                                   .quant = ir::QuantKind::none,
                                   .tflite = "REAL",
                                   .onnx = "",
                                   .examples = kRealExamples};
constinit const ir::OpDef kImag = {.name = "imag",
                                   .summary = "Imaginary parts of complex numbers.",
                                   .inputs = kInputs,
                                   .infer = ir::rule(infer_part),
                                   .quant = ir::QuantKind::none,
                                   .tflite = "IMAG",
                                   .onnx = "",
                                   .examples = kImagExamples};

}  // namespace kedge::ops
