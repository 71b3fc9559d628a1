"""`tf.keras.constraints`: the same as `keras.constraints`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.constraints, name)


def __dir__():
    return dir(_keras.constraints)
