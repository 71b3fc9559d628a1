"""`tf.linalg`."""
from tensorflow import _linalg


def __getattr__(name):
    if name == "__all__":
        from keras.src.lazy import functions_of
        return sorted(functions_of([_linalg]))
    if hasattr(_linalg, name):
        return getattr(_linalg, name)
    from keras.src.unused import unused
    return unused("tensorflow.linalg", name)
