// One node on tensors: types by the card, then the reference kernel.
#include <string>

#include "base/limits.h"
#include "kernels/kernel.h"
#include "kernels/kernel_int8.h"
#include "ops/evaluate.h"
#include "ops/infer.h"
#include "ops/interpret.h"
#include "ops/ops.h"
#include "ops/run_bodies.h"

namespace kedge::ops {

namespace {

Error named(Error error, const ir::OpDef& op) {
  std::string& message = error.diagnostic().message;
  message = std::string(op.name) + ": " + message;
  return error;
}

/// Elements times size without overflow; -1: more than kedge allocates for one evaluation.
std::int64_t checked_bytes(const StaticShape& shape, DType dtype) {
  const std::int64_t limit = Limits{}.heap_bytes;
  std::int64_t bytes = dtype_size(dtype);
  for (const std::int64_t dim : shape) {
    if (dim == 0) return 0;
    if (dim < 0 || bytes > limit / dim) return -1;
    bytes *= dim;
  }
  return bytes;
}

Result<Tensor> make_output(const ir::OpDef& op, DType dtype, const Shape& shape) {
  const std::optional<StaticShape> known = static_shape(shape);
  if (!known) return named(make_error("K0613", "the size of " + shape_to_string(shape) + " is not known"), op);
  for (const std::int64_t dim : *known) {
    if (dim < 0) return named(make_error("K0601", "the result has a negative size: " + shape_to_string(shape)), op);
  }
  if (checked_bytes(*known, dtype) < 0)
    return named(make_error("K0614", "the result " + shape_to_string(shape) + " is too large"), op);
  return Tensor(dtype, *known);
}

bool quantized(std::span<const TensorView> views) {
  for (const TensorView& view : views) {
    if (view.quant != nullptr) return true;
  }
  return false;
}

kernels::KernelFn kernel_of(const ir::OpDef& op, std::span<const TensorView> inputs,
                            std::span<const TensorView> outputs) {
  return quantized(inputs) || quantized(outputs) ? kernels::int8_kernel(op.name) : kernels::reference_kernel(op.name);
}

Result<void> call_kernel(const ir::OpDef& op, std::span<const Tensor* const> inputs,
                         std::span<const Quantization* const> input_quants, std::vector<Tensor>& outputs,
                         const Attrs& attrs) {
  std::vector<TensorView> in;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    in.push_back(inputs[i] == nullptr ? TensorView{} : inputs[i]->view());
    if (inputs[i] == nullptr) continue;
    const Quantization* quant =
        i < input_quants.size() && input_quants[i] != nullptr ? input_quants[i] : &inputs[i]->quant;
    in.back().quant = quant->present() ? quant : nullptr;
  }
  std::vector<TensorView> out;
  for (Tensor& tensor : outputs) {
    out.push_back(tensor.mutable_view());
    out.back().quant = tensor.quant.present() ? &tensor.quant : nullptr;
  }
  const kernels::KernelFn kernel = kernel_of(op, in, out);
  if (kernel == nullptr) return named(make_error("K0612", "there is no reference kernel"), op);
  kernels::Call call;
  call.inputs = in;
  call.outputs = out;
  call.attrs = &attrs;
  kernel(call);
  return {};
}

}  // namespace

Result<std::vector<ir::Typed>> infer_types(const ir::OpDef& op, std::span<const ir::Value* const> inputs,
                                           const Attrs& attrs, const ir::Node* node) {
  const bool variadic = !op.inputs.empty() && op.inputs.back().variadic;
  if (inputs.size() > op.inputs.size() && !variadic) {
    return named(make_error("K0605", "takes " + std::to_string(op.inputs.size()) + " inputs, given " +
                                         std::to_string(inputs.size())),
                 op);
  }
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    const bool given = i < inputs.size() && inputs[i] != nullptr;
    if (!given && !op.inputs[i].optional && !op.inputs[i].variadic)
      return named(make_error("K0605", "input `" + std::string(op.inputs[i].name) + "` is missing"), op);
  }
  if (op.infer.fn == nullptr)
    return named(make_error("K0606", "has no shape rule: " + std::string(op.infer.reason)), op);
  Result<std::vector<ir::Typed>> types = op.infer.fn({inputs, attrs, node});
  if (!types.ok()) return named(std::move(types).error(), op);
  return types;
}

Result<std::vector<ir::Typed>> infer_types(const ir::Graph& graph, const ir::Node& node) {
  std::vector<const ir::Value*> inputs;
  for (const ir::ValueId id : node.inputs) inputs.push_back(id < 0 ? nullptr : &graph.value(id));
  return infer_types(*node.op, inputs, node.attrs, &node);
}

Result<std::vector<Tensor>> evaluate(std::string_view name, std::span<const Tensor* const> inputs, Attrs attrs) {
  const ir::OpDef* op = find_op(name);
  if (op == nullptr) return make_error("K0604", "there is no op `" + std::string(name) + "`");
  KEDGE_TRY(attrs, complete_attrs(*op, std::move(attrs)));
  std::vector<ir::Value> values(inputs.size());
  std::vector<const ir::Value*> pointers;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] != nullptr) {
      values[i].dtype = inputs[i]->dtype();
      values[i].shape = to_shape(inputs[i]->shape());
      values[i].quant = inputs[i]->quant;
    }
    pointers.push_back(inputs[i] == nullptr ? nullptr : &values[i]);
  }
  KEDGE_TRY(const std::vector<ir::Typed> types, infer_types(*op, pointers, attrs));
  std::vector<Tensor> outputs;
  for (const ir::Typed& type : types) {
    KEDGE_TRY(Tensor output, make_output(*op, type.dtype, type.shape));
    outputs.push_back(std::move(output));
  }
  KEDGE_TRY_VOID(call_kernel(*op, inputs, {}, outputs, attrs));
  return outputs;
}

Result<std::vector<Tensor>> run_node(const ir::Graph& graph, const ir::Node& node,
                                     std::span<const Tensor* const> inputs) {
  if (has_bodies(node)) return run_bodies(node, inputs, 0);
  KEDGE_TRY(const std::vector<ir::Typed> types, infer_types(graph, node));
  if (types.size() != node.outputs.size())
    return named(make_error("K0605", "has another number of outputs than the graph says"), *node.op);
  std::vector<const Quantization*> quants;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const ir::ValueId id = i < node.inputs.size() ? node.inputs[i] : -1;
    quants.push_back(id >= 0 && graph.value(id).quant.present() ? &graph.value(id).quant : nullptr);
    if (inputs[i] == nullptr || id < 0) continue;
    // Kernels trust shapes: what was inferred is worth nothing if the tensors are others.
    if (inputs[i]->dtype() != graph.value(id).dtype || to_shape(inputs[i]->shape()) != graph.value(id).shape) {
      return named(
          make_error("K0610", "input " + std::to_string(i) + " is " + std::string(dtype_name(inputs[i]->dtype())) +
                                  shape_to_string(to_shape(inputs[i]->shape())) + ", the graph says " +
                                  std::string(dtype_name(graph.value(id).dtype)) +
                                  shape_to_string(graph.value(id).shape)),
          *node.op);
    }
  }
  std::vector<Tensor> outputs;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const ir::Value& value = graph.value(node.outputs[i]);
    if (value.shape != types[i].shape || (value.dtype != types[i].dtype && !value.quant.present())) {
      return named(make_error("K0610", "the graph says that the result is " + std::string(dtype_name(value.dtype)) +
                                           shape_to_string(value.shape) + ", it is " +
                                           std::string(dtype_name(types[i].dtype)) + shape_to_string(types[i].shape)),
                   *node.op);
    }
    KEDGE_TRY(Tensor output, make_output(*node.op, value.dtype, value.shape));
    output.quant = value.quant;
    outputs.push_back(std::move(output));
  }
  KEDGE_TRY_VOID(call_kernel(*node.op, inputs, quants, outputs, node.attrs));
  return outputs;
}

}  // namespace kedge::ops
