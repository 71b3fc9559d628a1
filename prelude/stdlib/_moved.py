"""Names that sources take from private modules of Keras and TensorFlow, under the paths of one release or another: the public thing of that
name is meant. Names that were never public stay missing."""
import importlib

from _absent import PUBLISHING, publish

_KERAS = ("keras.layers", "keras", "keras.backend", "keras.utils", "keras.initializers", "keras.regularizers", "keras.constraints",
          "keras.activations", "keras.losses", "keras.metrics", "keras.models", "keras.ops", "keras.layers.attention")
_TENSORFLOW = ("tensorflow", "tensorflow.math", "tensorflow.nn", "tensorflow.linalg", "tensorflow.image", "tensorflow.nest", "tensorflow.random",
               "tensorflow.bitwise", "tensorflow.keras")
_FILES = ("base_layer", "topology", "training", "network", "functional", "input_spec", "input_layer", "keras_tensor", "ops", "framework", "util",
          "platform", "eager", "tensor_shape", "constant_op", "engine", "python")


# Public parts of Keras and TensorFlow that have no meaning at inference.
_UNUSED = ("applications", "datasets", "wrappers", "export", "data", "io", "train", "distribute", "saved_model", "lite", "summary", "estimator",
           "feature_column", "tpu", "tools", "contrib", "core")


def of(module, name):
    """What a module of Keras has under a name that TensorFlow gives it too."""
    return getattr(importlib.import_module(module), name)


def find(module, name):
    parts = module.split(".")
    area = parts[2:] if parts[:2] == ["tensorflow", "keras"] else parts[1:]
    if area and area[0] in _UNUSED and not name.startswith("__"):
        if area[0] == "applications":
            from keras.src.applications import find as find_application
            return find_application(module, name)
        from keras.src.unused import placeholder
        return placeholder(f"{module}.{name}")
    of_keras = "keras" in parts
    first = (f"keras.{parts[-1]}",) if of_keras else ()
    for place in first + (_KERAS if of_keras else _TENSORFLOW):
        try:
            holder = importlib.import_module(place)
        except ImportError:
            continue
        if holder.__name__ != module and hasattr(holder, name):
            return getattr(holder, name)
    if any([word in name.lower() for word in PUBLISHING]):
        return publish
    if name in _FILES or name.endswith(("_ops", "_utils")) or name.startswith("__"):
        raise AttributeError(f"module '{module}' has no attribute '{name}'")
    raise ModuleNotFoundError(f"'{name}' of the private module '{module}' has no public name", name=module)
