// What the language needs of the Unicode Character Database (version 14, which Python 3.11 uses).
#pragma once

#include <string>
#include <string_view>

namespace kedge::pylang {

/// May start an identifier (XID_Start, or `_`).
bool is_identifier_start(char32_t c);
/// May continue an identifier (XID_Continue).
bool is_identifier_part(char32_t c);
/// In a name, NFKC may change this character or its neighbours, and normalize_identifier does not know how.
bool may_need_normalization(char32_t c);
/// Has a nonzero combining class: normalisation may reorder it among its like.
bool is_combining(char32_t c);
/// Shown as itself by repr() (str.isprintable).
bool is_printable(char32_t c);

/// The code point at `position` of valid UTF-8 (surrogates in their 3-byte form too), which moves behind it.
char32_t next_code_point(std::string_view text, std::size_t& position);
void append_utf8(std::string& out, char32_t c);

}  // namespace kedge::pylang
