"""`tf.keras.optimizers`: the same as `keras.optimizers`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.optimizers, name)


def __dir__():
    return dir(_keras.optimizers)
