// Every value that a run of an artefact makes.
#pragma once

#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "driver/run.h"
#include "verify/per_layer.h"

namespace kedge::driver {

/// Runs the file at `path` once on `sample` (static shapes, as Runnable::inputs() says) and keeps all values that its
/// steps make, dequantized, in the order in which they are made. A plan is run by the runtime with an arena in which
/// nothing is overwritten, and its values are named "layer/op"; any other file is run by the reference interpreter
/// under the names of its tensors. Errors: those of opening and running.
Result<std::vector<verify::NamedValue>> trace(const std::string& path, const std::vector<Tensor>& sample,
                                              const RunOptions& options, SourceMap& sources);

}  // namespace kedge::driver
