// Special functions that the C library lacks or that need care.
#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

/// The inverse of erf: a closed first guess (Winitzki's formula), then Newton steps, which double the digits each.
double erf_inverse(double y) {
  if (std::isnan(y) || y < -1 || y > 1) return std::numeric_limits<double>::quiet_NaN();
  if (y == 1 || y == -1) return std::copysign(std::numeric_limits<double>::infinity(), y);
  if (y == 0) return y;
  constexpr double kA = 0.147;
  constexpr double kPi = 3.14159265358979323846;
  const double log_term = std::log1p(-y * y);
  const double half = 2 / (kPi * kA) + log_term / 2;
  double x = std::copysign(std::sqrt(std::sqrt(half * half - log_term / kA) - half), y);
  // Near one erf has no digits left; its complement has.
  const double target = 1 - std::fabs(y);
  for (int step = 0; step < 4; ++step) {
    const double slope = 2 / std::sqrt(kPi) * std::exp(-x * x);
    if (slope == 0) break;
    const double error = std::fabs(y) < 0.5 ? std::erf(x) - y : (y < 0 ? -1 : 1) * (target - std::erfc(std::fabs(x)));
    x -= error / slope;
  }
  return x;
}

double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

template <double (*F)(double)>
void through_double(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& out = call.outputs[0];
  double block[kBlock];
  for (std::int64_t first = 0, total = out.size(); first < total; first += kBlock) {
    const std::int64_t count = std::min(kBlock, total - first);
    load<double>(x.dtype, x.data, first, 1, count, block);
    for (std::int64_t i = 0; i < count; ++i) block[i] = F(block[i]);
    store<double>(out.dtype, out.data, first, count, block);
  }
}

constexpr Entry kSpecial[] = {
    {"erfinv", through_double<erf_inverse>},
    {"lgamma", through_double<log_gamma>},
};

}  // namespace

std::span<const Entry> special_kernels() { return kSpecial; }

}  // namespace kedge::kernels::reference
