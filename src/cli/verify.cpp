// kedge verify: does the artefact answer as the model does, and did every weight land where the source puts it?
#include <fmt/format.h>
#include <cmath>

#include "cli/common.h"
#include "driver/trace.h"
#include "formats/file.h"
#include "formats/npy.h"
#include "verify/accuracy.h"
#include "verify/compare.h"
#include "verify/nan.h"
#include "verify/per_layer.h"

namespace kedge::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    kCustomOption,
    kFromOption,
    kInputOption,
    kShapeOption,
    kBatchOption,
    kPreludeOption,
    kJsonOption,
    {"--golden", "OUT.npz", "answers known from elsewhere; both sides are held against them"},
    {"--atol", "A", "absolute tolerance (default 1e-5; for quantized artefacts --min-sqnr decides)"},
    {"--rtol", "R", "relative tolerance (default 1e-4)"},
    {"--min-sqnr", "DB", "accept by signal-to-quantization-noise ratio instead of by tolerance"},
    {"--labels", "L.npz",
     "the right class of each sample in --input: reports both accuracies (largest score of the first output)"},
    {"--max-accuracy-drop", "P",
     "with --labels: fail when the artefact is right on more than P percent of the samples less often (default: report "
     "only)"},
    {"--per-layer", "", "which layers' outputs the artefact still makes, and the first one that differs"},
    {"--seed", "N", "seed of the inputs that are made when none are given (default 1)"},
};

struct Comparison {
  std::vector<verify::Difference> differences;
  bool passed = true;
};

std::string decibel(double value) {
  if (std::isinf(value)) return value > 0 ? "exact" : "none";
  return fmt::format("{:.1f} dB", value);
}

Comparison compare_all(const std::vector<Tensor>& actual, const std::vector<Tensor>& expected,
                       const std::vector<std::string>& names, const verify::Tolerance& tolerance,
                       std::optional<double> min_sqnr) {
  Comparison out;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    verify::Difference difference =
        i < actual.size() ? verify::compare(actual[i], expected[i], tolerance, i < names.size() ? names[i] : "")
                          : verify::Difference{};
    if (i >= actual.size()) difference.structural = "the output is missing";
    const bool good = min_sqnr ? difference.structural.empty() && difference.sqnr_db >= *min_sqnr : difference.passed();
    out.passed = out.passed && good;
    out.differences.push_back(std::move(difference));
  }
  if (actual.size() > expected.size()) out.passed = false;
  return out;
}

void print_comparison(std::string_view title, const Comparison& comparison, std::optional<double> min_sqnr) {
  const std::string good =
      min_sqnr ? fmt::format("close enough (SQNR of at least {:g} dB)", *min_sqnr) : "equal within the tolerance";
  print_result(fmt::format("{}: {}\n", title, comparison.passed ? good : "DIFFERENT"));
  for (const verify::Difference& d : comparison.differences) {
    if (!d.structural.empty()) {
      print_result(fmt::format("  {:24} {}\n", d.name, d.structural));
      continue;
    }
    print_result(fmt::format("  {:24} {} values, max abs {:.3g}, max rel {:.3g}, {} outside, SQNR {}\n", d.name,
                             d.elements, d.max_absolute, d.max_relative, d.outside, decibel(d.sqnr_db)));
  }
}

std::string json_of(const Comparison& comparison) {
  std::string out = "[";
  for (std::size_t i = 0; i < comparison.differences.size(); ++i) {
    const verify::Difference& d = comparison.differences[i];
    out += fmt::format(
        "{}{{\"output\": {}, \"elements\": {}, \"outside\": {}, \"max_abs\": {}, \"max_rel\": {}, \"sqnr_db\": {}, "
        "\"problem\": {}}}",
        i > 0 ? ", " : "", attr_to_string(d.name), d.elements, d.outside,
        std::isfinite(d.max_absolute) ? fmt::format("{:.9g}", d.max_absolute) : "null",
        fmt::format("{:.9g}", d.max_relative), std::isfinite(d.sqnr_db) ? fmt::format("{:.4f}", d.sqnr_db) : "null",
        attr_to_string(d.structural));
  }
  return out + "]";
}

std::string json_of(const verify::Accuracy& a) {
  return fmt::format("{{\"samples\": {}, \"model\": {:.6g}, \"artefact\": {:.6g}, \"agreement\": {:.6g}}}", a.samples,
                     a.model_share(), a.artefact_share(), a.agreement());
}

void print_accuracy(const verify::Accuracy& a, bool passed) {
  print_result(fmt::format("accuracy on {} samples: model {:.2f} %, artefact {:.2f} %, same class {:.2f} %{}\n",
                           a.samples, 100 * a.model_share(), 100 * a.artefact_share(), 100 * a.agreement(),
                           passed ? "" : "  TOO LOW"));
}

std::string_view fate_name(verify::LayerFate fate) {
  switch (fate) {
    case verify::LayerFate::equal: return "equal";
    case verify::LayerFate::absorbed: return "absorbed";
    case verify::LayerFate::differs: return "DIFFERS";
  }
  return "";
}

/// "layers.py:12", or empty.
std::string line_of(const SourceMap& sources, const Location& place) {
  if (!place.span.valid()) return "";
  return fmt::format("{}:{}", sources.get(place.span.source).path,
                     sources.line_column(place.span.source, place.span.begin).line);
}

void print_layers(const SourceMap& sources, const std::vector<verify::LayerComparison>& layers) {
  print_result("layers, on the first sample (absorbed: fused or folded into what follows, which is equal):\n");
  for (const verify::LayerComparison& layer : layers) {
    const bool measured = !layer.found.empty() && layer.fate != verify::LayerFate::absorbed;
    print_result(fmt::format("  {:40} {:24} {:8}{}\n", layer.layer, layer.class_name, fate_name(layer.fate),
                             measured ? fmt::format(" max abs {:.3g}, SQNR {}, in `{}`", layer.difference.max_absolute,
                                                    decibel(layer.difference.sqnr_db), layer.found)
                                      : ""));
  }
  const verify::LayerComparison* first = verify::first_divergence(layers);
  if (first == nullptr) {
    print_result("no layer differs\n");
    return;
  }
  const std::string line = line_of(sources, first->place);
  print_result(fmt::format("the first layer that differs: `{}` ({}{}{})", first->layer, first->class_name,
                           line.empty() ? "" : ", ", line));
  const verify::LayerComparison* last = nullptr;
  for (const verify::LayerComparison* layer = layers.data(); layer != first; ++layer) {
    if (layer->fate == verify::LayerFate::equal) last = layer;
  }
  print_result(last == nullptr ? "\n" : fmt::format("; the last equal one before it: `{}`\n", last->layer));
}

std::string json_of(const SourceMap& sources, const std::vector<verify::LayerComparison>& layers) {
  std::string out = "[";
  for (const verify::LayerComparison& layer : layers) {
    if (out.size() > 1) out += ", ";
    out += fmt::format(
        "{{\"layer\": {}, \"class\": {}, \"place\": {}, \"fate\": {}, \"found\": {}, \"max_abs\": {}, \"sqnr_db\": "
        "{}}}",
        attr_to_string(layer.layer), attr_to_string(layer.class_name), attr_to_string(line_of(sources, layer.place)),
        attr_to_string(std::string(fate_name(layer.fate))), attr_to_string(layer.found),
        !layer.found.empty() && std::isfinite(layer.difference.max_absolute)
            ? fmt::format("{:.9g}", layer.difference.max_absolute)
            : "null",
        !layer.found.empty() && std::isfinite(layer.difference.sqnr_db)
            ? fmt::format("{:.4f}", layer.difference.sqnr_db)
            : "null");
  }
  return out + "]";
}

/// The only array of a file of labels.
Result<Tensor> read_labels(const std::string& path) {
  KEDGE_TRY(const formats::MappedFile file, formats::map_file(path));
  KEDGE_TRY(const std::vector<formats::NamedArray> arrays, formats::read_npz(file.bytes(), Limits{}, path));
  if (arrays.size() != 1)
    return make_error("K0903", "a file of labels holds one array, this one " + std::to_string(arrays.size()),
                      Location::in(path));
  KEDGE_TRY(std::vector<Tensor> labels,
            driver::read_inputs(
                path, std::vector<driver::InputSpec>{{arrays[0].name, DType::int64, to_shape(arrays[0].array.shape)}}));
  return std::move(labels[0]);
}

void print_weights(const frontends::LoadedModel& model) {
  std::int64_t counts[4] = {0, 0, 0, 0};
  for (const frontends::WeightFact& weight : model.weights) ++counts[static_cast<std::size_t>(weight.fate)];
  print_result(fmt::format(
      "weights: {} bound, {} aliases, {} ignored (optimizer, metrics, seeds), {} not saved by Keras and constant\n",
      counts[0], counts[1], counts[2], counts[3]));
}

/// Reports where the model's answer stops being a number. Inputs that were made may be of a kind that the model is not
/// for: a warning then.
Result<void> report_nan(Context& context, const driver::Runnable& model, const std::vector<Tensor>& arrays,
                        bool made_inputs) {
  if (model.graph() == nullptr) return {};
  KEDGE_TRY(const std::vector<std::vector<Tensor>> samples, driver::split_samples(arrays, model.inputs()));
  for (const std::vector<Tensor>& sample : samples) {
    std::optional<Diagnostic> found = verify::find_nan(*model.graph(), sample);
    if (!found) continue;
    if (made_inputs) found->severity = Severity::warning;
    context.report(*found);
    return {};
  }
  return {};
}

bool any_nan(const std::vector<Tensor>& outputs) {
  for (const Tensor& tensor : outputs) {
    for (std::int64_t i = 0; is_float(tensor.dtype()) && i < tensor.size(); ++i) {
      if (std::isnan(tensor.element_as_double(i))) return true;
    }
  }
  return false;
}

Result<bool> verify_files(Context& context, const Options& options) {
  if (options.positional.size() != 2) return usage_error("give a MODEL and an ARTEFACT");
  driver::RunOptions run;
  KEDGE_TRY(run.load, load_options(options));
  verify::Tolerance tolerance;
  KEDGE_TRY(tolerance.absolute, options.real_or("--atol", tolerance.absolute));
  KEDGE_TRY(tolerance.relative, options.real_or("--rtol", tolerance.relative));
  std::optional<double> min_sqnr;
  if (options.has("--min-sqnr")) {
    KEDGE_TRY(min_sqnr, options.real_or("--min-sqnr", 0));
  }
  if (options.has("--labels") && !options.has("--input"))
    return usage_error("labels belong to given samples: give them with --input too", "--labels");
  if (options.has("--max-accuracy-drop") && !options.has("--labels"))
    return usage_error("accuracy needs --labels", "--max-accuracy-drop");
  KEDGE_TRY(const std::int64_t seed, options.integer_or("--seed", 1, 0));
  const std::string input = options.value_or("--input", "");

  // The artefact first: its shapes are fixed, so that made inputs fit both.
  driver::RunOptions artefact_run;
  KEDGE_TRY(driver::Runnable artefact,
            driver::Runnable::open(options.positional[1], artefact_run, context.sources, {}));
  if (input.empty() && run.load.shapes.empty()) {
    for (const driver::InputSpec& spec : artefact.inputs()) run.load.shapes.push_back({"", *static_shape(spec.shape)});
  }
  run.engine = driver::Engine::reference;
  Result<driver::Runnable> opened = driver::Runnable::open(options.positional[0], run, context.sources, input);
  if (!opened.ok() && opened.error().diagnostic().code == "K0405" &&
      !options.has("--shape")) {  // the shapes came from the artefact, not from the user
    return make_error("K0902",
                      fmt::format("the artefact's {} inputs are not those of the model", artefact.inputs().size()),
                      Location::in(options.positional[1]));
  }
  KEDGE_TRY(driver::Runnable model, std::move(opened));
  report_all(context, model.diagnostics());
  if (model.inputs().size() != artefact.inputs().size()) {
    return make_error(
        "K0902",
        fmt::format("the model has {} inputs, the artefact {}", model.inputs().size(), artefact.inputs().size()),
        Location::in(options.positional[1]));
  }
  const std::vector<Tensor> arrays =
      input.empty() ? driver::seeded_inputs(model.inputs(), static_cast<std::uint64_t>(seed)) : model.arrays();
  std::vector<Tensor> artefact_arrays = arrays;
  if (!input.empty()) {
    KEDGE_TRY(artefact_arrays, driver::read_inputs(input, artefact.inputs()));
  }
  KEDGE_TRY(const std::vector<Tensor> expected, model.run(arrays));
  if (any_nan(expected)) KEDGE_TRY_VOID(report_nan(context, model, arrays, input.empty()));
  KEDGE_TRY(const std::vector<Tensor> actual, artefact.run(artefact_arrays));
  const Comparison comparison = compare_all(actual, expected, model.output_names(), tolerance, min_sqnr);
  std::optional<Comparison> golden;
  if (const std::optional<std::string> path = options.value("--golden")) {
    std::vector<driver::InputSpec> specs;
    for (std::size_t i = 0; i < expected.size(); ++i)
      specs.push_back({model.output_names()[i], expected[i].dtype(), to_shape(expected[i].shape())});
    KEDGE_TRY(const std::vector<Tensor> known, driver::read_inputs(*path, specs));
    golden = compare_all(actual, known, model.output_names(), tolerance, min_sqnr);
  }
  std::optional<verify::Accuracy> accuracy;
  bool accurate = true;
  if (const std::optional<std::string> path = options.value("--labels")) {
    KEDGE_TRY(const Tensor labels, read_labels(*path));
    KEDGE_TRY(accuracy, verify::compare_accuracy(expected[0], actual[0], labels));
    constexpr double kReportOnly = 100;
    KEDGE_TRY(const double most, options.real_or("--max-accuracy-drop", kReportOnly));
    accurate = 100 * (accuracy->model_share() - accuracy->artefact_share()) <= most;
  }
  std::optional<std::vector<verify::LayerComparison>> layers;
  if (options.has("--per-layer")) {
    KEDGE_TRY(const std::vector<std::vector<Tensor>> samples,
              driver::split_samples(artefact_arrays, artefact.inputs()));
    const std::vector<Tensor>& sample = samples[0];
    if (run.load.shapes.empty()) {  // the arrays may be more than one sample of the artefact's shape
      for (const Tensor& tensor : sample) run.load.shapes.push_back({"", tensor.shape()});
    }
    KEDGE_TRY(const driver::Runnable whole, driver::Runnable::open(options.positional[0], run, context.sources));
    if (whole.graph() == nullptr) {
      return make_error("K0905", "a plan holds no layers to compare: give the model it was compiled from",
                        Location::in(options.positional[0]));
    }
    KEDGE_TRY(const std::vector<verify::NamedValue> values,
              driver::trace(options.positional[1], sample, artefact_run, context.sources));
    KEDGE_TRY(layers, verify::compare_layers(*whole.graph(), sample, values, tolerance, min_sqnr));
  }
  const bool passed = comparison.passed && accurate && (!golden || golden->passed);
  if (options.has("--json")) {
    print_result(fmt::format(
        "{{\"schema_version\": 1, \"passed\": {}, \"seed\": {}, \"outputs\": {}, \"golden\": {}, \"accuracy\": "
        "{}{}}}\n",
        passed, input.empty() ? std::to_string(seed) : "null", json_of(comparison), golden ? json_of(*golden) : "null",
        accuracy ? json_of(*accuracy) : "null", layers ? ", \"layers\": " + json_of(context.sources, *layers) : ""));
    return passed;
  }
  if (model.model() != nullptr) print_weights(*model.model());
  print_result(input.empty() ? fmt::format("inputs: made, seed {}\n", seed) : fmt::format("inputs: {}\n", input));
  print_comparison("artefact against model", comparison, min_sqnr);
  if (golden) print_comparison("artefact against golden answers", *golden, min_sqnr);
  if (accuracy) print_accuracy(*accuracy, accurate);
  if (layers) print_layers(context.sources, *layers);
  return passed;
}

int run(Context& context, const Options& options) {
  const Result<bool> passed = verify_files(context, options);
  if (!passed.ok()) return context.fail(passed.error());
  return *passed ? context.exit_code() : kExitErrors;
}

}  // namespace

const Command kVerify = {"verify", "MODEL ARTEFACT [--custom PATH]... [--input F.npz] [--golden F.npz]",
                         "prove that weights landed where the source puts them, and compare outputs", kOptions, run};

}  // namespace kedge::cli
