#include "tensor/dtype.h"

#include <array>
#include <bit>

namespace kedge {
namespace {

struct Row {
  DType dtype;
  std::string_view name;
  std::string_view npy;
  std::int64_t size;
};

constexpr std::array<Row, 16> kRows = {{
    {DType::boolean, "bool", "b1", 1},
    {DType::int4, "int4", "", 1},
    {DType::int8, "int8", "i1", 1},
    {DType::int16, "int16", "i2", 2},
    {DType::int32, "int32", "i4", 4},
    {DType::int64, "int64", "i8", 8},
    {DType::uint8, "uint8", "u1", 1},
    {DType::uint16, "uint16", "u2", 2},
    {DType::uint32, "uint32", "u4", 4},
    {DType::uint64, "uint64", "u8", 8},
    {DType::float16, "float16", "f2", 2},
    {DType::bfloat16, "bfloat16", "", 2},
    {DType::float32, "float32", "f4", 4},
    {DType::float64, "float64", "f8", 8},
    {DType::complex64, "complex64", "c8", 8},
    {DType::complex128, "complex128", "c16", 16},
}};

const Row& row(DType dtype) { return kRows[static_cast<std::size_t>(dtype)]; }

}  // namespace

std::string_view dtype_name(DType dtype) { return row(dtype).name; }

std::optional<DType> parse_dtype(std::string_view name) {
  for (const Row& r : kRows) {
    if (r.name == name) return r.dtype;
  }
  return std::nullopt;
}

std::string_view dtype_npy(DType dtype) { return row(dtype).npy; }

std::optional<DType> parse_dtype_npy(std::string_view code) {
  if (!code.empty() && (code[0] == '<' || code[0] == '|' || code[0] == '=')) code.remove_prefix(1);
  for (const Row& r : kRows) {
    if (!r.npy.empty() && r.npy == code) return r.dtype;
  }
  return std::nullopt;
}

std::int64_t dtype_size(DType dtype) { return row(dtype).size; }

bool is_float(DType dtype) { return dtype >= DType::float16 && dtype <= DType::float64; }
bool is_integer(DType dtype) { return dtype >= DType::int4 && dtype <= DType::uint64; }
bool is_complex(DType dtype) { return dtype >= DType::complex64; }
bool is_signed(DType dtype) { return !(dtype == DType::boolean || (dtype >= DType::uint8 && dtype <= DType::uint64)); }

float half_to_float(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16;
  std::uint32_t exponent = (bits >> 10) & 0x1FU;
  std::uint32_t mantissa = bits & 0x3FFU;
  if (exponent == 0x1F) return std::bit_cast<float>(sign | 0x7F800000U | (mantissa << 13));
  if (exponent == 0) {
    if (mantissa == 0) return std::bit_cast<float>(sign);
    exponent = 1;  // subnormal: normalise
    while ((mantissa & 0x400U) == 0) {
      mantissa <<= 1;
      --exponent;  // wraps below zero on purpose; the sum below is taken modulo 2**32
    }
    mantissa &= 0x3FFU;
  }
  return std::bit_cast<float>(sign | ((exponent + 112U) << 23) | (mantissa << 13));
}

std::uint16_t float_to_half(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U)
    return static_cast<std::uint16_t>(sign | 0x7E00U | ((magnitude >> 13) & 0x3FFU));  // NaN stays NaN
  if (magnitude >= 0x47800000U) return static_cast<std::uint16_t>(sign | 0x7C00U);
  const std::int32_t exponent = static_cast<std::int32_t>(magnitude >> 23) - 112;
  if (exponent <= 0) {
    if (exponent < -10) return sign;
    const std::uint32_t mantissa = (magnitude & 0x7FFFFFU) | 0x800000U;
    const std::uint32_t shift = static_cast<std::uint32_t>(14 - exponent);
    std::uint32_t half = mantissa >> shift;
    const std::uint32_t rest = mantissa & ((1U << shift) - 1U);
    const std::uint32_t tie = 1U << (shift - 1U);
    if (rest > tie || (rest == tie && (half & 1U) != 0)) ++half;
    return static_cast<std::uint16_t>(sign | half);
  }
  std::uint32_t half = (static_cast<std::uint32_t>(exponent) << 10) | ((magnitude >> 13) & 0x3FFU);
  const std::uint32_t rest = magnitude & 0x1FFFU;
  if (rest > 0x1000U || (rest == 0x1000U && (half & 1U) != 0)) ++half;  // a carry into the exponent is right
  return static_cast<std::uint16_t>(sign | half);
}

float bfloat16_to_float(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

std::uint16_t float_to_bfloat16(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7FFFFFFFU) > 0x7F800000U) return static_cast<std::uint16_t>((bits >> 16) | 0x40U);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

}  // namespace kedge
