// Schoolbook arithmetic on 32-bit limbs. Callers bound the sizes (Limits.integer_bits), so nothing faster is needed.
#include "pylang/bigint.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace kedge::pylang {
namespace {

using Limbs = std::vector<std::uint32_t>;

void trim_limbs(Limbs& limbs) {
  while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
}

int compare_magnitude(const Limbs& a, const Limbs& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (std::size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

Limbs add_magnitude(const Limbs& a, const Limbs& b) {
  const Limbs& longer = a.size() >= b.size() ? a : b;
  const Limbs& shorter = a.size() >= b.size() ? b : a;
  Limbs out(longer.size() + 1);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < longer.size(); ++i) {
    carry += std::uint64_t{longer[i]} + (i < shorter.size() ? shorter[i] : 0);
    out[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  out[longer.size()] = static_cast<std::uint32_t>(carry);
  trim_limbs(out);
  return out;
}

// |a| >= |b|
Limbs sub_magnitude(const Limbs& a, const Limbs& b) {
  Limbs out(a.size());
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::int64_t d = std::int64_t{a[i]} - (i < b.size() ? std::int64_t{b[i]} : 0) - borrow;
    borrow = d < 0 ? 1 : 0;
    if (d < 0) d += std::int64_t{1} << 32;
    out[i] = static_cast<std::uint32_t>(d);
  }
  trim_limbs(out);
  return out;
}

Limbs mul_magnitude(const Limbs& a, const Limbs& b) {
  if (a.empty() || b.empty()) return {};
  Limbs out(a.size() + b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      carry += std::uint64_t{a[i]} * b[j] + out[i + j];
      out[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    out[i + b.size()] = static_cast<std::uint32_t>(carry);
  }
  trim_limbs(out);
  return out;
}

std::uint32_t divide_small(Limbs& a, std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    rest = (rest << 32) | a[i];
    a[i] = static_cast<std::uint32_t>(rest / divisor);
    rest %= divisor;
  }
  trim_limbs(a);
  return static_cast<std::uint32_t>(rest);
}

Limbs shift_left_magnitude(const Limbs& a, std::uint64_t bits) {
  if (a.empty()) return {};
  const std::size_t words = bits / 32;
  const unsigned rest = bits % 32;
  Limbs out(a.size() + words + 1);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint64_t wide = std::uint64_t{a[i]} << rest;
    out[i + words] |= static_cast<std::uint32_t>(wide);
    out[i + words + 1] |= static_cast<std::uint32_t>(wide >> 32);
  }
  trim_limbs(out);
  return out;
}

Limbs shift_right_magnitude(const Limbs& a, std::uint64_t bits, bool& lost) {
  const std::size_t words = bits / 32;
  const unsigned rest = bits % 32;
  lost = false;
  if (words >= a.size()) {
    lost = !a.empty();
    return {};
  }
  for (std::size_t i = 0; i < words; ++i) lost = lost || a[i] != 0;
  if (rest != 0 && (a[words] & ((std::uint32_t{1} << rest) - 1)) != 0) lost = true;
  Limbs out(a.size() - words);
  for (std::size_t i = words; i < a.size(); ++i) {
    std::uint64_t wide = a[i];
    if (i + 1 < a.size()) wide |= std::uint64_t{a[i + 1]} << 32;
    out[i - words] = static_cast<std::uint32_t>(wide >> rest);
  }
  trim_limbs(out);
  return out;
}

// Knuth, The Art of Computer Programming 2, 4.3.1, Algorithm D.
void divide_magnitude(const Limbs& a, const Limbs& b, Limbs& quotient, Limbs& remainder) {
  if (compare_magnitude(a, b) < 0) {
    quotient.clear();
    remainder = a;
    return;
  }
  if (b.size() == 1) {
    quotient = a;
    const std::uint32_t rest = divide_small(quotient, b[0]);
    remainder.clear();
    if (rest != 0) remainder.push_back(rest);
    return;
  }
  const unsigned shift = static_cast<unsigned>(std::countl_zero(b.back()));
  Limbs u = shift_left_magnitude(a, shift);
  const Limbs v = shift_left_magnitude(b, shift);
  const std::size_t n = v.size();
  u.resize(std::max(u.size(), a.size()) + 1);
  if (u.size() < a.size() + 1) u.resize(a.size() + 1);
  const std::size_t m = u.size() - n - 1;
  quotient.assign(m + 1, 0);
  for (std::size_t j = m + 1; j-- > 0;) {
    const std::uint64_t top = (std::uint64_t{u[j + n]} << 32) | u[j + n - 1];
    std::uint64_t guess = top / v[n - 1];
    std::uint64_t rest = top % v[n - 1];
    while (guess >> 32 != 0 || guess * v[n - 2] > ((rest << 32) | u[j + n - 2])) {
      --guess;
      rest += v[n - 1];
      if (rest >> 32 != 0) break;
    }
    std::int64_t borrow = 0;
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < n; ++i) {
      carry += guess * v[i];
      const std::int64_t d = std::int64_t{u[i + j]} - static_cast<std::int64_t>(carry & 0xFFFFFFFFu) - borrow;
      u[i + j] = static_cast<std::uint32_t>(d);
      borrow = d < 0 ? 1 : 0;
      carry >>= 32;
    }
    const std::int64_t d = std::int64_t{u[j + n]} - static_cast<std::int64_t>(carry) - borrow;
    u[j + n] = static_cast<std::uint32_t>(d);
    if (d < 0) {
      --guess;
      std::uint64_t add = 0;
      for (std::size_t i = 0; i < n; ++i) {
        add += std::uint64_t{u[i + j]} + v[i];
        u[i + j] = static_cast<std::uint32_t>(add);
        add >>= 32;
      }
      u[j + n] = static_cast<std::uint32_t>(u[j + n] + add);
    }
    quotient[j] = static_cast<std::uint32_t>(guess);
  }
  trim_limbs(quotient);
  u.resize(n);
  trim_limbs(u);
  bool lost = false;
  remainder = shift_right_magnitude(u, shift, lost);
}

// Two's complement of `count` limbs.
Limbs twos_complement(const Limbs& magnitude, bool negative, std::size_t count) {
  Limbs out = magnitude;
  out.resize(count);
  if (!negative) return out;
  std::uint64_t carry = 1;
  for (std::uint32_t& limb : out) {
    carry += static_cast<std::uint32_t>(~limb);
    limb = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  return out;
}

std::int64_t magnitude_bits(const Limbs& limbs) {
  if (limbs.empty()) return 0;
  return static_cast<std::int64_t>(limbs.size()) * 32 - std::countl_zero(limbs.back());
}

// The top 64 bits of a magnitude with a sticky lowest bit, and the exponent of its lowest bit.
double round_to_double(const Limbs& limbs, bool sticky, std::int64_t exponent, bool& overflow) {
  const std::int64_t bits = magnitude_bits(limbs);
  overflow = false;
  if (bits == 0) return 0.0;
  // Keep 53 bits, fewer below the smallest normal number.
  std::int64_t keep = 53;
  const std::int64_t top_exponent = bits - 1 + exponent;
  if (top_exponent < -1022) keep = 53 - (-1022 - top_exponent);
  if (keep < 0) return 0.0;
  std::int64_t drop = bits - keep;
  std::uint64_t mantissa = 0;
  bool lost = sticky;
  if (drop <= 0) {
    for (std::size_t i = limbs.size(); i-- > 0;) mantissa = (mantissa << 32) | limbs[i];
    // Exact in the limbs; anything sticky is below half a unit only when there is room below.
    if (drop < 0 || !sticky) return std::ldexp(static_cast<double>(mantissa), static_cast<int>(exponent));
    return std::ldexp(static_cast<double>(mantissa), static_cast<int>(exponent));
  }
  bool lower_lost = false;
  Limbs with_half = shift_right_magnitude(limbs, static_cast<std::uint64_t>(drop - 1), lower_lost);
  lost = lost || lower_lost;
  for (std::size_t i = with_half.size(); i-- > 0;) mantissa = (mantissa << 32) | with_half[i];
  const bool half = (mantissa & 1) != 0;
  mantissa >>= 1;
  if (half && (lost || (mantissa & 1) != 0)) ++mantissa;
  const double value = std::ldexp(static_cast<double>(mantissa), static_cast<int>(exponent + drop));
  if (std::isinf(value)) overflow = true;
  return value;
}

}  // namespace

BigInt::BigInt(std::int64_t value) {
  negative_ = value < 0;
  std::uint64_t magnitude = negative_ ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  while (magnitude != 0) {
    limbs_.push_back(static_cast<std::uint32_t>(magnitude));
    magnitude >>= 32;
  }
}

void BigInt::trim() {
  trim_limbs(limbs_);
  if (limbs_.empty()) negative_ = false;
}

std::optional<BigInt> BigInt::parse(std::string_view digits, int base) {
  if (digits.empty() || base < 2 || base > 36) return std::nullopt;
  BigInt out;
  // Digits are taken in chunks that fit one limb.
  std::uint32_t chunk = 0;
  std::uint32_t scale = 1;
  const auto flush = [&out](std::uint32_t multiplier, std::uint32_t addend) {
    std::uint64_t carry = addend;
    for (std::uint32_t& limb : out.limbs_) {
      carry += std::uint64_t{limb} * multiplier;
      limb = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) out.limbs_.push_back(static_cast<std::uint32_t>(carry));
  };
  for (const char c : digits) {
    int digit = 99;
    if (c >= '0' && c <= '9') digit = c - '0';
    else if (c >= 'a' && c <= 'z') digit = c - 'a' + 10;
    else if (c >= 'A' && c <= 'Z') digit = c - 'A' + 10;
    if (digit >= base) return std::nullopt;
    chunk = chunk * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
    scale *= static_cast<std::uint32_t>(base);
    if (scale > 0xFFFFFFFFu / 36 / 36) {
      flush(scale, chunk);
      chunk = 0;
      scale = 1;
    }
  }
  flush(scale, chunk);
  out.trim();
  return out;
}

BigInt BigInt::from_double(double value) {
  BigInt out;
  int exponent = 0;
  const double fraction = std::frexp(std::trunc(std::fabs(value)), &exponent);
  if (fraction == 0) return out;
  const auto mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
  out = BigInt(static_cast<std::int64_t>(mantissa));
  const int shift = exponent - 53;
  bool lost = false;
  out.limbs_ = shift >= 0 ? shift_left_magnitude(out.limbs_, static_cast<std::uint64_t>(shift))
                          : shift_right_magnitude(out.limbs_, static_cast<std::uint64_t>(-shift), lost);
  out.negative_ = value < 0;
  out.trim();
  return out;
}

std::optional<std::int64_t> BigInt::to_int64() const {
  if (limbs_.size() > 2) return std::nullopt;
  std::uint64_t magnitude = 0;
  for (std::size_t i = limbs_.size(); i-- > 0;) magnitude = (magnitude << 32) | limbs_[i];
  if (negative_) {
    if (magnitude > std::uint64_t{1} << 63) return std::nullopt;
    return static_cast<std::int64_t>(~magnitude + 1);
  }
  if (magnitude >= std::uint64_t{1} << 63) return std::nullopt;
  return static_cast<std::int64_t>(magnitude);
}

std::optional<double> BigInt::to_double() const {
  if (bit_length() > 1024) return std::nullopt;
  bool overflow = false;
  const double value = round_to_double(limbs_, false, 0, overflow);
  if (overflow) return std::nullopt;
  return negative_ ? -value : value;
}

std::int64_t BigInt::bit_length() const { return magnitude_bits(limbs_); }

std::string BigInt::to_string(int base) const {
  if (limbs_.empty()) return "0";
  std::string out;
  constexpr const char* kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::uint32_t chunk_base = static_cast<std::uint32_t>(base);
  int chunk_digits = 1;
  while (chunk_base <= 0xFFFFFFFFu / static_cast<std::uint32_t>(base)) {
    chunk_base *= static_cast<std::uint32_t>(base);
    ++chunk_digits;
  }
  Limbs rest = limbs_;
  while (!rest.empty()) {
    std::uint32_t chunk = divide_small(rest, chunk_base);
    for (int i = 0; i < chunk_digits && (!rest.empty() || chunk != 0); ++i) {
      out += kDigits[chunk % static_cast<std::uint32_t>(base)];
      chunk /= static_cast<std::uint32_t>(base);
    }
  }
  if (negative_) out += '-';
  std::reverse(out.begin(), out.end());
  return out;
}

// Python Language, "Hashing of numeric types": the value modulo 2**61 - 1, the sign kept; -1 becomes -2.
std::uint64_t BigInt::hash() const {
  constexpr std::uint64_t kModulus = (std::uint64_t{1} << 61) - 1;
  std::uint64_t rest = 0;
  for (std::size_t i = limbs_.size(); i-- > 0;) {
    const unsigned __int128 wide = (static_cast<unsigned __int128>(rest) << 32) | limbs_[i];
    rest = static_cast<std::uint64_t>(wide % kModulus);
  }
  std::int64_t signed_hash = static_cast<std::int64_t>(rest);
  if (negative_) signed_hash = -signed_hash;
  if (signed_hash == -1) signed_hash = -2;
  return static_cast<std::uint64_t>(signed_hash);
}

int compare(const BigInt& a, const BigInt& b) {
  if (a.negative_ != b.negative_) return a.negative_ ? -1 : 1;
  const int magnitude = compare_magnitude(a.limbs_, b.limbs_);
  return a.negative_ ? -magnitude : magnitude;
}

BigInt operator+(const BigInt& a, const BigInt& b) {
  BigInt out;
  if (a.negative_ == b.negative_) {
    out.limbs_ = add_magnitude(a.limbs_, b.limbs_);
    out.negative_ = a.negative_;
  } else if (compare_magnitude(a.limbs_, b.limbs_) >= 0) {
    out.limbs_ = sub_magnitude(a.limbs_, b.limbs_);
    out.negative_ = a.negative_;
  } else {
    out.limbs_ = sub_magnitude(b.limbs_, a.limbs_);
    out.negative_ = b.negative_;
  }
  out.trim();
  return out;
}

BigInt operator-(const BigInt& a) {
  BigInt out = a;
  out.negative_ = !a.negative_ && !a.limbs_.empty();
  return out;
}

BigInt operator-(const BigInt& a, const BigInt& b) { return a + -b; }

BigInt operator*(const BigInt& a, const BigInt& b) {
  BigInt out;
  out.limbs_ = mul_magnitude(a.limbs_, b.limbs_);
  out.negative_ = a.negative_ != b.negative_;
  out.trim();
  return out;
}

void BigInt::divmod(const BigInt& a, const BigInt& b, BigInt& quotient, BigInt& remainder) {
  BigInt q;
  BigInt r;
  divide_magnitude(a.limbs_, b.limbs_, q.limbs_, r.limbs_);
  q.negative_ = a.negative_ != b.negative_;
  r.negative_ = a.negative_;
  q.trim();
  r.trim();
  // Truncation becomes floor: the remainder takes the divisor's sign.
  if (!r.zero() && r.negative_ != b.negative_) {
    r = r + b;
    q = q - BigInt(1);
  }
  quotient = std::move(q);
  remainder = std::move(r);
}

namespace {
template <typename Operation>
Limbs bitwise(const Limbs& a, bool a_negative, const Limbs& b, bool b_negative, bool out_negative,
              Operation operation) {
  const std::size_t count = std::max(a.size(), b.size()) + 1;
  const Limbs left = twos_complement(a, a_negative, count);
  const Limbs right = twos_complement(b, b_negative, count);
  Limbs out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = operation(left[i], right[i]);
  return twos_complement(out, out_negative, count);
}
}  // namespace

BigInt BigInt::bit_and(const BigInt& a, const BigInt& b) {
  BigInt out;
  out.negative_ = a.negative_ && b.negative_;
  out.limbs_ = bitwise(a.limbs_, a.negative_, b.limbs_, b.negative_, out.negative_,
                       [](std::uint32_t x, std::uint32_t y) { return x & y; });
  out.trim();
  return out;
}
BigInt BigInt::bit_or(const BigInt& a, const BigInt& b) {
  BigInt out;
  out.negative_ = a.negative_ || b.negative_;
  out.limbs_ = bitwise(a.limbs_, a.negative_, b.limbs_, b.negative_, out.negative_,
                       [](std::uint32_t x, std::uint32_t y) { return x | y; });
  out.trim();
  return out;
}
BigInt BigInt::bit_xor(const BigInt& a, const BigInt& b) {
  BigInt out;
  out.negative_ = a.negative_ != b.negative_;
  out.limbs_ = bitwise(a.limbs_, a.negative_, b.limbs_, b.negative_, out.negative_,
                       [](std::uint32_t x, std::uint32_t y) { return x ^ y; });
  out.trim();
  return out;
}

BigInt BigInt::shift_left(const BigInt& a, std::int64_t bits) {
  BigInt out;
  out.limbs_ = shift_left_magnitude(a.limbs_, static_cast<std::uint64_t>(bits));
  out.negative_ = a.negative_;
  out.trim();
  return out;
}

BigInt BigInt::shift_right(const BigInt& a, std::int64_t bits) {
  BigInt out;
  bool lost = false;
  out.limbs_ = shift_right_magnitude(a.limbs_, static_cast<std::uint64_t>(bits), lost);
  out.negative_ = a.negative_;
  out.trim();
  if (a.negative_ && lost) out = out - BigInt(1);
  return out;
}

std::optional<double> BigInt::true_divide(const BigInt& a, const BigInt& b) {
  if (a.zero()) return 0.0;
  // Scale so that the integer quotient has at least 66 bits; what remains is sticky.
  const std::int64_t difference = a.bit_length() - b.bit_length();
  if (difference > 1025) return std::nullopt;
  const bool negative = a.negative_ != b.negative_;
  if (difference < -1140) return negative ? -0.0 : 0.0;
  const std::int64_t shift = 66 - difference;
  Limbs numerator = a.limbs_;
  Limbs denominator = b.limbs_;
  if (shift > 0) numerator = shift_left_magnitude(numerator, static_cast<std::uint64_t>(shift));
  if (shift < 0) denominator = shift_left_magnitude(denominator, static_cast<std::uint64_t>(-shift));
  Limbs quotient;
  Limbs remainder;
  divide_magnitude(numerator, denominator, quotient, remainder);
  bool overflow = false;
  const double value = round_to_double(quotient, !remainder.empty(), -shift, overflow);
  if (overflow) return std::nullopt;
  return negative ? -value : value;
}

}  // namespace kedge::pylang
