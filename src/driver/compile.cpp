#include <algorithm>
#include <chrono>
#include <filesystem>

#include "backends/tflite/export_tflite.h"
#include "driver/arrays.h"
#include "driver/pipeline.h"
#include "passes/legalize_tflite.h"

namespace kedge::driver {
namespace {

/// Times one step that is no pass of the optimiser.
class StepTimer {
 public:
  StepTimer(std::string name, const PipelineOptions& options)
      : name_(std::move(name)), options_(options), start_(std::chrono::steady_clock::now()) {}
  void done(const ir::Graph& graph) const {
    const double milliseconds =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
    if (options_.timings != nullptr)
      options_.timings->push_back({name_, milliseconds, static_cast<std::int64_t>(graph.order().size())});
    if (options_.trace) options_.trace(name_, graph);
  }

 private:
  std::string name_;
  const PipelineOptions& options_;
  std::chrono::steady_clock::time_point start_;
};

/// The .npz files to calibrate on: the one given, or those of a folder in the order of their names.
Result<std::vector<std::string>> calibration_files(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return std::vector<std::string>{path};
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.path().extension() == ".npz") out.push_back(entry.path().string());
  }
  if (out.empty())
    return make_error("K0912", "there is no .npz file in `" + path + "` to calibrate on",
                      Location::in("argument --calib"));
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::vector<std::vector<Tensor>>> calibration_samples(const std::string& path, const ir::Graph& graph) {
  KEDGE_TRY(const std::vector<std::string> files, calibration_files(path));
  const std::vector<InputSpec> inputs = input_specs(graph);
  std::vector<std::vector<Tensor>> out;
  for (const std::string& file : files) {
    KEDGE_TRY(const std::vector<Tensor> arrays, read_inputs(file, inputs));
    KEDGE_TRY(std::vector<std::vector<Tensor>> samples, split_samples(arrays, inputs));
    for (std::vector<Tensor>& sample : samples) out.push_back(std::move(sample));
  }
  return out;
}

Result<ir::Graph> quantize_int8(const ir::Graph& graph, const CompileOptions& options) {
  KEDGE_TRY(const std::vector<std::vector<Tensor>> samples, calibration_samples(*options.calibration, graph));
  const StepTimer legalizing("legalize_tflite", options.pipeline);
  KEDGE_TRY(const ir::Graph legal, passes::legalize_tflite(graph, passes::TfliteFlavour::int8));
  legalizing.done(legal);
  const StepTimer calibrating("calibrate", options.pipeline);
  KEDGE_TRY(const passes::Ranges ranges, passes::calibrate(legal, samples));
  calibrating.done(legal);
  const StepTimer quantizing("quantize", options.pipeline);
  KEDGE_TRY(ir::Graph quantized, passes::quantize(legal, ranges, {options.input_type, options.output_type}));
  quantizing.done(quantized);
  return quantized;
}

Result<std::vector<std::byte>> emit(const ir::Graph& graph, const CompileOptions& options) {
  if (options.format == Format::plan) {
    KEDGE_TRY(const runtime::Plan plan, lower_to_plan(graph.clone(), options.pipeline));
    return runtime::write_plan(plan);
  }
  if (options.calibration) return backends::tflite::export_tflite(graph);
  const StepTimer legalizing("legalize_tflite", options.pipeline);
  KEDGE_TRY(const ir::Graph legal, passes::legalize_tflite(graph));
  legalizing.done(legal);
  const StepTimer exporting("export_tflite", options.pipeline);
  Result<std::vector<std::byte>> bytes = backends::tflite::export_tflite(legal);
  exporting.done(legal);
  return bytes;
}

}  // namespace

Result<Compiled> compile(const std::string& model, const CompileOptions& options, SourceMap& sources) {
  constexpr std::int64_t kMissingBatch = 1;  // a batch size that nobody gave means one sample
  const StepTimer loading("load", options.pipeline);
  KEDGE_TRY(frontends::LoadedModel loaded, frontends::load_model(model, options.load, sources));
  loading.done(loaded.graph);
  KEDGE_TRY_VOID(make_static(loaded.graph, kMissingBatch));
  // From here on every node has a static shape.
  KEDGE_TRY_VOID(optimize(loaded.graph, options.pipeline));
  if (options.calibration) {
    KEDGE_TRY(loaded.graph, quantize_int8(loaded.graph, options));
  }
  // From here on every node is what the target computes.
  KEDGE_TRY(std::vector<std::byte> bytes, emit(loaded.graph, options));
  return Compiled{std::move(loaded), std::move(bytes)};
}

}  // namespace kedge::driver
