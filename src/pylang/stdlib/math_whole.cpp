// math: the functions of whole numbers of any size.
#include "pylang/builtins/numbers.h"
#include "pylang/stdlib/math_parts.h"

namespace kedge::pylang {
namespace {

BigInt gcd_of(BigInt a, BigInt b) {
  while (!b.zero()) {
    BigInt q;
    BigInt r;
    BigInt::divmod(a, b, q, r);
    a = b;
    b = r;
  }
  return a.negative() ? -a : a;
}
template <bool least_multiple>
Value gcd(Interp& interp, Args args, void*) {
  BigInt out(least_multiple ? 1 : 0);
  for (const Value item : args.positional) {
    const Value index = index_of(interp, item);
    if (index.is_error()) return {};
    const BigInt value = *big_of(index);
    if (!least_multiple) {
      out = gcd_of(out, value);
      continue;
    }
    if (value.zero() || out.zero()) {
      out = BigInt(0);
      continue;
    }
    BigInt q;
    BigInt r;
    BigInt::divmod(out * value, gcd_of(out, value), q, r);
    out = q.negative() ? -q : q;
  }
  return interp.big(std::move(out));
}
std::optional<BigInt> whole_argument(Interp& interp, Value value, const char* name) {
  const Value index = index_of(interp, value);
  if (index.is_error()) return std::nullopt;
  BigInt out = *big_of(index);
  if (out.negative()) {
    (void)value_error(interp, std::string(name) + "() not defined for negative values");
    return std::nullopt;
  }
  return out;
}
Value factorial(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "factorial", 1, 1, false)) return {};
  const std::optional<BigInt> n = whole_argument(interp, args.positional[0], "factorial");
  if (!n) return {};
  const std::optional<std::int64_t> count = n->to_int64();
  if (!count || *count > 20000)
    return interp.refuse(
        "K0311", "an integer of more than " + std::to_string(interp.limits().integer_bits) + " bits was computed");
  BigInt out(1);
  for (std::int64_t i = 2; i <= *count; ++i) out = out * BigInt(i);
  return interp.big(std::move(out));
}
Value isqrt(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "isqrt", 1, 1, false)) return {};
  const Value index = index_of(interp, args.positional[0]);
  if (index.is_error()) return {};
  const BigInt n = *big_of(index);
  if (n.negative()) return value_error(interp, "isqrt() argument must be nonnegative");
  if (n.zero()) return Value::integer(0);
  // Newton from above.
  BigInt x = BigInt::shift_left(BigInt(1), (n.bit_length() + 1) / 2);
  while (true) {
    BigInt q;
    BigInt r;
    BigInt::divmod(n, x, q, r);
    const BigInt next = BigInt::shift_right(x + q, 1);
    if (compare(next, x) >= 0) return interp.big(std::move(x));
    x = next;
  }
}
template <bool ordered>
Value choose(Interp& interp, Args args, void*) {
  if (!arity(interp, args, ordered ? "perm" : "comb", ordered ? 1 : 2, 2, false)) return {};
  if (ordered && (args.positional.size() == 1 || args.positional[1].is_none()))
    return factorial(interp, Args{args.positional.first(1), {}, {}}, nullptr);
  const Value ni = index_of(interp, args.positional[0]);
  if (ni.is_error()) return {};
  const Value ki = index_of(interp, args.positional[1]);
  if (ki.is_error()) return {};
  const BigInt n = *big_of(ni);
  BigInt k = *big_of(ki);
  if (n.negative()) return value_error(interp, "n must be a non-negative integer");
  if (k.negative()) return value_error(interp, "k must be a non-negative integer");
  if (compare(k, n) > 0) return Value::integer(0);
  if (!ordered && compare(n - k, k) < 0) k = n - k;
  const std::optional<std::int64_t> steps = k.to_int64();
  if (!steps || *steps > 20000)
    return interp.refuse(
        "K0311", "an integer of more than " + std::to_string(interp.limits().integer_bits) + " bits was computed");
  BigInt out(1);
  for (std::int64_t i = 0; i < *steps; ++i) {
    out = out * (n - BigInt(i));
    if (ordered) continue;
    BigInt q;
    BigInt r;
    BigInt::divmod(out, BigInt(i + 1), q, r);
    out = q;
  }
  return interp.big(std::move(out));
}

}  // namespace

void add_math_whole_numbers(Interp& interp, Module& module) {
  static constexpr Method kFunctions[] = {{"gcd", gcd<false>}, {"lcm", gcd<true>},      {"factorial", factorial},
                                          {"isqrt", isqrt},    {"comb", choose<false>}, {"perm", choose<true>}};
  add_functions(interp, module, kFunctions);
}

}  // namespace kedge::pylang
