// kedge run: inference on arrays from a file.
#include "cli/common.h"
#include "formats/file.h"

namespace kedge::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    kInputOption,
    kOutputOption,
    kCustomOption,
    kFromOption,
    kShapeOption,
    kBatchOption,
    kThreadsOption,
    kForceOption,
    kPreludeOption,
    {"--engine", "runtime|reference",
     "the runtime (default), or the reference interpreter, which is the judge in tests"},
    {"--names", "", "name the outputs in OUT as the model does, instead of arr_0, arr_1, …"},
};

Result<void> run_to_file(Context& context, const Options& options) {
  KEDGE_TRY(const std::string model, single_model(options));
  KEDGE_TRY(const frontends::LoadOptions load, load_options(options));
  const std::optional<std::string> input = options.value("--input");
  const std::optional<std::string> output = options.value("-o");
  if (!input) return usage_error("give the input arrays with --input IN.npz");
  if (!output) return usage_error("give the output file with -o OUT.npz");
  driver::RunOptions run;
  run.load = load;
  KEDGE_TRY(run.threads, options.integer_or("--threads", 1, 1));
  const std::string engine = options.value_or("--engine", "runtime");
  if (engine != "runtime" && engine != "reference")
    return usage_error("there is no engine `" + engine + "`", "--engine");
  run.engine = engine == "reference" ? driver::Engine::reference : driver::Engine::runtime;
  const formats::Overwrite overwrite = options.has("--force") ? formats::Overwrite::yes : formats::Overwrite::no;
  KEDGE_TRY_VOID(formats::check_writable(*output, overwrite));
  KEDGE_TRY(driver::Runnable runnable, driver::Runnable::open(model, run, context.sources, *input));
  report_all(context, runnable.diagnostics());
  KEDGE_TRY(const std::vector<Tensor> outputs, runnable.run(runnable.arrays()));
  KEDGE_TRY(
      const std::vector<std::byte> bytes,
      driver::write_outputs(outputs, options.has("--names") ? runnable.output_names() : std::vector<std::string>{}));
  return formats::write_file_atomically(*output, bytes, overwrite);
}

int run(Context& context, const Options& options) {
  const Result<void> result = run_to_file(context, options);
  return result.ok() ? context.exit_code() : context.fail(result.error());
}

}  // namespace

const Command kRun = {"run", "MODEL --input IN.npz -o OUT.npz [--custom PATH]...", "inference on arrays from a file",
                      kOptions, run};

}  // namespace kedge::cli
