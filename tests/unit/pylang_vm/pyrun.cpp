// kedge-pyrun [--prelude DIR] [--separator TEXT] file.py...: runs each file as `__main__` in an Interp of its own and
// prints what it printed. An uncaught exception is printed as its last traceback line, `ExceptionType: message`, and
// makes the exit code 1. For the oracle tests.
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "pylang/interp.h"
#include "pylang/stdlib/modules.h"
#include "pylang/vm/impl.h"

using namespace kedge;
using namespace kedge::pylang;

namespace {

bool read_file(const std::string& path, std::string& out) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  std::stringstream buffer;
  buffer << in.rdbuf();
  out = buffer.str();
  return true;
}

/// Modules from the folders given, first hit wins: prelude folders (and their stdlib/) are trusted, the file's own
/// folder is not.
class FolderFinder final : public ModuleFinder {
 public:
  FolderFinder(SourceMap& sources, std::vector<std::string> trusted, std::string own)
      : sources_(sources), trusted_(std::move(trusted)), own_(std::move(own)) {}
  std::optional<ModuleSpec> find(Interp& interp, std::string_view name) override {
    if (native_ != nullptr) {
      if (auto spec = native_(interp, name)) return spec;
    }
    std::string path(name);
    for (char& c : path) c = c == '.' ? '/' : c;
    for (const std::string& root : trusted_) {
      if (auto spec = at(root + "/" + path, true)) return spec;
    }
    return at(own_ + "/" + path, false);
  }
  std::optional<ModuleSpec> (*native_)(Interp&, std::string_view) = [](Interp&, std::string_view name) {
    return find_native_module(name);
  };

 private:
  std::optional<ModuleSpec> at(const std::string& base, bool trusted) {
    for (const bool package : {true, false}) {
      const std::string file = package ? base + "/__init__.py" : base + ".py";
      std::string text;
      if (!read_file(file, text)) continue;
      ModuleSpec spec;
      spec.source = sources_.add(file, std::move(text));
      spec.is_package = package;
      spec.trusted = trusted;
      return spec;
    }
    return std::nullopt;
  }
  SourceMap& sources_;
  std::vector<std::string> trusted_;
  std::string own_;
};

int run_one(const std::string& path, const std::string& prelude, bool lenient) {
  SourceMap sources;
  std::string text;
  if (!read_file(path, text)) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return 2;
  }
  const SourceId source = sources.add(path, std::move(text));
  Limits limits;
  Interp interp(sources, limits);
  std::vector<std::string> trusted;
  if (!prelude.empty()) trusted = {prelude, prelude + "/stdlib"};
  const std::size_t slash = path.rfind('/');
  FolderFinder finder(sources, trusted, slash == std::string::npos ? "." : path.substr(0, slash));
  interp.set_finder(&finder);
  interp.impl().strict_modules = !lenient;
  const Value v = interp.run_source("__main__", source);
  std::fwrite(interp.printed().data(), 1, interp.printed().size(), stdout);
  if (!v.is_error()) return 0;
  if (!interp.is_refused() && interp.pending() != nullptr) {
    ExceptionObject* e = interp.take_pending();
    const std::string name = e->type->module_name == "builtins" || e->type->module_name == "__main__"
                                 ? e->type->qualname
                                 : e->type->module_name + "." + e->type->qualname;
    auto s = interp.str_of(Value::object(e));
    std::printf("%s%s%s\n", name.c_str(), s && !s->empty() ? ": " : "", s ? s->c_str() : "");
    if (auto it = interp.impl().diagnostics.find(e); it != interp.impl().diagnostics.end())
      std::fputs(render(it->second, sources).c_str(), stderr);
    return 1;
  }
  const Error error = interp.take_error();
  std::printf("refused %s: %s\n", error.diagnostic().code.c_str(), error.diagnostic().message.c_str());
  std::fputs(render(error.diagnostic(), sources).c_str(), stderr);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string prelude, separator;
  bool lenient = false;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    if (a == "--prelude" && i + 1 < argc) prelude = argv[++i];
    else if (a == "--separator" && i + 1 < argc) separator = argv[++i];
    else if (a == "--lenient") lenient = true;
    else files.push_back(a);
  }
  int worst = 0;
  for (const std::string& f : files) {
    if (files.size() > 1 || !separator.empty())
      std::printf("%s%s\n", separator.empty() ? "==== " : separator.c_str(), f.c_str());
    const int rc = run_one(f, prelude, lenient);
    if (!separator.empty()) std::printf("%sexit %d\n", separator.c_str(), rc);
    worst = std::max(worst, rc);
    std::fflush(stdout);
  }
  return worst;
}
