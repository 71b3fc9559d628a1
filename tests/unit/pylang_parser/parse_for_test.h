// Shared by the parser's tests: a source, its tree, and the text of either.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include "pylang/parser.h"

namespace kedge::pylang {

struct Parsed {
  SourceMap sources;
  AstArena arena;
  SourceId source;
  Result<Node*> tree;

  explicit Parsed(std::string text, const Limits& limits = {})
      : source(sources.add("test.py", std::move(text))), tree(parse_module(sources, source, limits, arena)) {}

  std::string dumped() const {
    if (tree.ok()) return dump(*tree.value());
    const Diagnostic& d = tree.error().diagnostic();
    return "error " + d.code + ": " + d.message;
  }
  std::int64_t error_line() const {
    return sources.line_column(source, tree.error().diagnostic().primary.location.span.begin).line;
  }
};

inline std::string read_test_file(const std::string& name) {
  std::ifstream file(std::string(KEDGE_TEST_FOLDER) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace kedge::pylang
