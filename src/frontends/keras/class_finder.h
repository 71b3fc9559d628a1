// Which class a configuration means: by module path and name, then by registered name (read from the decorators'
// tokens, nothing is executed), then by a unique name among the user's sources. Several candidates are tried one after
// the other by whole loads.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontends/load_model.h"
#include "frontends/source/finder.h"
#include "pylang/ast.h"

namespace kedge::frontends {

/// A class or function at the top level of a source.
struct Definition {
  CustomModule module;
  std::string name;
  std::vector<std::string> registered;  ///< "Custom>Name", from literal decorators
  Span span;
};

class ClassFinder {
 public:
  ClassFinder(Finder& finder, const Limits& limits) : finder_(finder), limits_(limits) {}

  /// The class or function object, None when nothing fits, error when an exception or refusal is pending.
  pylang::Value find(pylang::Interp& interp, const std::string& module, const std::string& name,
                     const std::string& registered_name);
  /// K0401: where it was looked for, and what is close; the syntax error of a source that has the name, if there is
  /// one.
  pylang::Value refuse_missing(pylang::Interp& interp, const std::string& module, const std::string& name,
                               const std::string& registered_name);

  /// Which candidate to take where several fit, by key; missing keys take the first.
  std::map<std::string, std::size_t> choices;
  struct Ambiguity {
    std::string name;
    std::vector<Definition> candidates;
  };
  std::map<std::string, Ambiguity> ambiguities;
  std::vector<ClassFact> facts;
  std::map<std::string, Span> shadowed;  ///< modules named like standard ones that a class came from, by path

 private:
  std::vector<Definition> definitions(pylang::Interp& interp, std::string_view name, std::string_view registered_tail);
  pylang::Value load(pylang::Interp& interp, const Definition& definition, const std::string& registered_name,
                     const char* found_by);

  Finder& finder_;
  Limits limits_;
  std::map<std::string, pylang::Value> found_;
  std::optional<Diagnostic> unreadable_;  ///< why the first source that mentions a class could not be parsed
};

}  // namespace kedge::frontends
