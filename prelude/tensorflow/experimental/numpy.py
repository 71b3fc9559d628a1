"""`tf.experimental.numpy`: NumPy's names over tensors, as `keras.ops` has them; its constants and types are NumPy's."""
import numpy as np
from keras import ops

_OF_NUMPY = ("pi", "e", "inf", "newaxis", "finfo", "iinfo", "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
             "float16", "float32", "float64", "complex64", "complex128", "ndim", "isscalar", "issubdtype", "promote_types", "result_type")
_RENAMED = {"around": "round", "asarray": "convert_to_tensor", "asanyarray": "convert_to_tensor", "ascontiguousarray": "convert_to_tensor",
            "remainder": "mod", "fix": "trunc", "flatten": "ravel", "float_power": "power"}


def experimental_enable_numpy_behavior(prefer_float32=False, dtype_conversion_mode="legacy"):
    pass


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'tensorflow.experimental.numpy' has no attribute '{name}'")
    if name in _OF_NUMPY:
        return getattr(np, name)
    if hasattr(ops, _RENAMED.get(name, name)):
        return getattr(ops, _RENAMED.get(name, name))
    from keras.src.unused import unused
    return unused("tensorflow.experimental.numpy", name)
