"""`tf.keras.random`: the same as `keras.random`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.random, name)


def __dir__():
    return dir(_keras.random)
