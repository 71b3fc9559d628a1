// One evaluation of a model by a loader of the prelude: what lives as long as its interpreter, and how its answer
// becomes a graph.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/json.h"
#include "frontends/source/finder.h"
#include "frontends/source/session.h"
#include "frontends/source/tracer.h"

namespace kedge::frontends {

using NamedTensors = std::vector<std::pair<std::string, TensorObject*>>;

struct Evaluation {
  /// `place` names the model file in messages. `finder` has the native modules already (make_finder).
  Evaluation(const std::string& place, Finder& finder, const Limits& limits, SourceMap& sources);
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  /// The pending exception as an error: at the user's line when there is one, and always at its place in the model.
  Error placed_error();
  /// The (name, tensor) pairs of a loader's list.
  Result<NamedTensors> named_tensors(std::string_view loader, Value list);
  /// Names the graph's inputs and outputs.
  Result<void> set_ends(std::string_view loader, const NamedTensors& inputs, const NamedTensors& outputs);
  /// The graph without unused nodes, values and regions, verified.
  Result<ir::Graph> take_graph();

  Session session;
  Interp interp;
  Tracer tracer;
  TensorHooks hooks;
};

/// Finds the sources of `custom`, the prelude, and the native modules that every loader has; a loader adds its own.
Result<Finder> make_finder(const std::vector<std::string>& custom, const std::string& prelude_folder,
                           const Limits& limits);
/// K0403: a loader of the prelude did not give what this side expects.
Error broken_loader(std::string_view loader, const std::string& what);
/// JSON as a value of the dialect.
Value to_value(Interp& interp, const formats::Json& json);
/// The text of a string; empty for anything else.
std::string text_or_empty(Value v);
/// Removes what no output needs: the traces of shape inference, and layers that the answer does not use.
void drop_unused_nodes(ir::Graph& graph);

}  // namespace kedge::frontends
