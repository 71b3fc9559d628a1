// Calibration: the smallest and largest number that each float value takes on the samples.
#include <algorithm>
#include <cmath>

#include "ir/op_def.h"
#include "passes/quantize.h"

namespace kedge::passes {
namespace {

constexpr float kSoftmaxReach =
    12.0F;  ///< e^-12 is below half a step of softmax's int8 result, even times some thousands

/// For rows along the last axis: the smallest value that is not more than the reach below its row's maximum.
float useful_minimum(const Tensor& tensor) {
  const std::span<const float> values = tensor.values<float>();
  const std::size_t depth = tensor.rank() == 0 ? 1 : static_cast<std::size_t>(tensor.shape().back());
  float smallest = INFINITY;
  for (std::size_t row = 0; depth > 0 && row + depth <= values.size(); row += depth) {
    const auto [low, high] = std::minmax_element(values.begin() + static_cast<std::ptrdiff_t>(row),
                                                 values.begin() + static_cast<std::ptrdiff_t>(row + depth));
    smallest = std::min(smallest, std::max(*low, *high - kSoftmaxReach));
  }
  return smallest;
}

/// An integer cannot be NaN: a model that makes it on its calibration samples has no INT8 form.
Error nan_error(const ir::Graph& graph, ir::ValueId id) {
  const ir::NodeId maker = graph.value(id).producer;
  if (maker < 0) return make_error("K0707", "a calibration sample holds NaN", Location::in("argument --calib"));
  const ir::Node& node = graph.node(maker);
  const std::string what =
      node.origin.layer.empty() ? "`" + std::string(node.op->name) + "`" : "layer `" + node.origin.layer + "`";
  Error error =
      make_error("K0707", what + " makes NaN on a calibration sample, which no integer can be",
                 node.origin.span.valid() ? Location::at(node.origin.span)
                                          : Location::in(node.origin.path.empty() ? "graph" : node.origin.path));
  return std::move(error).help("guard the operation, or calibrate on samples of the kind the model is made for");
}

}  // namespace

Result<Ranges> calibrate(const ir::Graph& graph, std::span<const std::vector<Tensor>> samples,
                         const CalibrationRun& run) {
  Ranges ranges(static_cast<std::size_t>(graph.value_count()));
  std::vector<bool> into_softmax(ranges.size(), false);
  for (const ir::NodeId id : graph.order())
    if (graph.node(id).op->name == "softmax") into_softmax[static_cast<std::size_t>(graph.node(id).inputs[0])] = true;
  ir::ValueId first_nan = -1;
  bool answer_is_nan = false;  // a NaN that a select drops again does no harm
  const auto observe = [&](ir::ValueId id, const Tensor& tensor) {
    if (tensor.dtype() != DType::float32 || tensor.size() == 0) return;
    Range& range = ranges[static_cast<std::size_t>(id)];
    float low = INFINITY;
    float high = -INFINITY;
    for (const float v : tensor.values<float>()) {  // NaN and infinities have no place in a range; tables clamp them
      if (std::isnan(v)) {
        first_nan = first_nan < 0 ? id : first_nan;
        answer_is_nan =
            answer_is_nan || std::find(graph.outputs.begin(), graph.outputs.end(), id) != graph.outputs.end();
      }
      if (!std::isfinite(v)) continue;
      low = std::min(low, v);
      high = std::max(high, v);
    }
    if (low > high) return;
    const float useful = into_softmax[static_cast<std::size_t>(id)] ? useful_minimum(tensor) : low;
    range.min = range.seen ? std::min(range.min, low) : low;
    range.max = range.seen ? std::max(range.max, high) : high;
    range.useful_min = range.seen ? std::min(range.useful_min, useful) : useful;
    range.seen = true;
  };
  for (const std::vector<Tensor>& sample : samples) {
    for (std::size_t i = 0; i < sample.size() && i < graph.inputs.size(); ++i) observe(graph.inputs[i], sample[i]);
    KEDGE_TRY_VOID(run(sample, observe));
    if (answer_is_nan) return nan_error(graph, first_nan);
  }
  return ranges;
}

Result<Ranges> calibrate(const ir::Graph& graph, std::span<const std::vector<Tensor>> samples) {
  return calibrate(graph, samples, [&](std::span<const Tensor> inputs, const ops::Observer& observer) -> Result<void> {
    Result<std::vector<Tensor>> out = ops::interpret(graph, inputs, observer);
    if (!out.ok()) return std::move(out).error();
    return {};
  });
}

}  // namespace kedge::passes
