"""`tf.keras.metrics`: the same as `keras.metrics`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.metrics, name)


def __dir__():
    return dir(_keras.metrics)
