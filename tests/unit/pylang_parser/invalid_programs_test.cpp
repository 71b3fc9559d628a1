// Every program of invalid_programs.txt is rejected with its code at its line.
#include <gtest/gtest.h>

#include <sstream>

#include "parse_for_test.h"

namespace kedge::pylang {
namespace {

struct Invalid {
  std::string code;
  std::int64_t line = 0;
  std::string source;
};

std::vector<Invalid> load_invalid_programs() {
  std::vector<Invalid> programs;
  std::istringstream file(read_test_file("invalid_programs.txt"));
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind("=== ", 0) == 0) {
      std::istringstream header(line.substr(4));
      programs.emplace_back();
      header >> programs.back().code >> programs.back().line;
    } else if (!programs.empty()) {
      programs.back().source += line + "\n";
    }
  }
  return programs;
}

TEST(InvalidPrograms, AreRejectedWithCodeAndLine) {
  const std::vector<Invalid> programs = load_invalid_programs();
  ASSERT_GE(programs.size(), 80u);
  for (const Invalid& program : programs) {
    const Parsed parsed(program.source);
    if (parsed.tree.ok()) {
      ADD_FAILURE() << "accepted:\n" << program.source;
      continue;
    }
    EXPECT_EQ(parsed.tree.error().diagnostic().code, program.code) << program.source << parsed.dumped();
    EXPECT_EQ(parsed.error_line(), program.line) << program.source << parsed.dumped();
  }
}

TEST(InvalidPrograms, NameEncodingFaults) {
  EXPECT_EQ(Parsed("x = '\xFF'\n").dumped(), "error K0206: source is not valid UTF-8");
  EXPECT_EQ(Parsed(std::string("x = 1\0\n", 7)).dumped(), "error K0206: source code cannot contain null bytes");
  EXPECT_EQ(Parsed("# coding: klingon\n").dumped(),
            "error K0206: unsupported source encoding (UTF-8, ASCII and Latin-1 are supported)");
  EXPECT_EQ(Parsed("# coding: ascii\nx = '\xC3\xA9'\n").dumped(), "error K0206: source is declared ASCII but is not");
}

TEST(InvalidPrograms, PointAtTheToken) {
  const Parsed parsed("def f(a):\n    return a b\n");
  ASSERT_FALSE(parsed.tree.ok());
  const Span span = parsed.tree.error().diagnostic().primary.location.span;
  EXPECT_EQ(span.begin, 23u);
  EXPECT_EQ(span.end, 24u);
}

}  // namespace
}  // namespace kedge::pylang
