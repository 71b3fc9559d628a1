"""`keras.optimizers`: names, get, serialize and deserialize (no effect at inference)."""
from keras.src import inert
from keras.src.lazy import named_module

_by_name, get, serialize, deserialize = inert.named_get(inert.optimizer_classes, "optimizer")

__getattr__, __dir__ = named_module("keras.optimizers", _by_name)
