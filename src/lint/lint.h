// Faults in the sources of custom layers that break a deployment, at the user's own line. Nothing is run: rules look at
// the syntax tree; with a model at hand its evaluation adds what only shapes and weights can tell.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace kedge::lint {

struct LintOptions {
  std::vector<std::string> paths;    ///< .py files and folders
  std::optional<std::string> model;  ///< the model the sources belong to
  std::string from;                  ///< the function that builds the model whose weights `model` holds; or empty
  std::string prelude_folder;        ///< as for loading
  Limits limits;
};

struct Rule {
  std::string_view code;
  std::string_view name;
};
/// The name of a rule's or an error's code ("missing-get-config"); empty when it is no rule of this room.
std::string_view rule_name(std::string_view code);

/// Diagnostics sorted by file and line. Errors only for paths that cannot be read (K0003) or hold no source (K1000).
Result<std::vector<Diagnostic>> lint(const LintOptions& options, SourceMap& sources);

/// What `--fix` writes: the safe fixes of `diagnostics` applied to one source; nullopt when there are none. Overlapping
/// edits are left out.
std::optional<std::string> apply_safe_fixes(const SourceText& source, SourceId id,
                                            const std::vector<Diagnostic>& diagnostics);

}  // namespace kedge::lint
