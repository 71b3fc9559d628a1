"""`tf.image`."""
from tensorflow import _image


def __getattr__(name):
    return getattr(_image, name)
