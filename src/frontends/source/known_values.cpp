// Arithmetic on shape values: what `tf.shape(x)[1] * 2`, slices, products and concatenations of shapes are worth
// without running anything.
#include <algorithm>

#include "frontends/source/tracer.h"

namespace kedge::frontends {
namespace {

using BinaryDim = Dim (*)(const Dim&, const Dim&);

BinaryDim binary_dim(std::string_view op) {
  if (op == "add") return [](const Dim& a, const Dim& b) { return a + b; };
  if (op == "sub") return [](const Dim& a, const Dim& b) { return a - b; };
  if (op == "mul") return [](const Dim& a, const Dim& b) { return a * b; };
  if (op == "floordiv") return [](const Dim& a, const Dim& b) { return Dim::floordiv(a, b); };
  if (op == "mod") return [](const Dim& a, const Dim& b) { return Dim::mod(a, b); };
  if (op == "max") return [](const Dim& a, const Dim& b) { return Dim::max(a, b); };
  if (op == "min") return [](const Dim& a, const Dim& b) { return Dim::min(a, b); };
  return nullptr;
}

bool is_zero(const Dim& d) { return d.known() && d.value() == 0; }

std::optional<std::int64_t> known_at(const Shape& dims, std::size_t i) {
  if (i >= dims.size() || !dims[i].known()) return std::nullopt;
  return dims[i].value();
}

}  // namespace

/// The result when the operation has an exact one on shape values; nullptr without an exception otherwise.
TensorObject* Tracer::fold_known(std::string_view op, const std::vector<TensorObject*>& inputs, const Attrs& attrs) {
  if (op == "dims") {
    const AttrValue* values = attrs.find("values");
    const AttrValue* to = attrs.find("to");
    const AttrValue* scalar = attrs.find("scalar");
    if (values == nullptr) return nullptr;
    return make_known(std::get<Shape>(*values), to != nullptr ? std::get<DType>(*to) : DType::int32,
                      scalar != nullptr && std::get<bool>(*scalar));
  }
  bool any_symbolic = false;
  for (const TensorObject* t : inputs) {
    if (t == nullptr || !t->known) return nullptr;
    any_symbolic = any_symbolic || !t->constant;
  }
  if (inputs.empty() || !any_symbolic) return nullptr;  // plain constants: the kernels fold them
  TensorObject* a = inputs[0];
  const std::vector<Dim>& x = *a->known;
  const bool scalar = a->shape.empty();

  if (const BinaryDim fn = binary_dim(op); fn != nullptr && inputs.size() == 2) {
    const std::vector<Dim>& y = *inputs[1]->known;
    const bool both_scalar = scalar && inputs[1]->shape.empty();
    const std::size_t n = std::max(x.size(), y.size());
    if (x.size() != n && x.size() != 1) return nullptr;
    if (y.size() != n && y.size() != 1) return nullptr;
    std::vector<Dim> out;
    for (std::size_t i = 0; i < n; ++i) {
      const Dim& p = x[x.size() == 1 ? 0 : i];
      const Dim& q = y[y.size() == 1 ? 0 : i];
      if ((op == "floordiv" || op == "mod") && is_zero(q)) return nullptr;
      out.push_back(fn(p, q));
    }
    return make_known(std::move(out), a->dtype, both_scalar);
  }
  if (op == "neg") {
    std::vector<Dim> out;
    out.reserve(x.size());
    for (const Dim& d : x) out.push_back(Dim(0) - d);
    return make_known(std::move(out), a->dtype, scalar);
  }
  if (op == "cast") {
    const AttrValue* to = attrs.find("to");
    if (to == nullptr || !is_integer(std::get<DType>(*to))) return nullptr;
    return make_known(x, std::get<DType>(*to), scalar);
  }
  if (op == "equal" || op == "not_equal") {
    // The same expression on both sides has a known answer; different expressions may still be equal at run time.
    if (x.size() != 1 || inputs.size() != 2 || inputs[1]->known->size() != 1 || !(x[0] == (*inputs[1]->known)[0]))
      return nullptr;
    return make_constant(kedge::Tensor::of<std::int64_t>(DType::int64, *static_shape(a->shape), {op == "equal" ? 1 : 0})
                             .cast(DType::boolean));
  }
  if (op == "reshape") {
    const AttrValue* shape = attrs.find("shape");
    if (shape == nullptr) return nullptr;
    const Shape& dims = std::get<Shape>(*shape);
    if (dims.size() > 1) return nullptr;
    return make_known(x, a->dtype, dims.empty());
  }
  if (op == "concat") {
    std::vector<Dim> out;
    for (const TensorObject* t : inputs) {
      if (t->shape.size() != 1) return nullptr;
      out.insert(out.end(), t->known->begin(), t->known->end());
    }
    return make_known(std::move(out), a->dtype, false);
  }
  if (op == "slice" && !scalar) {
    const AttrValue* begin = attrs.find("begin");
    const AttrValue* end = attrs.find("end");
    const AttrValue* strides = attrs.find("strides");
    if (begin == nullptr || end == nullptr) return nullptr;
    const auto from = known_at(std::get<Shape>(*begin), 0);
    const auto to = known_at(std::get<Shape>(*end), 0);
    const std::int64_t step = strides != nullptr && !std::get<std::vector<std::int64_t>>(*strides).empty()
                                  ? std::get<std::vector<std::int64_t>>(*strides)[0]
                                  : 1;
    if (!from || !to || step == 0) return nullptr;
    std::vector<Dim> out;
    for (std::int64_t i = *from; step > 0 ? i < *to : i > *to; i += step) {
      if (i < 0 || i >= static_cast<std::int64_t>(x.size())) return nullptr;
      out.push_back(x[static_cast<std::size_t>(i)]);
    }
    return make_known(std::move(out), a->dtype, false);
  }
  if (op == "gather" && !scalar && inputs.size() == 2) {
    std::vector<Dim> out;
    for (const Dim& index : *inputs[1]->known) {
      if (!index.known()) return nullptr;
      const std::int64_t i = index.value() < 0 ? index.value() + static_cast<std::int64_t>(x.size()) : index.value();
      if (i < 0 || i >= static_cast<std::int64_t>(x.size())) return nullptr;
      out.push_back(x[static_cast<std::size_t>(i)]);
    }
    return make_known(std::move(out), a->dtype, inputs[1]->shape.empty());
  }
  if (op == "reverse" && !scalar) {
    std::vector<Dim> out(x.rbegin(), x.rend());
    return make_known(std::move(out), a->dtype, false);
  }
  if ((op == "reduce_prod" || op == "reduce_sum" || op == "reduce_max" || op == "reduce_min") && !scalar &&
      !x.empty()) {
    const AttrValue* axes = attrs.find("axes");
    const AttrValue* keepdims = attrs.find("keepdims");
    if (axes != nullptr && std::get<std::vector<std::int64_t>>(*axes).empty()) return nullptr;
    Dim total = x[0];
    for (std::size_t i = 1; i < x.size(); ++i) {
      total = op == "reduce_prod"  ? total * x[i]
              : op == "reduce_sum" ? total + x[i]
              : op == "reduce_max" ? Dim::max(total, x[i])
                                   : Dim::min(total, x[i]);
    }
    return make_known({total}, a->dtype, keepdims == nullptr || !std::get<bool>(*keepdims));
  }
  return nullptr;
}

}  // namespace kedge::frontends
