// The matcher's bounds: what the comparison with CPython (tests/oracle/stdlib/re_all.py) cannot see.
#include "pylang/stdlib/regex.h"

#include <gtest/gtest.h>

namespace kedge::pylang::regex {
namespace {

TEST(Regex, ExponentialPatternStopsAtItsBudget) {
  SyntaxFault fault;
  const std::optional<Program> program = compile(U"(a|aa)+$", 0, fault);
  ASSERT_TRUE(program.has_value());
  std::vector<std::int64_t> spans;
  std::int32_t last_group = 0;
  std::int64_t steps = 100'000;
  const std::u32string text = std::u32string(60, U'a') + U"b";
  EXPECT_EQ(run(*program, text, 0, 61, Mode::match, false, spans, last_group, steps), Outcome::too_long);
}

TEST(Regex, RepetitionThatWouldFillMemoryIsRefused) {
  SyntaxFault fault;
  EXPECT_FALSE(compile(U"((a{1000}){1000}){1000}", 0, fault).has_value());
  EXPECT_EQ(fault.message, "pattern too large");
}

TEST(Regex, NestingIsBounded) {
  SyntaxFault fault;
  EXPECT_FALSE(compile(std::u32string(100'000, U'('), 0, fault).has_value());
}

TEST(Regex, LongTextNeedsNoNativeStack) {
  SyntaxFault fault;
  const std::optional<Program> program = compile(U"(?:a|b)*c", 0, fault);
  ASSERT_TRUE(program.has_value());
  const std::u32string text = std::u32string(1'000'000, U'a') + U"c";
  std::vector<std::int64_t> spans;
  std::int32_t last_group = 0;
  std::int64_t steps = 50'000'000;
  EXPECT_EQ(
      run(*program, text, 0, static_cast<std::int64_t>(text.size()), Mode::match, false, spans, last_group, steps),
      Outcome::found);
  EXPECT_EQ(spans[1], 1'000'001);
}

}  // namespace
}  // namespace kedge::pylang::regex
