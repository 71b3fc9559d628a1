// Ops about shape and place: gather, scatter, padding, reductions, scans, sorting.
#include <algorithm>
#include <numeric>

#include "passes/legalize_tflite_emitter.h"

namespace kedge::passes::tflite {
namespace {

StaticShape without(const StaticShape& shape, std::int64_t axis) {
  StaticShape out = shape;
  out.erase(out.begin() + axis);
  return out;
}

/// Moves `axis` to the end, runs `body`, moves it back.
template <typename Body>
ValueId on_last_axis(Emitter& e, ValueId x, std::int64_t axis, Body body) {
  const std::int64_t rank = e.rank(x);
  if (axis == rank - 1) return body(x);
  std::vector<std::int64_t> perm(rank);
  std::iota(perm.begin(), perm.end(), 0);
  std::swap(perm[axis], perm[rank - 1]);  // its own inverse
  return e.transpose(body(e.transpose(x, perm)), perm);
}

std::int64_t normal_axis(std::int64_t axis, std::int64_t rank) { return axis < 0 ? axis + rank : axis; }

Values dims(Emitter& e, const Values&, const Attrs& attrs) {
  const StaticShape values = attrs.static_dims("values");
  const StaticShape shape =
      attrs.flag("scalar") ? StaticShape{} : StaticShape{static_cast<std::int64_t>(values.size())};
  return {e.ints(attrs.dtype("to"), shape, values)};
}

Values iota(Emitter& e, const Values&, const Attrs& attrs) {
  const StaticShape shape = attrs.static_dims("shape");
  const std::int64_t axis = normal_axis(attrs.integer("axis"), static_cast<std::int64_t>(shape.size()));
  std::vector<std::int64_t> values(static_cast<std::size_t>(element_count(shape)));
  std::int64_t inner = 1;
  for (std::size_t d = axis + 1; d < shape.size(); ++d) inner *= shape[d];
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = shape.empty() ? 0 : (static_cast<std::int64_t>(i) / inner) % shape[axis];
  return {e.ints(attrs.dtype("dtype"), shape, values)};
}

Values cast(Emitter& e, const Values& in, const Attrs& attrs) {
  if (e.dtype(in[0]) == attrs.dtype("to")) return {in[0]};
  return {};
}

Values reshape(Emitter& e, const Values& in, const Attrs& attrs) {
  if (e.shape(in[0]) == attrs.static_dims("shape")) return {in[0]};
  return {};
}

Values broadcast_to(Emitter& e, const Values& in, const Attrs& attrs) {
  if (e.shape(in[0]) == attrs.static_dims("shape")) return {in[0]};
  return {};
}

// TFLite's PAD has no edge mode: the border slices are repeated.
Values pad(Emitter& e, const Values& in, const Attrs& attrs) {
  if (attrs.text("mode") != "edge") {
    const StaticShape before = attrs.static_dims("before");
    const StaticShape after = attrs.static_dims("after");
    const auto none = [](const StaticShape& s) {
      return std::all_of(s.begin(), s.end(), [](std::int64_t v) { return v == 0; });
    };
    if (none(before) && none(after)) return {in[0]};
    return {};
  }
  const StaticShape before = attrs.static_dims("before");
  const StaticShape after = attrs.static_dims("after");
  ValueId x = in[0];
  for (std::int64_t d = 0; d < e.rank(x); ++d) {
    Values parts;
    const std::int64_t size = e.shape(x)[d];
    const auto repeat = [&](ValueId slice, std::int64_t count) {
      StaticShape shape = e.shape(slice);
      shape[d] = count;
      return e.op("broadcast_to", {slice}, Attrs{{"shape", to_shape(shape)}});
    };
    if (before[d] > 0) parts.push_back(repeat(e.slice_axis(x, d, 0, 1), before[d]));
    parts.push_back(x);
    if (after[d] > 0) parts.push_back(repeat(e.slice_axis(x, d, size - 1, size), after[d]));
    x = e.concat(parts, d);
  }
  return {x};
}

// Batch dimensions become leading index columns.
Values gather_nd(Emitter& e, const Values& in, const Attrs& attrs) {
  const std::int64_t batch_dims = attrs.integer("batch_dims");
  if (batch_dims == 0) return {};
  const StaticShape shape = e.shape(in[1]);
  Values columns;
  for (std::int64_t d = 0; d < batch_dims; ++d) {
    StaticShape column = shape;
    column.back() = 1;
    columns.push_back(e.op("iota", {}, Attrs{{"shape", to_shape(column)}, {"axis", d}, {"dtype", e.dtype(in[1])}}));
  }
  columns.push_back(in[1]);
  return {e.op("gather_nd", {in[0], e.concat(columns, static_cast<std::int64_t>(shape.size()) - 1)},
               Attrs{{"batch_dims", std::int64_t{0}}})};
}

// TFLite can only scatter into zeros: a mask of the places written chooses between old and new. Places named twice
// would add up.
Values scatter_update(Emitter& e, const Values& in, const Attrs&) {
  const Attrs shape{{"shape", e.graph().value(in[0]).shape}};
  const DType dtype = e.dtype(in[0]);
  const ValueId ones = e.constant(
      Tensor::of<std::int64_t>(DType::int64, e.shape(in[2]),
                               std::vector<std::int64_t>(static_cast<std::size_t>(element_count(e.shape(in[2]))), 1))
          .cast(DType::int32));
  const ValueId hits = e.op("scatter_nd", {in[1], ones}, shape);
  const ValueId written = e.op("greater", {hits, e.scalar(DType::int32, 0)});
  if (dtype == DType::boolean) {
    const ValueId wide = e.op("scatter_nd", {in[1], e.cast(in[2], DType::int32)}, shape);
    return {e.select(written, e.cast(wide, DType::boolean), in[0])};
  }
  return {e.select(written, e.op("scatter_nd", {in[1], in[2]}, shape), in[0])};
}

// A scan by doubling: after step s each place holds the product of the last 2s elements.
Values cumprod(Emitter& e, const Values& in, const Attrs& attrs) {
  ValueId x = in[0];
  const std::int64_t axis = normal_axis(attrs.integer("axis"), e.rank(x));
  if (attrs.flag("reverse")) x = e.op("reverse", {x}, Attrs{{"axes", std::vector<std::int64_t>{axis}}});
  const std::int64_t size = e.shape(x)[axis];
  const auto shifted = [&](ValueId v, std::int64_t by) {
    StaticShape head = e.shape(v);
    head[axis] = by;
    const ValueId ones = e.op("broadcast_to", {e.like(v, 1)}, Attrs{{"shape", to_shape(head)}});
    return by == size ? ones : e.concat({ones, e.slice_axis(v, axis, 0, size - by)}, axis);
  };
  if (attrs.flag("exclusive")) x = shifted(x, 1);
  for (std::int64_t step = 1; step < size; step *= 2) x = e.mul(x, shifted(x, step));
  if (attrs.flag("reverse")) x = e.op("reverse", {x}, Attrs{{"axes", std::vector<std::int64_t>{axis}}});
  return {x};
}

Values cumsum(Emitter& e, const Values& in, const Attrs& attrs) {
  const DType d = e.dtype(in[0]);
  if (d == DType::float32 || d == DType::int32 || d == DType::int64) return {};
  return {e.cast(e.op("cumsum", {e.cast(in[0], DType::int32)}, attrs), d)};
}

Values reduce(std::string_view op, Emitter& e, const Values& in, const Attrs& attrs) {
  const std::vector<std::int64_t>& axes = attrs.integers("axes");
  if (axes.empty()) return {in[0]};
  const DType d = e.dtype(in[0]);
  const bool narrow =
      d == DType::int8 || d == DType::uint8 || d == DType::int16 || d == DType::uint16 || d == DType::uint32;
  if (d == DType::boolean && (op == "reduce_max" || op == "reduce_min"))
    return {e.op(op == "reduce_max" ? "reduce_any" : "reduce_all", in, attrs)};
  if (op == "reduce_prod" && e.for_int8() && d == DType::float32) {  // as products of halves, which the quantizer knows
    ValueId x = in[0];
    for (const std::int64_t axis : axes) {
      while (e.shape(x)[axis] > 1) {
        const std::int64_t size = e.shape(x)[axis];
        const std::int64_t half = size / 2;
        ValueId y = e.mul(e.slice_axis(x, axis, 0, half), e.slice_axis(x, axis, half, 2 * half));
        if (size % 2 != 0) y = e.concat({y, e.slice_axis(x, axis, size - 1, size)}, axis);
        x = y;
      }
    }
    if (attrs.flag("keepdims")) return {x};
    StaticShape kept;
    for (std::int64_t dim = 0; dim < e.rank(x); ++dim)
      if (std::find(axes.begin(), axes.end(), dim) == axes.end()) kept.push_back(e.shape(x)[dim]);
    return {e.reshape(x, kept)};
  }
  if (narrow) return {e.cast(e.op(op, {e.cast(in[0], DType::int32)}, attrs), d)};
  return {};
}
Values reduce_sum(Emitter& e, const Values& in, const Attrs& a) { return reduce("reduce_sum", e, in, a); }
Values reduce_mean(Emitter& e, const Values& in, const Attrs& a) { return reduce("reduce_mean", e, in, a); }
Values reduce_max(Emitter& e, const Values& in, const Attrs& a) { return reduce("reduce_max", e, in, a); }
Values reduce_min(Emitter& e, const Values& in, const Attrs& a) { return reduce("reduce_min", e, in, a); }
Values reduce_prod(Emitter& e, const Values& in, const Attrs& a) { return reduce("reduce_prod", e, in, a); }
Values reduce_logic(Emitter&, const Values& in, const Attrs& a) {
  if (a.integers("axes").empty()) return {in[0]};
  return {};
}

Values arg_extremum(std::string_view op, Emitter& e, const Values& in, const Attrs& attrs) {
  ValueId x = in[0];
  const DType d = e.dtype(x);
  const DType to = attrs.dtype("to");
  const bool index_type = to == DType::int32 || to == DType::int64;
  const bool known = d == DType::float32 || d == DType::int32 || d == DType::int8 || d == DType::uint8;
  if (known && index_type && !attrs.flag("keepdims")) return {};
  if (d == DType::int64 || d == DType::uint32) {
    e.fault("`" + std::string(op) + "` of int64 has no TensorFlow Lite kernel", "cast the operand to int32");
    return {e.ints(to, attrs.flag("keepdims") ? e.shape(x) : without(e.shape(x), attrs.integer("axis")),
                   std::vector<std::int64_t>(static_cast<std::size_t>(
                       element_count(e.shape(x)) / std::max<std::int64_t>(1, e.shape(x)[attrs.integer("axis")]))))};
  }
  if (!known) x = e.cast(x, DType::int32);
  Attrs plain = attrs;
  plain.set("keepdims", false);
  if (!index_type) plain.set("to", DType::int32);
  ValueId index = e.cast(e.op(op, {x}, plain), to);
  if (attrs.flag("keepdims")) {
    StaticShape kept = e.shape(x);
    kept[normal_axis(attrs.integer("axis"), e.rank(x))] = 1;
    index = e.reshape(index, kept);
  }
  return {index};
}
Values argmax(Emitter& e, const Values& in, const Attrs& a) { return arg_extremum("argmax", e, in, a); }
Values argmin(Emitter& e, const Values& in, const Attrs& a) { return arg_extremum("argmin", e, in, a); }

Values soft(std::string_view op, Emitter& e, const Values& in, const Attrs& attrs) {
  const std::int64_t rank = e.rank(in[0]);
  const std::int64_t axis = normal_axis(attrs.integer("axis"), rank);
  if (axis == rank - 1) return {};
  return {on_last_axis(e, in[0], axis, [&](ValueId x) { return e.raw1(op, {x}, Attrs{{"axis", rank - 1}}); })};
}
Values softmax(Emitter& e, const Values& in, const Attrs& a) { return soft("softmax", e, in, a); }
Values log_softmax(Emitter& e, const Values& in, const Attrs& a) { return soft("log_softmax", e, in, a); }

// Sorting is the k largest of all; ascending order is that of the negated keys, which keeps equal keys in their order.
Values sorted(Emitter& e, ValueId keys, std::int64_t axis, bool descending, bool want_values, DType to) {
  axis = normal_axis(axis, e.rank(keys));
  const std::int64_t size = e.shape(keys)[axis];
  return {on_last_axis(e, keys, axis, [&](ValueId x) {
    const ValueId ordered = descending ? x : e.unary("neg", x);
    const Values top = e.ops("top_k", {ordered}, Attrs{{"k", size}, {"sorted", true}});
    if (!want_values) return e.cast(top[1], to);
    return descending ? top[0] : e.unary("neg", top[0]);
  })};
}
Values sort(Emitter& e, const Values& in, const Attrs& a) {
  return sorted(e, in[0], a.integer("axis"), a.flag("descending"), true, DType::int32);
}
Values argsort(Emitter& e, const Values& in, const Attrs& a) {
  return sorted(e, in[0], a.integer("axis"), a.flag("descending"), false, a.dtype("to"));
}

// REVERSE_V2 takes axes that lie side by side; one at a time is always right.
Values reverse(Emitter& e, const Values& in, const Attrs& attrs) {
  const std::vector<std::int64_t>& axes = attrs.integers("axes");
  if (axes.size() == 1) return {};
  ValueId x = in[0];
  for (const std::int64_t axis : axes) x = e.op("reverse", {x}, Attrs{{"axes", std::vector<std::int64_t>{axis}}});
  return {x};
}

constexpr LegalizeRule kRules[] = {
    {"dims", dims},
    {"iota", iota},
    {"cast", cast},
    {"reshape", reshape},
    {"broadcast_to", broadcast_to},
    {"pad", pad},
    {"gather_nd", gather_nd},
    {"scatter_update", scatter_update},
    {"cumprod", cumprod},
    {"cumsum", cumsum},
    {"reduce_sum", reduce_sum},
    {"reduce_mean", reduce_mean},
    {"reduce_max", reduce_max},
    {"reduce_min", reduce_min},
    {"reduce_prod", reduce_prod},
    {"reduce_any", reduce_logic},
    {"reduce_all", reduce_logic},
    {"argmax", argmax},
    {"argmin", argmin},
    {"softmax", softmax},
    {"log_softmax", log_softmax},
    {"sort", sort},
    {"argsort", argsort},
    {"reverse", reverse},
};

}  // namespace

LegalizeFn find_layout_rule(std::string_view op) {
  for (const LegalizeRule& rule : kRules)
    if (rule.op == op) return rule.fn;
  return nullptr;
}

}  // namespace kedge::passes::tflite
