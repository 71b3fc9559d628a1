// Arithmetic of two tensors of one element type, broadcast as numpy does.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

using ir::QuantKind;

Types broadcast_type(const InferCall& call, Accept accept) {
  KEDGE_TRY_VOID(check_dtype(call, 0, accept));
  KEDGE_TRY_VOID(check_same_dtype(call));
  KEDGE_TRY(Shape shape, broadcast(shape_of(call, 0), shape_of(call, 1)));
  return one(dtype_of(call, 0), std::move(shape));
}
Types infer_float(const InferCall& call) { return broadcast_type(call, Accept::floats); }
Types infer_float_complex(const InferCall& call) { return broadcast_type(call, Accept::floats_complex); }
Types infer_number(const InferCall& call) { return broadcast_type(call, Accept::numbers); }
Types infer_real(const InferCall& call) { return broadcast_type(call, Accept::reals); }
Types infer_real_bool(const InferCall& call) {
  return broadcast_type(call, dtype_of(call, 0) == DType::boolean ? Accept::booleans : Accept::reals);
}
Types infer_integer(const InferCall& call) { return broadcast_type(call, Accept::integers); }
Types infer_integer_bool(const InferCall& call) { return broadcast_type(call, Accept::integers_bool); }

constexpr ir::InputSpec kInputs[] = {{"a"}, {"b"}};

#define KEDGE_BINARY_CARD(constant, op_name, text, infer_fn, quant_kind, tflite_name, onnx_name, example) \
  constexpr std::string_view constant##Examples[] = {example};                                            \
  }                                                                                                       \
  constinit const ir::OpDef constant = {.name = op_name,                                                  \
                                        .summary = text,                                                  \
                                        .inputs = kInputs,                                                \
                                        .attrs = {},                                                      \
                                        .infer = ir::rule(infer_fn),                                      \
                                        .elementwise = true,                                              \
                                        .quant = QuantKind::quant_kind,                                   \
                                        .tflite = tflite_name,                                            \
                                        .onnx = onnx_name,                                                \
                                        .examples = constant##Examples};                                  \
  namespace {

KEDGE_BINARY_CARD(kAdd, "add", "a + b.", infer_number, arithmetic, "ADD", "Add",
                  KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                "%2 = add(%0, %1) : float32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kSub, "sub", "a - b.", infer_number, arithmetic, "SUB", "Sub",
                  KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                "%2 = sub(%0, %1) : float32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kMul, "mul", "a * b.", infer_number, arithmetic, "MUL", "Mul",
                  KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                "%2 = mul(%0, %1) : float32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kDiv, "div", "a / b of floating-point (or complex) numbers.", infer_float_complex, none, "DIV", "Div",
                  KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                "%2 = div(%0, %1) : float32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kFloordiv, "floordiv", "a / b rounded down; an integer divided by zero is zero.", infer_real, none,
                  "FLOOR_DIV", "",
                  KEDGE_EXAMPLE("const %0 : int32[2, 1] = {-7, 6}\n  const %1 : int32[3] = {1, 2, 4}",
                                "%2 = floordiv(%0, %1) : int32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kTruncdiv, "truncdiv", "a / b rounded towards zero.", infer_real, none, "", "",
                  KEDGE_EXAMPLE("const %0 : int32[2, 1] = {-7, 6}\n  const %1 : int32[3] = {1, 2, 4}",
                                "%2 = truncdiv(%0, %1) : int32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kMod, "mod", "The rest of floordiv; it has the sign of b.", infer_real, none, "FLOOR_MOD", "Mod",
                  KEDGE_EXAMPLE("const %0 : int32[2, 1] = {-7, 6}\n  const %1 : int32[3] = {1, 2, 4}",
                                "%2 = mod(%0, %1) : int32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kPow, "pow", "a to the power of b.", infer_real, none, "POW", "Pow",
                  KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                "%2 = pow(%0, %1) : float32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kMax, "max", "The greater one; a NaN wins.", infer_real_bool, arithmetic, "MAXIMUM", "Max",
                  KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                "%2 = max(%0, %1) : float32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kMin, "min", "The lesser one; a NaN wins.", infer_real_bool, arithmetic, "MINIMUM", "Min",
                  KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                "%2 = min(%0, %1) : float32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kAtan2, "atan2", "The angle of the point (b, a).", infer_float, none, "ATAN2", "",
                  KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                "%2 = atan2(%0, %1) : float32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kSquaredDifference, "squared_difference", "(a - b) squared.", infer_number, arithmetic,
                  "SQUARED_DIFFERENCE", "",
                  KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                "%2 = squared_difference(%0, %1) : float32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kBitwiseAnd, "bitwise_and", "Bits set in both.", infer_integer_bool, none, "", "BitwiseAnd",
                  KEDGE_EXAMPLE("const %0 : int32[2, 1] = {-7, 6}\n  const %1 : int32[3] = {1, 2, 4}",
                                "%2 = bitwise_and(%0, %1) : int32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kBitwiseOr, "bitwise_or", "Bits set in either.", infer_integer_bool, none, "", "BitwiseOr",
                  KEDGE_EXAMPLE("const %0 : int32[2, 1] = {-7, 6}\n  const %1 : int32[3] = {1, 2, 4}",
                                "%2 = bitwise_or(%0, %1) : int32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kBitwiseXor, "bitwise_xor", "Bits set in one of the two.", infer_integer_bool, none, "BITWISE_XOR",
                  "BitwiseXor",
                  KEDGE_EXAMPLE("const %0 : int32[2, 1] = {-7, 6}\n  const %1 : int32[3] = {1, 2, 4}",
                                "%2 = bitwise_xor(%0, %1) : int32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kLeftShift, "left_shift", "Bits moved up; counts are clamped to the width.", infer_integer, none, "",
                  "BitShift",
                  KEDGE_EXAMPLE("const %0 : int32[2, 1] = {-7, 6}\n  const %1 : int32[3] = {1, 2, 4}",
                                "%2 = left_shift(%0, %1) : int32[2, 3]", "%2"))
KEDGE_BINARY_CARD(kRightShift, "right_shift", "Bits moved down, the sign repeated; counts are clamped to the width.",
                  infer_integer, none, "RIGHT_SHIFT", "BitShift",
                  KEDGE_EXAMPLE("const %0 : int32[2, 1] = {-7, 6}\n  const %1 : int32[3] = {1, 2, 4}",
                                "%2 = right_shift(%0, %1) : int32[2, 3]", "%2"))

#undef KEDGE_BINARY_CARD

}  // namespace

}  // namespace kedge::ops
