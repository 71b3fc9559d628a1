"""`keras.losses`: names, get, serialize and deserialize (no effect at inference)."""
from keras.src import inert
from keras.src.lazy import named_module

_by_name, get, serialize, deserialize = inert.named_get(inert.loss_classes, "loss")

__getattr__, __dir__ = named_module("keras.losses", _by_name)
