// Rewrites a graph of static shapes into ops that TensorFlow Lite has as builtin operators (or that the int8 quantizer
// turns into such). Numbers stay what they were to a few float32 ulps; nothing is approximated by a model of lower
// order.
#pragma once

#include "base/result.h"
#include "ir/graph.h"

namespace kedge::passes {

/// What the graph is legalised for.
enum class TfliteFlavour {
  floating,  ///< float kernels: erf, log1p … are decomposed into builtins
  int8,  ///< the quantizer follows: unary functions stay whole, because each becomes one table; softmax stays whole;
         ///< 3-D convolution becomes 2-D
};

/// Every shape must be static. Half-precision values become float32 inside; float16 inputs and outputs keep their type
/// through a cast. Complex values become pairs of float32 ones. Errors: K0701 (an op that TFLite cannot express, one
/// diagnostic holding all of them), K0702 (a shape is not static), K0703 (float64, and complex values at the edge or in
/// an op without a form in real numbers).
Result<ir::Graph> legalize_tflite(const ir::Graph& graph, TfliteFlavour flavour = TfliteFlavour::floating);

}  // namespace kedge::passes
