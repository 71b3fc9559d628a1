// Functions of `_numpy` that reduce or accumulate.
#include <algorithm>
#include <cmath>

#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {
namespace {

Reduction kind_from(void* context) { return static_cast<Reduction>(reinterpret_cast<std::intptr_t>(context)); }
void* context_of(Reduction kind) { return reinterpret_cast<void*>(static_cast<std::intptr_t>(kind)); }

Value finish(Interp& interp, std::optional<Array> result, Value out) {
  if (!result) return Value();
  if (!set(out)) return wrap(interp, std::move(*result));
  NdArray* target = array_of(out);
  if (target == nullptr || target->a.shape != result->shape)
    return interp.raise("ValueError", "output array does not have the right shape");
  if (interp.refuse_mutation(target->root)) return Value();
  assign(target->a, *result);
  return out;
}

Value call_reduce(Interp& interp, Args args, void* context) {
  const Reduction kind = kind_from(context);
  Value v[8];
  const bool moments = kind == Reduction::var || kind == Reduction::std_dev;
  const bool arithmetic = kind == Reduction::sum || kind == Reduction::prod || kind == Reduction::mean;
  bool bound = false;
  if (moments)
    bound =
        interp.bind(args, "var", {"a", "axis=", "dtype=", "out=", "ddof=", "keepdims=", "where=", "correction="}, v);
  else if (arithmetic)
    bound = interp.bind(args, "sum", {"a", "axis=", "dtype=", "out=", "keepdims=", "initial=", "where="}, v);
  else bound = interp.bind(args, "max", {"a", "axis=", "out=", "keepdims=", "initial=", "where="}, v);
  if (!bound) return Value();
  const Value axis = v[1];
  const Value dtype = moments || arithmetic ? v[2] : Value();
  const Value out = moments || arithmetic ? v[3] : v[2];
  const Value keepdims = moments ? v[5] : arithmetic ? v[4] : v[3];
  const Value initial = moments ? Value() : arithmetic ? v[5] : v[4];
  const std::optional<Array> a = to_array(interp, v[0]);
  if (!a) return Value();
  ReduceOptions options;
  if (!flag_argument(interp, keepdims, options.keepdims)) return Value();
  if (!dtype_argument(interp, dtype, options.dtype)) return Value();
  if (set(axis)) {
    options.axes = normal_axes(interp, axis, a->rank());
    if (!options.axes) return Value();
  }
  if (moments && given(v[4])) {
    const auto ddof = to_double(interp, v[4]);
    if (!ddof) return Value();
    options.ddof = *ddof;
  }
  std::optional<Array> result = reduce(interp, kind, *a, options);
  if (!result) return Value();
  if (set(initial)) {
    std::optional<Operand> start = to_operand(interp, initial);
    if (!start) return Value();
    const BinaryOp op = kind == Reduction::sum    ? BinaryOp::add
                        : kind == Reduction::prod ? BinaryOp::multiply
                        : kind == Reduction::max  ? BinaryOp::maximum
                                                  : BinaryOp::minimum;
    result = binary(interp, op, {std::move(*result), Operand::Weak::no}, std::move(*start), "reduce");
  }
  return finish(interp, std::move(result), out);
}

Value call_argument(Interp& interp, Args args, void* context) {
  KEDGE_BIND(v, 4, "argmax", "a", "axis=", "out=", "keepdims=");
  KEDGE_ARRAY(a, v[0]);
  ReduceOptions options;
  if (!flag_argument(interp, v[3], options.keepdims)) return Value();
  if (set(v[1])) {
    options.axes = normal_axes(interp, v[1], a.rank());
    if (!options.axes) return Value();
    return finish(interp, reduce(interp, kind_from(context), a, options), v[2]);
  }
  return finish(interp, reduce(interp, kind_from(context), reshaped(a, {a.size()}), options), v[2]);
}

Value cumulative(Interp& interp, Args args, bool product) {
  KEDGE_BIND(v, 4, product ? "cumprod" : "cumsum", "a", "axis=", "dtype=", "out=");
  KEDGE_ARRAY(a, v[0]);
  std::optional<DType> dtype;
  if (!dtype_argument(interp, v[2], dtype)) return Value();
  if (!dtype) {
    const char kind = kind_of(a.dtype);
    dtype = kind == 'f' || kind == 'c' || dtype_size(a.dtype) == 8 ? a.dtype
            : kind == 'u'                                          ? DType::uint64
                                                                   : DType::int64;
  }
  Array x = cast_to(a, *dtype);
  std::int64_t axis = 0;
  if (set(v[1])) {
    const auto n = to_int(interp, v[1]);
    const auto normal = n ? normal_axis(interp, *n, a.rank()) : std::nullopt;
    if (!normal) return Value();
    axis = *normal;
  } else {
    x = reshaped(x, {x.size()});
  }
  return finish(interp, cumulate(x, axis, product), v[3]);
}
Value call_cumsum(Interp& interp, Args args, void*) { return cumulative(interp, args, false); }
Value call_cumprod(Interp& interp, Args args, void*) { return cumulative(interp, args, true); }

Value call_ptp(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "ptp", "a", "axis=");
  const Value positional[] = {v[0], given(v[1]) ? v[1] : Value::none()};
  const Value high = call_reduce(interp, {positional, {}, {}}, context_of(Reduction::max));
  if (high.is_error()) return high;
  const Value low = call_reduce(interp, {positional, {}, {}}, context_of(Reduction::min));
  return low.is_error() ? low : binary(interp, BinaryOp::subtract, high, low, "ptp");
}
Value call_count_nonzero(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "count_nonzero", "a", "axis=", "keepdims=");
  KEDGE_ARRAY(a, v[0]);
  const Value positional[] = {wrap(interp, cast_to(a, DType::boolean), false), given(v[1]) ? v[1] : Value::none()};
  return call_reduce(interp, {positional, {}, {}}, context_of(Reduction::sum));
}

/// Sorted along the last axis, for median and percentile. The reduced axes are moved last and joined.
std::optional<Array> sorted_rows(Interp& interp, const Array& a, Value axis, StaticShape& kept,
                                 StaticShape& with_ones) {
  std::vector<std::int64_t> axes;
  if (set(axis)) {
    const auto asked = normal_axes(interp, axis, a.rank());
    if (!asked) return std::nullopt;
    axes = *asked;
  } else {
    for (std::int64_t i = 0; i < a.rank(); ++i) axes.push_back(i);
  }
  std::vector<std::int64_t> perm;
  std::int64_t n = 1;
  with_ones = a.shape;
  for (std::int64_t i = 0; i < a.rank(); ++i) {
    if (std::find(axes.begin(), axes.end(), i) != axes.end()) continue;
    perm.push_back(i);
    kept.push_back(a.shape[static_cast<std::size_t>(i)]);
  }
  for (const std::int64_t i : axes) {
    perm.push_back(i);
    n *= a.shape[static_cast<std::size_t>(i)];
    with_ones[static_cast<std::size_t>(i)] = 1;
  }
  StaticShape shape = kept;
  shape.push_back(n);
  const Array wide = cast_to(reshaped(copy_of(transposed(a, perm)), shape), DType::float64);
  const Array order = argsort_last(wide);
  Array out = make_array(DType::float64, shape);
  for (std::int64_t i = 0; i < out.size(); ++i)
    out.as<double>()[i] = wide.as<double>()[i / n * n + order.as<std::int64_t>()[i]];
  return out;
}

Value call_median(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 3, "median", "a", "axis=", "keepdims=");
  KEDGE_ARRAY(a, v[0]);
  StaticShape kept, ones;
  const auto rows = sorted_rows(interp, a, v[1], kept, ones);
  if (!rows) return Value();
  bool keepdims = false;
  if (!flag_argument(interp, v[2], keepdims)) return Value();
  const std::int64_t n = rows->shape.back();
  if (n == 0) return interp.raise("ValueError", "median of an empty axis");
  Array out = make_array(DType::float64, kept);
  for (std::int64_t i = 0; i < out.size(); ++i) {
    const double* p = rows->as<double>() + i * n;
    out.as<double>()[i] = std::isnan(p[n - 1]) ? p[n - 1] : n % 2 == 1 ? p[n / 2] : (p[n / 2 - 1] + p[n / 2]) / 2;
  }
  if (keepdims) out = reshaped(out, ones);
  return wrap(interp, is_float(a.dtype) ? cast_to(out, a.dtype) : out);
}
Value call_percentile(Interp& interp, Args args, void* context) {
  KEDGE_BIND(v, 3, "percentile", "a", "q", "axis=");
  KEDGE_ARRAY(a, v[0]);
  KEDGE_ARRAY(q, v[1]);
  StaticShape kept, ones;
  const auto rows = sorted_rows(interp, a, v[2], kept, ones);
  if (!rows) return Value();
  const std::int64_t n = rows->shape.back();
  if (n == 0) return interp.raise("ValueError", "percentile of an empty axis");
  const Array wanted = contiguous_of(cast_to(q, DType::float64));
  StaticShape shape = q.shape;
  shape.insert(shape.end(), kept.begin(), kept.end());
  Array out = make_array(DType::float64, shape);
  const std::int64_t width = element_count(kept);
  for (std::int64_t k = 0; k < wanted.size(); ++k) {
    const double at = wanted.as<double>()[k] / (context == nullptr ? 100.0 : 1.0) * static_cast<double>(n - 1);
    if (!(at >= 0 && at <= static_cast<double>(n - 1)))
      return interp.raise("ValueError", "Percentiles must be in the range [0, 100]");
    const auto low = static_cast<std::int64_t>(std::floor(at));
    const std::int64_t high = std::min(low + 1, n - 1);
    const double t = at - static_cast<double>(low);
    for (std::int64_t i = 0; i < width; ++i) {
      const double x = rows->as<double>()[i * n + low];
      const double y = rows->as<double>()[i * n + high];
      out.as<double>()[k * width + i] = t < 0.5 ? x + (y - x) * t : y - (y - x) * (1 - t);
    }
  }
  return wrap(interp, is_float(a.dtype) ? cast_to(out, a.dtype) : out);
}

}  // namespace

void install_reductions(Interp& interp, Module& module) {
  struct Named {
    const char* name;
    Reduction kind;
    bool method;
  };
  static constexpr Named kReductions[] = {
      {"sum", Reduction::sum, true},   {"prod", Reduction::prod, true},  {"mean", Reduction::mean, true},
      {"max", Reduction::max, true},   {"amax", Reduction::max, false},  {"min", Reduction::min, true},
      {"amin", Reduction::min, false}, {"any", Reduction::any, true},    {"all", Reduction::all, true},
      {"var", Reduction::var, true},   {"std", Reduction::std_dev, true}};
  Numpy& np = numpy(interp);
  for (const Named& r : kReductions) {
    interp.def(module, r.name, call_reduce, context_of(r.kind));
    if (!r.method) continue;
    for (Type* type : {np.ndarray, np.generic}) interp.def(type, r.name, call_reduce, context_of(r.kind));
  }
  for (const auto& [name, kind] : {std::pair{"argmax", Reduction::argmax}, std::pair{"argmin", Reduction::argmin}}) {
    interp.def(module, name, call_argument, context_of(kind));
    for (Type* type : {np.ndarray, np.generic}) interp.def(type, name, call_argument, context_of(kind));
  }
  static constexpr NumpyFunction kFunctions[] = {{"cumsum", call_cumsum, "cumsum"},
                                                 {"cumprod", call_cumprod, "cumprod"},
                                                 {"ptp", call_ptp},
                                                 {"count_nonzero", call_count_nonzero},
                                                 {"median", call_median},
                                                 {"percentile", call_percentile}};
  define(interp, module, kFunctions);
  static int fraction = 0;
  interp.def(module, "quantile", call_percentile, &fraction);
}

}  // namespace kedge::frontends
