"""`keras.optimizers.legacy`: the same names as `keras.optimizers`."""
import keras.optimizers


def __getattr__(name):
    return getattr(keras.optimizers, name)
