"""`keras.regularizers`: names, get, serialize and deserialize (no effect at inference)."""
from keras.src import inert
from keras.src.lazy import named_module

Regularizer = inert.Regularizer
_by_name, get, serialize, deserialize = inert.named_get(inert.regularizer_classes, "regularizer")


def l1(l1=0.01):
    return inert.regularizer_classes["L1"](l1)


def l2(l2=0.01):
    return inert.regularizer_classes["L2"](l2)


def l1_l2(l1=0.0, l2=0.0):
    return inert.regularizer_classes["L1L2"](l1, l2)

__getattr__, __dir__ = named_module("keras.regularizers", _by_name)
