"""`keras.ops`: every function also records itself when it is given KerasTensors."""
import importlib

from keras.src.ops.table import PLAIN, locate

_where = locate()
_made = {}


def __getattr__(name):
    if name in _made:
        return _made[name]
    if name in ("image", "linalg", "nn", "numpy"):
        return importlib.import_module(f"keras.ops.{name}")
    if name not in _where:
        raise AttributeError(f"module 'keras.ops' has no attribute '{name}'")
    file, attribute = _where[name]
    function = getattr(importlib.import_module(f"keras.src.ops.{file}"), attribute)
    if name not in PLAIN:
        from keras.src.keras_tensor import public
        function = public(function)
        function.__name__ = name
    _made[name] = function
    return function


def __dir__():
    return list(_where)
