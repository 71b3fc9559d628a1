"""`keras.dtype_policies`."""
from keras.src.policy import DTypePolicy, DTypePolicyMap, FloatDTypePolicy, QuantizedDTypePolicy, deserialize, get, serialize
