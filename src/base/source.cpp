#include "base/source.h"

#include <algorithm>

#include "base/check.h"

namespace kedge {

SourceId SourceMap::add(std::string path, std::string text) {
  SourceText entry{std::move(path), std::move(text), {0}};
  for (std::uint32_t i = 0; i < entry.text.size(); ++i) {
    if (entry.text[i] == '\n') entry.line_starts.push_back(i + 1);
  }
  texts_.push_back(std::move(entry));
  return static_cast<SourceId>(texts_.size());
}

const SourceText& SourceMap::get(SourceId id) const {
  KEDGE_CHECK(id >= 1 && id <= texts_.size(), "unknown source id");
  return texts_[id - 1];
}

LineColumn SourceMap::line_column(SourceId id, std::uint32_t offset) const {
  const SourceText& source = get(id);
  offset = std::min(offset, static_cast<std::uint32_t>(source.text.size()));
  const auto after = std::upper_bound(source.line_starts.begin(), source.line_starts.end(), offset);
  const std::int64_t line = after - source.line_starts.begin();
  std::int64_t column = 1;
  for (std::uint32_t i = source.line_starts[line - 1]; i < offset; ++i) {
    if ((static_cast<unsigned char>(source.text[i]) & 0xC0) != 0x80) ++column;  // count code points, not bytes
  }
  return {line, column};
}

std::string_view SourceMap::line(SourceId id, std::int64_t line) const {
  const SourceText& source = get(id);
  const std::int64_t lines = static_cast<std::int64_t>(source.line_starts.size());
  if (line < 1 || line > lines) return {};
  const std::size_t begin = source.line_starts[line - 1];
  const std::size_t end = line < lines ? source.line_starts[line] - 1 : source.text.size();
  std::string_view text = std::string_view(source.text).substr(begin, end - begin);
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

}  // namespace kedge
