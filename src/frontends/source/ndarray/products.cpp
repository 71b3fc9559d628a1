// Products of arrays: matmul, dot, tensordot, einsum, outer, kron. Sums run in the order of memory; BLAS may differ in
// the last bits.
#include <algorithm>
#include <map>
#include <numeric>

#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {

using pylang::as;

Array matmul(const Array& given_a, const Array& given_b, std::string* error) {
  if (given_a.rank() == 0 || given_b.rank() == 0) {
    *error = "matmul: Input operand does not have enough dimensions";
    return {};
  }
  if (given_a.dtype == DType::float16)
    return cast_to(matmul(cast_to(given_a, DType::float32), cast_to(given_b, DType::float32), error), DType::float16);
  const bool row = given_a.rank() == 1;
  const bool column = given_b.rank() == 1;
  const Array a = row ? with_axis(given_a, 0) : given_a;
  const Array b = column ? with_axis(given_b, 1) : given_b;
  const std::int64_t m = a.shape[a.shape.size() - 2];
  const std::int64_t k = a.shape.back();
  const std::int64_t n = b.shape.back();
  if (b.shape[b.shape.size() - 2] != k) {
    *error = "matmul: Input operand 1 has a mismatch in its core dimension 0 (size " +
             std::to_string(b.shape[b.shape.size() - 2]) + " is different from " + std::to_string(k) + ")";
    return {};
  }
  const StaticShape batch_a(a.shape.begin(), a.shape.end() - 2);
  const StaticShape batch_b(b.shape.begin(), b.shape.end() - 2);
  const auto batch = broadcast_shapes(batch_a, batch_b);
  if (!batch) {
    *error = "operands could not be broadcast together with remapped shapes";
    return {};
  }
  const auto full = [&](StaticShape tail) {
    StaticShape shape = *batch;
    shape.insert(shape.end(), tail.begin(), tail.end());
    return shape;
  };
  const Array x = contiguous_of(broadcast_view(a, full({m, k})));
  const Array y = contiguous_of(broadcast_view(b, full({k, n})));
  Array out = make_array(a.dtype, full({m, n}));
  const std::int64_t batches = element_count(*batch);
  with_type(a.dtype, [&]<typename T>(T*) {
    if constexpr (!std::is_same_v<T, Half>) {
      for (std::int64_t i = 0; i < batches; ++i) {
        const T* p = x.as<T>() + i * m * k;
        const T* q = y.as<T>() + i * k * n;
        T* o = out.as<T>() + i * m * n;
        for (std::int64_t r = 0; r < m; ++r) {
          for (std::int64_t c = 0; c < k; ++c) {
            const T factor = p[r * k + c];
            for (std::int64_t j = 0; j < n; ++j) {
              if constexpr (std::is_same_v<T, bool>) o[r * n + j] = o[r * n + j] || (factor && q[c * n + j]);
              else o[r * n + j] = static_cast<T>(o[r * n + j] + factor * q[c * n + j]);
            }
          }
        }
      }
    }
    return 0;
  });
  StaticShape shape = out.shape;
  if (column) shape.pop_back();
  if (row) shape.erase(shape.end() - (column ? 1 : 2));
  return reshaped(out, shape);
}

namespace {

/// Two arguments of one dtype.
bool two_arrays(Interp& interp, Value a, Value b, Array& x, Array& y) {
  const auto p = to_array(interp, a);
  if (!p) return false;
  const auto q = to_array(interp, b);
  if (!q) return false;
  const DType dtype = promote(p->dtype, q->dtype);
  x = p->dtype == dtype ? *p : cast_to(*p, dtype);
  y = q->dtype == dtype ? *q : cast_to(*q, dtype);
  return true;
}

Value product_of(Interp& interp, const Array& x, const Array& y) {
  std::string error;
  Array out = matmul(x, y, &error);
  return error.empty() ? wrap(interp, std::move(out)) : interp.raise("ValueError", error);
}

Value call_matmul(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "matmul", "x1", "x2", "out=");
  Array a, b;
  if (!two_arrays(interp, v[0], v[1], a, b)) return Value();
  return product_of(interp, a, b);
}

/// Contracts the given axes, as tensordot.
Value contract(Interp& interp, const Array& a, const Array& b, const std::vector<std::int64_t>& axes_a,
               const std::vector<std::int64_t>& axes_b) {
  std::vector<std::int64_t> perm_a, perm_b;
  StaticShape shape;
  std::int64_t k = 1, m = 1, n = 1;
  for (std::int64_t i = 0; i < a.rank(); ++i) {
    if (std::find(axes_a.begin(), axes_a.end(), i) != axes_a.end()) continue;
    perm_a.push_back(i);
    shape.push_back(a.shape[static_cast<std::size_t>(i)]);
    m *= shape.back();
  }
  for (std::size_t i = 0; i < axes_a.size(); ++i) {
    if (a.shape[static_cast<std::size_t>(axes_a[i])] != b.shape[static_cast<std::size_t>(axes_b[i])])
      return interp.raise("ValueError", "shape-mismatch for sum");
    k *= a.shape[static_cast<std::size_t>(axes_a[i])];
  }
  perm_a.insert(perm_a.end(), axes_a.begin(), axes_a.end());
  perm_b = axes_b;
  for (std::int64_t i = 0; i < b.rank(); ++i) {
    if (std::find(axes_b.begin(), axes_b.end(), i) != axes_b.end()) continue;
    perm_b.push_back(i);
    shape.push_back(b.shape[static_cast<std::size_t>(i)]);
    n *= shape.back();
  }
  if (!charge_array(interp, a.dtype, {m, n})) return Value();
  std::string error;
  const Array out = matmul(reshaped(copy_of(transposed(a, perm_a)), {m, k}),
                           reshaped(copy_of(transposed(b, perm_b)), {k, n}), &error);
  return wrap(interp, reshaped(out, shape));
}

Value call_dot(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "dot", "a", "b", "out=");
  Array a, b;
  if (!two_arrays(interp, v[0], v[1], a, b)) return Value();
  if (a.rank() == 0 || b.rank() == 0) return binary(interp, BinaryOp::multiply, v[0], v[1], "multiply");
  const std::int64_t axis_b = b.rank() == 1 ? 0 : b.rank() - 2;
  if (a.shape.back() != b.shape[static_cast<std::size_t>(axis_b)])
    return interp.raise("ValueError", "shapes not aligned: " + std::to_string(a.shape.back()) + " (dim " +
                                          std::to_string(a.rank() - 1) +
                                          ") != " + std::to_string(b.shape[static_cast<std::size_t>(axis_b)]) +
                                          " (dim " + std::to_string(axis_b) + ")");
  return contract(interp, a, b, {a.rank() - 1}, {axis_b});
}
Value call_inner(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "inner", "a", "b");
  Array a, b;
  if (!two_arrays(interp, v[0], v[1], a, b)) return Value();
  if (a.rank() == 0 || b.rank() == 0) return binary(interp, BinaryOp::multiply, v[0], v[1], "multiply");
  return contract(interp, a, b, {a.rank() - 1}, {b.rank() - 1});
}
Value call_vdot(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "vdot", "a", "b");
  Array a, b;
  if (!two_arrays(interp, v[0], v[1], a, b)) return Value();
  if (a.size() != b.size()) return interp.raise("ValueError", "cannot reshape: vdot needs equal sizes");
  a = reshaped(is_complex(a.dtype) ? apply(UnaryOp::conjugate, a) : a, {a.size()});
  return product_of(interp, a, reshaped(b, {b.size()}));
}
Value call_outer(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "outer", "a", "b", "out=");
  KEDGE_ARRAY(a, v[0]);
  KEDGE_ARRAY(b, v[1]);
  return binary(interp, BinaryOp::multiply, wrap(interp, reshaped(a, {a.size(), 1}), false),
                wrap(interp, reshaped(b, {1, b.size()}), false), "outer");
}
Value call_kron(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "kron", "a", "b");
  KEDGE_ARRAY(a0, v[0]);
  KEDGE_ARRAY(b0, v[1]);
  Array a = a0, b = b0;
  while (a.rank() < b.rank()) a = with_axis(a, 0);
  while (b.rank() < a.rank()) b = with_axis(b, 0);
  StaticShape wide_a, wide_b, shape;
  for (std::size_t i = 0; i < a.shape.size(); ++i) {
    wide_a.insert(wide_a.end(), {a.shape[i], 1});
    wide_b.insert(wide_b.end(), {1, b.shape[i]});
    shape.push_back(a.shape[i] * b.shape[i]);
  }
  const Value product = binary(interp, BinaryOp::multiply, wrap(interp, reshaped(a, wide_a), false),
                               wrap(interp, reshaped(b, wide_b), false), "kron");
  return product.is_error() ? product : wrap(interp, reshaped(array_of(product)->a, shape), false);
}
Value call_tensordot(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "tensordot", "a", "b", "axes=");
  Array a, b;
  if (!two_arrays(interp, v[0], v[1], a, b)) return Value();
  std::vector<std::int64_t> axes_a, axes_b;
  if (!given(v[2]) || v[2].is_int()) {
    const std::int64_t n = given(v[2]) ? v[2].i : 2;
    if (n > a.rank() || n > b.rank() || n < 0) return interp.raise("ValueError", "tuple index out of range");
    for (std::int64_t i = 0; i < n; ++i) {
      axes_a.push_back(a.rank() - n + i);
      axes_b.push_back(i);
    }
  } else {
    const auto pair = interp.to_vector(v[2]);
    if (!pair) return Value();
    if (pair->size() != 2) return interp.raise("ValueError", "axes must be an int or a pair of axes");
    const auto p = normal_axes(interp, (*pair)[0], a.rank());
    if (!p) return Value();
    const auto q = normal_axes(interp, (*pair)[1], b.rank());
    if (!q) return Value();
    axes_a = *p;
    axes_b = *q;
    if (axes_a.size() != axes_b.size()) return interp.raise("ValueError", "shape-mismatch for sum");
  }
  return contract(interp, a, b, axes_a, axes_b);
}

/// Explicit or implicit subscripts, ellipsis as capital letters counted from the right.
struct Subscripts {
  std::vector<std::string> inputs;
  std::string output;
};
std::optional<Subscripts> parse_subscripts(Interp& interp, std::string text, const std::vector<Array>& operands) {
  std::erase(text, ' ');
  Subscripts s;
  const std::size_t arrow = text.find("->");
  std::string left = text.substr(0, arrow);
  std::size_t begin = 0;
  while (true) {
    const std::size_t comma = left.find(',', begin);
    s.inputs.push_back(left.substr(begin, comma == std::string::npos ? comma : comma - begin));
    if (comma == std::string::npos) break;
    begin = comma + 1;
  }
  if (s.inputs.size() != operands.size()) {
    fail(interp, "ValueError",
         "more operands provided to einstein sum function than specified in the subscripts string");
    return std::nullopt;
  }
  std::size_t widest = 0;
  for (std::size_t i = 0; i < s.inputs.size(); ++i) {
    const std::size_t dots = s.inputs[i].find("...");
    if (dots == std::string::npos) continue;
    const std::size_t letters = s.inputs[i].size() - 3;
    if (letters > operands[i].shape.size()) break;
    const std::size_t count = operands[i].shape.size() - letters;
    std::string names;
    for (std::size_t k = 0; k < count; ++k) names.insert(names.begin(), static_cast<char>('\x80' + k));
    s.inputs[i].replace(dots, 3, names);
    widest = std::max(widest, count);
  }
  std::string ellipsis;
  for (std::size_t k = 0; k < widest; ++k) ellipsis.insert(ellipsis.begin(), static_cast<char>('\x80' + k));
  if (arrow != std::string::npos) {
    s.output = text.substr(arrow + 2);
    const std::size_t dots = s.output.find("...");
    if (dots != std::string::npos) s.output.replace(dots, 3, ellipsis);
  } else {
    std::map<char, int> seen;
    for (const std::string& input : s.inputs) {
      for (const char c : input) ++seen[c];
    }
    s.output = ellipsis;
    for (const auto& [c, n] : seen) {
      if (n == 1 && c > 0) s.output += c;
    }
  }
  return s;
}

Value call_einsum(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "einsum", "subscripts", "*operands", "optimize=");
  auto* text = as<pylang::Str>(v[0]);
  if (text == nullptr) return interp.raise("TypeError", "einsum needs a subscripts string");
  auto operands = to_arrays(interp, v[1]);
  if (!operands) return Value();
  if (operands->empty()) return interp.raise("ValueError", "must specify at least one operand");
  const auto s = parse_subscripts(interp, text->text, *operands);
  if (!s) return Value();
  DType dtype = (*operands)[0].dtype;
  for (const Array& a : *operands) dtype = promote(dtype, a.dtype);
  std::map<char, std::int64_t> sizes;
  std::string letters = s->output;
  for (std::size_t i = 0; i < operands->size(); ++i) {
    if (s->inputs[i].size() != (*operands)[i].shape.size())
      return interp.raise("ValueError", "operand has a different number of dimensions than its subscripts");
    for (std::size_t k = 0; k < s->inputs[i].size(); ++k) {
      const char c = s->inputs[i][k];
      const std::int64_t n = (*operands)[i].shape[k];
      auto [at, fresh] = sizes.try_emplace(c, n);
      if (!fresh && at->second == 1) at->second = n;
      if (!fresh && n != 1 && at->second != n)
        return interp.raise("ValueError", "operands could not be broadcast together with remapped shapes");
      if (letters.find(c) == std::string::npos) letters += c;
    }
  }
  StaticShape all, shape;
  for (const char c : letters) {
    if (!sizes.contains(c))
      return interp.raise("ValueError",
                          "einstein sum subscripts string included output subscript which never appeared in an input");
    all.push_back(sizes[c]);
  }
  for (const char c : s->output) shape.push_back(sizes[c]);
  if (!charge_array(interp, dtype, all)) return Value();  // the work is bounded by the same budget
  const bool half = dtype == DType::float16;
  if (half) dtype = DType::float32;
  // Every operand as a view over all letters, stride 0 where it lacks one.
  std::vector<Array> views;
  for (std::size_t i = 0; i < operands->size(); ++i) {
    Array a = cast_to((*operands)[i], dtype);
    StaticShape strides(all.size(), 0);
    for (std::size_t k = 0; k < s->inputs[i].size(); ++k) {
      if (a.shape[k] != 1) strides[letters.find(s->inputs[i][k])] += a.strides[k];
    }
    a.shape = all;
    a.strides = strides;
    views.push_back(std::move(a));
  }
  Array out = make_array(dtype, shape);
  const std::int64_t inner =
      element_count(StaticShape(all.begin() + static_cast<std::ptrdiff_t>(shape.size()), all.end()));
  with_type(dtype, [&]<typename T>(T*) {
    if constexpr (!std::is_same_v<T, Half>) {
      std::vector<std::vector<std::int64_t>> offsets(views.size());
      for (std::size_t i = 0; i < views.size(); ++i)
        for_each_offset(all, views[i].strides, [&](std::int64_t o) { offsets[i].push_back(o); });
      T* o = out.as<T>();
      const std::int64_t total = element_count(all);
      for (std::int64_t e = 0; e < total; ++e) {
        T product(1);
        for (std::size_t i = 0; i < views.size(); ++i)
          product = static_cast<T>(
              product * *reinterpret_cast<const T*>(views[i].data + offsets[i][static_cast<std::size_t>(e)]));
        if constexpr (std::is_same_v<T, bool>) o[e / inner] = o[e / inner] || product;
        else o[e / inner] = static_cast<T>(o[e / inner] + product);
      }
    }
    return 0;
  });
  return wrap(interp, half ? cast_to(out, DType::float16) : out);
}

Value call_trace(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "trace", "a", "offset=");
  KEDGE_ARRAY(a, v[0]);
  if (a.rank() != 2) return interp.raise("ValueError", "diag requires an array of at least two dimensions");
  std::int64_t k = 0;
  if (given(v[1])) {
    const auto n = to_int(interp, v[1]);
    if (!n) return Value();
    k = *n;
  }
  Array line = a;
  const std::int64_t n = std::max<std::int64_t>(
      std::min(a.shape[0] + std::min<std::int64_t>(k, 0), a.shape[1] - std::max<std::int64_t>(k, 0)), 0);
  if (n > 0) line.data += k >= 0 ? k * a.strides[1] : -k * a.strides[0];
  line.shape = {n};
  line.strides = {a.strides[0] + a.strides[1]};
  return interp.call_method(wrap(interp, line, false), "sum");
}
Value call_cross(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "cross", "a", "b");
  Array a, b;
  if (!two_arrays(interp, v[0], v[1], a, b)) return Value();
  if (a.rank() == 0 || b.rank() == 0 || a.shape.back() != 3 || b.shape.back() != 3)
    return interp.raise("ValueError", "incompatible dimensions for cross product (dimension must be 3)");
  const auto shape = broadcast_shapes(a.shape, b.shape);
  if (!shape) return interp.raise("ValueError", "operands could not be broadcast together");
  a = broadcast_view(a, *shape);
  b = broadcast_view(b, *shape);
  Array out = make_array(a.dtype, *shape);
  const std::int64_t axis = a.rank() - 1;
  for (std::int64_t i = 0; i < 3; ++i) {
    const std::int64_t j = (i + 1) % 3;
    const std::int64_t k = (i + 2) % 3;
    assign(index_axis(out, axis, i),
           apply(BinaryOp::subtract, apply(BinaryOp::multiply, index_axis(a, axis, j), index_axis(b, axis, k)),
                 apply(BinaryOp::multiply, index_axis(a, axis, k), index_axis(b, axis, j))));
  }
  return wrap(interp, std::move(out), false);
}

}  // namespace

void install_products(Interp& interp, Module& module) {
  static constexpr NumpyFunction kFunctions[] = {
      {"matmul", call_matmul},        {"dot", call_dot, "dot"}, {"inner", call_inner},         {"vdot", call_vdot},
      {"outer", call_outer},          {"kron", call_kron},      {"tensordot", call_tensordot}, {"einsum", call_einsum},
      {"trace", call_trace, "trace"}, {"cross", call_cross}};
  define(interp, module, kFunctions);
}

}  // namespace kedge::frontends
