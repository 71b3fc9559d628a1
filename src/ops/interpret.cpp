// The reference interpreter: nodes in order, each by its card's reference kernel; values are let go after their last
// use.
#include "ops/interpret.h"

#include <optional>
#include <string>

#include "ir/op_def.h"
#include "ops/infer.h"
#include "ops/run_bodies.h"

namespace kedge::ops {

namespace {

constexpr int kDepthLimit = 32;                      // graphs inside graphs
constexpr std::int64_t kIterationLimit = 1'000'000;  // of one loop

Error unfit(const ir::Value& value, const Tensor& tensor) {
  return make_error("K0610",
                    "input \"" + value.name + "\" is " + std::string(dtype_name(tensor.dtype())) +
                        shape_to_string(to_shape(tensor.shape())) + ", the model takes " +
                        std::string(dtype_name(value.dtype)) + shape_to_string(value.shape),
                    Location::in("input " + value.name));
}

Error placed(Error error, const ir::Node& node) {
  if (node.origin.span.valid()) return std::move(error).or_at(Location::at(node.origin.span));
  if (!node.origin.path.empty()) return std::move(error).or_at(Location::in(node.origin.path));
  return std::move(error).or_at(Location::in(node.origin.layer.empty() ? "graph" : "layer " + node.origin.layer));
}

/// Runs a graph whose shapes are static. Inputs are borrowed.
class Run {
 public:
  Run(const ir::Graph& graph, const Observer& observer, int depth)
      : graph_(graph), observer_(observer), depth_(depth) {}

  Result<std::vector<Tensor>> run(std::span<const Tensor* const> inputs) {
    values_.resize(static_cast<std::size_t>(graph_.value_count()));
    uses_.assign(values_.size(), 0);
    const std::vector<ir::NodeId> order = graph_.order();
    for (const ir::NodeId id : order) {
      for (const ir::ValueId input : graph_.node(id).inputs) count_use(input);
    }
    for (const ir::ValueId output : graph_.outputs) count_use(output);
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
      const auto at = static_cast<std::size_t>(graph_.inputs[i]);
      values_[at] = *inputs[i];
      if (observer_) observer_(graph_.inputs[i], *inputs[i]);
    }
    for (const ir::NodeId id : order) KEDGE_TRY_VOID(step(graph_.node(id)));
    std::vector<Tensor> outputs;
    for (const ir::ValueId output : graph_.outputs) {
      const Tensor* tensor = find(output);
      if (tensor == nullptr) return make_error("K0615", "an output of the graph is never made");
      outputs.push_back(*tensor);
    }
    return outputs;
  }

 private:
  void count_use(ir::ValueId id) {
    if (id >= 0) ++uses_[static_cast<std::size_t>(id)];
  }

  const Tensor* find(ir::ValueId id) const {
    const std::optional<Tensor>& made = values_[static_cast<std::size_t>(id)];
    if (made) return &*made;
    const std::optional<Tensor>& constant = graph_.value(id).constant;
    return constant ? &*constant : nullptr;
  }

  Result<void> step(const ir::Node& node) {
    std::vector<const Tensor*> inputs;
    for (const ir::ValueId id : node.inputs) {
      inputs.push_back(id < 0 ? nullptr : find(id));
      if (id >= 0 && inputs.back() == nullptr)
        return placed(make_error("K0615", std::string(node.op->name) + ": an input is used before it is made"), node);
    }
    Result<std::vector<Tensor>> results =
        has_bodies(node) ? run_bodies(node, inputs, depth_) : run_node(graph_, node, inputs);
    if (!results.ok()) return placed(std::move(results).error(), node);
    if (results->size() != node.outputs.size())
      return placed(make_error("K0605", std::string(node.op->name) + ": another number of outputs than the graph says"),
                    node);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (observer_) observer_(node.outputs[i], (*results)[i]);
      values_[static_cast<std::size_t>(node.outputs[i])] = std::move((*results)[i]);
    }
    for (const ir::ValueId id : node.inputs) {
      if (id >= 0 && --uses_[static_cast<std::size_t>(id)] == 0) values_[static_cast<std::size_t>(id)].reset();
    }
    return {};
  }

  const ir::Graph& graph_;
  const Observer& observer_;
  int depth_;
  std::vector<std::optional<Tensor>> values_;
  std::vector<std::int32_t> uses_;
};

Result<void> check_inputs(const ir::Graph& graph, std::span<const Tensor* const> inputs) {
  if (inputs.size() != graph.inputs.size()) {
    return make_error("K0610", "the graph \"" + graph.name + "\" takes " + std::to_string(graph.inputs.size()) +
                                   " inputs, given " + std::to_string(inputs.size()));
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const ir::Value& value = graph.value(graph.inputs[i]);
    if (inputs[i] == nullptr)
      return make_error("K0610", "input " + std::to_string(i) + " of the graph \"" + graph.name + "\" is missing");
    if (inputs[i]->dtype() != value.dtype || to_shape(inputs[i]->shape()) != value.shape)
      return unfit(value, *inputs[i]);
  }
  return {};
}

Result<std::vector<Tensor>> run_static(const ir::Graph& graph, std::span<const Tensor* const> inputs,
                                       const Observer& observer, int depth) {
  if (depth > kDepthLimit) return make_error("K0616", "graphs nest too deeply");
  KEDGE_TRY_VOID(check_inputs(graph, inputs));
  return Run(graph, observer, depth).run(inputs);
}

Result<std::vector<Tensor>> run_loop(const ir::Node& node, std::span<const Tensor* const> inputs, int depth) {
  static const Observer kNobody;
  const ir::Graph& condition = *node.bodies[0];
  const ir::Graph& body = *node.bodies[1];
  const auto carried = static_cast<std::size_t>(node.attrs.integer("carried"));
  std::vector<Tensor> state;
  for (std::size_t i = 0; i < carried && i < inputs.size(); ++i) state.push_back(*inputs[i]);
  std::vector<const Tensor*> values(inputs.begin(), inputs.end());
  for (std::int64_t iteration = 0; iteration < kIterationLimit; ++iteration) {
    for (std::size_t i = 0; i < state.size(); ++i) values[i] = &state[i];
    KEDGE_TRY(const std::vector<Tensor> goes_on, run_static(condition, values, kNobody, depth));
    if (goes_on.size() != 1 || goes_on[0].size() != 1)
      return make_error("K0610", "while: the condition must give one bool");
    if (goes_on[0].element_as_int(0) == 0) return state;
    KEDGE_TRY(state, run_static(body, values, kNobody, depth));
    if (state.size() != carried)
      return make_error("K0605", "while: the body gives another number of values than it carries");
  }
  return make_error("K0611", "while: the loop did not end after " + std::to_string(kIterationLimit) + " rounds");
}

/// Adds what one declared dimension says of a symbol. False: it does not fit.
bool bind_dim(const Dim& dim, std::int64_t actual, DimValues& values) {
  const Dim known = dim.substitute(values);
  if (known.known()) return known.value() == actual;
  std::vector<std::string> symbols;
  known.collect_symbols(symbols);
  if (symbols.size() == 1 && known == Dim::symbol(symbols[0])) values[symbols[0]] = actual;
  return true;
}

}  // namespace

Result<std::vector<Tensor>> run_bodies(const ir::Node& node, std::span<const Tensor* const> inputs, int depth) {
  static const Observer kNobody;
  for (const Tensor* input : inputs) {
    if (input == nullptr) return make_error("K0605", std::string(node.op->name) + ": an input is missing");
  }
  if (node.op->name == "if" && node.bodies.size() == 2 && !inputs.empty() && inputs[0]->size() == 1) {
    const bool chosen = inputs[0]->element_as_int(0) != 0;
    return run_static(*node.bodies[chosen ? 0 : 1], inputs.subspan(1), kNobody, depth + 1);
  }
  if (node.op->name == "while" && node.bodies.size() == 2) return run_loop(node, inputs, depth + 1);
  if (node.op->name == "fused" && node.bodies.size() == 1)
    return run_static(*node.bodies[0], inputs, kNobody, depth + 1);
  return make_error("K0605", std::string(node.op->name) + ": its bodies are not as the card says");
}

Result<DimValues> bind_symbols(const ir::Graph& graph, std::span<const Tensor> inputs) {
  if (inputs.size() != graph.inputs.size()) {
    return make_error(
        "K0610",
        "the model takes " + std::to_string(graph.inputs.size()) + " inputs, given " + std::to_string(inputs.size()),
        Location::in("inputs"));
  }
  DimValues values;
  // Twice: a dimension may speak of a symbol that a later input binds.
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const ir::Value& value = graph.value(graph.inputs[i]);
      bool fits = value.dtype == inputs[i].dtype() && value.shape.size() == inputs[i].shape().size();
      for (std::size_t d = 0; fits && d < value.shape.size(); ++d)
        fits = bind_dim(value.shape[d], inputs[i].shape()[d], values);
      if (!fits) return unfit(value, inputs[i]);
    }
  }
  return values;
}

Result<std::vector<Tensor>> interpret(const ir::Graph& graph, std::span<const Tensor> inputs,
                                      const Observer& observer) {
  KEDGE_TRY(const DimValues values, bind_symbols(graph, inputs));
  std::vector<const Tensor*> borrowed;
  for (const Tensor& input : inputs) borrowed.push_back(&input);
  if (values.empty()) return run_static(graph, borrowed, observer, 0);
  ir::Graph bound = graph.clone();
  bound.substitute(values);
  return run_static(bound, borrowed, observer, 0);
}

}  // namespace kedge::ops
