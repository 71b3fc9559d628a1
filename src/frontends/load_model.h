// Any model file to a graph: the one door of this room. The kind is found from the bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "ir/graph.h"

namespace kedge::frontends {

/// A shape given on the command line: for the input `name`, or for the inputs in order when it is empty.
struct ShapeOverlay {
  std::string name;
  StaticShape shape;
  /// The array itself, when it is at hand: of an input that decides sizes (ONNX' axes, counts, scales) the evaluation
  /// may take it as known.
  std::optional<Tensor> value = {};
};

struct LoadOptions {
  std::vector<std::string> custom;  ///< `.py` files, package folders, import roots
  std::string from;                 ///< `my_model.py:build_model` makes the model, the file gives its weights; or empty
  std::vector<ShapeOverlay> shapes;
  std::optional<std::int64_t> batch;
  std::string prelude_folder;  ///< overlays the embedded prelude; empty: none
  Limits limits;
};

/// A layer of the model, in the order of its configuration; for `inspect`.
struct LayerFact {
  std::string name;  ///< "block1/conv"
  std::string class_name;
  std::string place;  ///< "config.json › layers[3]"
  std::vector<Shape> outputs;
  std::int64_t parameters = 0;
  bool custom = false;
  Span source;  ///< of a custom class
};

/// A custom class the model needs and where it was found.
struct ClassFact {
  std::string class_name;
  std::string registered_name;
  std::string found_by;  ///< "module and name", "registered name", "unique name"
  Span source;
};

/// What became of every stored array and every variable.
struct WeightFact {
  std::string path;      ///< "layers/conv2d/vars/0"
  std::string variable;  ///< "conv2d/kernel"
  DType dtype = DType::float32;
  StaticShape shape;
  enum class Fate { bound, alias, ignored, initial } fate = Fate::bound;
  std::string note;  ///< of an alias: the path it equals; of an ignored one: why
};

struct LoadedModel {
  ir::Graph graph;
  std::string kind;  ///< "keras", "tflite", …
  std::string keras_version;
  std::string class_name;  ///< "Functional"
  std::vector<LayerFact> layers;
  std::vector<ClassFact> classes;
  std::vector<WeightFact> weights;
  std::vector<Diagnostic> diagnostics;  ///< warnings and notes; errors fail the load
  bool open_sizes_matter = false;       ///< the model may mean another graph once its open sizes are known
};

/// Errors: K00xx the file, K01xx its bytes, K02xx/K03xx the sources, K04xx configuration and classes, K05xx weights.
Result<LoadedModel> load_model(const std::string& path, const LoadOptions& options, SourceMap& sources);

}  // namespace kedge::frontends
