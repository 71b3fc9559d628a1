// What a Keras file holds, whichever container it came in: the `.keras` zip of Keras 2.12 and later, or an HDF5 file
// (a whole model or weights alone, of Keras 1, 2 or 3). Read once; the evaluations of a load share it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "formats/file.h"
#include "frontends/keras/weights.h"

namespace kedge::frontends {

/// A layer's group in HDF5 files that store weights by layer: its name and its arrays' paths, in the file's order.
struct StoredLayer {
  std::string name;
  std::vector<std::string> paths;
};

struct Archive {
  std::shared_ptr<const formats::MappedFile> file;
  std::string place;          ///< the file's name in messages
  std::string config_name;    ///< "config.json", "model_config"
  formats::Json config;       ///< null: the file holds weights alone
  std::string keras_version;  ///< "3.0.0" when the file does not say; "1" for the files of Keras 1
  std::string backend;        ///< "tensorflow"; empty when the file does not say
  WeightStore store;
  bool by_layer = false;            ///< weights are stored by layer (`layer_names`, `weight_names`), not by path
  std::vector<StoredLayer> layers;  ///< of a file by layer, in the order of `layer_names`

  std::string config_place() const { return place + " › " + config_name; }
};

/// A zip with config.json. Errors: K01xx the bytes, K0402 the configuration.
Result<Archive> read_keras_zip(std::shared_ptr<const formats::MappedFile> file, const std::string& place,
                               const Limits& limits);
/// An HDF5 file that Keras wrote; only the names of the arrays are read, not their bytes. Errors: K013x the bytes,
/// K0402 the configuration, K0407 an HDF5 file of something else.
Result<Archive> read_keras_hdf5(std::shared_ptr<const formats::MappedFile> file, const std::string& place,
                                const Limits& limits);

}  // namespace kedge::frontends
