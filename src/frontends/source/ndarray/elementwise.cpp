// Which dtype a universal function computes in, and its names. The loops themselves are in binary_loops.cpp and
// unary_loops.cpp.
#include "frontends/source/ndarray/elementwise.h"

#include <array>
#include <utility>

namespace kedge::frontends {
namespace {

constexpr std::pair<std::string_view, BinaryOp> kBinary[] = {
    {"add", BinaryOp::add},
    {"subtract", BinaryOp::subtract},
    {"multiply", BinaryOp::multiply},
    {"divide", BinaryOp::divide},
    {"true_divide", BinaryOp::divide},
    {"floor_divide", BinaryOp::floor_divide},
    {"mod", BinaryOp::remainder},
    {"remainder", BinaryOp::remainder},
    {"fmod", BinaryOp::fmod},
    {"power", BinaryOp::power},
    {"float_power", BinaryOp::power},
    {"pow", BinaryOp::power},
    {"maximum", BinaryOp::maximum},
    {"minimum", BinaryOp::minimum},
    {"fmax", BinaryOp::fmax},
    {"fmin", BinaryOp::fmin},
    {"arctan2", BinaryOp::arctan2},
    {"atan2", BinaryOp::arctan2},
    {"hypot", BinaryOp::hypot},
    {"copysign", BinaryOp::copysign},
    {"logaddexp", BinaryOp::logaddexp},
    {"bitwise_and", BinaryOp::bitwise_and},
    {"bitwise_or", BinaryOp::bitwise_or},
    {"bitwise_xor", BinaryOp::bitwise_xor},
    {"left_shift", BinaryOp::left_shift},
    {"right_shift", BinaryOp::right_shift},
    {"equal", BinaryOp::equal},
    {"not_equal", BinaryOp::not_equal},
    {"less", BinaryOp::less},
    {"less_equal", BinaryOp::less_equal},
    {"greater", BinaryOp::greater},
    {"greater_equal", BinaryOp::greater_equal},
    {"logical_and", BinaryOp::logical_and},
    {"logical_or", BinaryOp::logical_or},
    {"logical_xor", BinaryOp::logical_xor},
};

constexpr std::pair<std::string_view, UnaryOp> kUnary[] = {
    {"negative", UnaryOp::negative},
    {"absolute", UnaryOp::absolute},
    {"abs", UnaryOp::absolute},
    {"fabs", UnaryOp::absolute},
    {"sign", UnaryOp::sign},
    {"exp", UnaryOp::exp},
    {"exp2", UnaryOp::exp2},
    {"expm1", UnaryOp::expm1},
    {"log", UnaryOp::log},
    {"log2", UnaryOp::log2},
    {"log10", UnaryOp::log10},
    {"log1p", UnaryOp::log1p},
    {"sqrt", UnaryOp::sqrt},
    {"square", UnaryOp::square},
    {"cbrt", UnaryOp::cbrt},
    {"reciprocal", UnaryOp::reciprocal},
    {"sin", UnaryOp::sin},
    {"cos", UnaryOp::cos},
    {"tan", UnaryOp::tan},
    {"arcsin", UnaryOp::arcsin},
    {"arccos", UnaryOp::arccos},
    {"arctan", UnaryOp::arctan},
    {"asin", UnaryOp::arcsin},
    {"acos", UnaryOp::arccos},
    {"atan", UnaryOp::arctan},
    {"sinh", UnaryOp::sinh},
    {"cosh", UnaryOp::cosh},
    {"tanh", UnaryOp::tanh},
    {"arcsinh", UnaryOp::arcsinh},
    {"arccosh", UnaryOp::arccosh},
    {"arctanh", UnaryOp::arctanh},
    {"floor", UnaryOp::floor},
    {"ceil", UnaryOp::ceil},
    {"trunc", UnaryOp::trunc},
    {"fix", UnaryOp::trunc},
    {"rint", UnaryOp::rint},
    {"isnan", UnaryOp::isnan},
    {"isinf", UnaryOp::isinf},
    {"isfinite", UnaryOp::isfinite},
    {"signbit", UnaryOp::signbit},
    {"logical_not", UnaryOp::logical_not},
    {"invert", UnaryOp::invert},
    {"bitwise_not", UnaryOp::invert},
    {"conjugate", UnaryOp::conjugate},
    {"conj", UnaryOp::conjugate},
    {"deg2rad", UnaryOp::deg2rad},
    {"radians", UnaryOp::deg2rad},
    {"rad2deg", UnaryOp::rad2deg},
    {"degrees", UnaryOp::rad2deg},
};

}  // namespace

std::optional<BinaryOp> find_binary(std::string_view name) {
  for (const auto& [text, op] : kBinary) {
    if (text == name) return op;
  }
  return std::nullopt;
}

std::optional<UnaryOp> find_unary(std::string_view name) {
  for (const auto& [text, op] : kUnary) {
    if (text == name) return op;
  }
  return std::nullopt;
}

std::optional<DType> compute_dtype(BinaryOp op, DType promoted) {
  const char kind = kind_of(promoted);
  switch (op) {
    case BinaryOp::subtract:
      if (kind == 'b') return std::nullopt;
      return promoted;
    case BinaryOp::divide: return kind == 'f' || kind == 'c' ? promoted : DType::float64;
    case BinaryOp::floor_divide:
    case BinaryOp::remainder:
    case BinaryOp::fmod:
      if (kind == 'c') return std::nullopt;
      return kind == 'b' ? DType::int8 : promoted;
    case BinaryOp::power: return kind == 'b' ? DType::int8 : promoted;
    case BinaryOp::arctan2:
    case BinaryOp::hypot:
    case BinaryOp::copysign:
    case BinaryOp::logaddexp:
      if (kind == 'c') return std::nullopt;
      return float_for(promoted);
    case BinaryOp::bitwise_and:
    case BinaryOp::bitwise_or:
    case BinaryOp::bitwise_xor:
      if (kind == 'f' || kind == 'c') return std::nullopt;
      return promoted;
    case BinaryOp::left_shift:
    case BinaryOp::right_shift:
      if (kind == 'f' || kind == 'c') return std::nullopt;
      return kind == 'b' ? DType::int8 : promoted;
    default: return promoted;
  }
}

std::optional<DType> compute_dtype(UnaryOp op, DType dtype) {
  const char kind = kind_of(dtype);
  switch (op) {
    case UnaryOp::negative:
      if (kind == 'b') return std::nullopt;
      return dtype;
    case UnaryOp::sign:
      if (kind == 'b') return std::nullopt;
      return dtype;
    case UnaryOp::absolute:
    case UnaryOp::logical_not:
    case UnaryOp::isnan:
    case UnaryOp::isinf:
    case UnaryOp::isfinite: return dtype;
    case UnaryOp::square:
    case UnaryOp::reciprocal:
    case UnaryOp::conjugate: return kind == 'b' ? DType::int8 : dtype;
    case UnaryOp::invert:
      if (kind == 'f' || kind == 'c') return std::nullopt;
      return dtype;
    case UnaryOp::floor:
    case UnaryOp::ceil:
    case UnaryOp::trunc:
      if (kind == 'c') return std::nullopt;
      return dtype;  // integers and booleans stay as they are
    case UnaryOp::cbrt:
    case UnaryOp::signbit:
    case UnaryOp::deg2rad:
    case UnaryOp::rad2deg:
      if (kind == 'c') return std::nullopt;
      return float_for(dtype);
    default: return float_for(dtype);
  }
}

bool gives_bool(BinaryOp op) { return op >= BinaryOp::equal; }

bool gives_bool(UnaryOp op) {
  return op == UnaryOp::isnan || op == UnaryOp::isinf || op == UnaryOp::isfinite || op == UnaryOp::signbit ||
         op == UnaryOp::logical_not;
}

}  // namespace kedge::frontends
