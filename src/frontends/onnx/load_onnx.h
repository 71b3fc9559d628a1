// Reads an ONNX file: its messages become values of the dialect, and the prelude's `onnx_graph` runs every node as a
// call of the function that its operator is there. So shapes, constants and control flow are those of any other
// evaluation.
#pragma once

#include <memory>
#include <string>

#include "formats/file.h"
#include "frontends/load_model.h"

namespace kedge::frontends {

/// `path` is where external data lies beside. K0150: not ONNX' wire format; K0720: a structure that ONNX forbids, or
/// data that is not there; K0721: an operator without meaning here; K0722: a value (string, sequence, map) that is no
/// tensor.
Result<LoadedModel> load_onnx(const std::shared_ptr<const formats::MappedFile>& file, const std::string& path,
                              const std::string& place, const LoadOptions& options, SourceMap& sources);

}  // namespace kedge::frontends
