// Small questions and edits that several passes need.
#pragma once

#include <vector>

#include "ir/graph.h"
#include "ir/op_def.h"

namespace kedge::passes {

/// Who reads what, kept for the duration of a pass that rewrites locally.
class Uses {
 public:
  explicit Uses(const ir::Graph& graph);
  /// The only node that reads `value`, or -1 when there are several, none, or the value is a graph output.
  ir::NodeId single_user(ir::ValueId value) const;
  std::int64_t count(ir::ValueId value) const;  ///< uses by nodes, plus one per graph output

 private:
  std::vector<std::vector<ir::NodeId>> users_;
  std::vector<bool> output_;
};

/// Applies a renaming of values (renamed[i] is what value i becomes; nodes already use the new names) to graph outputs
/// and regions.
void rename_outputs(ir::Graph& graph, const std::vector<ir::ValueId>& renamed);
/// The renaming that changes nothing.
std::vector<ir::ValueId> identity_renaming(const ir::Graph& graph);
/// Renames the inputs of one node.
void rename_inputs(ir::Node& node, const std::vector<ir::ValueId>& renamed);

bool is_op(const ir::Node& node, std::string_view name);
/// The node that makes `value`, or nullptr.
ir::Node* producer(ir::Graph& graph, ir::ValueId value);
/// The constant behind `value`, or nullptr.
const Tensor* constant_of(const ir::Graph& graph, ir::ValueId value);
/// For a constant that holds one number per channel, or a single one: [1, 1, 1, C], [C], [] …: its C values as doubles,
/// broadcast; empty when it is not of that form.
std::vector<double> per_channel(const Tensor& tensor, std::int64_t channels);

}  // namespace kedge::passes
