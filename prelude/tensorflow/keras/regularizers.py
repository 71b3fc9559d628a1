"""`tf.keras.regularizers`: the same as `keras.regularizers`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.regularizers, name)


def __dir__():
    return dir(_keras.regularizers)
