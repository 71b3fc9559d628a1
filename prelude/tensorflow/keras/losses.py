"""`tf.keras.losses`: the same as `keras.losses`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.losses, name)


def __dir__():
    return dir(_keras.losses)
