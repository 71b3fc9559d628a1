"""`keras.activations`: public names."""
from keras.src.activations import by_name as _by_name
from keras.src.activations import deserialize, get, serialize

from keras.src.lazy import named_module

__getattr__, __dir__ = named_module("keras.activations", _by_name)
