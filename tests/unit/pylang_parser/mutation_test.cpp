// Broken sources end in a tree or a diagnostic whose spans lie inside the text. Seeded, so a failure repeats; the
// sanitizer builds give it its teeth.
#include <gtest/gtest.h>

#include <cstdint>

#include "parse_for_test.h"
#include "pylang/ast_walk.h"

namespace kedge::pylang {
namespace {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>((state_ >> 33) % bound);
  }

 private:
  std::uint64_t state_;
};

constexpr const char* kPieces[] = {
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ";",
    ".",
    "...",
    "->",
    ":=",
    "=",
    "!",
    "!r",
    "*",
    "**",
    "@",
    "\\",
    "\\\n",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\f",
    " ",
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "f'",
    "f\"{",
    "rb'",
    "f'''{",
    "#",
    "0",
    "0x",
    "1e",
    "1_",
    "1j",
    "\\N{",
    "\\x",
    "\\u12",
    "\xC3",
    "\xC3\xA9",
    "\xF0\x9F\x98\x80",
    "\xEF\xBB\xBF",
    " if ",
    " else ",
    " for ",
    " in ",
    " not ",
    " is ",
    " lambda ",
    " async ",
    " await ",
    " yield ",
    " match ",
    " case ",
    " type ",
    " import ",
    " from ",
    "def ",
    "class ",
    "with ",
    "try:",
    "except ",
    "finally:",
    "global ",
    "del ",
    "return ",
    "print ",
    "/",
    "<>",
    "`",
    "$",
    "~",
    "-",
};

std::string mutate(std::string text, Random& random) {
  const std::size_t edits = 1 + random.below(4);
  for (std::size_t i = 0; i < edits; ++i) {
    const std::size_t at = random.below(text.size() + 1);
    switch (random.below(6)) {
      case 0: text.erase(at, 1 + random.below(12)); break;
      case 1: text.insert(at, kPieces[random.below(std::size(kPieces))]); break;
      case 2: text.insert(at, 1, static_cast<char>(random.below(256))); break;
      case 3: text.insert(at, text.substr(random.below(text.size() + 1), random.below(40))); break;
      case 4: text.resize(at); break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(random.below(128));
    }
  }
  return text;
}

void check(const std::string& text) {
  Parsed parsed(text);
  const auto inside = [&](Span span) { return span.begin <= span.end && span.end <= text.size() + 1; };
  if (!parsed.tree.ok()) {
    const Diagnostic& d = parsed.tree.error().diagnostic();
    ASSERT_EQ(d.code.substr(0, 3), "K02");
    ASSERT_TRUE(inside(d.primary.location.span)) << text;
    return;
  }
  for_each_node(*parsed.tree, [&](Node* node) { ASSERT_TRUE(inside(node->span)) << text; });
  ASSERT_FALSE(dump_with_positions(**parsed.tree, parsed.sources).empty());
}

TEST(ParserMutations, NeverCrash) {
  const std::string sample = read_test_file("sample.py");
  ASSERT_GT(sample.size(), 2000u);
  std::vector<std::string> seeds;  // one per blank-line-separated paragraph, and the whole
  for (std::size_t begin = 0; begin < sample.size();) {
    const std::size_t end = std::min(sample.find("\n\n", begin), sample.size());
    seeds.push_back(sample.substr(begin, end - begin) + "\n");
    begin = end + 2;
  }
  seeds.push_back(sample);
  Random random(20240607);
  for (int round = 0; round < 30000; ++round) {
    check(mutate(seeds[random.below(round % 100 == 0 ? seeds.size() : seeds.size() - 1)], random));
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(ParserMutations, EveryPrefixOfTheSample) {
  const std::string sample = read_test_file("sample.py");
  for (std::size_t size = 0; size <= sample.size(); size += 3) {
    check(sample.substr(0, size));
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(ParserMutations, TheSampleItselfParses) {
  const Parsed parsed(read_test_file("sample.py"));
  EXPECT_TRUE(parsed.tree.ok()) << parsed.dumped();
}

}  // namespace
}  // namespace kedge::pylang
