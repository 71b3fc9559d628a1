"""`tf.keras.layers`: the same as `keras.layers`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.layers, name)


def __dir__():
    return dir(_keras.layers)
