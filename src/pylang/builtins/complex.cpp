// complex: a pair of doubles.
#include <cmath>

#include "pylang/builtins/numbers.h"
#include "pylang/builtins/support.h"

namespace kedge::pylang {
namespace {

struct Pair {
  double re = 0, im = 0;
};

// 0: not a number, 1: ok, -1: exception pending.
int read(Interp& interp, Value value, Pair& out) {
  value = unwrap(value);
  if (auto* c = as<Complex>(value)) {
    out = {c->real, c->imag};
    return 1;
  }
  if (value.is_float()) {
    out = {value.f, 0};
    return 1;
  }
  if (!is_integer(value)) return 0;
  const std::optional<double> d = double_of(interp, value);
  if (!d) return -1;
  out = {*d, 0};
  return 1;
}

using Operation = Value (*)(Interp&, Pair, Pair);
template <Operation operation, bool reversed>
Value binary(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "operator", 1, 2)) return {};
  Pair a;
  Pair b;
  const int ra = read(interp, args.positional[reversed ? 1 : 0], a);
  if (ra < 0) return {};
  const int rb = read(interp, args.positional[reversed ? 0 : 1], b);
  if (rb < 0) return {};
  return ra == 0 || rb == 0 ? interp.not_implemented() : operation(interp, a, b);
}
Value add(Interp& interp, Pair a, Pair b) { return complex_value(interp, a.re + b.re, a.im + b.im); }
Value subtract(Interp& interp, Pair a, Pair b) { return complex_value(interp, a.re - b.re, a.im - b.im); }
Value multiply(Interp& interp, Pair a, Pair b) {
  return complex_value(interp, a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re);
}
// Smith's method, as CPython divides.
Value divide(Interp& interp, Pair a, Pair b) {
  if (b.re == 0 && b.im == 0) return interp.raise("ZeroDivisionError", "complex division by zero");
  if (std::fabs(b.re) >= std::fabs(b.im)) {
    const double ratio = b.im / b.re;
    const double denominator = b.re + b.im * ratio;
    return complex_value(interp, (a.re + a.im * ratio) / denominator, (a.im - a.re * ratio) / denominator);
  }
  const double ratio = b.re / b.im;
  const double denominator = b.re * ratio + b.im;
  return complex_value(interp, (a.re * ratio + a.im) / denominator, (a.im * ratio - a.re) / denominator);
}
Value power(Interp& interp, Pair a, Pair b) { return complex_power(interp, a.re, a.im, b.re, b.im); }

template <bool equal>
Value compare_equal(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "comparison", 1, 1)) return {};
  Pair a;
  Pair b;
  if (read(interp, args.positional[0], a) <= 0) return interp.not_implemented();
  const int rb = read(interp, args.positional[1], b);
  if (rb < 0) {
    interp.take_pending();
    return Value::boolean(!equal);
  }
  if (rb == 0) return interp.not_implemented();
  return Value::boolean((a.re == b.re && a.im == b.im) == equal);
}

using Unary = Value (*)(Interp&, Pair);
template <Unary operation>
Value unary(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "method", 0, 0)) return {};
  Pair a;
  if (read(interp, args.positional[0], a) <= 0) return type_error(interp, "descriptor requires a 'complex' object");
  return operation(interp, a);
}
Value negate(Interp& interp, Pair a) { return complex_value(interp, -a.re, -a.im); }
Value identity(Interp& interp, Pair a) { return complex_value(interp, a.re, a.im); }
Value conjugate(Interp& interp, Pair a) { return complex_value(interp, a.re, -a.im); }
Value absolute(Interp&, Pair a) { return Value::real(std::hypot(a.re, a.im)); }
Value to_bool(Interp&, Pair a) { return Value::boolean(a.re != 0 || a.im != 0); }
Value real_part(Interp&, Pair a) { return Value::real(a.re); }
Value imaginary_part(Interp&, Pair a) { return Value::real(a.im); }
Value repr(Interp& interp, Pair a) { return interp.str(complex_repr(a.re, a.im)); }

Value complex_hash(Interp& interp, Args args, void*) {
  const std::optional<std::uint64_t> h = interp.hash(unwrap(arg(args, 0)));
  return h ? Value::integer(static_cast<std::int64_t>(*h)) : Value();
}

Value complex_format(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "__format__", 1, 1)) return {};
  const Str* spec = str_of(interp, args.positional[1]);
  if (spec == nullptr) return type_error(interp, "__format__() argument must be str");
  const std::optional<std::string> out = format_value(interp, unwrap(args.positional[0]), spec->text);
  return out ? interp.str(*out) : Value();
}

bool parse(std::string_view text, Pair& out) {
  text = strip_space(text);
  if (text.size() >= 2 && text.front() == '(' && text.back() == ')')
    text = strip_space(text.substr(1, text.size() - 2));
  if (text.empty()) return false;
  const bool imaginary = text.back() == 'j' || text.back() == 'J';
  if (!imaginary) return parse_double(text, out.re);
  text.remove_suffix(1);
  // The sign that splits the parts is the last one that does not belong to an exponent.
  std::size_t split = std::string_view::npos;
  for (std::size_t i = text.size(); i-- > 0;) {
    if ((text[i] == '+' || text[i] == '-') && (i == 0 || (text[i - 1] != 'e' && text[i - 1] != 'E'))) {
      split = i;
      break;
    }
  }
  std::string_view im = split == std::string_view::npos ? text : text.substr(split);
  const std::string_view re =
      split == std::string_view::npos || split == 0 ? std::string_view() : text.substr(0, split);
  if (!re.empty() && !parse_double(re, out.re)) return false;
  if (im.empty() || im == "+") out.im = 1;
  else if (im == "-") out.im = -1;
  else return parse_double(im, out.im);
  return true;
}

Value complex_new(Interp& interp, Args args, void*) {
  std::array<Value, 3> in;
  if (!interp.bind(args, "complex", {"cls", "real=", "imag="}, in)) return {};
  Pair out;
  if (given(in[1])) {
    if (const Str* text = str_of(interp, in[1])) {
      if (given(in[2])) return type_error(interp, "complex() can't take second arg if first is a string");
      if (!parse(text->text, out)) return value_error(interp, "complex() arg is a malformed string");
      return instantiate(interp, in[0], interp.types.complex, complex_value(interp, out.re, out.im));
    }
    Value first = in[1];
    if (first.is_object() && !interp.lookup_type_attr(first.o->type, interp.intern("__complex__")).is_error()) {
      first = call_special(interp, first, "__complex__");
      if (first.is_error()) return {};
    }
    const int r = read(interp, first, out);
    if (r < 0) return {};
    if (r == 0) {
      const std::optional<double> d = double_of(interp, first);
      if (!d) return {};
      out.re = *d;
    }
  }
  if (given(in[2])) {
    if (str_of(interp, in[2]) != nullptr) return type_error(interp, "complex() second arg can't be a string");
    Pair second;
    const int r = read(interp, in[2], second);
    if (r < 0) return {};
    if (r == 0) {
      const std::optional<double> d = double_of(interp, in[2]);
      if (!d) return {};
      second.re = *d;
    }
    out = {out.re - second.im,
           as<Complex>(unwrap(in[1])) != nullptr || second.im != 0 ? out.im + second.re : second.re};
  }
  return instantiate(interp, in[0], interp.types.complex, complex_value(interp, out.re, out.im));
}

}  // namespace

Value complex_value(Interp& interp, double real, double imag) {
  auto* out = interp.make<Complex>(interp.types.complex);
  out->real = real;
  out->imag = imag;
  return Value::object(out);
}

Value complex_power(Interp& interp, double ar, double ai, double br, double bi) {
  if (br == 0 && bi == 0) return complex_value(interp, 1, 0);
  if (ar == 0 && ai == 0) {
    if (bi != 0 || br < 0) return interp.raise("ZeroDivisionError", "0.0 to a negative or complex power");
    return complex_value(interp, 0, 0);
  }
  if (bi == 0 && br == std::floor(br) && std::fabs(br) <= 100) {
    // Small whole powers by repeated multiplication, as CPython does.
    Pair result{1, 0};
    Pair square{ar, ai};
    for (auto n = static_cast<std::int64_t>(std::fabs(br)); n > 0; n >>= 1) {
      if ((n & 1) != 0)
        result = {result.re * square.re - result.im * square.im, result.re * square.im + result.im * square.re};
      square = {square.re * square.re - square.im * square.im, square.re * square.im + square.im * square.re};
    }
    return br > 0 ? complex_value(interp, result.re, result.im) : divide(interp, {1, 0}, result);
  }
  const double magnitude = std::hypot(ar, ai);
  double length = std::pow(magnitude, br);
  const double angle = std::atan2(ai, ar);
  double phase = angle * br;
  if (bi != 0) {
    length *= std::exp(-angle * bi);
    phase += bi * std::log(magnitude);
  }
  return complex_value(interp, length * std::cos(phase), length * std::sin(phase));
}

std::string complex_repr(double real, double imag) {
  const auto part = [](double value) {
    std::string text = float_repr(value);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
  };
  std::string im = part(imag);
  if (real == 0 && !std::signbit(real)) return im + "j";
  if (im[0] != '-') im = "+" + im;
  return "(" + part(real) + im + "j)";
}

void install_complex(Interp& interp) {
  static constexpr Method kMethods[] = {{"__add__", binary<add, false>},
                                        {"__radd__", binary<add, true>},
                                        {"__sub__", binary<subtract, false>},
                                        {"__rsub__", binary<subtract, true>},
                                        {"__mul__", binary<multiply, false>},
                                        {"__rmul__", binary<multiply, true>},
                                        {"__truediv__", binary<divide, false>},
                                        {"__rtruediv__", binary<divide, true>},
                                        {"__pow__", binary<power, false>},
                                        {"__rpow__", binary<power, true>},
                                        {"__eq__", compare_equal<true>},
                                        {"__ne__", compare_equal<false>},
                                        {"__neg__", unary<negate>},
                                        {"__pos__", unary<identity>},
                                        {"__abs__", unary<absolute>},
                                        {"__bool__", unary<to_bool>},
                                        {"conjugate", unary<conjugate>},
                                        {"__complex__", unary<identity>},
                                        {"__repr__", unary<repr>},
                                        {"__hash__", complex_hash},
                                        {"__format__", complex_format}};
  define(interp, interp.types.complex, kMethods);
  define_static(interp, interp.types.complex, "__new__", complex_new);
  define_getter(interp, interp.types.complex, "real", unary<real_part>);
  define_getter(interp, interp.types.complex, "imag", unary<imaginary_part>);
}

}  // namespace kedge::pylang
