// repr() of text, bytes and floats, byte for byte as CPython writes it.
#pragma once

#include <string>
#include <string_view>

namespace kedge::pylang {

/// repr(float); `point_zero` adds ".0" to a whole number (repr of a complex part has none).
void append_float_repr(std::string& out, double value, bool point_zero);
/// repr(str) of UTF-8 text (a lone surrogate in its 3-byte form).
void append_str_repr(std::string& out, std::string_view text);
/// repr(bytes).
void append_bytes_repr(std::string& out, std::string_view bytes);

}  // namespace kedge::pylang
