"""`keras.constraints`: names, get, serialize and deserialize (no effect at inference)."""
from keras.src import inert

Constraint = inert.Constraint
_by_name, get, serialize, deserialize = inert.named_get(inert.constraint_classes, "constraint")


def __getattr__(name):
    if name in _by_name:
        return _by_name[name]
    raise AttributeError(f"module 'keras.constraints' has no attribute '{name}'")
