// Source text to syntax tree. Accepts the grammar of Python 3.8 to 3.13 (a construct of any of these versions is
// accepted).
#pragma once

#include "base/limits.h"
#include "base/result.h"
#include "pylang/ast.h"

namespace kedge::pylang {

/// Parses a whole file. The source must be in `sources`. Errors: K02xx with the span CPython's SyntaxError would blame
/// (wording is ours). Nesting is bounded by limits.depth (at most 500), and the height of the tree by ten times that,
/// so code that walks a tree may recurse. Inside f-strings spans are the true ones, as CPython has them from 3.12 on.
/// What CPython refuses only after parsing (`return` outside a function, a lone `*x`) is accepted here, except repeated
/// parameter and keyword names.
Result<Node*> parse_module(const SourceMap& sources, SourceId source, const Limits& limits, AstArena& arena);

/// Parses one expression (for tests and `eval`-like uses). The result is an Expression node.
Result<Node*> parse_expression(const SourceMap& sources, SourceId source, const Limits& limits, AstArena& arena);

/// `ast.dump(tree, indent=None, include_attributes=False)` of CPython 3.11, byte for byte.
std::string dump(const Node& node);

/// The same with line and column (UTF-8 bytes) attributes, as `include_attributes=True` prints them.
std::string dump_with_positions(const Node& node, const SourceMap& sources);

}  // namespace kedge::pylang
