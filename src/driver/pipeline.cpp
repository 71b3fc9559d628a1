// The picture of ARCHITECTURE.md, "The way a model travels", as code: each step once, with why it stands where it
// stands.
#include "driver/pipeline.h"

#include <chrono>

#include "backends/plan/lower.h"
#include "passes/passes.h"

namespace kedge::driver {
namespace {

struct Step {
  const char* name;
  Result<void> (*run)(ir::Graph&);
};

constexpr Step kOptimize[] = {
    // Shape arithmetic and weights prepared by layers (standardised kernels, positional encodings) become constants;
    // everything below looks for constants.
    {"fold_constants", passes::fold_constants},
    // Layout round trips (channels_first) and no-ops disappear, so that neighbours really are neighbours.
    {"simplify", passes::simplify},
    // Equal weights and equal subexpressions meet, after simplification made them look alike.
    {"merge_common_subexpressions", passes::merge_common_subexpressions},
    // Before batch-norm folding, which needs convolutions to stand directly before the scale; padding never stands
    // between.
    {"canonicalize_padding", passes::canonicalize_padding},
    // matmul by constants becomes a linear op first: it can take scales too.
    {"fuse_linear", passes::fuse_linear},
    {"fold_batch_norm", passes::fold_batch_norm},
    // Again: a folded scale may have uncovered a bias or an activation.
    {"fuse_linear_again", passes::fuse_linear},
    {"eliminate_dead_code", passes::eliminate_dead_code},
};

constexpr Step kForPlan[] = {
    // Last: a fused node is opaque to every other pass.
    {"fuse_elementwise", passes::fuse_elementwise},
};

/// The one wrapper that gives every pass timing, a switch, a trace and the verifier.
Result<void> run_steps(std::span<const Step> steps, ir::Graph& graph, const PipelineOptions& options) {
  for (const Step& step : steps) {
    const std::string name = step.name;
    bool disabled = false;
    for (const std::string& off : options.disabled) disabled = disabled || off == name;
    if (disabled) continue;
    const auto start = std::chrono::steady_clock::now();
    const std::string before = options.trace ? ir::print(graph) : std::string();
    Result<void> result = step.run(graph);
    if (!result.ok()) return std::move(result).error().while_doing("running the pass `" + name + "`");
    if (Result<void> verified = ir::verify(graph); !verified.ok())
      return std::move(verified).error().while_doing("checking the graph after the pass `" + name + "`");
    const double milliseconds =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    if (options.timings != nullptr)
      options.timings->push_back({name, milliseconds, static_cast<std::int64_t>(graph.order().size())});
    if (options.trace && ir::print(graph) != before) options.trace(name, graph);
  }
  return {};
}

std::vector<std::string> unknown_symbols(const ir::Graph& graph) {
  std::vector<std::string> symbols;
  for (const ir::ValueId id : graph.inputs) {
    for (const Dim& dim : graph.value(id).shape) dim.collect_symbols(symbols);
  }
  return symbols;
}

}  // namespace

Result<void> make_static(ir::Graph& graph, std::int64_t batch) {
  graph.substitute({{"batch", batch}});
  const std::vector<std::string> symbols = unknown_symbols(graph);
  if (symbols.empty()) return {};
  std::string shapes;
  for (const ir::ValueId id : graph.inputs)
    shapes += " " + graph.value(id).name + "=" + shape_to_string(graph.value(id).shape);
  Error error =
      make_error("K0803", "the model's inputs have unknown sizes:" + shapes, Location::in("argument --shape"));
  return std::move(error).help("give them with --shape, for example --shape " + graph.value(graph.inputs[0]).name +
                               "=1x32x32x3");
}

Result<void> optimize(ir::Graph& graph, const PipelineOptions& options) { return run_steps(kOptimize, graph, options); }

Result<runtime::Plan> lower_to_plan(ir::Graph graph, const PipelineOptions& options) {
  KEDGE_TRY_VOID(run_steps(kForPlan, graph, options));
  return backends::plan::lower(graph);
}

}  // namespace kedge::driver
