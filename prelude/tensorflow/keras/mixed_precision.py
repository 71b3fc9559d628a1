"""`tf.keras.mixed_precision`: the same as `keras.mixed_precision`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.mixed_precision, name)


def __dir__():
    return dir(_keras.mixed_precision)
