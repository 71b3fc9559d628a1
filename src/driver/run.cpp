#include "driver/run.h"

#include <chrono>
#include <cmath>
#include <cstring>

#include "driver/arrays.h"
#include "formats/file.h"
#include "formats/npy.h"
#include "ops/interpret.h"

namespace kedge::driver {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

constexpr std::int64_t kSmall = 1024;  ///< elements of an array that may stand for sizes

/// The shapes of the arrays in a file (and the values of small ones), in order, as overlays by position.
Result<std::vector<frontends::ShapeOverlay>> overlays_of(const std::string& input_path) {
  KEDGE_TRY(const formats::MappedFile file, formats::map_file(input_path));
  KEDGE_TRY(const std::vector<formats::NamedArray> arrays, formats::read_npz(file.bytes(), Limits{}, input_path));
  std::vector<frontends::ShapeOverlay> out;
  out.reserve(arrays.size());
  for (const formats::NamedArray& array : arrays) {
    out.push_back({"", array.array.shape});
    if (array.array.shape.size() > 1 || array.array.element_count() > kSmall) continue;
    KEDGE_TRY(out.back().value, to_tensor(array, input_path));
  }
  return out;
}

/// An evaluation error: the model's meaning was not reached with the shapes it was given.
bool evaluation_failed(const Error& error) {
  const std::string& code = error.diagnostic().code;
  return code.starts_with("K03") || code.starts_with("K06") || code.starts_with("K072");
}

/// Evaluates the model again with the shapes of the given arrays, and says so.
Result<frontends::LoadedModel> load_with_array_shapes(const std::string& path, const RunOptions& options,
                                                      SourceMap& sources, const std::string& input_path) {
  frontends::LoadOptions overlaid = options.load;
  KEDGE_TRY(overlaid.shapes, overlays_of(input_path));
  KEDGE_TRY(frontends::LoadedModel model, frontends::load_model(path, overlaid, sources));
  Diagnostic note;
  note.code = "K0901";
  note.severity = Severity::note;
  note.message =
      "the file's open shapes do not say what the model computes; it was evaluated with the shapes of the given arrays";
  note.primary.location = Location::in(input_path);
  model.diagnostics.push_back(std::move(note));
  return model;
}

/// What is still open in the graph takes the sizes of the arrays.
Result<void> bind_to_arrays(ir::Graph& graph, const std::vector<Tensor>& arrays) {
  bool open = false;
  for (const ir::ValueId id : graph.inputs) open = open || !static_shape(graph.value(id).shape);
  if (!open) return {};  // arrays may be several samples of a fixed shape: run() splits them
  KEDGE_TRY(const DimValues symbols, ops::bind_symbols(graph, arrays));
  graph.substitute(symbols);
  return {};
}

}  // namespace

Result<Runnable> Runnable::open(const std::string& path, const RunOptions& options, SourceMap& sources,
                                const std::string& input_path) {
  const Clock::time_point start = Clock::now();
  Runnable out;
  KEDGE_TRY(formats::MappedFile mapped, formats::map_file(path));
  if (formats::sniff(mapped.bytes()) == formats::FileKind::plan) {
    auto file = std::make_shared<formats::MappedFile>(std::move(mapped));
    KEDGE_TRY(runtime::Plan plan, runtime::read_plan(file->bytes(), file, options.load.limits, path));
    for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
      const runtime::PlanTensor& tensor = plan.tensors[static_cast<std::size_t>(plan.inputs[i])];
      out.inputs_.push_back({plan.input_names[i], tensor.dtype, to_shape(tensor.shape)});
    }
    out.output_names_ = plan.output_names;
    KEDGE_TRY(runtime::Executor executor,
              runtime::Executor::create(std::move(plan), {options.threads, runtime::best_instruction_set()}));
    out.executor_.emplace(std::move(executor));
    out.load_ms_ = milliseconds_since(start);
    if (!input_path.empty()) {
      KEDGE_TRY(out.arrays_, read_inputs(input_path, out.inputs_));
    }
    return out;
  }
  KEDGE_TRY_VOID(out.load(path, options, sources, input_path));
  out.load_ms_ = milliseconds_since(start);
  return out;
}

Result<void> Runnable::load(const std::string& path, const RunOptions& options, SourceMap& sources,
                            const std::string& input_path) {
  const auto take = [&](Result<frontends::LoadedModel> loaded) -> Result<void> {
    if (!loaded.ok()) return std::move(loaded).error();
    model_ = std::make_unique<frontends::LoadedModel>(std::move(*loaded));
    diagnostics_ = model_->diagnostics;
    return prepare(options, input_path);
  };
  const bool may_overlay = !input_path.empty() && options.load.shapes.empty();
  Result<frontends::LoadedModel> loaded = frontends::load_model(path, options.load, sources);
  if (loaded.ok() && loaded->open_sizes_matter && may_overlay) {
    Result<frontends::LoadedModel> exact = load_with_array_shapes(path, options, sources, input_path);
    if (exact.ok()) loaded = std::move(exact);
  }
  Result<void> first = take(std::move(loaded));
  if (first.ok() || !may_overlay || !evaluation_failed(first.error())) return first;
  return take(load_with_array_shapes(path, options, sources, input_path)).ok()
             ? Result<void>()
             : std::move(first);  // the first error is about the model as it is
}

Result<void> Runnable::prepare(const RunOptions& options, const std::string& input_path) {
  ir::Graph graph = model_->graph.clone();
  if (!input_path.empty()) {
    KEDGE_TRY(arrays_, read_inputs(input_path, input_specs(graph)));
    KEDGE_TRY_VOID(bind_to_arrays(graph, arrays_));
  }
  KEDGE_TRY_VOID(make_static(graph, options.batch));
  inputs_ = input_specs(graph);
  output_names_ = graph.output_names;
  if (options.engine == Engine::reference) {
    graph_ = std::move(graph);
    return {};
  }
  KEDGE_TRY_VOID(optimize(graph, options.pipeline));
  KEDGE_TRY(runtime::Plan plan, lower_to_plan(std::move(graph), options.pipeline));
  KEDGE_TRY(runtime::Executor executor,
            runtime::Executor::create(std::move(plan), {options.threads, runtime::best_instruction_set()}));
  executor_.emplace(std::move(executor));
  return {};
}

Result<std::vector<Tensor>> Runnable::run_sample(const std::vector<Tensor>& sample) {
  if (graph_) return ops::interpret(*graph_, sample);
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const TensorView view = executor_->input(static_cast<std::int64_t>(i));
    if (view.bytes() > 0) std::memcpy(view.data, sample[i].bytes().data(), static_cast<std::size_t>(view.bytes()));
  }
  executor_->run();
  KEDGE_TRY_VOID(executor_->outcome());
  std::vector<Tensor> outputs;
  for (std::size_t i = 0; i < output_names_.size(); ++i) {
    const TensorView view = executor_->output(static_cast<std::int64_t>(i));
    Tensor tensor(view.dtype, StaticShape(view.shape.begin(), view.shape.end()));
    if (view.bytes() > 0) std::memcpy(tensor.mutable_data(), view.data, static_cast<std::size_t>(view.bytes()));
    outputs.push_back(std::move(tensor));
  }
  return outputs;
}

Result<std::vector<Tensor>> Runnable::run(const std::vector<Tensor>& arrays) {
  KEDGE_TRY(const std::vector<std::vector<Tensor>> samples, split_samples(arrays, inputs_));
  std::vector<std::vector<Tensor>> results;
  for (const std::vector<Tensor>& sample : samples) {
    KEDGE_TRY(std::vector<Tensor> outputs, run_sample(sample));
    results.push_back(std::move(outputs));
  }
  return join_samples(results);
}

std::vector<Tensor> seeded_inputs(std::span<const InputSpec> inputs, std::uint64_t seed) {
  // splitmix64 and Box-Muller: the same numbers on every machine.
  const auto next = [&seed] {
    seed += 0x9E3779B97F4A7C15U;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  };
  const auto uniform = [&] { return (static_cast<double>(next() >> 11) + 0.5) / 9007199254740992.0; };
  constexpr double kTwoPi = 6.283185307179586;
  constexpr std::uint64_t kLargestInteger = 4;  // small enough to index any table a model can hold
  std::vector<Tensor> out;
  for (const InputSpec& input : inputs) {
    const StaticShape shape = *static_shape(input.shape);
    std::vector<double> values(static_cast<std::size_t>(element_count(shape)));
    for (double& value : values) {
      value = is_float(input.dtype)
                  ? std::sqrt(-2 * std::log(uniform())) * std::cos(kTwoPi * uniform())
                  : static_cast<double>(next() % (input.dtype == DType::boolean ? 2 : kLargestInteger));
    }
    out.push_back(Tensor::of<double>(input.dtype, shape, values));
  }
  return out;
}

}  // namespace kedge::driver
