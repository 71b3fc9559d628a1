// What the quantizer decides before it writes anything: which values form tables, which range each value needs, and
// which values share parameters. Inside of the room.
#pragma once

#include <optional>
#include <vector>

#include "ir/op_def.h"
#include "passes/quantize.h"

namespace kedge::passes::quant {

using ir::NodeId;
using ir::ValueId;

/// Ops that only move or choose values: the result has its operand's parameters.
bool is_transparent(std::string_view op);
/// Ops whose operands must have the result's parameters: concat, max, min, select.
bool joins_scales(std::string_view op);
/// Operand positions that carry quantized values (not indices, conditions).
bool is_data_operand(const ir::Graph& graph, const ir::Node& node, std::size_t operand);

class Plan {
 public:
  Plan(const ir::Graph& graph, const Ranges& ranges);

  /// The value that `v` is an elementwise function of, and `v` itself when it is none.
  ValueId root(ValueId v) const { return roots_[static_cast<std::size_t>(v)]; }
  bool is_derived(ValueId v) const { return root(v) != v; }
  /// True when a derived value must exist by itself: something outside of the chain reads it.
  bool is_materialised(ValueId v) const { return materialised_[static_cast<std::size_t>(v)]; }
  /// The nodes of the chain from root(v) to v, in order.
  std::vector<NodeId> chain(ValueId v) const;

  /// A mean or sum that only chains read: it stays a wide integer, so that `rsqrt(mean(square(x)))` is exact for small
  /// and large channels.
  bool is_wide(ValueId v) const { return wide_[static_cast<std::size_t>(v)]; }
  std::size_t reader_count(ValueId v) const {
    return users_[static_cast<std::size_t>(v)].size() + (is_output_[static_cast<std::size_t>(v)] ? 1 : 0);
  }

  /// Parameters that the producer of `v` should aim for.
  Quantization wanted(ValueId v) const;
  double needed_min(ValueId v) const { return need_[static_cast<std::size_t>(v)].first; }
  double needed_max(ValueId v) const { return need_[static_cast<std::size_t>(v)].second; }

 private:
  void find_chains();
  void find_wide();
  std::pair<double, double> sensitive_range(ValueId v, double low, double high) const;
  void find_needs(const Ranges& ranges);

  const ir::Graph& graph_;
  std::vector<std::vector<NodeId>> users_;
  std::vector<bool> is_output_;
  std::vector<ValueId> roots_;
  std::vector<bool> materialised_;
  std::vector<bool> wide_;
  std::vector<ValueId> adopt_;  ///< whose parameters to take; -1: its own
  std::vector<std::pair<double, double>> need_;
};

}  // namespace kedge::passes::quant
