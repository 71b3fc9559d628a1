"""`keras.src.backend`, from which sources take the helpers for masks and types beside what `keras.backend` has."""
from keras.src.dtypes import standardize_dtype
from keras.src.keras_tensor import KerasTensor, any_symbolic
from keras.src.tensor import get_keras_mask, set_keras_mask
from keras.src.variable import Variable


def any_symbolic_tensors(args=None, kwargs=None):
    return any_symbolic(args or (), kwargs or {})


def __getattr__(name):
    import keras
    return getattr(keras.backend, name)
