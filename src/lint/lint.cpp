#include "lint/lint.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "frontends/load_model.h"
#include "lint/rules.h"

namespace kedge::lint {
namespace {

using RuleFn = void (*)(const Modules&, const SourceMap&, Found&);
constexpr std::array<RuleFn, 5> kRules = {missing_get_config, argument_missing_from_config, class_not_registered,
                                          sublayer_not_tracked, missing_import};

constexpr std::array<Rule, 5> kNames = {{
    {"K1001", "missing-get-config"},
    {"K1002", "argument-missing-from-config"},
    {"K1003", "class-not-registered"},
    {"K1004", "sublayer-not-tracked"},
    {"K1005", "missing-import"},
}};

/// The .py files of the given paths, sorted, hidden folders left out.
Result<std::vector<std::string>> source_files(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      out.push_back(path);
      continue;
    }
    const std::size_t before = out.size();
    for (auto at = std::filesystem::recursive_directory_iterator(
             path, std::filesystem::directory_options::skip_permission_denied, error);
         at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
      if (at->path().filename().string().starts_with('.')) {
        at.disable_recursion_pending();
        continue;
      }
      if (at->is_regular_file(error) && at->path().extension() == ".py") out.push_back(at->path().string());
    }
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
    if (out.size() == before)
      return make_error("K1000", "there is no Python source in `" + path + "`", Location::in("argument " + path));
  }
  return out;
}

/// A source may have been read twice: by the rules and by the evaluation. Places are moved to the first reading.
void unify_sources(Found& found, const SourceMap& sources, SourceId own_count) {
  const auto move = [&](Span& span) {
    if (span.source <= own_count) return;
    for (SourceId id = 1; id <= own_count; ++id) {
      std::error_code error;
      if (sources.get(id).path == sources.get(span.source).path ||
          std::filesystem::equivalent(sources.get(id).path, sources.get(span.source).path, error))
        span.source = id;
    }
  };
  for (Diagnostic& d : found) {
    move(d.primary.location.span);
    for (Label& label : d.secondary) move(label.location.span);
  }
}

/// What evaluation found in the model's file stands at the user's own line when it names one: a label in the sources,
/// or a method in the message
/// ("Proj.__init__() missing 1 required positional argument").
void prefer_source_places(Found& found, const Modules& modules, SourceId own_count) {
  const auto own = [&](const Label& label) {
    return label.location.span.valid() && label.location.span.source <= own_count;
  };
  for (Diagnostic& d : found) {
    if (own(d.primary)) continue;
    const auto label = std::find_if(d.secondary.begin(), d.secondary.end(), own);
    if (label != d.secondary.end()) {
      std::swap(d.primary, *label);
      continue;
    }
    for (const auto& module : modules) {
      for (const ClassFacts& cls : module->classes) {
        for (const auto& [name, method] : cls.methods) {
          if (d.message.find(" " + cls.name + "." + name + "()") == std::string::npos) continue;
          d.secondary.insert(d.secondary.begin(), d.primary);
          d.primary = {Location::at(method->name_span), "takes other arguments than the model gives"};
        }
      }
    }
  }
}

}  // namespace

std::string_view rule_name(std::string_view code) {
  for (const Rule& rule : kNames) {
    if (rule.code == code) return rule.name;
  }
  return {};
}

Diagnostic make_finding(std::string code, Severity severity, std::string message, Span place, std::string label) {
  Diagnostic out;
  out.code = std::move(code);
  out.severity = severity;
  out.message = std::move(message);
  out.primary = {Location::at(place), std::move(label)};
  return out;
}

std::string indentation_at(const SourceMap& sources, Span place) {
  const std::string_view line = sources.line(place.source, sources.line_column(place.source, place.begin).line);
  const std::size_t end = line.find_first_not_of(" \t");
  return std::string(line.substr(0, end == std::string_view::npos ? line.size() : end));
}

Result<std::vector<Diagnostic>> lint(const LintOptions& options, SourceMap& sources) {
  Found found;
  KEDGE_TRY(const std::vector<std::string> files, source_files(options.paths));
  KEDGE_TRY(const Modules modules, collect_facts(files, options.limits, sources, found));
  const auto own_count = static_cast<SourceId>(sources.count());
  for (const RuleFn rule : kRules) rule(modules, sources, found);
  const bool parsed =
      std::all_of(found.begin(), found.end(), [](const Diagnostic& d) { return !d.code.starts_with("K02"); });
  if (options.model && parsed) {
    frontends::LoadOptions load;
    load.custom = options.paths;
    load.from = options.from;
    load.prelude_folder = options.prelude_folder;
    load.limits = options.limits;
    Result<frontends::LoadedModel> model = frontends::load_model(*options.model, load, sources);
    if (!model.ok()) {
      found.push_back(model.error().diagnostic());
    } else {
      found.insert(found.end(), model->diagnostics.begin(), model->diagnostics.end());
    }
    unify_sources(found, sources, own_count);
    prefer_source_places(found, modules, own_count);
  }
  std::stable_sort(found.begin(), found.end(), [](const Diagnostic& a, const Diagnostic& b) {
    const Span& x = a.primary.location.span;
    const Span& y = b.primary.location.span;
    return std::tie(x.source, x.begin) < std::tie(y.source, y.begin);
  });
  return found;
}

std::optional<std::string> apply_safe_fixes(const SourceText& source, SourceId id,
                                            const std::vector<Diagnostic>& diagnostics) {
  std::vector<Edit> edits;
  for (const Diagnostic& diagnostic : diagnostics) {
    for (const Fix& fix : diagnostic.fixes) {
      if (!fix.safe) continue;
      for (const Edit& edit : fix.edits) {
        if (edit.span.source == id) edits.push_back(edit);
      }
    }
  }
  if (edits.empty()) return std::nullopt;
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit& a, const Edit& b) { return a.span.begin < b.span.begin; });
  std::string out;
  std::uint32_t at = 0;
  for (const Edit& edit : edits) {
    if (edit.span.begin < at) continue;  // overlaps one before it
    out.append(source.text, at, edit.span.begin - at);
    out += edit.text;
    at = edit.span.end;
  }
  out.append(source.text, at);
  return out;
}

}  // namespace kedge::lint
