"""`tf.keras.dtype_policies`: the same as `keras.dtype_policies`."""
import keras as _keras


def __getattr__(name):
    return getattr(_keras.dtype_policies, name)


def __dir__():
    return dir(_keras.dtype_policies)
