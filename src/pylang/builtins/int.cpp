// int and bool: arithmetic of any size. The machine has fast paths for small operands; these are the complete rules.
// Conversions from and to text and bytes are in int_convert.cpp.
#include <algorithm>
#include <cmath>

#include "pylang/builtins/int_parts.h"
#include "pylang/builtins/numbers.h"
#include "pylang/builtins/support.h"

namespace kedge::pylang {

bool product_fits(Interp& interp, std::int64_t bits) {
  if (bits <= interp.limits().integer_bits + 64) return true;
  (void)interp.refuse("K0311",
                      "an integer of more than " + std::to_string(interp.limits().integer_bits) + " bits was computed");
  return false;
}

namespace {

// An operand: small when it fits 64 bits.
struct Int {
  bool valid = false;
  bool small = true;
  std::int64_t i = 0;
  BigInt big() const { return small ? BigInt(i) : *held; }
  const BigInt* held = nullptr;
};

Int read(Value value) {
  Int out;
  if (small_of(value, out.i)) {
    out.valid = true;
    return out;
  }
  if (auto* object = as<BigIntObject>(unwrap(value))) {
    out.valid = true;
    out.small = false;
    out.held = &object->value;
  }
  return out;
}

using Operation = Value (*)(Interp&, const Int&, const Int&);

// The native of a binary operator; `reversed` swaps the operands (`__radd__`).
template <Operation operation, bool reversed>
Value binary(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "operator", 1, 1)) return {};
  const Int a = read(args.positional[reversed ? 1 : 0]);
  const Int b = read(args.positional[reversed ? 0 : 1]);
  if (!a.valid || !b.valid) return interp.not_implemented();
  return operation(interp, a, b);
}

Value add(Interp& interp, const Int& a, const Int& b) {
  std::int64_t out = 0;
  if (a.small && b.small && !__builtin_add_overflow(a.i, b.i, &out)) return Value::integer(out);
  return interp.big(a.big() + b.big());
}
Value subtract(Interp& interp, const Int& a, const Int& b) {
  std::int64_t out = 0;
  if (a.small && b.small && !__builtin_sub_overflow(a.i, b.i, &out)) return Value::integer(out);
  return interp.big(a.big() - b.big());
}
Value multiply(Interp& interp, const Int& a, const Int& b) {
  std::int64_t out = 0;
  if (a.small && b.small && !__builtin_mul_overflow(a.i, b.i, &out)) return Value::integer(out);
  const BigInt x = a.big();
  const BigInt y = b.big();
  if (!product_fits(interp, x.bit_length() + y.bit_length() - 1)) return {};
  return interp.big(x * y);
}
bool is_zero(const Int& a) { return a.small && a.i == 0; }

Value floor_divide(Interp& interp, const Int& a, const Int& b) {
  if (is_zero(b)) return interp.raise("ZeroDivisionError", "integer division or modulo by zero");
  if (a.small && b.small && b.i != -1) {
    const std::int64_t q = a.i / b.i;
    return Value::integer(a.i % b.i != 0 && (a.i < 0) != (b.i < 0) ? q - 1 : q);
  }
  BigInt q;
  BigInt r;
  BigInt::divmod(a.big(), b.big(), q, r);
  return interp.big(std::move(q));
}
Value modulo(Interp& interp, const Int& a, const Int& b) {
  if (is_zero(b)) return interp.raise("ZeroDivisionError", "integer modulo by zero");
  if (a.small && b.small) {
    if (b.i == -1) return Value::integer(0);
    const std::int64_t r = a.i % b.i;
    return Value::integer(r != 0 && (r < 0) != (b.i < 0) ? r + b.i : r);
  }
  BigInt q;
  BigInt r;
  BigInt::divmod(a.big(), b.big(), q, r);
  return interp.big(std::move(r));
}
Value divide_pair(Interp& interp, const Int& a, const Int& b) {
  const Value q = floor_divide(interp, a, b);
  if (q.is_error()) return {};
  const Value r = modulo(interp, a, b);
  return r.is_error() ? Value() : interp.tuple({q, r});
}
Value true_divide(Interp& interp, const Int& a, const Int& b) {
  if (is_zero(b)) return interp.raise("ZeroDivisionError", "division by zero");
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  if (a.small && b.small && a.i != INT64_MIN && b.i != INT64_MIN && std::abs(a.i) <= kExact &&
      std::abs(b.i) <= kExact) {
    return Value::real(static_cast<double>(a.i) / static_cast<double>(b.i));
  }
  const std::optional<double> out = BigInt::true_divide(a.big(), b.big());
  if (!out) return interp.raise("OverflowError", "integer division result too large for a float");
  return Value::real(*out);
}
Value bit_and(Interp& interp, const Int& a, const Int& b) {
  return a.small && b.small ? Value::integer(a.i & b.i) : interp.big(BigInt::bit_and(a.big(), b.big()));
}
Value bit_or(Interp& interp, const Int& a, const Int& b) {
  return a.small && b.small ? Value::integer(a.i | b.i) : interp.big(BigInt::bit_or(a.big(), b.big()));
}
Value bit_xor(Interp& interp, const Int& a, const Int& b) {
  return a.small && b.small ? Value::integer(a.i ^ b.i) : interp.big(BigInt::bit_xor(a.big(), b.big()));
}
Value shift_left(Interp& interp, const Int& a, const Int& b) {
  if (b.small ? b.i < 0 : b.held->negative()) return value_error(interp, "negative shift count");
  if (is_zero(a)) return Value::integer(0);
  if (!b.small || b.i > interp.limits().integer_bits) {
    product_fits(interp, INT64_MAX);
    return {};
  }
  if (a.small && b.i < 62 && a.i != INT64_MIN && std::abs(a.i) < (std::int64_t{1} << (62 - b.i)))
    return Value::integer(a.i * (std::int64_t{1} << b.i));
  return interp.big(BigInt::shift_left(a.big(), b.i));
}
Value shift_right(Interp& interp, const Int& a, const Int& b) {
  if (b.small ? b.i < 0 : b.held->negative()) return value_error(interp, "negative shift count");
  if (a.small) return Value::integer(b.small && b.i < 64 ? a.i >> b.i : (a.i < 0 ? -1 : 0));
  return interp.big(BigInt::shift_right(a.big(), b.small ? b.i : INT64_MAX / 2));
}

Value power_mod(Interp& interp, BigInt base, BigInt exponent, const BigInt& modulus) {
  if (modulus.zero()) return value_error(interp, "pow() 3rd argument cannot be 0");
  BigInt q;
  if (exponent.negative()) {
    // The inverse by the extended Euclidean algorithm.
    BigInt a = modulus.negative() ? -modulus : modulus;
    BigInt r0 = a;
    BigInt r1;
    BigInt::divmod(base, a, q, r1);
    BigInt t0(0);
    BigInt t1(1);
    while (!r1.zero()) {
      BigInt r;
      BigInt::divmod(r0, r1, q, r);
      BigInt t = t0 - q * t1;
      t0 = t1;
      t1 = t;
      r0 = r1;
      r1 = r;
    }
    if (!(r0 == BigInt(1))) return value_error(interp, "base is not invertible for the given modulus");
    base = t0;
    exponent = -exponent;
  }
  BigInt result(1);
  BigInt rest;
  BigInt::divmod(base, modulus, q, rest);
  base = rest;
  const std::int64_t bits = exponent.bit_length();
  for (std::int64_t i = bits - 1; i >= 0; --i) {
    BigInt::divmod(result * result, modulus, q, rest);
    result = rest;
    if (!BigInt::bit_and(BigInt::shift_right(exponent, i), BigInt(1)).zero()) {
      BigInt::divmod(result * base, modulus, q, rest);
      result = rest;
    }
  }
  BigInt::divmod(result, modulus, q, rest);
  return interp.big(std::move(rest));
}

Value power(Interp& interp, const Int& a, const Int& b) {
  if (b.small ? b.i < 0 : b.held->negative()) {
    const std::optional<double> x = a.big().to_double();
    const std::optional<double> y = b.big().to_double();
    if (!x || !y) return interp.raise("OverflowError", "int too large to convert to float");
    return float_power(interp, *x, *y);
  }
  if (b.small && b.i == 0) return Value::integer(1);
  if (a.small && (a.i == 0 || a.i == 1)) return Value::integer(a.i);
  if (a.small && a.i == -1) return Value::integer(!BigInt::bit_and(b.big(), BigInt(1)).zero() ? -1 : 1);
  const std::int64_t base_bits = a.big().bit_length();
  if (!b.small || b.i > interp.limits().integer_bits || !product_fits(interp, (base_bits - 1) * b.i)) {
    if (!interp.has_exception()) product_fits(interp, INT64_MAX);
    return {};
  }
  BigInt result(1);
  BigInt square = a.big();
  for (std::int64_t e = b.i; e > 0; e >>= 1) {
    if ((e & 1) != 0) result = result * square;
    if (e > 1) square = square * square;
  }
  return interp.big(std::move(result));
}

Value int_pow(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "pow", 1, 2)) return {};
  const Int a = read(args.positional[0]);
  const Int b = read(args.positional[1]);
  if (!a.valid || !b.valid) return interp.not_implemented();
  const Value third = arg(args, 2);
  if (!given(third) || third.is_none()) return power(interp, a, b);
  const std::optional<BigInt> modulus = big_of(third);
  if (!modulus) return interp.not_implemented();
  return power_mod(interp, a.big(), b.big(), *modulus);
}

enum class Order { lt, le, eq, ne, gt, ge };
template <Order order>
Value compare_ints(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  const Int a = read(args.positional[0]);
  const Int b = read(args.positional[1]);
  if (!a.valid || !b.valid) return interp.not_implemented();
  const int c = a.small && b.small ? (a.i < b.i ? -1 : (a.i > b.i ? 1 : 0)) : compare(a.big(), b.big());
  switch (order) {
    case Order::lt: return Value::boolean(c < 0);
    case Order::le: return Value::boolean(c <= 0);
    case Order::eq: return Value::boolean(c == 0);
    case Order::ne: return Value::boolean(c != 0);
    case Order::gt: return Value::boolean(c > 0);
    case Order::ge: return Value::boolean(c >= 0);
  }
  return {};
}

// A method on one int.
using Unary = Value (*)(Interp&, const Int&);
template <Unary operation>
Value unary(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "method", 0, 0)) return {};
  const Int a = read(args.positional[0]);
  if (!a.valid)
    return type_error(interp,
                      "descriptor requires an 'int' object but received " + quoted_type(interp, args.positional[0]));
  return operation(interp, a);
}
Value negate(Interp& interp, const Int& a) {
  return a.small && a.i != INT64_MIN ? Value::integer(-a.i) : interp.big(-a.big());
}
Value identity(Interp& interp, const Int& a) { return a.small ? Value::integer(a.i) : interp.big(a.big()); }
Value invert(Interp& interp, const Int& a) { return a.small ? Value::integer(~a.i) : interp.big(-a.big() - BigInt(1)); }
Value absolute(Interp& interp, const Int& a) {
  return (a.small ? a.i < 0 : a.held->negative()) ? negate(interp, a) : identity(interp, a);
}
Value to_bool(Interp&, const Int& a) { return Value::boolean(!is_zero(a)); }
Value to_float(Interp& interp, const Int& a) {
  if (a.small) return Value::real(static_cast<double>(a.i));
  const std::optional<double> out = a.held->to_double();
  if (!out) return interp.raise("OverflowError", "int too large to convert to float");
  return Value::real(*out);
}
Value int_repr(Interp& interp, const Int& a) {
  if (a.small) return interp.str(std::to_string(a.i));
  return interp.str(a.held->to_string());
}
Value int_hash(Interp&, const Int& a) {
  const std::uint64_t h = a.big().hash();
  return Value::integer(static_cast<std::int64_t>(h));
}
Value bit_length(Interp&, const Int& a) { return Value::integer(a.big().bit_length()); }
Value bit_count(Interp&, const Int& a) {
  const std::string digits = a.big().to_string(16);
  std::int64_t count = 0;
  for (const char c : digits) {
    const int digit = c >= 'a' ? c - 'a' + 10 : (c >= '0' ? c - '0' : 0);
    count += __builtin_popcount(static_cast<unsigned>(digit));
  }
  return Value::integer(count);
}
Value integer_ratio(Interp& interp, const Int& a) { return interp.tuple({identity(interp, a), Value::integer(1)}); }
Value always_true(Interp&, const Int&) { return Value::boolean(true); }
Value zero(Interp&, const Int&) { return Value::integer(0); }
Value one(Interp&, const Int&) { return Value::integer(1); }

Value int_round(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__round__", 0, 1)) return {};
  const Int a = read(args.positional[0]);
  const Value digits_value = arg(args, 1);
  if (!given(digits_value) || digits_value.is_none()) return identity(interp, a);
  const std::optional<std::int64_t> digits = size_of(interp, digits_value);
  if (!digits) return {};
  if (*digits >= 0) return identity(interp, a);
  if (*digits < -40000) return Value::integer(0);
  BigInt unit(1);
  for (std::int64_t i = 0; i < -*digits; ++i) unit = unit * BigInt(10);
  BigInt q;
  BigInt r;
  BigInt::divmod(a.big(), unit, q, r);
  const int half = compare(r + r, unit);
  const bool odd = !BigInt::bit_and(q, BigInt(1)).zero();
  if (half > 0 || (half == 0 && odd)) q = q + BigInt(1);
  return interp.big(q * unit);
}

Value int_format(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__format__", 1, 1)) return {};
  const Str* spec = str_of(interp, args.positional[1]);
  if (spec == nullptr)
    return type_error(interp, "__format__() argument must be str, not " + interp.type_of(args.positional[1])->name);
  if (spec->text.empty()) {  // str() decides, so that bool and subclasses print as they do
    const std::optional<std::string> text = interp.str_of(args.positional[0]);
    return text ? interp.str(*text) : Value();
  }
  const std::optional<std::string> out = format_value(interp, unwrap(args.positional[0]), spec->text);
  return out ? interp.str(*out) : Value();
}

// ---- bool
Value bool_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "bool", 0, 1)) return {};
  if (args.positional.size() == 1) return Value::boolean(false);
  const std::optional<bool> truth = interp.truth(args.positional[1]);
  return truth ? Value::boolean(*truth) : Value();
}
Value bool_repr(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__repr__", 0, 0)) return {};
  return interp.str(args.positional[0].is_bool() && args.positional[0].b ? "True" : "False");
}
template <Operation operation>
Value bool_logic(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "operator", 1, 1)) return {};
  const Int a = read(args.positional[0]);
  const Int b = read(args.positional[1]);
  if (!a.valid || !b.valid) return interp.not_implemented();
  const Value out = operation(interp, a, b);
  return args.positional[0].is_bool() && args.positional[1].is_bool() ? Value::boolean(out.i != 0) : out;
}

}  // namespace

Value int_power_mod(Interp& interp, Value base, Value exponent, Value modulus) {
  const Int a = read(base);
  const Int b = read(exponent);
  const Int m = read(modulus);
  if (!a.valid || !b.valid || !m.valid) return interp.not_implemented();
  return power_mod(interp, a.big(), b.big(), m.big());
}

void install_int(Interp& interp) {
  static constexpr Method kMethods[] = {{"__add__", binary<add, false>},
                                        {"__radd__", binary<add, true>},
                                        {"__sub__", binary<subtract, false>},
                                        {"__rsub__", binary<subtract, true>},
                                        {"__mul__", binary<multiply, false>},
                                        {"__rmul__", binary<multiply, true>},
                                        {"__floordiv__", binary<floor_divide, false>},
                                        {"__rfloordiv__", binary<floor_divide, true>},
                                        {"__mod__", binary<modulo, false>},
                                        {"__rmod__", binary<modulo, true>},
                                        {"__divmod__", binary<divide_pair, false>},
                                        {"__rdivmod__", binary<divide_pair, true>},
                                        {"__truediv__", binary<true_divide, false>},
                                        {"__rtruediv__", binary<true_divide, true>},
                                        {"__and__", binary<bit_and, false>},
                                        {"__rand__", binary<bit_and, true>},
                                        {"__or__", binary<bit_or, false>},
                                        {"__ror__", binary<bit_or, true>},
                                        {"__xor__", binary<bit_xor, false>},
                                        {"__rxor__", binary<bit_xor, true>},
                                        {"__lshift__", binary<shift_left, false>},
                                        {"__rlshift__", binary<shift_left, true>},
                                        {"__rshift__", binary<shift_right, false>},
                                        {"__rrshift__", binary<shift_right, true>},
                                        {"__pow__", int_pow},
                                        {"__rpow__", binary<power, true>},
                                        {"__lt__", compare_ints<Order::lt>},
                                        {"__le__", compare_ints<Order::le>},
                                        {"__eq__", compare_ints<Order::eq>},
                                        {"__ne__", compare_ints<Order::ne>},
                                        {"__gt__", compare_ints<Order::gt>},
                                        {"__ge__", compare_ints<Order::ge>},
                                        {"__neg__", unary<negate>},
                                        {"__pos__", unary<identity>},
                                        {"__invert__", unary<invert>},
                                        {"__abs__", unary<absolute>},
                                        {"__bool__", unary<to_bool>},
                                        {"__int__", unary<identity>},
                                        {"__index__", unary<identity>},
                                        {"__trunc__", unary<identity>},
                                        {"__floor__", unary<identity>},
                                        {"__ceil__", unary<identity>},
                                        {"__float__", unary<to_float>},
                                        {"__repr__", unary<int_repr>},
                                        {"__hash__", unary<int_hash>},
                                        {"bit_length", unary<bit_length>},
                                        {"bit_count", unary<bit_count>},
                                        {"as_integer_ratio", unary<integer_ratio>},
                                        {"conjugate", unary<identity>},
                                        {"is_integer", unary<always_true>},
                                        {"__round__", int_round},
                                        {"__format__", int_format},
                                        {"to_bytes", int_to_bytes}};
  Type* type = interp.types.integer;
  define(interp, type, kMethods);
  define_static(interp, type, "__new__", int_new);
  define_class_method(interp, type, "from_bytes", int_from_bytes);
  define_getter(interp, type, "real", unary<identity>);
  define_getter(interp, type, "imag", unary<zero>);
  define_getter(interp, type, "numerator", unary<identity>);
  define_getter(interp, type, "denominator", unary<one>);
  static constexpr Method kBool[] = {{"__repr__", bool_repr},           {"__and__", bool_logic<bit_and>},
                                     {"__rand__", bool_logic<bit_and>}, {"__or__", bool_logic<bit_or>},
                                     {"__ror__", bool_logic<bit_or>},   {"__xor__", bool_logic<bit_xor>},
                                     {"__rxor__", bool_logic<bit_xor>}};
  define(interp, interp.types.boolean, kBool);
  define_static(interp, interp.types.boolean, "__new__", bool_new);
}

}  // namespace kedge::pylang
