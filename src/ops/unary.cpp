// Elementwise functions of one tensor without attributes.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

using ir::QuantKind;

Types same_type(const InferCall& call, Accept accept) {
  KEDGE_TRY_VOID(check_dtype(call, 0, accept));
  return one(dtype_of(call, 0), shape_of(call, 0));
}
Types infer_float(const InferCall& call) { return same_type(call, Accept::floats); }
Types infer_float_complex(const InferCall& call) { return same_type(call, Accept::floats_complex); }
Types infer_number(const InferCall& call) { return same_type(call, Accept::numbers); }
Types infer_real(const InferCall& call) { return same_type(call, Accept::reals); }
Types infer_logical_not(const InferCall& call) { return same_type(call, Accept::booleans); }
Types infer_bitwise_not(const InferCall& call) { return same_type(call, Accept::integers_bool); }

Types infer_abs(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::numbers));
  DType dtype = dtype_of(call, 0);
  if (dtype == DType::complex64) dtype = DType::float32;
  if (dtype == DType::complex128) dtype = DType::float64;
  return one(dtype, shape_of(call, 0));
}

Types infer_test(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::floats));
  return one(DType::boolean, shape_of(call, 0));
}

constexpr ir::InputSpec kInputs[] = {{"x"}};

#define KEDGE_UNARY_CARD(constant, op_name, text, infer_fn, quant_kind, tflite_name, onnx_name, example) \
  constexpr std::string_view constant##Examples[] = {example};                                           \
  }                                                                                                      \
  constinit const ir::OpDef constant = {.name = op_name,                                                 \
                                        .summary = text,                                                 \
                                        .inputs = kInputs,                                               \
                                        .attrs = {},                                                     \
                                        .infer = ir::rule(infer_fn),                                     \
                                        .elementwise = true,                                             \
                                        .quant = QuantKind::quant_kind,                                  \
                                        .tflite = tflite_name,                                           \
                                        .onnx = onnx_name,                                               \
                                        .examples = constant##Examples};                                 \
  namespace {

KEDGE_UNARY_CARD(kAbs, "abs", "Absolute value; of a complex number its modulus.", infer_abs, table, "ABS", "Abs",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = abs(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kNeg, "neg", "Negation.", infer_number, table, "NEG", "Neg",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = neg(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kSign, "sign", "-1, 0 or 1; a NaN stays.", infer_real, table, "SIGN", "Sign",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = sign(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kFloor, "floor", "Greatest whole number not above.", infer_float, table, "FLOOR", "Floor",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = floor(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kCeil, "ceil", "Least whole number not below.", infer_float, table, "CEIL", "Ceil",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = ceil(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kRound, "round", "Nearest whole number, halves to even.", infer_float, table, "ROUND", "Round",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = round(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kExp, "exp", "e to the power of x.", infer_float_complex, table, "EXP", "Exp",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = exp(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kLog, "log", "Natural logarithm.", infer_float_complex, table, "LOG", "Log",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = log(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kLog1p, "log1p", "log(1 + x), exact near zero.", infer_float, table, "", "",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = log1p(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kExpm1, "expm1", "exp(x) - 1, exact near zero.", infer_float, table, "", "",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = expm1(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kSqrt, "sqrt", "Square root.", infer_float_complex, table, "SQRT", "Sqrt",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = sqrt(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kRsqrt, "rsqrt", "1 / sqrt(x).", infer_float, table, "RSQRT", "",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = rsqrt(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kSquare, "square", "x * x.", infer_number, table, "SQUARE", "",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = square(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kReciprocal, "reciprocal", "1 / x.", infer_float_complex, table, "", "Reciprocal",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}",
                               "%1 = reciprocal(%0) : float32[2, 2]", "%1"))
KEDGE_UNARY_CARD(kSin, "sin", "Sine.", infer_float_complex, table, "SIN", "Sin",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = sin(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kCos, "cos", "Cosine.", infer_float_complex, table, "COS", "Cos",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = cos(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kTan, "tan", "Tangent.", infer_float, table, "", "Tan",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = tan(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kAsin, "asin", "Inverse sine.", infer_float, table, "", "Asin",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = asin(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kAcos, "acos", "Inverse cosine.", infer_float, table, "", "Acos",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = acos(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kAtan, "atan", "Inverse tangent.", infer_float, table, "", "Atan",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = atan(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kSinh, "sinh", "Hyperbolic sine.", infer_float, table, "", "Sinh",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = sinh(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kCosh, "cosh", "Hyperbolic cosine.", infer_float, table, "", "Cosh",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = cosh(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kTanh, "tanh", "Hyperbolic tangent.", infer_float, fixed, "TANH", "Tanh",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = tanh(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kAsinh, "asinh", "Inverse hyperbolic sine.", infer_float, table, "", "Asinh",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = asinh(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kAcosh, "acosh", "Inverse hyperbolic cosine.", infer_float, table, "", "Acosh",
                 KEDGE_EXAMPLE("const %0 : float32[3] = {1.5, 2.0, 8.0}", "%1 = acosh(%0) : float32[3]", "%1"))
KEDGE_UNARY_CARD(kAtanh, "atanh", "Inverse hyperbolic tangent.", infer_float, table, "", "Atanh",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = atanh(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kErf, "erf", "Error function.", infer_float, table, "", "Erf",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = erf(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kErfinv, "erfinv", "Inverse of the error function.", infer_float, table, "", "",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = erfinv(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kLgamma, "lgamma", "Logarithm of the absolute value of the gamma function.", infer_float, table, "",
                 "",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}", "%1 = lgamma(%0) : float32[2, 2]",
                               "%1"))
KEDGE_UNARY_CARD(kSigmoid, "sigmoid", "1 / (1 + exp(-x)).", infer_float, fixed, "LOGISTIC", "Sigmoid",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}",
                               "%1 = sigmoid(%0) : float32[2, 2]", "%1"))
KEDGE_UNARY_CARD(kSoftplus, "softplus", "log(1 + exp(x)).", infer_float, table, "", "Softplus",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}",
                               "%1 = softplus(%0) : float32[2, 2]", "%1"))
KEDGE_UNARY_CARD(kSoftsign, "softsign", "x / (1 + |x|).", infer_float, table, "", "Softsign",
                 KEDGE_EXAMPLE("const %0 : float32[2, 2] = {0.25, 0.5, 0.75, 0.375}",
                               "%1 = softsign(%0) : float32[2, 2]", "%1"))
KEDGE_UNARY_CARD(kIsNan, "is_nan", "Whether x is not a number.", infer_test, none, "", "IsNaN",
                 KEDGE_EXAMPLE("const %0 : float32[3] = {1.5, nan, inf}", "%1 = is_nan(%0) : bool[3]", "%1"))
KEDGE_UNARY_CARD(kIsInf, "is_inf", "Whether x is infinite.", infer_test, none, "", "IsInf",
                 KEDGE_EXAMPLE("const %0 : float32[3] = {1.5, nan, inf}", "%1 = is_inf(%0) : bool[3]", "%1"))
KEDGE_UNARY_CARD(kIsFinite, "is_finite", "Whether x is finite.", infer_test, none, "", "",
                 KEDGE_EXAMPLE("const %0 : float32[3] = {1.5, nan, inf}", "%1 = is_finite(%0) : bool[3]", "%1"))
KEDGE_UNARY_CARD(kLogicalNot, "logical_not", "Logical negation.", infer_logical_not, none, "LOGICAL_NOT", "Not",
                 KEDGE_EXAMPLE("const %0 : bool[2] = {true, false}", "%1 = logical_not(%0) : bool[2]", "%1"))
KEDGE_UNARY_CARD(kBitwiseNot, "bitwise_not", "Every bit turned; of bool the logical negation.", infer_bitwise_not, none,
                 "", "BitwiseNot",
                 KEDGE_EXAMPLE("const %0 : int32[3] = {1, -1, 200}", "%1 = bitwise_not(%0) : int32[3]", "%1"))

#undef KEDGE_UNARY_CARD

}  // namespace

}  // namespace kedge::ops
