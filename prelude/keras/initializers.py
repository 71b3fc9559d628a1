"""`keras.initializers`."""
from keras.src.initializers import *  # noqa: F403
from keras.src.initializers import _BY_NAME, deserialize, get, serialize
from keras.src.lazy import named_module

__getattr__, __dir__ = named_module("keras.initializers", _BY_NAME)
