"""`tf.keras.activations`: the same as `keras.activations`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.activations, name)


def __dir__():
    return dir(_keras.activations)
