"""`tf.keras.models`: the same as `keras.models`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.models, name)


def __dir__():
    return dir(_keras.models)
