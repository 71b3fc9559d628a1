// The graph: values and nodes in topological order. A value is produced once (SSA). Shapes may be symbolic; constants
// are values with data. Channels-last throughout. Every node remembers where it came from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "tensor/attrs.h"
#include "tensor/tensor.h"

namespace kedge::ir {

/// The op of a node: an index into the table of cards (ops/ops.inc). ir itself knows ops only through OpDef (op_def.h).
struct OpDef;

using ValueId = std::int32_t;  ///< -1: absent optional input
using NodeId = std::int32_t;
using RegionId = std::int32_t;  ///< 0: outside every region

struct Value {
  std::string name;  ///< of inputs, outputs and weights: the model's own; else empty
  DType dtype = DType::float32;
  Shape shape;
  std::optional<Tensor> constant;  ///< data of a constant or weight
  NodeId producer = -1;            ///< -1: graph input or constant
  Quantization quant;              ///< of int8/int16/int32 values in quantized graphs
};

/// Where a node came from: the user's line (innermost frame outside the prelude) and the model path.
struct Origin {
  Span span;
  std::string path;   ///< "model.keras › config.json › layers[3]"
  std::string layer;  ///< "block1/conv"
};

class Graph;

struct Node {
  const OpDef* op = nullptr;
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;
  Attrs attrs;
  Origin origin;
  RegionId region = 0;
  std::vector<std::unique_ptr<Graph>> bodies;  ///< subgraphs of `if` (then, else) and `while` (condition, body)
  bool dead = false;                           ///< removed; compact() drops it
};

/// A named group of nodes: a layer call or a composite of the prelude ("softmax", "layer:MultiHeadAttention"). Regions
/// nest.
struct Region {
  std::string kind;      ///< "layer" or "composite"
  std::string name;      ///< layer: class name; composite: its name
  std::string instance;  ///< layer: the layer's own name ("dense_1"), else empty
  Attrs attrs;
  RegionId parent = 0;
  std::vector<ValueId> inputs;  ///< values that flow in, in order of the call's arguments
  std::vector<ValueId> outputs;
};

class Graph {
 public:
  Graph();
  Graph(Graph&&) noexcept = default;
  Graph& operator=(Graph&&) noexcept = default;
  Graph clone() const;

  std::string name;
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;
  std::vector<std::string> output_names;  ///< parallel to outputs, the model's own

  ValueId add_input(std::string name, DType dtype, Shape shape);
  ValueId add_constant(Tensor tensor, std::string name = {});
  ValueId add_value(DType dtype, Shape shape, std::string name = {});  ///< to be produced by a node
  /// Appends a node whose outputs exist already.
  NodeId add_node(Node node);

  Value& value(ValueId id) { return values_[static_cast<std::size_t>(id)]; }
  const Value& value(ValueId id) const { return values_[static_cast<std::size_t>(id)]; }
  Node& node(NodeId id) { return nodes_[static_cast<std::size_t>(id)]; }
  const Node& node(NodeId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  std::int64_t value_count() const { return static_cast<std::int64_t>(values_.size()); }
  std::int64_t node_count() const { return static_cast<std::int64_t>(nodes_.size()); }
  /// Live nodes in topological order (the order they stand in).
  std::vector<NodeId> order() const;
  std::vector<Region>& regions() { return regions_; }  ///< [0] is the root
  const std::vector<Region>& regions() const { return regions_; }

  /// For every value the live nodes that read it (a node once per use); graph outputs are not counted.
  std::vector<std::vector<NodeId>> users() const;
  void replace_uses(ValueId from, ValueId to);  ///< in nodes and graph outputs (bodies have their own inputs)
  /// Inserts a node before another in the order.
  NodeId insert_before(NodeId position, Node node);
  void remove(NodeId id);  ///< marks dead
  void compact();          ///< drops dead nodes and unused values; ids change; keeps order
  /// Replaces dimension symbols everywhere (shapes, dims attributes, `dims` nodes stay nodes but become foldable).
  void substitute(const DimValues& values);

 private:
  std::vector<Value> values_;
  std::vector<Node> nodes_;
  std::vector<NodeId> order_;  ///< positions; new nodes append
  std::vector<Region> regions_;
};

/// Text form, stable: one line a node, with types, attributes, constants abbreviated (`--full` prints data).
std::string print(const Graph& graph, bool full_constants = false);
using OpFinder = const OpDef* (*)(std::string_view name);
/// Reads what print() wrote, if constants were printed in full. Errors: K0690 with the line. `find_op` is the table of
/// cards.
Result<Graph> parse(std::string_view text, OpFinder find_op);

/// Checks that every node fits its card: arity, attributes, and that the shape rule gives the types its outputs have;
/// that values are produced before they are used. Errors: K0691, naming the node.
Result<void> verify(const Graph& graph);

}  // namespace kedge::ir
