#include "base/diagnostic.h"

#include <algorithm>
#include <vector>

namespace kedge {
namespace {

/// The line as a terminal may show it: control bytes, and bytes that are no UTF-8, become `?` (a source must not
/// command a terminal).
std::string printable(std::string_view line) {
  std::string out(line);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    if (byte < 0x80) {
      if ((byte < 0x20 && byte != '\t') || byte == 0x7F) out[i] = '?';
      continue;
    }
    const std::size_t length = byte >= 0xF0 && byte < 0xF5   ? 4
                               : byte >= 0xE0 && byte < 0xF0 ? 3
                               : byte >= 0xC2 && byte < 0xE0 ? 2
                                                             : 0;
    bool whole = length > 0 && i + length <= out.size();
    for (std::size_t k = 1; whole && k < length; ++k) whole = (static_cast<unsigned char>(out[i + k]) & 0xC0) == 0x80;
    if (whole) i += length - 1;
    else out[i] = '?';
  }
  return out;
}

constexpr std::size_t kLongestExcerpt = 160;  ///< characters of a line that are shown
constexpr std::size_t kBeforeCaret = 40;      ///< of them before the caret, when the line is cut
constexpr std::string_view kCut = "…";

/// Part of a line around a caret: characters are bytes of UTF-8 with their continuations.
struct Excerpt {
  std::string text;
  std::string indent;      ///< what stands under the characters before the caret
  std::size_t carets = 1;  ///< characters to mark
};

/// `column` counts characters from 0. A line longer than kLongestExcerpt is cut on both sides.
Excerpt cut_around(std::string_view line, std::size_t column, std::size_t width) {
  std::vector<std::string_view> characters;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t next = i + 1;
    while (next < line.size() && (static_cast<unsigned char>(line[next]) & 0xC0) == 0x80) ++next;
    characters.push_back(line.substr(i, next - i));
    i = next;
  }
  const bool whole = characters.size() <= kLongestExcerpt;
  const std::size_t latest = whole ? 0 : characters.size() - kLongestExcerpt;
  const std::size_t first = std::min(column > kBeforeCaret ? column - kBeforeCaret : 0, latest);
  const std::size_t last = std::min(first + kLongestExcerpt, characters.size());
  Excerpt out;
  if (first > 0) {
    out.text = kCut;
    out.indent = " ";
  }
  for (std::size_t i = first; i < last; ++i) {
    out.text += characters[i];
    if (i < column) out.indent += characters[i] == "\t" ? '\t' : ' ';
  }
  if (last < characters.size()) out.text += kCut;
  out.carets = std::max<std::size_t>(1, std::min(width, last > column ? last - column : 1));
  return out;
}

/// The excerpt with a caret line under the labelled span.
void append_excerpt(std::string& out, const Label& label, const SourceMap& sources) {
  const Span span = label.location.span;
  const LineColumn start = sources.line_column(span.source, span.begin);
  const LineColumn stop = sources.line_column(span.source, std::max(span.begin, span.end));
  const std::string text = printable(sources.line(span.source, start.line));
  const std::int64_t width =
      stop.line == start.line ? stop.column - start.column : static_cast<std::int64_t>(text.size()) - start.column + 1;
  const Excerpt excerpt = cut_around(text, static_cast<std::size_t>(start.column - 1),
                                     static_cast<std::size_t>(std::max<std::int64_t>(1, width)));
  const std::string number = std::to_string(start.line);
  const std::string gutter(number.size(), ' ');
  out += gutter + " |\n";
  out += number + " | " + excerpt.text + "\n";
  out += gutter + " | " + excerpt.indent + std::string(excerpt.carets, '^');
  if (!label.text.empty()) out += " " + label.text;
  out += "\n" + gutter + " |\n";
}

void append_label(std::string& out, const Label& label, const SourceMap& sources, std::string_view arrow) {
  if (label.location.empty()) return;
  out += "  " + std::string(arrow) + " " + render_place(label.location, sources);
  if (label.location.span.valid()) {
    out += "\n";
    append_excerpt(out, label, sources);
    return;
  }
  if (!label.text.empty()) out += "  (" + label.text + ")";
  out += "\n";
}

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
    case Severity::help: return "help";
  }
  return "error";
}

std::string render_place(const Location& location, const SourceMap& sources) {
  if (!location.span.valid()) return location.path;
  const LineColumn at = sources.line_column(location.span.source, location.span.begin);
  return sources.get(location.span.source).path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string render(const Diagnostic& diagnostic, const SourceMap& sources) {
  std::string out(severity_name(diagnostic.severity));
  out += "[" + diagnostic.code + "]: " + diagnostic.message + "\n";
  append_label(out, diagnostic.primary, sources, "-->");
  for (const Label& label : diagnostic.secondary) append_label(out, label, sources, ":::");
  for (const std::string& note : diagnostic.notes) out += "note: " + note + "\n";
  for (const std::string& help : diagnostic.help) out += "help: " + help + "\n";
  for (const Fix& fix : diagnostic.fixes) out += "help: " + fix.summary + (fix.safe ? " (--fix does it)" : "") + "\n";
  return out;
}

}  // namespace kedge
