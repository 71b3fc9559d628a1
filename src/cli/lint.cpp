// kedge lint: deployment faults in the sources of layers.
#include <fmt/format.h>

#include "cli/common.h"
#include "formats/file.h"
#include "formats/json.h"
#include "lint/lint.h"

namespace kedge::cli {
namespace {

using formats::Json;

constexpr OptionSpec kOptions[] = {
    {"--model", "MODEL", "the model the sources belong to; its evaluation finds shape and weight faults too"},
    kFromOption,
    {"--fix", "", "write the fixes that are safe"},
    {"--format", "text|json|sarif|github", "how to print (default text)"},
    kPreludeOption,
};

struct Place {
  std::string file;
  LineColumn begin, end;
};

Place place_of(const Diagnostic& d, const SourceMap& sources) {
  const Span span = d.primary.location.span;
  if (!span.valid()) return {d.primary.location.path, {1, 1}, {1, 1}};
  return {sources.get(span.source).path, sources.line_column(span.source, span.begin),
          sources.line_column(span.source, span.end)};
}

std::string name_of(const Diagnostic& d) {
  const std::string_view name = lint::rule_name(d.code);
  return name.empty() ? "evaluation" : std::string(name);
}

Json fix_json(const Fix& fix, const SourceMap& sources) {
  Json out = Json::make_object();
  out.set("safe", fix.safe);
  out.set("summary", fix.summary);
  Json edits = Json::make_array();
  for (const Edit& edit : fix.edits) {
    const LineColumn begin = sources.line_column(edit.span.source, edit.span.begin);
    const LineColumn end = sources.line_column(edit.span.source, edit.span.end);
    Json entry = Json::make_object();
    entry.set("line", begin.line);
    entry.set("column", begin.column);
    entry.set("end_line", end.line);
    entry.set("end_column", end.column);
    entry.set("text", edit.text);
    edits.push(std::move(entry));
  }
  out.set("edits", std::move(edits));
  return out;
}

std::string as_json(const std::vector<Diagnostic>& found, const SourceMap& sources) {
  Json list = Json::make_array();
  for (const Diagnostic& d : found) {
    const Place place = place_of(d, sources);
    Json entry = Json::make_object();
    entry.set("code", d.code);
    entry.set("name", name_of(d));
    entry.set("severity", severity_name(d.severity));
    entry.set("message", d.message);
    entry.set("file", place.file);
    entry.set("line", place.begin.line);
    entry.set("column", place.begin.column);
    entry.set("end_line", place.end.line);
    entry.set("end_column", place.end.column);
    entry.set("fix", d.fixes.empty() ? Json() : fix_json(d.fixes[0], sources));
    list.push(std::move(entry));
  }
  Json out = Json::make_object();
  out.set("schema_version", 1);
  out.set("diagnostics", std::move(list));
  return write_json(out) + "\n";
}

/// SARIF 2.1.0, the form that code hosts show in reviews.
std::string as_sarif(const std::vector<Diagnostic>& found, const SourceMap& sources) {
  Json results = Json::make_array();
  for (const Diagnostic& d : found) {
    const Place place = place_of(d, sources);
    Json region = Json::make_object();
    region.set("startLine", place.begin.line);
    region.set("startColumn", place.begin.column);
    region.set("endLine", place.end.line);
    region.set("endColumn", place.end.column);
    Json artifact = Json::make_object();
    artifact.set("uri", place.file);
    Json physical = Json::make_object();
    physical.set("artifactLocation", std::move(artifact));
    physical.set("region", std::move(region));
    Json location = Json::make_object();
    location.set("physicalLocation", std::move(physical));
    Json locations = Json::make_array();
    locations.push(std::move(location));
    Json message = Json::make_object();
    message.set("text", d.message);
    Json result = Json::make_object();
    result.set("ruleId", d.code);
    result.set("level", d.severity == Severity::help ? "note" : severity_name(d.severity));
    result.set("message", std::move(message));
    result.set("locations", std::move(locations));
    results.push(std::move(result));
  }
  Json driver = Json::make_object();
  driver.set("name", "kedge");
  Json tool = Json::make_object();
  tool.set("driver", std::move(driver));
  Json run = Json::make_object();
  run.set("tool", std::move(tool));
  run.set("results", std::move(results));
  Json runs = Json::make_array();
  runs.push(std::move(run));
  Json out = Json::make_object();
  out.set("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  out.set("version", "2.1.0");
  out.set("runs", std::move(runs));
  return write_json(out, formats::JsonStyle::indented) + "\n";
}

/// Workflow commands, which a GitHub job turns into annotations. Their text is percent-encoded.
std::string as_github(const std::vector<Diagnostic>& found, const SourceMap& sources) {
  const auto encoded = [](const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '%') out += "%25";
      else if (c == '\n') out += "%0A";
      else if (c == '\r') out += "%0D";
      else out += c;
    }
    return out;
  };
  std::string out;
  for (const Diagnostic& d : found) {
    const Place place = place_of(d, sources);
    const std::string_view level = d.severity == Severity::error     ? "error"
                                   : d.severity == Severity::warning ? "warning"
                                                                     : "notice";
    out += fmt::format("::{} file={},line={},col={},title={}::{}\n", level, place.file, place.begin.line,
                       place.begin.column, d.code, encoded(d.message));
  }
  return out;
}

Result<std::int64_t> write_fixes(const std::vector<Diagnostic>& found, const SourceMap& sources) {
  std::int64_t written = 0;
  for (SourceId id = 1; id <= static_cast<SourceId>(sources.count()); ++id) {
    const std::optional<std::string> fixed = lint::apply_safe_fixes(sources.get(id), id, found);
    if (!fixed) continue;
    KEDGE_TRY_VOID(formats::write_file_atomically(sources.get(id).path, as_bytes(*fixed), formats::Overwrite::yes));
    ++written;
  }
  return written;
}

int run(Context& context, const Options& options) {
  if (options.positional.empty()) return context.fail(usage_error("give the sources to look at: files or folders"));
  const std::string format = options.value_or("--format", "text");
  if (format != "text" && format != "json" && format != "sarif" && format != "github")
    return context.fail(usage_error("there is no format `" + format + "`", "--format"));
  lint::LintOptions wanted;
  wanted.paths = options.positional;
  wanted.model = options.value("--model");
  wanted.from = options.value_or("--from", "");
  if (!wanted.from.empty() && !wanted.model)
    return context.fail(usage_error("--from needs the weights: --model", "--from"));
  wanted.prelude_folder = options.value_or("--prelude", "");
  Result<std::vector<Diagnostic>> found = lint::lint(wanted, context.sources);
  if (!found.ok()) return context.fail(found.error());
  for (const Diagnostic& d : *found) {
    context.errors += d.severity == Severity::error;
    context.warnings += d.severity == Severity::warning;
  }
  if (options.has("--fix")) {
    const Result<std::int64_t> written = write_fixes(*found, context.sources);
    if (!written.ok()) return context.fail(written.error());
    if (format == "text") print_result(fmt::format("fixed {} file{}\n", *written, *written == 1 ? "" : "s"));
  }
  if (format == "json") print_result(as_json(*found, context.sources));
  if (format == "sarif") print_result(as_sarif(*found, context.sources));
  if (format == "github") print_result(as_github(*found, context.sources));
  if (format == "text") {
    for (const Diagnostic& d : *found) print_result(render(d, context.sources) + "\n");
    if (found->empty()) print_result("no faults found\n");
  }
  return context.exit_code();
}

}  // namespace

const Command kLint = {"lint", "PATH... [--model MODEL] [--fix] [--format text|json|sarif|github]",
                       "deployment faults in the sources of layers, at their lines", kOptions, run};

}  // namespace kedge::cli
