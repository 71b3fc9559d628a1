// kedge explain: the page of an error code. The tables under docs/errors/ travel inside the binary.
#include <fmt/format.h>
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "cli/command.h"

#ifndef KEDGE_ERRORS_FILE
#error "KEDGE_ERRORS_FILE names the concatenated tables of docs/errors/"
#endif

__asm__(
    ".pushsection .rodata\n"
    "kedge_errors_begin:\n"
    ".incbin \"" KEDGE_ERRORS_FILE
    "\"\n"
    "kedge_errors_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" {
extern const char kedge_errors_begin[];
extern const char kedge_errors_end[];
}

namespace kedge::cli {
namespace {

struct ErrorPage {
  std::string code, name, meaning, advice;
};

std::vector<ErrorPage> pages() {
  std::vector<ErrorPage> out;
  for (const std::string_view line :
       split({kedge_errors_begin, static_cast<std::size_t>(kedge_errors_end - kedge_errors_begin)}, '\n')) {
    const std::vector<std::string_view> fields = split(line, '|');
    if (fields.size() < 4 || !trim(fields[0]).starts_with('K')) continue;
    out.push_back({std::string(trim(fields[0])), std::string(trim(fields[1])), std::string(trim(fields[2])),
                   std::string(trim(line.substr(static_cast<std::size_t>(fields[3].data() - line.data()))))});
  }
  std::sort(out.begin(), out.end(), [](const ErrorPage& a, const ErrorPage& b) { return a.code < b.code; });
  return out;
}

int run(Context& context, const Options& options) {
  const std::vector<ErrorPage> all = pages();
  if (options.positional.empty()) {
    for (const ErrorPage& page : all) print_result(fmt::format("{}  {:32} {}\n", page.code, page.name, page.meaning));
    return kExitDone;
  }
  for (const std::string& wanted : options.positional) {
    const auto page =
        std::find_if(all.begin(), all.end(), [&](const ErrorPage& p) { return p.code == wanted || p.name == wanted; });
    if (page == all.end()) {
      std::vector<std::string> names;
      for (const ErrorPage& p : all) names.push_back(p.code), names.push_back(p.name);
      Error error = usage_error("there is no error code `" + wanted + "`", wanted);
      const std::string hint = did_you_mean(wanted, names);
      return context.fail(hint.empty() ? std::move(error).help("`kedge explain` lists them all")
                                       : std::move(error).help(hint));
    }
    print_result(fmt::format("{} {}\n\n{}\n\nWhat to do: {}\n", page->code, page->name, page->meaning, page->advice));
  }
  return kExitDone;
}

}  // namespace

const Command kExplain = {"explain", "[CODE]", "what a diagnostic means and what to do about it", {}, run};

}  // namespace kedge::cli
