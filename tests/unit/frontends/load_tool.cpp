// Developer's tool: load a model, print its ir, or run it with the reference interpreter.
//   kedge-load MODEL [--custom P]... [--shape [NAME=]1x2]... [--batch N] [--prelude DIR] [--text]
//   kedge-load run MODEL [--custom P]... --input in.npz -o out.npz
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "base/text.h"
#include "formats/file.h"
#include "formats/npy.h"
#include "frontends/load_model.h"
#include "ops/interpret.h"

namespace {

using namespace kedge;

struct Arguments {
  bool run = false;
  bool text = false;
  std::string model, input, output;
  frontends::LoadOptions load;
};

int fail(const Error& error, const SourceMap& sources) {
  std::fprintf(stderr, "%s", render(error.diagnostic(), sources).c_str());
  return 1;
}

bool parse(int argc, char** argv, Arguments& out) {
  int i = 1;
  if (argc > 1 && std::strcmp(argv[1], "run") == 0) {
    out.run = true;
    i = 2;
  }
  for (; i < argc; ++i) {
    const std::string a = argv[i];
    const auto next = [&]() -> std::string { return i + 1 < argc ? argv[++i] : ""; };
    if (a == "--custom") out.load.custom.push_back(next());
    else if (a == "--input") out.input = next();
    else if (a == "-o") out.output = next();
    else if (a == "--prelude") out.load.prelude_folder = next();
    else if (a == "--text") out.text = true;
    else if (a == "--batch") out.load.batch = std::stoll(next());
    else if (a == "--shape") {
      std::string value = next();
      frontends::ShapeOverlay overlay;
      if (const std::size_t sign = value.find('='); sign != std::string::npos) {
        overlay.name = value.substr(0, sign);
        value = value.substr(sign + 1);
      }
      if (value != "scalar") {
        for (const std::string_view part : split(value, 'x')) overlay.shape.push_back(std::stoll(std::string(part)));
      }
      out.load.shapes.push_back(std::move(overlay));
    } else if (out.model.empty()) out.model = a;
    else return false;
  }
  return !out.model.empty();
}

int run_model(const Arguments& arguments, const frontends::LoadedModel& model, const SourceMap& sources) {
  Result<formats::MappedFile> file = formats::map_file(arguments.input);
  if (!file.ok()) return fail(file.error(), sources);
  Result<std::vector<formats::NamedArray>> arrays = formats::read_npz(file->bytes(), {}, arguments.input);
  if (!arrays.ok()) return fail(arrays.error(), sources);
  std::vector<Tensor> inputs;
  for (std::size_t i = 0; i < model.graph.inputs.size(); ++i) {
    const ir::Value& value = model.graph.value(model.graph.inputs[i]);
    const formats::NamedArray* array = nullptr;
    for (const formats::NamedArray& a : *arrays) {
      if (a.name == value.name || a.name == "arr_" + std::to_string(i)) array = &a;
    }
    if (array == nullptr)
      return fail(make_error("K0001", "no array for input `" + value.name + "`", Location::in(arguments.input)),
                  sources);
    const std::optional<DType> dtype = parse_dtype_npy(array->array.dtype);
    if (!dtype)
      return fail(make_error("K0001", "input array of dtype " + array->array.dtype, Location::in(arguments.input)),
                  sources);
    const Bytes bytes = array->array.data.bytes();
    Tensor t(*dtype, array->array.shape, {bytes.data(), bytes.size()}, nullptr);
    inputs.push_back(*dtype == value.dtype ? t : t.cast(value.dtype));
  }
  Result<std::vector<Tensor>> outputs = ops::interpret(model.graph, inputs);
  if (!outputs.ok()) return fail(outputs.error(), sources);
  std::vector<formats::NamedArray> out;
  for (std::size_t i = 0; i < outputs->size(); ++i) {
    Tensor t = (*outputs)[i];
    if (t.dtype() == DType::bfloat16) t = t.cast(DType::float32);
    formats::NpyArray array;
    array.dtype = dtype_npy(t.dtype());
    array.shape = t.shape();
    array.data = formats::Blob::own(std::vector<std::byte>(t.bytes().begin(), t.bytes().end()));
    out.push_back({"arr_" + std::to_string(i), std::move(array)});
  }
  Result<std::vector<std::byte>> bytes = formats::write_npz(out);
  if (!bytes.ok()) return fail(bytes.error(), sources);
  const Result<void> written = formats::write_file_atomically(arguments.output, *bytes, formats::Overwrite::yes);
  return written.ok() ? 0 : fail(written.error(), sources);
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (!parse(argc, argv, arguments)) {
    std::fprintf(stderr, "usage: kedge-load [run] MODEL [--custom P]... [--input in.npz -o out.npz]\n");
    return 2;
  }
  try {
    SourceMap sources;
    Result<frontends::LoadedModel> model = frontends::load_model(arguments.model, arguments.load, sources);
    if (!model.ok()) return fail(model.error(), sources);
    for (const Diagnostic& d : model->diagnostics) std::fprintf(stderr, "%s", render(d, sources).c_str());
    if (arguments.run) return run_model(arguments, *model, sources);
    std::printf("%s", ir::print(model->graph).c_str());
    if (arguments.text) {
      for (const frontends::LayerFact& l : model->layers)
        std::printf("layer %s %s %s parameters %lld\n", l.name.c_str(), l.class_name.c_str(), l.place.c_str(),
                    static_cast<long long>(l.parameters));
      for (const frontends::ClassFact& c : model->classes)
        std::printf("class %s by %s\n", c.class_name.c_str(), c.found_by.c_str());
      for (const frontends::WeightFact& w : model->weights)
        std::printf("weight %s -> %s fate %d %s\n", w.path.c_str(), w.variable.c_str(), static_cast<int>(w.fate),
                    w.note.c_str());
    }
    return 0;
  } catch (const InternalError& error) {
    std::fprintf(stderr, "internal error: %s\n", error.what());
    return 70;
  }
}
