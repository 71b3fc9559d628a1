// How far two answers are apart.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace kedge::verify {

struct Tolerance {
  double absolute = 1e-5;
  double relative = 1e-4;
};

struct Difference {
  std::string name;        ///< of the output
  std::string structural;  ///< "shape [1, 4] against [1, 5]"; empty when comparable
  std::int64_t elements = 0;
  std::int64_t outside = 0;  ///< elements beyond the tolerance; NaN equals NaN only
  double max_absolute = 0;
  double max_relative = 0;  ///< over elements with |expected| > absolute tolerance
  double sqnr_db = 0;       ///< signal-to-quantization-noise ratio, mean removed; infinity when equal or constant
  bool passed() const { return structural.empty() && outside == 0; }
};

/// Compares `actual` with `expected`: |a - e| <= absolute + relative * |e|, elementwise; integers and bools exactly.
Difference compare(const Tensor& actual, const Tensor& expected, const Tolerance& tolerance, std::string name = {});

}  // namespace kedge::verify
