"""`keras.dtype_policies`."""
from keras.src.policy import DTypePolicy, DTypePolicyMap, FloatDTypePolicy, Int4DTypePolicy, QuantizedDTypePolicy, QuantizedFloat8DTypePolicy, deserialize, get, serialize


def __getattr__(name):
    from keras.src.unused import unused
    return unused("keras.dtype_policies", name)
