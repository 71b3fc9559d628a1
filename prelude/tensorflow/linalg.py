"""`tf.linalg`."""
from tensorflow import _linalg


def __getattr__(name):
    return getattr(_linalg, name)
