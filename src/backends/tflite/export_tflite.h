// Writes a graph as a TensorFlow Lite file: static shapes, builtin operators only, the same bytes for the same graph.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "ir/graph.h"

namespace kedge::backends::tflite {

struct ExportOptions {
  std::string description = "kedge";
  std::string signature = "serving_default";
};

/// The graph must have gone through passes::legalize_tflite (and passes::quantize for int8). The signature's names are
/// the model's own. Errors: K0704 (an operation without a builtin operator: a gap of the legalisation), K0141 (the file
/// would exceed 2 GiB).
Result<std::vector<std::byte>> export_tflite(const ir::Graph& graph, const ExportOptions& options = {});

}  // namespace kedge::backends::tflite
