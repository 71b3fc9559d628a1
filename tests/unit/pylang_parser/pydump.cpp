// kedge-pydump: prints the syntax tree of Python files, one line each, for comparison with CPython's ast.dump.
//   kedge-pydump [--positions] [--quiet] FILE...      without FILE the names are read from stdin, one a line
// A line is `OK <tab> FILE <tab> DUMP` or `ERR <tab> FILE <tab> LINE <tab> COLUMN <tab> CODE <tab> MESSAGE`.
// --positions prints places too, but not inside f-strings, where CPython 3.11 differs. --quiet parses only.
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "pylang/ast_dump.h"
#include "pylang/parser.h"

namespace {

using namespace kedge;

bool read_file(const std::string& path, std::string& out) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  char buffer[1 << 16];
  std::size_t got;
  while ((got = std::fread(buffer, 1, sizeof buffer, file)) > 0) out.append(buffer, got);
  std::fclose(file);
  return true;
}

void dump_file(const std::string& path, bool positions, bool quiet) {
  std::string text;
  if (!read_file(path, text)) {
    std::printf("ERR\t%s\t0\t0\tK0000\tcannot read\n", path.c_str());
    return;
  }
  SourceMap sources;
  const SourceId source = sources.add(path, std::move(text));
  pylang::AstArena arena;
  const Result<pylang::Node*> tree = pylang::parse_module(sources, source, Limits{}, arena);
  if (!tree.ok()) {
    const Diagnostic& d = tree.error().diagnostic();
    const LineColumn at = sources.line_column(source, d.primary.location.span.begin);
    std::printf("ERR\t%s\t%lld\t%lld\t%s\t%s\n", path.c_str(), static_cast<long long>(at.line),
                static_cast<long long>(at.column), d.code.c_str(), d.message.c_str());
    return;
  }
  std::string out;
  if (!quiet)
    out = positions ? pylang::dump_with_positions(**tree, sources, pylang::FStringPositions::hidden)
                    : pylang::dump(**tree);
  std::printf("OK\t%s\t", path.c_str());
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fputc('\n', stdout);
}

}  // namespace

int main(int argc, char** argv) {
  bool positions = false, quiet = false;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--positions") == 0) positions = true;
    else if (std::strcmp(argv[i], "--quiet") == 0) quiet = true;
    else files.emplace_back(argv[i]);
  }
  if (!files.empty()) {
    for (const std::string& file : files) dump_file(file, positions, quiet);
    return 0;
  }
  std::string line;
  int c;
  while ((c = std::getchar()) != EOF) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    if (!line.empty()) {
      dump_file(line, positions, quiet);
      std::fflush(stdout);
    }
    line.clear();
  }
  return 0;
}
