// Calibration: the smallest and largest number that each float value takes on the samples.
#include <algorithm>
#include <cmath>

#include "ir/op_def.h"
#include "passes/quantize.h"

namespace kedge::passes {
namespace {

constexpr float kSoftmaxReach = 12.0F;  ///< e^-12 is below half a step of softmax's int8 result, even times some thousands

/// For rows along the last axis: the smallest value that is not more than the reach below its row's maximum.
float useful_minimum(const Tensor& tensor) {
  const std::span<const float> values = tensor.values<float>();
  const std::size_t depth = tensor.rank() == 0 ? 1 : static_cast<std::size_t>(tensor.shape().back());
  float smallest = INFINITY;
  for (std::size_t row = 0; depth > 0 && row + depth <= values.size(); row += depth) {
    const auto [low, high] = std::minmax_element(values.begin() + static_cast<std::ptrdiff_t>(row), values.begin() + static_cast<std::ptrdiff_t>(row + depth));
    smallest = std::min(smallest, std::max(*low, *high - kSoftmaxReach));
  }
  return smallest;
}

}  // namespace

Result<Ranges> calibrate(const ir::Graph& graph, std::span<const std::vector<Tensor>> samples, const CalibrationRun& run) {
  Ranges ranges(static_cast<std::size_t>(graph.value_count()));
  std::vector<bool> into_softmax(ranges.size(), false);
  for (const ir::NodeId id : graph.order())
    if (graph.node(id).op->name == "softmax") into_softmax[static_cast<std::size_t>(graph.node(id).inputs[0])] = true;
  const auto observe = [&](ir::ValueId id, const Tensor& tensor) {
    if (tensor.dtype() != DType::float32 || tensor.size() == 0) return;
    Range& range = ranges[static_cast<std::size_t>(id)];
    float low = INFINITY;
    float high = -INFINITY;
    for (const float v : tensor.values<float>()) {  // NaN and infinities have no place in a range; tables clamp them
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
