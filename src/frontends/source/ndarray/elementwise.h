// Elementwise loops of numpy's universal functions. The callers have promoted and broadcast; here are only loops over
// equal dtypes.
#pragma once

#include <optional>
#include <string_view>

#include "frontends/source/ndarray/array.h"

namespace kedge::frontends {

enum class BinaryOp {
  add,
  subtract,
  multiply,
  divide,
  floor_divide,
  remainder,
  fmod,
  power,
  maximum,
  minimum,
  fmax,
  fmin,
  arctan2,
  hypot,
  copysign,
  logaddexp,
  bitwise_and,
  bitwise_or,
  bitwise_xor,
  left_shift,
  right_shift,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or,
  logical_xor,
};

enum class UnaryOp {
  negative,
  absolute,
  sign,
  exp,
  exp2,
  expm1,
  log,
  log2,
  log10,
  log1p,
  sqrt,
  square,
  cbrt,
  reciprocal,
  sin,
  cos,
  tan,
  arcsin,
  arccos,
  arctan,
  sinh,
  cosh,
  tanh,
  arcsinh,
  arccosh,
  arctanh,
  floor,
  ceil,
  trunc,
  rint,
  isnan,
  isinf,
  isfinite,
  signbit,
  logical_not,
  invert,
  conjugate,
  deg2rad,
  rad2deg,
};

std::optional<BinaryOp> find_binary(std::string_view numpy_name);
std::optional<UnaryOp> find_unary(std::string_view numpy_name);

/// The dtype in which the operands are computed, or nullopt when numpy has no loop for it (bool minus bool, bitwise on
/// floats).
std::optional<DType> compute_dtype(BinaryOp op, DType promoted);
std::optional<DType> compute_dtype(UnaryOp op, DType dtype);
bool gives_bool(BinaryOp op);
bool gives_bool(UnaryOp op);

/// Both operands of the computing dtype; shapes broadcast. Integer division by zero gives 0, as numpy does.
Array apply(BinaryOp op, const Array& a, const Array& b);
Array apply(UnaryOp op, const Array& a);

}  // namespace kedge::frontends
