"""`tf.keras.tree`: the same as `keras.tree`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.tree, name)


def __dir__():
    return dir(_keras.tree)
