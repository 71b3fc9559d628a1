// The one door: the file's kind decides who reads it.
#include "frontends/load_model.h"

#include <filesystem>
#include <memory>

#include "formats/file.h"
#include "frontends/keras/load_keras.h"
#include "frontends/onnx/load_onnx.h"
#include "frontends/tflite/import_tflite.h"

namespace kedge::frontends {

Result<LoadedModel> load_model(const std::string& path, const LoadOptions& options, SourceMap& sources) {
  KEDGE_TRY(formats::MappedFile mapped, formats::map_file(path, options.limits));
  const auto file = std::make_shared<const formats::MappedFile>(std::move(mapped));
  const std::string place = std::filesystem::path(path).filename().string();
  const formats::FileKind kind = formats::sniff(file->bytes());
  switch (kind) {
    case formats::FileKind::zip:  // cut off, or without a configuration: reading it says which
    case formats::FileKind::keras: {
      KEDGE_TRY(Archive archive, read_keras_zip(file, place, options.limits));
      return load_keras(std::move(archive), options, sources);
    }
    case formats::FileKind::hdf5: {
      KEDGE_TRY(Archive archive, read_keras_hdf5(file, place, options.limits));
      return load_keras(std::move(archive), options, sources);
    }
    case formats::FileKind::tflite: {
      LoadedModel model;
      KEDGE_TRY(model.graph, tflite::import_tflite(file->bytes(), options.limits, place));
      model.kind = "tflite";
      return model;
    }
    case formats::FileKind::onnx: return load_onnx(file, path, place, options, sources);
    default: break;
  }
  Error error = make_error("K0407",
                           "`" + place + "` is no model file that this version reads: it looks like " +
                               std::string(formats::file_kind_name(kind)),
                           Location::in(place));
  return std::move(error).help(
      "a model is a .keras or .h5 file as Keras' `model.save` writes it, weights with --from, or a .tflite file");
}

}  // namespace kedge::frontends
