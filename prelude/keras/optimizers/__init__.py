"""`keras.optimizers`: names, get, serialize and deserialize (no effect at inference)."""
from keras.src import inert
from keras.src.lazy import named_module

_by_name, get, serialize, deserialize = inert.named_get(inert.optimizer_classes, "optimizer")

_load, __dir__ = named_module("keras.optimizers", _by_name)


def __getattr__(name):
    if name in ("schedules", "legacy", "experimental"):
        import importlib
        return importlib.import_module("keras.optimizers.schedules" if name == "schedules" else "keras.optimizers.legacy")
    return _load(name)
