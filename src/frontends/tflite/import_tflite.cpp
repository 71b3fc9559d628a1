// The frame of reading: tensors become values, operators are handed to import_ops.cpp, results are checked against the
// cards' shape rules.
#include "frontends/tflite/import_tflite.h"

#include <algorithm>
#include <cstring>

#include "frontends/tflite/importer.h"
#include "kernels/kernel_int8.h"
#include "ops/ops.h"

namespace kedge::frontends::tflite {
namespace {

constexpr int kMaxNesting = 16;

Quantization quant_of(const format::TensorInfo& info) {
  Quantization q;
  q.scales = info.quant.scales;
  q.zero_points = info.quant.zero_points;
  q.axis = q.scales.size() > 1 ? info.quant.axis : -1;
  return q;
}

}  // namespace

std::optional<DType> dtype_of(format::Type type) {
  switch (type) {
    case format::Type::float32: return DType::float32;
    case format::Type::float16: return DType::float16;
    case format::Type::bfloat16: return DType::bfloat16;
    case format::Type::float64: return DType::float64;
    case format::Type::int8: return DType::int8;
    case format::Type::int16: return DType::int16;
    case format::Type::int32: return DType::int32;
    case format::Type::int64: return DType::int64;
    case format::Type::uint8: return DType::uint8;
    case format::Type::uint16: return DType::uint16;
    case format::Type::uint32: return DType::uint32;
    case format::Type::uint64: return DType::uint64;
    case format::Type::boolean: return DType::boolean;
    default: return std::nullopt;
  }
}

Importer::Importer(const format::ModelInfo& model, std::size_t subgraph, ir::Graph& graph, int depth)
    : model_(model),
      index_(subgraph),
      graph_(graph),
      depth_(depth),
      values_(model.subgraphs[subgraph].tensors.size(), -1) {}

Error Importer::fault(const std::string& message) const {
  const format::OpInfo* known = op_ == nullptr ? nullptr : format::find_op(op_->op);
  const std::string name = op_ == nullptr              ? "the model"
                           : !op_->custom_name.empty() ? "custom operator " + op_->custom_name
                           : known != nullptr          ? std::string(known->name)
                                                       : "operator " + std::to_string(static_cast<int>(op_->op));
  std::string place = "tflite › subgraphs[" + std::to_string(index_) + "]";
  if (op_ != nullptr) place += " › operators[" + std::to_string(op_ - subgraph().operators.data()) + "]";
  return make_error("K0712", name + ": " + message, Location::in(place));
}

Result<ValueId> Importer::tensor_value(std::int32_t tensor) {
  if (tensor < 0) return ValueId{-1};
  ValueId& v = values_[static_cast<std::size_t>(tensor)];
  if (v >= 0) return v;
  const format::TensorInfo& t = info(tensor);
  if (!t.constant && !t.shape.empty() && std::find(t.shape.begin(), t.shape.end(), 0) == t.shape.end())
    return fault("tensor `" + t.name + "` is read before it is made");
  if (!t.constant && t.shape.empty()) return fault("tensor `" + t.name + "` is read before it is made");
  const std::optional<DType> dtype = dtype_of(t.type);
  if (!dtype) return fault("tensor `" + t.name + "` has an element type that kedge does not read");
  Tensor constant(*dtype, StaticShape(t.shape.begin(), t.shape.end()));
  if (!t.data.empty()) std::memcpy(constant.mutable_data(), t.data.data(), t.data.size());
  constant.quant = quant_of(t);
  v = graph_.add_constant(constant, t.name);
  graph_.value(v).quant = constant.quant;
  return v;
}

ValueId Importer::operand(std::size_t i) {
  if (i >= op_->inputs.size() || op_->inputs[i] < 0) return -1;
  Result<ValueId> v = tensor_value(op_->inputs[i]);
  return v.ok() ? *v : -1;
}

std::optional<std::vector<std::int64_t>> Importer::ints(std::size_t i) {
  const ValueId v = operand(i);
  if (v < 0 || !graph_.value(v).constant) return std::nullopt;
  const Tensor& t = *graph_.value(v).constant;
  if (!is_integer(t.dtype())) return std::nullopt;
  std::vector<std::int64_t> out;
  for (std::int64_t k = 0; k < t.size(); ++k) out.push_back(t.element_as_int(k));
  return out;
}

StaticShape Importer::shape(ValueId v) const { return static_shape(graph_.value(v).shape).value_or(StaticShape{}); }

StaticShape Importer::out_shape(std::size_t o) const {
  const std::vector<std::int32_t>& s = info(op_->outputs[o]).shape;
  return {s.begin(), s.end()};
}

ValueId Importer::permuted(std::size_t i, const std::vector<std::int64_t>& perm, const StaticShape& reshaped,
                           std::int32_t axis) {
  const ValueId v = operand(i);
  if (v < 0 || graph_.value(v).shape.size() != perm.size()) return -1;
  Quantization q = graph_.value(v).quant;
  if (q.scales.size() > 1) q.axis = axis;
  if (!graph_.value(v).constant) {
    Result<ValueId> moved = node("transpose", {v}, Attrs{{"perm", perm}}, q);
    if (!moved.ok()) return -1;
    if (reshaped.empty()) return *moved;
    Result<ValueId> flat = node("reshape", {*moved}, Attrs{{"shape", to_shape(reshaped)}}, q);
    return flat.ok() ? *flat : -1;
  }
  const Tensor& from = *graph_.value(v).constant;
  StaticShape target;
  for (const std::int64_t p : perm) target.push_back(from.shape()[p]);
  Tensor to(from.dtype(), target);
  const std::vector<std::int64_t> strides = row_major_strides(from.shape());
  const std::int64_t size = dtype_size(from.dtype());
  std::byte* out = to.mutable_data();
  StaticShape index(target.size(), 0);
  for (std::int64_t k = 0; k < to.size(); ++k) {
    std::int64_t offset = 0;
    for (std::size_t d = 0; d < perm.size(); ++d) offset += index[d] * strides[perm[d]];
    std::memcpy(out + k * size, from.bytes().data() + offset * size, static_cast<std::size_t>(size));
    for (std::size_t d = target.size(); d-- > 0;) {
      if (++index[d] < target[d]) break;
      index[d] = 0;
    }
  }
  if (!reshaped.empty()) to = to.reshaped(reshaped);
  to.quant = q;
  const ValueId made = graph_.add_constant(std::move(to), graph_.value(v).name);
  graph_.value(made).quant = q;
  return made;
}

// Integer kernels trust the counts and types; here is where a file is held to them.
Result<void> Importer::check_quantization(const ir::Node& node) const {
  bool quantized = false;
  const auto each = [&](const std::vector<ValueId>& list, auto fn) {
    for (const ValueId v : list)
      if (v >= 0) fn(graph_.value(v));
  };
  each(node.inputs, [&](const ir::Value& v) { quantized = quantized || v.quant.present(); });
  each(node.outputs, [&](const ir::Value& v) { quantized = quantized || v.quant.present(); });
  if (!quantized || kernels::works_on_stored_integers(node.op->name)) return {};
  const std::string_view op = node.op->name;
  const bool weighted =
      op == "conv2d" || op == "depthwise_conv2d" || op == "conv2d_transpose" || op == "fully_connected";
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.inputs[i] < 0) continue;
    const ir::Value& v = graph_.value(node.inputs[i]);
    const DType wanted = weighted && i == 2 ? DType::int32 : DType::int8;
    if (v.dtype != wanted) return fault("mixes " + std::string(dtype_name(v.dtype)) + " into an int8 operation");
    if (weighted && i == 1 && v.quant.scales.size() > 1) {
      const StaticShape s = static_shape(v.shape).value_or(StaticShape{});
      const std::int64_t channels = op == "conv2d"             ? s[3]
                                    : op == "fully_connected"  ? s[1]
                                    : op == "conv2d_transpose" ? s[2]
                                                               : s[2] * s[3];
      if (static_cast<std::int64_t>(v.quant.scales.size()) != channels)
        return fault("its filter has " + std::to_string(v.quant.scales.size()) + " scales for " +
                     std::to_string(channels) + " channels");
    } else if (i != 2 && v.quant.scales.size() > 1) {
      return fault("an activation has several scales");
    }
  }
  for (const ValueId v : node.outputs)
    if (graph_.value(v).dtype != DType::int8)
      return fault("gives " + std::string(dtype_name(graph_.value(v).dtype)) + " from int8");
  return {};
}

Result<void> Importer::append(ir::Node node) {
  KEDGE_TRY(node.attrs, ops::complete_attrs(*node.op, std::move(node.attrs)));
  std::vector<const ir::Value*> inputs;
  for (const ValueId v : node.inputs) inputs.push_back(v < 0 ? nullptr : &graph_.value(v));
  for (std::size_t i = 0; i < node.op->inputs.size(); ++i) {
    const bool given = i < inputs.size() && inputs[i] != nullptr;
    if (!given && !node.op->inputs[i].optional && !node.op->inputs[i].variadic) return fault("an operand is missing");
  }
  Result<std::vector<ir::Typed>> types = node.op->infer.fn({inputs, node.attrs, &node});
  if (!types.ok()) return fault(types.error().diagnostic().message);
  if (types->size() != node.outputs.size())
    return fault("has " + std::to_string(node.outputs.size()) + " results instead of " + std::to_string(types->size()));
  for (std::size_t o = 0; o < types->size(); ++o) {
    ir::Value& value = graph_.value(node.outputs[o]);
    if (value.shape != (*types)[o].shape)
      return fault("its result has the shape " + shape_to_string(value.shape) + " in the file and " +
                   shape_to_string((*types)[o].shape) + " by its operands");
    if (!value.quant.present() && value.dtype != (*types)[o].dtype)
      return fault("its result is " + std::string(dtype_name(value.dtype)) + " in the file and " +
                   std::string(dtype_name((*types)[o].dtype)) + " by its operands");
    if (value.quant.scales.size() > 1) return fault("its result has several scales");
  }
  KEDGE_TRY_VOID(check_quantization(node));
  node.origin.path = "tflite › subgraphs[" + std::to_string(index_) + "] › operators[" +
                     std::to_string(op_ - subgraph().operators.data()) + "]";
  graph_.add_node(std::move(node));
  return {};
}

Result<ValueId> Importer::node(std::string_view op, std::vector<ValueId> inputs, Attrs attrs,
                               const Quantization& quant) {
  ir::Node n;
  n.op = ops::find_op(op);
  KEDGE_CHECK(n.op != nullptr, "the reader names an op that has no card");
  KEDGE_TRY(n.attrs, ops::complete_attrs(*n.op, std::move(attrs)));
  n.inputs = std::move(inputs);
  std::vector<const ir::Value*> views;
  for (const ValueId v : n.inputs) views.push_back(v < 0 ? nullptr : &graph_.value(v));
  for (std::size_t i = 0; i < n.op->inputs.size(); ++i) {
    const bool given = i < views.size() && views[i] != nullptr;
    if (!given && !n.op->inputs[i].optional && !n.op->inputs[i].variadic) return fault("an operand is missing");
  }
  Result<std::vector<ir::Typed>> types = n.op->infer.fn({views, n.attrs, &n});
  if (!types.ok()) return fault(types.error().diagnostic().message);
  const DType dtype = quant.present() ? graph_.value(n.inputs[0]).dtype : (*types)[0].dtype;
  const ValueId out = graph_.add_value(dtype, (*types)[0].shape);
  graph_.value(out).quant = quant;
  n.outputs = {out};
  KEDGE_TRY_VOID(append(std::move(n)));
  return out;
}

std::string Importer::activation() const {
  switch (static_cast<format::Activation>(static_cast<int>(op_->option("activation")))) {
    case format::Activation::none: return "none";
    case format::Activation::relu: return "relu";
    case format::Activation::relu6: return "relu6";
    default: return "?";
  }
}

Result<void> Importer::finish(std::string_view op, std::vector<ValueId> inputs, Attrs attrs) {
  return finish_with_bodies(op, std::move(inputs), std::move(attrs), {}, op_->outputs.size());
}

Result<void> Importer::finish_with_bodies(std::string_view op, std::vector<ValueId> inputs, Attrs attrs,
                                          std::vector<std::unique_ptr<ir::Graph>> bodies, std::size_t outputs) {
  ir::Node n;
  n.op = ops::find_op(op);
  KEDGE_CHECK(n.op != nullptr, "the reader names an op that has no card");
  n.bodies = std::move(bodies);
  n.attrs = std::move(attrs);
  n.inputs = std::move(inputs);
  const std::string act = activation();
  if (act == "?") return fault("its fused activation is not supported");
  const bool own =
      std::any_of(n.op->attrs.begin(), n.op->attrs.end(), [](const ir::AttrSpec& a) { return a.name == "activation"; });
  if (own) n.attrs.set("activation", act);
  const bool follow = !own && act != "none";
  std::vector<ValueId> made;
  for (std::size_t o = 0; o < std::min(outputs, op_->outputs.size()); ++o) {
    const format::TensorInfo& t = info(op_->outputs[o]);
    const std::optional<DType> dtype = dtype_of(t.type);
    if (!dtype) return fault("tensor `" + t.name + "` has an element type that kedge does not read");
    if (values_[static_cast<std::size_t>(op_->outputs[o])] >= 0) return fault("tensor `" + t.name + "` is made twice");
    const ValueId v = graph_.add_value(*dtype, to_shape(StaticShape(t.shape.begin(), t.shape.end())),
                                       follow ? std::string() : t.name);
    graph_.value(v).quant = quant_of(t);
    made.push_back(v);
  }
  n.outputs = made;
  KEDGE_TRY_VOID(append(std::move(n)));
  if (follow) {
    const ir::Value before = graph_.value(made[0]);
    ir::Node relu;
    relu.op = ops::find_op(act);
    relu.inputs = {made[0]};
    made[0] = graph_.add_value(before.dtype, before.shape, info(op_->outputs[0]).name);
    graph_.value(made[0]).quant = before.quant;
    relu.outputs = {made[0]};
    KEDGE_TRY_VOID(append(std::move(relu)));
  }
  for (std::size_t o = 0; o < made.size(); ++o) values_[static_cast<std::size_t>(op_->outputs[o])] = made[o];
  return {};
}

Result<void> Importer::alias(ValueId v) {
  if (v < 0) return fault("an operand is missing");
  if (shape(v) != out_shape()) return fault("its result's shape does not fit");
  values_[static_cast<std::size_t>(op_->outputs[0])] = v;
  return {};
}

Result<std::unique_ptr<ir::Graph>> Importer::body(std::int32_t subgraph_index) {
  if (subgraph_index <= 0 || subgraph_index >= static_cast<std::int32_t>(model_.subgraphs.size()))
    return fault("its body does not exist");
  if (depth_ + 1 >= kMaxNesting) return fault("control flow is nested too deeply");
  auto out = std::make_unique<ir::Graph>();
  Importer inner(model_, static_cast<std::size_t>(subgraph_index), *out, depth_ + 1);
  KEDGE_TRY_VOID(inner.run(nullptr));
  return out;
}

Result<void> Importer::run(TensorNumbers* numbers) {
  const format::SubgraphInfo& graph = subgraph();
  graph_.name = graph.name;
  const format::SignatureInfo* signature = nullptr;
  for (const format::SignatureInfo& s : model_.signatures)
    if (signature == nullptr && s.subgraph == static_cast<std::int32_t>(index_)) signature = &s;
  const auto name_of = [&](std::int32_t tensor, bool input) {
    if (signature != nullptr)
      for (const format::NamedTensor& n : input ? signature->inputs : signature->outputs)
        if (n.tensor == tensor) return n.name;
    return info(tensor).name;
  };
  for (const std::int32_t t : graph.inputs) {
    const std::optional<DType> dtype = dtype_of(info(t).type);
    if (!dtype || info(t).constant || values_[static_cast<std::size_t>(t)] >= 0)
      return fault("input `" + info(t).name + "` cannot be read");
    const ValueId v =
        graph_.add_input(name_of(t, true), *dtype, to_shape(StaticShape(info(t).shape.begin(), info(t).shape.end())));
    graph_.value(v).quant = quant_of(info(t));
    values_[static_cast<std::size_t>(t)] = v;
  }
  for (const format::OperatorInfo& op : graph.operators) {
    op_ = &op;
    if (op.outputs.empty()) return fault("has no result");
    const ReadFn reader = find_reader(op.op);
    if (reader == nullptr) return fault("is not supported");
    for (const std::int32_t t : op.inputs) {
      Result<ValueId> v = tensor_value(t);
      if (!v.ok()) return std::move(v).error();
    }
    KEDGE_TRY_VOID(reader(*this));
  }
  op_ = nullptr;
  for (const std::int32_t t : graph.outputs) {
    KEDGE_TRY(const ValueId v, tensor_value(t));
    graph_.outputs.push_back(v);
    graph_.output_names.push_back(name_of(t, false));
  }
  if (numbers != nullptr)
    for (std::size_t t = 0; t < values_.size(); ++t)
      if (values_[t] >= 0) (*numbers)[values_[t]] = static_cast<std::int32_t>(t);
  return {};
}

Result<ir::Graph> import_tflite(Bytes file, const Limits& limits, const std::string& place, TensorNumbers* numbers) {
  KEDGE_TRY(const format::ModelInfo model, parse_tflite(file, limits, place));
  ir::Graph graph;
  Importer importer(model, 0, graph, 0);
  Result<void> done = importer.run(numbers);
  if (!done.ok()) {
    Error error = std::move(done).error();
    error.diagnostic().primary.location.path = place + " › " + error.diagnostic().primary.location.path;
    return error;
  }
  return graph;
}

}  // namespace kedge::frontends::tflite
