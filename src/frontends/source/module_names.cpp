// The lists of packages by name.
#include "frontends/source/module_names.h"

#include <algorithm>
#include <iterator>

namespace kedge::frontends {

namespace {

constexpr std::string_view kPreludeNames[] = {"keras",    "tensorflow",        "onnx_graph", "numpy",
                                              "tf_keras", "tensorflow_addons", "keras_core"};

constexpr std::string_view kForeign[] = {"pandas",
                                         "matplotlib",
                                         "scipy",
                                         "sklearn",
                                         "torch",
                                         "jax",
                                         "jaxlib",
                                         "flax",
                                         "cv2",
                                         "PIL",
                                         "networkx",
                                         "tqdm",
                                         "h5py",
                                         "seaborn",
                                         "librosa",
                                         "transformers",
                                         "tokenizers",
                                         "datasets",
                                         "requests",
                                         "yaml",
                                         "IPython",
                                         "ipywidgets",
                                         "tensorflow_datasets",
                                         "tensorflow_hub",
                                         "tensorflow_text",
                                         "tensorflow_probability",
                                         "tensorflow_io",
                                         "tensorboard",
                                         "namex",
                                         "absl",
                                         "google",
                                         "six",
                                         "rich",
                                         "pydantic",
                                         "numba",
                                         "skimage",
                                         "imageio",
                                         "nltk",
                                         "spacy",
                                         "sentencepiece",
                                         "wandb",
                                         "mlflow",
                                         "optuna",
                                         "torchvision",
                                         "onnx",
                                         "onnxruntime",
                                         "openvino",
                                         "ml_dtypes",
                                         "optree",
                                         "pytest",
                                         "einops",
                                         "regex",
                                         "keras_hub",
                                         "keras_nlp",
                                         "keras_cv",
                                         "keras_tuner",
                                         "kagglehub",
                                         "pkg_resources",
                                         "packaging",
                                         "psutil",
                                         "loguru",
                                         "attr",
                                         "attrs",
                                         "dm_tree",
                                         "tree",
                                         "gym",
                                         "gymnasium",
                                         "statsmodels",
                                         "xgboost",
                                         "lightgbm",
                                         "plotly",
                                         "sympy",
                                         "soundfile",
                                         "pydub",
                                         "music21",
                                         "rdkit",
                                         "ase",
                                         "nibabel",
                                         "pydicom",
                                         "tensorflow_model_optimization",
                                         "silence_tensorflow"};

}  // namespace

bool is_prelude_name(std::string_view top) {
  return std::find(std::begin(kPreludeNames), std::end(kPreludeNames), top) != std::end(kPreludeNames);
}
bool is_partial(std::string_view top) { return top == "tensorflow_addons"; }
bool is_known_foreign(std::string_view top) {
  return std::find(std::begin(kForeign), std::end(kForeign), top) != std::end(kForeign);
}

bool is_private_module(std::string_view name) {
  constexpr std::string_view kFolders[] = {
      "tensorflow.python", "keras.engine", "keras.legacy", "keras.src", "keras.python", "keras.api",
      "tensorflow.keras.engine",
      // public, without a meaning at inference
      "keras.applications", "keras.datasets", "keras.wrappers", "keras.export", "tensorflow.keras.applications",
      "tensorflow.keras.datasets", "tensorflow.keras.wrappers", "tensorflow.data", "tensorflow.io", "tensorflow.train",
      "tensorflow.distribute", "tensorflow.saved_model", "tensorflow.lite", "tensorflow.summary",
      "tensorflow.estimator", "tensorflow.feature_column", "tensorflow.tpu", "tensorflow.tools", "tensorflow.contrib",
      "tensorflow.core"};
  constexpr std::string_view kFiles[] = {"core",
                                         "convolutional",
                                         "recurrent",
                                         "merge",
                                         "embeddings",
                                         "local",
                                         "noise",
                                         "wrappers",
                                         "normalization",
                                         "advanced_activations",
                                         "pooling",
                                         "common",
                                         "generic_utils",
                                         "conv_utils",
                                         "tf_utils",
                                         "layer_utils",
                                         "base_layer",
                                         "topology",
                                         "np_utils",
                                         "convolutional_recurrent",
                                         "attention",
                                         "serialization",
                                         "object_registration",
                                         "data_utils"};
  const auto within = [&](std::string_view folder) {
    return name == folder || (name.starts_with(folder) && name[folder.size()] == '.');
  };
  if (std::any_of(std::begin(kFolders), std::end(kFolders), within)) return true;
  const std::string_view last = name.substr(name.rfind('.') + 1);
  return std::count(name.begin(), name.end(), '.') >= 2 &&
         std::find(std::begin(kFiles), std::end(kFiles), last) != std::end(kFiles);
}

}  // namespace kedge::frontends
