// Finding modules; see finder.h for the order.
#include "frontends/source/finder.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "formats/file.h"
#include "frontends/source/module_names.h"
#include "frontends/source/notebook.h"
#include "prelude/archive.h"
#include "pylang/stdlib/modules.h"

namespace fs = std::filesystem;

namespace kedge::frontends {

using pylang::ModuleSpec;

namespace {

/// Before the name of a source that is called like a standard module. No identifier holds a colon.
constexpr std::string_view kOwn = "custom:";

std::string replace_dots(std::string_view name) {
  std::string path(name);
  std::replace(path.begin(), path.end(), '.', '/');
  return path;
}

bool is_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}
bool is_folder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_identifier(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c == '_' || c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

}  // namespace

Result<Finder> Finder::make(const FinderOptions& options, const Limits& limits) {
  Finder finder;
  finder.options_ = options;
  finder.limits_ = limits;
  for (const std::string& argument : options.custom) {
    std::error_code error;
    const fs::path path = fs::path(argument).lexically_normal();
    Root root;
    if (is_file(argument)) {
      KEDGE_TRY(root, file_root(argument));
      const auto taken = [&](const std::string& stem) {
        return std::any_of(finder.roots_.begin(), finder.roots_.end(),
                           [&](const Root& other) { return other.explicit_stem == stem; });
      };
      const std::string stem = root.explicit_stem;
      for (int i = 2; taken(root.explicit_stem); ++i) root.explicit_stem = stem + "_" + std::to_string(i);
    } else if (is_folder(argument)) {
      fs::path folder = path;
      if (folder.filename().empty()) folder = folder.parent_path();
      if (is_file((folder / "__init__.py").string())) {
        root.folder = folder.parent_path().empty() ? "." : folder.parent_path().string();
        root.only = folder.filename().string();
        if (root.only == "." || root.only == "..") {
          const fs::path whole = fs::weakly_canonical(folder, error);
          root.folder = whole.parent_path().string();
          root.only = whole.filename().string();
        }
      } else {
        root.folder = folder.string();
      }
    } else {
      return make_error("K0400", "there is no file or folder `" + argument + "`",
                        Location::in("argument --custom " + argument));
    }
    finder.roots_.push_back(std::move(root));
  }
  return finder;
}

Result<Finder::Root> Finder::file_root(const std::string& argument) {
  const fs::path path = fs::path(argument).lexically_normal();
  if (path.extension() != ".py" && !holds_cells(argument)) {
    return make_error(
        "K0400",
        "`" + argument +
            "` is no Python source: --custom takes a .py file, a notebook (.ipynb), a page with Python in "
            "it (.md), a package folder or a folder of modules",
        Location::in("argument --custom " + argument));
  }
  Root root;
  root.folder = path.parent_path().empty() ? "." : path.parent_path().string();
  root.explicit_stem = path.stem().string();
  std::replace(root.explicit_stem.begin(), root.explicit_stem.end(), '.', '_');
  root.explicit_path = argument;
  return root;
}

void Finder::add_native(std::string name, bool (*init)(pylang::Interp&, pylang::Module&, void*), void* context) {
  natives_[std::move(name)] = {init, context};
}

std::optional<std::string> Finder::prelude_text(const std::string& path) const {
  if (!options_.prelude_overlay.empty()) {
    Result<formats::MappedFile> file = formats::map_file(options_.prelude_overlay + "/" + path, limits_);
    if (file.ok()) return std::string(as_text(file->bytes()));
  }
  if (const auto text = prelude::find(path)) return std::string(*text);
  return std::nullopt;
}

std::optional<ModuleSpec> Finder::find_prelude(pylang::Interp& interp, std::string_view name) {
  const std::string_view top = name.substr(0, name.find('.'));
  const std::string_view inside = name.substr(top.size());
  std::string base = (is_prelude_name(top) ? "" : "stdlib/") + replace_dots(name);
  if (top == "keras_core") base = "keras" + replace_dots(inside);  // Keras 3 before its release
  if (top == "tf_keras") base = "tensorflow/keras" + replace_dots(inside);
  for (const bool package : {false, true}) {
    const std::string path = package ? base + "/__init__.py" : base + ".py";
    const std::string key = "prelude:" + path;
    ModuleSpec spec;
    spec.trusted = true;
    spec.is_package = package;
    if (const auto known = loaded_.find(key); known != loaded_.end()) {
      spec.source = known->second;
      return spec;
    }
    if (std::optional<std::string> text = prelude_text(path)) {
      spec.source = interp.sources().add("prelude/" + path, std::move(*text));
      loaded_[key] = spec.source;
      return spec;
    }
  }
  return std::nullopt;
}

std::optional<SourceId> Finder::source_of(SourceMap& sources, const std::string& path) {
  if (const auto known = loaded_.find(path); known != loaded_.end()) return known->second;
  Result<formats::MappedFile> file = formats::map_file(path, limits_);
  if (!file.ok() || static_cast<std::int64_t>(file->bytes().size()) > limits_.source_bytes) return std::nullopt;
  const std::string_view text = as_text(file->bytes());
  const SourceId id = sources.add(path, holds_cells(path) ? python_of_cells(path, text, limits_) : std::string(text));
  loaded_[path] = id;
  return id;
}

namespace {

/// The text of a module whose names a function of the prelude's module `from` answers.
std::string forwarding_text(const std::string& from, const std::string& function, const std::string& arguments) {
  return "from " + from + " import " + function + "\n\n\ndef __getattr__(name):\n    return " + function + "(" +
         arguments + ")\n";
}

/// The text of a module of which no source is there: see prelude/stdlib/_absent.py.
std::string absent_text(std::string_view name, const std::string& inside) {
  return forwarding_text("_absent", "find", "'" + std::string(name) + "', name, " + inside);
}

/// The modules in a folder, as a tuple in the dialect.
std::string modules_in(const std::string& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error); !error && it != fs::directory_iterator(); it.increment(error)) {
    const std::string stem = it->path().stem().string();
    if (is_identifier(stem) && (it->path().extension() == ".py" || it->is_directory(error))) names.insert(stem);
  }
  std::string text = "(";
  for (const std::string& each : names) text += "'" + each + "', ";
  return text + ")";
}

std::optional<CustomModule> module_at(const std::string& folder, std::string_view name) {
  const std::string base = folder + "/" + replace_dots(name);
  if (is_file(base + "/__init__.py")) return CustomModule{std::string(name), base + "/__init__.py", true};
  if (is_file(base + ".py")) return CustomModule{std::string(name), base + ".py", false};
  return std::nullopt;
}

std::string absolute(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  return (error ? fs::path(path) : whole).lexically_normal().string();
}

}  // namespace

// A file lies in packages whose names are those of its folders: `a.b` is looked for beside each folder `a` above it,
// the nearest first.
std::optional<CustomModule> Finder::find_beside(const Root& root, std::string_view name) const {
  const std::string_view top = name.substr(0, name.find('.'));
  std::optional<CustomModule> space;
  for (fs::path at = absolute(root.folder); at.has_relative_path(); at = at.parent_path()) {
    if (at.filename() != top) continue;
    const std::string folder = at.parent_path().string();
    if (std::optional<CustomModule> found = module_at(folder, name)) return found;
    const std::string inside = folder + "/" + replace_dots(name);
    if (!space && is_folder(inside)) space = CustomModule{std::string(name), "", true, inside};
  }
  return space;
}

bool Finder::is_above_file(std::string_view top) const {
  return std::any_of(roots_.begin(), roots_.end(), [&](const Root& root) {
    const fs::path folder = absolute(root.folder);
    return !root.explicit_path.empty() && std::find(folder.begin(), folder.end(), fs::path(top)) != folder.end();
  });
}

bool Finder::is_shadowed(std::string_view name) const {
  const std::string top(name.substr(0, name.find('.')));
  return (is_prelude_name(top) && !is_partial(top)) || pylang::find_native_module(top) ||
         prelude_text("stdlib/" + top + ".py") || prelude_text("stdlib/" + top + "/__init__.py");
}

std::string Finder::import_name(const CustomModule& module) const {
  return is_shadowed(module.name) ? std::string(kOwn) + module.name : module.name;
}

std::optional<CustomModule> Finder::find_custom(std::string_view name) const {
  if (name.starts_with(kOwn)) name.remove_prefix(kOwn.size());
  for (const Root& root : roots_) {
    const std::string_view top = name.substr(0, name.find('.'));
    if (!root.only.empty() && top != root.only) continue;
    if (!root.explicit_stem.empty() && name == root.explicit_stem)
      return CustomModule{std::string(name), root.explicit_path, false};
    if (std::optional<CustomModule> found = module_at(root.folder, name)) return found;
    const std::string base = root.folder + "/" + replace_dots(name);
    if (is_folder(base) && root.only.empty()) return CustomModule{std::string(name), "", true};  // a namespace package
    if (is_folder(base) && name != root.only) return CustomModule{std::string(name), "", true};
  }
  std::optional<CustomModule> space;
  for (const Root& root : roots_) {
    if (root.explicit_path.empty()) continue;
    std::optional<CustomModule> found = find_beside(root, name);
    if (found && !found->path.empty()) return found;
    if (!space) space = std::move(found);
  }
  return space;
}

std::string Finder::package_above(std::string_view path, std::int64_t level) {
  fs::path folder = fs::path(absolute(std::string(path))).parent_path();
  for (std::int64_t i = 1; i < level; ++i) folder = folder.parent_path();
  std::string name = folder.filename().string();
  while (is_file((folder / "__init__.py").string()) && folder.has_parent_path()) {
    folder = folder.parent_path();
    if (is_file((folder / "__init__.py").string())) name = folder.filename().string() + "." + name;
  }
  return name;
}

std::optional<ModuleSpec> Finder::find(pylang::Interp& interp, std::string_view name) {
  const std::string_view top = name.substr(0, name.find('.'));
  if (const auto native = natives_.find(name); native != natives_.end()) {
    ModuleSpec spec;
    spec.kind = ModuleSpec::Kind::native;
    spec.trusted = true;
    spec.init = native->second.init;
    spec.context = native->second.context;
    return spec;
  }
  if (is_prelude_name(top)) {
    std::optional<ModuleSpec> own = find_prelude(interp, name);
    if (own) return own;
    const auto forward = [&](const std::string& function, std::string_view module) {
      ModuleSpec spec;
      spec.trusted = true;
      spec.is_package = true;
      spec.source = interp.sources().add("prelude/<private " + std::string(name) + ">",
                                         forwarding_text("_moved", function, "'" + std::string(module) + "', name"));
      return spec;
    };
    constexpr std::string_view kOfTensorflow = "tensorflow.";
    if (name.starts_with("tensorflow.keras.") && find_prelude(interp, name.substr(kOfTensorflow.size())))
      return forward("of", name.substr(kOfTensorflow.size()));
    if (is_private_module(name)) return forward("find", name);
    if (!is_partial(top)) return own;
  }
  if (std::optional<ModuleSpec> standard = pylang::find_native_module(name)) return standard;
  if (std::optional<ModuleSpec> standard = find_prelude(interp, name)) return standard;
  if (const std::optional<CustomModule> custom = find_custom(name)) {
    ModuleSpec spec;
    spec.is_package = custom->is_package;
    if (custom->path.empty()) {
      const bool above = !custom->folder.empty();
      spec.trusted = above;
      spec.source = interp.sources().add("prelude/<namespace " + custom->name + ">",
                                         above ? absent_text(name, modules_in(custom->folder)) : "");
      return spec;
    }
    const std::optional<SourceId> source = source_of(interp.sources(), custom->path);
    if (!source) {
      (void)interp.refuse("K0400", "cannot read `" + custom->path + "`, or it is larger than " +
                                       std::to_string(limits_.source_bytes) + " bytes");
      return std::nullopt;
    }
    spec.source = *source;
    return spec;
  }
  if (name != top && is_above_file(top)) {  // of a package of which some files are there, a module that was not given
    ModuleSpec spec;
    spec.trusted = true;
    spec.source = interp.sources().add("prelude/<absent " + std::string(name) + ">", absent_text(name, "None"));
    return spec;
  }
  if (is_known_foreign(top)) {
    ModuleSpec spec;
    spec.kind = ModuleSpec::Kind::opaque;
    return spec;
  }
  return std::nullopt;
}

const std::vector<CustomModule>& Finder::custom_modules() {
  if (modules_) return *modules_;
  constexpr std::size_t kMost = 20'000;
  modules_.emplace();
  std::set<std::string> seen;
  const auto add = [&](CustomModule module) {
    if (seen.insert(module.path).second) modules_->push_back(std::move(module));
  };
  for (const Root& root : roots_) {
    if (!root.explicit_path.empty()) {
      add({root.explicit_stem, root.explicit_path, false});
      continue;  // its neighbours are importable, but they are not what was named
    }
    const std::string start = root.only.empty() ? root.folder : root.folder + "/" + root.only;
    std::vector<CustomModule> found;
    std::error_code error;
    std::set<fs::path> entered;  // links are followed, and a folder is entered once
    fs::recursive_directory_iterator it(
        start, fs::directory_options::skip_permission_denied | fs::directory_options::follow_directory_symlink, error);
    for (; !error && it != fs::recursive_directory_iterator() && found.size() < kMost; it.increment(error)) {
      const fs::path path = it->path();
      const std::string leaf = path.filename().string();
      if (it->is_directory(error)) {
        if (leaf.starts_with('.') || leaf == "__pycache__" || leaf.find("dist-info") != std::string::npos ||
            it.depth() > 20 || !entered.insert(fs::weakly_canonical(path, error)).second)
          it.disable_recursion_pending();
        continue;
      }
      if (path.extension() != ".py") continue;
      fs::path relative = path.lexically_relative(root.folder);
      const bool package = leaf == "__init__.py";
      relative = package ? relative.parent_path() : relative.replace_extension();
      std::string name;
      bool importable = true;
      for (const fs::path& part : relative) {
        importable = importable && is_identifier(part.string());
        name += (name.empty() ? "" : ".") + part.string();
      }
      if (importable && !name.empty()) found.push_back({name, path.string(), package});
    }
    std::sort(found.begin(), found.end(), [](const CustomModule& a, const CustomModule& b) { return a.name < b.name; });
    for (CustomModule& module : found) add(std::move(module));
  }
  return *modules_;
}

}  // namespace kedge::frontends
