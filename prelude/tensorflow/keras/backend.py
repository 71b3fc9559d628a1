"""`tf.keras.backend`: the same as `keras.backend`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.backend, name)


def __dir__():
    return dir(_keras.backend)
