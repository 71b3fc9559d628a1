"""`keras.dtype_policies`."""
from keras.src.policy import DTypePolicy, DTypePolicyMap, FloatDTypePolicy, Int4DTypePolicy, QuantizedDTypePolicy, QuantizedFloat8DTypePolicy, deserialize, get, serialize
