// float: IEEE double with Python's floor division, modulo, rounding, parsing and shortest repr.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "pylang/builtins/numbers.h"
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

// The operand as a double: floats and ints of any kind. 0: not a number of ours, 1: ok, -1: exception pending.
int read(Interp& interp, Value value, double& out) {
  value = unwrap(value);
  if (value.is_float()) {
    out = value.f;
    return 1;
  }
  if (!is_integer(value)) return 0;
  const std::optional<double> d = double_of(interp, value);
  if (!d) return -1;
  out = *d;
  return 1;
}

using Operation = Value (*)(Interp&, double, double);
template <Operation operation, bool reversed>
Value binary(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "operator", 1, 2)) return {};
  double a = 0;
  double b = 0;
  const int ra = read(interp, args.positional[reversed ? 1 : 0], a);
  if (ra < 0) return {};
  const int rb = read(interp, args.positional[reversed ? 0 : 1], b);
  if (rb < 0) return {};
  if (ra == 0 || rb == 0) return interp.not_implemented();
  return operation(interp, a, b);
}
Value add(Interp&, double a, double b) { return Value::real(a + b); }
Value subtract(Interp&, double a, double b) { return Value::real(a - b); }
Value multiply(Interp&, double a, double b) { return Value::real(a * b); }
Value divide(Interp& interp, double a, double b) {
  if (b == 0) return interp.raise("ZeroDivisionError", "float division by zero");
  return Value::real(a / b);
}
void divmod(double a, double b, double& floor_out, double& mod_out) {
  double mod = std::fmod(a, b);
  double div = (a - mod) / b;
  if (mod != 0) {
    if ((b < 0) != (mod < 0)) {
      mod += b;
      div -= 1.0;
    }
  } else {
    mod = std::copysign(0.0, b);
  }
  if (div != 0) {
    floor_out = std::floor(div);
    if (div - floor_out > 0.5) floor_out += 1.0;
  } else {
    floor_out = std::copysign(0.0, a / b);
  }
  mod_out = mod;
}
Value floor_divide(Interp& interp, double a, double b) {
  if (b == 0) return interp.raise("ZeroDivisionError", "float floor division by zero");
  double q = 0;
  double r = 0;
  divmod(a, b, q, r);
  return Value::real(q);
}
Value modulo(Interp& interp, double a, double b) {
  if (b == 0) return interp.raise("ZeroDivisionError", "float modulo");
  double q = 0;
  double r = 0;
  divmod(a, b, q, r);
  return Value::real(r);
}
Value divide_pair(Interp& interp, double a, double b) {
  if (b == 0) return interp.raise("ZeroDivisionError", "float floor division by zero");
  double q = 0;
  double r = 0;
  divmod(a, b, q, r);
  return interp.tuple({Value::real(q), Value::real(r)});
}
Value power(Interp& interp, double a, double b) { return float_power(interp, a, b); }

// Three-way comparison of a float with a number, exact for big ints. 2: unordered, 3: not a number.
int compare_number(double a, Value other) {
  other = unwrap(other);
  if (other.is_float()) return std::isnan(a) || std::isnan(other.f) ? 2 : (a < other.f ? -1 : (a > other.f ? 1 : 0));
  const std::optional<BigInt> b = big_of(other);
  if (!b) return 3;
  if (std::isnan(a)) return 2;
  if (std::isinf(a)) return a > 0 ? 1 : -1;
  const int whole = compare(BigInt::from_double(a), *b);
  if (whole != 0) return whole;
  const double fraction = a - std::trunc(a);
  return fraction > 0 ? 1 : (fraction < 0 ? -1 : 0);
}
enum class Order { lt, le, eq, ne, gt, ge };
template <Order order>
Value compare_floats(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  const Value self = unwrap(args.positional[0]);
  if (!self.is_float()) return interp.not_implemented();
  const int c = compare_number(self.f, args.positional[1]);
  if (c == 3) return interp.not_implemented();
  switch (order) {
    case Order::lt: return Value::boolean(c == -1);
    case Order::le: return Value::boolean(c == -1 || c == 0);
    case Order::eq: return Value::boolean(c == 0);
    case Order::ne: return Value::boolean(c != 0);
    case Order::gt: return Value::boolean(c == 1);
    case Order::ge: return Value::boolean(c == 1 || c == 0);
  }
  return {};
}

using Unary = Value (*)(Interp&, double);
template <Unary operation>
Value unary(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "method", 0, 0)) return {};
  const Value self = unwrap(args.positional[0]);
  if (!self.is_float())
    return type_error(interp,
                      "descriptor requires a 'float' object but received " + quoted_type(interp, args.positional[0]));
  return operation(interp, self.f);
}
Value negate(Interp&, double a) { return Value::real(-a); }
Value identity(Interp&, double a) { return Value::real(a); }
Value absolute(Interp&, double a) { return Value::real(std::fabs(a)); }
Value to_bool(Interp&, double a) { return Value::boolean(a != 0); }
Value to_int(Interp& interp, double a) { return int_from(interp, Value::real(a)); }
Value floor_int(Interp& interp, double a) { return int_from(interp, Value::real(std::floor(a))); }
Value ceil_int(Interp& interp, double a) { return int_from(interp, Value::real(std::ceil(a))); }
Value zero(Interp&, double) { return Value::real(0); }
Value repr(Interp& interp, double a) { return interp.str(float_repr(a)); }
Value hash(Interp& interp, double a) { return Value::integer(static_cast<std::int64_t>(*interp.hash(Value::real(a)))); }
Value is_integer_value(Interp&, double a) { return Value::boolean(std::isfinite(a) && a == std::trunc(a)); }
Value integer_ratio(Interp& interp, double a) {
  if (std::isinf(a)) return interp.raise("OverflowError", "cannot convert Infinity to integer ratio");
  if (std::isnan(a)) return value_error(interp, "cannot convert NaN to integer ratio");
  int exponent = 0;
  double fraction = std::frexp(a, &exponent);
  for (int i = 0; i < 300 && fraction != std::floor(fraction); ++i) {
    fraction *= 2.0;
    --exponent;
  }
  BigInt numerator = BigInt::from_double(fraction);
  BigInt denominator(1);
  if (exponent > 0) numerator = BigInt::shift_left(numerator, exponent);
  else denominator = BigInt::shift_left(denominator, -exponent);
  const Value n = interp.big(std::move(numerator));
  const Value d = interp.big(std::move(denominator));
  return interp.tuple({n, d});
}
Value hex(Interp& interp, double a) {
  if (!std::isfinite(a)) return repr(interp, a);
  if (a == 0) return interp.str(std::signbit(a) ? "-0x0.0p+0" : "0x0.0p+0");
  int exponent = 0;
  double m = std::frexp(std::fabs(a), &exponent);
  const int shift = 1 - std::max(-1021 - exponent, 0);
  m = std::ldexp(m, shift);
  exponent -= shift;
  std::string out = a < 0 ? "-0x" : "0x";
  constexpr const char* kDigits = "0123456789abcdef";
  out += kDigits[static_cast<int>(m)];
  m -= static_cast<int>(m);
  out += '.';
  for (int i = 0; i < 13; ++i) {
    m *= 16;
    out += kDigits[static_cast<int>(m)];
    m -= static_cast<int>(m);
  }
  out += exponent < 0 ? "p-" : "p+";
  out += std::to_string(std::abs(exponent));
  return interp.str(out);
}

Value from_hex(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "fromhex", 1, 1)) return {};
  const Str* s = str_of(interp, args.positional[1]);
  if (s == nullptr) return type_error(interp, "fromhex() argument must be str");
  const std::string text(strip_space(s->text));
  std::string_view rest = text;
  const auto fail = [&] { return value_error(interp, "invalid hexadecimal floating-point string"); };
  bool negative = false;
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  double plain = 0;
  Value out;
  std::string lower;
  for (const char c : rest) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  if (lower == "inf" || lower == "infinity" || lower == "nan") {
    parse_double(lower, plain);
    out = Value::real(negative ? -plain : plain);
  } else {
    if (lower.starts_with("0x")) lower.erase(0, 2);
    std::size_t i = 0;
    bool digit = false;
    while (i < lower.size() && (std::isxdigit(static_cast<unsigned char>(lower[i])) != 0 || lower[i] == '.')) {
      if (lower[i] != '.') digit = true;
      ++i;
    }
    if (!digit || std::count(lower.begin(), lower.end(), '.') > 1) return fail();
    if (i < lower.size()) {
      if (lower[i] != 'p') return fail();
      std::size_t j = i + 1;
      if (j < lower.size() && (lower[j] == '+' || lower[j] == '-')) ++j;
      if (j == lower.size()) return fail();
      for (; j < lower.size(); ++j) {
        if (lower[j] < '0' || lower[j] > '9') return fail();
      }
    }
    const double value = std::strtod(("0x" + lower).c_str(), nullptr);
    if (std::isinf(value)) return interp.raise("OverflowError", "hexadecimal value too large to represent as a float");
    out = Value::real(negative ? -value : value);
  }
  if (args.positional[0].is(Value::object(interp.types.real))) return out;
  return interp.call(args.positional[0], std::array{out});
}

Value float_round(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__round__", 0, 1)) return {};
  const Value self = unwrap(args.positional[0]);
  if (!self.is_float()) return interp.not_implemented();
  const Value digits_value = arg(args, 1);
  if (!given(digits_value) || digits_value.is_none()) {
    if (std::isnan(self.f)) return value_error(interp, "cannot convert float NaN to integer");
    if (std::isinf(self.f)) return interp.raise("OverflowError", "cannot convert float infinity to integer");
    return int_from(interp, Value::real(std::nearbyint(self.f)));
  }
  const std::optional<std::int64_t> digits = size_of(interp, digits_value);
  if (!digits) return {};
  const double out = round_decimal(self.f, *digits);
  if (std::isinf(out) && !std::isinf(self.f))
    return interp.raise("OverflowError", "rounded value too large to represent");
  return Value::real(out);
}

Value float_format(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__format__", 1, 1)) return {};
  const Str* spec = str_of(interp, args.positional[1]);
  if (spec == nullptr)
    return type_error(interp, "__format__() argument must be str, not " + interp.type_of(args.positional[1])->name);
  if (spec->text.empty()) {
    const std::optional<std::string> text = interp.str_of(args.positional[0]);
    return text ? interp.str(*text) : Value();
  }
  const std::optional<std::string> out = format_value(interp, unwrap(args.positional[0]), spec->text);
  return out ? interp.str(*out) : Value();
}

Value make_float(Interp& interp, Value x) {
  if (x.is_float()) return x;
  const Value inner = unwrap(x);
  std::string text;
  std::string shown;
  if (const Str* s = str_of(interp, x)) {
    text = ascii_digits(strip_space(s->text));
    shown = str_repr(s->text);
  } else if (const BytesObject* b = bytes_of(interp, x)) {
    text = strip_space(b->data);
    shown = bytes_repr(b->data);
  } else {
    if (inner.is_float() && interp.type_of(x) == interp.types.real) return inner;
    const std::optional<double> out = double_of(interp, x);
    if (out) return Value::real(*out);
    if (interp.pending_matches("TypeError") && x.is_object() &&
        interp.lookup_type_attr(x.o->type, interp.intern("__float__")).is_error() &&
        interp.lookup_type_attr(x.o->type, interp.intern("__index__")).is_error()) {
      interp.take_pending();
      (void)type_error(interp, "float() argument must be a string or a real number, not " + quoted_type(interp, x));
    } else if (x.is_none()) {
      interp.take_pending();
      (void)type_error(interp, "float() argument must be a string or a real number, not 'NoneType'");
    }
    return {};
  }
  std::string clean;
  bool bad = text.empty();
  for (std::size_t i = 0; i < text.size() && !bad; ++i) {
    if (text[i] != '_') {
      clean += text[i];
      continue;
    }
    const auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    bad = i == 0 || !digit(i - 1) || !digit(i + 1);
  }
  double out = 0;
  if (bad || !parse_double(clean, out)) return value_error(interp, "could not convert string to float: " + shown);
  return Value::real(out);
}

Value float_new(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "float", 0, 1)) return {};
  return instantiate(interp, args.positional[0], interp.types.real,
                     args.positional.size() == 1 ? Value::real(0) : make_float(interp, args.positional[1]));
}

}  // namespace

Value float_from(Interp& interp, Value value) { return make_float(interp, value); }

bool parse_double(std::string_view text, double& out) {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  std::size_t i = 0;
  if (i < lower.size() && (lower[i] == '+' || lower[i] == '-')) ++i;
  const std::string_view body = std::string_view(lower).substr(i);
  if (body == "inf" || body == "infinity" || body == "nan") {
    out = body == "nan" ? std::nan("") : HUGE_VAL;
    if (lower[0] == '-') out = -out;
    return true;
  }
  std::size_t digits = 0;
  const auto run = [&] {
    while (i < lower.size() && lower[i] >= '0' && lower[i] <= '9') {
      ++i;
      ++digits;
    }
  };
  run();
  if (i < lower.size() && lower[i] == '.') {
    ++i;
    run();
  }
  if (digits == 0) return false;
  if (i < lower.size() && lower[i] == 'e') {
    ++i;
    if (i < lower.size() && (lower[i] == '+' || lower[i] == '-')) ++i;
    digits = 0;
    run();
    if (digits == 0) return false;
  }
  if (i != lower.size()) return false;
  out = std::strtod(lower.c_str(), nullptr);
  return true;
}

std::string float_repr(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  std::string out;
  if (text[0] == '-') {
    out = "-";
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  int exponent = 0;
  const std::string_view exponent_text = text.substr(e + 1);
  std::from_chars(exponent_text.data() + (exponent_text[0] == '+' ? 1 : 0), exponent_text.data() + exponent_text.size(),
                  exponent);
  std::string digits;
  for (const char c : text.substr(0, e)) {
    if (c != '.') digits += c;
  }
  const int point = exponent + 1;  // digits before the point
  const int count = static_cast<int>(digits.size());
  if (point > 16 || point < -3) {
    out += digits[0];
    if (count > 1) out += "." + digits.substr(1);
    out += exponent < 0 ? "e-" : "e+";
    const std::string magnitude = std::to_string(std::abs(exponent));
    out += magnitude.size() < 2 ? "0" + magnitude : magnitude;
    return out;
  }
  if (point <= 0) return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (point >= count) return out + digits + std::string(static_cast<std::size_t>(point - count), '0') + ".0";
  return out + digits.substr(0, static_cast<std::size_t>(point)) + "." + digits.substr(static_cast<std::size_t>(point));
}

double round_decimal(double value, std::int64_t digits) {
  if (!std::isfinite(value) || value == 0) return value;
  if (digits > 323) return value;
  if (digits < -308) return std::copysign(0.0, value);
  if (digits >= 0) {
    std::array<char, 800> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size() - 1, value, std::chars_format::fixed,
                                   static_cast<int>(digits));
    if (end.ec != std::errc()) return value;
    *end.ptr = '\0';
    return std::strtod(buffer.data(), nullptr);
  }
  // Whole multiples of a power of ten, on the exact integer part.
  BigInt unit(1);
  for (std::int64_t i = 0; i < -digits; ++i) unit = unit * BigInt(10);
  const double magnitude = std::fabs(value);
  const bool fraction = magnitude != std::trunc(magnitude);
  BigInt q;
  BigInt r;
  BigInt::divmod(BigInt::from_double(magnitude), unit, q, r);
  const int half = compare(r + r, unit);
  const bool odd = !BigInt::bit_and(q, BigInt(1)).zero();
  if (half > 0 || (half == 0 && (odd || fraction))) q = q + BigInt(1);
  const std::optional<double> out = (q * unit).to_double();
  return std::copysign(out ? *out : HUGE_VAL, value);
}

Value float_power(Interp& interp, double a, double b) {
  if (b == 0) return Value::real(1);
  if (std::isnan(a)) return Value::real(a);
  if (std::isnan(b)) return Value::real(a == 1 ? 1.0 : b);
  if (a == 0 && b < 0 && std::isfinite(b))
    return interp.raise("ZeroDivisionError", "0.0 cannot be raised to a negative power");
  if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b)) return complex_power(interp, a, 0, b, 0);
  const double out = std::pow(a, b);
  if (std::isinf(out) && std::isfinite(a) && std::isfinite(b) && a != 0)
    return interp.raise("OverflowError", "(34, 'Numerical result out of range')");
  return Value::real(out);
}

void install_float(Interp& interp) {
  static constexpr Method kMethods[] = {{"__add__", binary<add, false>},
                                        {"__radd__", binary<add, true>},
                                        {"__sub__", binary<subtract, false>},
                                        {"__rsub__", binary<subtract, true>},
                                        {"__mul__", binary<multiply, false>},
                                        {"__rmul__", binary<multiply, true>},
                                        {"__truediv__", binary<divide, false>},
                                        {"__rtruediv__", binary<divide, true>},
                                        {"__floordiv__", binary<floor_divide, false>},
                                        {"__rfloordiv__", binary<floor_divide, true>},
                                        {"__mod__", binary<modulo, false>},
                                        {"__rmod__", binary<modulo, true>},
                                        {"__divmod__", binary<divide_pair, false>},
                                        {"__rdivmod__", binary<divide_pair, true>},
                                        {"__pow__", binary<power, false>},
                                        {"__rpow__", binary<power, true>},
                                        {"__lt__", compare_floats<Order::lt>},
                                        {"__le__", compare_floats<Order::le>},
                                        {"__eq__", compare_floats<Order::eq>},
                                        {"__ne__", compare_floats<Order::ne>},
                                        {"__gt__", compare_floats<Order::gt>},
                                        {"__ge__", compare_floats<Order::ge>},
                                        {"__neg__", unary<negate>},
                                        {"__pos__", unary<identity>},
                                        {"__abs__", unary<absolute>},
                                        {"__bool__", unary<to_bool>},
                                        {"__int__", unary<to_int>},
                                        {"__trunc__", unary<to_int>},
                                        {"__floor__", unary<floor_int>},
                                        {"__ceil__", unary<ceil_int>},
                                        {"__float__", unary<identity>},
                                        {"__repr__", unary<repr>},
                                        {"__hash__", unary<hash>},
                                        {"is_integer", unary<is_integer_value>},
                                        {"as_integer_ratio", unary<integer_ratio>},
                                        {"hex", unary<hex>},
                                        {"conjugate", unary<identity>},
                                        {"__round__", float_round},
                                        {"__format__", float_format}};
  Type* type = interp.types.real;
  define(interp, type, kMethods);
  define_static(interp, type, "__new__", float_new);
  define_class_method(interp, type, "fromhex", from_hex);
  define_getter(interp, type, "real", unary<identity>);
  define_getter(interp, type, "imag", unary<zero>);
}

}  // namespace kedge::pylang
