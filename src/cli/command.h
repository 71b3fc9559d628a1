// What a subcommand is: one file each, listed in main.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/source.h"
#include "cli/options.h"

namespace kedge::cli {

// Exit codes: promises of the command line.
inline constexpr int kExitDone = 0;
inline constexpr int kExitErrors = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitBug = 70;

/// What a command works with: sources for rendering, and the diagnostics it reported.
struct Context {
  SourceMap sources;
  bool deny_warnings = false;
  int errors = 0;
  int warnings = 0;

  /// Prints to stderr and counts.
  void report(const Diagnostic& diagnostic);
  /// Reports and gives the exit code: 2 for usage errors (K0001), else 1.
  int fail(const Error& error);
  /// 0, or 1 when errors were reported (or warnings, with --deny-warnings).
  int exit_code() const;
};

struct Command {
  std::string_view name;
  std::string_view usage;  ///< "MODEL [--custom PATH]... -o OUT"
  std::string_view summary;
  std::span<const OptionSpec> options;
  int (*run)(Context& context, const Options& options);
};

extern const Command kInspect, kLint, kCompile, kRun, kVerify, kBench, kExplain, kOps, kServe, kDeploy, kDoctor;

/// Prints a line (or a document) to stdout.
void print_result(std::string_view text);

}  // namespace kedge::cli
