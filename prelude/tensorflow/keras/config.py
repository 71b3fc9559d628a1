"""`tf.keras.config`: the same as `keras.config`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.config, name)


def __dir__():
    return dir(_keras.config)
