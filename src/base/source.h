// Source texts and places in them. A SourceMap owns every text kedge reads for one job; a Span names a piece of one.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace kedge {

/// Index of a source text in its SourceMap. 0 means "no source".
using SourceId = std::uint32_t;

/// A half-open byte range [begin, end) of one source text.
struct Span {
  SourceId source = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool valid() const { return source != 0; }
  friend bool operator==(const Span&, const Span&) = default;
};

/// A position as people count it: line and column from 1, the column in code points.
struct LineColumn {
  std::int64_t line = 1;
  std::int64_t column = 1;
};

/// One text with the path it is shown under.
struct SourceText {
  std::string path;
  std::string text;
  std::vector<std::uint32_t> line_starts;
};

/// Owns source texts; ids stay valid for the life of the map and texts never move.
class SourceMap {
 public:
  SourceId add(std::string path, std::string text);
  const SourceText& get(SourceId id) const;
  std::int64_t count() const { return static_cast<std::int64_t>(texts_.size()); }

  LineColumn line_column(SourceId id, std::uint32_t offset) const;
  /// The text of a line (from 1) without its line break; empty when there is no such line.
  std::string_view line(SourceId id, std::int64_t line) const;

 private:
  std::deque<SourceText> texts_;
};

}  // namespace kedge
