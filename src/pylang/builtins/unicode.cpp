// Lookup in the range tables, and UTF-8.
#include "pylang/builtins/unicode.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "pylang/builtins/numbers.h"
#include "pylang/builtins/support.h"
#include "pylang/builtins/unicode_ranges.h"
#include "pylang/unicode_tables.h"

namespace kedge::pylang {
namespace unicode {
namespace {

template <std::size_t n>
bool within(const Range (&ranges)[n], std::uint32_t c) {
  const Range* after = std::upper_bound(std::begin(ranges), std::end(ranges), c,
                                        [](std::uint32_t value, const Range& r) { return value < r.first; });
  return after != std::begin(ranges) && c <= after[-1].last;
}
template <std::size_t n>
std::uint32_t mapped(const CaseRun (&runs)[n], std::uint32_t c) {
  for (const CaseRun& run : runs) {
    if (c >= run.first && c <= run.last && (c - run.first) % run.stride == 0)
      return static_cast<std::uint32_t>(static_cast<std::int64_t>(c) + run.delta);
  }
  return c;
}
bool ascii_between(std::uint32_t c, char a, char b) {
  return c >= static_cast<std::uint32_t>(a) && c <= static_cast<std::uint32_t>(b);
}

}  // namespace

bool is_printable(std::uint32_t c) { return pylang::is_printable(static_cast<char32_t>(c)); }
bool is_alpha(std::uint32_t c) {
  return c < 0x80 ? ascii_between(c, 'a', 'z') || ascii_between(c, 'A', 'Z') : within(kAlphabetic, c);
}
int decimal_value(std::uint32_t c) {
  if (c < 0x80) return ascii_between(c, '0', '9') ? static_cast<int>(c - '0') : -1;
  const std::uint32_t* after = std::upper_bound(std::begin(kDecimalZeros), std::end(kDecimalZeros), c);
  return after != std::begin(kDecimalZeros) && c - after[-1] < 10 ? static_cast<int>(c - after[-1]) : -1;
}
bool is_decimal(std::uint32_t c) { return decimal_value(c) >= 0; }
bool is_digit(std::uint32_t c) { return c < 0x80 ? ascii_between(c, '0', '9') : within(kDigit, c); }
bool is_numeric(std::uint32_t c) { return c < 0x80 ? ascii_between(c, '0', '9') : within(kNumeric, c); }
bool is_space(std::uint32_t c) {
  return (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}
bool is_lower(std::uint32_t c) { return c < 0x80 ? ascii_between(c, 'a', 'z') : within(kLowercase, c); }
bool is_upper(std::uint32_t c) { return c < 0x80 ? ascii_between(c, 'A', 'Z') : within(kUppercase, c); }
std::uint32_t to_upper(std::uint32_t c) {
  return c < 0x80 ? (ascii_between(c, 'a', 'z') ? c - 32 : c) : mapped(kToUpper, c);
}
std::uint32_t to_lower(std::uint32_t c) {
  return c < 0x80 ? (ascii_between(c, 'A', 'Z') ? c + 32 : c) : mapped(kToLower, c);
}

std::u32string upper(std::u32string_view text) {
  std::u32string out;
  for (const char32_t c : text) {
    if (c == 0xDF) out += U"SS";
    else if (c == 0x149) out += U"\u02BCN";
    else if (c >= 0xFB00 && c <= 0xFB06)
      out += std::array<const char32_t*, 7>{U"FF", U"FI", U"FL", U"FFI", U"FFL", U"ST", U"ST"}[c - 0xFB00];
    else out += static_cast<char32_t>(to_upper(c));
  }
  return out;
}
std::u32string lower(std::u32string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c == 0x130) {
      out += U"i\u0307";
    } else if (c == 0x3A3) {  // sigma: final form at the end of a word
      const bool before = i > 0 && is_alpha(text[i - 1]);
      const bool after = i + 1 < text.size() && is_alpha(text[i + 1]);
      out += before && !after ? U'\u03C2' : U'\u03C3';
    } else {
      out += static_cast<char32_t>(to_lower(c));
    }
  }
  return out;
}
std::u32string casefold(std::u32string_view text) {
  std::u32string out;
  for (const char32_t c : text) {
    if (c == 0xDF || c == 0x1E9E) out += U"ss";
    else if (c == 0x3C2) out += U'\u03C3';
    else if (c == 0xB5) out += U'\u03BC';
    else if (c == 0x130) out += U"i\u0307";
    else if (c == 0x17F) out += U's';
    else if (c >= 0xFB00 && c <= 0xFB06)
      out += std::array<const char32_t*, 7>{U"ff", U"fi", U"fl", U"ffi", U"ffl", U"st", U"st"}[c - 0xFB00];
    else out += static_cast<char32_t>(to_lower(c));
  }
  return out;
}

}  // namespace unicode

std::u32string decode_utf8(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    std::size_t count = lead < 0x80 ? 1 : (lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4));
    if (i + count > utf8.size()) count = utf8.size() - i;
    std::uint32_t c = count == 1 ? lead : lead & (0xFFu >> (count + 1));
    for (std::size_t k = 1; k < count; ++k) c = (c << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3Fu);
    out += static_cast<char32_t>(c);
    i += count;
  }
  return out;
}

std::string encode_utf8(std::uint32_t c) {
  std::string out;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
  return out;
}
std::string encode_utf8(std::u32string_view code_points) {
  std::string out;
  out.reserve(code_points.size());
  for (const char32_t c : code_points) {
    if (c < 0x80) out += static_cast<char>(c);
    else out += encode_utf8(static_cast<std::uint32_t>(c));
  }
  return out;
}

namespace {
void append_escape(std::string& out, std::uint32_t c) {
  constexpr const char* kDigits = "0123456789abcdef";
  const int digits = c < 0x100 ? 2 : (c < 0x10000 ? 4 : 8);
  out += digits == 2 ? "\\x" : (digits == 4 ? "\\u" : "\\U");
  for (int i = digits - 1; i >= 0; --i) out += kDigits[(c >> (4 * i)) & 15];
}
}  // namespace

std::string ascii_escape(std::string_view utf8) {
  std::string out;
  for (const char32_t c : decode_utf8(utf8)) {
    if (c < 0x80) out += static_cast<char>(c);
    else append_escape(out, c);
  }
  return out;
}

std::string str_repr(std::string_view utf8) {
  const bool single = utf8.find('\'') != std::string_view::npos;
  const char quote = single && utf8.find('"') == std::string_view::npos ? '"' : '\'';
  std::string out(1, quote);
  for (const char32_t c : decode_utf8(utf8)) {
    if (c == static_cast<char32_t>(quote) || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (unicode::is_printable(c)) {
      out += encode_utf8(static_cast<std::uint32_t>(c));
    } else {
      append_escape(out, c);
    }
  }
  return out + quote;
}

std::string bytes_repr(std::string_view data) {
  const char quote = data.find('\'') != std::string_view::npos && data.find('"') == std::string_view::npos ? '"' : '\'';
  std::string out = "b";
  out += quote;
  for (const char ch : data) {
    const auto c = static_cast<unsigned char>(ch);
    if (ch == quote || ch == '\\') {
      out += '\\';
      out += ch;
    } else if (ch == '\n') {
      out += "\\n";
    } else if (ch == '\r') {
      out += "\\r";
    } else if (ch == '\t') {
      out += "\\t";
    } else if (c < 0x20 || c >= 0x7F) {
      append_escape(out, c);
    } else {
      out += ch;
    }
  }
  return out + quote;
}

std::string_view strip_space(std::string_view utf8) {
  const auto width_at = [&](std::size_t i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t n = lead < 0x80 ? 1 : (lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4));
    return std::min(n, utf8.size() - i);
  };
  while (!utf8.empty()) {
    const std::size_t n = width_at(0);
    if (!unicode::is_space(decode_utf8(utf8.substr(0, n))[0])) break;
    utf8.remove_prefix(n);
  }
  while (!utf8.empty()) {
    std::size_t begin = utf8.size() - 1;
    while (begin > 0 && (static_cast<unsigned char>(utf8[begin]) & 0xC0) == 0x80) --begin;
    if (!unicode::is_space(decode_utf8(utf8.substr(begin))[0])) break;
    utf8.remove_suffix(utf8.size() - begin);
  }
  return utf8;
}

std::string ascii_digits(std::string_view utf8) {
  std::string out;
  for (const char32_t c : decode_utf8(utf8)) {
    const int digit = c < 0x80 ? -1 : unicode::decimal_value(c);
    if (digit >= 0) out += static_cast<char>('0' + digit);
    else if (c >= 0x80 && unicode::is_space(c)) out += ' ';
    else out += encode_utf8(static_cast<std::uint32_t>(c));
  }
  return out;
}

}  // namespace kedge::pylang
