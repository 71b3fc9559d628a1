// kedge inspect: what is in a model, before anything is deployed.
#include <fmt/format.h>

#include "cli/common.h"
#include "driver/inspect.h"
#include "ir/region.h"

namespace kedge::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    kCustomOption,
    kFromOption,
    kShapeOption,
    kBatchOption,
    kPreludeOption,
    kJsonOption,
    {"--graph", "", "print the graph in its text form"},
    {"--layer", "NAME", "with --graph: the graph of this layer alone (`block1/conv`)"},
};

std::string quoted(const std::string& text) { return attr_to_string(text); }

std::string place_of(const Context& context, Span span) {
  return span.valid() ? render_place(Location::at(span), context.sources) : std::string();
}

std::string shapes_text(const std::vector<Shape>& shapes) {
  std::string out;
  for (std::size_t i = 0; i < shapes.size(); ++i) out += (i > 0 ? ", " : "") + shape_to_string(shapes[i]);
  return out;
}

void print_text(const Context& context, const std::string& path, const driver::Inspection& seen) {
  const frontends::LoadedModel& model = seen.model;
  print_result(fmt::format("{}: {} {}{}\n", path, model.kind, model.class_name,
                           model.keras_version.empty() ? "" : " (Keras " + model.keras_version + ")"));
  for (const driver::InputSpec& input : seen.inputs)
    print_result(
        fmt::format("  input   {:20} {} {}\n", input.name, dtype_name(input.dtype), shape_to_string(input.shape)));
  for (const driver::InputSpec& output : seen.outputs)
    print_result(
        fmt::format("  output  {:20} {} {}\n", output.name, dtype_name(output.dtype), shape_to_string(output.shape)));
  const std::string macs =
      model.kind == "plan" ? ""
                           : seen.macs.to_string() + " MACs, ";  // a plan's steps may be fused: they are not counted
  print_result(fmt::format("  {} parameters, {}{} bytes of weights, {} operations\n", seen.parameters, macs,
                           seen.weight_bytes, seen.operations));
  if (!model.layers.empty()) print_result("\n");
  if (!model.layers.empty())
    print_result(fmt::format("  {:28} {:26} {:>12}  {}\n", "layer", "class", "parameters", "output"));
  for (const frontends::LayerFact& layer : model.layers) {
    print_result(fmt::format("  {:28} {:26} {:>12}  {}\n", layer.name, layer.class_name + (layer.custom ? " *" : ""),
                             layer.parameters, shapes_text(layer.outputs)));
  }
  if (!model.classes.empty()) print_result("\n  custom classes (*)\n");
  for (const frontends::ClassFact& fact : model.classes)
    print_result(fmt::format("  {:28} {} (by {})\n", fact.class_name, place_of(context, fact.source), fact.found_by));
}

std::string_view fate_name(frontends::WeightFact::Fate fate) {
  using Fate = frontends::WeightFact::Fate;
  return fate == Fate::bound ? "bound" : fate == Fate::alias ? "alias" : fate == Fate::ignored ? "ignored" : "initial";
}

void print_json(const Context& context, const std::string& path, const driver::Inspection& seen) {
  const frontends::LoadedModel& model = seen.model;
  std::string out = fmt::format(
      "{{\"schema_version\": 1, \"model\": {}, \"kind\": \"{}\", \"class\": {}, \"keras\": {}, \"parameters\": {}, "
      "\"macs\": {}, \"weight_bytes\": {}, \"operations\": {}",
      quoted(path), model.kind, quoted(model.class_name), quoted(model.keras_version), seen.parameters,
      quoted(seen.macs.to_string()), seen.weight_bytes, seen.operations);
  const auto values = [&](std::string_view key, const std::vector<driver::InputSpec>& specs) {
    out += fmt::format(", \"{}\": [", key);
    for (std::size_t i = 0; i < specs.size(); ++i)
      out += fmt::format("{}{{\"name\": {}, \"dtype\": \"{}\", \"shape\": {}}}", i > 0 ? ", " : "",
                         quoted(specs[i].name), dtype_name(specs[i].dtype), quoted(shape_to_string(specs[i].shape)));
    out += "]";
  };
  values("inputs", seen.inputs);
  values("outputs", seen.outputs);
  out += ", \"layers\": [";
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const frontends::LayerFact& layer = model.layers[i];
    out += fmt::format(
        "{}{{\"name\": {}, \"class\": {}, \"custom\": {}, \"parameters\": {}, \"output\": {}, \"place\": {}}}",
        i > 0 ? ", " : "", quoted(layer.name), quoted(layer.class_name), layer.custom, layer.parameters,
        quoted(shapes_text(layer.outputs)), quoted(layer.place));
  }
  out += "], \"custom_classes\": [";
  for (std::size_t i = 0; i < model.classes.size(); ++i) {
    out += fmt::format("{}{{\"class\": {}, \"registered_name\": {}, \"found_by\": {}, \"place\": {}}}",
                       i > 0 ? ", " : "", quoted(model.classes[i].class_name), quoted(model.classes[i].registered_name),
                       quoted(model.classes[i].found_by), quoted(place_of(context, model.classes[i].source)));
  }
  out += "], \"weights\": [";
  for (std::size_t i = 0; i < model.weights.size(); ++i) {
    const frontends::WeightFact& weight = model.weights[i];
    out += fmt::format("{}{{\"path\": {}, \"variable\": {}, \"dtype\": \"{}\", \"shape\": {}, \"fate\": \"{}\"}}",
                       i > 0 ? ", " : "", quoted(weight.path), quoted(weight.variable), dtype_name(weight.dtype),
                       quoted(shape_to_string(to_shape(weight.shape))), fate_name(weight.fate));
  }
  print_result(out + "]}\n");
}

/// The graph of the layer with this path; of the first call, when it is called several times.
Result<ir::Graph> layer_graph(const ir::Graph& graph, const std::string& layer) {
  std::string known;
  for (std::size_t id = 1; id < graph.regions().size(); ++id) {
    const auto region = static_cast<ir::RegionId>(id);
    if (graph.regions()[id].kind != "layer") continue;
    const std::string path = ir::layer_path(graph, region);
    if (path == layer) return ir::outline(graph, region);
    if (!path.empty()) known += (known.empty() ? "`" : ", `") + path + "`";
  }
  Diagnostic none;
  none.code = "K0906";
  none.message = "no layer of the model is called `" + layer + "`";
  none.primary.location = Location::in("argument --layer");
  none.help.push_back(known.empty() ? "this file holds no layers, only operations" : "its layers: " + known);
  return Error(std::move(none));
}

int run(Context& context, const Options& options) {
  const Result<std::string> path = single_model(options);
  if (!path.ok()) return context.fail(path.error());
  const Result<frontends::LoadOptions> load = load_options(options);
  if (!load.ok()) return context.fail(load.error());
  if (options.has("--layer") && !options.has("--graph"))
    return context.fail(usage_error("the graph of a layer is printed with --graph", "--layer"));
  const Result<driver::Inspection> seen = driver::inspect(*path, *load, context.sources);
  if (!seen.ok()) return context.fail(seen.error());
  report_all(context, seen->model.diagnostics);
  if (options.has("--json")) {
    print_json(context, *path, *seen);
  } else if (options.has("--graph")) {
    const std::optional<std::string> layer = options.value("--layer");
    const Result<ir::Graph> part = layer ? layer_graph(seen->model.graph, *layer) : seen->model.graph.clone();
    if (!part.ok()) return context.fail(part.error());
    print_result(ir::print(*part));
  } else {
    print_text(context, *path, *seen);
  }
  return context.exit_code();
}

}  // namespace

const Command kInspect = {"inspect", "MODEL [--custom PATH]... [--json]",
                          "layers, shapes, parameters, and where each custom class was found", kOptions, run};

}  // namespace kedge::cli
