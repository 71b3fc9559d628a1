"""`tf.math`."""
from tensorflow import _math


def __getattr__(name):
    if name == "__all__":
        from keras.src.lazy import functions_of
        return sorted(functions_of([_math]))
    if name in ("softmax", "log_softmax", "softsign"):
        from tensorflow import _nn
        return getattr(_nn, name)
    if hasattr(_math, name) and not name.startswith("_"):
        return getattr(_math, name)
    from keras.src.unused import unused
    return unused("tensorflow.math", name)
