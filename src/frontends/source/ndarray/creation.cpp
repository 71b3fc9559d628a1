// Functions of `_numpy` that make arrays.
#include <cmath>
#include <cstring>

#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {

using pylang::as;

namespace {

Value make_filled(Interp& interp, DType dtype, const StaticShape& shape, double fill) {
  if (!charge_array(interp, dtype, shape)) return Value();
  Array out = make_array(dtype, shape);
  if (fill != 0) assign(out, make_scalar<double>(DType::float64, fill));
  return wrap(interp, std::move(out), false);
}

Value from_shape(Interp& interp, Args args, const char* name, double fill) {
  KEDGE_BIND(v, 3, name, "shape", "dtype=", "order=");
  const auto shape = to_ints(interp, v[0]);
  if (!shape) return Value();
  std::optional<DType> dtype = DType::float64;
  if (!dtype_argument(interp, v[1], dtype)) return Value();
  return make_filled(interp, *dtype, *shape, fill);
}
Value call_zeros(Interp& interp, Args args, void*) { return from_shape(interp, args, "zeros", 0); }
Value call_ones(Interp& interp, Args args, void*) { return from_shape(interp, args, "ones", 1); }
Value call_full(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 4, "full", "shape", "fill_value", "dtype=", "order=");
  const auto shape = to_ints(interp, v[0]);
  if (!shape) return Value();
  KEDGE_ARRAY(fill, v[1]);
  std::optional<DType> dtype = fill.dtype;
  if (!dtype_argument(interp, v[2], dtype)) return Value();
  if (!charge_array(interp, *dtype, *shape)) return Value();
  if (!can_broadcast_to(fill.shape, *shape))
    return interp.raise("ValueError", "could not broadcast input array into the shape asked for");
  Array out = make_array(*dtype, *shape);
  assign(out, fill);
  return wrap(interp, std::move(out), false);
}

Value like(Interp& interp, Args args, const char* name, double fill) {
  KEDGE_BIND(v, 5, name, "a", "dtype=", "order=", "subok=", "shape=");
  KEDGE_ARRAY(a, v[0]);
  std::optional<DType> dtype = a.dtype;
  if (!dtype_argument(interp, v[1], dtype)) return Value();
  StaticShape shape = a.shape;
  if (set(v[4])) {
    const auto asked = to_ints(interp, v[4]);
    if (!asked) return Value();
    shape = *asked;
  }
  return make_filled(interp, *dtype, shape, fill);
}
Value call_zeros_like(Interp& interp, Args args, void*) { return like(interp, args, "zeros_like", 0); }
Value call_ones_like(Interp& interp, Args args, void*) { return like(interp, args, "ones_like", 1); }
Value call_full_like(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "full_like", "a", "fill_value", "dtype=");
  KEDGE_ARRAY(a, v[0]);
  KEDGE_ARRAY(fill, v[1]);
  std::optional<DType> dtype = a.dtype;
  if (!dtype_argument(interp, v[2], dtype)) return Value();
  if (!can_broadcast_to(fill.shape, a.shape)) return interp.raise("ValueError", "could not broadcast the fill value");
  if (!charge_array(interp, *dtype, a.shape)) return Value();
  Array out = make_array(*dtype, a.shape);
  assign(out, fill);
  return wrap(interp, std::move(out), false);
}

Value call_array(Interp& interp, Args args, void* context) {
  KEDGE_BIND(v, 7, "array", "object", "dtype=", "copy=", "order=", "subok=", "ndmin=", "like=");
  std::optional<DType> dtype;
  if (!dtype_argument(interp, v[1], dtype)) return Value();
  const bool copies = context == nullptr;  // array() copies, asarray() does not
  NdArray* source = array_of(v[0]);
  if (source != nullptr && !source->scalar && !copies && (!dtype || *dtype == source->a.dtype)) return v[0];
  std::optional<Array> a = to_array(interp, v[0], dtype);
  if (!a) return Value();
  if (source != nullptr && a->buffer == source->a.buffer) a = copy_of(*a);
  if (set(v[5])) {
    const auto least = to_int(interp, v[5]);
    if (!least) return Value();
    while (a->rank() < std::min<std::int64_t>(*least, 32)) a = with_axis(*a, 0);
  }
  return wrap(interp, std::move(*a), false);
}
Value call_copy(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "copy", "a", "order=", "subok=");
  KEDGE_ARRAY(a, v[0]);
  return wrap(interp, copy_of(a), array_of(v[0]) != nullptr && array_of(v[0])->scalar);
}
Value deep_copy(Interp& interp, Args args, void*) {
  return wrap(interp, copy_of(array_of(args.positional[0])->a), false);
}

Value call_astype(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 6, "astype", "self", "dtype", "order=", "casting=", "subok=", "copy=");
  const auto dtype = to_dtype(interp, v[1]);
  if (!dtype) return Value();
  KEDGE_ARRAY(a, v[0]);
  if (!charge_array(interp, *dtype, a.shape)) return Value();
  return wrap(interp, cast_to(a, *dtype), array_of(v[0]) != nullptr && array_of(v[0])->scalar);
}

Value call_arange(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 4, "arange", "start", "stop=", "step=", "dtype=");
  Value start = Value::integer(0);
  Value stop = v[0];
  Value step = Value::integer(1);
  if (set(v[1])) {
    start = v[0];
    stop = v[1];
  }
  if (set(v[2])) step = v[2];
  std::vector<Operand> operands;
  for (const Value x : {start, stop, step}) {
    std::optional<Operand> o = to_operand(interp, x);
    if (!o) return Value();
    if (o->a.size() != 1) return interp.raise("TypeError", "arange: arguments must be scalars");
    operands.push_back(std::move(*o));
  }
  std::optional<DType> dtype = common_dtype(interp, operands);
  if (!dtype) return Value();
  if (*dtype == DType::boolean) dtype = DType::int64;
  if (!dtype_argument(interp, v[3], dtype)) return Value();
  const auto number = [&](std::size_t i) { return double_at(operands[i].a.dtype, operands[i].a.data); };
  const double first = number(0);
  const double delta = number(2);
  if (delta == 0) return interp.raise("ZeroDivisionError", "division by zero");
  const double length = std::ceil((number(1) - first) / delta);
  if (!(length < 1e15)) return interp.raise("ValueError", "Maximum allowed size exceeded");
  const std::int64_t count = length > 0 ? static_cast<std::int64_t>(length) : 0;
  if (!charge_array(interp, *dtype, {count})) return Value();
  Array out = make_array(*dtype, {count});
  with_type(*dtype, [&]<typename T>(T*) {
    T* p = out.as<T>();
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, Half>) {
      for (std::int64_t i = 0; i < count; ++i) {
        const double value = first + static_cast<double>(i) * delta;
        if constexpr (std::is_same_v<T, bool>) p[i] = value != 0;
        else p[i] = Half{float_to_half(static_cast<float>(value))};
      }
    } else if constexpr (std::is_integral_v<T>) {
      const Array a = cast_to(operands[0].a, DType::int64);
      // With float arguments and an integer dtype numpy truncates the first two values, and goes on with their
      // difference.
      const bool real = is_float(operands[0].a.dtype) || is_float(operands[2].a.dtype);
      const std::int64_t s = *a.as<std::int64_t>();
      const std::int64_t d = real ? static_cast<std::int64_t>(first + delta) - s
                                  : *cast_to(operands[2].a, DType::int64).as<std::int64_t>();
      for (std::int64_t i = 0; i < count; ++i) p[i] = static_cast<T>(s + i * d);
    } else {
      const auto number_of = [](double x) {
        if constexpr (std::is_floating_point_v<T>) return static_cast<T>(x);
        else return T(static_cast<typename T::value_type>(x));
      };
      const T s = number_of(first);
      const T second = number_of(first + delta);
      const T d = second - s;
      for (std::int64_t i = 0; i < count; ++i)
        p[i] = i == 0 ? s : i == 1 ? second : s + number_of(static_cast<double>(i)) * d;
    }
    return 0;
  });
  return wrap(interp, std::move(out), false);
}

std::optional<Array> linear(Interp& interp, double start, double stop, std::int64_t count, bool endpoint,
                            double* step_out) {
  if (count < 0) {
    fail(interp, "ValueError", "Number of samples, " + std::to_string(count) + ", must be non-negative.");
    return std::nullopt;
  }
  if (!charge_array(interp, DType::float64, {count})) return std::nullopt;
  Array out = make_array(DType::float64, {count});
  double* p = out.as<double>();
  const std::int64_t div = endpoint ? count - 1 : count;
  const double delta = stop - start;
  double step = NAN;
  if (div > 0) {
    step = delta / static_cast<double>(div);
    for (std::int64_t i = 0; i < count; ++i)
      p[i] = step != 0 ? static_cast<double>(i) * step + start
                       : static_cast<double>(i) / static_cast<double>(div) * delta + start;
  } else if (count > 0) {
    p[0] = start;
  }
  if (endpoint && count > 1) p[count - 1] = stop;
  if (step_out != nullptr) *step_out = step;
  return out;
}

/// linspace (0), logspace (1), geomspace (2)
Value spaced(Interp& interp, Args args, int kind) {
  Value v[7];
  if (kind == 1) {
    if (!interp.bind(args, "logspace", {"start", "stop", "num=", "endpoint=", "base=", "dtype=", "axis="}, v))
      return Value();
  } else {
    if (!interp.bind(args, kind == 0 ? "linspace" : "geomspace",
                     {"start", "stop", "num=", "endpoint=", "retstep=", "dtype=", "axis="}, v))
      return Value();
  }
  KEDGE_ARRAY(a, v[0]);
  KEDGE_ARRAY(b, v[1]);
  std::int64_t count = 50;
  if (given(v[2])) {
    const auto asked = to_int(interp, v[2]);
    if (!asked) return Value();
    count = *asked;
  }
  bool endpoint = true;
  if (!flag_argument(interp, v[3], endpoint)) return Value();
  bool retstep = false;
  if (kind == 0 && !flag_argument(interp, v[4], retstep)) return Value();
  // Python numbers are weak beside the float64 that `num` brings in, so only wider types than that change the result.
  std::optional<DType> dtype = is_complex(a.dtype) || is_complex(b.dtype) ? DType::complex128 : DType::float64;
  if (array_of(v[0]) != nullptr && array_of(v[1]) != nullptr && is_float(promote(a.dtype, b.dtype)) && kind == 0)
    dtype = promote(a.dtype, b.dtype);
  if (!dtype_argument(interp, v[5], dtype)) return Value();
  if (is_complex(a.dtype) || is_complex(b.dtype))
    return interp.raise("NotImplementedError", "complex ranges are not supported");
  const auto shape = broadcast_shapes(a.shape, b.shape);
  if (!shape) return interp.raise("ValueError", "operands could not be broadcast together");
  std::vector<Array> rows;
  const Array starts = contiguous_of(broadcast_view(cast_to(a, DType::float64), *shape));
  const Array stops = contiguous_of(broadcast_view(cast_to(b, DType::float64), *shape));
  double step = NAN;
  StaticShape full = *shape;
  full.insert(full.begin(), count);
  Array all = make_array(DType::float64, full);
  const std::int64_t width = starts.size();
  for (std::int64_t k = 0; k < width; ++k) {
    double from = starts.as<double>()[k];
    double to = stops.as<double>()[k];
    const double first = from;
    const double last = to;
    const double sign = kind == 2 && from < 0 ? -1.0 : 1.0;
    if (kind == 2) {
      from = std::log10(sign * from);
      to = std::log10(sign * to);
    }
    std::optional<Array> line = linear(interp, from, to, count, endpoint, &step);
    if (!line) return Value();
    if (kind != 0) {
      double base = 10.0;
      if (kind == 1 && given(v[4])) {
        const auto asked = to_double(interp, v[4]);
        if (!asked) return Value();
        base = *asked;
      }
      double* p = line->as<double>();
      for (std::int64_t i = 0; i < count; ++i) p[i] = sign * std::pow(base, p[i]);
      if (kind == 2 && count > 0) p[0] = first;
      if (kind == 2 && count > 1 && endpoint) p[count - 1] = last;
    }
    for (std::int64_t i = 0; i < count; ++i) all.as<double>()[i * width + k] = line->as<double>()[i];
  }
  if (is_integer(*dtype) && kind == 0) all = apply(UnaryOp::floor, all);
  const Value result = wrap(interp, *dtype == DType::float64 ? all : cast_to(all, *dtype), false);
  return retstep ? interp.tuple({result, wrap(interp, make_scalar<double>(DType::float64, step))}) : result;
}
Value call_linspace(Interp& interp, Args args, void*) { return spaced(interp, args, 0); }
Value call_logspace(Interp& interp, Args args, void*) { return spaced(interp, args, 1); }
Value call_geomspace(Interp& interp, Args args, void*) { return spaced(interp, args, 2); }

Value make_triangle(Interp& interp, std::int64_t rows, std::int64_t columns, std::int64_t k, DType dtype,
                    bool diagonal_only) {
  if (!charge_array(interp, dtype, {rows, columns})) return Value();
  Array mask = make_array(DType::boolean, {rows, columns});
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j)
      mask.as<bool>()[i * columns + j] = diagonal_only ? j - i == k : j - i <= k;
  }
  return wrap(interp, cast_to(mask, dtype), false);
}
Value eye_or_tri(Interp& interp, Args args, const char* name, bool diagonal_only) {
  KEDGE_BIND(v, 4, name, "N", "M=", "k=", "dtype=");
  const auto n = to_int(interp, v[0]);
  if (!n) return Value();
  std::int64_t m = *n;
  std::int64_t k = 0;
  for (const auto& [value, target] : {std::pair{v[1], &m}, std::pair{v[2], &k}}) {
    if (!set(value)) continue;
    const auto x = to_int(interp, value);
    if (!x) return Value();
    *target = *x;
  }
  std::optional<DType> dtype = DType::float64;
  if (!dtype_argument(interp, v[3], dtype)) return Value();
  return make_triangle(interp, *n, m, k, *dtype, diagonal_only);
}
Value call_eye(Interp& interp, Args args, void*) { return eye_or_tri(interp, args, "eye", true); }
Value call_tri(Interp& interp, Args args, void*) { return eye_or_tri(interp, args, "tri", false); }
Value call_identity(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "identity", "n", "dtype=");
  const auto n = to_int(interp, v[0]);
  if (!n) return Value();
  std::optional<DType> dtype = DType::float64;
  if (!dtype_argument(interp, v[1], dtype)) return Value();
  return make_triangle(interp, *n, *n, 0, *dtype, true);
}

Value triangle_of(Interp& interp, Args args, const char* name, bool upper) {
  KEDGE_BIND(v, 2, name, "m", "k=");
  KEDGE_ARRAY(m, v[0]);
  std::int64_t k = 0;
  if (given(v[1])) {
    const auto x = to_int(interp, v[1]);
    if (!x) return Value();
    k = *x;
  }
  if (m.rank() < 1) return interp.raise("ValueError", "triu and tril need at least one dimension");
  Array out = m.rank() == 1 ? copy_of(broadcast_view(m, {m.shape[0], m.shape[0]})) : copy_of(m);
  const std::int64_t columns = out.shape.back();
  const std::int64_t rows = out.shape[out.shape.size() - 2];
  const std::int64_t item = out.item_size();
  for (std::int64_t e = 0; e < out.size(); ++e) {
    const std::int64_t j = e % columns;
    const std::int64_t i = e / columns % rows;
    if (upper ? j - i < k : j - i > k) std::memset(out.data + e * item, 0, static_cast<std::size_t>(item));
  }
  return wrap(interp, std::move(out), false);
}
Value call_tril(Interp& interp, Args args, void*) { return triangle_of(interp, args, "tril", false); }
Value call_triu(Interp& interp, Args args, void*) { return triangle_of(interp, args, "triu", true); }

Value call_diag(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "diag", "v", "k=");
  KEDGE_ARRAY(a, v[0]);
  std::int64_t k = 0;
  if (given(v[1])) {
    const auto x = to_int(interp, v[1]);
    if (!x) return Value();
    k = *x;
  }
  if (a.rank() == 1) {
    const std::int64_t n = a.shape[0] + std::abs(k);
    if (!charge_array(interp, a.dtype, {n, n})) return Value();
    Array out = make_array(a.dtype, {n, n});
    Array line = out;
    line.data += (k >= 0 ? k : -k * n) * out.item_size();
    line.shape = a.shape;
    line.strides = {(n + 1) * out.item_size()};
    if (a.shape[0] > 0) assign(line, a);
    return wrap(interp, std::move(out), false);
  }
  if (a.rank() != 2) return interp.raise("ValueError", "Input must be 1- or 2-d.");
  Array line = a;
  const std::int64_t rows = a.shape[0] - (k < 0 ? -k : 0);
  const std::int64_t columns = a.shape[1] - (k > 0 ? k : 0);
  const std::int64_t n = std::max<std::int64_t>(std::min(rows, columns), 0);
  if (n > 0) line.data += k >= 0 ? k * a.strides[1] : -k * a.strides[0];
  line.shape = {n};
  line.strides = {a.strides[0] + a.strides[1]};
  return wrap(interp, copy_of(line), false);
}

Value call_meshgrid(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 4, "meshgrid", "*xi", "copy=", "sparse=", "indexing=");
  auto arrays = to_arrays(interp, v[0]);
  if (!arrays) return Value();
  bool sparse = false;
  if (!flag_argument(interp, v[2], sparse)) return Value();
  bool swap = true;
  if (auto* text = as<pylang::Str>(v[3])) swap = text->text == "xy";
  const std::size_t n = arrays->size();
  StaticShape shape;
  for (const Array& a : *arrays) shape.push_back(a.size());
  if (swap && n >= 2) std::swap(shape[0], shape[1]);
  if (!charge_array(interp, DType::float64, shape)) return Value();
  std::vector<Value> out;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t axis = swap && n >= 2 && i < 2 ? 1 - i : i;
    StaticShape line(n, 1);
    line[axis] = (*arrays)[i].size();
    const Array stretched = reshaped((*arrays)[i], line);
    out.push_back(wrap(interp, sparse ? copy_of(stretched) : copy_of(broadcast_view(stretched, shape)), false));
  }
  return interp.tuple(std::move(out));
}
Value call_indices(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "indices", "dimensions", "dtype=", "sparse=");
  const auto shape = to_ints(interp, v[0]);
  if (!shape) return Value();
  std::optional<DType> dtype = DType::int64;
  if (!dtype_argument(interp, v[1], dtype)) return Value();
  StaticShape full = *shape;
  full.insert(full.begin(), static_cast<std::int64_t>(shape->size()));
  if (!charge_array(interp, *dtype, full)) return Value();
  Array out = make_array(*dtype, full);
  for (std::size_t i = 0; i < shape->size(); ++i) {
    Array line = make_array(DType::int64, {(*shape)[i]});
    for (std::int64_t k = 0; k < line.size(); ++k) line.as<std::int64_t>()[k] = k;
    StaticShape wide(shape->size(), 1);
    wide[i] = (*shape)[i];
    assign(index_axis(out, 0, static_cast<std::int64_t>(i)), reshaped(line, wide));
  }
  return wrap(interp, std::move(out), false);
}
Value call_fill(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "fill", "self", "value");
  NdArray* self = array_of(v[0]);
  if (self == nullptr) return interp.raise("TypeError", "fill needs an ndarray");
  KEDGE_ARRAY(value, v[1]);
  if (value.size() != 1) return interp.raise("ValueError", "fill needs a scalar");
  if (interp.refuse_mutation(self->root)) return Value();
  assign(self->a, reshaped(value, {}));
  return Value::none();
}

}  // namespace

void install_creation(Interp& interp, Module& module) {
  static constexpr NumpyFunction kFunctions[] = {{"zeros", call_zeros},
                                                 {"ones", call_ones},
                                                 {"empty", call_zeros},
                                                 {"full", call_full},
                                                 {"zeros_like", call_zeros_like},
                                                 {"ones_like", call_ones_like},
                                                 {"empty_like", call_zeros_like},
                                                 {"full_like", call_full_like},
                                                 {"array", call_array},
                                                 {"copy", call_copy, "copy"},
                                                 {"arange", call_arange},
                                                 {"linspace", call_linspace},
                                                 {"logspace", call_logspace},
                                                 {"geomspace", call_geomspace},
                                                 {"eye", call_eye},
                                                 {"tri", call_tri},
                                                 {"identity", call_identity},
                                                 {"tril", call_tril},
                                                 {"triu", call_triu},
                                                 {"diag", call_diag},
                                                 {"meshgrid", call_meshgrid},
                                                 {"indices", call_indices},
                                                 {"astype", call_astype, "astype"}};
  define(interp, module, kFunctions);
  static int as_is = 0;
  for (const char* name : {"asarray", "asanyarray", "ascontiguousarray"}) interp.def(module, name, call_array, &as_is);
  Numpy& np = numpy(interp);
  interp.def(np.ndarray, "fill", call_fill);
  interp.def(np.ndarray, "__copy__", deep_copy);
  interp.def(np.ndarray, "__deepcopy__", deep_copy);
}

}  // namespace kedge::frontends
