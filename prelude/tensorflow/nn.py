"""`tf.nn`."""
from tensorflow import _nn


def __getattr__(name):
    if name == "__all__":
        from keras.src.lazy import functions_of
        return sorted(functions_of([_nn]))
    if hasattr(_nn, name) and not name.startswith("_"):
        return getattr(_nn, name)
    from keras.src.unused import unused
    return unused("tensorflow.nn", name)
