// math: all of CPython 3.11's. Sums and norms are in math_sums.cpp, the functions of whole numbers in math_whole.cpp.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "pylang/builtins/numbers.h"
#include "pylang/stdlib/math_parts.h"
#include "pylang/stdlib/support.h"

namespace kedge::pylang {
namespace {

Value domain_error(Interp& interp) { return value_error(interp, "math domain error"); }

using Function = double (*)(double);
// A function of one double; a NaN from a number is a domain error, an infinity from a finite number an overflow or a
// pole.
template <Function function, bool pole_is_domain>
Value unary(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "math function", 1, 1, false)) return {};
  const std::optional<double> x = double_of(interp, args.positional[0]);
  if (!x) return {};
  const double out = function(*x);
  if (std::isnan(out) && !std::isnan(*x)) return domain_error(interp);
  if (std::isinf(out) && std::isfinite(*x))
    return pole_is_domain ? domain_error(interp) : interp.raise("OverflowError", "math range error");
  return Value::real(out);
}
double f_acos(double x) { return std::acos(x); }
double f_acosh(double x) { return std::acosh(x); }
double f_asin(double x) { return std::asin(x); }
double f_asinh(double x) { return std::asinh(x); }
double f_atan(double x) { return std::atan(x); }
double f_atanh(double x) { return std::atanh(x); }
double f_cbrt(double x) { return std::cbrt(x); }
double f_cos(double x) { return std::cos(x); }
double f_cosh(double x) { return std::cosh(x); }
double f_erf(double x) { return std::erf(x); }
double f_erfc(double x) { return std::erfc(x); }
double f_exp(double x) { return std::exp(x); }
double f_exp2(double x) { return std::exp2(x); }
double f_expm1(double x) { return std::expm1(x); }
double f_fabs(double x) { return std::fabs(x); }
double f_log1p(double x) { return std::log1p(x); }
double f_sin(double x) { return std::sin(x); }
double f_sinh(double x) { return std::sinh(x); }
double f_sqrt(double x) { return std::sqrt(x); }
double f_tan(double x) { return std::tan(x); }
double f_tanh(double x) { return std::tanh(x); }
double f_degrees(double x) { return x * (180.0 / std::numbers::pi); }
double f_radians(double x) { return x * (std::numbers::pi / 180.0); }

// Lanczos approximation: the coefficients and g of Godfrey's fit (n = 13), as sums of a rational function.
double lanczos_sum(double x) {
  static constexpr double kNumerator[] = {
      23531376880.410759, 42919803642.649099, 35711959237.355668, 17921034426.037210, 6039542586.3520280,
      1439720407.3117216, 248874557.86205416, 31426415.585400194, 2876370.6289353724, 186056.26539522350,
      8071.6720023658163, 210.82427775157935, 2.5066282746310002};
  static constexpr double kDenominator[] = {0.0,        39916800.0, 120543840.0, 150917976.0, 105258076.0,
                                            45995730.0, 13339535.0, 2637558.0,   357423.0,    32670.0,
                                            1925.0,     66.0,       1.0};
  double top = 0;
  double bottom = 0;
  if (x < 5.0) {
    for (int i = 12; i >= 0; --i) {
      top = top * x + kNumerator[i];
      bottom = bottom * x + kDenominator[i];
    }
  } else {
    for (int i = 0; i < 13; ++i) {
      top = top / x + kNumerator[i];
      bottom = bottom / x + kDenominator[i];
    }
  }
  return top / bottom;
}
double sin_pi(double x) {
  const double y = std::fmod(std::fabs(x), 2.0);
  const int n = static_cast<int>(std::round(2.0 * y));
  double r = 0;
  switch (n) {
    case 0: r = std::sin(std::numbers::pi * y); break;
    case 1: r = std::cos(std::numbers::pi * (y - 0.5)); break;
    case 2: r = std::sin(std::numbers::pi * (1.0 - y)); break;
    case 3: r = -std::cos(std::numbers::pi * (y - 1.5)); break;
    default: r = std::sin(std::numbers::pi * (y - 2.0)); break;
  }
  return std::copysign(1.0, x) * r;
}
constexpr double kLanczosG = 6.024680040776729583740234375;

Value gamma(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "gamma", 1, 1, false)) return {};
  const std::optional<double> in = double_of(interp, args.positional[0]);
  if (!in) return {};
  const double x = *in;
  if (std::isnan(x) || x == HUGE_VAL) return Value::real(x);
  if (x == -HUGE_VAL || (x == std::floor(x) && x <= 0)) return domain_error(interp);
  if (x == std::floor(x) && x <= 23) {
    double out = 1;
    for (int i = 2; i < static_cast<int>(x); ++i) out *= i;
    return Value::real(out);
  }
  const double a = std::fabs(x);
  if (a < 1e-20) return Value::real(1.0 / x);
  if (a > 200.0) return x < 0 ? Value::real(0.0 / sin_pi(x)) : interp.raise("OverflowError", "math range error");
  const double y = a + kLanczosG - 0.5;
  double z = a > kLanczosG - 0.5 ? (y - a) - (kLanczosG - 0.5) : (y - (kLanczosG - 0.5)) - a;
  z = z * kLanczosG / y;
  double r = 0;
  if (x < 0) {
    r = -std::numbers::pi / sin_pi(a) / a * std::exp(y) / lanczos_sum(a);
    r -= z * r;
    r /= a < 140.0 ? std::pow(y, a - 0.5) : std::pow(y, a / 2 - 0.25) * std::pow(y, a / 2 - 0.25);
  } else {
    r = lanczos_sum(a) / std::exp(y);
    r += z * r;
    if (a < 140.0) {
      r *= std::pow(y, a - 0.5);
    } else {
      const double root = std::pow(y, a / 2 - 0.25);
      r = r * root * root;
    }
  }
  return std::isinf(r) ? interp.raise("OverflowError", "math range error") : Value::real(r);
}
Value lgamma(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "lgamma", 1, 1, false)) return {};
  const std::optional<double> in = double_of(interp, args.positional[0]);
  if (!in) return {};
  const double x = *in;
  if (std::isnan(x)) return Value::real(x);
  if (std::isinf(x)) return Value::real(HUGE_VAL);
  if (x == std::floor(x) && x <= 2) return x <= 0 ? domain_error(interp) : Value::real(0.0);
  const double a = std::fabs(x);
  if (a < 1e-20) return Value::real(-std::log(a));
  double r = std::log(lanczos_sum(a)) - kLanczosG;
  r += (a - 0.5) * (std::log(a + kLanczosG - 0.5) - 1);
  if (x < 0) r = std::log(std::numbers::pi) - std::log(std::fabs(sin_pi(a))) - std::log(a) - r;
  return std::isinf(r) ? interp.raise("OverflowError", "math range error") : Value::real(r);
}

// Logarithm of any positive int, also beyond the range of double.
std::optional<double> log_of(Interp& interp, Value value, double (*function)(double), double per_bit) {
  if (const std::optional<BigInt> whole = big_of(value)) {
    if (whole->negative() || whole->zero()) {
      (void)domain_error(interp);
      return std::nullopt;
    }
    if (const std::optional<double> direct = whole->to_double()) return function(*direct);
    const std::int64_t shift = whole->bit_length() - 64;
    return function(*BigInt::shift_right(*whole, shift).to_double()) + static_cast<double>(shift) * per_bit;
  }
  const std::optional<double> x = double_of(interp, value);
  if (!x) return std::nullopt;
  if (*x <= 0) {
    (void)domain_error(interp);
    return std::nullopt;
  }
  return function(*x);
}
Value log(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "log", 1, 2, false)) return {};
  const std::optional<double> x = log_of(interp, args.positional[0], std::log, std::numbers::ln2);
  if (!x || args.positional.size() == 1) return x ? Value::real(*x) : Value();
  const std::optional<double> base = log_of(interp, args.positional[1], std::log, std::numbers::ln2);
  if (!base) return {};
  if (*base == 0) return interp.raise("ZeroDivisionError", "float division by zero");
  return Value::real(*x / *base);
}
template <bool binary>
Value log_base(Interp& interp, Args args, void*) {
  if (!arity(interp, args, binary ? "log2" : "log10", 1, 1, false)) return {};
  const std::optional<double> x =
      log_of(interp, args.positional[0],
             binary ? static_cast<double (*)(double)>(std::log2) : static_cast<double (*)(double)>(std::log10),
             binary ? 1.0 : std::log10(2.0));
  return x ? Value::real(*x) : Value();
}

template <int kind>  // 0 floor, 1 ceil, 2 trunc
Value rounded(Interp& interp, Args args, void*) {
  static constexpr const char* kNames[] = {"floor", "ceil", "trunc"};
  static constexpr const char* kHooks[] = {"__floor__", "__ceil__", "__trunc__"};
  if (!arity(interp, args, kNames[kind], 1, 1, false)) return {};
  const Value x = args.positional[0];
  if (!interp.lookup_type_attr(interp.type_of(x), interp.intern(kHooks[kind])).is_error())
    return call_special(interp, x, kHooks[kind]);
  if (kind == 2) return type_error(interp, "type " + interp.type_of(x)->name + " doesn't define __trunc__ method");
  const std::optional<double> d = double_of(interp, x);
  return d ? int_from(interp, Value::real(kind == 0 ? std::floor(*d) : std::ceil(*d))) : Value();
}

using Predicate = bool (*)(double);
template <Predicate predicate>
Value test(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "math test", 1, 1, false)) return {};
  const std::optional<double> x = double_of(interp, args.positional[0]);
  return x ? Value::boolean(predicate(*x)) : Value();
}
bool p_isnan(double x) { return std::isnan(x); }
bool p_isinf(double x) { return std::isinf(x); }
bool p_isfinite(double x) { return std::isfinite(x); }

bool two(Interp& interp, Args args, const char* name, double& x, double& y) {
  if (!arity(interp, args, name, 2, 2, false)) return false;
  const std::optional<double> a = double_of(interp, args.positional[0]);
  if (!a) return false;
  const std::optional<double> b = double_of(interp, args.positional[1]);
  if (!b) return false;
  x = *a;
  y = *b;
  return true;
}
Value atan2(Interp& interp, Args args, void*) {
  double y = 0;
  double x = 0;
  return two(interp, args, "atan2", y, x) ? Value::real(std::atan2(y, x)) : Value();
}
Value copysign(Interp& interp, Args args, void*) {
  double x = 0;
  double y = 0;
  return two(interp, args, "copysign", x, y) ? Value::real(std::copysign(x, y)) : Value();
}
Value nextafter(Interp& interp, Args args, void*) {
  double x = 0;
  double y = 0;
  return two(interp, args, "nextafter", x, y) ? Value::real(std::nextafter(x, y)) : Value();
}
Value fmod(Interp& interp, Args args, void*) {
  double x = 0;
  double y = 0;
  if (!two(interp, args, "fmod", x, y)) return {};
  if ((std::isinf(x) && !std::isnan(y)) || (y == 0 && !std::isnan(x))) return domain_error(interp);
  return Value::real(std::fmod(x, y));
}
Value remainder(Interp& interp, Args args, void*) {
  double x = 0;
  double y = 0;
  if (!two(interp, args, "remainder", x, y)) return {};
  if ((std::isinf(x) && !std::isnan(y)) || (y == 0 && !std::isnan(x))) return domain_error(interp);
  return Value::real(std::remainder(x, y));
}
Value pow(Interp& interp, Args args, void*) {
  double x = 0;
  double y = 0;
  if (!two(interp, args, "pow", x, y)) return {};
  const double out = std::pow(x, y);
  if (std::isfinite(x) && std::isfinite(y)) {
    if (std::isnan(out) || (x == 0 && std::isinf(out))) return domain_error(interp);
    if (std::isinf(out)) return interp.raise("OverflowError", "math range error");
  }
  return Value::real(out);
}
Value ldexp(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "ldexp", 2, 2, false)) return {};
  const std::optional<double> x = double_of(interp, args.positional[0]);
  if (!x) return {};
  if (!is_integer(args.positional[1])) return type_error(interp, "Expected an int as second argument to ldexp.");
  const std::int64_t e = std::clamp<std::int64_t>(*size_of(interp, args.positional[1]), -100000, 100000);
  const double out = std::ldexp(*x, static_cast<int>(e));
  return std::isinf(out) && std::isfinite(*x) ? interp.raise("OverflowError", "math range error") : Value::real(out);
}
Value frexp(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "frexp", 1, 1, false)) return {};
  const std::optional<double> x = double_of(interp, args.positional[0]);
  if (!x) return {};
  int e = 0;
  const double m = std::isfinite(*x) ? std::frexp(*x, &e) : *x;
  return interp.tuple({Value::real(m), Value::integer(e)});
}
Value modf(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "modf", 1, 1, false)) return {};
  const std::optional<double> x = double_of(interp, args.positional[0]);
  if (!x) return {};
  double whole = 0;
  const double fraction = std::modf(*x, &whole);
  return interp.tuple({Value::real(fraction), Value::real(whole)});
}
Value ulp(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "ulp", 1, 1, false)) return {};
  const std::optional<double> in = double_of(interp, args.positional[0]);
  if (!in) return {};
  const double x = std::fabs(*in);
  if (!std::isfinite(x)) return Value::real(x);
  const double next = std::nextafter(x, HUGE_VAL);
  return Value::real(std::isinf(next) ? x - std::nextafter(x, -HUGE_VAL) : next - x);
}

Value isclose(Interp& interp, Args args, void*) {
  std::array<Value, 4> in;
  if (!interp.bind(args, "isclose", {"a", "b", "*", "rel_tol=", "abs_tol="}, in)) return {};
  const std::optional<double> a = double_of(interp, in[0]);
  const std::optional<double> b = a ? double_of(interp, in[1]) : std::nullopt;
  if (!b) return {};
  const std::optional<double> relative = given(in[2]) ? double_of(interp, in[2]) : 1e-9;
  const std::optional<double> absolute = given(in[3]) ? double_of(interp, in[3]) : 0.0;
  if (!relative || !absolute) return {};
  if (*relative < 0 || *absolute < 0) return value_error(interp, "tolerances must be non-negative");
  if (*a == *b) return Value::boolean(true);
  if (std::isinf(*a) || std::isinf(*b)) return Value::boolean(false);
  const double difference = std::fabs(*b - *a);
  return Value::boolean(difference <= std::fabs(*relative * *b) || difference <= std::fabs(*relative * *a) ||
                        difference <= *absolute);
}

}  // namespace

bool init_math(Interp& interp, Module& module, void*) {
  static constexpr Method kFunctions[] = {{"acos", unary<f_acos, true>},
                                          {"acosh", unary<f_acosh, true>},
                                          {"asin", unary<f_asin, true>},
                                          {"asinh", unary<f_asinh, true>},
                                          {"atan", unary<f_atan, true>},
                                          {"atanh", unary<f_atanh, true>},
                                          {"cbrt", unary<f_cbrt, false>},
                                          {"cos", unary<f_cos, true>},
                                          {"cosh", unary<f_cosh, false>},
                                          {"erf", unary<f_erf, false>},
                                          {"erfc", unary<f_erfc, false>},
                                          {"exp", unary<f_exp, false>},
                                          {"exp2", unary<f_exp2, false>},
                                          {"expm1", unary<f_expm1, false>},
                                          {"fabs", unary<f_fabs, false>},
                                          {"log1p", unary<f_log1p, true>},
                                          {"sin", unary<f_sin, true>},
                                          {"sinh", unary<f_sinh, false>},
                                          {"sqrt", unary<f_sqrt, true>},
                                          {"tan", unary<f_tan, true>},
                                          {"tanh", unary<f_tanh, false>},
                                          {"degrees", unary<f_degrees, false>},
                                          {"radians", unary<f_radians, false>},
                                          {"gamma", gamma},
                                          {"lgamma", lgamma},
                                          {"log", log},
                                          {"log2", log_base<true>},
                                          {"log10", log_base<false>},
                                          {"floor", rounded<0>},
                                          {"ceil", rounded<1>},
                                          {"trunc", rounded<2>},
                                          {"isnan", test<p_isnan>},
                                          {"isinf", test<p_isinf>},
                                          {"isfinite", test<p_isfinite>},
                                          {"atan2", atan2},
                                          {"copysign", copysign},
                                          {"nextafter", nextafter},
                                          {"fmod", fmod},
                                          {"remainder", remainder},
                                          {"pow", pow},
                                          {"ldexp", ldexp},
                                          {"frexp", frexp},
                                          {"modf", modf},
                                          {"ulp", ulp},
                                          {"isclose", isclose}};
  add_functions(interp, module, kFunctions);
  add_math_sums(interp, module);
  add_math_whole_numbers(interp, module);
  interp.dict_set(module.dict, "pi", Value::real(std::numbers::pi));
  interp.dict_set(module.dict, "e", Value::real(std::numbers::e));
  interp.dict_set(module.dict, "tau", Value::real(2 * std::numbers::pi));
  interp.dict_set(module.dict, "inf", Value::real(HUGE_VAL));
  interp.dict_set(module.dict, "nan", Value::real(std::nan("")));
  return true;
}

}  // namespace kedge::pylang
