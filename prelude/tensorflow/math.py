"""`tf.math`."""
from tensorflow import _math


def __getattr__(name):
    if name in ("softmax", "log_softmax", "softsign"):
        from tensorflow import _nn
        return getattr(_nn, name)
    if name.startswith("_"):
        raise AttributeError(f"module 'tensorflow.math' has no attribute '{name}'")
    return getattr(_math, name)
