// math: sums, products and norms over many numbers.
#include <algorithm>
#include <cmath>

#include "pylang/builtins/numbers.h"
#include "pylang/stdlib/math_parts.h"

namespace kedge::pylang {
namespace {

// Shewchuk, "Adaptive Precision Floating-Point Arithmetic": exact partial sums.
Value fsum(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "fsum", 1, 1, false)) return {};
  std::vector<double> partials;
  double special = 0;
  double infinities = 0;
  const bool ok = for_each(interp, args.positional[0], [&](Value item) {
    const std::optional<double> value = double_of(interp, item);
    if (!value) return false;
    double x = *value;
    if (!std::isfinite(x)) {
      if (std::isinf(x)) infinities += x;
      special += x;
      return true;
    }
    std::size_t kept = 0;
    for (double y : partials) {
      if (std::fabs(x) < std::fabs(y)) std::swap(x, y);
      const double high = x + y;
      const double low = y - (high - x);
      if (low != 0) partials[kept++] = low;
      x = high;
    }
    partials.resize(kept);
    if (std::isinf(x)) {
      (void)interp.raise("OverflowError", "intermediate overflow in fsum");
      return false;
    }
    if (x != 0) partials.push_back(x);
    return true;
  });
  if (!ok) return {};
  if (special != 0 || std::isnan(special))
    return std::isnan(infinities) ? value_error(interp, "-inf + inf in fsum") : Value::real(special);
  double high = 0;
  if (!partials.empty()) {
    std::size_t n = partials.size();
    high = partials[--n];
    double low = 0;
    while (n > 0) {
      const double x = high;
      const double y = partials[--n];
      high = x + y;
      low = y - (high - x);
      if (low != 0) break;
    }
    if (n > 0 && ((low < 0 && partials[n - 1] < 0) || (low > 0 && partials[n - 1] > 0))) {
      const double y = low * 2;
      const double x = high + y;
      if (y == x - high) high = x;
    }
  }
  return Value::real(high);
}
Value prod(Interp& interp, Args args, void*) {
  std::array<Value, 2> in;
  if (!interp.bind(args, "prod", {"iterable", "/", "*", "start="}, in)) return {};
  Value total = given(in[1]) ? in[1] : Value::integer(1);
  const bool ok = for_each(interp, in[0], [&](Value item) {
    total = interp.binary("*", total, item);
    return !total.is_error();
  });
  return ok ? total : Value();
}
// A vector norm scaled by its largest element, as math.hypot and dist compute it.
double norm(const std::vector<double>& v) {
  double largest = 0;
  bool nan = false;
  for (const double x : v) {
    if (std::isinf(x)) return HUGE_VAL;
    nan = nan || std::isnan(x);
    largest = std::max(largest, std::fabs(x));
  }
  if (nan) return std::nan("");
  if (largest == 0) return 0;
  int e = 0;
  std::frexp(largest, &e);
  // The sum of squares in twice the precision: products by fma, sums by error-free transformation.
  double sum = 0;
  double rest = 0;
  for (const double raw : v) {
    const double x = std::ldexp(raw, -e);
    const double square = x * x;
    const double square_rest = std::fma(x, x, -square);
    const double total = sum + square;
    const double b = total - sum;
    rest += (sum - (total - b)) + (square - b) + square_rest;
    sum = total;
  }
  double h = std::sqrt(sum + rest);
  // One correction step from the exact residual.
  const double hh = h * h;
  const double hh_rest = std::fma(h, h, -hh);
  h += ((sum - hh) + rest - hh_rest) / (2 * h);
  return std::ldexp(h, e);
}
Value hypot(Interp& interp, Args args, void*) {
  std::vector<double> v;
  for (const Value item : args.positional) {
    const std::optional<double> x = double_of(interp, item);
    if (!x) return {};
    v.push_back(*x);
  }
  return Value::real(norm(v));
}
Value dist(Interp& interp, Args args, void*) {
  if (!arity(interp, args, "dist", 2, 2, false)) return {};
  const std::optional<std::vector<Value>> p = interp.to_vector(args.positional[0]);
  if (!p) return {};
  const std::optional<std::vector<Value>> q = interp.to_vector(args.positional[1]);
  if (!q) return {};
  if (p->size() != q->size()) return value_error(interp, "both points must have the same number of dimensions");
  std::vector<double> v;
  for (std::size_t i = 0; i < p->size(); ++i) {
    const std::optional<double> x = double_of(interp, (*p)[i]);
    const std::optional<double> y = x ? double_of(interp, (*q)[i]) : std::nullopt;
    if (!y) return {};
    v.push_back(*x - *y);
  }
  return Value::real(norm(v));
}

}  // namespace

void add_math_sums(Interp& interp, Module& module) {
  static constexpr Method kFunctions[] = {{"fsum", fsum}, {"prod", prod}, {"hypot", hypot}, {"dist", dist}};
  add_functions(interp, module, kFunctions);
}

}  // namespace kedge::pylang
