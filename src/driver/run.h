// Running any model file on arrays, and timing it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "driver/arrays.h"
#include "driver/pipeline.h"
#include "frontends/load_model.h"
#include "runtime/executor.h"

namespace kedge::driver {

enum class Engine { runtime, reference };

struct RunOptions {
  frontends::LoadOptions load;
  Engine engine = Engine::runtime;
  std::int64_t threads = 1;
  std::int64_t batch = 1;  ///< for what is still unknown when there are no arrays to tell
  PipelineOptions pipeline;
};

/// A model that can be run: a plan, or any other file lowered to one (or kept as a graph for the reference engine).
class Runnable {
 public:
  /// Opens `path`. With `input_path` the arrays' shapes decide what the file leaves unknown; when the model cannot be
  /// evaluated with the file's shapes it is evaluated with the arrays', and a note says so.
  static Result<Runnable> open(const std::string& path, const RunOptions& options, SourceMap& sources,
                               const std::string& input_path = {});

  const std::vector<InputSpec>& inputs() const { return inputs_; }
  const std::vector<std::string>& output_names() const { return output_names_; }
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  const std::vector<Tensor>& arrays() const { return arrays_; }         ///< what input_path held, fitted to the inputs
  const frontends::LoadedModel* model() const { return model_.get(); }  ///< nullptr for plans
  const ir::Graph* graph() const { return graph_ ? &*graph_ : nullptr; }  ///< reference engine only
  runtime::Executor* executor() { return executor_ ? &*executor_ : nullptr; }
  double load_ms() const { return load_ms_; }

  /// One sample of exactly the inputs' shapes.
  Result<std::vector<Tensor>> run_sample(const std::vector<Tensor>& sample);
  /// Arrays whose first axis may be a multiple: sample by sample, joined.
  Result<std::vector<Tensor>> run(const std::vector<Tensor>& arrays);

 private:
  Result<void> load(const std::string& path, const RunOptions& options, SourceMap& sources,
                    const std::string& input_path);
  Result<void> prepare(const RunOptions& options, const std::string& input_path);

  std::vector<InputSpec> inputs_;
  std::vector<std::string> output_names_;
  std::vector<Diagnostic> diagnostics_;
  std::vector<Tensor> arrays_;
  std::unique_ptr<frontends::LoadedModel> model_;
  std::optional<ir::Graph> graph_;  // reference engine
  std::optional<runtime::Executor> executor_;
  double load_ms_ = 0;
};

/// Inputs drawn for a model without given ones: floats from a unit normal, small integers, one fixed seed.
std::vector<Tensor> seeded_inputs(std::span<const InputSpec> inputs, std::uint64_t seed);

}  // namespace kedge::driver
