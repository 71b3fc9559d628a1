// Operations with graphs inside: if, while, fused. A body sees nothing but its inputs.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {

namespace {

const ir::Value& body_input(const ir::Graph& body, std::size_t index) { return body.value(body.inputs[index]); }
const ir::Value& body_output(const ir::Graph& body, std::size_t index) { return body.value(body.outputs[index]); }

bool same_type(const ir::Value& a, const ir::Value& b) { return a.dtype == b.dtype && a.shape == b.shape; }
std::string type_text(const ir::Value& value) { return std::string(dtype_name(value.dtype)) + text(value.shape); }

Result<void> check_bodies(const InferCall& call, std::size_t count) {
  if (call.node != nullptr && call.node->bodies.size() == count) return {};
  return shape_fault("needs " + std::to_string(count) + (count == 1 ? " body" : " bodies"));
}

/// The body's inputs take the node's inputs from `first` on.
Result<void> check_body_inputs(const InferCall& call, const ir::Graph& body, std::size_t first) {
  if (body.inputs.size() != call.inputs.size() - first) {
    return shape_fault("body \"" + body.name + "\" takes " + std::to_string(body.inputs.size()) + " inputs, given " +
                       std::to_string(call.inputs.size() - first));
  }
  for (std::size_t i = 0; i < body.inputs.size(); ++i) {
    if (!has_input(call, first + i)) return shape_fault("input " + std::to_string(first + i) + " is missing");
    if (same_type(body_input(body, i), input(call, first + i))) continue;
    return shape_fault("body \"" + body.name + "\" takes " + type_text(body_input(body, i)) + " as input " +
                       std::to_string(i) + ", given " + type_text(input(call, first + i)));
  }
  return {};
}

std::vector<Typed> output_types(const ir::Graph& body) {
  std::vector<Typed> types;
  for (std::size_t i = 0; i < body.outputs.size(); ++i)
    types.push_back({body_output(body, i).dtype, body_output(body, i).shape});
  return types;
}

Types infer_if(const InferCall& call) {
  KEDGE_TRY_VOID(check_bodies(call, 2));
  if (dtype_of(call, 0) != DType::boolean || !shape_of(call, 0).empty())
    return shape_fault("the condition must be one bool, got " + type_text(input(call, 0)));
  const ir::Graph& yes = *call.node->bodies[0];
  const ir::Graph& no = *call.node->bodies[1];
  KEDGE_TRY_VOID(check_body_inputs(call, yes, 1));
  KEDGE_TRY_VOID(check_body_inputs(call, no, 1));
  if (yes.outputs.size() != no.outputs.size())
    return shape_fault("the branches give " + std::to_string(yes.outputs.size()) + " and " +
                       std::to_string(no.outputs.size()) + " values");
  for (std::size_t i = 0; i < yes.outputs.size(); ++i) {
    if (same_type(body_output(yes, i), body_output(no, i))) continue;
    return shape_fault("the branches differ in value " + std::to_string(i) + ": " + type_text(body_output(yes, i)) +
                       " and " + type_text(body_output(no, i)));
  }
  return output_types(yes);
}

Types infer_while(const InferCall& call) {
  KEDGE_TRY_VOID(check_bodies(call, 2));
  const ir::Graph& condition = *call.node->bodies[0];
  const ir::Graph& body = *call.node->bodies[1];
  const std::int64_t carried = call.attrs.integer("carried");
  if (carried < 0 || carried > static_cast<std::int64_t>(call.inputs.size()))
    return attr_fault("`carried` is more than the inputs there are");
  KEDGE_TRY_VOID(check_body_inputs(call, condition, 0));
  KEDGE_TRY_VOID(check_body_inputs(call, body, 0));
  const bool tests = condition.outputs.size() == 1 && body_output(condition, 0).dtype == DType::boolean &&
                     body_output(condition, 0).shape.empty();
  if (!tests) return shape_fault("the condition must give one bool");
  if (static_cast<std::int64_t>(body.outputs.size()) != carried) {
    return shape_fault("the body gives " + std::to_string(body.outputs.size()) + " values for " +
                       std::to_string(carried) + " carried ones");
  }
  for (std::size_t i = 0; i < body.outputs.size(); ++i) {
    if (same_type(body_output(body, i), input(call, i))) continue;
    return shape_fault("state " + std::to_string(i) + " changes its type in the loop: " + type_text(input(call, i)) +
                       " becomes " + type_text(body_output(body, i)));
  }
  return output_types(body);
}

Types infer_fused(const InferCall& call) {
  KEDGE_TRY_VOID(check_bodies(call, 1));
  KEDGE_TRY_VOID(check_body_inputs(call, *call.node->bodies[0], 0));
  return output_types(*call.node->bodies[0]);
}

constexpr ir::InputSpec kIfInputs[] = {{"condition"}, {.name = "captures", .variadic = true}};
constexpr ir::InputSpec kWhileInputs[] = {{.name = "values", .variadic = true}};
constexpr ir::InputSpec kFusedInputs[] = {{.name = "x", .variadic = true}};
constexpr ir::AttrSpec kWhileAttrs[] = {{"carried", ir::AttrKind::integer}};
constexpr std::string_view kIfExamples[] = {
    R"(graph "example" {
  const %0 : bool[] = {true}
  const %1 : float32[2] = {1.0, -2.0}
  %2 = if(%0, %1) : float32[2] do graph "then" {
    input %0 "x" : float32[2]
    %1 = neg(%0) : float32[2]
    output %1
  } do graph "else" {
    input %0 "x" : float32[2]
    %1 = abs(%0) : float32[2]
    output %1
  }
  output %2
}
)"};
constexpr std::string_view kWhileExamples[] = {
    R"(graph "example" {
  const %0 : float32[] = {1.0}
  const %1 : float32[] = {100.0}
  %2 = while(%0, %1) {carried = 1} : float32[] do graph "condition" {
    input %0 "x" : float32[]
    input %1 "limit" : float32[]
    %2 = less(%0, %1) : bool[]
    output %2
  } do graph "body" {
    input %0 "x" : float32[]
    input %1 "limit" : float32[]
    %2 = add(%0, %0) : float32[]
    output %2
  }
  output %2
}
)"};
constexpr std::string_view kFusedExamples[] = {
    R"(graph "example" {
  input %0 "x" : float32[batch, 2]
  %1 = fused(%0) : float32[batch, 2] do graph "body" {
    input %0 "x" : float32[batch, 2]
    %1 = exp(%0) : float32[batch, 2]
    %2 = mul(%1, %0) : float32[batch, 2]
    output %2
  }
  output %1
}
)"};

}  // namespace

constinit const ir::OpDef kIf = {.name = "if",
                                 .summary = "One of two graphs, chosen at run time; both take the captures.",
                                 .inputs = kIfInputs,
                                 .outputs = -1,
                                 .attrs = {},
                                 .infer = ir::rule(infer_if),
                                 .quant = ir::QuantKind::none,
                                 .tflite = "IF",
                                 .onnx = "If",
                                 .examples = kIfExamples};
constinit const ir::OpDef kWhile = {
    .name = "while",
    .summary = "A loop: the first `carried` inputs are its state, the others are constant in it.",
    .inputs = kWhileInputs,
    .outputs = -1,
    .attrs = kWhileAttrs,
    .infer = ir::rule(infer_while),
    .quant = ir::QuantKind::none,
    .tflite = "WHILE",
    .onnx = "Loop",
    .examples = kWhileExamples};
constinit const ir::OpDef kFused = {.name = "fused",
                                    .summary = "Elementwise operations that run as one; the same as its body.",
                                    .inputs = kFusedInputs,
                                    .outputs = -1,
                                    .attrs = {},
                                    .infer = ir::rule(infer_fused),
                                    .quant = ir::QuantKind::none,
                                    .tflite = "",
                                    .onnx = "",
                                    .examples = kFusedExamples};

}  // namespace kedge::ops
