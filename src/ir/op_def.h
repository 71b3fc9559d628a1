// What a card is: everything regular about one op in one constant. ops/<op>.cpp defines one; ops/ops.inc lists them.
// A rule has no default: give a function, or none("reason").
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ir/graph.h"

namespace kedge::ir {

enum class AttrKind : std::uint8_t { flag, integer, real, text, dtype, integers, reals, texts, dims };

struct AttrSpec {
  std::string_view name;
  AttrKind kind;
  bool required = true;
  std::string_view fallback = {};  ///< default, in ir text form, when not required
};

struct InputSpec {
  std::string_view name;
  bool optional = false;
  bool variadic = false;  ///< last one only
};

/// What shape inference gives for one output.
struct Typed {
  DType dtype = DType::float32;
  Shape shape;
};
struct InferCall {
  std::span<const Value* const> inputs;  ///< nullptr: absent
  const Attrs& attrs;
  const Node* node = nullptr;  ///< for ops with bodies
};

/// A rule that may be absent for a stated reason.
template <typename Fn>
struct Rule {
  Fn* fn = nullptr;
  std::string_view reason;  ///< why there is none
};
template <typename Fn>
constexpr Rule<Fn> rule(Fn* fn) {
  return {fn, {}};
}
struct None {
  std::string_view reason;
  template <typename Fn>
  constexpr operator Rule<Fn>() const {
    return {nullptr, reason};
  }
};
constexpr None none(std::string_view reason) { return {reason}; }

using InferFn = Result<std::vector<Typed>>(const InferCall&);

enum class QuantKind : std::uint8_t {
  none,         ///< stays float (or integer) : reason on the card
  transparent,  ///< output has the input's scale (reshape, transpose, slice, max-pool, concat of equal scales …)
  arithmetic,   ///< own output scale (add, mul, mean …)
  weighted,     ///< convolution, matrix product with constant weights: per-channel weights, int32 bias
  fixed,        ///< output scale fixed by the specification (softmax, sigmoid, tanh)
  table,        ///< any unary function: 256-entry table
};

struct OpDef {
  std::string_view name;
  std::string_view summary;
  std::span<const InputSpec> inputs;
  std::int32_t outputs = 1;  ///< -1: as many as the infer rule returns
  std::span<const AttrSpec> attrs;
  Rule<InferFn> infer;
  bool elementwise = false;  ///< broadcasting elementwise (fusion groups)
  QuantKind quant = QuantKind::none;
  std::string_view tflite;  ///< builtin operator, "" = irregular or decomposed (backends/tflite/<op>.cpp says how)
  std::string_view onnx;
  std::span<const std::string_view> examples;  ///< ir text, each a small graph; unit tests and docs run them
};

}  // namespace kedge::ir
