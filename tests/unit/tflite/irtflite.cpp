// kedge-irtflite MODE …: a developer's tool behind tests/oracle/test_tflite.py and test_int8.py.
//   convert --ir F [--in F.npz] [--out F.npz] --tflite F [--int8] [--print] [--input-type T] [--output-type T]
//       types are inferred again, so the text may give `float32[]` for any result; --out gets the interpreter's answers
//       for --in
//   convert --load MODEL [--custom P] …  takes a model that the front-ends load, with the shapes of --in, and optimises
//   it first convert --read F.tflite …  takes a .tflite instead of text judge --tflite F --tensors F.npz    every
//   operator of the file on the given tensors (arrays named t<index>): prints, per operator,
//       its name, its output's tensor index, the largest difference and how many differ
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "backends/tflite/export_tflite.h"
#include "formats/file.h"
#include "formats/npy.h"
#include "frontends/tflite/import_tflite.h"
#include "ir/op_def.h"
#include "ops/interpret.h"
#include "ops/ops.h"
#include "passes/legalize_tflite.h"
#include "passes/passes.h"
#include "passes/quantize.h"
#ifdef KEDGE_WITH_LOADER
#include "frontends/load_model.h"
#endif

namespace {

using namespace kedge;

SourceMap sources;  ///< of the model being loaded

[[noreturn]] void die(const Diagnostic& diagnostic) {
  std::fputs(render(diagnostic, sources).c_str(), stderr);
  std::exit(1);
}
template <typename T>
T must(Result<T> result) {
  if (!result.ok()) die(result.error().diagnostic());
  return std::move(result).value();
}

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Gives every value the type that the cards infer.
void infer_again(ir::Graph& graph) {
  for (const ir::NodeId id : graph.order()) {
    ir::Node& node = graph.node(id);
    for (auto& body : node.bodies) infer_again(*body);
    node.attrs = must(ops::complete_attrs(*node.op, node.attrs));
    std::vector<const ir::Value*> inputs;
    for (const ir::ValueId v : node.inputs) inputs.push_back(v < 0 ? nullptr : &graph.value(v));
    const std::vector<ir::Typed> types = must(node.op->infer.fn({inputs, node.attrs, &node}));
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (graph.value(node.outputs[i]).quant.present()) continue;
      graph.value(node.outputs[i]).dtype = types[i].dtype;
      graph.value(node.outputs[i]).shape = types[i].shape;
    }
  }
}

std::vector<std::pair<std::string, Tensor>> load_npz(const std::string& path, std::string& keep) {
  keep = slurp(path);
  std::vector<std::pair<std::string, Tensor>> out;
  for (const formats::NamedArray& a : must(formats::read_npz(as_bytes(keep), {}, path))) {
    Tensor t(*parse_dtype_npy(a.array.dtype), a.array.shape);
    const Bytes bytes = a.array.data.bytes();
    std::memcpy(t.mutable_data(), bytes.data(), bytes.size());
    out.emplace_back(a.name, std::move(t));
  }
  return out;
}

void save_npz(const std::string& path, const std::vector<Tensor>& tensors) {
  std::vector<formats::NamedArray> arrays;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Tensor t = tensors[i].dtype() == DType::bfloat16 ? tensors[i].cast(DType::float32) : tensors[i];
    formats::NamedArray a;
    a.name = "arr_" + std::to_string(i);
    a.array.dtype = std::string(dtype_npy(t.dtype()));
    a.array.shape = t.shape();
    a.array.data = formats::Blob::own(std::vector<std::byte>(t.bytes().begin(), t.bytes().end()));
    arrays.push_back(std::move(a));
  }
  const std::vector<std::byte> bytes = must(formats::write_npz(arrays));
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

passes::BoundaryType boundary(const std::string& name) {
  return name == "int8"    ? passes::BoundaryType::int8
         : name == "uint8" ? passes::BoundaryType::uint8
                           : passes::BoundaryType::float32;
}

#ifdef KEDGE_WITH_LOADER
ir::Graph load(std::map<std::string, std::string>& args, const std::vector<Tensor>& inputs) {
  frontends::LoadOptions options;
  if (args.contains("--custom")) options.custom.push_back(args["--custom"]);
  for (const Tensor& t : inputs) options.shapes.push_back({"", t.shape()});
  Result<frontends::LoadedModel> model = frontends::load_model(args["--load"], options, sources);
  if (!model.ok()) die(model.error().diagnostic());
  ir::Graph graph = std::move(model->graph);
  for (auto* pass :
       {passes::fold_constants, passes::eliminate_dead_code, passes::simplify, passes::merge_common_subexpressions,
        passes::canonicalize_padding, passes::fold_batch_norm, passes::fuse_linear, passes::eliminate_dead_code}) {
    const Result<void> done = pass(graph);
    if (!done.ok()) die(done.error().diagnostic());
  }
  return graph;
}
#endif

int convert(std::map<std::string, std::string>& args) {
  std::string keep;
  std::vector<Tensor> inputs;
  if (args.contains("--in"))
    for (auto& [name, tensor] : load_npz(args["--in"], keep)) inputs.push_back(std::move(tensor));
  ir::Graph graph;
  std::string text;
#ifdef KEDGE_WITH_LOADER
  if (args.contains("--load")) graph = load(args, inputs);
#endif
  if (args.contains("--load")) {
  } else if (args.contains("--read")) {
    text = slurp(args["--read"]);
    graph = must(frontends::tflite::import_tflite(as_bytes(text), {}, args["--read"]));
  } else {
    text = slurp(args["--ir"]);
    graph = must(ir::parse(text, ops::find_op));
    infer_again(graph);
  }
  if (args.contains("--shapes-from-input")) graph.substitute(must(ops::bind_symbols(graph, inputs)));
  if (args.contains("--out")) save_npz(args["--out"], must(ops::interpret(graph, inputs)));
  if (!args.contains("--tflite") && !args.contains("--print")) return 0;
  const bool int8 = args.contains("--int8");
  ir::Graph legal =
      must(passes::legalize_tflite(graph, int8 ? passes::TfliteFlavour::int8 : passes::TfliteFlavour::floating));
  if (int8) {
    const std::vector<std::vector<Tensor>> samples{inputs};
    const passes::Ranges ranges = must(passes::calibrate(legal, samples));
    legal = must(passes::quantize(legal, ranges, {boundary(args["--input-type"]), boundary(args["--output-type"])}));
    if (args.contains("--int8-out")) save_npz(args["--int8-out"], must(ops::interpret(legal, inputs)));
  }
  if (args.contains("--print")) std::fputs(ir::print(legal, args["--print"] == "full").c_str(), stdout);
  if (!args.contains("--tflite")) return 0;
  const std::vector<std::byte> bytes = must(backends::tflite::export_tflite(legal));
  std::ofstream(args["--tflite"], std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return 0;
}

// Each operator alone, on the tensors that another runtime saw.
int judge(std::map<std::string, std::string>& args) {
  const std::string file = slurp(args["--tflite"]);
  frontends::tflite::TensorNumbers numbers;
  const ir::Graph graph = must(frontends::tflite::import_tflite(as_bytes(file), {}, args["--tflite"], &numbers));
  std::string keep;
  std::map<std::string, Tensor> tensors;
  for (auto& [name, tensor] : load_npz(args["--tensors"], keep)) tensors[name] = std::move(tensor);
  const auto given = [&](ir::ValueId v) -> const Tensor* {
    if (graph.value(v).constant) return &*graph.value(v).constant;
    const auto number = numbers.find(v);
    if (number == numbers.end()) return nullptr;
    const auto found = tensors.find("t" + std::to_string(number->second));
    return found == tensors.end() ? nullptr : &found->second;
  };
  std::map<ir::ValueId, Tensor> made;  // results that have no tensor of their own in the file
  for (const ir::NodeId id : graph.order()) {
    const ir::Node& node = graph.node(id);
    std::vector<const Tensor*> inputs;
    for (const ir::ValueId v : node.inputs) {
      const Tensor* tensor = v < 0 ? nullptr : given(v);
      if (v >= 0 && tensor == nullptr && made.contains(v)) tensor = &made.at(v);
      inputs.push_back(tensor);
    }
    bool complete = true;
    for (std::size_t i = 0; i < inputs.size(); ++i) complete = complete && (node.inputs[i] < 0 || inputs[i] != nullptr);
    if (!complete) {
      std::printf("%s -1 skipped 0 0\n", std::string(node.op->name).c_str());
      continue;
    }
    std::vector<Tensor> outputs = must(ops::run_node(graph, node, inputs));
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      const ir::ValueId v = node.outputs[o];
      if (!numbers.contains(v)) {
        made[v] = std::move(outputs[o]);
        continue;
      }
      const Tensor* want = given(v);
      if (want == nullptr) continue;
      double worst = 0;
      std::int64_t differ = 0;
      for (std::int64_t i = 0; i < want->size(); ++i) {
        const double d = std::abs(want->element_as_double(i) - outputs[o].element_as_double(i));
        worst = std::max(worst, d);
        differ += d != 0;
      }
      std::printf("%s %d %g %lld %lld\n", std::string(node.op->name).c_str(), numbers.at(v), worst,
                  static_cast<long long>(differ), static_cast<long long>(want->size()));
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> args;
  for (int i = 2; i < argc; ++i) {
    const std::string key = argv[i];
    const bool value = i + 1 < argc && std::strncmp(argv[i + 1], "--", 2) != 0;
    args[key] = value ? argv[++i] : "";
  }
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "convert") return convert(args);
  if (mode == "judge") return judge(args);
  std::fputs("usage: kedge-irtflite convert|judge …\n", stderr);
  return 2;
}
