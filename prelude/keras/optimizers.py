"""`keras.optimizers`: names, get, serialize and deserialize (no effect at inference)."""
from keras.src import inert

_by_name, get, serialize, deserialize = inert.named_get(inert.optimizer_classes, "optimizer")


def __getattr__(name):
    if name in _by_name:
        return _by_name[name]
    raise AttributeError(f"module 'keras.optimizers' has no attribute '{name}'")
