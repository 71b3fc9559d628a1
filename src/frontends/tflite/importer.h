// What the functions that read single operators share. Inside of the room.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "frontends/tflite/import_tflite.h"
#include "ir/op_def.h"

namespace kedge::frontends::tflite {

namespace format = formats::tflite;
using ir::ValueId;

std::optional<DType> dtype_of(format::Type type);

class Importer {
 public:
  Importer(const format::ModelInfo& model, std::size_t subgraph, ir::Graph& graph, int depth);
  /// Adds inputs, operators and outputs. `numbers`: which tensor each value is.
  Result<void> run(TensorNumbers* numbers);

  // For the operator functions.
  const format::SubgraphInfo& subgraph() const { return model_.subgraphs[index_]; }
  const format::TensorInfo& info(std::int32_t tensor) const {
    return subgraph().tensors[static_cast<std::size_t>(tensor)];
  }
  ir::Graph& graph() { return graph_; }
  std::size_t operand_count() const { return op_->inputs.size(); }
  const format::OperatorInfo& op() const { return *op_; }
  /// The operand's value; -1 when absent or missing.
  ValueId operand(std::size_t i);
  /// A constant operand as integers; nullopt when it is not constant.
  std::optional<std::vector<std::int64_t>> ints(std::size_t i);
  StaticShape shape(ValueId v) const;
  StaticShape out_shape(std::size_t o = 0) const;
  /// A constant operand with permuted dimensions (then reshaped); other operands get a transpose node.
  ValueId permuted(std::size_t i, const std::vector<std::int64_t>& perm, const StaticShape& reshaped = {},
                   std::int32_t axis = -1);

  /// Appends a node whose result is a new value with the type that the op's rule infers and the given quantization.
  Result<ValueId> node(std::string_view op, std::vector<ValueId> inputs, Attrs attrs, const Quantization& quant = {});
  /// Appends the node that makes the operator's outputs; the fused activation follows where the op has none of its own.
  Result<void> finish(std::string_view op, std::vector<ValueId> inputs, Attrs attrs = {});
  /// The operator's output is a value that exists.
  Result<void> alias(ValueId v);
  Result<std::unique_ptr<ir::Graph>> body(std::int32_t subgraph_index);
  Result<void> finish_with_bodies(std::string_view op, std::vector<ValueId> inputs, Attrs attrs,
                                  std::vector<std::unique_ptr<ir::Graph>> bodies, std::size_t outputs);
  Error fault(const std::string& message) const;
  std::string activation() const;  ///< "none", "relu", "relu6", or "?" for others

 private:
  Result<ValueId> tensor_value(std::int32_t tensor);
  Result<void> check_quantization(const ir::Node& node) const;
  Result<void> append(ir::Node node);

  const format::ModelInfo& model_;
  std::size_t index_;
  ir::Graph& graph_;
  int depth_;
  const format::OperatorInfo* op_ = nullptr;
  std::vector<ValueId> values_;  ///< by tensor
};

/// The rank of operand `i`, which must be there.
inline std::int64_t rank_of(Importer& in, std::size_t i) {
  return static_cast<std::int64_t>(in.shape(in.operand(i)).size());
}

using ReadFn = Result<void> (*)(Importer&);
ReadFn find_reader(format::Op op);  // import_ops.cpp

// import_windows.cpp
Result<void> conv2d(Importer& in);
Result<void> depthwise(Importer& in);
Result<void> transpose_conv(Importer& in);
Result<void> pool(Importer& in);
Result<void> fully_connected(Importer& in);
Result<void> resize(Importer& in);

}  // namespace kedge::frontends::tflite
