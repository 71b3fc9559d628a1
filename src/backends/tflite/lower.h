// From the graph to TFLite's operators: what each op becomes. Inside of the room.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "backends/tflite/export_tflite.h"
#include "formats/tflite_schema.h"
#include "ir/op_def.h"

namespace kedge::backends::tflite {

namespace format = formats::tflite;

/// The file's structures and the constants that were made for it.
struct Lowered {
  format::ModelInfo model;
  std::deque<Tensor> storage;
};

format::Type type_of(DType dtype);

/// Writes one graph as one subgraph; bodies of control flow become further subgraphs.
class SubgraphLowering {
 public:
  SubgraphLowering(const ir::Graph& graph, std::size_t index, Lowered& out, std::vector<Diagnostic>& faults);
  void run(std::int64_t pass_from = -1);

  // What the op functions use.
  const ir::Graph& graph() const { return graph_; }
  const ir::Value& value(ir::ValueId id) const { return graph_.value(id); }
  StaticShape shape(ir::ValueId id) const;
  std::int32_t tensor(ir::ValueId id);                                                ///< the tensor of a value
  std::int32_t constant(Tensor tensor, std::string_view name);                        ///< a constant of the file's own
  std::int32_t ints(const std::vector<std::int64_t>& values, std::string_view name);  ///< int32 vector
  std::int32_t scalar_int(std::int64_t value, std::string_view name);
  /// A value with its dimensions permuted: constants in place, others by a TRANSPOSE. `axis` is where the channel
  /// scales belong then.
  std::int32_t permuted(ir::ValueId id, const std::vector<std::int64_t>& perm, const StaticShape& reshaped = {},
                        std::int32_t axis = 0);
  std::int32_t as_int32(ir::ValueId id);  ///< casts int64 indices
  void emit(format::Op op, std::vector<std::int32_t> inputs, std::vector<std::int32_t> outputs,
            std::vector<format::Option> options = {});
  /// Like emit, with the node's own outputs.
  void emit(const ir::Node& node, format::Op op, std::vector<std::int32_t> inputs,
            std::vector<format::Option> options = {});
  format::Activation activation(const ir::Node& node) const;  ///< its own, or the one fused into it
  /// A body as a subgraph of its own. Its inputs from `pass_from` on are returned after its outputs (captures of a
  /// WHILE).
  std::int32_t lower_body(const ir::Graph& body, const std::string& name, std::int64_t pass_from = -1);
  std::int32_t scratch(const ir::Value& like, std::string_view name) { return add_tensor_like(like, name); }
  void fault(const ir::Node& node, std::string message);

 private:
  void find_fusable_activations();
  std::string unique_name(std::string_view wanted);
  std::int32_t add_tensor_like(const ir::Value& like, std::string_view name);
  std::int32_t add_tensor(const ir::Value& value, std::string name);
  std::string name_of_result(const ir::Node& node, std::size_t output) const;
  format::SubgraphInfo& subgraph() { return out_.model.subgraphs[index_]; }

  const ir::Graph& graph_;
  std::size_t index_;
  Lowered& out_;
  std::vector<Diagnostic>& faults_;
  std::vector<std::int32_t> tensors_;       ///< by value; -1: none yet
  std::map<ir::NodeId, ir::NodeId> fused_;  ///< producer -> the activation drawn into it
  std::set<ir::NodeId> absorbed_;           ///< those activations
  std::set<std::string, std::less<>> names_;
  std::map<std::string, int, std::less<>> next_suffix_;
  std::map<std::vector<std::int64_t>, std::int32_t> int_constants_;
};

/// Lowers one node; false: the op is not known here.
using LowerFn = void (*)(SubgraphLowering&, const ir::Node&);
LowerFn find_lowering(std::string_view op);         // lower_ops.cpp
LowerFn find_window_lowering(std::string_view op);  // lower_window.cpp
/// An op whose operands and results are the operator's, in order, without options.
const format::OpInfo* find_plain_operator(std::string_view op);  // lower_ops.cpp

/// The lowest operator version that has the feature used, as TensorFlow Lite's converter would write it (versions 1
/// onwards).
std::int32_t operator_version(const format::OperatorInfo& op,
                              const format::SubgraphInfo& subgraph);  // operator_version.cpp

/// ModelInfo as bytes.
Result<std::vector<std::byte>> serialize(const format::ModelInfo& model);  // serialize.cpp

}  // namespace kedge::backends::tflite
