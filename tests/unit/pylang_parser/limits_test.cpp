// Hostile shapes end in K0207 (or parse), never in a crash, whatever limits.depth asks for; cost stays linear.
#include <gtest/gtest.h>

#include "parse_for_test.h"

namespace kedge::pylang {
namespace {

std::string repeat(const std::string& piece, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += piece;
  return out;
}

std::vector<std::string> nested(int n) {
  return {
      repeat("(", n) + "1" + repeat(")", n),
      repeat("[", n) + "1" + repeat("]", n),
      repeat("{1:", n) + "1" + repeat("}", n),
      repeat("f(", n) + "1" + repeat(")", n),
      repeat("a[", n) + "1" + repeat("]", n),
      repeat("-", n) + "1",
      repeat("not ", n) + "1",
      repeat("1**", n) + "1",
      repeat("lambda: ", n) + "1",
      repeat("1 if 2 else ", n) + "1",
      repeat("[a for a in ", n) + "1" + repeat("]", n),
      repeat("-(not ", n / 2) + "1" + repeat(")", n / 2),
      repeat("f'{", n) + "1" + repeat("}'", n),
      "f'{a:" + repeat("{b:", n) + repeat("}", n) + "}'",
      "match x:\n case " + repeat("[", n) + "a" + repeat("]", n) + ": pass",
      "with " + repeat("(", n) + "a" + repeat(")", n) + ": pass",
  };
}

std::vector<std::string> chains(int n) {
  return {
      repeat("1+", n) + "1",
      "a" + repeat(".b", n),
      "a" + repeat("()", n),
      "a" + repeat("[0]", n),
      "if a: pass\n" + repeat("elif b: pass\n", n),
  };
}

std::string code_of(const std::string& source, std::int64_t depth) {
  Limits limits;
  limits.depth = depth;
  const Parsed parsed(source + "\n", limits);
  return parsed.tree.ok() ? "ok" : parsed.tree.error().diagnostic().code;
}

TEST(ParserLimits, DepthIsCounted) {
  for (const std::string& source : nested(40)) {
    EXPECT_EQ(code_of(source, 100), "ok") << source.substr(0, 40);
    EXPECT_EQ(code_of(source, 20), "K0207") << source.substr(0, 40);
  }
}

TEST(ParserLimits, DeepNestingIsRefusedWhateverIsAsked) {
  for (const std::string& source : nested(20000)) {
    EXPECT_EQ(code_of(source, 200), "K0207") << source.substr(0, 40);
    EXPECT_EQ(code_of(source, std::int64_t{1} << 40), "K0207") << source.substr(0, 40);
  }
}

TEST(ParserLimits, NestingUpToTheCapFitsTheStack) {
  for (const std::string& source : nested(499)) code_of(source, std::int64_t{1} << 40);
}

TEST(ParserLimits, ChainsAreBoundedToo) {
  for (const std::string& source : chains(300)) EXPECT_EQ(code_of(source, 200), "ok") << source.substr(0, 40);
  for (const std::string& source : chains(100000)) EXPECT_EQ(code_of(source, 200), "K0207") << source.substr(0, 40);
}

TEST(ParserLimits, FlatListsAreNot) {
  EXPECT_EQ(code_of("x = [" + repeat("1, ", 100000) + "]", 200), "ok");
  EXPECT_EQ(code_of(repeat("a or ", 100000) + "a", 200), "ok");
  EXPECT_EQ(code_of(repeat("a < ", 100000) + "a", 200), "ok");
  EXPECT_EQ(code_of(repeat("a = ", 100000) + "a", 200), "ok");
}

TEST(ParserLimits, ManyParametersCostNoQuadraticTime) {
  std::string parameters, keywords;
  for (int i = 0; i < 200000; ++i) {
    parameters += "a" + std::to_string(i) + ",";
    keywords += "a" + std::to_string(i) + "=1,";
  }
  EXPECT_EQ(code_of("def f(" + parameters + "): pass", 200), "ok");
  EXPECT_EQ(code_of("f(" + keywords + ")", 200), "ok");
  EXPECT_EQ(code_of("f(" + keywords + "a77=2)", 200), "K0210");
}

TEST(ParserLimits, NumbersAndSources) {
  EXPECT_EQ(code_of("x = " + repeat("9", 4300), 200), "ok");
  EXPECT_EQ(code_of("x = " + repeat("9", 4301), 200), "K0208");
  EXPECT_EQ(code_of("x = 0x" + repeat("f", 100), 200), "ok");
  EXPECT_EQ(code_of("x = 0x" + repeat("f", 1000000), 200), "K0208");
  Limits limits;
  limits.source_bytes = 10;
  EXPECT_EQ(Parsed("x = 12345678\n", limits).tree.error().diagnostic().code, "K0213");
}

}  // namespace
}  // namespace kedge::pylang
