"""Keras in kedge's Python dialect: the public names, each loaded from its file at first use."""
from keras.src.lazy import lazy_module, spread

__version__ = "3.15.1"

_table = {}
for _name in ("activations", "backend", "callbacks", "config", "constraints", "datasets", "dtype_policies", "initializers", "layers",
              "losses", "metrics", "models", "ops", "optimizers", "quantizers", "random", "regularizers", "saving", "tree", "utils",
              "applications", "preprocessing", "mixed_precision", "engine", "legacy", "src", "export", "wrappers"):
    _table[_name] = f"keras.{_name}"
spread(_table, "keras.src.layer", "Layer")
spread(_table, "keras.src.model", "Model Sequential Functional")
spread(_table, "keras.src.functional", "Input InputLayer")
spread(_table, "keras.src.input_spec", "InputSpec")
spread(_table, "keras.src.keras_tensor", "KerasTensor Operation")
spread(_table, "keras.src.variable", "Variable")
spread(_table, "keras.src.policy", "DTypePolicy FloatDTypePolicy")
spread(_table, "keras.src.state", "StatelessScope name_scope")
spread(_table, "keras.src.inert", "Regularizer Metric Loss Optimizer")
spread(_table, "keras.src.initializers", "Initializer")
spread(_table, "keras.src.quantizers", "Quantizer")
spread(_table, "keras.src.rematerialization", "RematScope remat")
_table["Quantizer"] = "keras.quantizers:Quantizer"


def version():
    return __version__


__getattr__, __dir__ = lazy_module("keras", _table)
