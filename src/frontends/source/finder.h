// Where modules come from: the prelude (keras, tensorflow, numpy and the standard library always), native modules of
// C++, then the user's sources. A `.py` file (or a notebook, or a Markdown page: see notebook.h) makes its own folder
// importable, and every folder that it lies in by that folder's name, as they are when its repository is an import
// root; a package folder is importable by its name, any other folder is an import root. Files are read when they are
// first imported.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "pylang/interp.h"

namespace kedge::frontends {

struct FinderOptions {
  std::vector<std::string> custom;  ///< --custom paths, in order
  std::string prelude_overlay;      ///< --prelude DIR, or empty
};

/// A module of the user's sources.
struct CustomModule {
  std::string name;  ///< dotted
  std::string path;
  bool is_package = false;
  std::string folder = {};  ///< of a folder above a named file, which has no source of its own
};

class Finder final : public pylang::ModuleFinder {
 public:
  /// K0400: a --custom path that does not exist or is neither a source file nor a folder.
  static Result<Finder> make(const FinderOptions& options, const Limits& limits);

  std::optional<pylang::ModuleSpec> find(pylang::Interp& interp, std::string_view name) override;

  std::string package_above(std::string_view path, std::int64_t level) override;

  /// Registers a module written in C++ under an absolute name.
  void add_native(std::string name, bool (*init)(pylang::Interp&, pylang::Module&, void*), void* context);

  /// True when `import name` means the prelude or the standard library, so that a source of that name needs another.
  bool is_shadowed(std::string_view name) const;
  /// The name by which a module of the user's sources is imported: its own, or one that no import statement can write
  /// when it is shadowed.
  std::string import_name(const CustomModule& module) const;
  /// The module a dotted name means in the user's sources.
  std::optional<CustomModule> find_custom(std::string_view name) const;
  /// Every module below the custom roots, sorted by root and name; bounded. Named files first.
  const std::vector<CustomModule>& custom_modules();
  const std::vector<std::string>& custom_paths() const { return options_.custom; }
  /// The text of a file, added to the source map once. nullopt: unreadable or too large.
  std::optional<SourceId> source_of(SourceMap& sources, const std::string& path);

 private:
  struct Root {
    std::string folder;
    std::string only;           ///< a package root: the only top-level name importable from it
    std::string explicit_stem;  ///< the module that a file argument names; no two roots have one
    std::string explicit_path;
  };
  static Result<Root> file_root(const std::string& argument);
  std::optional<CustomModule> find_beside(const Root& root, std::string_view name) const;
  bool is_above_file(std::string_view top) const;
  std::optional<pylang::ModuleSpec> find_prelude(pylang::Interp& interp, std::string_view name);
  std::optional<std::string> prelude_text(const std::string& path) const;

  FinderOptions options_;
  Limits limits_;
  std::vector<Root> roots_;
  struct Native {
    bool (*init)(pylang::Interp&, pylang::Module&, void*);
    void* context;
  };
  std::map<std::string, Native, std::less<>> natives_;
  std::map<std::string, SourceId, std::less<>> loaded_;
  std::optional<std::vector<CustomModule>> modules_;
};

}  // namespace kedge::frontends
