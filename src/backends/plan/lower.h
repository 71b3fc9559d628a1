// ir -> plan: our own runtime is just another target.
#pragma once

#include "base/result.h"
#include "ir/graph.h"
#include "runtime/plan.h"

namespace kedge::backends::plan {

/// The graph must be static (specialised and folded). K0803: a dimension is still unknown, naming what to give with
/// --shape.
Result<runtime::Plan> lower(const ir::Graph& graph);

}  // namespace kedge::backends::plan
