// Complex values as pairs of real ones: TensorFlow Lite computes with complex numbers in next to no kernel.
#include "passes/legalize_tflite_complex.h"

#include <algorithm>
#include <array>

namespace kedge::passes::tflite {
namespace {

using Pairs = std::vector<ComplexPair>;

/// Ops that move values or sum them: each part by itself, with the same attributes.
bool works_on_parts(std::string_view op) {
  static constexpr std::string_view kNames[] = {
      "add",     "sub",          "neg",       "reshape",    "transpose", "slice",      "gather",      "concat",
      "reverse", "broadcast_to", "gather_nd", "scatter_nd", "select",    "reduce_sum", "reduce_mean", "cumsum"};
  return std::find(std::begin(kNames), std::end(kNames), op) != std::end(kNames);
}

class Rules {
 public:
  explicit Rules(Emitter& e) : e_(e) {}

  ComplexPair mul(const ComplexPair& a, const ComplexPair& b) {
    return {e_.sub(e_.mul(a.re, b.re), e_.mul(a.im, b.im)), e_.add(e_.mul(a.re, b.im), e_.mul(a.im, b.re))};
  }
  ValueId square_size(const ComplexPair& x) { return e_.add(e_.mul(x.re, x.re), e_.mul(x.im, x.im)); }
  ComplexPair div(const ComplexPair& a, const ComplexPair& b) {
    const ValueId size = square_size(b);
    return {e_.div(e_.add(e_.mul(a.re, b.re), e_.mul(a.im, b.im)), size),
            e_.div(e_.sub(e_.mul(a.im, b.re), e_.mul(a.re, b.im)), size)};
  }
  ComplexPair exp(const ComplexPair& x) {
    const ValueId size = e_.unary("exp", x.re);
    return {e_.mul(size, e_.unary("cos", x.im)), e_.mul(size, e_.unary("sin", x.im))};
  }
  ComplexPair on_parts(std::string_view op, const Pairs& in, const Attrs& attrs) {
    Values re, im;
    for (const ComplexPair& x : in) {
      re.push_back(x.re);
      im.push_back(x.im < 0 ? x.re : x.im);  // a condition or an index serves both
    }
    return {e_.op(op, re, attrs), e_.op(op, im, attrs)};
  }

 private:
  Emitter& e_;
};

}  // namespace

std::optional<ComplexPair> complex_rule(Emitter& e, std::string_view op, const std::vector<ComplexPair>& in,
                                        const Attrs& attrs) {
  Rules rules(e);
  if (op == "complex") return ComplexPair{in[0].re, in[1].re};
  if (op == "real") return ComplexPair{in[0].re, -1};
  if (op == "imag") return ComplexPair{in[0].im, -1};
  if (op == "abs") return ComplexPair{e.unary("sqrt", rules.square_size(in[0])), -1};
  if (op == "mul") return rules.mul(in[0], in[1]);
  if (op == "square") return rules.mul(in[0], in[0]);
  if (op == "div") return rules.div(in[0], in[1]);
  if (op == "exp") return rules.exp(in[0]);
  if (op == "cast" && in[0].im < 0) {
    const ValueId re = e.cast(in[0].re, DType::float32);
    return ComplexPair{re, e.mul(re, e.like(re, 0))};
  }
  if (op == "cast") {
    const DType to = attrs.dtype("to");
    return is_complex(to) ? in[0] : ComplexPair{e.cast(in[0].re, to), -1};
  }
  if (works_on_parts(op)) return rules.on_parts(op, in, attrs);
  return std::nullopt;
}

ComplexPair split_constant(Emitter& e, const Tensor& tensor, const std::string& name) {
  std::array<std::vector<float>, 2> parts;
  for (std::int64_t i = 0; i < tensor.size(); ++i) {
    for (std::size_t p = 0; p < 2; ++p) {
      const auto at = static_cast<std::size_t>(2 * i) + p;
      parts[p].push_back(tensor.dtype() == DType::complex64
                             ? reinterpret_cast<const float*>(tensor.bytes().data())[at]
                             : static_cast<float>(reinterpret_cast<const double*>(tensor.bytes().data())[at]));
    }
  }
  return {e.constant(Tensor::of<float>(DType::float32, tensor.shape(), parts[0]), name),
          e.constant(Tensor::of<float>(DType::float32, tensor.shape(), parts[1]), name)};
}

}  // namespace kedge::passes::tflite
