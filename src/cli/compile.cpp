// kedge compile: a model to an artefact.
#include <fmt/format.h>

#include "cli/common.h"
#include "formats/file.h"

namespace kedge::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    kOutputOption,
    kCustomOption,
    kFromOption,
    kShapeOption,
    kBatchOption,
    kForceOption,
    kPreludeOption,
    {"--to", "tflite|plan", "the format; by default from OUT's ending"},
    {"--quantize", "int8", "post-training quantization; needs --calib"},
    {"--calib", "F.npz|DIR", "samples to calibrate on: one .npz, or a folder of them"},
    {"--input-type", "float32|int8|uint8", "type of a quantized model's inputs (default float32)"},
    {"--output-type", "float32|int8|uint8", "type of a quantized model's outputs (default float32)"},
    {"--timings", "", "print what each step took"},
    {"--print-after", "STEP", "print the graph after a step (`all`: after each that changed it)"},
    {"--disable-pass", "NAME", "leave out an optimisation (repeatable)"},
};

Result<driver::Format> format_of(const Options& options, const std::string& output) {
  std::string name = options.value_or("--to", "");
  if (name.empty()) {
    if (output.ends_with(".tflite")) return driver::Format::tflite;
    if (output.ends_with(".plan")) return driver::Format::plan;
    return usage_error("`" + output + "` does not tell the format; end it in .tflite or .plan, or give --to", "-o");
  }
  if (name == "tflite") return driver::Format::tflite;
  if (name == "plan") return driver::Format::plan;
  return usage_error("there is no format `" + name + "` here; there are tflite and plan", "--to");
}

Result<passes::BoundaryType> value_type(const Options& options, std::string_view name) {
  const std::string type = options.value_or(name, "float32");
  if (type == "float32") return passes::BoundaryType::float32;
  if (type == "int8") return passes::BoundaryType::int8;
  if (type == "uint8") return passes::BoundaryType::uint8;
  return usage_error("`" + type + "` is none of float32, int8, uint8", std::string(name));
}

Result<void> compile_to_file(Context& context, const Options& options) {
  KEDGE_TRY(const std::string model, single_model(options));
  const std::optional<std::string> output = options.value("-o");
  if (!output) return usage_error("give the output file with -o OUT");
  driver::CompileOptions compile;
  KEDGE_TRY(compile.load, load_options(options));
  KEDGE_TRY(compile.format, format_of(options, *output));
  KEDGE_TRY(compile.input_type, value_type(options, "--input-type"));
  KEDGE_TRY(compile.output_type, value_type(options, "--output-type"));
  compile.calibration = options.value("--calib");
  const std::string quantize = options.value_or("--quantize", "");
  if (!quantize.empty() && quantize != "int8")
    return usage_error("`" + quantize + "` is not offered; there is int8", "--quantize");
  if (!quantize.empty() && !compile.calibration)
    return usage_error("int8 needs samples to calibrate on: --calib F.npz", "--quantize");
  if (quantize.empty()) compile.calibration.reset();
  compile.pipeline.disabled = options.all("--disable-pass");
  std::vector<driver::StepTiming> timings;
  compile.pipeline.timings = &timings;
  if (const std::optional<std::string> wanted = options.value("--print-after")) {
    compile.pipeline.trace = [wanted](const std::string& step, const ir::Graph& graph) {
      if (*wanted == "all" || *wanted == step) print_result("# after " + step + "\n" + ir::print(graph));
    };
  }
  const formats::Overwrite overwrite = options.has("--force") ? formats::Overwrite::yes : formats::Overwrite::no;
  KEDGE_TRY_VOID(formats::check_writable(*output, overwrite));
  KEDGE_TRY(const driver::Compiled compiled, driver::compile(model, compile, context.sources));
  report_all(context, compiled.model.diagnostics);
  if (context.deny_warnings && context.warnings > 0) return {};  // exit_code() says so; nothing is written
  KEDGE_TRY_VOID(formats::write_file_atomically(*output, compiled.bytes, overwrite));
  if (options.has("--timings")) {
    for (const driver::StepTiming& timing : timings)
      print_result(fmt::format("{:32} {:8.2f} ms  {} nodes\n", timing.name, timing.milliseconds, timing.nodes));
  }
  return {};
}

int run(Context& context, const Options& options) {
  const Result<void> result = compile_to_file(context, options);
  return result.ok() ? context.exit_code() : context.fail(result.error());
}

}  // namespace

const Command kCompile = {"compile", "MODEL [--custom PATH]... -o OUT",
                          "a model to a .tflite file or a plan, float or INT8", kOptions, run};

}  // namespace kedge::cli
