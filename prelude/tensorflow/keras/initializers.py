"""`tf.keras.initializers`: the same as `keras.initializers`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.initializers, name)


def __dir__():
    return dir(_keras.initializers)
