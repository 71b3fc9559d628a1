// Loading a file of Keras: evaluate the prelude's loader over the configuration (or the user's factory) and the user's
// sources, bind the weights. When a class name fits several sources the whole load is tried with each; only one may go
// through.
#include "frontends/keras/load_keras.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "formats/json.h"
#include "frontends/keras/class_finder.h"
#include "frontends/keras/config_facts.h"
#include "frontends/keras/weights.h"
#include "frontends/source/evaluation.h"
#include "frontends/source/finder.h"
#include "frontends/source/ndarray/functions.h"
#include "frontends/source/session.h"
#include "frontends/source/tracer.h"

namespace kedge::frontends {

using formats::Json;
using pylang::as;

namespace {

constexpr const char* kLoaderModule = "keras.src.loader";

/// `--from my_model.py:build_model`.
struct Factory {
  std::string path;
  std::string module;
  std::string name;  ///< empty: the only function that can be called without arguments
};

/// One evaluation of the model with the choices made for its classes.
struct Attempt : Evaluation {
  Attempt(Archive& from, Finder& finder, const LoadOptions& load_options, SourceMap& sources)
      : Evaluation(from.place, finder, load_options.limits, sources),
        archive(from),
        options(load_options),
        classes(finder, load_options.limits) {
    session.context = this;
  }

  Archive& archive;
  const LoadOptions& options;
  const Factory* factory = nullptr;  ///< makes the model instead of the configuration
  ClassFinder classes;
  WeightStore store;
};

Attempt& attempt_of(Interp& interp) { return *static_cast<Attempt*>(session(interp).context); }

// ---- the loader's part of `_kedge`
Value call_find_class(Interp& interp, Args args, void* context) {
  KEDGE_BIND(v, 3, "find_class", "module", "class_name", "registered_name=");
  ClassFinder& classes = attempt_of(interp).classes;
  const std::string module = text_or_empty(v[0]);
  const std::string name = text_or_empty(v[1]);
  const std::string registered = text_or_empty(v[2]);
  return context == nullptr ? classes.find(interp, module, name, registered)
                            : classes.refuse_missing(interp, module, name, registered);
}
Value call_stored(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "stored", "path");
  WeightStore& store = attempt_of(interp).store;
  const std::string path = text_or_empty(v[0]);
  if (store.find(path) == nullptr) return Value::none();
  Result<kedge::Tensor> t = store.read(path);
  if (!t.ok()) return interp.refuse(std::move(t.error().diagnostic()));
  store.read_at_trace.insert(path);
  return wrap(interp, to_array_data(*t), false);
}
Value call_stored_keys(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "stored_keys", "group");
  std::vector<Value> items;
  for (const std::string& key : attempt_of(interp).store.keys(text_or_empty(v[0]))) items.push_back(interp.str(key));
  return interp.list(std::move(items));
}

bool init_module(Interp& interp, Module& module, void* context) {
  if (!init_kedge_module(interp, module, context)) return false;
  static int missing = 0;
  interp.def(module, "find_class", call_find_class);
  interp.def(module, "find_object", call_find_class);
  interp.def(module, "class_not_found", call_find_class, &missing);
  interp.def(module, "stored", call_stored);
  interp.def(module, "stored_keys", call_stored_keys);
  return true;
}

Result<void> collect_variables(Attempt& attempt, Value list, bool saved, std::vector<VariablePlace>& out) {
  const auto items = attempt.interp.to_vector(list);
  if (!items) return attempt.placed_error();
  for (const Value item : *items) {
    auto* entry = as<pylang::Dict>(item);
    if (entry == nullptr) return broken_loader(kLoaderModule, "dictionaries of weights");
    VariablePlace v;
    const auto member = [&](std::string_view key) {
      return attempt.interp.dict_get(static_cast<const pylang::Dict*>(entry), key);
    };
    v.tensor = tensor_of(member("tensor"));
    if (v.tensor == nullptr || v.tensor->weight < 0) continue;  // a variable that became a constant while tracing
    v.name = text_or_empty(member("variable"));
    if (v.name.empty()) v.name = text_or_empty(member("name"));
    v.layer = text_or_empty(member("layer"));
    v.saved = saved;
    const Value ignorable = member("ignorable");
    v.ignorable = ignorable.is_bool() && ignorable.b;
    const std::string path = text_or_empty(member("path"));
    if (!path.empty()) v.paths.push_back(path);
    if (auto* parts = as<pylang::List>(member("joined"))) {
      for (const Value part : parts->items) v.joined.push_back(text_or_empty(part));
    }
    if (auto* axes = as<pylang::List>(member("permutation"))) {
      for (const Value axis : axes->items) v.permutation.push_back(axis.i);
    }
    const Value drop = member("drop_axis");
    if (drop.is_int()) v.drop_axis = drop.i;
    if (auto* more = as<pylang::List>(member("paths"))) {
      for (const Value p : more->items) {
        if (std::find(v.paths.begin(), v.paths.end(), text_or_empty(p)) == v.paths.end())
          v.paths.push_back(text_or_empty(p));
      }
    }
    // One variable met at several paths is one variable.
    const auto same =
        std::find_if(out.begin(), out.end(), [&](const VariablePlace& o) { return o.tensor == v.tensor; });
    if (same == out.end()) {
      out.push_back(std::move(v));
    } else {
      same->paths.insert(same->paths.end(), v.paths.begin(), v.paths.end());
      same->saved = same->saved || saved;
    }
  }
  return {};
}

/// Shapes from the command line by input name; unnamed ones follow the model's order.
Result<pylang::Dict*> shape_overlays(Attempt& attempt) {
  const std::vector<std::string> names = input_names(attempt.archive.config);
  pylang::Dict* dict = attempt.interp.dict();
  std::size_t next = 0;
  for (const ShapeOverlay& overlay : attempt.options.shapes) {
    std::string name = overlay.name;
    if (name.empty()) {
      if (next >= names.size() && !names.empty()) {
        return make_error("K0405",
                          "more shapes are given than the model has inputs (" + std::to_string(names.size()) + ")",
                          Location::in("argument --shape"));
      }
      name = next < names.size() ? names[next] : "";
      ++next;
    } else if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
      Error error = make_error("K0405", "the model has no input `" + name + "`", Location::in("argument --shape"));
      return std::move(error).help("its inputs are " + join(names, ", "));
    }
    attempt.tracer.overlays.push_back({name, overlay.shape});
    if (name.empty()) name = "#" + std::to_string(next);  // a subclassed model names no inputs: they follow in order
    std::vector<Value> items;
    for (const std::int64_t d : overlay.shape) items.push_back(Value::integer(d));
    attempt.interp.dict_set(dict, name, attempt.interp.list(std::move(items)));
  }
  return dict;
}

/// Weights that nothing stores, nothing initialises, but something uses.
Result<void> check_all_bound(Attempt& attempt) {
  ir::Graph& graph = attempt.tracer.root().graph;
  const std::vector<std::vector<ir::NodeId>> users = graph.users();
  for (const WeightSlot& slot : attempt.tracer.weights) {
    ir::Value& value = graph.value(slot.tensor->id);
    if (value.constant) continue;
    if (slot.initial) {
      value.constant = *slot.initial;
      continue;
    }
    const bool used = !users[static_cast<std::size_t>(slot.tensor->id)].empty() ||
                      std::find(graph.outputs.begin(), graph.outputs.end(), slot.tensor->id) != graph.outputs.end();
    if (!used) continue;
    const std::string name = slot.layer.empty() ? slot.name : slot.layer + "/" + slot.name;
    Error error = make_error(
        "K0506",
        "the variable `" + name + "` is used, but Keras does not save it and its initial value is not constant",
        slot.made_at.valid() ? Location::at(slot.made_at) : Location::in(attempt.tracer.config_place()));
    return std::move(error).help("create it with `self.add_weight` in `build`, so that it is saved with the model");
  }
  return {};
}

/// `[(layer, [(path, shape), …]), …]` of a file that stores weights by layer; None for one that stores them by path.
Value stored_layers(Interp& interp, const Archive& archive) {
  if (!archive.by_layer) return Value::none();
  std::vector<Value> layers;
  for (const StoredLayer& layer : archive.layers) {
    std::vector<Value> arrays;
    for (const std::string& path : layer.paths) {
      const formats::Hdf5Object* object = archive.store.find(path);
      if (object == nullptr) continue;
      std::vector<Value> sizes;
      for (const std::int64_t size : object->shape()) sizes.push_back(Value::integer(size));
      arrays.push_back(interp.tuple({interp.str(path), interp.tuple(std::move(sizes))}));
    }
    layers.push_back(interp.tuple({interp.str(layer.name), interp.list(std::move(arrays))}));
  }
  return interp.list(std::move(layers));
}

/// The layers of a model that no configuration describes, as the loader lists them.
Result<std::vector<LayerFact>> listed_layers(Attempt& attempt, Value list) {
  std::vector<LayerFact> out;
  const auto items = attempt.interp.to_vector(list);
  if (!items) return attempt.placed_error();
  for (const Value item : *items) {
    const auto entry = attempt.interp.to_vector(item);
    if (!entry) return attempt.placed_error();
    if (entry->size() != 3) return broken_loader(kLoaderModule, "triples of layer facts");
    LayerFact fact;
    fact.name = text_or_empty((*entry)[0]);
    fact.class_name = text_or_empty((*entry)[1]);
    fact.place = attempt.tracer.config_name;
    fact.custom = (*entry)[2].is_bool() && (*entry)[2].b;
    out.push_back(std::move(fact));
  }
  return out;
}

/// Names, shapes and numbers of parameters of the layers, for `inspect`.
void complete_layers(const Attempt& attempt, const ir::Graph& graph, const std::vector<VariablePlace>& variables,
                     LoadedModel& model) {
  for (LayerFact& layer : model.layers) {
    const std::string leaf = layer.name.substr(layer.name.rfind('/') + 1);
    for (const ir::Region& region : graph.regions()) {
      if (region.kind != "layer" || region.instance != leaf) continue;
      layer.outputs.clear();
      for (const ir::ValueId id : region.outputs) {
        if (id >= 0) layer.outputs.push_back(graph.value(id).shape);
      }
    }
    for (const ClassFact& c : model.classes) {
      if (c.class_name == layer.class_name && layer.custom) layer.source = c.source;
    }
    for (const VariablePlace& v : variables) {
      const std::string owner = "/" + attempt.tracer.weights[static_cast<std::size_t>(v.tensor->weight)].layer + "/";
      if (v.layer == leaf || owner.find("/" + leaf + "/") != std::string::npos)
        layer.parameters += element_count(static_shape(v.tensor->shape).value_or(StaticShape{0}));
    }
  }
}

/// K0416, a note for each source that is called like a standard module.
void note_shadowed(const Attempt& attempt, LoadedModel& model) {
  for (const auto& [path, span] : attempt.classes.shadowed) {
    Diagnostic d;
    d.code = "K0416";
    d.severity = Severity::note;
    d.message =
        "`" + path + "` is called like a standard module; its classes are used, but `import` means the standard one";
    d.primary.location = Location::at(span);
    model.diagnostics.push_back(std::move(d));
  }
}

Result<LoadedModel> run_attempt(Attempt& attempt) {
  Interp& interp = attempt.interp;
  Archive& archive = attempt.archive;
  attempt.store = archive.store;
  attempt.tracer.batch = attempt.options.batch;
  attempt.tracer.config_name = attempt.factory == nullptr ? archive.config_name : "--from " + attempt.options.from;
  if (const Json* name = archive.config.at_path("config.name"); name != nullptr && name->is_string())
    attempt.tracer.model_name = name->as_string();
  KEDGE_TRY(pylang::Dict * shapes, shape_overlays(attempt));
  const Value loader = interp.import_module(kLoaderModule);
  if (loader.is_error()) return attempt.placed_error();
  const Value stored = stored_layers(interp, archive);
  const Value version = interp.str(archive.keras_version);
  Value result;
  if (attempt.factory) {
    const Value arguments[] = {interp.str(attempt.factory->module), interp.str(attempt.factory->name), stored, version,
                               Value::object(shapes)};
    result = interp.call_method(loader, "load_factory", arguments);
  } else {
    const Value arguments[] = {to_value(interp, archive.config), stored, version, Value::object(shapes)};
    result = interp.call_method(loader, "load", arguments);
  }
  if (result.is_error()) return attempt.placed_error();
  attempt.tracer.leave(0);
  auto* facts = as<pylang::Dict>(result);
  if (facts == nullptr) return broken_loader(kLoaderModule, "dictionary");
  const auto member = [&](std::string_view key) {
    return interp.dict_get(static_cast<const pylang::Dict*>(facts), key);
  };

  KEDGE_TRY(const auto inputs, attempt.named_tensors(kLoaderModule, member("inputs")));
  KEDGE_TRY(const auto outputs, attempt.named_tensors(kLoaderModule, member("outputs")));
  std::vector<VariablePlace> variables;
  KEDGE_TRY_VOID(collect_variables(attempt, member("weights"), true, variables));
  if (const Value unsaved = member("unsaved"); !unsaved.is_error())
    KEDGE_TRY_VOID(collect_variables(attempt, unsaved, false, variables));
  std::vector<IgnoredPrefix> ignored;
  if (auto* list = as<pylang::List>(member("ignored"))) {
    for (const Value item : list->items) {
      const auto pair = interp.to_vector(item);
      if (!pair) return attempt.placed_error();
      if (pair->size() == 2) ignored.push_back({text_or_empty((*pair)[0]), text_or_empty((*pair)[1])});
    }
  }

  LoadedModel model;
  model.kind = "keras";
  note_shadowed(attempt, model);
  model.keras_version = archive.keras_version;
  model.class_name = text_or_empty(member("class_name"));
  ir::Graph& graph = attempt.tracer.root().graph;
  KEDGE_TRY_VOID(attempt.set_ends(kLoaderModule, inputs, outputs));
  KEDGE_TRY(model.weights, bind_weights(attempt.tracer, attempt.store, variables, ignored, model.diagnostics));
  drop_unused_nodes(graph);
  KEDGE_TRY_VOID(check_all_bound(attempt));
  graph.name = attempt.tracer.model_name;
  if (attempt.factory == nullptr) {
    model.layers = layer_facts(archive.config, archive.config_name + " › ");
  } else {
    KEDGE_TRY(model.layers, listed_layers(attempt, member("layers")));
  }
  model.classes = attempt.classes.facts;
  complete_layers(attempt, graph, variables, model);
  model.open_sizes_matter = std::any_of(attempt.tracer.notes.begin(), attempt.tracer.notes.end(),
                                        [](const Note& note) { return note.kind == "open_sizes"; });
  KEDGE_TRY(model.graph, attempt.take_graph());
  return model;
}

/// `my_model.py:build_model` or `my_model.py` as a factory; its module's name comes later, from the finder.
Result<Factory> parse_factory(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  Factory out;
  out.path = text.substr(0, colon);
  if (colon != std::string::npos) out.name = text.substr(colon + 1);
  if (std::filesystem::path(out.path).extension() == ".py" && std::filesystem::is_regular_file(out.path)) return out;
  Error error = make_error("K0412", "there is no Python source `" + out.path + "` to take the model from",
                           Location::in("argument --from " + text));
  return std::move(error).help("write --from FILE.py:FUNCTION, where FUNCTION() returns the model");
}

}  // namespace

Result<LoadedModel> load_keras(Archive archive, const LoadOptions& options, SourceMap& sources) {
  std::optional<Factory> factory;
  std::vector<std::string> custom = options.custom;
  if (!options.from.empty()) {
    KEDGE_TRY(factory, parse_factory(options.from));
    custom.insert(custom.begin(), factory->path);
  } else if (archive.config.is_null()) {
    Error error = make_error(
        "K0413", "`" + archive.place + "` holds weights alone: nothing in it says which model they belong to",
        Location::in(archive.place));
    return std::move(error).help(
        "give the function that builds the model, --from my_model.py:build_model, or save the whole model with "
        "model.save(\"model.keras\")");
  }
  if (archive.backend == "theano") {
    Error error = make_error(
        "K0417", "the weights were written by Keras' Theano backend, whose convolution kernels are turned around",
        Location::in(archive.place));
    return std::move(error).help("load the file once with Keras 2 on TensorFlow, and save it again");
  }
  KEDGE_TRY(Finder finder, make_finder(custom, options.prelude_folder, options.limits));
  finder.add_native("_kedge", init_module, nullptr);
  if (factory) factory->module = finder.import_name(finder.custom_modules().front());  // named files come first

  constexpr std::size_t kMostAttempts = 16;
  std::vector<std::map<std::string, std::size_t>> open{{}};
  std::optional<LoadedModel> good;
  std::optional<Error> first_error;
  std::map<std::string, ClassFinder::Ambiguity> ambiguities;
  for (std::size_t i = 0; i < open.size() && i < kMostAttempts; ++i) {
    auto attempt = std::make_unique<Attempt>(archive, finder, options, sources);
    attempt->factory = factory ? &*factory : nullptr;
    attempt->classes.choices = open[i];
    Result<LoadedModel> result = run_attempt(*attempt);
    for (const auto& [key, ambiguity] : attempt->classes.ambiguities) {
      ambiguities[key] = ambiguity;
      if (open[i].contains(key)) continue;
      for (std::size_t candidate = 1; candidate < ambiguity.candidates.size(); ++candidate) {
        std::map<std::string, std::size_t> next = open[i];
        next[key] = candidate;
        open.push_back(std::move(next));
      }
      open[i][key] = 0;
    }
    if (!result.ok()) {
      if (!first_error) first_error = std::move(result).error();
      continue;
    }
    if (good) {
      const ClassFinder::Ambiguity& which = ambiguities.begin()->second;
      Diagnostic d;
      d.code = "K0406";
      d.message = "the class `" + which.name + "` is defined " + std::to_string(which.candidates.size()) +
                  " times, and more than one definition fits the model";
      d.primary.location = Location::at(which.candidates[0].span);
      for (std::size_t k = 1; k < which.candidates.size(); ++k)
        d.secondary.push_back({Location::at(which.candidates[k].span), "also here"});
      d.secondary.push_back({Location::in(archive.config_place()), ""});
      d.help.push_back(
          "give only the source that the model was saved with, or register the classes under different names");
      return Error(std::move(d));
    }
    good = std::move(result).value();
  }
  if (good) return *std::move(good);
  return *std::move(first_error);
}

}  // namespace kedge::frontends
