// Emitter: appends legal ops to the graph under construction. `op()` legalises what it is given, so decompositions can
// be written in terms of any ir op. Not part of the room's interface.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "passes/legalize_tflite.h"

namespace kedge::passes::tflite {

using ir::ValueId;
using Values = std::vector<ValueId>;

class Emitter {
 public:
  Emitter(ir::Graph& graph, TfliteFlavour flavour, std::vector<Diagnostic>& faults)
      : graph_(graph), flavour_(flavour), faults_(faults) {}

  /// Legalises and appends one op with one output.
  ValueId op(std::string_view name, Values inputs, Attrs attrs = {}) {
    return ops(name, std::move(inputs), std::move(attrs))[0];
  }
  Values ops(std::string_view name, Values inputs, Attrs attrs = {});
  /// Appends as it is, without looking for a rule.
  Values raw(std::string_view name, const Values& inputs, Attrs attrs = {});
  ValueId raw1(std::string_view name, const Values& inputs, Attrs attrs = {}) {
    return raw(name, inputs, std::move(attrs))[0];
  }

  /// The node being rewritten: gives new nodes their origin and region.
  void at(const ir::Node& node, ir::RegionId region) {
    origin_ = node.origin;
    region_ = region;
  }
  const ir::Origin& origin() const { return origin_; }
  ir::RegionId region() const { return region_; }
  /// Reports an op that has no form in TFLite; the caller goes on with a stand-in value so that all faults are found in
  /// one run.
  void fault(std::string message, std::string help = {});
  bool failed() const { return !faults_.empty(); }

  ir::Graph& graph() { return graph_; }
  TfliteFlavour flavour() const { return flavour_; }
  bool for_int8() const { return flavour_ == TfliteFlavour::int8; }
  DType dtype(ValueId id) const { return graph_.value(id).dtype; }
  StaticShape shape(ValueId id) const;
  std::int64_t rank(ValueId id) const { return static_cast<std::int64_t>(graph_.value(id).shape.size()); }
  bool is_constant(ValueId id) const { return graph_.value(id).constant.has_value(); }
  const Tensor* constant_of(ValueId id) const { return is_constant(id) ? &*graph_.value(id).constant : nullptr; }

  ValueId constant(Tensor tensor, std::string name = {}) {
    return graph_.add_constant(std::move(tensor), std::move(name));
  }
  ValueId scalar(DType dtype, double value);  ///< rank 0
  ValueId like(ValueId other, double value) { return scalar(dtype(other), value); }
  ValueId ints(DType dtype, StaticShape shape, const std::vector<std::int64_t>& values);
  ValueId floats(StaticShape shape, const std::vector<float>& values);

  // Shorthands for decompositions; constants are scalars of the operand's type.
  ValueId add(ValueId a, ValueId b) { return op("add", {a, b}); }
  ValueId sub(ValueId a, ValueId b) { return op("sub", {a, b}); }
  ValueId mul(ValueId a, ValueId b) { return op("mul", {a, b}); }
  ValueId div(ValueId a, ValueId b) { return op("div", {a, b}); }
  ValueId unary(std::string_view name, ValueId a) { return op(name, {a}); }
  ValueId select(ValueId cond, ValueId a, ValueId b) { return op("select", {cond, a, b}); }
  ValueId cast(ValueId a, DType to);
  ValueId reshape(ValueId a, const StaticShape& to);                    ///< nothing when the shape is that already
  ValueId transpose(ValueId a, const std::vector<std::int64_t>& perm);  ///< constants are transposed in place
  ValueId slice_axis(ValueId a, std::int64_t axis, std::int64_t begin, std::int64_t end);
  ValueId concat(const Values& parts, std::int64_t axis);
  ValueId pad(ValueId a, const StaticShape& before, const StaticShape& after, double value = 0);

 private:
  ir::Graph& graph_;
  TfliteFlavour flavour_;
  std::vector<Diagnostic>& faults_;
  ir::Origin origin_;
  ir::RegionId region_ = 0;
  int depth_ = 0;
};

/// A decomposition. An empty answer means: keep the op as it is.
using LegalizeFn = Values (*)(Emitter&, const Values& inputs, const Attrs& attrs);

struct LegalizeRule {
  std::string_view op;
  LegalizeFn fn;
};

// The rules by subject; each file lists its own.
LegalizeFn find_unary_rule(std::string_view op);  // legalize_tflite_unary.cpp
bool is_whole_for_int8(std::string_view op);  // legalize_tflite_unary.cpp: becomes one table, so it is not taken apart
LegalizeFn find_binary_rule(std::string_view op);  // legalize_tflite_binary.cpp
LegalizeFn find_layout_rule(
    std::string_view op);  // legalize_tflite_layout.cpp: shapes, gather, scatter, reductions, sorting
LegalizeFn find_fourier_rule(std::string_view op);  // legalize_tflite_fourier.cpp
LegalizeFn find_window_rule(
    std::string_view op);  // legalize_tflite_window.cpp: convolution, pooling, matrix products, resize

}  // namespace kedge::passes::tflite
