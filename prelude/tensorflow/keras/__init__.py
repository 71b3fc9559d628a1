"""`tf.keras`: the same objects as `keras`."""
import keras as _keras


def __getattr__(name):
    if name == "saving":
        raise AttributeError("module 'tensorflow.keras' has no attribute 'saving'")
    if name == "src":
        raise AttributeError("module 'tensorflow.keras' has no attribute 'src'")
    return getattr(_keras, name)


def __dir__():
    return dir(_keras)
