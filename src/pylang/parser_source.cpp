// Encoding of a source file (Python Language Reference, "Encoding declarations") and normal form of its names.
#include "pylang/parser_source.h"

#include <algorithm>
#include <cstring>

#include "pylang/unicode_tables.h"

namespace kedge::pylang {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The first byte that is not valid UTF-8, or npos. Overlong forms and surrogates are not valid.
std::size_t find_invalid_utf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t size = text.size();
  std::size_t i = 0;
  while (i < size) {
    if (bytes[i] < 0x80) {
      ++i;
      continue;
    }
    const unsigned char lead = bytes[i];
    const std::size_t length = lead >= 0xC2 && lead < 0xE0   ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || i + length > size) return i;
    for (std::size_t j = 1; j < length; ++j) {
      if ((bytes[i + j] & 0xC0) != 0x80) return i;
    }
    const unsigned char second = bytes[i + 1];
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second > 0x8F))
      return i;
    i += length;
  }
  return std::string_view::npos;
}

/// The name in `# -*- coding: NAME -*-`, lower case with `-` for `_`; empty when the line has none.
std::string cookie(std::string_view line) {
  const std::size_t hash = line.find_first_not_of(" \t\f");
  if (hash == std::string_view::npos || line[hash] != '#') return {};
  std::size_t at = line.find("coding");
  for (; at != std::string_view::npos; at = line.find("coding", at + 1)) {
    std::size_t i = at + 6;
    if (i >= line.size() || (line[i] != ':' && line[i] != '=')) continue;
    ++i;
    while (i < line.size() && (line[i] == ' ' || line[i] == '\t')) ++i;
    std::string name;
    for (; i < line.size(); ++i) {
      const char c = line[i];
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_' || c == '.';
      if (!letter) break;
      name += c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    if (!name.empty()) return name;
  }
  return {};
}

std::string declared_encoding(std::string_view text) {
  for (int line = 0; line < 2; ++line) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view first = text.substr(0, end);
    std::string name = cookie(first);
    if (!name.empty()) return name;
    const std::size_t content = first.find_first_not_of(" \t\f");
    if (content != std::string_view::npos && first[content] != '#') return {};  // code: the second line does not count
    if (end >= text.size()) return {};
    text.remove_prefix(end + (text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n' ? 2 : 1));
  }
  return {};
}

}  // namespace

SourceEncoding detect_encoding(std::string_view raw) {
  SourceEncoding out;
  if (raw.substr(0, 3) == kByteOrderMark) out.start = 3;
  const auto fail = [&](const char* why, std::size_t at) {
    out.error = why;
    out.error_at = at;
    return out;
  };
  if (const void* nul = std::memchr(raw.data(), 0, raw.size())) {
    return fail("source code cannot contain null bytes",
                static_cast<std::size_t>(static_cast<const char*>(nul) - raw.data()));
  }
  const std::string name = declared_encoding(raw.substr(out.start));
  const auto is = [&](std::string_view prefix) {
    return name == prefix || name.substr(0, prefix.size() + 1) == std::string(prefix) + "-";
  };
  if (out.start != 0 && !name.empty() && !is("utf-8"))
    return fail("the coding cookie contradicts the byte order mark", 0);  // "utf8" too, as CPython
  const bool utf8 = name.empty() || is("utf-8") || name == "utf8" || name == "utf" || name == "u8" || name == "ascii" ||
                    name == "us-ascii";
  if (is("latin-1") || is("iso-8859-1") || is("iso-latin-1") || name == "latin1" || name == "iso8859-1" ||
      name == "l1") {
    out.latin1 = true;
    return out;
  }
  if (!utf8) return fail("unsupported source encoding (UTF-8, ASCII and Latin-1 are supported)", 0);
  const std::size_t invalid = find_invalid_utf8(raw.substr(out.start));
  if (invalid != std::string_view::npos) return fail("source is not valid UTF-8", invalid + out.start);
  if (name == "ascii" || name == "us-ascii") {
    const auto high =
        std::find_if(raw.begin(), raw.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (high != raw.end() && out.start == 0)
      return fail("source is declared ASCII but is not", static_cast<std::size_t>(high - raw.begin()));
  }
  return out;
}

std::string latin1_to_utf8(std::string_view raw) {
  std::string out;
  out.reserve(raw.size() + raw.size() / 8);
  for (const char c : raw) append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

Utf8ToLatin1::Utf8ToLatin1(std::string_view raw) {
  std::uint32_t position = 0;
  for (const char c : raw) {
    const bool wide = static_cast<unsigned char>(c) >= 0x80;
    position += wide ? 2 : 1;
    if (wide) wide_.push_back(position);
  }
}

std::uint32_t Utf8ToLatin1::operator()(std::uint32_t offset) const {
  return offset - static_cast<std::uint32_t>(std::upper_bound(wide_.begin(), wide_.end(), offset) - wide_.begin());
}

std::optional<std::string> normalize_identifier(std::string_view name) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string out;
  std::size_t i = 0;
  bool after_combining = false;
  while (i < name.size()) {
    const char32_t c = next_code_point(name, i);
    const bool combining = is_combining(c);
    if (combining && after_combining) return std::nullopt;  // their order may have to change
    after_combining = combining;
    if (c == 0xAA) out += 'a';
    else if (c == 0xBA) out += 'o';
    else if (c == 0xB5) append_utf8(out, 0x3BC);
    else if (c >= 0xFF01 && c <= 0xFF5E) append_utf8(out, c - 0xFF01 + 0x21);   // fullwidth forms
    else if (c >= 0x1D400 && c < 0x1D6A4) out += kLetters[(c - 0x1D400) % 52];  // mathematical letters
    else if (c >= 0x1D7CE && c <= 0x1D7FF) out += static_cast<char>('0' + (c - 0x1D7CE) % 10);
    else if (c == 0xFB01) out += "fi";
    else if (c == 0xFB02) out += "fl";
    else if (may_need_normalization(c)) return std::nullopt;
    else append_utf8(out, c);
  }
  return out;
}

}  // namespace kedge::pylang
