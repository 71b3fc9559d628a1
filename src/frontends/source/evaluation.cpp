#include "frontends/source/evaluation.h"

#include <algorithm>

#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {

using formats::Json;
using pylang::as;

namespace {

/// Drops regions without a live node or value (those of shape inference), after compact().
void drop_empty_regions(ir::Graph& graph) {
  std::vector<ir::Region>& regions = graph.regions();
  std::vector<bool> keep(regions.size(), false);
  keep[0] = true;
  for (const ir::NodeId id : graph.order()) keep[static_cast<std::size_t>(graph.node(id).region)] = true;
  for (std::size_t i = regions.size(); i-- > 1;) {
    for (const ir::ValueId id : regions[i].outputs) keep[i] = keep[i] || id >= 0;
    if (keep[i]) keep[static_cast<std::size_t>(regions[i].parent)] = true;  // parents come first
  }
  std::vector<ir::RegionId> renamed(regions.size(), 0);
  std::vector<ir::Region> kept;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    if (!keep[i]) continue;
    renamed[i] = static_cast<ir::RegionId>(kept.size());
    regions[i].parent = renamed[static_cast<std::size_t>(regions[i].parent)];
    kept.push_back(std::move(regions[i]));
  }
  for (const ir::NodeId id : graph.order())
    graph.node(id).region = renamed[static_cast<std::size_t>(graph.node(id).region)];
  regions = std::move(kept);
}

}  // namespace

Evaluation::Evaluation(const std::string& place, Finder& finder, const Limits& limits, SourceMap& sources)
    : interp(sources, limits), tracer(interp, place), hooks(tracer) {
  interp.host = &session;
  session.tracer = &tracer;
  interp.set_finder(&finder);
  interp.set_hooks(&hooks);
}

Error Evaluation::placed_error() {
  Error error = interp.take_error();
  const std::string place = tracer.config_place();
  Diagnostic& d = error.diagnostic();
  const std::string layer = tracer.layer_path();
  const bool in_prelude = d.primary.location.span.valid() &&
                          interp.sources().get(d.primary.location.span.source).path.starts_with("prelude/");
  if (in_prelude) {  // no line of the user is to blame: the place in the model comes first
    if (d.code == "K0300") d.secondary.push_back({d.primary.location, "raised here"});  // a refusal speaks for itself
    d.primary = {};
  }
  if (d.primary.location.empty()) d.primary.location = Location::in(place);
  else if (d.primary.location.span.valid())
    d.secondary.push_back({Location::in(place), layer.empty() ? "" : "layer `" + layer + "`"});
  return error;
}

Result<NamedTensors> Evaluation::named_tensors(std::string_view loader, Value list) {
  NamedTensors out;
  const auto items = interp.to_vector(list);
  if (!items) return placed_error();
  for (const Value item : *items) {
    const auto pair = interp.to_vector(item);
    if (!pair) return placed_error();
    if (pair->size() != 2) return broken_loader(loader, "pairs");
    TensorObject* t = tracer.to_tensor((*pair)[1]);
    if (t == nullptr) return placed_error();
    out.emplace_back(text_or_empty((*pair)[0]), t);
  }
  return out;
}

Result<void> Evaluation::set_ends(std::string_view loader, const NamedTensors& inputs, const NamedTensors& outputs) {
  ir::Graph& graph = tracer.root().graph;
  graph.inputs.clear();
  for (const auto& [name, tensor] : inputs) {
    if (tensor->home != &tracer.root()) return broken_loader(loader, "graph inputs");
    graph.inputs.push_back(tensor->id);
    graph.value(tensor->id).name = name;
  }
  for (const auto& [name, tensor] : outputs) {
    const ir::ValueId id = tracer.id_in(tracer.root(), tensor);
    if (id < 0) return placed_error();
    graph.outputs.push_back(id);
    graph.output_names.push_back(name);
  }
  return {};
}

Result<ir::Graph> Evaluation::take_graph() {
  ir::Graph& graph = tracer.root().graph;
  graph.compact();
  drop_empty_regions(graph);
  KEDGE_TRY_VOID(ir::verify(graph));
  return std::move(graph);
}

Result<Finder> make_finder(const std::vector<std::string>& custom, const std::string& prelude_folder,
                           const Limits& limits) {
  KEDGE_TRY(Finder finder, Finder::make({custom, prelude_folder}, limits));
  finder.add_native("_kedge", init_kedge_module, nullptr);
  finder.add_native("_numpy", init_numpy_module, nullptr);
  return finder;
}

Error broken_loader(std::string_view loader, const std::string& what) {
  Error error = make_error("K0403", "the prelude's loader gave no " + what + ": this is a fault of the prelude",
                           Location::in("prelude " + std::string(loader)));
  return std::move(error).help("check the folder given with --prelude");
}

Value to_value(Interp& interp, const Json& json) {
  switch (json.kind()) {
    case Json::Kind::null: return Value::none();
    case Json::Kind::boolean: return Value::boolean(json.as_bool());
    case Json::Kind::integer: return Value::integer(json.as_int64());
    case Json::Kind::big_integer: {
      const std::string& digits = json.big_digits();
      const bool negative = digits.starts_with('-');
      const auto big = pylang::BigInt::parse(std::string_view(digits).substr(negative ? 1 : 0), 10);
      return big ? interp.big(negative ? -*big : *big) : Value::none();
    }
    case Json::Kind::number: return Value::real(json.as_double());
    case Json::Kind::string: return interp.str(json.as_string());
    case Json::Kind::array: {
      std::vector<Value> items;
      for (const Json& item : json.array()) items.push_back(to_value(interp, item));
      return interp.list(std::move(items));
    }
    case Json::Kind::object: {
      pylang::Dict* dict = interp.dict();
      for (const formats::JsonMember& member : json.object())
        interp.dict_set(dict, member.key, to_value(interp, member.value));
      return Value::object(dict);
    }
  }
  return Value::none();
}

std::string text_or_empty(Value v) {
  auto* s = as<pylang::Str>(v);
  return s != nullptr ? s->text : "";
}

void drop_unused_nodes(ir::Graph& graph) {
  std::vector<bool> needed(static_cast<std::size_t>(graph.value_count()), false);
  for (const ir::ValueId id : graph.outputs) needed[static_cast<std::size_t>(id)] = true;
  const std::vector<ir::NodeId> order = graph.order();
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    const ir::Node& node = graph.node(*it);
    const bool used = std::any_of(node.outputs.begin(), node.outputs.end(),
                                  [&](ir::ValueId id) { return needed[static_cast<std::size_t>(id)]; });
    if (!used) {
      graph.remove(*it);
      continue;
    }
    for (const ir::ValueId id : node.inputs) {
      if (id >= 0) needed[static_cast<std::size_t>(id)] = true;
    }
  }
}

}  // namespace kedge::frontends
