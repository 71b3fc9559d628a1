// Functions of `_numpy` that rearrange one array: reshape, transpose, repeat, pad, where.
#include <algorithm>
#include <cstring>
#include <numeric>

#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {

using pylang::as;

namespace {

Value reshape_to(Interp& interp, Value of, const Array& a, StaticShape shape) {
  std::int64_t known = 1;
  std::optional<std::size_t> open;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] < 0) {
      if (open) return interp.raise("ValueError", "can only specify one unknown dimension");
      open = i;
    } else {
      known *= shape[i];
    }
  }
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i != 0 ? "," : "") + std::to_string(shape[i]);
  text += shape.size() == 1 ? ",)" : ")";
  if (open) {
    if (known == 0 || a.size() % known != 0)
      return interp.raise("ValueError",
                          "cannot reshape array of size " + std::to_string(a.size()) + " into shape " + text);
    shape[*open] = a.size() / known;
  }
  if (element_count(shape) != a.size())
    return interp.raise("ValueError",
                        "cannot reshape array of size " + std::to_string(a.size()) + " into shape " + text);
  return view_result(interp, of, reshaped(a, std::move(shape)));
}

Value call_reshape(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 5, "reshape", "a", "shape=", "order=", "newshape=", "copy=");
  KEDGE_ARRAY(a, v[0]);
  const auto shape = to_ints(interp, given(v[1]) ? v[1] : v[3]);
  if (!shape) return Value();
  if (auto* order = as<pylang::Str>(v[2]); order != nullptr && order->text == "F") {
    // Column-major: reverse axes, reshape to the reversed shape, reverse again.
    std::vector<std::int64_t> back(a.shape.size());
    std::iota(back.rbegin(), back.rend(), 0);
    StaticShape reversed(shape->rbegin(), shape->rend());
    const Value flat = reshape_to(interp, Value::none(), copy_of(transposed(a, back)), reversed);
    if (flat.is_error()) return flat;
    std::vector<std::int64_t> forth(shape->size());
    std::iota(forth.rbegin(), forth.rend(), 0);
    return wrap(interp, copy_of(transposed(array_of(flat)->a, forth)), false);
  }
  return reshape_to(interp, v[0], a, *shape);
}
/// `a.reshape(2, 3)` and `a.reshape((2, 3))`.
Value method_reshape(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 5, "reshape", "self", "*shape", "order=", "copy=", "newshape=");
  const Value shape_value = as<pylang::Tuple>(v[1])->items.size() == 1 ? as<pylang::Tuple>(v[1])->items[0] : v[1];
  const Value positional[] = {v[0], shape_value, given(v[2]) ? v[2] : interp.str("C")};
  return call_reshape(interp, {positional, {}, {}}, nullptr);
}
Value call_ravel(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "ravel", "a", "order=");
  KEDGE_ARRAY(a, v[0]);
  return view_result(interp, v[0], reshaped(a, {a.size()}));
}
Value call_flatten(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "flatten", "a", "order=");
  KEDGE_ARRAY(a, v[0]);
  return wrap(interp, reshaped(copy_of(a), {a.size()}), false);
}

Value transpose_axes(Interp& interp, Value of, Value axes) {
  KEDGE_ARRAY(a, of);
  std::vector<std::int64_t> perm(a.shape.size());
  std::iota(perm.rbegin(), perm.rend(), 0);
  if (set(axes)) {
    const auto asked = normal_axes(interp, axes, a.rank());
    if (!asked) return Value();
    if (asked->size() != a.shape.size()) return interp.raise("ValueError", "axes don't match array");
    perm = *asked;
  }
  return view_result(interp, of, transposed(a, perm));
}
Value call_transpose(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "transpose", "a", "axes=");
  return transpose_axes(interp, v[0], v[1]);
}
Value method_transpose(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "transpose", "self", "*axes");
  const auto& items = as<pylang::Tuple>(v[1])->items;
  if (items.empty()) return transpose_axes(interp, v[0], Value());
  return transpose_axes(interp, v[0], items.size() == 1 && !items[0].is_int() ? items[0] : v[1]);
}
Value call_swapaxes(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "swapaxes", "a", "axis1", "axis2");
  KEDGE_ARRAY(a, v[0]);
  std::vector<std::int64_t> perm(a.shape.size());
  std::iota(perm.begin(), perm.end(), 0);
  std::int64_t axes[2];
  for (int i = 0; i < 2; ++i) {
    const auto n = to_int(interp, v[1 + i]);
    const auto axis = n ? normal_axis(interp, *n, a.rank()) : std::nullopt;
    if (!axis) return Value();
    axes[i] = *axis;
  }
  std::swap(perm[static_cast<std::size_t>(axes[0])], perm[static_cast<std::size_t>(axes[1])]);
  return view_result(interp, v[0], transposed(a, perm));
}
Value call_moveaxis(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "moveaxis", "a", "source", "destination");
  KEDGE_ARRAY(a, v[0]);
  const auto from = normal_axes(interp, v[1], a.rank());
  if (!from) return Value();
  const auto to = normal_axes(interp, v[2], a.rank());
  if (!to) return Value();
  if (from->size() != to->size())
    return interp.raise("ValueError", "`source` and `destination` arguments must have the same number of elements");
  std::vector<std::int64_t> order;
  for (std::int64_t i = 0; i < a.rank(); ++i) {
    if (std::find(from->begin(), from->end(), i) == from->end()) order.push_back(i);
  }
  std::vector<std::pair<std::int64_t, std::int64_t>> moves;
  for (std::size_t i = 0; i < to->size(); ++i) moves.emplace_back((*to)[i], (*from)[i]);
  std::sort(moves.begin(), moves.end());
  for (const auto& [target, source] : moves) order.insert(order.begin() + target, source);
  return view_result(interp, v[0], transposed(a, order));
}
Value call_expand_dims(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "expand_dims", "a", "axis");
  KEDGE_ARRAY(a, v[0]);
  const auto raw = to_ints(interp, v[1]);
  if (!raw) return Value();
  const std::int64_t rank = a.rank() + static_cast<std::int64_t>(raw->size());
  auto axes = normal_axes(interp, v[1], rank);
  if (!axes) return Value();
  std::sort(axes->begin(), axes->end());
  Array out = a;
  for (const std::int64_t axis : *axes) out = with_axis(out, axis);
  return view_result(interp, v[0], std::move(out));
}
Value call_squeeze(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "squeeze", "a", "axis=");
  KEDGE_ARRAY(a, v[0]);
  std::vector<std::int64_t> axes;
  if (set(v[1])) {
    const auto asked = normal_axes(interp, v[1], a.rank());
    if (!asked) return Value();
    axes = *asked;
    for (const std::int64_t axis : axes) {
      if (a.shape[static_cast<std::size_t>(axis)] != 1)
        return interp.raise("ValueError", "cannot select an axis to squeeze out which has size not equal to one");
    }
  } else {
    for (std::int64_t i = 0; i < a.rank(); ++i) {
      if (a.shape[static_cast<std::size_t>(i)] == 1) axes.push_back(i);
    }
  }
  std::sort(axes.rbegin(), axes.rend());
  Array out = a;
  for (const std::int64_t axis : axes) out = index_axis(out, axis, 0);
  return view_result(interp, v[0], std::move(out));
}
Value call_broadcast_to(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "broadcast_to", "array", "shape");
  KEDGE_ARRAY(a, v[0]);
  const auto shape = to_ints(interp, v[1]);
  if (!shape) return Value();
  if (!can_broadcast_to(a.shape, *shape))
    return interp.raise("ValueError", "operands could not be broadcast together with remapped shapes");
  return wrap(interp, broadcast_view(a, *shape), false);
}
Value call_broadcast_arrays(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "broadcast_arrays", "*args");
  auto arrays = to_arrays(interp, v[0]);
  if (!arrays) return Value();
  StaticShape shape;
  for (const Array& a : *arrays) {
    const auto merged = broadcast_shapes(shape, a.shape);
    if (!merged) return interp.raise("ValueError", "shape mismatch: objects cannot be broadcast to a single shape");
    shape = *merged;
  }
  std::vector<Value> out;
  for (const Array& a : *arrays) out.push_back(wrap(interp, broadcast_view(a, shape), false));
  return interp.tuple(std::move(out));
}

// ---- repeating
Value call_tile(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "tile", "A", "reps");
  KEDGE_ARRAY(a, v[0]);
  auto reps = to_ints(interp, v[1]);
  if (!reps) return Value();
  Array x = a;
  while (x.rank() < static_cast<std::int64_t>(reps->size())) x = with_axis(x, 0);
  while (static_cast<std::int64_t>(reps->size()) < x.rank()) reps->insert(reps->begin(), 1);
  StaticShape shape;
  StaticShape wide;
  for (std::size_t i = 0; i < reps->size(); ++i) {
    shape.push_back(x.shape[i] * (*reps)[i]);
    wide.push_back((*reps)[i]);
    wide.push_back(x.shape[i]);
  }
  if (!charge_array(interp, x.dtype, shape)) return Value();
  for (std::size_t i = 0; i < reps->size(); ++i) x = with_axis(x, static_cast<std::int64_t>(2 * i));
  return wrap(interp, reshaped(copy_of(broadcast_view(x, wide)), shape), false);
}
Value call_repeat(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "repeat", "a", "repeats", "axis=");
  KEDGE_ARRAY(given_array, v[0]);
  const auto repeats = to_ints(interp, v[1]);
  if (!repeats) return Value();
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
  const std::int64_t length = a.shape[static_cast<std::size_t>(axis)];
  if (repeats->size() != 1 && static_cast<std::int64_t>(repeats->size()) != length)
    return interp.raise("ValueError", "operands could not be broadcast together with shape");
  std::vector<std::int64_t> picks;
  for (std::int64_t i = 0; i < length; ++i) {
    const std::int64_t n = (*repeats)[repeats->size() == 1 ? 0 : static_cast<std::size_t>(i)];
    if (n < 0) return interp.raise("ValueError", "repeats may not contain negative values.");
    if (!interp.charge(n * 8)) return Value();
    picks.insert(picks.end(), static_cast<std::size_t>(n), i);
  }
  StaticShape shape = a.shape;
  shape[static_cast<std::size_t>(axis)] = static_cast<std::int64_t>(picks.size());
  if (!charge_array(interp, a.dtype, shape)) return Value();
  Array out = make_array(a.dtype, shape);
  for (std::size_t i = 0; i < picks.size(); ++i)
    assign(index_axis(out, axis, static_cast<std::int64_t>(i)), index_axis(a, axis, picks[i]));
  return wrap(interp, std::move(out), false);
}
Value call_flip(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "flip", "m", "axis=");
  KEDGE_ARRAY(a, v[0]);
  std::vector<std::int64_t> axes(a.shape.size());
  std::iota(axes.begin(), axes.end(), 0);
  if (set(v[1])) {
    const auto asked = normal_axes(interp, v[1], a.rank());
    if (!asked) return Value();
    axes = *asked;
  }
  Array out = a;
  for (const std::int64_t axis : axes)
    out =
        slice_axis(out, axis, a.shape[static_cast<std::size_t>(axis)] - 1, -1, a.shape[static_cast<std::size_t>(axis)]);
  return view_result(interp, v[0], std::move(out));
}
Value call_roll(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "roll", "a", "shift", "axis=");
  KEDGE_ARRAY(a, v[0]);
  const auto shifts = to_ints(interp, v[1]);
  if (!shifts) return Value();
  Array x = set(v[2]) ? a : reshaped(a, {a.size()});
  std::vector<std::int64_t> axes{0};
  if (set(v[2])) {
    axes.clear();
    const auto raw = to_ints(interp, v[2]);
    if (!raw) return Value();
    for (const std::int64_t r : *raw) {
      const auto axis = normal_axis(interp, r, a.rank());
      if (!axis) return Value();
      axes.push_back(*axis);
    }
  }
  const std::size_t count = std::max(axes.size(), shifts->size());
  if (axes.empty() || shifts->empty()) return wrap(interp, copy_of(a), false);
  for (std::size_t k = 0; k < count; ++k) {
    const std::int64_t axis = axes[axes.size() == 1 ? 0 : k];
    const std::int64_t length = x.shape[static_cast<std::size_t>(axis)];
    if (length == 0) continue;
    std::int64_t shift = (*shifts)[shifts->size() == 1 ? 0 : k] % length;
    if (shift < 0) shift += length;
    Array out = make_array(x.dtype, x.shape);
    if (shift > 0) assign(slice_axis(out, axis, 0, 1, shift), slice_axis(x, axis, length - shift, 1, shift));
    if (length > shift)
      assign(slice_axis(out, axis, shift, 1, length - shift), slice_axis(x, axis, 0, 1, length - shift));
    x = out;
  }
  return wrap(interp, reshaped(contiguous_of(x), a.shape), false);
}
Value call_rot90(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "rot90", "m", "k=", "axes=");
  KEDGE_ARRAY(a, v[0]);
  std::int64_t k = 1;
  if (given(v[1])) {
    const auto n = to_int(interp, v[1]);
    if (!n) return Value();
    k = ((*n % 4) + 4) % 4;
  }
  std::vector<std::int64_t> axes{0, 1};
  if (set(v[2])) {
    const auto asked = normal_axes(interp, v[2], a.rank());
    if (!asked) return Value();
    axes = *asked;
  }
  if (axes.size() != 2 || a.rank() < 2) return interp.raise("ValueError", "len(axes) must be 2.");
  const auto flip = [&](const Array& x, std::int64_t axis) {
    return slice_axis(x, axis, x.shape[static_cast<std::size_t>(axis)] - 1, -1,
                      x.shape[static_cast<std::size_t>(axis)]);
  };
  std::vector<std::int64_t> perm(a.shape.size());
  std::iota(perm.begin(), perm.end(), 0);
  std::swap(perm[static_cast<std::size_t>(axes[0])], perm[static_cast<std::size_t>(axes[1])]);
  Array out = a;
  if (k == 2) out = flip(flip(a, axes[0]), axes[1]);
  if (k == 1) out = transposed(flip(a, axes[1]), perm);
  if (k == 3) out = flip(transposed(a, perm), axes[1]);
  return view_result(interp, v[0], std::move(out));
}

Value call_pad(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 5, "pad", "array", "pad_width", "mode=", "constant_values=", "end_values=");
  KEDGE_ARRAY(a, v[0]);
  KEDGE_ARRAY(widths, v[1]);
  const std::int64_t rank = a.rank();
  if (!is_integer(widths.dtype) || !can_broadcast_to(widths.shape, {rank, 2}))
    return interp.raise("ValueError", "operands could not be broadcast together: pad_width does not fit the array");
  const Array w = contiguous_of(broadcast_view(cast_to(widths, DType::int64), {rank, 2}));
  const auto* mode_text = as<pylang::Str>(v[2]);
  const std::string mode = mode_text != nullptr ? mode_text->text : "constant";
  if (mode != "constant" && mode != "edge" && mode != "reflect" && mode != "symmetric" && mode != "wrap")
    return interp.raise("NotImplementedError", "numpy.pad mode '" + mode + "' is not supported");
  Array values = make_array(a.dtype, {rank, 2});
  if (set(v[3])) {
    KEDGE_ARRAY(constants, v[3]);
    if (!can_broadcast_to(constants.shape, {rank, 2}))
      return interp.raise("ValueError", "constant_values do not fit the array");
    assign(values, constants);
  }
  Array x = a;
  for (std::int64_t axis = 0; axis < rank; ++axis) {
    const std::int64_t before = w.as<std::int64_t>()[axis * 2];
    const std::int64_t after = w.as<std::int64_t>()[axis * 2 + 1];
    if (before < 0 || after < 0) return interp.raise("ValueError", "index can't contain negative values");
    const std::int64_t n = x.shape[static_cast<std::size_t>(axis)];
    StaticShape shape = x.shape;
    shape[static_cast<std::size_t>(axis)] = before + n + after;
    if (!charge_array(interp, x.dtype, shape)) return Value();
    Array out = make_array(x.dtype, shape);
    if (mode == "constant") {
      for (const bool end : {false, true}) {
        const std::int64_t count = end ? after : before;
        Array fill = values;
        fill.data += (axis * 2 + (end ? 1 : 0)) * fill.item_size();
        fill.shape = {};
        fill.strides = {};
        if (count > 0) assign(slice_axis(out, axis, end ? before + n : 0, 1, count), fill);
      }
      if (n > 0) assign(slice_axis(out, axis, before, 1, n), x);
    } else {
      if (n == 0 && before + after > 0)
        return interp.raise("ValueError", "can't extend empty axis " + std::to_string(axis) +
                                              " using modes other than 'constant' or 'empty'");
      for (std::int64_t i = 0; i < before + n + after; ++i) {
        std::int64_t from = i - before;
        if (mode == "edge") from = std::clamp<std::int64_t>(from, 0, n - 1);
        else if (mode == "wrap") from = ((from % n) + n) % n;
        else if (mode == "symmetric") {
          const std::int64_t period = 2 * n;
          from = ((from % period) + period) % period;
          if (from >= n) from = period - 1 - from;
        } else {
          const std::int64_t period = n == 1 ? 1 : 2 * n - 2;
          from = ((from % period) + period) % period;
          if (from >= n) from = period - from;
        }
        assign(index_axis(out, axis, i), index_axis(x, axis, from));
      }
    }
    x = out;
  }
  return wrap(interp, copy_of(x), false);
}

Value call_where(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "where", "condition", "x=", "y=");
  if (!given(v[1]) && !given(v[2])) {
    KEDGE_ARRAY(c, v[0]);
    return interp.call_method(wrap(interp, c, false), "nonzero");
  }
  KEDGE_ARRAY(raw, v[0]);
  const Array condition = cast_to(raw, DType::boolean);
  std::vector<Operand> operands;
  for (const Value x : {v[1], v[2]}) {
    if (!given(x)) return interp.raise("ValueError", "either both or neither of x and y should be given");
    std::optional<Operand> o = to_operand(interp, x);
    if (!o) return Value();
    operands.push_back(std::move(*o));
  }
  const auto dtype = common_dtype(interp, operands);
  if (!dtype) return Value();
  auto shape = broadcast_shapes(operands[0].a.shape, operands[1].a.shape);
  if (shape) shape = broadcast_shapes(*shape, condition.shape);
  if (!shape) return interp.raise("ValueError", "operands could not be broadcast together");
  if (!charge_array(interp, *dtype, *shape)) return Value();
  Array out = copy_of(broadcast_view(cast_to(operands[1].a, *dtype), *shape));
  const Array x = contiguous_of(broadcast_view(cast_to(operands[0].a, *dtype), *shape));
  const Array c = contiguous_of(broadcast_view(condition, *shape));
  const auto item = static_cast<std::size_t>(out.item_size());
  for (std::int64_t i = 0; i < out.size(); ++i) {
    if (c.as<bool>()[i])
      std::memcpy(out.data + static_cast<std::size_t>(i) * item, x.data + static_cast<std::size_t>(i) * item, item);
  }
  return wrap(interp, std::move(out), false);
}

Value at_least(Interp& interp, Args args, std::int64_t rank) {
  KEDGE_BIND(v, 1, "atleast", "a");
  KEDGE_ARRAY(a, v[0]);
  Array out = a;
  if (rank == 3 && out.rank() == 2) out = with_axis(out, 2);
  while (out.rank() < rank) out = with_axis(out, 0);
  return view_result(interp, v[0], std::move(out));
}
Value call_atleast_1d(Interp& interp, Args args, void*) { return at_least(interp, args, 1); }
Value call_atleast_2d(Interp& interp, Args args, void*) { return at_least(interp, args, 2); }
Value call_shape(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "shape", "a");
  KEDGE_ARRAY(a, v[0]);
  return interp.getattr(wrap(interp, a, false), "shape");
}
Value call_ndim(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "ndim", "a");
  KEDGE_ARRAY(a, v[0]);
  return Value::integer(a.rank());
}
Value call_size(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "size", "a", "axis=");
  KEDGE_ARRAY(a, v[0]);
  if (!set(v[1])) return Value::integer(a.size());
  const auto n = to_int(interp, v[1]);
  const auto axis = n ? normal_axis(interp, *n, a.rank()) : std::nullopt;
  return axis ? Value::integer(a.shape[static_cast<std::size_t>(*axis)]) : Value();
}

}  // namespace

void install_shaping(Interp& interp, Module& module) {
  static constexpr NumpyFunction kFunctions[] = {{"reshape", call_reshape},
                                                 {"ravel", call_ravel, "ravel"},
                                                 {"transpose", call_transpose},
                                                 {"permute_dims", call_transpose},
                                                 {"swapaxes", call_swapaxes, "swapaxes"},
                                                 {"moveaxis", call_moveaxis},
                                                 {"expand_dims", call_expand_dims},
                                                 {"squeeze", call_squeeze, "squeeze"},
                                                 {"broadcast_to", call_broadcast_to},
                                                 {"broadcast_arrays", call_broadcast_arrays},
                                                 {"tile", call_tile},
                                                 {"repeat", call_repeat, "repeat"},
                                                 {"flip", call_flip},
                                                 {"roll", call_roll},
                                                 {"rot90", call_rot90},
                                                 {"pad", call_pad},
                                                 {"where", call_where},
                                                 {"atleast_1d", call_atleast_1d},
                                                 {"atleast_2d", call_atleast_2d},
                                                 {"shape", call_shape},
                                                 {"ndim", call_ndim},
                                                 {"size", call_size}};
  define(interp, module, kFunctions);
  Numpy& np = numpy(interp);
  for (Type* type : {np.ndarray, np.generic}) {
    interp.def(type, "reshape", method_reshape);
    interp.def(type, "transpose", method_transpose);
    interp.def(type, "flatten", call_flatten);
  }
}

}  // namespace kedge::frontends
