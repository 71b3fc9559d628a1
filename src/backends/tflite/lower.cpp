// The frame of lowering: tensors, names, constants, fused activations. What single ops become is in lower_ops.cpp and
// lower_window.cpp.
#include "backends/tflite/lower.h"

#include <algorithm>

#include "base/check.h"

namespace kedge::backends::tflite {
namespace {

/// TFLite names are free text, but tools split them at some characters.
std::string sanitised(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                       c == '/' || c == '.' || c == '-';
    out.push_back(plain ? c : '_');
  }
  return out;
}

bool takes_activation(std::string_view op) {
  static constexpr std::string_view kNames[] = {"conv2d", "depthwise_conv2d", "fully_connected", "add", "sub",
                                                "mul",    "max_pool2d",       "avg_pool2d"};
  return std::find(std::begin(kNames), std::end(kNames), op) != std::end(kNames);
}

Tensor permute(const Tensor& from, const std::vector<std::int64_t>& perm) {
  StaticShape shape;
  for (const std::int64_t p : perm) shape.push_back(from.shape()[p]);
  Tensor to(from.dtype(), shape);
  const std::vector<std::int64_t> strides = row_major_strides(from.shape());
  const std::int64_t size = dtype_size(from.dtype());
  const std::byte* source = from.bytes().data();
  std::byte* target = to.mutable_data();
  StaticShape index(shape.size(), 0);
  for (std::int64_t i = 0; i < to.size(); ++i) {
    std::int64_t offset = 0;
    for (std::size_t d = 0; d < perm.size(); ++d) offset += index[d] * strides[perm[d]];
    std::copy_n(source + offset * size, size, target + i * size);
    for (std::size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
  return to;
}

}  // namespace

format::Type type_of(DType dtype) {
  switch (dtype) {
    case DType::boolean: return format::Type::boolean;
    case DType::int4: return format::Type::int4;
    case DType::int8: return format::Type::int8;
    case DType::int16: return format::Type::int16;
    case DType::int32: return format::Type::int32;
    case DType::int64: return format::Type::int64;
    case DType::uint8: return format::Type::uint8;
    case DType::uint16: return format::Type::uint16;
    case DType::uint32: return format::Type::uint32;
    case DType::uint64: return format::Type::uint64;
    case DType::float16: return format::Type::float16;
    case DType::bfloat16: return format::Type::bfloat16;
    case DType::float32: return format::Type::float32;
    case DType::float64: return format::Type::float64;
    case DType::complex64: return format::Type::complex64;
    case DType::complex128: return format::Type::complex128;
  }
  return format::Type::float32;
}

SubgraphLowering::SubgraphLowering(const ir::Graph& graph, std::size_t index, Lowered& out,
                                   std::vector<Diagnostic>& faults)
    : graph_(graph),
      index_(index),
      out_(out),
      faults_(faults),
      tensors_(static_cast<std::size_t>(graph.value_count()), -1) {}

StaticShape SubgraphLowering::shape(ir::ValueId id) const {
  const std::optional<StaticShape> known = static_shape(value(id).shape);
  KEDGE_CHECK(known.has_value(), "a TFLite graph has a symbolic shape");
  return *known;
}

std::string SubgraphLowering::unique_name(std::string_view wanted) {
  std::string base = sanitised(wanted);
  if (base.empty()) base = "t";
  if (names_.insert(base).second) return base;
  int& next = next_suffix_[base];
  std::string name;
  do name = base + "_" + std::to_string(++next);
  while (!names_.insert(name).second);
  return name;
}

std::int32_t SubgraphLowering::add_tensor(const ir::Value& v, std::string name) {
  format::TensorInfo info;
  info.name = std::move(name);
  info.type = type_of(v.dtype);
  const std::optional<StaticShape> known = static_shape(v.shape);
  KEDGE_CHECK(known.has_value(), "a TFLite graph has a symbolic shape");
  for (const std::int64_t d : *known) info.shape.push_back(static_cast<std::int32_t>(d));
  info.quant = {v.quant.scales, v.quant.zero_points, std::max<std::int32_t>(0, v.quant.axis)};
  if (v.constant) {
    info.constant = true;
    out_.storage.push_back(*v.constant);
    info.data = out_.storage.back().bytes();
  }
  subgraph().tensors.push_back(std::move(info));
  return static_cast<std::int32_t>(subgraph().tensors.size()) - 1;
}

std::int32_t SubgraphLowering::add_tensor_like(const ir::Value& like, std::string_view name) {
  ir::Value copy;
  copy.dtype = like.dtype;
  copy.shape = like.shape;
  copy.quant = like.quant;
  return add_tensor(copy, unique_name(name));
}

std::string SubgraphLowering::name_of_result(const ir::Node& node, std::size_t output) const {
  const ir::Value& v = value(node.outputs[output]);
  if (!v.name.empty()) return v.name;
  std::string name =
      node.origin.layer.empty() ? std::string(node.op->name) : node.origin.layer + "/" + std::string(node.op->name);
  if (output > 0) name += "." + std::to_string(output);
  return name;
}

std::int32_t SubgraphLowering::tensor(ir::ValueId id) {
  if (id < 0) return -1;
  std::int32_t& index = tensors_[static_cast<std::size_t>(id)];
  if (index >= 0) return index;
  const ir::Value& v = value(id);
  std::string name = v.name;
  if (name.empty() && v.producer >= 0) {
    const ir::Node& node = graph_.node(v.producer);
    const auto at = std::find(node.outputs.begin(), node.outputs.end(), id);
    name = name_of_result(node, static_cast<std::size_t>(at - node.outputs.begin()));
  }
  if (name.empty()) name = v.constant ? "constant" : "value";
  const std::int32_t made = add_tensor(v, unique_name(name));
  tensors_[static_cast<std::size_t>(id)] = made;
  return made;
}

std::int32_t SubgraphLowering::constant(Tensor tensor, std::string_view name) {
  ir::Value v;
  v.dtype = tensor.dtype();
  v.shape = to_shape(tensor.shape());
  v.quant = tensor.quant;
  v.constant = std::move(tensor);
  return add_tensor(v, unique_name(name));
}

std::int32_t SubgraphLowering::ints(const std::vector<std::int64_t>& values, std::string_view name) {
  std::vector<std::int64_t> key = values;
  key.push_back(-1);  // a vector, not a scalar
  const auto [at, fresh] = int_constants_.try_emplace(std::move(key), -1);
  if (fresh)
    at->second = constant(
        Tensor::of<std::int64_t>(DType::int64, {static_cast<std::int64_t>(values.size())}, values).cast(DType::int32),
        name);
  return at->second;
}

std::int32_t SubgraphLowering::scalar_int(std::int64_t v, std::string_view name) {
  const auto [at, fresh] = int_constants_.try_emplace({v, -2}, -1);
  if (fresh) at->second = constant(Tensor::scalar<std::int64_t>(DType::int64, v).cast(DType::int32), name);
  return at->second;
}

std::int32_t SubgraphLowering::permuted(ir::ValueId id, const std::vector<std::int64_t>& perm,
                                        const StaticShape& reshaped, std::int32_t axis) {
  const ir::Value& v = value(id);
  if (v.constant) {
    Tensor moved = permute(*v.constant, perm);
    if (!reshaped.empty()) moved = moved.reshaped(reshaped);
    moved.quant = v.quant;
    if (moved.quant.scales.size() > 1) moved.quant.axis = axis;
    return constant(std::move(moved), v.name.empty() ? "weights" : v.name);
  }
  ir::Value result;
  result.dtype = v.dtype;
  result.quant = v.quant;
  for (const std::int64_t p : perm) result.shape.push_back(v.shape[p]);
  std::int32_t out = add_tensor(result, unique_name("transposed"));
  emit(format::Op::transpose, {tensor(id), ints(perm, "perm")}, {out});
  if (reshaped.empty()) return out;
  result.shape = to_shape(reshaped);
  const std::int32_t flat = add_tensor(result, unique_name("reshaped"));
  emit(format::Op::reshape, {out, ints(reshaped, "shape")}, {flat});
  return flat;
}

std::int32_t SubgraphLowering::as_int32(ir::ValueId id) {
  const ir::Value& v = value(id);
  if (v.dtype == DType::int32) return tensor(id);
  if (v.constant) return constant(v.constant->cast(DType::int32), v.name.empty() ? "indices" : v.name);
  ir::Value narrow;
  narrow.dtype = DType::int32;
  narrow.shape = v.shape;
  const std::int32_t out = add_tensor(narrow, unique_name("indices"));
  emit(format::Op::cast, {tensor(id)}, {out},
       {{"from", static_cast<double>(type_of(v.dtype))}, {"to", static_cast<double>(format::Type::int32)}});
  return out;
}

void SubgraphLowering::emit(format::Op op, std::vector<std::int32_t> inputs, std::vector<std::int32_t> outputs,
                            std::vector<format::Option> options) {
  format::OperatorInfo info;
  info.op = op;
  info.inputs = std::move(inputs);
  info.outputs = std::move(outputs);
  info.options = std::move(options);
  info.version = operator_version(info, subgraph());
  subgraph().operators.push_back(std::move(info));
}

void SubgraphLowering::emit(const ir::Node& node, format::Op op, std::vector<std::int32_t> inputs,
                            std::vector<format::Option> options) {
  std::vector<std::int32_t> outputs;
  ir::NodeId id = value(node.outputs[0]).producer;
  if (const auto fused = fused_.find(id); fused != fused_.end())
    outputs.push_back(tensor(graph_.node(fused->second).outputs[0]));
  else
    for (const ir::ValueId v : node.outputs) outputs.push_back(tensor(v));
  emit(op, std::move(inputs), std::move(outputs), std::move(options));
}

format::Activation SubgraphLowering::activation(const ir::Node& node) const {
  std::string_view name = "none";
  if (const AttrValue* own = node.attrs.find("activation")) name = std::get<std::string>(*own);
  if (const auto fused = fused_.find(value(node.outputs[0]).producer); fused != fused_.end())
    name = graph_.node(fused->second).op->name;
  if (name == "relu") return format::Activation::relu;
  if (name == "relu6") return format::Activation::relu6;
  return format::Activation::none;
}

// relu and relu6 go into the operator before them when nothing else reads its result.
void SubgraphLowering::find_fusable_activations() {
  const std::vector<std::vector<ir::NodeId>> users = graph_.users();
  const std::set<ir::ValueId> outputs(graph_.outputs.begin(), graph_.outputs.end());
  for (const ir::NodeId id : graph_.order()) {
    const ir::Node& node = graph_.node(id);
    if (node.op->name != "relu" && node.op->name != "relu6") continue;
    const ir::ValueId input = node.inputs[0];
    const ir::NodeId maker = value(input).producer;
    if (maker < 0 || value(input).dtype != DType::float32 || users[static_cast<std::size_t>(input)].size() != 1 ||
        outputs.contains(input))
      continue;
    const ir::Node& before = graph_.node(maker);
    const AttrValue* own = before.attrs.find("activation");
    if (!takes_activation(before.op->name) || (own != nullptr && std::get<std::string>(*own) != "none")) continue;
    fused_[maker] = id;
    absorbed_.insert(id);
  }
}

std::int32_t SubgraphLowering::lower_body(const ir::Graph& body, const std::string& name, std::int64_t pass_from) {
  const std::size_t index = out_.model.subgraphs.size();
  out_.model.subgraphs.emplace_back();
  out_.model.subgraphs.back().name = name + "_" + std::to_string(index);
  SubgraphLowering(body, index, out_, faults_).run(pass_from);
  return static_cast<std::int32_t>(index);
}

void SubgraphLowering::fault(const ir::Node& node, std::string message) {
  Diagnostic d;
  d.code = "K0704";
  d.message = std::move(message);
  d.primary.location = node.origin.span.valid() ? Location::at(node.origin.span)
                                                : Location::in(node.origin.path.empty() ? "graph" : node.origin.path);
  if (!node.origin.layer.empty()) d.primary.text = "in layer \"" + node.origin.layer + "\"";
  faults_.push_back(std::move(d));
}

void SubgraphLowering::run(std::int64_t pass_from) {
  find_fusable_activations();
  for (const ir::ValueId v : graph_.inputs) {
    const std::int32_t index = tensor(v);
    subgraph().inputs.push_back(index);
  }
  for (const ir::NodeId id : graph_.order()) {
    if (absorbed_.contains(id)) continue;
    const ir::Node& node = graph_.node(id);
    if (const format::OpInfo* plain = find_plain_operator(node.op->name)) {
      std::vector<std::int32_t> inputs;
      for (const ir::ValueId v : node.inputs) inputs.push_back(tensor(v));
      std::vector<format::Option> options;
      if (!plain->fields.empty() && plain->fields[0].name == "activation")
        options.push_back({"activation", static_cast<double>(activation(node))});
      emit(node, plain->op, std::move(inputs), std::move(options));
      continue;
    }
    LowerFn fn = find_lowering(node.op->name);
    if (fn == nullptr) fn = find_window_lowering(node.op->name);
    if (fn == nullptr) fault(node, "`" + std::string(node.op->name) + "` has no TensorFlow Lite operator");
    else fn(*this, node);
  }
  // An output that is an input, a constant or an earlier output gets a tensor of its own through a RESHAPE.
  std::set<std::int32_t> taken(subgraph().inputs.begin(), subgraph().inputs.end());
  std::vector<ir::ValueId> outputs = graph_.outputs;
  if (pass_from >= 0) outputs.insert(outputs.end(), graph_.inputs.begin() + pass_from, graph_.inputs.end());
  for (const ir::ValueId v : outputs) {
    std::int32_t index = tensor(v);
    if (taken.contains(index) || value(v).constant) {
      const std::int32_t out = add_tensor_like(value(v), "output");
      emit(format::Op::reshape, {index, ints(shape(v), "shape")}, {out});
      index = out;
    }
    taken.insert(index);
    subgraph().outputs.push_back(index);
  }
}

Result<std::vector<std::byte>> export_tflite(const ir::Graph& graph, const ExportOptions& options) {
  Lowered lowered;
  std::vector<Diagnostic> faults;
  lowered.model.description = options.description;
  lowered.model.subgraphs.emplace_back();
  lowered.model.subgraphs[0].name = "main";
  SubgraphLowering(graph, 0, lowered, faults).run();
  if (!faults.empty()) {
    Diagnostic all = std::move(faults[0]);
    for (std::size_t i = 1; i < faults.size(); ++i)
      all.secondary.push_back({faults[i].primary.location, faults[i].message});
    return Error(std::move(all));
  }
  format::SignatureInfo signature;
  signature.key = options.signature;
  const format::SubgraphInfo& main = lowered.model.subgraphs[0];
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const std::string& name = graph.value(graph.inputs[i]).name;
    signature.inputs.push_back({name.empty() ? "input_" + std::to_string(i) : name, main.inputs[i]});
  }
  for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
    const std::string name = i < graph.output_names.size() ? graph.output_names[i] : std::string();
    signature.outputs.push_back({name.empty() ? "output_" + std::to_string(i) : name, main.outputs[i]});
  }
  lowered.model.signatures.push_back(std::move(signature));
  std::string version = "2.16.0";
  version.resize(16, '\0');
  lowered.model.metadata.push_back({"min_runtime_version", version});
  return serialize(lowered.model);
}

}  // namespace kedge::backends::tflite
