// A dump for comparison with CPython 3.11, beyond those that parser.h promises.
#pragma once

#include <string>

#include "base/source.h"
#include "pylang/ast.h"

namespace kedge::pylang {

/// CPython 3.11 gives the parts of an f-string the place of the whole, later versions their own; hidden leaves both
/// out.
enum class FStringPositions { shown, hidden };
std::string dump_with_positions(const Node& node, const SourceMap& sources, FStringPositions inside);

}  // namespace kedge::pylang
