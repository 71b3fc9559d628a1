// Functions of `_numpy` that join arrays and split one.
#include <algorithm>

#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {

Array concatenated(const std::vector<Array>& arrays, std::int64_t axis, DType dtype) {
  StaticShape shape = arrays[0].shape;
  shape[static_cast<std::size_t>(axis)] = 0;
  for (const Array& a : arrays) shape[static_cast<std::size_t>(axis)] += a.shape[static_cast<std::size_t>(axis)];
  Array out = make_array(dtype, shape);
  std::int64_t at = 0;
  for (const Array& a : arrays) {
    const std::int64_t n = a.shape[static_cast<std::size_t>(axis)];
    if (n > 0 && a.size() > 0) assign(slice_axis(out, axis, at, 1, n), a);
    at += n;
  }
  return out;
}

namespace {

Value join_arrays(Interp& interp, std::vector<Array> arrays, std::int64_t axis, std::optional<DType> dtype) {
  if (arrays.empty()) return interp.raise("ValueError", "need at least one array to concatenate");
  for (const Array& a : arrays) {
    if (a.rank() == 0) return interp.raise("ValueError", "zero-dimensional arrays cannot be concatenated");
    if (a.rank() != arrays[0].rank())
      return interp.raise("ValueError",
                          "all the input array dimensions except for the concatenation axis must match exactly");
  }
  const auto normal = normal_axis(interp, axis, arrays[0].rank());
  if (!normal) return Value();
  DType common = arrays[0].dtype;
  std::int64_t bytes = 0;
  for (const Array& a : arrays) {
    for (std::size_t i = 0; i < a.shape.size(); ++i) {
      if (static_cast<std::int64_t>(i) != *normal && a.shape[i] != arrays[0].shape[i]) {
        return interp.raise("ValueError",
                            "all the input array dimensions except for the concatenation axis must match exactly, but "
                            "along dimension " +
                                std::to_string(i) + ", the sizes " + std::to_string(arrays[0].shape[i]) + " and " +
                                std::to_string(a.shape[i]) + " differ");
      }
    }
    common = promote(common, a.dtype);
    bytes += a.byte_size();
  }
  if (!interp.charge(bytes)) return Value();
  return wrap(interp, concatenated(arrays, *normal, dtype.value_or(common)), false);
}
Value call_concatenate(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 4, "concatenate", "arrays", "axis=", "out=", "dtype=");
  auto arrays = to_arrays(interp, v[0]);
  if (!arrays) return Value();
  std::optional<DType> dtype;
  if (!dtype_argument(interp, v[3], dtype)) return Value();
  std::int64_t axis = 0;
  if (given(v[1]) && v[1].is_none()) {
    for (Array& a : *arrays) a = reshaped(a, {a.size()});
  } else if (given(v[1])) {
    const auto n = to_int(interp, v[1]);
    if (!n) return Value();
    axis = *n;
  }
  return join_arrays(interp, std::move(*arrays), axis, dtype);
}
Value call_stack(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 4, "stack", "arrays", "axis=", "out=", "dtype=");
  auto arrays = to_arrays(interp, v[0]);
  if (!arrays) return Value();
  if (arrays->empty()) return interp.raise("ValueError", "need at least one array to stack");
  std::int64_t axis = 0;
  if (given(v[1])) {
    const auto n = to_int(interp, v[1]);
    if (!n) return Value();
    axis = *n;
  }
  const auto normal = normal_axis(interp, axis, (*arrays)[0].rank() + 1);
  if (!normal) return Value();
  std::optional<DType> dtype;
  if (!dtype_argument(interp, v[3], dtype)) return Value();
  for (Array& a : *arrays) {
    if (a.shape != (*arrays)[0].shape) return interp.raise("ValueError", "all input arrays must have the same shape");
  }
  for (Array& a : *arrays) a = with_axis(a, *normal);
  return join_arrays(interp, std::move(*arrays), *normal, dtype);
}
/// vstack 0, hstack 1, dstack 2, column_stack 3
Value stack_along(Interp& interp, Args args, int kind) {
  KEDGE_BIND(v, 2, "stack", "tup", "dtype=");
  auto arrays = to_arrays(interp, v[0]);
  if (!arrays) return Value();
  std::optional<DType> dtype;
  if (!dtype_argument(interp, v[1], dtype)) return Value();
  for (Array& a : *arrays) {
    if (a.rank() == 0) a = with_axis(a, 0);
    if (kind == 0 && a.rank() == 1) a = with_axis(a, 0);
    if (kind == 2 && a.rank() == 1) a = with_axis(a, 0);
    if (kind == 2 && a.rank() == 2) a = with_axis(a, 2);
    if (kind == 3 && a.rank() == 1) a = with_axis(a, 1);
  }
  const std::int64_t rank = arrays->empty() ? 1 : (*arrays)[0].rank();
  return join_arrays(interp, std::move(*arrays),
                     kind == 0   ? 0
                     : kind == 1 ? (rank == 1 ? 0 : 1)
                     : kind == 2 ? 2
                                 : 1,
                     dtype);
}
Value call_vstack(Interp& interp, Args args, void*) { return stack_along(interp, args, 0); }
Value call_hstack(Interp& interp, Args args, void*) { return stack_along(interp, args, 1); }
Value call_dstack(Interp& interp, Args args, void*) { return stack_along(interp, args, 2); }
Value call_column_stack(Interp& interp, Args args, void*) { return stack_along(interp, args, 3); }

Value call_split(Interp& interp, Args args, void* context) {
  KEDGE_BIND(v, 3, "split", "ary", "indices_or_sections", "axis=");
  KEDGE_ARRAY(a, v[0]);
  std::int64_t axis = 0;
  if (given(v[2])) {
    const auto n = to_int(interp, v[2]);
    if (!n) return Value();
    axis = *n;
  }
  const auto normal = normal_axis(interp, axis, a.rank());
  if (!normal) return Value();
  const std::int64_t length = a.shape[static_cast<std::size_t>(*normal)];
  std::vector<std::int64_t> cuts{0};
  const bool sections = v[1].is_int() || (array_of(v[1]) != nullptr && array_of(v[1])->a.shape.empty());
  const auto numbers = to_ints(interp, v[1]);
  if (!numbers) return Value();
  if (sections) {
    const std::int64_t n = (*numbers)[0];
    if (n <= 0) return interp.raise("ValueError", "number sections must be larger than 0.");
    if (length % n != 0 && context == nullptr)
      return interp.raise("ValueError", "array split does not result in an equal division");
    for (std::int64_t i = 0; i < n; ++i) cuts.push_back(cuts.back() + length / n + (i < length % n ? 1 : 0));
  } else {
    for (std::int64_t n : *numbers) cuts.push_back(std::clamp<std::int64_t>(n < 0 ? n + length : n, 0, length));
    cuts.push_back(length);
  }
  std::vector<Value> out;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const std::int64_t n = std::max<std::int64_t>(cuts[i + 1] - cuts[i], 0);
    out.push_back(view_result(interp, v[0], slice_axis(a, *normal, cuts[i], 1, n)));
  }
  return interp.list(std::move(out));
}

}  // namespace

void install_joining(Interp& interp, Module& module) {
  static constexpr NumpyFunction kFunctions[] = {{"concatenate", call_concatenate},
                                                 {"concat", call_concatenate},
                                                 {"stack", call_stack},
                                                 {"vstack", call_vstack},
                                                 {"hstack", call_hstack},
                                                 {"dstack", call_dstack},
                                                 {"column_stack", call_column_stack},
                                                 {"split", call_split}};
  define(interp, module, kFunctions);
  static int uneven = 0;
  interp.def(module, "array_split", call_split, &uneven);
}

}  // namespace kedge::frontends
