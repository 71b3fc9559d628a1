// ModelInfo as the bytes of a .tflite file. Equal constants share one buffer; buffers are aligned as LiteRT's kernels
// like them.
#include <map>
#include <string_view>

#include "backends/tflite/lower.h"
#include "formats/flatbuffer_builder.h"

namespace kedge::backends::tflite {
namespace {

using formats::FlatBuilder;
using formats::FlatRef;

constexpr std::uint64_t kBufferAlignment = 16;

/// Buffer 0 is the empty one that tensors without data point to.
class BufferTable {
 public:
  std::uint32_t add(Bytes data) {
    const auto [at, fresh] = index_.try_emplace(as_text(data), static_cast<std::uint32_t>(data_.size() + 1));
    if (fresh) data_.push_back(data);
    return at->second;
  }
  const std::vector<Bytes>& all() const { return data_; }

 private:
  std::map<std::string_view, std::uint32_t> index_;
  std::vector<Bytes> data_;
};

FlatRef write_quantization(FlatBuilder& b, const format::Quant& quant) {
  if (quant.scales.empty()) return {};
  const FlatRef scales = b.numbers(quant.scales);
  const FlatRef zero_points = b.numbers(quant.zero_points);
  b.start_table();
  b.add_ref(format::quantization_field::scale, scales);
  b.add_ref(format::quantization_field::zero_point, zero_points);
  b.add<std::int32_t>(format::quantization_field::axis, quant.axis, 0);
  return b.end_table();
}

FlatRef write_tensor(FlatBuilder& b, const format::TensorInfo& tensor, std::uint32_t buffer) {
  const FlatRef shape = b.numbers(tensor.shape);
  const FlatRef name = b.string(tensor.name);
  const FlatRef quant = write_quantization(b, tensor.quant);
  b.start_table();
  b.add_ref(format::tensor_field::shape, shape);
  b.add<std::int8_t>(format::tensor_field::type, static_cast<std::int8_t>(tensor.type), 0);
  b.add<std::uint32_t>(format::tensor_field::buffer, buffer, 0);
  b.add_ref(format::tensor_field::name, name);
  if (quant) b.add_ref(format::tensor_field::quantization, quant);
  b.add<bool>(format::tensor_field::has_rank, true);
  return b.end_table();
}

FlatRef write_options(FlatBuilder& b, const format::OpInfo& info, const format::OperatorInfo& op) {
  if (info.options == 0) return {};
  b.start_table();
  for (const format::Field& field : info.fields) {
    const double value = op.option(field.name, field.fallback);
    switch (field.kind) {
      case format::FieldKind::int8:
        b.add<std::int8_t>(field.id, static_cast<std::int8_t>(value), static_cast<std::int8_t>(field.fallback));
        break;
      case format::FieldKind::int32:
        b.add<std::int32_t>(field.id, static_cast<std::int32_t>(value), static_cast<std::int32_t>(field.fallback));
        break;
      case format::FieldKind::float32:
        b.add<float>(field.id, static_cast<float>(value), static_cast<float>(field.fallback));
        break;
      case format::FieldKind::boolean: b.add<bool>(field.id, value != 0, field.fallback != 0); break;
      case format::FieldKind::int64:
        b.add<std::int64_t>(field.id, static_cast<std::int64_t>(value), static_cast<std::int64_t>(field.fallback));
        break;
      case format::FieldKind::int32_vector: break;  // given by an operand instead
    }
  }
  return b.end_table();
}

using Codes = std::map<std::pair<format::Op, std::int32_t>, std::uint32_t>;

FlatRef write_operator(FlatBuilder& b, const format::OperatorInfo& op, std::uint32_t code) {
  const format::OpInfo& info = *format::find_op(op.op);
  const FlatRef inputs = b.numbers(op.inputs);
  const FlatRef outputs = b.numbers(op.outputs);
  const FlatRef options = write_options(b, info, op);
  b.start_table();
  b.add<std::uint32_t>(format::operator_field::opcode_index, code, 0);
  b.add_ref(format::operator_field::inputs, inputs);
  b.add_ref(format::operator_field::outputs, outputs);
  if (options) {
    b.add<std::uint8_t>(format::operator_field::options_type, info.options);
    b.add_ref(format::operator_field::options, options);
  }
  return b.end_table();
}

FlatRef write_subgraph(FlatBuilder& b, const format::SubgraphInfo& graph, BufferTable& buffers, const Codes& codes) {
  std::vector<FlatRef> tensors;
  for (const format::TensorInfo& tensor : graph.tensors)
    tensors.push_back(write_tensor(b, tensor, tensor.constant && !tensor.data.empty() ? buffers.add(tensor.data) : 0));
  std::vector<FlatRef> operators;
  for (const format::OperatorInfo& op : graph.operators)
    operators.push_back(write_operator(b, op, codes.at({op.op, op.version})));
  const FlatRef tensor_list = b.refs(tensors);
  const FlatRef operator_list = b.refs(operators);
  const FlatRef inputs = b.numbers(graph.inputs);
  const FlatRef outputs = b.numbers(graph.outputs);
  const FlatRef name = b.string(graph.name);
  b.start_table();
  b.add_ref(format::subgraph_field::tensors, tensor_list);
  b.add_ref(format::subgraph_field::inputs, inputs);
  b.add_ref(format::subgraph_field::outputs, outputs);
  b.add_ref(format::subgraph_field::operators, operator_list);
  b.add_ref(format::subgraph_field::name, name);
  return b.end_table();
}

FlatRef write_tensor_map(FlatBuilder& b, const std::vector<format::NamedTensor>& entries) {
  std::vector<FlatRef> refs;
  for (const format::NamedTensor& entry : entries) {
    const FlatRef name = b.string(entry.name);
    b.start_table();
    b.add_ref(format::tensor_map_field::name, name);
    b.add<std::uint32_t>(format::tensor_map_field::tensor, static_cast<std::uint32_t>(entry.tensor), 0);
    refs.push_back(b.end_table());
  }
  return b.refs(refs);
}

FlatRef write_signature(FlatBuilder& b, const format::SignatureInfo& signature) {
  const FlatRef inputs = write_tensor_map(b, signature.inputs);
  const FlatRef outputs = write_tensor_map(b, signature.outputs);
  const FlatRef key = b.string(signature.key);
  b.start_table();
  b.add_ref(format::signature_field::inputs, inputs);
  b.add_ref(format::signature_field::outputs, outputs);
  b.add_ref(format::signature_field::key, key);
  b.add<std::uint32_t>(format::signature_field::subgraph, static_cast<std::uint32_t>(signature.subgraph), 0);
  return b.end_table();
}

FlatRef write_code(FlatBuilder& b, format::Op op, std::int32_t version) {
  const std::int32_t code = static_cast<std::int32_t>(op);
  b.start_table();
  b.add<std::int8_t>(format::code_field::deprecated_code,
                     static_cast<std::int8_t>(std::min(code, format::kFirstOpBeyondByte)), 0);
  b.add<std::int32_t>(format::code_field::version, version, 1);
  b.add<std::int32_t>(format::code_field::code, code, 0);
  return b.end_table();
}

}  // namespace

Result<std::vector<std::byte>> serialize(const format::ModelInfo& model) {
  FlatBuilder b;
  Codes codes;
  std::vector<std::pair<format::Op, std::int32_t>> code_order;
  for (const format::SubgraphInfo& graph : model.subgraphs)
    for (const format::OperatorInfo& op : graph.operators)
      if (codes.try_emplace({op.op, op.version}, static_cast<std::uint32_t>(code_order.size())).second)
        code_order.push_back({op.op, op.version});

  BufferTable buffers;
  std::vector<FlatRef> graphs;
  for (const format::SubgraphInfo& graph : model.subgraphs) graphs.push_back(write_subgraph(b, graph, buffers, codes));
  std::vector<FlatRef> metadata;
  for (const format::MetadataInfo& entry : model.metadata) {
    const FlatRef name = b.string(entry.name);
    const std::uint32_t buffer = buffers.add(as_bytes(entry.data));
    b.start_table();
    b.add_ref(format::metadata_field::name, name);
    b.add<std::uint32_t>(format::metadata_field::buffer, buffer, 0);
    metadata.push_back(b.end_table());
  }
  std::vector<FlatRef> signatures;
  signatures.reserve(model.signatures.size());
  for (const format::SignatureInfo& signature : model.signatures) signatures.push_back(write_signature(b, signature));
  std::vector<FlatRef> code_refs;
  code_refs.reserve(code_order.size());
  for (const auto& [op, version] : code_order) code_refs.push_back(write_code(b, op, version));
  std::vector<FlatRef> buffer_refs;
  b.start_table();
  buffer_refs.push_back(b.end_table());
  for (const Bytes data : buffers.all()) {
    const FlatRef bytes = b.bytes(data, kBufferAlignment);
    b.start_table();
    b.add_ref(format::buffer_field::data, bytes);
    buffer_refs.push_back(b.end_table());
  }
  const FlatRef graph_list = b.refs(graphs);
  const FlatRef code_list = b.refs(code_refs);
  const FlatRef buffer_list = b.refs(buffer_refs);
  const FlatRef metadata_list = b.refs(metadata);
  const FlatRef signature_list = b.refs(signatures);
  const FlatRef description = b.string(model.description);
  b.start_table();
  b.add<std::uint32_t>(format::model_field::version, format::kSchemaVersion);
  b.add_ref(format::model_field::operator_codes, code_list);
  b.add_ref(format::model_field::subgraphs, graph_list);
  b.add_ref(format::model_field::description, description);
  b.add_ref(format::model_field::buffers, buffer_list);
  b.add_ref(format::model_field::metadata, metadata_list);
  b.add_ref(format::model_field::signature_defs, signature_list);
  const FlatRef root = b.end_table();
  return std::move(b).finish(root, format::kIdentifier);
}

}  // namespace kedge::backends::tflite
