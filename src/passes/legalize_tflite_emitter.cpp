// How ops are appended: rules first, then broadcasting of high rank, then folding of what is constant already.
#include "passes/legalize_tflite_emitter.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "ops/append.h"
#include "ops/interpret.h"
#include "ops/ops.h"

namespace kedge::passes::tflite {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::int64_t kBroadcastRank = 4;  ///< all of TFLite's broadcasting kernels take this many dimensions
constexpr std::int64_t kFoldElements = 1 << 22;

LegalizeFn find_rule(const Emitter& e, std::string_view op) {
  if (e.for_int8() && is_whole_for_int8(op)) return nullptr;
  if (LegalizeFn fn = find_unary_rule(op)) return fn;
  if (LegalizeFn fn = find_binary_rule(op)) return fn;
  if (LegalizeFn fn = find_layout_rule(op)) return fn;
  if (LegalizeFn fn = find_fourier_rule(op)) return fn;
  return find_window_rule(op);
}

bool broadcasts(std::string_view op) {
  static constexpr std::string_view kNames[] = {
      "add",        "sub",         "mul",         "div",     "floordiv",           "mod",
      "pow",        "max",         "min",         "atan2",   "squared_difference", "equal",
      "not_equal",  "less",        "less_equal",  "greater", "greater_equal",      "logical_and",
      "logical_or", "bitwise_xor", "right_shift", "select"};
  return std::find(std::begin(kNames), std::end(kNames), op) != std::end(kNames);
}

/// Left-pads with ones to `rank`.
StaticShape aligned(const StaticShape& shape, std::size_t rank) {
  StaticShape out(rank - shape.size(), 1);
  out.insert(out.end(), shape.begin(), shape.end());
  return out;
}

}  // namespace

StaticShape Emitter::shape(ValueId id) const {
  const std::optional<StaticShape> known = static_shape(graph_.value(id).shape);
  KEDGE_CHECK(known.has_value(), "legalisation met a symbolic shape");
  return *known;
}

void Emitter::fault(std::string message, std::string help) {
  Diagnostic d;
  d.code = "K0701";
  d.message = std::move(message);
  d.primary.location = origin_.span.valid() ? Location::at(origin_.span) : Location::in(origin_.path);
  if (!origin_.layer.empty()) d.primary.text = "in layer \"" + origin_.layer + "\"";
  if (!help.empty()) d.help.push_back(std::move(help));
  faults_.push_back(std::move(d));
}

Values Emitter::ops(std::string_view name, Values inputs, Attrs attrs) {
  if (const LegalizeFn fn = find_rule(*this, name)) {
    KEDGE_CHECK(++depth_ < kMaxDepth, "legalisation rules call each other without end");
    const ir::OpDef* card = ops::find_op(name);
    KEDGE_CHECK(card != nullptr, "legalisation names an op that has no card");
    Result<Attrs> complete = ops::complete_attrs(*card, attrs);
    KEDGE_CHECK(complete.ok(), "legalisation gave wrong attributes");
    Values done = fn(*this, inputs, *complete);
    --depth_;
    if (!done.empty()) return done;
  }
  if (!broadcasts(name)) return raw(name, inputs, std::move(attrs));

  // Above four dimensions neighbours that broadcast alike are merged; what is left above four is spelled out by
  // broadcast_to.
  std::size_t rank = 0;
  for (const ValueId v : inputs) rank = std::max(rank, graph_.value(v).shape.size());
  std::vector<StaticShape> shapes;
  for (const ValueId v : inputs) shapes.push_back(aligned(shape(v), rank));
  const bool differ = std::any_of(shapes.begin(), shapes.end(), [&](const StaticShape& s) { return s != shapes[0]; });
  if (static_cast<std::int64_t>(rank) <= kBroadcastRank || !differ) return raw(name, inputs, std::move(attrs));
  StaticShape full(rank, 1);
  for (std::size_t d = 0; d < rank; ++d)
    for (const StaticShape& s : shapes)
      if (s[d] != 1) full[d] = s[d];
  std::vector<StaticShape> merged(inputs.size());
  for (std::size_t d = 0; d < rank; ++d) {
    const auto is_wide = [&](std::size_t input, std::size_t dim) { return shapes[input][dim] == full[dim]; };
    bool alike = d > 0;
    for (std::size_t i = 0; alike && i < inputs.size(); ++i) alike = is_wide(i, d) == is_wide(i, d - 1);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (alike) merged[i].back() *= shapes[i][d];
      else merged[i].push_back(shapes[i][d]);
    }
  }
  if (static_cast<std::int64_t>(merged[0].size()) <= kBroadcastRank) {
    for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = reshape(inputs[i], merged[i]);
  } else {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (shapes[i] != full) inputs[i] = raw1("broadcast_to", {inputs[i]}, Attrs{{"shape", to_shape(full)}});
  }
  return {reshape(raw1(name, inputs, std::move(attrs)), full)};
}

Values Emitter::raw(std::string_view name, const Values& inputs, Attrs attrs) {
  bool constant = !inputs.empty();
  for (const ValueId v : inputs) constant = constant && (v < 0 || is_constant(v));
  Result<Values> outputs = ops::append_all(graph_, name, inputs, std::move(attrs), {origin_, region_, -1});
  if (!outputs.ok()) {
    const std::string why =
        "legalisation emitted a wrong node: " + std::string(name) + ": " + outputs.error().diagnostic().message;
    KEDGE_CHECK(outputs.ok(), why.c_str());
  }
  if (!constant) return *outputs;
  // Folding: the node just appended is run at once and replaced by its value.
  const ir::NodeId last = graph_.value((*outputs)[0]).producer;
  const ir::Node& node = graph_.node(last);
  std::vector<const Tensor*> operands;
  for (const ValueId v : inputs) operands.push_back(v < 0 ? nullptr : constant_of(v));
  for (const ValueId v : *outputs) {
    const auto known = static_shape(graph_.value(v).shape);
    if (!known || element_count(*known) > kFoldElements) return *outputs;
  }
  Result<std::vector<Tensor>> folded = ops::run_node(graph_, node, operands);
  if (!folded.ok()) return *outputs;
  graph_.remove(last);
  Values constants;
  for (Tensor& t : *folded) constants.push_back(graph_.add_constant(std::move(t)));
  return constants;
}

ValueId Emitter::scalar(DType dtype, double value) {
  if (is_float(dtype)) return constant(Tensor::scalar<double>(DType::float64, value).cast(dtype));
  return constant(Tensor::scalar<std::int64_t>(DType::int64, static_cast<std::int64_t>(value)).cast(dtype));
}

ValueId Emitter::ints(DType dtype, StaticShape shape, const std::vector<std::int64_t>& values) {
  return constant(Tensor::of<std::int64_t>(DType::int64, std::move(shape), values).cast(dtype));
}

ValueId Emitter::floats(StaticShape shape, const std::vector<float>& values) {
  return constant(Tensor::of<float>(DType::float32, std::move(shape), values));
}

ValueId Emitter::cast(ValueId a, DType to) {
  if (dtype(a) == to) return a;
  return op("cast", {a}, Attrs{{"to", to}});
}

ValueId Emitter::reshape(ValueId a, const StaticShape& to) {
  if (shape(a) == to) return a;
  if (const Tensor* tensor = constant_of(a)) return constant(tensor->reshaped(to));
  return raw1("reshape", {a}, Attrs{{"shape", to_shape(to)}});
}

ValueId Emitter::transpose(ValueId a, const std::vector<std::int64_t>& perm) {
  bool identity = true;
  for (std::size_t i = 0; i < perm.size(); ++i) identity = identity && perm[i] == static_cast<std::int64_t>(i);
  return identity ? a : op("transpose", {a}, Attrs{{"perm", perm}});
}

ValueId Emitter::slice_axis(ValueId a, std::int64_t axis, std::int64_t begin, std::int64_t end) {
  const StaticShape from = shape(a);
  StaticShape first(from.size(), 0);
  StaticShape last = from;
  if (begin == 0 && end == from[axis]) return a;
  first[axis] = begin;
  last[axis] = end;
  return op(
      "slice", {a},
      Attrs{
          {"begin", to_shape(first)}, {"end", to_shape(last)}, {"strides", std::vector<std::int64_t>(from.size(), 1)}});
}

ValueId Emitter::concat(const Values& parts, std::int64_t axis) {
  if (parts.size() == 1) return parts[0];
  return op("concat", parts, Attrs{{"axis", axis}});
}

ValueId Emitter::pad(ValueId a, const StaticShape& before, const StaticShape& after, double value) {
  const auto zero = [](const StaticShape& s) {
    return std::all_of(s.begin(), s.end(), [](std::int64_t v) { return v == 0; });
  };
  if (zero(before) && zero(after)) return a;
  return op("pad", {a},
            Attrs{{"before", to_shape(before)},
                  {"after", to_shape(after)},
                  {"mode", std::string("constant")},
                  {"value", value}});
}

}  // namespace kedge::passes::tflite
