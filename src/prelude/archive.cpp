// Reads the archive that pack.cpp wrote and the assembler put into this object file.
#include "prelude/archive.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/check.h"

asm(".pushsection .rodata\n"
    ".balign 16\n"
    "kedge_prelude_begin:\n"
    ".incbin \"" KEDGE_PRELUDE_ARCHIVE
    "\"\n"
    "kedge_prelude_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" {
__attribute__((visibility("hidden"))) extern const char kedge_prelude_begin[];
__attribute__((visibility("hidden"))) extern const char kedge_prelude_end[];
}

namespace kedge::prelude {
namespace {

struct Archive {
  std::vector<std::string_view> paths;
  std::vector<std::string_view> texts;
};

Archive read_archive() {
  Archive archive;
  std::string_view rest(kedge_prelude_begin, static_cast<std::size_t>(kedge_prelude_end - kedge_prelude_begin));
  const auto take_line = [&rest] {
    const std::size_t end = rest.find('\n');
    KEDGE_CHECK(end != std::string_view::npos, "the prelude archive is cut short");
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
  };
  KEDGE_CHECK(take_line() == "kedge-prelude 1", "the prelude archive has another version");
  while (!rest.empty()) {
    const std::string_view line = take_line();
    const std::size_t tab = line.find('\t');
    std::size_t size = 0;
    std::from_chars(line.data() + tab + 1, line.data() + line.size(), size);
    KEDGE_CHECK(size <= rest.size(), "the prelude archive is cut short");
    archive.paths.push_back(line.substr(0, tab));
    archive.texts.push_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return archive;
}

const Archive& archive() {
  static const Archive kArchive = read_archive();
  return kArchive;
}

}  // namespace

std::optional<std::string_view> find(std::string_view path) {
  const Archive& all = archive();
  const auto at = std::lower_bound(all.paths.begin(), all.paths.end(), path);
  if (at == all.paths.end() || *at != path) return std::nullopt;
  return all.texts[static_cast<std::size_t>(at - all.paths.begin())];
}

const std::vector<std::string_view>& paths() { return archive().paths; }

}  // namespace kedge::prelude
