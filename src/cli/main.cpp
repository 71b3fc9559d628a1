// kedge: the command line. main is a table of subcommands; each lives in its own file.
#include <sys/utsname.h>
#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "base/text.h"
#include "cli/command.h"

namespace kedge::cli {
namespace {

constexpr std::string_view kVersion = "0.1.0";

constexpr std::array<const Command*, 11> kCommands = {&kInspect, &kLint,   &kCompile, &kRun, &kVerify, &kBench,
                                                      &kServe,   &kDeploy, &kExplain, &kOps, &kDoctor};

constexpr OptionSpec kCommonOptions[] = {
    {"--help", "", "show this text", "-h"},
    {"--deny-warnings", "", "exit with 1 when there are warnings"},
};

void print_commands(std::FILE* out) {
  std::fputs("kedge deploys Keras models with custom layers anywhere, without Python.\n\nusage: kedge COMMAND ...\n\n",
             out);
  for (const Command* command : kCommands)
    std::fprintf(out, "  %-9.*s %.*s\n", static_cast<int>(command->name.size()), command->name.data(),
                 static_cast<int>(command->summary.size()), command->summary.data());
  std::fputs(
      "\n`kedge COMMAND --help` shows a command's options. Exit codes: 0 done, 1 errors reported, 2 usage, 70 a bug in "
      "kedge.\n",
      out);
}

void print_option(const OptionSpec& option) {
  std::string left(option.name);
  if (!option.alias.empty()) left += ", " + std::string(option.alias);
  if (!option.placeholder.empty()) left += " " + std::string(option.placeholder);
  std::printf("  %-28s %.*s\n", left.c_str(), static_cast<int>(option.help.size()), option.help.data());
}

void print_help(const Command& command) {
  std::printf("usage: kedge %.*s %.*s\n\n%.*s\n\n", static_cast<int>(command.name.size()), command.name.data(),
              static_cast<int>(command.usage.size()), command.usage.data(), static_cast<int>(command.summary.size()),
              command.summary.data());
  for (const OptionSpec& option : command.options) print_option(option);
  for (const OptionSpec& option : kCommonOptions) print_option(option);
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_commands(stderr);
    return kExitUsage;
  }
  const std::string& name = arguments[0];
  if (name == "--help" || name == "-h" || name == "help") {
    print_commands(stdout);
    return kExitDone;
  }
  if (name == "--version") {
    std::printf("kedge %.*s\n", static_cast<int>(kVersion.size()), kVersion.data());
    return kExitDone;
  }
  Context context;
  std::vector<std::string> names;
  for (const Command* command : kCommands) {
    names.emplace_back(command->name);
    if (command->name != name) continue;
    std::vector<OptionSpec> specs(command->options.begin(), command->options.end());
    specs.insert(specs.end(), std::begin(kCommonOptions), std::end(kCommonOptions));
    Result<Options> options = parse_options(std::span(arguments).subspan(1), specs);
    if (!options.ok()) return context.fail(options.error());
    if (options->has("--help")) {
      print_help(*command);
      return kExitDone;
    }
    context.deny_warnings = options->has("--deny-warnings");
    return command->run(context, *options);
  }
  Error error = usage_error("there is no command `" + name + "`", name);
  const std::string hint = did_you_mean(name, names);
  return context.fail(hint.empty() ? std::move(error) : std::move(error).help(hint));
}

}  // namespace

void print_result(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void Context::report(const Diagnostic& diagnostic) {
  errors += diagnostic.severity == Severity::error;
  warnings += diagnostic.severity == Severity::warning;
  const std::string text = render(diagnostic, sources);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

int Context::fail(const Error& error) {
  report(error.diagnostic());
  return error.diagnostic().code == "K0001" ? kExitUsage : kExitErrors;
}

int Context::exit_code() const { return errors > 0 || (deny_warnings && warnings > 0) ? kExitErrors : kExitDone; }

}  // namespace kedge::cli

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    return kedge::cli::run(arguments);
  } catch (const std::exception&
               bug) {  // KEDGE_CHECK, or memory: never the input's fault in our reading, so say that it is ours
    utsname machine{};
    uname(&machine);
    std::fprintf(
        stderr,
        "internal error: %s\nnote: this is a bug in kedge %.*s (%s %s); please report it with the command line\n",
        bug.what(), static_cast<int>(kedge::cli::kVersion.size()), kedge::cli::kVersion.data(), machine.sysname,
        machine.machine);
    return kedge::cli::kExitBug;
  }
}
