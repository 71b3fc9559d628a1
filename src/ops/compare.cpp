// Comparisons and logic of two tensors: the answer is bool.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Types bool_type(const InferCall& call) {
  KEDGE_TRY_VOID(check_same_dtype(call));
  KEDGE_TRY(Shape shape, broadcast(shape_of(call, 0), shape_of(call, 1)));
  return one(DType::boolean, std::move(shape));
}
Types infer_equality(const InferCall& call) { return bool_type(call); }
Types infer_order(const InferCall& call) {
  if (dtype_of(call, 0) != DType::boolean) KEDGE_TRY_VOID(check_dtype(call, 0, Accept::reals));
  return bool_type(call);
}
Types infer_logic(const InferCall& call) {
  KEDGE_TRY_VOID(check_dtype(call, 0, Accept::booleans));
  return bool_type(call);
}

constexpr ir::InputSpec kInputs[] = {{"a"}, {"b"}};

#define KEDGE_COMPARE_CARD(constant, op_name, text, infer_fn, tflite_name, onnx_name, example) \
  constexpr std::string_view constant##Examples[] = {example};                                 \
  }                                                                                            \
  constinit const ir::OpDef constant = {.name = op_name,                                       \
                                        .summary = text,                                       \
                                        .inputs = kInputs,                                     \
                                        .attrs = {},                                           \
                                        .infer = ir::rule(infer_fn),                           \
                                        .elementwise = true,                                   \
                                        .quant = ir::QuantKind::none,                          \
                                        .tflite = tflite_name,                                 \
                                        .onnx = onnx_name,                                     \
                                        .examples = constant##Examples};                       \
  namespace {

KEDGE_COMPARE_CARD(kEqual, "equal", "Whether a = b; a NaN equals nothing.", infer_equality, "EQUAL", "Equal",
                   KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                 "%2 = equal(%0, %1) : bool[2, 3]", "%2"))
KEDGE_COMPARE_CARD(kNotEqual, "not_equal", "Whether a and b differ.", infer_equality, "NOT_EQUAL", "",
                   KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                 "%2 = not_equal(%0, %1) : bool[2, 3]", "%2"))
KEDGE_COMPARE_CARD(kLess, "less", "Whether a < b.", infer_order, "LESS", "Less",
                   KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                 "%2 = less(%0, %1) : bool[2, 3]", "%2"))
KEDGE_COMPARE_CARD(kLessEqual, "less_equal", "Whether a <= b.", infer_order, "LESS_EQUAL", "LessOrEqual",
                   KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                 "%2 = less_equal(%0, %1) : bool[2, 3]", "%2"))
KEDGE_COMPARE_CARD(kGreater, "greater", "Whether a > b.", infer_order, "GREATER", "Greater",
                   KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                 "%2 = greater(%0, %1) : bool[2, 3]", "%2"))
KEDGE_COMPARE_CARD(kGreaterEqual, "greater_equal", "Whether a >= b.", infer_order, "GREATER_EQUAL", "GreaterOrEqual",
                   KEDGE_EXAMPLE("const %0 : float32[2, 1] = {2.0, 0.5}\n  const %1 : float32[3] = {1.0, 2.0, 4.0}",
                                 "%2 = greater_equal(%0, %1) : bool[2, 3]", "%2"))
KEDGE_COMPARE_CARD(kLogicalAnd, "logical_and", "Whether both are true.", infer_logic, "LOGICAL_AND", "And",
                   KEDGE_EXAMPLE("const %0 : bool[2, 1] = {true, false}\n  const %1 : bool[2] = {true, false}",
                                 "%2 = logical_and(%0, %1) : bool[2, 2]", "%2"))
KEDGE_COMPARE_CARD(kLogicalOr, "logical_or", "Whether one is true.", infer_logic, "LOGICAL_OR", "Or",
                   KEDGE_EXAMPLE("const %0 : bool[2, 1] = {true, false}\n  const %1 : bool[2] = {true, false}",
                                 "%2 = logical_or(%0, %1) : bool[2, 2]", "%2"))
KEDGE_COMPARE_CARD(kLogicalXor, "logical_xor", "Whether exactly one is true.", infer_logic, "", "Xor",
                   KEDGE_EXAMPLE("const %0 : bool[2, 1] = {true, false}\n  const %1 : bool[2] = {true, false}",
                                 "%2 = logical_xor(%0, %1) : bool[2, 2]", "%2"))

#undef KEDGE_COMPARE_CARD

}  // namespace

}  // namespace kedge::ops
