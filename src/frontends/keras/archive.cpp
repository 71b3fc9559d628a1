// Opening the containers; see archive.h.
#include "frontends/keras/archive.h"

#include <algorithm>

#include "formats/zip.h"
#include "frontends/keras/config_facts.h"

namespace kedge::frontends {

using formats::Hdf5File;
using formats::Hdf5Object;
using formats::Json;

namespace {

/// The text of an attribute; empty when it is absent or no text.
Result<std::string> text_attribute(const Hdf5Object& object, std::string_view name) {
  KEDGE_TRY(const std::vector<formats::Hdf5Attribute> all, object.attributes());
  for (const formats::Hdf5Attribute& attribute : all) {
    if (attribute.name == name && attribute.value.is_string()) return attribute.value.as_string();
  }
  return std::string();
}

/// A list of names; Keras cuts those that HDF5's object header cannot hold into `<name>0`, `<name>1`, …
Result<std::vector<std::string>> names_attribute(const Hdf5Object& object, const std::string& name) {
  KEDGE_TRY(const std::vector<formats::Hdf5Attribute> all, object.attributes());
  const auto find = [&](const std::string& wanted) {
    return std::find_if(all.begin(), all.end(), [&](const auto& a) { return a.name == wanted; });
  };
  std::vector<std::string> out;
  const auto take = [&](const Json& value) {
    if (!value.is_array()) return;
    for (const Json& item : value.array()) {
      if (item.is_string()) out.push_back(item.as_string());
    }
  };
  if (const auto whole = find(name); whole != all.end()) {
    take(whole->value);
    return out;
  }
  for (std::size_t part = 0;; ++part) {
    const auto found = find(name + std::to_string(part));
    if (found == all.end()) return out;
    take(found->value);
  }
}

bool has_names(const std::vector<formats::Hdf5Attribute>& attributes) {
  return std::any_of(attributes.begin(), attributes.end(),
                     [](const auto& a) { return a.name == "layer_names" || a.name == "layer_names0"; });
}

Result<StoredLayer> read_layer(const Hdf5Object& weights, const std::string& name) {
  KEDGE_TRY(const Hdf5Object group, weights.child(name));
  StoredLayer layer{name, {}};
  KEDGE_TRY(const std::vector<std::string> arrays, names_attribute(group, "weight_names"));
  for (const std::string& array : arrays) layer.paths.push_back(group.path() + "/" + array);
  return layer;
}

/// The groups of a file that stores weights by layer.
Result<void> read_layers(const Hdf5Object& weights, Archive& out) {
  KEDGE_TRY(const std::vector<std::string> names, names_attribute(weights, "layer_names"));
  constexpr std::string_view kOwn = "top_level_model_weights";
  for (const std::string& name : names) {
    KEDGE_TRY(StoredLayer layer, read_layer(weights, name));
    out.layers.push_back(std::move(layer));
  }
  if (weights.has_child(kOwn)) {
    KEDGE_TRY(StoredLayer layer, read_layer(weights, std::string(kOwn)));
    out.layers.push_back(std::move(layer));
  }
  out.by_layer = true;
  return {};
}

}  // namespace

Result<Archive> read_keras_zip(std::shared_ptr<const formats::MappedFile> file, const std::string& place,
                               const Limits& limits) {
  Archive out;
  out.place = place;
  out.config_name = "config.json";
  KEDGE_TRY(const formats::ZipReader zip, formats::ZipReader::open(file->bytes(), limits, place));
  KEDGE_TRY(const formats::Blob config, zip.read("config.json"));
  KEDGE_TRY(out.config, formats::parse_json(config.text(), limits, out.config_place()));
  if (zip.find("metadata.json") != nullptr) {
    KEDGE_TRY(const formats::Blob metadata, zip.read("metadata.json"));
    KEDGE_TRY(const Json facts, formats::parse_json(metadata.text(), limits, place + " › metadata.json"));
    if (const Json* version = facts.find("keras_version"); version != nullptr && version->is_string())
      out.keras_version = version->as_string();
  }
  if (out.keras_version.empty()) out.keras_version = "3.0.0";
  KEDGE_TRY_VOID(check_config(out.config, out.config_place()));
  const std::string weights_place = place + " › model.weights.h5";
  out.store = WeightStore(weights_place);  // empty when the archive has none
  if (zip.find("model.weights.h5") != nullptr) {
    KEDGE_TRY(const formats::Blob weights, zip.read("model.weights.h5"));
    const auto owner =
        std::make_shared<std::pair<std::shared_ptr<const formats::MappedFile>, formats::Blob>>(file, weights);
    KEDGE_TRY(out.store, WeightStore::open(owner->second.bytes(), owner, limits, weights_place));
  }
  out.file = std::move(file);
  return out;
}

Result<Archive> read_keras_hdf5(std::shared_ptr<const formats::MappedFile> file, const std::string& place,
                                const Limits& limits) {
  Archive out;
  out.place = place;
  out.config_name = "model_config";
  KEDGE_TRY(const Hdf5File hdf5, Hdf5File::open(file->bytes(), limits, place));
  const Hdf5Object& root = hdf5.root();
  KEDGE_TRY(const std::string config, text_attribute(root, "model_config"));
  if (!config.empty()) {
    KEDGE_TRY(out.config, formats::parse_json(config, limits, out.config_place()));
    KEDGE_TRY_VOID(check_config(out.config, out.config_place()));
  }
  const bool nested = root.has_child("model_weights");
  Hdf5Object weights = root;
  if (nested) {
    KEDGE_TRY(weights, root.child("model_weights"));
  }
  KEDGE_TRY(out.keras_version, text_attribute(root, "keras_version"));
  if (out.keras_version.empty()) {
    KEDGE_TRY(out.keras_version, text_attribute(weights, "keras_version"));
  }
  KEDGE_TRY(out.backend, text_attribute(weights, "backend"));
  KEDGE_TRY(const std::vector<formats::Hdf5Attribute> attributes, weights.attributes());
  if (has_names(attributes)) {
    KEDGE_TRY_VOID(read_layers(weights, out));
    if (out.keras_version.empty()) out.keras_version = "1";  // Keras wrote its version from 1.2 on
  }
  if (out.keras_version.empty()) out.keras_version = "3.0.0";
  KEDGE_TRY(out.store, WeightStore::open(file->bytes(), file, limits, place));
  const std::vector<std::string> paths = out.store.paths();
  const bool by_path = std::any_of(paths.begin(), paths.end(), [](const std::string& path) {
    return path.starts_with("vars/") || path.find("/vars/") != std::string::npos;
  });
  if (!out.by_layer && !by_path && out.config.is_null()) {
    Error error = make_error("K0407", "`" + place + "` is an HDF5 file, but neither a Keras model nor Keras weights",
                             Location::in(place));
    return std::move(error).help(
        "a model saved by Keras has the attribute `model_config`, a weights file groups named `layers/…/vars` or the "
        "attribute `layer_names`");
  }
  out.file = std::move(file);
  return out;
}

}  // namespace kedge::frontends
