// A diagnostic is data: a stable code, a message, places, notes and help. Only cli/ prints one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace kedge {

enum class Severity { error, warning, note, help };

std::string_view severity_name(Severity severity);

/// Where something is. At most one of the two parts is meaningful:
/// a span in a source text, or a textual path such as `model.keras › config.json › layers[3]` (a place in a model file,
/// a graph node, or a command-line argument such as `argument --shape`).
struct Location {
  Span span;
  std::string path;

  static Location at(Span span) { return {span, {}}; }
  static Location in(std::string path) { return {{}, std::move(path)}; }
  bool empty() const { return !span.valid() && path.empty(); }
};

/// A place with a word about it.
struct Label {
  Location location;
  std::string text;
};

/// Replace the bytes of `span` by `text`.
struct Edit {
  Span span;
  std::string text;
};

/// What would mend the fault; `safe` means that it does not change what the model computes.
struct Fix {
  std::string summary;
  bool safe = false;
  std::vector<Edit> edits;
};

struct Diagnostic {
  std::string code;  ///< "K0312"
  Severity severity = Severity::error;
  std::string message;  ///< one terse sentence, no final full stop
  Label primary;
  std::vector<Label> secondary;
  std::vector<std::string> notes;
  std::vector<std::string> help;
  std::vector<Fix> fixes;
};

/// Renders as the command line shows it (see docs/diagnostics.md), without colours, ending in a line break.
std::string render(const Diagnostic& diagnostic, const SourceMap& sources);

/// `my_layers.py:41:13`, or the path of a location that is not in a source.
std::string render_place(const Location& location, const SourceMap& sources);

}  // namespace kedge
