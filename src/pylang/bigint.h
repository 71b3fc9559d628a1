// Integers of any size with Python's rules (floor division, sign of the modulo, two's-complement bit operations).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kedge::pylang {

class BigInt {
 public:
  BigInt() = default;
  explicit BigInt(std::int64_t value);
  static std::optional<BigInt> parse(std::string_view digits, int base);  ///< digits only, no sign, no underscores
  static BigInt from_double(double value);                                ///< truncates; value must be finite

  bool negative() const { return negative_; }
  bool zero() const { return limbs_.empty(); }
  std::optional<std::int64_t> to_int64() const;  ///< nullopt when it does not fit
  std::optional<double> to_double() const;       ///< correctly rounded (half to even); nullopt on overflow
  std::int64_t bit_length() const;
  std::string to_string(int base = 10) const;  ///< with '-', lower-case digits
  std::uint64_t hash() const;                  ///< Python's hash: modulo 2**61 - 1

  friend int compare(const BigInt& a, const BigInt& b);
  friend BigInt operator+(const BigInt& a, const BigInt& b);
  friend BigInt operator-(const BigInt& a, const BigInt& b);
  friend BigInt operator*(const BigInt& a, const BigInt& b);
  friend BigInt operator-(const BigInt& a);
  friend bool operator==(const BigInt& a, const BigInt& b) { return compare(a, b) == 0; }
  /// Floor division and Python's modulo; b must not be zero.
  static void divmod(const BigInt& a, const BigInt& b, BigInt& quotient, BigInt& remainder);
  static BigInt bit_and(const BigInt& a, const BigInt& b);
  static BigInt bit_or(const BigInt& a, const BigInt& b);
  static BigInt bit_xor(const BigInt& a, const BigInt& b);
  static BigInt shift_left(const BigInt& a, std::int64_t bits);
  static BigInt shift_right(const BigInt& a, std::int64_t bits);  ///< floors
  /// a / b as a correctly rounded double (true division); nullopt when the result overflows; b must not be zero.
  static std::optional<double> true_divide(const BigInt& a, const BigInt& b);

 private:
  void trim();
  bool negative_ = false;
  std::vector<std::uint32_t> limbs_;  // little endian, no leading zeros
};

}  // namespace kedge::pylang
