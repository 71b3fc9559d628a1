// What a model is made of, for `kedge inspect`.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "driver/arrays.h"
#include "frontends/load_model.h"

namespace kedge::driver {

struct Inspection {
  frontends::LoadedModel model;
  std::vector<InputSpec> inputs;
  std::vector<InputSpec> outputs;
  std::int64_t parameters = 0;  ///< elements of bound weights
  std::int64_t weight_bytes = 0;
  Dim macs = 0;                 ///< multiply-accumulates of convolutions and matrix products, for one call
  std::int64_t operations = 0;  ///< nodes
};

/// Opens a model file of any kind, a plan included.
Result<Inspection> inspect(const std::string& path, const frontends::LoadOptions& options, SourceMap& sources);

/// Multiply-accumulates of a graph's convolutions and matrix products.
Dim count_macs(const ir::Graph& graph);

}  // namespace kedge::driver
