// Positions in a Str: code points for Python, bytes for us.
#pragma once

#include <cstdint>
#include <string_view>

#include "pylang/objects.h"

namespace kedge::pylang {

/// Byte offset of a code point index (0 … length).
inline std::size_t byte_offset(const Str& text, std::int64_t index) {
  if (text.ascii()) return static_cast<std::size_t>(index);
  std::size_t at = 0;
  while (index > 0 && at < text.text.size()) {
    ++at;
    while (at < text.text.size() && (static_cast<unsigned char>(text.text[at]) & 0xC0) == 0x80) ++at;
    --index;
  }
  return at;
}
/// Code point index of a byte offset.
inline std::int64_t code_point_index(const Str& text, std::size_t offset) {
  if (text.ascii()) return static_cast<std::int64_t>(offset);
  std::int64_t count = 0;
  for (std::size_t i = 0; i < offset; ++i) count += (static_cast<unsigned char>(text.text[i]) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace kedge::pylang
