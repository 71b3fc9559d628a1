#include "passes/rewrite.h"

namespace kedge::passes {

Uses::Uses(const ir::Graph& graph)
    : users_(graph.users()), output_(static_cast<std::size_t>(graph.value_count()), false) {
  for (const ir::ValueId id : graph.outputs) output_[static_cast<std::size_t>(id)] = true;
}

ir::NodeId Uses::single_user(ir::ValueId value) const {
  const auto index = static_cast<std::size_t>(value);
  if (value < 0 || index >= users_.size() || output_[index] || users_[index].size() != 1) return -1;
  return users_[index][0];
}

std::int64_t Uses::count(ir::ValueId value) const {
  const auto index = static_cast<std::size_t>(value);
  if (value < 0 || index >= users_.size()) return 0;
  return static_cast<std::int64_t>(users_[index].size()) + (output_[index] ? 1 : 0);
}

std::vector<ir::ValueId> identity_renaming(const ir::Graph& graph) {
  std::vector<ir::ValueId> renamed(static_cast<std::size_t>(graph.value_count()));
  for (std::size_t i = 0; i < renamed.size(); ++i) renamed[i] = static_cast<ir::ValueId>(i);
  return renamed;
}

namespace {
void rename(std::vector<ir::ValueId>& ids, const std::vector<ir::ValueId>& renamed) {
  for (ir::ValueId& id : ids) {
    if (id >= 0 && static_cast<std::size_t>(id) < renamed.size()) id = renamed[static_cast<std::size_t>(id)];
  }
}
}  // namespace

void rename_inputs(ir::Node& node, const std::vector<ir::ValueId>& renamed) { rename(node.inputs, renamed); }

void rename_outputs(ir::Graph& graph, const std::vector<ir::ValueId>& renamed) {
  rename(graph.outputs, renamed);
  for (ir::Region& region : graph.regions()) {
    rename(region.inputs, renamed);
    rename(region.outputs, renamed);
  }
}

bool is_op(const ir::Node& node, std::string_view name) { return !node.dead && node.op->name == name; }

ir::Node* producer(ir::Graph& graph, ir::ValueId value) {
  if (value < 0 || graph.value(value).producer < 0) return nullptr;
  ir::Node& node = graph.node(graph.value(value).producer);
  return node.dead ? nullptr : &node;
}

const Tensor* constant_of(const ir::Graph& graph, ir::ValueId value) {
  if (value < 0 || !graph.value(value).constant) return nullptr;
  return &*graph.value(value).constant;
}

std::vector<double> per_channel(const Tensor& tensor, std::int64_t channels) {
  if (tensor.size() != 1 && tensor.size() != channels) return {};
  if (tensor.size() == channels && channels != 1 && (tensor.rank() == 0 || tensor.shape().back() != channels))
    return {};
  std::vector<double> values(static_cast<std::size_t>(channels));
  for (std::int64_t i = 0; i < channels; ++i)
    values[static_cast<std::size_t>(i)] = tensor.element_as_double(tensor.size() == 1 ? 0 : i);
  return values;
}

}  // namespace kedge::passes
