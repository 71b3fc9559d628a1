// Reading the cells of notebooks and Markdown pages; see notebook.h.
#include "frontends/source/notebook.h"

#include <vector>

#include "base/text.h"
#include "formats/json.h"
#include "pylang/parser.h"

namespace kedge::frontends {

using formats::Json;

namespace {

/// A line of code and the line of the file that it stands in (from 0).
struct CodeLine {
  std::size_t at;
  std::string text;
};
using Cell = std::vector<CodeLine>;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t from = 0; from < text.size();) {
    std::size_t end = text.find('\n', from);
    if (end == std::string_view::npos) end = text.size();
    std::string_view line = text.substr(from, end - from);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    from = end + 1;
  }
  return lines;
}

std::size_t indentation(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first == std::string_view::npos ? line.size() : first;
}

/// A command to the notebook or the shell, not to Python. (A line may begin with `%` inside an expression, too: such a
/// cell parses as it stands, and is left as it is.)
bool is_command(std::string_view line) {
  const std::string_view rest = line.substr(indentation(line));
  if (rest.starts_with('%') || rest.starts_with('!') || rest.starts_with('?')) return true;
  const std::size_t equals = rest.find('=');  // files = !ls
  if (equals == std::string_view::npos || equals + 1 >= rest.size()) return false;
  const std::string_view value = rest.substr(equals + 1 + indentation(rest.substr(equals + 1)));
  return value.starts_with('!') || (value.starts_with('%') && value.size() > 1 && value[1] != '=');
}

bool is_python(const Cell& cell, const Limits& limits) {
  std::string text;
  for (const CodeLine& line : cell) text += line.text + "\n";
  SourceMap sources;
  pylang::AstArena arena;
  return pylang::parse_module(sources, sources.add("cell", std::move(text)), limits, arena).ok();
}

/// The source of all cells that are Python.
std::string join_cells(std::vector<Cell>& cells, const Limits& limits) {
  std::vector<std::string> out;
  for (Cell& cell : cells) {
    if (!is_python(cell, limits)) {
      for (CodeLine& line : cell) {
        if (is_command(line.text)) line.text = line.text.substr(0, indentation(line.text)) + "pass";
      }
      if (!is_python(cell, limits)) continue;
    }
    for (CodeLine& line : cell) {
      if (line.at >= out.size()) out.resize(line.at + 1);
      out[line.at] = std::move(line.text);
    }
  }
  return join(out, "\n") + "\n";
}

/// Fenced blocks that say they are Python: ```python … ```.
std::vector<Cell> markdown_cells(std::string_view text) {
  std::vector<Cell> cells;
  const std::vector<std::string_view> lines = lines_of(text);
  std::string fence;  // of the open block; empty outside
  std::size_t margin = 0;
  bool python = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view rest = lines[i].substr(indentation(lines[i]));
    const bool marks = rest.starts_with("```") || rest.starts_with("~~~");
    if (fence.empty()) {
      if (!marks) continue;
      const std::size_t length = rest.find_first_not_of(rest[0]);
      fence = std::string(rest.substr(0, length));
      margin = indentation(lines[i]);
      std::string_view language = length == std::string_view::npos ? "" : rest.substr(length);
      language = language.substr(indentation(language));
      if (language.starts_with('{')) language = language.substr(language.starts_with("{.") ? 2 : 1);
      language = language.substr(0, language.find_first_of(" \t{}:,;"));
      python = language == "python" || language == "py" || language == "python3" || language == "Python";
      if (python) cells.emplace_back();
    } else if (marks && rest.starts_with(fence) && rest.find_first_not_of(rest[0]) == std::string_view::npos) {
      fence.clear();
      python = false;
    } else if (python) {
      cells.back().push_back({i, std::string(lines[i].substr(std::min(margin, indentation(lines[i]))))});
    }
  }
  return cells;
}

/// The text of a cell: one string, or a list of lines.
std::string cell_source(const Json& cell) {
  const Json* source = cell.find("source");
  if (source == nullptr) source = cell.find("input");  // notebooks before version 4
  if (source == nullptr) return "";
  if (source->is_string()) return source->as_string();
  std::string text;
  if (source->is_array()) {
    for (const Json& line : source->array()) {
      if (line.is_string()) text += line.as_string();
    }
  }
  return text;
}

std::string_view trimmed(std::string_view line) {
  line = line.substr(indentation(line));
  while (line.ends_with(' ') || line.ends_with(',') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Gives each line of code the line of the file that holds it as a JSON string; false: it is not written that way.
bool place_lines(std::vector<Cell>& cells, std::string_view text, const Limits& limits) {
  const std::vector<std::string_view> lines = lines_of(text);
  std::size_t next = 0;
  for (Cell& cell : cells) {
    for (CodeLine& line : cell) {
      for (;; ++next) {
        if (next >= lines.size()) return false;
        const std::string_view written = trimmed(lines[next]);
        if (!written.starts_with('"') || !written.ends_with('"') || written.size() + 2 < line.text.size()) continue;
        const Result<Json> string = formats::parse_json(written, limits, "");
        if (!string.ok() || !string->is_string()) continue;
        std::string_view value = string->as_string();
        if (value.ends_with('\n')) value.remove_suffix(1);
        if (value == line.text) break;
      }
      line.at = next++;
    }
  }
  return true;
}

std::vector<Cell> notebook_cells(std::string_view text, const Limits& limits) {
  const Result<Json> notebook = formats::parse_json(text, limits, "");
  if (!notebook.ok()) return {};
  const Json* list = notebook->find("cells");
  if (list == nullptr) {
    const Json* sheets = notebook->find("worksheets");  // version 3
    if (sheets != nullptr && sheets->is_array() && !sheets->array().empty()) list = sheets->array()[0].find("cells");
  }
  if (list == nullptr || !list->is_array()) return {};
  std::vector<Cell> cells;
  std::size_t count = 0;
  for (const Json& described : list->array()) {
    const Json* type = described.find("cell_type");
    if (type == nullptr || !type->is_string() || type->as_string() != "code") continue;
    const std::string source = cell_source(described);
    Cell cell;
    for (const std::string_view line : lines_of(source)) cell.push_back({count++, std::string(line)});
    cells.push_back(std::move(cell));
  }
  std::vector<Cell> placed = cells;
  return place_lines(placed, text, limits) ? placed : cells;
}

}  // namespace

bool holds_cells(std::string_view path) { return path.ends_with(".ipynb") || path.ends_with(".md"); }

std::string python_of_cells(std::string_view path, std::string_view text, const Limits& limits) {
  std::vector<Cell> cells = path.ends_with(".md") ? markdown_cells(text) : notebook_cells(text, limits);
  return join_cells(cells, limits);
}

}  // namespace kedge::frontends
