// The text form. One statement a line:
//
//   graph "name" {
//     input %0 "image" : float32[batch, 32, 48, 3]
//     region 1 layer "Conv2D" "conv" in 0 (%0) -> (%3) {filters = 5}
//     const %1 "conv/kernel" : float32[3, 3, 3, 5] = <crc 0x1a2b3c4d>      (or = {1.0, 2.0}: always when there are at
//     most 16 values) %3 = conv2d(%0, %1, _) {strides = [1, 1]} : float32[batch, 30, 46, 5] in 1 layer "conv" %4, %5 =
//     top_k(%3) {k = 2} : float32[2], int32[2] %6 = if(%4, %5) : float32[2] do graph "then" {
//       …
//     } do graph "else" {
//       …
//     }
//     output %3 "output_0"
//   }
//
// Quantized types carry `q(scale, zero_point)` or `q([scales], [zero_points], axis)`.
#include <array>
#include <cstdio>

#include "base/text.h"
#include "ir/graph.h"
#include "ir/op_def.h"

namespace kedge::ir {
namespace {

constexpr std::int64_t kAlwaysPrinted = 16;

std::uint32_t crc32(std::span<const std::byte> bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::byte byte : bytes) {
    crc ^= static_cast<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::string quant_text(const Quantization& quant) {
  if (!quant.present()) return {};
  if (quant.axis < 0)
    return " q(" + shortest(static_cast<double>(quant.scale())) + ", " + std::to_string(quant.zero_point()) + ")";
  std::vector<double> scales(quant.scales.begin(), quant.scales.end());
  return " q(" + attr_to_string(scales) + ", " + attr_to_string(quant.zero_points) + ", " + std::to_string(quant.axis) +
         ")";
}

std::string type_text(const Value& value) {
  return std::string(dtype_name(value.dtype)) + shape_to_string(value.shape) + quant_text(value.quant);
}

std::string value_text(ValueId id) { return id < 0 ? "_" : "%" + std::to_string(id); }

std::string values_text(const std::vector<ValueId>& ids) {
  std::string out;
  for (std::size_t i = 0; i < ids.size(); ++i) out += (i > 0 ? ", " : "") + value_text(ids[i]);
  return out;
}

std::string attrs_text(const Attrs& attrs) {
  if (attrs.entries().empty()) return {};
  std::string out = " {";
  for (std::size_t i = 0; i < attrs.entries().size(); ++i) {
    const auto& [name, value] = attrs.entries()[i];
    out += (i > 0 ? ", " : "") + name + " = " + attr_to_string(value);
  }
  return out + "}";
}

std::string quoted(const std::string& text) { return attr_to_string(text); }

std::string element_text(const Tensor& tensor, std::int64_t index) {
  if (tensor.dtype() == DType::boolean) return tensor.element_as_int(index) != 0 ? "true" : "false";
  if (is_integer(tensor.dtype())) return std::to_string(tensor.element_as_int(index));
  if (is_complex(tensor.dtype())) {
    const Tensor wide = tensor.cast(DType::complex128);
    const double* parts = reinterpret_cast<const double*>(wide.bytes().data());
    return "(" + shortest(parts[index * 2]) + ", " + shortest(parts[index * 2 + 1]) + ")";
  }
  if (tensor.dtype() == DType::float64) return attr_to_string(tensor.element_as_double(index));
  return attr_to_string(tensor.element_as_double(index));
}

std::string constant_text(const Tensor& tensor, bool full) {
  if (!full && tensor.size() > kAlwaysPrinted) {
    std::array<char, 24> buffer;
    std::snprintf(buffer.data(), buffer.size(), "<crc 0x%08x>", crc32(tensor.bytes()));
    return buffer.data();
  }
  std::string out = "{";
  for (std::int64_t i = 0; i < tensor.size(); ++i) out += (i > 0 ? ", " : "") + element_text(tensor, i);
  return out + "}";
}

class GraphPrinter {
 public:
  explicit GraphPrinter(bool full) : full_(full) {}

  void graph(const Graph& graph, const std::string& indent) {
    out_ += "graph " + quoted(graph.name) + " {\n";
    const std::string inner = indent + "  ";
    for (const ValueId id : graph.inputs)
      out_ += inner + "input " + value_text(id) + " " + quoted(graph.value(id).name) + " : " +
              type_text(graph.value(id)) + "\n";
    for (std::size_t i = 1; i < graph.regions().size(); ++i) region(graph.regions()[i], i, inner);
    for (ValueId id = 0; id < graph.value_count(); ++id) {
      const Value& value = graph.value(id);
      if (!value.constant) continue;
      out_ += inner + "const " + value_text(id) + (value.name.empty() ? "" : " " + quoted(value.name)) + " : " +
              type_text(value) + " = " + constant_text(*value.constant, full_) + "\n";
    }
    for (const NodeId id : graph.order()) node(graph, graph.node(id), inner);
    for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
      out_ += inner + "output " + value_text(graph.outputs[i]) +
              (i < graph.output_names.size() ? " " + quoted(graph.output_names[i]) : "") + "\n";
    }
    out_ += indent + "}";
  }

  std::string take() { return std::move(out_); }

 private:
  void region(const Region& region, std::size_t id, const std::string& indent) {
    out_ += indent + "region " + std::to_string(id) + " " + region.kind + " " + quoted(region.name) + " " +
            quoted(region.instance) + " in " + std::to_string(region.parent) + " (" + values_text(region.inputs) +
            ") -> (" + values_text(region.outputs) + ")" + attrs_text(region.attrs) + "\n";
  }

  void node(const Graph& graph, const Node& node, const std::string& indent) {
    out_ += indent + values_text(node.outputs) + " = " + std::string(node.op->name) + "(" + values_text(node.inputs) +
            ")" + attrs_text(node.attrs) + " : ";
    for (std::size_t i = 0; i < node.outputs.size(); ++i)
      out_ += (i > 0 ? ", " : "") + type_text(graph.value(node.outputs[i]));
    if (node.region != 0) out_ += " in " + std::to_string(node.region);
    if (!node.origin.layer.empty()) out_ += " layer " + quoted(node.origin.layer);
    for (const auto& body : node.bodies) {
      out_ += " do ";
      this->graph(*body, indent);
    }
    out_ += "\n";
  }

  bool full_;
  std::string out_;
};

}  // namespace

std::string print(const Graph& graph, bool full_constants) {
  GraphPrinter printer(full_constants);
  printer.graph(graph, "");
  return printer.take() + "\n";
}

}  // namespace kedge::ir
