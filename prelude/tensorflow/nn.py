"""`tf.nn`."""
from tensorflow import _nn


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'tensorflow.nn' has no attribute '{name}'")
    return getattr(_nn, name)
