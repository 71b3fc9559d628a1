// The way a model travels, as code: load, overlay shapes, optimise, quantise, emit. Used by the command line, the
// server and deploy.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "frontends/load_model.h"
#include "ir/graph.h"
#include "passes/quantize.h"
#include "runtime/executor.h"

namespace kedge::driver {

/// What each pass did; `kedge compile --timings` shows it.
struct StepTiming {
  std::string name;
  double milliseconds = 0;
  std::int64_t nodes = 0;  ///< after the step
};

struct PipelineOptions {
  std::vector<std::string> disabled;  ///< passes by name
  std::function<void(const std::string& step, const ir::Graph&)>
      trace;  ///< sees the graph after each step that changed it
  std::vector<StepTiming>* timings = nullptr;
};

/// Fixes what is still unknown: `batch` for the batch dimension where it is the only unknown one; K0803-style error
/// otherwise.
Result<void> make_static(ir::Graph& graph, std::int64_t batch);

/// Target-independent optimisation of a static graph.
Result<void> optimize(ir::Graph& graph, const PipelineOptions& options = {});

/// What only our own runtime wants (fused elementwise sweeps), and the plan.
Result<runtime::Plan> lower_to_plan(ir::Graph graph, const PipelineOptions& options = {});

enum class Format { tflite, plan };

struct CompileOptions {
  frontends::LoadOptions load;
  Format format = Format::tflite;
  std::optional<std::string> calibration;  ///< an .npz file or a folder of them: quantise to INT8
  passes::BoundaryType input_type = passes::BoundaryType::float32;  ///< of a quantised model
  passes::BoundaryType output_type = passes::BoundaryType::float32;
  PipelineOptions pipeline;
};

struct Compiled {
  frontends::LoadedModel model;  ///< its graph is the one that was emitted
  std::vector<std::byte> bytes;
};

/// The whole way from a file to an artefact's bytes.
Result<Compiled> compile(const std::string& model, const CompileOptions& options, SourceMap& sources);

}  // namespace kedge::driver
