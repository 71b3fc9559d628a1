"""`tf.compat.v2`."""
import tensorflow as _tf


def __getattr__(name):
    return getattr(_tf, name)
