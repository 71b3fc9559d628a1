// Reads a TensorFlow Lite file, float or int8, as a graph. Any bytes are safe: everything is checked against the file
// and against Limits.
#pragma once

#include <map>
#include <string>

#include "base/byte_reader.h"
#include "base/limits.h"
#include "base/result.h"
#include "formats/tflite_schema.h"
#include "ir/graph.h"

namespace kedge::frontends::tflite {

/// The file's structures, checked: every index is in range, every constant has the bytes its shape needs. Constants
/// borrow from `file`. K0140 (damaged flatbuffer), K0710 (structure is not a TensorFlow Lite model's), K0711 (external
/// buffers or other parts that kedge does not read).
Result<formats::tflite::ModelInfo> parse_tflite(Bytes file, const Limits& limits, const std::string& place);

/// Which tensor of the main subgraph each value is.
using TensorNumbers = std::map<ir::ValueId, std::int32_t>;

/// The main subgraph as ir: weights in the ir's layouts, fused activations as attributes or ops of their own. K0712: an
/// operator that has no ir form, one diagnostic for all of them.
Result<ir::Graph> import_tflite(Bytes file, const Limits& limits, const std::string& place,
                                TensorNumbers* numbers = nullptr);

}  // namespace kedge::frontends::tflite
