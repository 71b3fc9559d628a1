// What each of TFLite's operators is in the ir. Those with windows and weights are in import_windows.cpp.
#include <algorithm>
#include <numeric>

#include "frontends/tflite/importer.h"

namespace kedge::frontends::tflite {
namespace {

using format::Op;
using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kMaxElements = std::int64_t{1} << 31;

struct Plain {
  Op op;
  std::string_view ir;
};

constexpr Plain kPlain[] = {
    {Op::abs, "abs"},
    {Op::neg, "neg"},
    {Op::sign, "sign"},
    {Op::floor, "floor"},
    {Op::ceil, "ceil"},
    {Op::round, "round"},
    {Op::exp, "exp"},
    {Op::log, "log"},
    {Op::sqrt, "sqrt"},
    {Op::rsqrt, "rsqrt"},
    {Op::square, "square"},
    {Op::sin, "sin"},
    {Op::cos, "cos"},
    {Op::tanh, "tanh"},
    {Op::logistic, "sigmoid"},
    {Op::relu, "relu"},
    {Op::relu6, "relu6"},
    {Op::hard_swish, "hard_swish"},
    {Op::logical_not, "logical_not"},
    {Op::add, "add"},
    {Op::sub, "sub"},
    {Op::mul, "mul"},
    {Op::floor_div, "floordiv"},
    {Op::floor_mod, "mod"},
    {Op::pow, "pow"},
    {Op::maximum, "max"},
    {Op::minimum, "min"},
    {Op::atan2, "atan2"},
    {Op::squared_difference, "squared_difference"},
    {Op::equal, "equal"},
    {Op::not_equal, "not_equal"},
    {Op::less, "less"},
    {Op::less_equal, "less_equal"},
    {Op::greater, "greater"},
    {Op::greater_equal, "greater_equal"},
    {Op::logical_and, "logical_and"},
    {Op::logical_or, "logical_or"},
    {Op::bitwise_xor, "bitwise_xor"},
    {Op::right_shift, "right_shift"},
    {Op::select_v2, "select"},
    {Op::dequantize, "dequantize"},
    {Op::gather_nd, "gather_nd"},
};

Result<void> plain(Importer& in) {
  for (const Plain& p : kPlain) {
    if (p.op != in.op().op) continue;
    std::vector<ValueId> operands;
    for (std::size_t i = 0; i < in.operand_count(); ++i) operands.push_back(in.operand(i));
    return in.finish(p.ir, std::move(operands));
  }
  return in.fault("is not supported");
}

/// Axis options and operands may count from the end.
std::optional<std::int64_t> normal(std::int64_t axis, std::int64_t rank) {
  if (axis < 0) axis += rank;
  if (axis < 0 || axis >= std::max<std::int64_t>(rank, 1)) return std::nullopt;
  return axis;
}

Result<void> div(Importer& in) {
  const bool real = in.operand(0) >= 0 && is_float(in.graph().value(in.operand(0)).dtype);
  return in.finish(real ? "div" : "truncdiv", {in.operand(0), in.operand(1)});
}

Result<void> quantize(Importer& in) {
  const ValueId x = in.operand(0);
  if (x < 0) return in.fault("an operand is missing");
  return in.finish(is_float(in.graph().value(x).dtype) ? "quantize" : "requantize", {x});
}

Result<void> cast(Importer& in) {
  const std::optional<DType> to = dtype_of(in.info(in.op().outputs[0]).type);
  if (!to) return in.fault("its result's type is not supported");
  return in.finish("cast", {in.operand(0)}, Attrs{{"to", *to}});
}

Result<void> elu(Importer& in) { return in.finish("elu", {in.operand(0)}, Attrs{{"alpha", 1.0}}); }
Result<void> gelu(Importer& in) {
  return in.finish("gelu", {in.operand(0)}, Attrs{{"approximate", in.op().option("approximate") != 0}});
}
Result<void> leaky_relu(Importer& in) {
  return in.finish("leaky_relu", {in.operand(0)}, Attrs{{"alpha", in.op().option("alpha")}});
}

Result<void> soft(Importer& in) {
  if (in.operand(0) < 0) return in.fault("an operand is missing");
  if (in.op().op == Op::softmax && in.op().option("beta") != 1.0)
    return in.fault("a softmax whose beta is not 1 is not supported");
  return in.finish(in.op().op == Op::softmax ? "softmax" : "log_softmax", {in.operand(0)},
                   Attrs{{"axis", rank_of(in, 0) - 1}});
}

Result<void> reduce(Importer& in) {
  static constexpr std::pair<Op, std::string_view> kOps[] = {
      {Op::sum, "reduce_sum"},        {Op::mean, "reduce_mean"},        {Op::reduce_max, "reduce_max"},
      {Op::reduce_min, "reduce_min"}, {Op::reduce_prod, "reduce_prod"}, {Op::reduce_any, "reduce_any"},
      {Op::reduce_all, "reduce_all"}};
  const std::optional<Ints> axes = in.ints(1);
  if (!axes || in.operand(0) < 0) return in.fault("its axes are not constant");
  Ints sorted;
  for (const std::int64_t a : *axes) {
    const std::optional<std::int64_t> axis = normal(a, rank_of(in, 0));
    if (!axis) return in.fault("an axis is out of range");
    sorted.push_back(*axis);
  }
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (const auto& [op, name] : kOps)
    if (op == in.op().op)
      return in.finish(name, {in.operand(0)}, Attrs{{"axes", sorted}, {"keepdims", in.op().option("keepdims") != 0}});
  return in.fault("is not supported");
}

Result<void> arg_extremum(Importer& in) {
  const std::optional<Ints> axes = in.ints(1);
  if (!axes || axes->size() != 1 || in.operand(0) < 0) return in.fault("its axis is not constant");
  const std::optional<std::int64_t> axis = normal((*axes)[0], rank_of(in, 0));
  const std::optional<DType> to = dtype_of(in.info(in.op().outputs[0]).type);
  if (!axis || !to) return in.fault("its axis is out of range");
  return in.finish(in.op().op == Op::arg_max ? "argmax" : "argmin", {in.operand(0)},
                   Attrs{{"axis", *axis}, {"keepdims", false}, {"to", *to}});
}

Result<void> cumsum(Importer& in) {
  const std::optional<Ints> axes = in.ints(1);
  if (!axes || axes->size() != 1 || in.operand(0) < 0) return in.fault("its axis is not constant");
  const std::optional<std::int64_t> axis = normal((*axes)[0], rank_of(in, 0));
  if (!axis) return in.fault("its axis is out of range");
  return in.finish("cumsum", {in.operand(0)},
                   Attrs{{"axis", *axis},
                         {"exclusive", in.op().option("exclusive") != 0},
                         {"reverse", in.op().option("reverse") != 0}});
}

// The file has the result's shape, which the rule checks by the number of elements.
Result<void> reshape(Importer& in) {
  return in.finish("reshape", {in.operand(0)}, Attrs{{"shape", to_shape(in.out_shape())}});
}

Result<void> transpose(Importer& in) {
  const std::optional<Ints> perm = in.ints(1);
  if (!perm) return in.fault("its permutation is not constant");
  Ints normalised;
  for (const std::int64_t p : *perm) normalised.push_back(p < 0 ? p + static_cast<std::int64_t>(perm->size()) : p);
  return in.finish("transpose", {in.operand(0)}, Attrs{{"perm", normalised}});
}

Result<void> concat(Importer& in) {
  std::vector<ValueId> parts;
  for (std::size_t i = 0; i < in.operand_count(); ++i) parts.push_back(in.operand(i));
  if (parts.empty() || parts[0] < 0) return in.fault("an operand is missing");
  const std::optional<std::int64_t> axis = normal(static_cast<std::int64_t>(in.op().option("axis")), rank_of(in, 0));
  if (!axis) return in.fault("its axis is out of range");
  return in.finish("concat", std::move(parts), Attrs{{"axis", *axis}});
}

Result<void> slice(Importer& in) {
  const std::optional<Ints> begin = in.ints(1);
  const std::optional<Ints> size = in.ints(2);
  if (!begin || !size || in.operand(0) < 0) return in.fault("its bounds are not constant");
  const StaticShape shape = in.shape(in.operand(0));
  if (begin->size() != shape.size() || size->size() != shape.size())
    return in.fault("its bounds do not fit the operand");
  StaticShape first = *begin;
  StaticShape last;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const std::int64_t count = (*size)[d] < 0 ? shape[d] - first[d] : (*size)[d];
    if (first[d] < 0 || count < 0 || first[d] > shape[d] || count > shape[d] - first[d])
      return in.fault("its bounds are out of range");
    last.push_back(first[d] + count);
  }
  return in.finish("slice", {in.operand(0)},
                   Attrs{{"begin", to_shape(first)}, {"end", to_shape(last)}, {"strides", Ints(shape.size(), 1)}});
}

Result<void> strided_slice(Importer& in) {
  const std::optional<Ints> begins = in.ints(1);
  const std::optional<Ints> ends = in.ints(2);
  const std::optional<Ints> strides = in.ints(3);
  if (!begins || !ends || !strides || in.operand(0) < 0) return in.fault("its bounds are not constant");
  if (in.op().option("ellipsis_mask") != 0 || in.op().option("new_axis_mask") != 0 || in.op().option("offset") != 0)
    return in.fault("an ellipsis or new axis is not supported");
  const StaticShape shape = in.shape(in.operand(0));
  if (begins->size() > shape.size() || ends->size() != begins->size() || strides->size() != begins->size())
    return in.fault("its bounds do not fit the operand");
  const std::int64_t begin_mask = static_cast<std::int64_t>(in.op().option("begin_mask"));
  const std::int64_t end_mask = static_cast<std::int64_t>(in.op().option("end_mask"));
  const std::int64_t shrink = static_cast<std::int64_t>(in.op().option("shrink_axis_mask"));
  StaticShape first;
  StaticShape last;
  Ints steps;
  StaticShape kept;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    const std::int64_t n = shape[d];
    if (d >= begins->size()) {
      first.push_back(0), last.push_back(n), steps.push_back(1), kept.push_back(n);
      continue;
    }
    const std::int64_t step = (*strides)[d];
    if (step == 0 || step < -kMaxElements || step > kMaxElements) return in.fault("a stride is out of range");
    const bool shrinks = (shrink >> d & 1) != 0;
    const auto place = [&](std::int64_t v, std::int64_t low, std::int64_t high) {
      return std::clamp(v < 0 ? v + n : v, low, high);
    };
    std::int64_t b = (begin_mask >> d & 1) != 0 ? (step > 0 ? 0 : n - 1)
                                                : place((*begins)[d], step > 0 ? 0 : -1, step > 0 ? n : n - 1);
    std::int64_t e =
        (end_mask >> d & 1) != 0 ? (step > 0 ? n : -1) : place((*ends)[d], step > 0 ? 0 : -1, step > 0 ? n : n - 1);
    std::int64_t s = step;
    if (shrinks) {
      b = (*begins)[d] < 0 ? (*begins)[d] + n : (*begins)[d];
      if (b < 0 || b >= n) return in.fault("an index is out of range");
      e = b + 1;
      s = 1;
    }
    if (s > 0 && e < b) e = b;
    if (s < 0 && e > b) e = b;
    if (b < 0) b = 0, e = 0, s = 1;  // nothing is left
    first.push_back(b), last.push_back(e), steps.push_back(s);
    if (!shrinks) kept.push_back(s > 0 ? (e - b + s - 1) / s : (b - e - s - 1) / -s);
  }
  const Attrs attrs{{"begin", to_shape(first)}, {"end", to_shape(last)}, {"strides", steps}};
  if (shrink == 0) return in.finish("slice", {in.operand(0)}, attrs);
  KEDGE_TRY(const ValueId cut, in.node("slice", {in.operand(0)}, attrs, in.graph().value(in.operand(0)).quant));
  return in.finish("reshape", {cut}, Attrs{{"shape", to_shape(kept)}});
}

Result<void> pad(Importer& in) {
  const std::optional<Ints> table = in.ints(1);
  if (!table || in.operand(0) < 0) return in.fault("its padding is not constant");
  const std::size_t rank = in.shape(in.operand(0)).size();
  if (table->size() != 2 * rank) return in.fault("its padding does not fit the operand");
  StaticShape before;
  StaticShape after;
  for (std::size_t d = 0; d < rank; ++d) {
    if ((*table)[2 * d] < 0 || (*table)[2 * d + 1] < 0) return in.fault("its padding is negative");
    before.push_back((*table)[2 * d]);
    after.push_back((*table)[2 * d + 1]);
  }
  Attrs attrs{
      {"before", to_shape(before)}, {"after", to_shape(after)}, {"mode", std::string("constant")}, {"value", 0.0}};
  if (in.op().op == Op::mirror_pad)
    attrs.set("mode", std::string(in.op().option("mode") != 0 ? "symmetric" : "reflect"));
  if (in.op().op == Op::padv2) {
    const ValueId v = in.operand(2);
    if (v < 0 || !in.graph().value(v).constant || in.graph().value(v).constant->size() != 1)
      return in.fault("its fill is not constant");
    const ir::Value& fill = in.graph().value(v);
    const double q = fill.constant->element_as_double(0);
    attrs.set("value",
              fill.quant.present() ? static_cast<double>(fill.quant.scale()) * (q - fill.quant.zero_point()) : q);
  }
  return in.finish("pad", {in.operand(0)}, attrs);
}

Result<void> gather(Importer& in) {
  if (in.operand(0) < 0) return in.fault("an operand is missing");
  const std::optional<std::int64_t> axis = normal(static_cast<std::int64_t>(in.op().option("axis")), rank_of(in, 0));
  if (!axis) return in.fault("its axis is out of range");
  return in.finish("gather", {in.operand(0), in.operand(1)},
                   Attrs{{"axis", *axis}, {"batch_dims", static_cast<std::int64_t>(in.op().option("batch_dims"))}});
}

Result<void> scatter_nd(Importer& in) {
  return in.finish("scatter_nd", {in.operand(0), in.operand(1)}, Attrs{{"shape", to_shape(in.out_shape())}});
}

Result<void> tile(Importer& in) {
  const std::optional<Ints> multiples = in.ints(1);
  if (!multiples) return in.fault("its multiples are not constant");
  for (const std::int64_t m : *multiples)
    if (m < 0 || m > kMaxElements) return in.fault("a multiple is out of range");
  return in.finish("tile", {in.operand(0)}, Attrs{{"multiples", to_shape(*multiples)}});
}

Result<void> broadcast_to(Importer& in) {
  return in.finish("broadcast_to", {in.operand(0)}, Attrs{{"shape", to_shape(in.out_shape())}});
}

Result<void> reverse(Importer& in) {
  const std::optional<Ints> axes = in.ints(1);
  if (!axes || in.operand(0) < 0) return in.fault("its axes are not constant");
  Ints normalised;
  for (const std::int64_t a : *axes) {
    const std::optional<std::int64_t> axis = normal(a, rank_of(in, 0));
    if (!axis) return in.fault("an axis is out of range");
    normalised.push_back(*axis);
  }
  std::sort(normalised.begin(), normalised.end());
  return in.finish("reverse", {in.operand(0)}, Attrs{{"axes", normalised}});
}

Result<void> one_hot(Importer& in) {
  const std::optional<Ints> depth = in.ints(1);
  const std::optional<DType> to = dtype_of(in.info(in.op().outputs[0]).type);
  for (std::size_t i = 2; i < 4; ++i) {
    const ValueId v = in.operand(i);
    if (v < 0 || !in.graph().value(v).constant || in.graph().value(v).constant->size() != 1 ||
        in.graph().value(v).constant->element_as_double(0) != (i == 2 ? 1.0 : 0.0))
      return in.fault("its values are not 1 and 0");
  }
  if (!depth || depth->size() != 1 || (*depth)[0] < 0 || !to) return in.fault("its depth is not constant");
  return in.finish(
      "one_hot", {in.operand(0)},
      Attrs{{"depth", (*depth)[0]}, {"axis", static_cast<std::int64_t>(in.op().option("axis"))}, {"to", *to}});
}

Result<void> top_k(Importer& in) {
  const std::optional<Ints> k = in.ints(1);
  if (!k || k->size() != 1) return in.fault("k is not constant");
  return in.finish("top_k", {in.operand(0)}, Attrs{{"k", (*k)[0]}, {"sorted", true}});
}

Result<void> batch_matmul(Importer& in) {
  return in.finish("matmul", {in.operand(0), in.operand(1)},
                   Attrs{{"transpose_a", in.op().option("adj_x") != 0}, {"transpose_b", in.op().option("adj_y") != 0}});
}

// --- pieces and stacks

Result<void> pack(Importer& in) {
  const StaticShape out = in.out_shape();
  const std::optional<std::int64_t> axis =
      normal(static_cast<std::int64_t>(in.op().option("axis")), static_cast<std::int64_t>(out.size()));
  if (!axis || out.empty()) return in.fault("its axis is out of range");
  StaticShape one = out;
  one[*axis] = 1;
  std::vector<ValueId> parts;
  for (std::size_t i = 0; i < in.operand_count(); ++i) {
    if (in.operand(i) < 0) return in.fault("an operand is missing");
    KEDGE_TRY(const ValueId part, in.node("reshape", {in.operand(i)}, Attrs{{"shape", to_shape(one)}},
                                          in.graph().value(in.operand(i)).quant));
    parts.push_back(part);
  }
  return in.finish("concat", std::move(parts), Attrs{{"axis", *axis}});
}

// --- control flow

Result<void> if_else(Importer& in) {
  std::vector<ValueId> inputs;
  for (std::size_t i = 0; i < in.operand_count(); ++i) inputs.push_back(in.operand(i));
  std::vector<std::unique_ptr<ir::Graph>> bodies;
  for (const char* name : {"then", "else"}) {
    KEDGE_TRY(std::unique_ptr<ir::Graph> body, in.body(static_cast<std::int32_t>(in.op().option(name))));
    bodies.push_back(std::move(body));
  }
  return in.finish_with_bodies("if", std::move(inputs), {}, std::move(bodies), in.op().outputs.size());
}

Result<void> while_loop(Importer& in) {
  std::vector<ValueId> inputs;
  for (std::size_t i = 0; i < in.operand_count(); ++i) inputs.push_back(in.operand(i));
  std::vector<std::unique_ptr<ir::Graph>> bodies;
  for (const char* name : {"condition", "body"}) {
    KEDGE_TRY(std::unique_ptr<ir::Graph> body, in.body(static_cast<std::int32_t>(in.op().option(name))));
    bodies.push_back(std::move(body));
  }
  const std::int64_t carried = static_cast<std::int64_t>(inputs.size());
  return in.finish_with_bodies("while", std::move(inputs), Attrs{{"carried", carried}}, std::move(bodies),
                               in.op().outputs.size());
}

struct Reader {
  Op op;
  ReadFn fn;
};

constexpr Reader kReaders[] = {
    {Op::div, div},
    {Op::quantize, quantize},
    {Op::cast, cast},
    {Op::elu, elu},
    {Op::gelu, gelu},
    {Op::leaky_relu, leaky_relu},
    {Op::softmax, soft},
    {Op::log_softmax, soft},
    {Op::sum, reduce},
    {Op::mean, reduce},
    {Op::reduce_max, reduce},
    {Op::reduce_min, reduce},
    {Op::reduce_prod, reduce},
    {Op::reduce_any, reduce},
    {Op::reduce_all, reduce},
    {Op::arg_max, arg_extremum},
    {Op::arg_min, arg_extremum},
    {Op::cumsum, cumsum},
    {Op::reshape, reshape},
    {Op::squeeze, reshape},
    {Op::expand_dims, reshape},
    {Op::transpose, transpose},
    {Op::concatenation, concat},
    {Op::slice, slice},
    {Op::strided_slice, strided_slice},
    {Op::pad, pad},
    {Op::padv2, pad},
    {Op::mirror_pad, pad},
    {Op::gather, gather},
    {Op::scatter_nd, scatter_nd},
    {Op::tile, tile},
    {Op::broadcast_to, broadcast_to},
    {Op::reverse_v2, reverse},
    {Op::one_hot, one_hot},
    {Op::topk_v2, top_k},
    {Op::batch_matmul, batch_matmul},
    {Op::conv_2d, conv2d},
    {Op::depthwise_conv_2d, depthwise},
    {Op::transpose_conv, transpose_conv},
    {Op::max_pool_2d, pool},
    {Op::average_pool_2d, pool},
    {Op::fully_connected, fully_connected},
    {Op::resize_bilinear, resize},
    {Op::resize_nearest_neighbor, resize},
    {Op::pack, pack},
    {Op::if_, if_else},
    {Op::while_, while_loop},
};

}  // namespace

ReadFn find_reader(Op op) {
  for (const Reader& reader : kReaders)
    if (reader.op == op) return reader.fn;
  for (const Plain& p : kPlain)
    if (p.op == op) return plain;
  return nullptr;
}

}  // namespace kedge::frontends::tflite
