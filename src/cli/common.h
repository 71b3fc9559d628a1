// Options that several commands share, and what they mean.
#pragma once

#include <string>

#include "cli/command.h"
#include "driver/run.h"

namespace kedge::cli {

inline constexpr OptionSpec kCustomOption = {
    "--custom", "PATH", "a .py file, a package folder or an import root with the layers' sources (repeatable)"};
inline constexpr OptionSpec kFromOption = {"--from", "FILE.py:FUNCTION",
                                           "the function that builds the model; MODEL then gives its weights alone"};
inline constexpr OptionSpec kShapeOption = {"--shape", "[NAME=]1x32x48x3",
                                            "fixes an input's shape; without a name in the inputs' order (repeatable)"};
inline constexpr OptionSpec kBatchOption = {"--batch", "N", "fixes the batch size"};
inline constexpr OptionSpec kPreludeOption = {"--prelude", "DIR",
                                              "modules that take precedence over the built-in prelude"};
inline constexpr OptionSpec kThreadsOption = {"--threads", "N", "threads (default 1)"};
inline constexpr OptionSpec kForceOption = {"--force", "", "overwrite an existing output"};
inline constexpr OptionSpec kOutputOption = {"-o", "OUT", "the output file", "--output"};
inline constexpr OptionSpec kInputOption = {"--input", "IN.npz",
                                            "arrays by input name or by position (arr_0, arr_1, …)"};
inline constexpr OptionSpec kJsonOption = {"--json", "", "one JSON document on stdout"};

/// --custom, --from, --shape, --batch, --prelude.
Result<frontends::LoadOptions> load_options(const Options& options);
/// The only positional argument; K0001 when there are none or several.
Result<std::string> single_model(const Options& options, std::string_view what = "MODEL");
void report_all(Context& context, const std::vector<Diagnostic>& diagnostics);

}  // namespace kedge::cli
