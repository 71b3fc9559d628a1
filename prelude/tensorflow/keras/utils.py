"""`tf.keras.utils`: the same as `keras.utils`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.utils, name)


def __dir__():
    return dir(_keras.utils)
