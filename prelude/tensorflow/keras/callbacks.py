"""`tf.keras.callbacks`: the same as `keras.callbacks`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.callbacks, name)


def __dir__():
    return dir(_keras.callbacks)
