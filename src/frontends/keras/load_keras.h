// A `.keras` file (Keras 3) and the sources of its custom layers, to a graph.
#pragma once

#include <memory>

#include "formats/file.h"
#include "frontends/load_model.h"

namespace kedge::frontends {

/// `file` must be a zip with config.json; the graph's weights may borrow its bytes and keep it alive.
Result<LoadedModel> load_keras(std::shared_ptr<const formats::MappedFile> file, const std::string& place,
                               const LoadOptions& options, SourceMap& sources);

}  // namespace kedge::frontends
