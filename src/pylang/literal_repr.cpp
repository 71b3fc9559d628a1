#include "pylang/literal_repr.h"

#include <array>
#include <charconv>
#include <cmath>

#include "pylang/unicode_tables.h"

namespace kedge::pylang {

void append_float_repr(std::string& out, double value, bool point_zero) {
  if (std::isnan(value)) {
    out += "nan";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-inf" : "inf";
    return;
  }
  std::array<char, 40> buffer;
  const std::to_chars_result end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  if (text[0] == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  int exponent = 0;
  const bool plus = text[e + 1] == '+';
  std::from_chars(text.data() + e + 1 + (plus ? 1 : 0), text.data() + text.size(), exponent);
  if (exponent < -4 || exponent >= 16) {
    out += text;  // to_chars writes the exponent as repr() does: a sign and two digits at least
    return;
  }
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  const int count = static_cast<int>(digits.size());
  if (exponent < 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-exponent - 1), '0');
    out += digits;
  } else if (count <= exponent + 1) {
    out += digits;
    out.append(static_cast<std::size_t>(exponent + 1 - count), '0');
    if (point_zero) out += ".0";
  } else {
    out.append(digits, 0, static_cast<std::size_t>(exponent) + 1);
    out += '.';
    out.append(digits, static_cast<std::size_t>(exponent) + 1, std::string::npos);
  }
}

namespace {

constexpr char kHex[] = "0123456789abcdef";

void append_hex(std::string& out, char letter, char32_t value, int digits) {
  out += '\\';
  out += letter;
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += kHex[(value >> shift) & 0xF];
}

char pick_quote(std::string_view text) {
  return text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos ? '"' : '\'';
}

/// The escapes that str and bytes share; false when `c` is none of them.
bool append_common_escape(std::string& out, char32_t c, char quote) {
  switch (c) {
    case '\n': out += "\\n"; return true;
    case '\r': out += "\\r"; return true;
    case '\t': out += "\\t"; return true;
    case '\\': out += "\\\\"; return true;
    default: break;
  }
  if (c != static_cast<char32_t>(quote)) return false;
  out += '\\';
  out += quote;
  return true;
}

}  // namespace

void append_str_repr(std::string& out, std::string_view text) {
  const char quote = pick_quote(text);
  out += quote;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t begin = i;
    const char32_t c = next_code_point(text, i);
    if (append_common_escape(out, c, quote)) continue;
    if (is_printable(c)) out.append(text, begin, i - begin);
    else if (c < 0x100) append_hex(out, 'x', c, 2);
    else if (c < 0x10000) append_hex(out, 'u', c, 4);
    else append_hex(out, 'U', c, 8);
  }
  out += quote;
}

void append_bytes_repr(std::string& out, std::string_view bytes) {
  const char quote = pick_quote(bytes);
  out += 'b';
  out += quote;
  for (const char byte : bytes) {
    const char32_t c = static_cast<unsigned char>(byte);
    if (append_common_escape(out, c, quote)) continue;
    if (c < 0x20 || c >= 0x7F) append_hex(out, 'x', c, 2);
    else out += byte;
  }
  out += quote;
}

}  // namespace kedge::pylang
