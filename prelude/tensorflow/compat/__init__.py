"""`tf.compat`."""
import importlib


def dimension_value(dimension):
    return getattr(dimension, "value", dimension)


def dimension_at_index(shape, index):
    return shape[index]


def as_str(value):
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def __getattr__(name):
    if name in ("v1", "v2"):
        return importlib.import_module(f"tensorflow.compat.{name}")
    raise AttributeError(f"module 'tensorflow.compat' has no attribute '{name}'")
