#include "ir/graph.h"

#include <algorithm>

#include "base/check.h"

namespace kedge::ir {

Graph::Graph() { regions_.emplace_back(); }

Graph Graph::clone() const {
  Graph out;
  out.name = name;
  out.inputs = inputs;
  out.outputs = outputs;
  out.output_names = output_names;
  out.values_ = values_;
  out.order_ = order_;
  out.regions_ = regions_;
  out.nodes_.reserve(nodes_.size());
  for (const Node& node : nodes_) {
    Node copy;
    copy.op = node.op;
    copy.inputs = node.inputs;
    copy.outputs = node.outputs;
    copy.attrs = node.attrs;
    copy.origin = node.origin;
    copy.region = node.region;
    copy.dead = node.dead;
    for (const auto& body : node.bodies) copy.bodies.push_back(std::make_unique<Graph>(body->clone()));
    out.nodes_.push_back(std::move(copy));
  }
  return out;
}

ValueId Graph::add_value(DType dtype, Shape shape, std::string value_name) {
  Value value;
  value.name = std::move(value_name);
  value.dtype = dtype;
  value.shape = std::move(shape);
  values_.push_back(std::move(value));
  return static_cast<ValueId>(values_.size()) - 1;
}

ValueId Graph::add_input(std::string value_name, DType dtype, Shape shape) {
  const ValueId id = add_value(dtype, std::move(shape), std::move(value_name));
  inputs.push_back(id);
  return id;
}

ValueId Graph::add_constant(Tensor tensor, std::string value_name) {
  const ValueId id = add_value(tensor.dtype(), to_shape(tensor.shape()), std::move(value_name));
  value(id).quant = tensor.quant;
  value(id).constant = std::move(tensor);
  return id;
}

NodeId Graph::add_node(Node node) {
  const NodeId id = static_cast<NodeId>(nodes_.size());
  for (const ValueId output : node.outputs) value(output).producer = id;
  nodes_.push_back(std::move(node));
  order_.push_back(id);
  return id;
}

NodeId Graph::insert_before(NodeId position, Node node) {
  const NodeId id = add_node(std::move(node));
  order_.pop_back();
  const auto at = std::find(order_.begin(), order_.end(), position);
  KEDGE_CHECK(at != order_.end(), "insert_before an unknown node");
  order_.insert(at, id);
  return id;
}

void Graph::remove(NodeId id) { node(id).dead = true; }

std::vector<NodeId> Graph::order() const {
  std::vector<NodeId> live;
  live.reserve(order_.size());
  for (const NodeId id : order_) {
    if (!node(id).dead) live.push_back(id);
  }
  return live;
}

std::vector<std::vector<NodeId>> Graph::users() const {
  std::vector<std::vector<NodeId>> out(values_.size());
  for (const NodeId id : order()) {
    for (const ValueId input : node(id).inputs) {
      if (input >= 0) out[static_cast<std::size_t>(input)].push_back(id);
    }
  }
  return out;
}

void Graph::replace_uses(ValueId from, ValueId to) {
  for (Node& node : nodes_) std::replace(node.inputs.begin(), node.inputs.end(), from, to);
  std::replace(outputs.begin(), outputs.end(), from, to);
  for (Region& region : regions_) {
    std::replace(region.inputs.begin(), region.inputs.end(), from, to);
    std::replace(region.outputs.begin(), region.outputs.end(), from, to);
  }
}

void Graph::compact() {
  std::vector<NodeId> live = order();
  std::vector<bool> needed(values_.size(), false);
  const auto need = [&](ValueId id) {
    if (id >= 0) needed[static_cast<std::size_t>(id)] = true;
  };
  for (const ValueId id : inputs) need(id);
  for (const ValueId id : outputs) need(id);
  for (const NodeId id : live) {
    for (const ValueId v : node(id).inputs) need(v);
    for (const ValueId v : node(id).outputs) need(v);
  }
  std::vector<ValueId> renamed(values_.size(), -1);
  std::vector<Value> values;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (!needed[i]) continue;
    renamed[i] = static_cast<ValueId>(values.size());
    values.push_back(std::move(values_[i]));
    values.back().producer = -1;
  }
  const auto rename = [&](std::vector<ValueId>& ids) {
    for (ValueId& id : ids) {
      if (id >= 0) id = renamed[static_cast<std::size_t>(id)];
    }
  };
  values_ = std::move(values);
  std::vector<Node> nodes;
  order_.clear();
  for (const NodeId id : live) {
    Node& moved = nodes_[static_cast<std::size_t>(id)];
    rename(moved.inputs);
    rename(moved.outputs);
    for (const ValueId output : moved.outputs) value(output).producer = static_cast<NodeId>(nodes.size());
    order_.push_back(static_cast<NodeId>(nodes.size()));
    nodes.push_back(std::move(moved));
  }
  nodes_ = std::move(nodes);
  rename(inputs);
  rename(outputs);
  for (Region& region : regions_) {  // a value that a pass removed leaves -1 behind
    rename(region.inputs);
    rename(region.outputs);
  }
}

void Graph::substitute(const DimValues& dim_values) {
  const auto replace = [&](Shape& shape) {
    for (Dim& dim : shape) dim = dim.substitute(dim_values);
  };
  for (Value& value : values_) replace(value.shape);
  for (Node& node : nodes_) {
    Attrs attrs;
    for (const auto& [key, attr] : node.attrs.entries()) {
      AttrValue copy = attr;
      if (Shape* dims = std::get_if<Shape>(&copy)) replace(*dims);
      attrs.set(key, std::move(copy));
    }
    node.attrs = std::move(attrs);
    for (const auto& body : node.bodies) body->substitute(dim_values);
  }
}

}  // namespace kedge::ir
