// Shape arithmetic and checks that rules share.
#include "ops/shape_rules.h"

#include <algorithm>

namespace kedge::ops {

Error shape_fault(std::string message) { return make_error("K0601", std::move(message)); }
Error dtype_fault(std::string message) { return make_error("K0602", std::move(message)); }
Error attr_fault(std::string message) { return make_error("K0603", std::move(message)); }

std::string text(const Shape& shape) { return shape_to_string(shape); }

DType real_dtype(const ir::Value& value) {
  return value.quant.present() && is_integer(value.dtype) ? DType::float32 : value.dtype;
}

Result<void> check_dtype(const InferCall& call, std::size_t index, Accept accept) {
  const DType dtype = dtype_of(call, index);
  const bool number = is_integer(dtype) || is_float(dtype) || is_complex(dtype);
  struct Row {
    bool fits;
    std::string_view wanted;
  };
  Row row{};
  switch (accept) {
    case Accept::floats: row = {is_float(dtype), "a floating-point tensor"}; break;
    case Accept::floats_complex:
      row = {is_float(dtype) || is_complex(dtype), "a floating-point or complex tensor"};
      break;
    case Accept::numbers: row = {number, "a tensor of numbers"}; break;
    case Accept::reals: row = {number && !is_complex(dtype), "a tensor of real numbers"}; break;
    case Accept::integers: row = {is_integer(dtype), "an integer tensor"}; break;
    case Accept::integers_bool:
      row = {is_integer(dtype) || dtype == DType::boolean, "an integer or bool tensor"};
      break;
    case Accept::booleans: row = {dtype == DType::boolean, "a bool tensor"}; break;
    case Accept::any: row = {true, {}}; break;
  }
  if (row.fits) return {};
  const std::string which = call.inputs.size() > 1 ? "input " + std::to_string(index) + " must be " : "needs ";
  return dtype_fault(which + std::string(row.wanted) + ", got " + std::string(dtype_name(dtype)));
}

Result<void> check_same_dtype(const InferCall& call, std::size_t first) {
  for (std::size_t i = first + 1; i < call.inputs.size(); ++i) {
    if (!has_input(call, i) || dtype_of(call, i) == dtype_of(call, first)) continue;
    return dtype_fault("element types differ: " + std::string(dtype_name(dtype_of(call, first))) + " and " +
                       std::string(dtype_name(dtype_of(call, i))));
  }
  return {};
}

Result<Shape> broadcast(const Shape& a, const Shape& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  Shape out(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const Dim x = i < rank - a.size() ? Dim(1) : a[i - (rank - a.size())];
    const Dim y = i < rank - b.size() ? Dim(1) : b[i - (rank - b.size())];
    if (x == y || y == Dim(1)) out[i] = x;
    else if (x == Dim(1)) out[i] = y;
    // Two sizes of which one is unknown are equal or one of them is 1, in each case the larger one: the rule runs again
    // once they are known.
    else if (x.known() && !y.known()) out[i] = x;
    else if (!x.known()) out[i] = y.known() ? y : Dim::max(x, y);
    else return shape_fault("shapes do not broadcast: " + text(a) + " and " + text(b));
  }
  return out;
}

Result<std::int64_t> checked_axis(std::int64_t axis, std::size_t rank) {
  const auto limit = static_cast<std::int64_t>(rank);
  if (axis < -limit || axis >= limit)
    return attr_fault("axis " + std::to_string(axis) + " is outside a tensor of " + std::to_string(limit) +
                      " dimensions");
  return axis < 0 ? axis + limit : axis;
}

Result<void> check_rank(const InferCall& call, std::size_t index, std::size_t rank) {
  const Shape& shape = shape_of(call, index);
  if (shape.size() == rank) return {};
  const std::string which = call.inputs.size() > 1 ? "input " + std::to_string(index) : "the input";
  return shape_fault(which + " must have " + std::to_string(rank) + " dimensions, got " + text(shape));
}

Result<void> check_axes(const std::vector<std::int64_t>& axes, std::size_t rank) {
  std::int64_t last = -1;
  for (const std::int64_t axis : axes) {
    if (axis < 0 || axis >= static_cast<std::int64_t>(rank)) {
      return attr_fault("axis " + std::to_string(axis) + " is outside a tensor of " + std::to_string(rank) +
                        " dimensions");
    }
    if (axis <= last) return attr_fault("axes must be in order and distinct, got " + attr_to_string(axes));
    last = axis;
  }
  return {};
}

Result<void> check_word(const Attrs& attrs, std::string_view name, std::span<const std::string_view> words) {
  const std::string& word = attrs.text(name);
  std::string list;
  for (const std::string_view candidate : words) {
    if (candidate == word) return {};
    list += (list.empty() ? "" : ", ") + std::string(candidate);
  }
  return attr_fault("`" + std::string(name) + "` is \"" + word + "\", not one of " + list);
}

bool may_be_equal(const Dim& a, const Dim& b) {
  if (a == b) return true;
  if (a.known() || b.known()) return a.known() != b.known();  // an unknown size may be any
  std::vector<std::string> in_a;
  std::vector<std::string> in_b;
  a.collect_symbols(in_a);
  b.collect_symbols(in_b);
  for (std::vector<std::string>* names : {&in_a, &in_b}) {
    std::sort(names->begin(), names->end());
    names->erase(std::unique(names->begin(), names->end()), names->end());
  }
  // Different symbols may stand for related sizes that only the run knows.
  if (in_a != in_b) return true;
  // The same symbols: compared at several sizes, among them one with many divisors, where quotients are exact.
  for (const std::int64_t base : {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, std::int64_t{5040}}) {
    DimValues values;
    std::int64_t factor = 0;
    for (const std::string& name : in_a) values[name] = base * ++factor;
    if (a.substitute(values) == b.substitute(values)) return true;
  }
  return false;
}

Result<Shape> window_output(const WindowRule& rule) {
  const std::size_t spatial = rule.in.size();
  if (rule.strides.size() != spatial) return attr_fault("`strides` needs " + std::to_string(spatial) + " entries");
  if (!rule.dilations.empty() && rule.dilations.size() != spatial)
    return attr_fault("`dilations` needs " + std::to_string(spatial) + " entries");
  if (rule.padding != "same" && rule.padding != "valid" && rule.padding != "explicit")
    return attr_fault("`padding` is \"" + rule.padding + "\", not one of same, valid, explicit");
  if (rule.padding == "explicit" && rule.pads.size() != 2 * spatial)
    return attr_fault("`pads` needs " + std::to_string(2 * spatial) + " entries");
  Shape out;
  for (std::size_t d = 0; d < spatial; ++d) {
    const std::int64_t stride = rule.strides[d];
    const std::int64_t dilation = rule.dilations.empty() ? 1 : rule.dilations[d];
    if (stride < 1 || dilation < 1) return attr_fault("strides and dilations must be positive");
    if (known_below(rule.size[d], 1)) return shape_fault("a window of size " + rule.size[d].to_string());
    if (rule.padding == "same") {
      out.push_back(Dim::floordiv(rule.in[d] + Dim(stride - 1), stride));
      continue;
    }
    Dim padded = rule.in[d];
    if (rule.padding == "explicit") {
      if (rule.pads[2 * d] < 0 || rule.pads[2 * d + 1] < 0) return attr_fault("`pads` must not be negative");
      padded = padded + Dim(rule.pads[2 * d]) + Dim(rule.pads[2 * d + 1]);
    }
    const Dim reach = (rule.size[d] - Dim(1)) * Dim(dilation) + Dim(1);
    const Dim size = Dim::floordiv(padded - reach + Dim(stride), stride);
    if (known_below(size, 0) || (size.known() && padded.known() && known_below(padded - reach + Dim(1), 0))) {
      return shape_fault("the window (" + reach.to_string() + ") is larger than the image (" + padded.to_string() +
                         ")");
    }
    out.push_back(size);
  }
  return out;
}

}  // namespace kedge::ops
