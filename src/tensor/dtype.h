// Element types, named as Keras names them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kedge {

enum class DType : std::uint8_t {
  boolean,
  int4,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float16,
  bfloat16,
  float32,
  float64,
  complex64,
  complex128,
};

std::string_view dtype_name(DType dtype);                 ///< "bool", "int32", "bfloat16", …
std::optional<DType> parse_dtype(std::string_view name);  ///< accepts the names above
std::string_view dtype_npy(DType dtype);  ///< "b1", "i4", "f4", "c8"; bfloat16 and int4 have none: empty
std::optional<DType> parse_dtype_npy(std::string_view code);  ///< "f4", "<f4", "|b1"
std::int64_t dtype_size(DType dtype);  ///< bytes of one element (int4 is stored one per byte in memory)
bool is_float(DType dtype);
bool is_integer(DType dtype);  ///< signed or unsigned, not bool
bool is_signed(DType dtype);
bool is_complex(DType dtype);

// float16 and bfloat16 as bits.
float half_to_float(std::uint16_t bits);
std::uint16_t float_to_half(float value);  ///< round to nearest even
float bfloat16_to_float(std::uint16_t bits);
std::uint16_t float_to_bfloat16(float value);  ///< round to nearest even

}  // namespace kedge
