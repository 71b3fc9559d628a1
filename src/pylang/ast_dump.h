// Details of the dump that parser.h does not promise to everyone: repr() of constants, and a dump for comparison with CPython 3.11.
#pragma once

#include <string>
#include <string_view>

#include "pylang/ast.h"

namespace kedge::pylang {

/// repr(float); `point_zero` adds ".0" to a whole number (repr of a complex part has none).
void append_float_repr(std::string& out, double value, bool point_zero);
/// repr(str) of UTF-8 text (a lone surrogate in its 3-byte form).
void append_str_repr(std::string& out, std::string_view text);
/// repr(bytes).
void append_bytes_repr(std::string& out, std::string_view bytes);

/// CPython 3.11 gives the parts of an f-string the place of the whole, later versions their own; hidden leaves both out.
enum class FStringPositions { shown, hidden };
std::string dump_with_positions(const Node& node, const SourceMap& sources, FStringPositions inside);

}  // namespace kedge::pylang
