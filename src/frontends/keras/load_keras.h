// A file of Keras (see archive.h) and the sources of its custom layers, to a graph.
#pragma once

#include "frontends/keras/archive.h"
#include "frontends/load_model.h"

namespace kedge::frontends {

/// The model that the file's configuration describes, or the one that `options.from` builds, with the file's weights;
/// the graph's weights may borrow the file's bytes and keep it alive. Errors: K0412 to K0415 the factory.
Result<LoadedModel> load_keras(Archive archive, const LoadOptions& options, SourceMap& sources);

}  // namespace kedge::frontends
