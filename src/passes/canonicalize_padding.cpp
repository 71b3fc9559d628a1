#include <algorithm>

#include "passes/passes.h"
#include "passes/rewrite.h"

namespace kedge::passes {
namespace {

struct Window {
  std::vector<std::int64_t> size, strides, dilations;
};

/// The spatial window of a 2-D convolution or pooling node; size empty for others.
Window window_of(const ir::Graph& graph, const ir::Node& node) {
  if (is_op(node, "conv2d") || is_op(node, "depthwise_conv2d")) {
    const std::optional<StaticShape> filter = static_shape(graph.value(node.inputs[1]).shape);
    if (!filter) return {};
    return {{(*filter)[0], (*filter)[1]}, node.attrs.integers("strides"), node.attrs.integers("dilations")};
  }
  if (is_op(node, "max_pool2d") || is_op(node, "avg_pool2d"))
    return {node.attrs.integers("window"), node.attrs.integers("strides"), {1, 1}};
  return {};
}

/// [top, bottom, left, right] that `same` means: TensorFlow puts the odd pixel last.
std::optional<std::vector<std::int64_t>> same_pads(const Shape& input, const Window& window) {
  std::vector<std::int64_t> pads;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    if (!input[axis + 1].known()) return std::nullopt;
    const std::int64_t extent = input[axis + 1].value();
    const std::int64_t reach = (window.size[axis] - 1) * window.dilations[axis] + 1;
    const std::int64_t count = (extent + window.strides[axis] - 1) / window.strides[axis];
    const std::int64_t total = std::max<std::int64_t>(0, (count - 1) * window.strides[axis] + reach - extent);
    pads.push_back(total / 2);
    pads.push_back(total - total / 2);
  }
  return pads;
}

/// Zero padding of the two spatial axes only, as [top, bottom, left, right]; empty otherwise.
std::vector<std::int64_t> spatial_zero_pads(const ir::Node& pad) {
  if (pad.attrs.text("mode") != "constant" || pad.attrs.real("value") != 0) return {};
  const Shape& before = pad.attrs.dims("before");
  const Shape& after = pad.attrs.dims("after");
  if (before.size() != 4) return {};
  for (std::size_t axis = 0; axis < 4; ++axis) {
    if (!before[axis].known() || !after[axis].known()) return {};
    const bool spatial = axis == 1 || axis == 2;
    if (!spatial && (before[axis].value() != 0 || after[axis].value() != 0)) return {};
    if (before[axis].value() < 0 || after[axis].value() < 0) return {};
  }
  return {before[1].value(), after[1].value(), before[2].value(), after[2].value()};
}

/// Convolutions see zeros outside; a pooling window must not (max would take a padded zero, average would count it).
bool pads_with_zeros(const ir::Node& node) { return is_op(node, "conv2d") || is_op(node, "depthwise_conv2d"); }

}  // namespace

Result<void> canonicalize_padding(ir::Graph& graph) {
  for (const ir::NodeId id : graph.order()) {
    ir::Node& node = graph.node(id);
    const Window window = window_of(graph, node);
    if (window.size.empty()) continue;
    const ir::Node* before = producer(graph, node.inputs[0]);
    const bool valid = node.attrs.text("padding") == "valid";
    if (valid && pads_with_zeros(node) && before != nullptr && is_op(*before, "pad")) {
      const std::vector<std::int64_t> pads = spatial_zero_pads(*before);
      if (!pads.empty()) {
        node.inputs[0] = before->inputs[0];
        node.attrs.set("padding", std::string("explicit"));
        node.attrs.set("pads", pads);
      }
    }
    if (node.attrs.text("padding") != "explicit") continue;
    const std::vector<std::int64_t>& pads = node.attrs.integers("pads");
    const bool none = std::all_of(pads.begin(), pads.end(), [](std::int64_t p) { return p == 0; });
    const std::optional<std::vector<std::int64_t>> same = same_pads(graph.value(node.inputs[0]).shape, window);
    if (none || (same && *same == pads)) {
      node.attrs.set("padding", std::string(none ? "valid" : "same"));
      node.attrs.set("pads", std::vector<std::int64_t>{0, 0, 0, 0});
    }
  }
  return eliminate_dead_code(graph);
}

}  // namespace kedge::passes
