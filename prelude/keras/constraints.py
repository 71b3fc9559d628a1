"""`keras.constraints`: names, get, serialize and deserialize (no effect at inference)."""
from keras.src import inert
from keras.src.lazy import named_module

Constraint = inert.Constraint
_by_name, get, serialize, deserialize = inert.named_get(inert.constraint_classes, "constraint")

__getattr__, __dir__ = named_module("keras.constraints", _by_name)
