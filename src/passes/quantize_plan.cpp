#include "passes/quantize_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "passes/quantize_params.h"
#include "passes/quantize_writer.h"

namespace kedge::passes::quant {
namespace {

constexpr std::size_t kLongestChain = 64;

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_scalar_constant(const ir::Value& v) { return v.constant && v.constant->size() == 1; }

}  // namespace

bool is_transparent(std::string_view op) {
  static constexpr std::string_view kNames[] = {"reshape",    "transpose",  "slice",     "tile",       "broadcast_to",
                                                "reverse",    "gather",     "gather_nd", "max_pool2d", "avg_pool2d",
                                                "reduce_max", "reduce_min", "resize",    "top_k",      "pad"};
  return contains(kNames, op);
}

bool joins_scales(std::string_view op) {
  static constexpr std::string_view kNames[] = {"concat", "max", "min", "select"};
  return contains(kNames, op);
}

bool is_data_operand(const ir::Graph& graph, const ir::Node& node, std::size_t operand) {
  const ValueId v = node.inputs[operand];
  return v >= 0 && graph.value(v).dtype == DType::float32;
}

Plan::Plan(const ir::Graph& graph, const Ranges& ranges)
    : graph_(graph), users_(graph.users()), is_output_(static_cast<std::size_t>(graph.value_count()), false) {
  for (const ValueId v : graph.outputs) is_output_[static_cast<std::size_t>(v)] = true;
  find_chains();
  find_wide();
  find_needs(ranges);
}

// A value is derived when its node is elementwise and its operands are one quantized value (directly or through derived
// values) and single numbers. relu and relu6 right behind an op with a scale of its own are left out: they vanish in
// that op's range.
void Plan::find_chains() {
  const std::size_t count = static_cast<std::size_t>(graph_.value_count());
  roots_.resize(count);
  materialised_.assign(count, false);
  for (std::size_t v = 0; v < count; ++v) roots_[v] = static_cast<ValueId>(v);
  std::vector<std::size_t> length(count, 0);
  for (const NodeId id : graph_.order()) {
    const ir::Node& node = graph_.node(id);
    if (!(node.op->elementwise || node.op->name == "cast") || node.outputs.size() != 1 || !node.bodies.empty())
      continue;
    const ValueId out = node.outputs[0];
    ValueId root = -1;
    bool single = true;
    std::size_t longest = 0;
    for (const ValueId v : node.inputs) {
      if (v < 0 || is_scalar_constant(graph_.value(v))) continue;
      if (graph_.value(v).constant) single = false;
      const ValueId r = roots_[static_cast<std::size_t>(v)];
      single = single && (root < 0 || root == r);
      root = r;
      longest = std::max(longest, length[static_cast<std::size_t>(v)]);
    }
    if (!single || root < 0 || graph_.value(root).dtype != DType::float32 ||
        graph_.value(root).shape != graph_.value(out).shape || longest + 1 > kLongestChain)
      continue;
    const bool clamp = node.op->name == "relu" || node.op->name == "relu6";
    const bool alone = root == node.inputs[0] && users_[static_cast<std::size_t>(root)].size() == 1 &&
                       !is_output_[static_cast<std::size_t>(root)];
    const NodeId maker = graph_.value(root).producer;
    if (clamp && alone && maker >= 0 && graph_.node(maker).op->quant != ir::QuantKind::fixed) continue;
    roots_[static_cast<std::size_t>(out)] = root;
    length[static_cast<std::size_t>(out)] = longest + 1;
  }
  for (std::size_t v = 0; v < count; ++v) {
    if (roots_[v] == static_cast<ValueId>(v)) continue;
    bool outside = is_output_[v];
    for (const NodeId user : users_[v])
      outside = outside || roots_[static_cast<std::size_t>(graph_.node(user).outputs[0])] != roots_[v];
    materialised_[v] = outside;
  }
}

void Plan::find_wide() {
  wide_.assign(roots_.size(), false);
  for (const NodeId id : graph_.order()) {
    const ir::Node& node = graph_.node(id);
    if (node.op->name != "reduce_mean" && node.op->name != "reduce_sum") continue;
    const ValueId v = node.outputs[0];
    const std::vector<NodeId>& readers = users_[static_cast<std::size_t>(v)];
    if (graph_.value(v).dtype != DType::float32 || is_output_[static_cast<std::size_t>(v)] || readers.empty()) continue;
    wide_[static_cast<std::size_t>(v)] = std::all_of(readers.begin(), readers.end(), [&](NodeId r) {
      return root(graph_.node(r).outputs[0]) == v && graph_.node(r).outputs[0] != v;
    });
  }
}

std::vector<NodeId> Plan::chain(ValueId v) const {
  std::set<NodeId> nodes;
  std::vector<ValueId> open{v};
  while (!open.empty()) {
    const ValueId at = open.back();
    open.pop_back();
    if (!is_derived(at)) continue;
    const NodeId maker = graph_.value(at).producer;
    if (!nodes.insert(maker).second) continue;
    for (const ValueId in : graph_.node(maker).inputs)
      if (in >= 0) open.push_back(in);
  }
  std::vector<NodeId> ordered;
  for (const NodeId id : graph_.order())
    if (nodes.contains(id)) ordered.push_back(id);
  return ordered;
}

// The part of [low, high] outside of which the chain to `v` is flat to half a step of its result: the range a
// saturating function's operand needs. tanh of a convolution that reaches ±150 wants ±4 at 255 steps, not ±150.
std::pair<double, double> Plan::sensitive_range(ValueId v, double low, double high) const {
  constexpr std::int64_t kSamples = 2048;
  const ValueId from = root(v);
  if (!(high > low)) return {low, high};
  std::vector<float> x;
  for (std::int64_t i = 0; i < kSamples; ++i)
    x.push_back(static_cast<float>(low + (high - low) * static_cast<double>(i) / (kSamples - 1)));
  const std::vector<NodeId> nodes = chain(v);
  Result<Tensor> f =
      evaluate_chain(graph_, nodes, std::span(&from, 1), {Tensor::of<float>(DType::float32, {kSamples}, x)}, v);
  if (!f.ok()) return {low, high};
  const double tolerance = f->dtype() == DType::float32 ? (needed_max(v) - needed_min(v)) / 255 / 2 : 0;
  const auto flat_from = [&](std::int64_t start,
                             std::int64_t direction) {  // the last sample up to which f stays together
    double smallest = std::numeric_limits<double>::infinity();
    double largest = -smallest;
    std::int64_t last = start;
    for (std::int64_t i = start; i >= 0 && i < kSamples; i += direction) {
      const double value = std::clamp(f->element_as_double(i), f->dtype() == DType::float32 ? needed_min(v) : -1e300,
                                      f->dtype() == DType::float32 ? needed_max(v) : 1e300);
      if (std::isnan(value)) break;
      smallest = std::min(smallest, value);
      largest = std::max(largest, value);
      if (largest - smallest > tolerance) break;
      last = i;
    }
    return last;
  };
  const std::int64_t left = flat_from(0, 1);
  const std::int64_t right = flat_from(kSamples - 1, -1);
  if (left >= right) return {low, high};
  return {static_cast<double>(x[static_cast<std::size_t>(left)]),
          static_cast<double>(x[static_cast<std::size_t>(right)])};
}

// From the outputs backwards: what range of each value makes a difference to its readers. A relu's operand needs no
// negative range, a mask of -1e9 needs to reach only as low as softmax looks, an operand of add only what the sum
// needs.
void Plan::find_needs(const Ranges& ranges) {
  const std::size_t count = static_cast<std::size_t>(graph_.value_count());
  const double inf = std::numeric_limits<double>::infinity();
  adopt_.assign(count, -1);
  std::vector<std::pair<double, double>> seen(count, {0, 0});
  need_.assign(count, {inf, -inf});
  for (std::size_t v = 0; v < count; ++v) {
    const ir::Value& value = graph_.value(static_cast<ValueId>(v));
    if (value.constant && value.dtype == DType::float32) {
      double min = inf;
      double max = -inf;
      for (const float x : value.constant->values<float>())
        min = std::min<double>(min, x), max = std::max<double>(max, x);
      seen[v] = {min, max};
    } else if (v < ranges.size() && ranges[v].seen) {
      seen[v] = {ranges[v].min, ranges[v].max};
    }
    if (is_output_[v]) need_[v] = seen[v];
  }
  const auto widen = [&](ValueId v, double min, double max) {
    auto& [low, high] = need_[static_cast<std::size_t>(v)];
    const auto& [smallest, largest] = seen[static_cast<std::size_t>(v)];
    low = std::min(low, std::max(min, smallest));
    high = std::max(high, std::min(max, largest));
  };
  std::vector<NodeId> order = graph_.order();
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    const ir::Node& node = graph_.node(*it);
    const std::string_view op = node.op->name;
    const ValueId out = node.outputs[0];
    auto& [low, high] = need_[static_cast<std::size_t>(out)];
    if (low > high) std::tie(low, high) = seen[static_cast<std::size_t>(out)];
    const bool clamp = (op == "relu" || op == "relu6") && !is_derived(out);
    if (is_derived(out)) {  // a chain's operand needs what the chain's results are sensitive to
      if (!is_materialised(out)) continue;
      const auto& [smallest, largest] = seen[static_cast<std::size_t>(root(out))];
      const auto [from, to] = sensitive_range(out, smallest, largest);
      widen(root(out), from, to);
      continue;
    }
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (!is_data_operand(graph_, node, i)) continue;
      const ValueId v = node.inputs[i];
      const std::size_t at = static_cast<std::size_t>(v);
      const bool only_reader = users_[at].size() == 1 && !is_output_[at];
      if ((is_transparent(op) && op != "avg_pool2d" && op != "pad") || joins_scales(op) || clamp) {
        widen(v, low, high);
        if (only_reader && graph_.value(out).dtype == DType::float32 && !is_derived(out)) adopt_[at] = out;
      } else if (op == "pad") {
        widen(v, low, high);
        if (only_reader) adopt_[at] = out;
      } else if ((op == "add" || op == "sub") && !is_derived(out)) {
        const ValueId other = node.inputs[1 - i];
        auto [other_low, other_high] = seen[static_cast<std::size_t>(other)];
        if (op == "add") widen(v, low - other_high, high - other_low);
        else if (i == 0) widen(v, low + other_low, high + other_high);
        else widen(v, other_low - high, other_high - low);
      } else if (op == "softmax" && at < ranges.size() && ranges[at].seen) {
        widen(v, ranges[at].useful_min, inf);
      } else {
        widen(v, -inf, inf);
      }
    }
  }
  for (std::size_t v = 0; v < count; ++v)
    if (need_[v].first > need_[v].second) need_[v] = seen[v];
}

Quantization Plan::wanted(ValueId v) const {
  for (std::size_t steps = 0; adopt_[static_cast<std::size_t>(v)] >= 0 && steps < adopt_.size(); ++steps)
    v = adopt_[static_cast<std::size_t>(v)];
  return asymmetric(needed_min(v), needed_max(v));
}

}  // namespace kedge::passes::quant
