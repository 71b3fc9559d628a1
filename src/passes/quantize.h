// Full int8 post-training quantization after TensorFlow Lite's 8-bit quantization specification: int8 weights per
// channel and symmetric, int32 biases, int8 activations per tensor and asymmetric. Between the outer quantize and
// dequantize every value is an integer.
//
// How functions without an int8 kernel are done: everything elementwise that depends on one value (a chain `x *
// sigmoid(x)`, `rsqrt(x + eps)`, a comparison with a constant) becomes one table of 256 entries, looked up by GATHER; a
// function of two values (division, power) one table of 65,536. A table has a single rounding, so a chain is as exact
// as its last step.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "ir/graph.h"
#include "ops/interpret.h"

namespace kedge::passes {

/// What calibration saw of one value. `useful_min`: below it a value makes no difference (softmax ignores what is far
/// under its row's maximum).
struct Range {
  float min = 0;
  float max = 0;
  float useful_min = 0;
  bool seen = false;
};
using Ranges = std::vector<Range>;  ///< by value id

/// Runs the graph on one sample and shows every float value to the observer.
using CalibrationRun = std::function<Result<void>(std::span<const Tensor> inputs, const ops::Observer& observer)>;

/// Ranges over all samples. `graph` has gone through legalize_tflite(…, int8). Infinities and NaN are left out. Errors:
/// those of `run`.
Result<Ranges> calibrate(const ir::Graph& graph, std::span<const std::vector<Tensor>> samples,
                         const CalibrationRun& run);
/// With the reference interpreter.
Result<Ranges> calibrate(const ir::Graph& graph, std::span<const std::vector<Tensor>> samples);

enum class BoundaryType { float32, int8, uint8 };

struct QuantizeOptions {
  BoundaryType input = BoundaryType::float32;
  BoundaryType output = BoundaryType::float32;
};

/// The quantized graph. Filters of convolutions keep the ir's layout with scales along the output channel: axis 3 of
/// conv2d and 2 of conv2d_transpose, axis 1 of fully_connected; a depthwise filter [kh, kw, c, m] has c * m scales in
/// the order of the output channels (axis 2). Errors: K0706 (ops that have no integer form here, all at once).
Result<ir::Graph> quantize(const ir::Graph& graph, const Ranges& ranges, const QuantizeOptions& options = {});

}  // namespace kedge::passes
