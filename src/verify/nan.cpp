#include "verify/nan.h"

#include <algorithm>
#include <cmath>

#include "ir/op_def.h"
#include "ops/interpret.h"

namespace kedge::verify {
namespace {

bool holds_nan(const Tensor& tensor) {
  if (!is_float(tensor.dtype())) return false;
  for (std::int64_t i = 0; i < tensor.size(); ++i) {
    if (std::isnan(tensor.element_as_double(i))) return true;
  }
  return false;
}

}  // namespace

std::optional<Diagnostic> find_nan(const ir::Graph& graph, std::span<const Tensor> inputs) {
  if (std::any_of(inputs.begin(), inputs.end(), holds_nan)) return std::nullopt;
  ir::ValueId first = -1;
  const auto observe = [&](ir::ValueId id, const Tensor& tensor) {
    if (first < 0 && holds_nan(tensor)) first = id;
  };
  const Result<std::vector<Tensor>> outputs = ops::interpret(graph, inputs, observe);
  if (!outputs.ok() || first < 0 || std::none_of(outputs->begin(), outputs->end(), holds_nan)) return std::nullopt;
  Diagnostic out;
  out.code = "K0904";
  const ir::NodeId maker = graph.value(first).producer;
  if (maker < 0) {  // a weight: training went wrong
    const std::string& name = graph.value(first).name;
    out.message = "the weight `" + name + "` holds NaN, and so does the model's answer";
    out.primary.location = Location::in(name.empty() ? "weights" : "weight " + name);
    out.help.push_back("training diverged: save the model again from a step before that");
    return out;
  }
  const ir::Node& node = graph.node(maker);
  out.message =
      (node.origin.layer.empty() ? "`" + std::string(node.op->name) + "`" : "layer `" + node.origin.layer + "`") +
      " makes NaN (in `" + std::string(node.op->name) + "`), and so the model's answer is none";
  out.primary.location = node.origin.span.valid() ? Location::at(node.origin.span)
                                                  : Location::in(node.origin.path.empty() ? "graph" : node.origin.path);
  out.primary.text = "NaN appears here first";
  if (node.origin.span.valid() && !node.origin.path.empty())
    out.secondary.push_back({Location::in(node.origin.path), ""});
  out.help.push_back(
      "guard the operation (a logarithm or root of a negative number, 0/0), or give inputs of the kind the model is "
      "made for");
  return out;
}

}  // namespace kedge::verify
