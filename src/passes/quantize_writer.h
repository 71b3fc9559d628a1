// Builds the quantized graph: operands in int8, requantization where parameters differ, tables. Inside of the room.
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "passes/quantize.h"
#include "passes/quantize_plan.h"

namespace kedge::passes::quant {

class Writer {
 public:
  Writer(const ir::Graph& from, const Plan& plan, const Ranges& ranges, std::vector<Diagnostic>& faults);

  ir::Graph& out() { return out_; }
  const ir::Graph& from() const { return from_; }
  const Plan& plan() const { return plan_; }
  void at(const ir::Node& node);
  void fault(const ir::Node& node, std::string message, std::string help = {});

  // The quantized graph.
  ValueId mapped(ValueId old) const { return map_[static_cast<std::size_t>(old)]; }
  void map(ValueId old, ValueId made) { map_[static_cast<std::size_t>(old)] = made; }
  const Quantization& quant(ValueId made) const { return out_.value(made).quant; }
  bool is_float(ValueId old) const { return from_.value(old).dtype == DType::float32; }
  const Tensor* constant(ValueId old) const {
    return from_.value(old).constant ? &*from_.value(old).constant : nullptr;
  }
  const Range& range(ValueId old) const { return ranges_[static_cast<std::size_t>(old)]; }

  /// An operand as int8 (float ones) or as it is. Float constants are quantized by their own range.
  ValueId operand(ValueId old);
  /// As int8 with given parameters.
  ValueId operand(ValueId old, const Quantization& quant);
  ValueId requantized(ValueId made, const Quantization& quant);
  ValueId add_constant(Tensor tensor, const std::string& name = {});
  ValueId int32_scalar(std::int64_t value);

  /// Appends a node with outputs of given types.
  ValueId emit(std::string_view op, std::vector<ValueId> inputs, Attrs attrs, DType dtype, Shape shape,
               Quantization quant = {});
  std::vector<ValueId> emit_many(std::string_view op, std::vector<ValueId> inputs, Attrs attrs,
                                 const std::vector<ir::Value>& results);

  /// Wide integers: real = scale * q, q in int32.
  struct Wide {
    ValueId value = -1;
    double scale = 1;
  };
  const Wide* wide(ValueId old) const {
    const auto at = wide_.find(old);
    return at == wide_.end() ? nullptr : &at->second;
  }
  void set_wide(ValueId old, Wide made) { wide_[old] = made; }
  ValueId shape_preserving(std::string_view op, ValueId a, std::int64_t constant);  ///< int32 `op` with a number

  /// table[index(x)] for an int8 value; for two, table[index(a) * 256 + index(b)].
  ValueId look_up(const std::vector<ValueId>& made, Tensor table, Shape shape);

 private:
  const ir::Graph& from_;
  const Plan& plan_;
  const Ranges& ranges_;
  std::vector<Diagnostic>& faults_;
  ir::Graph out_;
  std::vector<ValueId> map_;
  std::map<std::pair<ValueId, std::pair<float, std::int64_t>>, ValueId> constants_;
  std::map<std::pair<ValueId, std::pair<float, std::int64_t>>, ValueId> requantized_;
  std::map<ValueId, ValueId> indices_;
  std::map<ValueId, Wide> wide_;
  ir::Origin origin_;
  ir::RegionId region_ = 0;
};

/// The values that the chain of nodes from the roots to `result` gives for these float vectors of the roots.
Result<Tensor> evaluate_chain(const ir::Graph& graph, std::span<const NodeId> nodes, std::span<const ValueId> roots,
                              std::vector<Tensor> inputs, ValueId result);
/// f over all 256 values of an int8 with parameters `in` (two operands: 65,536). The table has the result's type; float
/// results stay float.
Result<Tensor> make_table(const ir::Graph& graph, std::span<const NodeId> nodes, std::span<const ValueId> roots,
                          std::span<const Quantization> in, ValueId result);
/// Float entries as int8 with given parameters; others as they are.
Tensor as_entries(Tensor table, const Quantization& out);

/// Writes one node that has float operands or results. quantize_ops.cpp
void write_node(Writer& writer, const ir::Node& node);

}  // namespace kedge::passes::quant
