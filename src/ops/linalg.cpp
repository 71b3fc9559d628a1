// Decompositions of the matrices on the last two axes. They are cards and not compositions: pivots and rotations depend
// on the values, step by step, and float32 loops would lose the digits that double precision keeps. TFLite has none.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

Result<void> check_matrices(const InferCall& call, bool square) {
  if (dtype_of(call, 0) != DType::float32 && dtype_of(call, 0) != DType::float64)
    return dtype_fault("takes a float32 or float64 tensor");
  const Shape& shape = shape_of(call, 0);
  if (shape.size() < 2) return shape_fault("takes matrices, not " + text(shape));
  if (square && !may_be_equal(shape[shape.size() - 2], shape.back()))
    return shape_fault("takes square matrices, not " + text(shape));
  return {};
}

/// The batch of the first input with other last axes.
Typed with_tail(const InferCall& call, std::vector<Dim> tail) {
  Shape shape(shape_of(call, 0).begin(), shape_of(call, 0).end() - 2);
  shape.insert(shape.end(), tail.begin(), tail.end());
  return {dtype_of(call, 0), std::move(shape)};
}

/// The smaller side of the matrices, which must be known unless they are square.
Result<Dim> smaller_side(const Dim& rows, const Dim& columns) {
  if (rows == columns) return rows;
  if (!rows.known() || !columns.known()) return shape_fault("the sizes of the matrices must be known");
  return rows.value() < columns.value() ? rows : columns;
}

Types infer_cholesky(const InferCall& call) {
  KEDGE_TRY_VOID(check_matrices(call, true));
  return one(dtype_of(call, 0), shape_of(call, 0));
}

Types infer_lu(const InferCall& call) {
  KEDGE_TRY_VOID(check_matrices(call, true));
  Typed rows = with_tail(call, {shape_of(call, 0).back()});
  rows.dtype = DType::int32;
  return std::vector<Typed>{{dtype_of(call, 0), shape_of(call, 0)}, rows};
}

Types infer_solve(const InferCall& call) {
  KEDGE_TRY_VOID(check_matrices(call, true));
  KEDGE_TRY_VOID(check_same_dtype(call));
  const Shape& a = shape_of(call, 0);
  const Shape& b = shape_of(call, 1);
  bool fits = a.size() == b.size();
  for (std::size_t i = 0; fits && i + 1 < a.size(); ++i) fits = may_be_equal(a[i], b[i]);
  if (!fits) return shape_fault("the matrices " + text(a) + " and the right sides " + text(b) + " do not fit");
  return one(dtype_of(call, 0), b);
}

Types infer_qr(const InferCall& call) {
  KEDGE_TRY_VOID(check_matrices(call, false));
  const Dim rows = shape_of(call, 0)[shape_of(call, 0).size() - 2];
  const Dim columns = shape_of(call, 0).back();
  Dim width = rows;
  if (!call.attrs.flag("full")) {
    KEDGE_TRY(width, smaller_side(rows, columns));
  }
  return std::vector<Typed>{with_tail(call, {rows, width}), with_tail(call, {width, columns})};
}

Types infer_eigh(const InferCall& call) {
  KEDGE_TRY_VOID(check_matrices(call, true));
  return std::vector<Typed>{with_tail(call, {shape_of(call, 0).back()}), {dtype_of(call, 0), shape_of(call, 0)}};
}

Types infer_svd(const InferCall& call) {
  KEDGE_TRY_VOID(check_matrices(call, false));
  const Dim rows = shape_of(call, 0)[shape_of(call, 0).size() - 2];
  const Dim columns = shape_of(call, 0).back();
  KEDGE_TRY(const Dim few, smaller_side(rows, columns));
  const bool full = call.attrs.flag("full");
  return std::vector<Typed>{with_tail(call, {rows, full ? rows : few}), with_tail(call, {few}),
                            with_tail(call, {full ? columns : few, columns})};
}

constexpr ir::InputSpec kInputs[] = {{"x"}};
constexpr ir::InputSpec kSolveInputs[] = {{"a"}, {"b"}};
constexpr ir::AttrSpec kFull[] = {{"full", ir::AttrKind::flag, false, "false"}};
constexpr ir::AttrSpec kSolveAttrs[] = {{"lower", ir::AttrKind::flag, false, "true"},
                                        {"unit_diagonal", ir::AttrKind::flag, false, "false"}};
#define KEDGE_MATRIX "const %0 : float32[2, 2] = {4.0, 2.0, 2.0, 3.0}"
constexpr std::string_view kCholeskyExamples[] = {
    KEDGE_EXAMPLE(KEDGE_MATRIX, "%1 = cholesky(%0) : float32[2, 2]", "%1")};
constexpr std::string_view kLuExamples[] = {
    KEDGE_EXAMPLE(KEDGE_MATRIX, "%1, %2 = lu(%0) : float32[2, 2], int32[2]", "%1\n  output %2")};
constexpr std::string_view kSolveExamples[] = {
    KEDGE_EXAMPLE(KEDGE_MATRIX "\n  const %1 : float32[2, 1] = {1.0, 2.0}",
                  "%2 = triangular_solve(%0, %1) {lower = false} : float32[2, 1]", "%2")};
constexpr std::string_view kQrExamples[] = {
    KEDGE_EXAMPLE(KEDGE_MATRIX, "%1, %2 = qr(%0) : float32[2, 2], float32[2, 2]", "%1\n  output %2")};
constexpr std::string_view kEighExamples[] = {
    KEDGE_EXAMPLE(KEDGE_MATRIX, "%1, %2 = eigh(%0) : float32[2], float32[2, 2]", "%1")};
constexpr std::string_view kSvdExamples[] = {
    KEDGE_EXAMPLE(KEDGE_MATRIX, "%1, %2, %3 = svd(%0) : float32[2, 2], float32[2], float32[2, 2]", "%2")};

}  // namespace

#define KEDGE_LINALG_CARD(constant, op_name, text, input_specs, count, attr_specs, rule_fn, example_texts) \
  constinit const ir::OpDef constant = {.name = op_name,                                                   \
                                        .summary = text,                                                   \
                                        .inputs = input_specs,                                             \
                                        .outputs = count,                                                  \
                                        .attrs = attr_specs,                                               \
                                        .infer = ir::rule(rule_fn),                                        \
                                        .quant = ir::QuantKind::none,                                      \
                                        .tflite = "",                                                      \
                                        .onnx = "",                                                        \
                                        .examples = example_texts};

KEDGE_LINALG_CARD(kCholesky, "cholesky", "The lower triangular factor of positive definite matrices.", kInputs, 1, {},
                  infer_cholesky, kCholeskyExamples)
KEDGE_LINALG_CARD(kLu, "lu", "Both triangular factors in one matrix, rows in the order of the second output.", kInputs,
                  2, {}, infer_lu, kLuExamples)
KEDGE_LINALG_CARD(kTriangularSolve, "triangular_solve", "x with a x = b for triangular matrices a.", kSolveInputs, 1,
                  kSolveAttrs, infer_solve, kSolveExamples)
KEDGE_LINALG_CARD(kQr, "qr", "An orthogonal and an upper triangular factor.", kInputs, 2, kFull, infer_qr, kQrExamples)
KEDGE_LINALG_CARD(kEigh, "eigh", "Eigenvalues of symmetric matrices, ascending, and their vectors in columns.", kInputs,
                  2, {}, infer_eigh, kEighExamples)
KEDGE_LINALG_CARD(kSvd, "svd",
                  "Left singular vectors, singular values (descending) and right singular vectors in rows.", kInputs, 3,
                  kFull, infer_svd, kSvdExamples)

}  // namespace kedge::ops
