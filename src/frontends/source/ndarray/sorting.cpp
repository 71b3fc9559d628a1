// Functions of `_numpy` that order, search and pick elements.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {

using pylang::as;

namespace {

Array take_along_last(const Array& a, const Array& order) {
  const Array x = contiguous_of(a);
  Array out = make_array(a.dtype, order.shape);
  const std::int64_t n = a.shape.empty() ? 1 : a.shape.back();
  const std::int64_t m = order.shape.empty() ? 1 : order.shape.back();
  const auto item = static_cast<std::size_t>(a.item_size());
  for (std::int64_t i = 0; i < order.size(); ++i) {
    std::memcpy(out.data + static_cast<std::size_t>(i) * item,
                x.data + static_cast<std::size_t>(i / m * n + order.as<std::int64_t>()[i]) * item, item);
  }
  return out;
}

Array move_last(const Array& a, std::int64_t axis) {
  std::vector<std::int64_t> perm;
  for (std::int64_t i = 0; i < a.rank(); ++i) {
    if (i != axis) perm.push_back(i);
  }
  perm.push_back(axis);
  return transposed(a, perm);
}
Array move_back(const Array& a, std::int64_t axis) {
  std::vector<std::int64_t> perm;
  for (std::int64_t i = 0; i < a.rank(); ++i) perm.push_back(i < axis ? i : i == axis ? a.rank() - 1 : i - 1);
  return transposed(a, perm);
}

/// sort (false) or argsort (true) along an axis.
std::optional<Array> sort_axis(Interp& interp, Array a, Value axis_value, bool indices) {
  std::int64_t axis = a.rank() - 1;
  if (given(axis_value) && axis_value.is_none()) {
    a = reshaped(a, {a.size()});
    axis = 0;
  } else if (given(axis_value)) {
    const auto n = to_int(interp, axis_value);
    const auto normal = n ? normal_axis(interp, *n, a.rank()) : std::nullopt;
    if (!normal) return std::nullopt;
    axis = *normal;
  }
  if (a.rank() == 0) return indices ? make_array(DType::int64, {}) : copy_of(a);
  const Array last = move_last(a, axis);
  const Array order = argsort_last(last);
  return copy_of(move_back(indices ? order : take_along_last(last, order), axis));
}

Value call_sort(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 4, "sort", "a", "axis=", "kind=", "order=");
  KEDGE_ARRAY(a, v[0]);
  auto out = sort_axis(interp, a, v[1], false);
  return out ? wrap(interp, std::move(*out), false) : Value();
}
Value method_sort(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 4, "sort", "self", "axis=", "kind=", "order=");
  NdArray* self = array_of(v[0]);
  if (self == nullptr) return interp.raise("TypeError", "sort needs an ndarray");
  if (interp.refuse_mutation(self->root)) return Value();
  const auto out = sort_axis(interp, self->a, v[1], false);
  if (!out) return Value();
  assign(self->a, *out);
  return Value::none();
}
Value call_argsort(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 5, "argsort", "a", "axis=", "kind=", "order=", "stable=");
  KEDGE_ARRAY(a, v[0]);
  auto out = sort_axis(interp, a, v[1], true);
  return out ? wrap(interp, std::move(*out), false) : Value();
}

Value call_unique(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 5, "unique", "ar", "return_index=", "return_inverse=", "return_counts=", "axis=");
  KEDGE_ARRAY(given_array, v[0]);
  if (set(v[4])) return interp.raise("NotImplementedError", "numpy.unique with an axis is not supported");
  bool want[3] = {};
  for (int i = 0; i < 3; ++i) {
    if (!flag_argument(interp, v[1 + i], want[i])) return Value();
  }
  const Array a = reshaped(contiguous_of(given_array), {given_array.size()});
  const Array order = argsort_last(a);
  const auto item = static_cast<std::size_t>(a.item_size());
  std::vector<std::int64_t> first, counts, inverse(static_cast<std::size_t>(a.size()));
  const std::int64_t* o = order.as<std::int64_t>();
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const bool nan =
        is_float(a.dtype) && std::isnan(double_at(a.dtype, a.data + static_cast<std::size_t>(o[i]) * item));
    const bool same =
        i > 0 && (std::memcmp(a.data + static_cast<std::size_t>(o[i]) * item,
                              a.data + static_cast<std::size_t>(o[i - 1]) * item, item) == 0 ||
                  (is_float(a.dtype) && double_at(a.dtype, a.data + static_cast<std::size_t>(o[i]) * item) ==
                                            double_at(a.dtype, a.data + static_cast<std::size_t>(o[i - 1]) * item)) ||
                  (nan && std::isnan(double_at(a.dtype, a.data + static_cast<std::size_t>(o[i - 1]) * item))));
    if (!same) {
      first.push_back(o[i]);
      counts.push_back(0);
    }
    ++counts.back();
    inverse[static_cast<std::size_t>(o[i])] = static_cast<std::int64_t>(first.size()) - 1;
  }
  const auto ints = [&](const std::vector<std::int64_t>& values) {
    Array out = make_array(DType::int64, {static_cast<std::int64_t>(values.size())});
    std::copy(values.begin(), values.end(), out.as<std::int64_t>());
    return out;
  };
  const Array picks = ints(first);
  Array values = make_array(a.dtype, picks.shape);
  for (std::size_t i = 0; i < first.size(); ++i)
    std::memcpy(values.data + i * item, a.data + static_cast<std::size_t>(first[i]) * item, item);
  std::vector<Value> out{wrap(interp, std::move(values), false)};
  if (want[0]) out.push_back(wrap(interp, picks, false));
  if (want[1]) out.push_back(wrap(interp, reshaped(ints(inverse), given_array.shape), false));
  if (want[2]) out.push_back(wrap(interp, ints(counts), false));
  return out.size() == 1 ? out[0] : interp.tuple(std::move(out));
}

Value call_searchsorted(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "searchsorted", "a", "v", "side=");
  KEDGE_ARRAY(a, v[0]);
  KEDGE_ARRAY(x, v[1]);
  if (a.rank() != 1) return interp.raise("ValueError", "object of too small depth for desired array");
  auto* side = as<pylang::Str>(v[2]);
  const bool right = side != nullptr && side->text == "right";
  const Array sorted = contiguous_of(cast_to(a, DType::float64));
  const Array wanted = contiguous_of(cast_to(x, DType::float64));
  Array out = make_array(DType::int64, x.shape);
  const double* begin = sorted.as<double>();
  const double* end = begin + sorted.size();
  for (std::int64_t i = 0; i < out.size(); ++i) {
    const double key = wanted.as<double>()[i];
    out.as<std::int64_t>()[i] = (right ? std::upper_bound(begin, end, key) : std::lower_bound(begin, end, key)) - begin;
  }
  return wrap(interp, std::move(out));
}

Value call_take(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 5, "take", "a", "indices", "axis=", "out=", "mode=");
  KEDGE_ARRAY(given_array, v[0]);
  KEDGE_ARRAY(raw, v[1]);
  Array a = given_array;
  std::int64_t axis = 0;
  if (set(v[2])) {
    const auto n = to_int(interp, v[2]);
    const auto normal = n ? normal_axis(interp, *n, a.rank()) : std::nullopt;
    if (!normal) return Value();
    axis = *normal;
  } else {
    a = reshaped(a, {a.size()});
  }
  auto* mode = as<pylang::Str>(v[4]);
  const std::int64_t length = a.shape[static_cast<std::size_t>(axis)];
  const Array indices = contiguous_of(cast_to(raw, DType::int64));
  StaticShape shape(a.shape.begin(), a.shape.begin() + axis);
  shape.insert(shape.end(), raw.shape.begin(), raw.shape.end());
  shape.insert(shape.end(), a.shape.begin() + axis + 1, a.shape.end());
  if (!charge_array(interp, a.dtype, shape)) return Value();
  StaticShape flat(a.shape.begin(), a.shape.begin() + axis);
  flat.push_back(indices.size());
  flat.insert(flat.end(), a.shape.begin() + axis + 1, a.shape.end());
  Array out = make_array(a.dtype, flat);
  for (std::int64_t i = 0; i < indices.size(); ++i) {
    std::int64_t k = indices.as<std::int64_t>()[i];
    if (mode != nullptr && mode->text == "clip") k = std::clamp<std::int64_t>(k, 0, length - 1);
    if (mode != nullptr && mode->text == "wrap" && length > 0) k = ((k % length) + length) % length;
    if (k < -length || k >= length)
      return interp.raise("IndexError", "index " + std::to_string(k) + " is out of bounds for axis " +
                                            std::to_string(axis) + " with size " + std::to_string(length));
    assign(index_axis(out, axis, i), index_axis(a, axis, k < 0 ? k + length : k));
  }
  return wrap(interp, reshaped(out, shape));
}
Value call_take_along_axis(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "take_along_axis", "arr", "indices", "axis=");
  KEDGE_ARRAY(a, v[0]);
  KEDGE_ARRAY(raw, v[1]);
  std::int64_t axis = -1;
  if (set(v[2])) {
    const auto n = to_int(interp, v[2]);
    if (!n) return Value();
    axis = *n;
  }
  const auto normal = normal_axis(interp, axis, a.rank());
  if (!normal) return Value();
  if (raw.rank() != a.rank())
    return interp.raise("ValueError", "`indices` and `arr` must have the same number of dimensions");
  const std::int64_t length = a.shape[static_cast<std::size_t>(*normal)];
  StaticShape target = a.shape;
  target[static_cast<std::size_t>(*normal)] = raw.shape[static_cast<std::size_t>(*normal)];
  if (!can_broadcast_to(raw.shape, target))
    return interp.raise("IndexError", "shape mismatch: indexing arrays could not be broadcast together");
  Array order = copy_of(move_last(broadcast_view(cast_to(raw, DType::int64), target), *normal));
  for (std::int64_t i = 0; i < order.size(); ++i) {
    std::int64_t& k = order.as<std::int64_t>()[i];
    if (k < -length || k >= length)
      return interp.raise("IndexError", "index " + std::to_string(k) + " is out of bounds for axis with size " +
                                            std::to_string(length));
    if (k < 0) k += length;
  }
  return wrap(interp, copy_of(move_back(take_along_last(move_last(a, *normal), order), *normal)), false);
}

std::vector<std::vector<std::int64_t>> nonzero_of(const Array& a) {
  std::vector<std::vector<std::int64_t>> out(a.shape.size());
  std::vector<std::int64_t> at(a.shape.size(), 0);
  for_each_offset(a.shape, a.strides, [&](std::int64_t o) {
    if (truth_at(a.dtype, a.data + o)) {
      for (std::size_t k = 0; k < at.size(); ++k) out[k].push_back(at[k]);
    }
    for (std::size_t k = at.size(); k-- > 0;) {
      if (++at[k] < a.shape[k]) break;
      at[k] = 0;
    }
  });
  return out;
}
Value call_nonzero(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "nonzero", "a");
  KEDGE_ARRAY(a, v[0]);
  std::vector<Value> out;
  for (const auto& axis : nonzero_of(a)) {
    Array line = make_array(DType::int64, {static_cast<std::int64_t>(axis.size())});
    std::copy(axis.begin(), axis.end(), line.as<std::int64_t>());
    out.push_back(wrap(interp, std::move(line), false));
  }
  return interp.tuple(std::move(out));
}
Value call_argwhere(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "argwhere", "a");
  KEDGE_ARRAY(a, v[0]);
  const auto axes = nonzero_of(a);
  const std::int64_t n = axes.empty() ? 0 : static_cast<std::int64_t>(axes[0].size());
  Array out = make_array(DType::int64, {n, a.rank()});
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < axes.size(); ++k)
      out.as<std::int64_t>()[i * a.rank() + static_cast<std::int64_t>(k)] = axes[k][static_cast<std::size_t>(i)];
  }
  return wrap(interp, std::move(out), false);
}
Value call_diff(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "diff", "a", "n=", "axis=");
  KEDGE_ARRAY(a, v[0]);
  std::int64_t n = 1;
  std::int64_t axis = -1;
  for (const auto& [value, target] : {std::pair{v[1], &n}, std::pair{v[2], &axis}}) {
    if (!set(value)) continue;
    const auto x = to_int(interp, value);
    if (!x) return Value();
    *target = *x;
  }
  if (a.rank() == 0) return interp.raise("ValueError", "diff requires input that is at least one dimensional");
  const auto normal = normal_axis(interp, axis, a.rank());
  if (!normal) return Value();
  Array x = a;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t length = x.shape[static_cast<std::size_t>(*normal)];
    if (length == 0) break;
    const Array high = slice_axis(x, *normal, 1, 1, length - 1);
    const Array low = slice_axis(x, *normal, 0, 1, length - 1);
    x = apply(x.dtype == DType::boolean ? BinaryOp::not_equal : BinaryOp::subtract, high, low);
  }
  return wrap(interp, x, false);
}
Value call_bincount(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "bincount", "x", "weights=", "minlength=");
  KEDGE_ARRAY(x, v[0]);
  const Array a = contiguous_of(cast_to(x, DType::int64));
  std::int64_t size = 0;
  if (set(v[2])) {
    const auto n = to_int(interp, v[2]);
    if (!n) return Value();
    size = *n;
  }
  for (std::int64_t i = 0; i < a.size(); ++i) {
    if (a.as<std::int64_t>()[i] < 0)
      return interp.raise("ValueError", "'list' argument must have no negative elements");
    size = std::max(size, a.as<std::int64_t>()[i] + 1);
  }
  if (!charge_array(interp, DType::int64, {size})) return Value();
  if (set(v[1])) {
    KEDGE_ARRAY(raw, v[1]);
    const Array w = contiguous_of(cast_to(raw, DType::float64));
    if (w.size() != a.size()) return interp.raise("ValueError", "The weights and list don't have the same length.");
    Array out = make_array(DType::float64, {size});
    for (std::int64_t i = 0; i < a.size(); ++i) out.as<double>()[a.as<std::int64_t>()[i]] += w.as<double>()[i];
    return wrap(interp, std::move(out), false);
  }
  Array out = make_array(DType::int64, {size});
  for (std::int64_t i = 0; i < a.size(); ++i) ++out.as<std::int64_t>()[a.as<std::int64_t>()[i]];
  return wrap(interp, std::move(out), false);
}
Value call_tolist(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "tolist", "self");
  KEDGE_ARRAY(a, v[0]);
  if (!interp.charge(a.size() * 16)) return Value();
  return to_nested_list(interp, a);
}
Value call_item(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "item", "self", "*args");
  KEDGE_ARRAY(a, v[0]);
  const auto& items = as<pylang::Tuple>(v[1])->items;
  if (items.empty()) {
    if (a.size() != 1) return interp.raise("ValueError", "can only convert an array of size 1 to a Python scalar");
    return to_python(interp, a.dtype, a.data);
  }
  const Value key = items.size() == 1 ? items[0] : v[1];
  const Value base = items.size() == 1 && key.is_int() ? wrap(interp, reshaped(a, {a.size()}), false) : v[0];
  const Value element = interp.getitem(base, key);
  if (element.is_error()) return element;
  const NdArray* one = array_of(element);
  return one != nullptr && one->a.size() == 1 ? to_python(interp, one->a.dtype, one->a.data)
                                              : interp.raise("ValueError", "incorrect number of indices for array");
}

}  // namespace

void install_sorting(Interp& interp, Module& module) {
  static constexpr NumpyFunction kFunctions[] = {{"sort", call_sort},
                                                 {"argsort", call_argsort, "argsort"},
                                                 {"unique", call_unique},
                                                 {"searchsorted", call_searchsorted, "searchsorted"},
                                                 {"take", call_take, "take"},
                                                 {"take_along_axis", call_take_along_axis},
                                                 {"nonzero", call_nonzero, "nonzero"},
                                                 {"argwhere", call_argwhere},
                                                 {"diff", call_diff},
                                                 {"bincount", call_bincount}};
  define(interp, module, kFunctions);
  Numpy& np = numpy(interp);
  interp.def(np.ndarray, "sort", method_sort);
  for (Type* type : {np.ndarray, np.generic}) {
    interp.def(type, "tolist", call_tolist);
    interp.def(type, "item", call_item);
  }
}

}  // namespace kedge::frontends
