"""`keras.ops.nn`: the same functions as `keras.ops`."""
import keras.ops


def __getattr__(name):
    return getattr(keras.ops, name)
