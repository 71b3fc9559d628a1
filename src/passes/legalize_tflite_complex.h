// Complex values as pairs of real ones, for the legaliser. Not part of the room's interface.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "passes/legalize_tflite_emitter.h"

namespace kedge::passes::tflite {

/// A value of the source graph as float32 values of the new one.
struct ComplexPair {
  ValueId re = -1;
  ValueId im = -1;  ///< -1: the value is real
};

/// One op that reads or makes complex values, with one output; nothing when it has no form in real numbers.
std::optional<ComplexPair> complex_rule(Emitter& e, std::string_view op, const std::vector<ComplexPair>& in,
                                        const Attrs& attrs);
ComplexPair split_constant(Emitter& e, const Tensor& tensor, const std::string& name);

}  // namespace kedge::passes::tflite
