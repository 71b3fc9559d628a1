// BigInt against identities that hold for any numbers, over a seeded stream of operands of many sizes.
#include "pylang/bigint.h"

#include <gtest/gtest.h>

#include <random>

namespace kedge::pylang {
namespace {

BigInt random_big(std::mt19937_64& random) {
  BigInt out(static_cast<std::int64_t>(random()));
  const int parts = static_cast<int>(random() % 6);
  for (int i = 0; i < parts; ++i)
    out =
        BigInt::shift_left(out, static_cast<std::int64_t>(random() % 70)) + BigInt(static_cast<std::int64_t>(random()));
  if (random() % 8 == 0)
    out = BigInt::shift_left(BigInt(1), static_cast<std::int64_t>(random() % 300)) -
          BigInt(static_cast<std::int64_t>(random() % 3));
  return random() % 2 == 0 ? out : -out;
}

TEST(BigInt, DivisionRebuildsTheDividendAndFloors) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const BigInt a = random_big(random);
    const BigInt b = random_big(random);
    if (b.zero()) continue;
    BigInt q;
    BigInt r;
    BigInt::divmod(a, b, q, r);
    ASSERT_EQ(q * b + r, a);
    ASSERT_TRUE(r.zero() || r.negative() == b.negative());
    ASSERT_LT(compare(b.negative() ? -r : r, b.negative() ? -b : b), 0);
  }
}

TEST(BigInt, TextRoundTripsInEveryBase) {
  std::mt19937_64 random(8);
  for (int i = 0; i < 3000; ++i) {
    const BigInt a = random_big(random);
    const int base = 2 + static_cast<int>(random() % 35);
    std::string text = a.to_string(base);
    const bool negative = text[0] == '-';
    if (negative) text.erase(0, 1);
    const std::optional<BigInt> back = BigInt::parse(text, base);
    ASSERT_TRUE(back.has_value());
    ASSERT_EQ(negative ? -*back : *back, a);
  }
}

TEST(BigInt, BitOperationsFollowTwosComplement) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 5000; ++i) {
    const BigInt a = random_big(random);
    const BigInt b = random_big(random);
    ASSERT_EQ(BigInt::bit_and(a, b) + BigInt::bit_or(a, b), a + b);
    ASSERT_EQ(BigInt::bit_xor(a, b), BigInt::bit_or(a, b) - BigInt::bit_and(a, b));
    const auto shift = static_cast<std::int64_t>(random() % 130);
    BigInt q;
    BigInt r;
    BigInt::divmod(a, BigInt::shift_left(BigInt(1), shift), q, r);
    ASSERT_EQ(BigInt::shift_right(a, shift), q);
  }
}

TEST(BigInt, ConversionToDoubleRoundsHalfToEven) {
  const BigInt base = BigInt::shift_left(BigInt(1), 53);
  EXPECT_EQ(*(base + BigInt(1)).to_double(), 9007199254740992.0);
  EXPECT_EQ(*(base + BigInt(3)).to_double(), 9007199254740996.0);
  EXPECT_EQ(*BigInt::true_divide(BigInt(1), BigInt(3)), 1.0 / 3.0);
  EXPECT_FALSE(BigInt::shift_left(BigInt(1), 1024).to_double().has_value());
  EXPECT_EQ(*BigInt::true_divide(BigInt::shift_left(BigInt(1), 2000), BigInt::shift_left(BigInt(3), 1999)), 2.0 / 3.0);
}

TEST(BigInt, SmallEnds) {
  EXPECT_EQ(*BigInt(INT64_MIN).to_int64(), INT64_MIN);
  EXPECT_FALSE((-BigInt(INT64_MIN)).to_int64().has_value());
  EXPECT_EQ(BigInt(0).to_string(), "0");
  EXPECT_EQ(BigInt(-1).hash(), static_cast<std::uint64_t>(-2));
  EXPECT_FALSE(BigInt::parse("12a", 10).has_value());
}

}  // namespace
}  // namespace kedge::pylang
