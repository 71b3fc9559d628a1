#include <algorithm>
#include <array>
#include <filesystem>

#include "lint/rules.h"

namespace kedge::lint {
namespace {

// What a Keras environment has: Python's standard library is told by its names, the rest are Keras' own requirements.
constexpr std::array<std::string_view, 6> kPresent = {"keras", "tensorflow", "tf_keras", "numpy", "h5py", "absl"};

// Python Standard Library, "Python Module Index" (3.11), top-level names that sources of layers may import.
constexpr std::array<std::string_view, 110> kStandardLibrary = {
    "__future__",  "abc",          "argparse",     "array",
    "ast",         "asyncio",      "atexit",       "base64",
    "binascii",    "bisect",       "builtins",     "bz2",
    "calendar",    "cmath",        "codecs",       "collections",
    "colorsys",    "concurrent",   "configparser", "contextlib",
    "contextvars", "copy",         "copyreg",      "csv",
    "ctypes",      "dataclasses",  "datetime",     "decimal",
    "difflib",     "dis",          "email",        "enum",
    "errno",       "faulthandler", "fileinput",    "fnmatch",
    "fractions",   "ftplib",       "functools",    "gc",
    "getpass",     "glob",         "graphlib",     "gzip",
    "hashlib",     "heapq",        "hmac",         "html",
    "http",        "importlib",    "inspect",      "io",
    "itertools",   "json",         "keyword",      "linecache",
    "locale",      "logging",      "lzma",         "marshal",
    "math",        "mimetypes",    "mmap",         "multiprocessing",
    "numbers",     "operator",     "os",           "pathlib",
    "pickle",      "pkgutil",      "platform",     "pprint",
    "profile",     "queue",        "random",       "re",
    "reprlib",     "sched",        "secrets",      "select",
    "shlex",       "shutil",       "signal",       "site",
    "socket",      "sqlite3",      "stat",         "statistics",
    "string",      "struct",       "subprocess",   "sys",
    "sysconfig",   "tarfile",      "tempfile",     "textwrap",
    "threading",   "time",         "timeit",       "token",
    "tokenize",    "traceback",    "types",        "typing",
    "unicodedata", "unittest",     "urllib",       "uuid",
    "warnings",    "weakref"};

constexpr std::array<std::string_view, 6> kMoreStandardLibrary = {"xml",      "zipfile",           "zlib",
                                                                  "zoneinfo", "typing_extensions", "__main__"};

bool known(std::string_view top) {
  const auto in = [&](const auto& names) { return std::find(names.begin(), names.end(), top) != names.end(); };
  return in(kPresent) || in(kStandardLibrary) || in(kMoreStandardLibrary);
}

/// `helper` or `.helper` beside the importing file, or further up for more dots; folders count (namespace packages).
bool beside(const ModuleFacts& module, std::string name) {
  std::filesystem::path folder = std::filesystem::path(module.path).parent_path();
  std::size_t dots = 0;
  while (dots < name.size() && name[dots] == '.') ++dots;
  for (std::size_t i = 1; i < dots; ++i) folder = folder / "..";
  name.erase(0, dots);
  if (name.empty()) return true;
  std::replace(name.begin(), name.end(), '.', '/');
  std::error_code error;
  return std::filesystem::exists(folder / (name + ".py"), error) || std::filesystem::is_directory(folder / name, error);
}

bool among(const Modules& modules, const std::string& name) {
  const std::string file = name.substr(name.rfind('.') + 1) + ".py";
  return std::any_of(modules.begin(), modules.end(),
                     [&](const auto& module) { return std::filesystem::path(module->path).filename() == file; });
}

/// Inside a package its own name is importable: `from mylib.norm import x` in mylib/blocks/gated.py.
bool own_package(const ModuleFacts& module, std::string_view top) {
  for (std::filesystem::path folder = std::filesystem::absolute(module.path).parent_path(); folder.has_filename();
       folder = folder.parent_path()) {
    std::error_code error;
    if (!std::filesystem::exists(folder / "__init__.py", error)) return false;
    if (folder.filename() == top) return true;
  }
  return false;
}

}  // namespace

void missing_import(const Modules& modules, const SourceMap&, Found& found) {
  for (const auto& module : modules) {
    for (const ImportFacts& import : module->imports) {
      const bool relative = import.module.starts_with('.');
      const std::string top = import.module.substr(0, import.module.find('.'));
      if (import.guarded || (!relative && known(top)) || beside(*module, relative ? import.module : top) ||
          among(modules, import.module) || own_package(*module, top))
        continue;
      const std::string what = "`" + import.module + "` is imported" + (import.used ? "" : " but not used");
      Diagnostic finding = make_finding(
          "K1005", import.used ? Severity::error : Severity::warning,
          what + (relative ? ", and there is no such file beside this one"
                           : ", and it is neither part of Python, Keras or TensorFlow nor beside this file"),
          import.span, relative ? "not among the sources" : "missing where only Keras is installed");
      finding.help.push_back(relative      ? "give its file too: --custom takes files, packages and folders"
                             : import.used ? "give its source with --custom, or do without it in the layer"
                                           : "remove the import");
      found.push_back(std::move(finding));
    }
  }
}

}  // namespace kedge::lint
