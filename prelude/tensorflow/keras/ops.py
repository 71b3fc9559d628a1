"""`tf.keras.ops`: the same as `keras.ops`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.ops, name)


def __dir__():
    return dir(_keras.ops)
