// The flatbuffer as ModelInfo. What is refused here need not be checked again: indices, sizes, counts.
#include <limits>

#include "formats/fault.h"
#include "formats/flatbuffer.h"
#include "frontends/tflite/import_tflite.h"

namespace kedge::frontends::tflite {
namespace {

namespace format = formats::tflite;
using formats::FlatTable;

constexpr std::int64_t kMaxRank = 8;

std::int64_t element_bytes(format::Type type) {
  switch (type) {
    case format::Type::boolean:
    case format::Type::int8:
    case format::Type::uint8: return 1;
    case format::Type::int16:
    case format::Type::uint16:
    case format::Type::float16:
    case format::Type::bfloat16: return 2;
    case format::Type::int32:
    case format::Type::uint32:
    case format::Type::float32: return 4;
    case format::Type::int64:
    case format::Type::uint64:
    case format::Type::float64:
    case format::Type::complex64: return 8;
    case format::Type::complex128: return 16;
    default: return 0;
  }
}

class Parser {
 public:
  Parser(Bytes file, const Limits& limits, const std::string& place)
      : file_(file), buffer_(file, limits, place), limits_(limits), place_(place) {}

  Result<format::ModelInfo> run() {
    KEDGE_TRY(const FlatTable root, buffer_.root(format::kIdentifier));
    format::ModelInfo model;
    if (root.number<std::uint32_t>(format::model_field::version) != format::kSchemaVersion)
      return fault("K0710", "schema version " +
                                std::to_string(root.number<std::uint32_t>(format::model_field::version)) + " is not 3");
    model.description = root.string(format::model_field::description);
    for (const FlatTable& table : root.tables(format::model_field::buffers)) {
      if (table.number<std::uint64_t>(format::buffer_field::offset) > 1)
        return fault("K0711", "the constants lie outside of the flatbuffer (a model above 2 GiB)");
      buffers_.push_back(table.vector(format::buffer_field::data, 1).data);
    }
    for (const FlatTable& table : root.tables(format::model_field::operator_codes)) {
      const std::int32_t code = std::max<std::int32_t>(table.number<std::int8_t>(format::code_field::deprecated_code),
                                                       table.number<std::int32_t>(format::code_field::code));
      codes_.push_back({static_cast<format::Op>(code), table.number<std::int32_t>(format::code_field::version, 1),
                        std::string(table.string(format::code_field::custom_code))});
    }
    for (const FlatTable& table : root.tables(format::model_field::subgraphs)) {
      KEDGE_TRY(format::SubgraphInfo graph, subgraph(table));
      model.subgraphs.push_back(std::move(graph));
    }
    KEDGE_TRY_VOID(buffer_.check());
    if (model.subgraphs.empty()) return fault("K0710", "there is no subgraph");
    KEDGE_TRY_VOID(signatures(root, model));
    KEDGE_TRY_VOID(buffer_.check());
    return model;
  }

 private:
  struct Code {
    format::Op op;
    std::int32_t version;
    std::string custom;
  };

  Error fault(std::string_view code, const std::string& message) const {
    return make_error(std::string(code), "not a readable TensorFlow Lite model: " + message, Location::in(place_));
  }

  Result<format::TensorInfo> tensor(const FlatTable& table) {
    format::TensorInfo out;
    out.name = table.string(format::tensor_field::name);
    out.type = static_cast<format::Type>(table.number<std::int8_t>(format::tensor_field::type));
    out.shape = table.numbers<std::int32_t>(format::tensor_field::shape);
    out.variable = table.number<bool>(format::tensor_field::is_variable);
    if (static_cast<std::int64_t>(out.shape.size()) > kMaxRank)
      return fault("K0710", "a tensor has " + std::to_string(out.shape.size()) + " dimensions");
    std::int64_t count = 1;
    for (const std::int32_t d : out.shape) {
      if (d < 0) return fault("K0710", "a tensor has a negative dimension");
      if (d > 0 && count > std::numeric_limits<std::int32_t>::max() / d)
        return fault("K0710", "a tensor has more than 2^31 elements");
      count *= d;
    }
    const FlatTable quant = table.table(format::tensor_field::quantization);
    out.quant.scales = quant.numbers<float>(format::quantization_field::scale);
    out.quant.zero_points = quant.numbers<std::int64_t>(format::quantization_field::zero_point);
    out.quant.axis = quant.number<std::int32_t>(format::quantization_field::axis);
    if (out.quant.zero_points.size() < out.quant.scales.size())
      out.quant.zero_points.resize(out.quant.scales.size(),
                                   out.quant.zero_points.empty() ? 0 : out.quant.zero_points[0]);
    out.quant.zero_points.resize(out.quant.scales.size());
    for (const float s : out.quant.scales)
      if (!(s > 0) || !(s < 1e30F)) return fault("K0710", "a quantization scale is not a positive number");
    const bool of_bytes = out.type == format::Type::int8 || out.type == format::Type::uint8;
    for (const std::int64_t z : out.quant.zero_points)
      if (of_bytes ? z < -128 || z > 255 : z < -65536 || z > 65536)
        return fault("K0710", "a zero point is out of range");
    const std::uint32_t index = table.number<std::uint32_t>(format::tensor_field::buffer);
    if (index >= std::max<std::size_t>(1, buffers_.size()))
      return fault("K0710", "a tensor names a buffer that does not exist");
    const std::int64_t size = element_bytes(out.type);
    if (index > 0 && !buffers_[index].empty()) {
      if (size == 0) return fault("K0711", "constants of this element type are not read");
      if (static_cast<std::int64_t>(buffers_[index].size()) != count * size)
        return fault("K0710", "a constant has " + std::to_string(buffers_[index].size()) +
                                  " bytes and its shape needs " + std::to_string(count * size));
      out.data = buffers_[index];
      out.constant = true;
    }
    return out;
  }

  Result<format::OperatorInfo> one_operator(const FlatTable& table, const format::SubgraphInfo& graph) {
    format::OperatorInfo out;
    const std::uint32_t index = table.number<std::uint32_t>(format::operator_field::opcode_index);
    if (index >= codes_.size()) return fault("K0710", "an operator's code does not exist");
    out.op = codes_[index].op;
    out.version = codes_[index].version;
    out.custom_name = codes_[index].custom;
    out.inputs = table.numbers<std::int32_t>(format::operator_field::inputs);
    out.outputs = table.numbers<std::int32_t>(format::operator_field::outputs);
    const std::int32_t tensors = static_cast<std::int32_t>(graph.tensors.size());
    for (const std::int32_t v : out.inputs)
      if (v < -1 || v >= tensors) return fault("K0710", "an operator names a tensor that does not exist");
    for (const std::int32_t v : out.outputs)
      if (v < 0 || v >= tensors) return fault("K0710", "an operator names a tensor that does not exist");
    const format::OpInfo* info = format::find_op(out.op);
    if (info == nullptr || info->fields.empty()) return out;
    const FlatTable options = table.table(format::operator_field::options);
    if (!options.is_null() && table.number<std::uint8_t>(format::operator_field::options_type) != info->options)
      return fault("K0710", std::string(info->name) + " has another operator's options");
    for (const format::Field& field : info->fields) {
      double value = field.fallback;
      switch (field.kind) {
        case format::FieldKind::int8:
          value = options.number<std::int8_t>(field.id, static_cast<std::int8_t>(field.fallback));
          break;
        case format::FieldKind::int32:
          value = options.number<std::int32_t>(field.id, static_cast<std::int32_t>(field.fallback));
          break;
        case format::FieldKind::float32:
          value = static_cast<double>(options.number<float>(field.id, static_cast<float>(field.fallback)));
          break;
        case format::FieldKind::boolean: value = options.number<bool>(field.id, field.fallback != 0) ? 1 : 0; break;
        case format::FieldKind::int64: value = static_cast<double>(options.number<std::int64_t>(field.id)); break;
        case format::FieldKind::int32_vector: continue;
      }
      out.options.push_back({field.name, value});
    }
    return out;
  }

  Result<format::SubgraphInfo> subgraph(const FlatTable& table) {
    format::SubgraphInfo out;
    out.name = table.string(format::subgraph_field::name);
    for (const FlatTable& t : table.tables(format::subgraph_field::tensors)) {
      KEDGE_TRY(format::TensorInfo info, tensor(t));
      out.tensors.push_back(std::move(info));
    }
    out.inputs = table.numbers<std::int32_t>(format::subgraph_field::inputs);
    out.outputs = table.numbers<std::int32_t>(format::subgraph_field::outputs);
    for (const std::vector<std::int32_t>* list : {&out.inputs, &out.outputs})
      for (const std::int32_t v : *list)
        if (v < 0 || v >= static_cast<std::int32_t>(out.tensors.size()))
          return fault("K0710", "the subgraph names a tensor that does not exist");
    for (const FlatTable& t : table.tables(format::subgraph_field::operators)) {
      KEDGE_TRY(format::OperatorInfo info, one_operator(t, out));
      out.operators.push_back(std::move(info));
    }
    return out;
  }

  Result<void> signatures(const FlatTable& root, format::ModelInfo& model) {
    for (const FlatTable& table : root.tables(format::model_field::signature_defs)) {
      format::SignatureInfo out;
      out.key = table.string(format::signature_field::key);
      const std::uint32_t graph = table.number<std::uint32_t>(format::signature_field::subgraph);
      if (graph >= model.subgraphs.size()) return fault("K0710", "a signature names a subgraph that does not exist");
      out.subgraph = static_cast<std::int32_t>(graph);
      const std::uint32_t tensors = static_cast<std::uint32_t>(model.subgraphs[graph].tensors.size());
      for (const auto& [field, list] : {std::pair{format::signature_field::inputs, &out.inputs},
                                        std::pair{format::signature_field::outputs, &out.outputs}}) {
        for (const FlatTable& entry : table.tables(field)) {
          const std::uint32_t index = entry.number<std::uint32_t>(format::tensor_map_field::tensor);
          if (index >= tensors) return fault("K0710", "a signature names a tensor that does not exist");
          list->push_back(
              {std::string(entry.string(format::tensor_map_field::name)), static_cast<std::int32_t>(index)});
        }
      }
      model.signatures.push_back(std::move(out));
    }
    return {};
  }

  Bytes file_;
  formats::FlatBuffer buffer_;
  const Limits& limits_;
  std::string place_;
  std::vector<Bytes> buffers_;
  std::vector<Code> codes_;
};

}  // namespace

Result<format::ModelInfo> parse_tflite(Bytes file, const Limits& limits, const std::string& place) {
  return Parser(file, limits, place).run();
}

}  // namespace kedge::frontends::tflite
