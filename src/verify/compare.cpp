#include "verify/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kedge::verify {
namespace {

/// Where both are NaN, or the same infinity, they agree, and there is nothing to measure.
bool measurable(double actual, double expected) {
  return !(std::isnan(actual) && std::isnan(expected)) && !(std::isinf(expected) && actual == expected);
}

double signal_to_noise_db(const Tensor& actual, const Tensor& expected) {
  const std::int64_t count = expected.size();
  double mean = 0;
  std::int64_t measured = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    if (!measurable(actual.element_as_double(i), expected.element_as_double(i))) continue;
    mean += expected.element_as_double(i);
    ++measured;
  }
  mean /= static_cast<double>(std::max<std::int64_t>(1, measured));
  double signal = 0;
  double power = 0;
  double noise = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double e = expected.element_as_double(i);
    if (!measurable(actual.element_as_double(i), e)) continue;
    const double d = actual.element_as_double(i) - e;
    signal += (e - mean) * (e - mean);
    power += e * e;
    noise += d * d;
  }
  if (noise == 0) return std::numeric_limits<double>::infinity();
  if (!std::isfinite(noise))
    return -std::numeric_limits<double>::infinity();  // a NaN or an infinity where a number should be
  // One element, or a constant answer: nothing is left without the mean, so the values themselves are the signal.
  return 10 * std::log10((signal > 0 ? signal : power) / noise);
}

}  // namespace

Difference compare(const Tensor& actual, const Tensor& expected, const Tolerance& tolerance, std::string name) {
  Difference out;
  out.name = std::move(name);
  out.elements = expected.size();
  if (actual.shape() != expected.shape()) {
    out.structural = "shape " + shape_to_string(to_shape(actual.shape())) + " against " +
                     shape_to_string(to_shape(expected.shape()));
    return out;
  }
  const bool exact = !is_float(expected.dtype()) && !is_complex(expected.dtype());
  for (std::int64_t i = 0; i < out.elements; ++i) {
    if (exact) {
      if (actual.element_as_int(i) == expected.element_as_int(i) && !is_float(actual.dtype())) continue;
      const double d = std::abs(actual.element_as_double(i) - expected.element_as_double(i));
      out.outside += d != 0;
      out.max_absolute = std::max(out.max_absolute, d);
      continue;
    }
    const double a = actual.element_as_double(i);
    const double e = expected.element_as_double(i);
    if ((std::isnan(a) && std::isnan(e)) || a == e) continue;
    const double d = std::abs(a - e);
    if (!(d <= tolerance.absolute + tolerance.relative * std::abs(e))) ++out.outside;  // NaN lands here
    out.max_absolute = std::isnan(d) ? std::numeric_limits<double>::infinity() : std::max(out.max_absolute, d);
    if (std::abs(e) > tolerance.absolute) out.max_relative = std::max(out.max_relative, d / std::abs(e));
  }
  out.sqnr_db = signal_to_noise_db(actual, expected);
  return out;
}

}  // namespace kedge::verify
