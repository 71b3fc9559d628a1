// Runs a Python file in the dialect with numpy at hand and prints what it prints: the other half of
// tests/oracle/test_numpy.py. An uncaught exception prints as a diagnostic on stderr, exit code 1.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "formats/file.h"
#include "frontends/source/finder.h"
#include "frontends/source/ndarray/numpy.h"
#include "frontends/source/session.h"
#include "frontends/source/tracer.h"

int main(int argc, char** argv) {
  using namespace kedge;
  if (argc != 2) {
    std::fprintf(stderr, "usage: kedge-nprun FILE.py\n");
    return 2;
  }
  SourceMap sources;
  Result<formats::MappedFile> file = formats::map_file(argv[1]);
  frontends::FinderOptions options;
  if (const char* folder = std::getenv("KEDGE_PRELUDE")) options.prelude_overlay = folder;
  Result<frontends::Finder> finder = frontends::Finder::make(options, {});
  if (!file.ok() || !finder.ok()) {
    std::fprintf(stderr, "%s", render((file.ok() ? finder.error() : file.error()).diagnostic(), sources).c_str());
    return 1;
  }
  finder->add_native("_numpy", frontends::init_numpy_module, nullptr);
  frontends::Session session;
  pylang::Interp interp(sources, Limits{});
  interp.host = &session;
  frontends::Tracer tracer(interp, "no model");
  session.tracer = &tracer;
  finder->add_native("_kedge", frontends::init_kedge_module, nullptr);
  interp.set_finder(&*finder);
  const SourceId id = sources.add(argv[1], std::string(as_text(file->bytes())));
  const pylang::Value result = interp.run_source("__main__", id);
  std::fwrite(interp.printed().data(), 1, interp.printed().size(), stdout);
  if (result.is_error()) {
    std::fprintf(stderr, "%s", render(interp.take_error().diagnostic(), sources).c_str());
    return 1;
  }
  return 0;
}
