// Two-operand ops: integer arithmetic that TFLite lacks, boolean forms, and ranks above what its broadcasting kernels
// take.
#include <limits>

#include "passes/legalize_tflite_emitter.h"

namespace kedge::passes::tflite {
namespace {

bool is_small_integer(DType d) {
  return d == DType::int8 || d == DType::uint8 || d == DType::int16 || d == DType::uint16 || d == DType::uint32 ||
         d == DType::boolean;
}

/// Runs an op in int32 and casts back: TFLite's integer kernels mostly know int32 alone.
Values through_int32(Emitter& e, std::string_view op, const Values& in) {
  const DType dtype = e.dtype(in[0]);
  Values wide;
  for (const ValueId v : in) wide.push_back(e.cast(v, DType::int32));
  return {e.cast(e.op(op, wide), dtype)};
}

Values arithmetic(std::string_view op, Emitter& e, const Values& in) {
  if (is_small_integer(e.dtype(in[0]))) return through_int32(e, op, in);
  return {};
}
Values add(Emitter& e, const Values& in, const Attrs&) { return arithmetic("add", e, in); }
Values sub(Emitter& e, const Values& in, const Attrs&) { return arithmetic("sub", e, in); }
Values mul(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::boolean) return {e.op("logical_and", in)};
  return arithmetic("mul", e, in);
}

Values floordiv(Emitter& e, const Values& in, const Attrs&) {
  const DType dtype = e.dtype(in[0]);
  if (dtype == DType::int64) {
    e.fault("`floordiv` of int64 has no TensorFlow Lite kernel", "cast the operands to int32");
    return {in[0]};
  }
  return arithmetic("floordiv", e, in);
}
Values mod(Emitter& e, const Values& in, const Attrs&) { return arithmetic("mod", e, in); }

Values pow(Emitter& e, const Values& in, const Attrs&) {
  const DType dtype = e.dtype(in[0]);
  if (dtype == DType::int64) {
    e.fault("`pow` of int64 has no TensorFlow Lite kernel", "cast the operands to int32 or float32");
    return {in[0]};
  }
  return arithmetic("pow", e, in);
}

Values extremum(std::string_view op, Emitter& e, const Values& in) {
  const DType d = e.dtype(in[0]);
  if (d == DType::boolean) return {e.op(op == "max" ? "logical_or" : "logical_and", in)};
  if (d == DType::uint16 || d == DType::uint32) return through_int32(e, op, in);
  return {};
}
Values max(Emitter& e, const Values& in, const Attrs&) { return extremum("max", e, in); }
Values min(Emitter& e, const Values& in, const Attrs&) { return extremum("min", e, in); }

Values squared_difference(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::float32 || e.dtype(in[0]) == DType::int32) return {};
  const ValueId d = e.sub(in[0], in[1]);
  return {e.mul(d, d)};
}

Values compare(std::string_view op, Emitter& e, const Values& in) {
  const DType d = e.dtype(in[0]);
  const bool ordered = op != "equal" && op != "not_equal";
  if ((d == DType::boolean && ordered) || d == DType::uint16 || d == DType::uint32 || d == DType::int16 ||
      d == DType::uint8 || d == DType::int8) {
    return {e.op(op, {e.cast(in[0], DType::int32), e.cast(in[1], DType::int32)})};
  }
  return {};
}
Values equal(Emitter& e, const Values& in, const Attrs&) { return compare("equal", e, in); }
Values not_equal(Emitter& e, const Values& in, const Attrs&) { return compare("not_equal", e, in); }
Values less(Emitter& e, const Values& in, const Attrs&) { return compare("less", e, in); }
Values less_equal(Emitter& e, const Values& in, const Attrs&) { return compare("less_equal", e, in); }
Values greater(Emitter& e, const Values& in, const Attrs&) { return compare("greater", e, in); }
Values greater_equal(Emitter& e, const Values& in, const Attrs&) { return compare("greater_equal", e, in); }

Values logical_xor(Emitter& e, const Values& in, const Attrs&) { return {e.op("not_equal", in)}; }

// a + b = (a ^ b) + 2 (a & b), so a & b is half the difference; the top bit, which the wrapping sum loses, is set by
// the signs.
ValueId and_int32(Emitter& e, ValueId a, ValueId b) {
  const ValueId zero = e.scalar(DType::int32, 0);
  const ValueId top = e.scalar(DType::int32, std::numeric_limits<std::int32_t>::min());
  const ValueId twice = e.sub(e.add(a, b), e.op("bitwise_xor", {a, b}));
  const ValueId half = e.op("right_shift", {twice, e.scalar(DType::int32, 1)});
  const ValueId low = e.select(e.op("less", {half, zero}), e.op("bitwise_xor", {half, top}), half);
  const ValueId both = e.op("logical_and", {e.op("less", {a, zero}), e.op("less", {b, zero})});
  return e.select(both, e.op("bitwise_xor", {low, top}), low);
}

Values bitwise(std::string_view op, Emitter& e, const Values& in) {
  const DType dtype = e.dtype(in[0]);
  if (dtype == DType::boolean)
    return {e.op(op == "bitwise_and" ? "logical_and" : op == "bitwise_or" ? "logical_or" : "logical_xor", in)};
  if (dtype == DType::int64 || dtype == DType::uint64 || dtype == DType::uint32) {
    e.fault("bitwise operations on 64-bit and unsigned 32-bit integers have no TensorFlow Lite kernel",
            "cast the operands to int32");
    return {in[0]};
  }
  if (dtype != DType::int32) return through_int32(e, op, in);
  if (op == "bitwise_xor") return {};
  const ValueId both = and_int32(e, in[0], in[1]);
  if (op == "bitwise_and") return {both};
  return {e.op("bitwise_xor", {e.op("bitwise_xor", in), both})};
}
Values bitwise_and(Emitter& e, const Values& in, const Attrs&) { return bitwise("bitwise_and", e, in); }
Values bitwise_or(Emitter& e, const Values& in, const Attrs&) { return bitwise("bitwise_or", e, in); }
Values bitwise_xor(Emitter& e, const Values& in, const Attrs&) { return bitwise("bitwise_xor", e, in); }

Values left_shift(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::int64) {
    e.fault("`left_shift` of int64 has no TensorFlow Lite kernel", "cast the operands to int32");
    return {in[0]};
  }
  if (e.dtype(in[0]) != DType::int32) return through_int32(e, "left_shift", in);
  return {e.mul(in[0], e.op("pow", {e.scalar(DType::int32, 2), in[1]}))};
}
Values right_shift(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::int64) {
    e.fault("`right_shift` of int64 has no TensorFlow Lite kernel", "cast the operands to int32");
    return {in[0]};
  }
  if (is_small_integer(e.dtype(in[0]))) return through_int32(e, "right_shift", in);
  return {};
}

Values select(Emitter& e, const Values& in, const Attrs&) {
  const DType d = e.dtype(in[1]);
  if (d == DType::boolean) {
    const ValueId yes = e.op("logical_and", {in[0], in[1]});
    const ValueId no = e.op("logical_and", {e.unary("logical_not", in[0]), in[2]});
    return {e.op("logical_or", {yes, no})};
  }
  if (d == DType::uint16) return {e.cast(e.select(in[0], e.cast(in[1], DType::int32), e.cast(in[2], DType::int32)), d)};
  return {};
}

// Division towards zero: the signs apart.
Values truncdiv(Emitter& e, const Values& in, const Attrs&) {
  if (e.dtype(in[0]) == DType::float32) {
    const ValueId q = e.div(in[0], in[1]);
    return {e.mul(e.unary("sign", q), e.unary("floor", e.unary("abs", q)))};
  }
  const ValueId quotient = e.op("floordiv", {e.unary("abs", in[0]), e.unary("abs", in[1])});
  return {e.mul(e.mul(e.unary("sign", in[0]), e.unary("sign", in[1])), quotient)};
}

// ATAN2 does not broadcast.
Values atan2(Emitter& e, const Values& in, const Attrs&) {
  const StaticShape a = e.shape(in[0]);
  const StaticShape b = e.shape(in[1]);
  if (a == b) return {};
  const StaticShape full = e.shape(e.add(in[0], in[1]));
  Values wide;
  for (const ValueId v : in) wide.push_back(e.op("broadcast_to", {v}, Attrs{{"shape", to_shape(full)}}));
  return {e.raw1("atan2", wide)};
}

constexpr LegalizeRule kRules[] = {
    {"atan2", atan2},
    {"truncdiv", truncdiv},
    {"add", add},
    {"sub", sub},
    {"mul", mul},
    {"floordiv", floordiv},
    {"mod", mod},
    {"pow", pow},
    {"max", max},
    {"min", min},
    {"squared_difference", squared_difference},
    {"equal", equal},
    {"not_equal", not_equal},
    {"less", less},
    {"less_equal", less_equal},
    {"greater", greater},
    {"greater_equal", greater_equal},
    {"logical_xor", logical_xor},
    {"bitwise_and", bitwise_and},
    {"bitwise_or", bitwise_or},
    {"bitwise_xor", bitwise_xor},
    {"left_shift", left_shift},
    {"right_shift", right_shift},
    {"select", select},
};

}  // namespace

LegalizeFn find_binary_rule(std::string_view op) {
  for (const LegalizeRule& rule : kRules)
    if (rule.op == op) return rule.fn;
  return nullptr;
}

}  // namespace kedge::passes::tflite
