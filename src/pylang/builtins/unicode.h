// Questions about code points.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kedge::pylang::unicode {

bool is_printable(std::uint32_t c);
bool is_alpha(std::uint32_t c);
bool is_decimal(std::uint32_t c);
bool is_digit(std::uint32_t c);
bool is_numeric(std::uint32_t c);
bool is_space(std::uint32_t c);
bool is_lower(std::uint32_t c);
bool is_upper(std::uint32_t c);
inline bool is_alnum(std::uint32_t c) { return is_alpha(c) || is_numeric(c); }
/// Value of a decimal digit, or -1.
int decimal_value(std::uint32_t c);
/// Simple (one to one) mappings.
std::uint32_t to_upper(std::uint32_t c);
std::uint32_t to_lower(std::uint32_t c);
/// Full mappings of a text, with the common one-to-many cases (sharp s, ligatures).
std::u32string upper(std::u32string_view text);
std::u32string lower(std::u32string_view text);
std::u32string casefold(std::u32string_view text);

}  // namespace kedge::pylang::unicode
