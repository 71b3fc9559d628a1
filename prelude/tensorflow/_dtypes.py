"""TensorFlow's dtype rule for its functions: operands must agree, only Python numbers (and arrays of them) adapt. The one place for it."""
import numpy as np
from keras.src import dtypes
from keras.src.tensor import Tensor, _leaf_kind, cast, dtype_of, to_tensor


def _is_fixed(x):
    return isinstance(x, Tensor) or hasattr(x, "__kedge_tensor__")


def tensor(x, dtype=None):
    """`tf.convert_to_tensor(x, dtype)`: a tensor of another dtype is an error, not cast."""
    if dtype is not None:
        dtype = dtypes.standardize_dtype(dtype)
    if _is_fixed(x):
        x = to_tensor(x)
        if dtype is not None and dtype_of(x) != dtype:
            raise ValueError(f"Tensor conversion requested dtype {dtype} for Tensor with dtype {dtype_of(x)}")
        return x
    return to_tensor(x, dtype)


def together(*values):
    """Operands of one function: Python numbers, lists and arrays take the dtype of the first tensor among them."""
    dtype = None
    for value in values:
        if _is_fixed(value):
            dtype = dtype_of(to_tensor(value))
            break
    if dtype is None:
        for value in values:
            if isinstance(value, (np.generic, np.ndarray)):
                dtype = dtypes.standardize_dtype(value.dtype)
                break
    if dtype is None:
        first = to_tensor(values[0])
        kinds = [dtype_of(to_tensor(v)) for v in values]
        dtype = "float32" if "float32" in kinds else dtype_of(first)
        return [to_tensor(v, dtype) for v in values]
    result = []
    for value in values:
        if _is_fixed(value):
            value = to_tensor(value)
            if dtype_of(value) != dtype:
                raise TypeError(f"Input has type {dtype_of(value)} that does not match type {dtype} of the other argument "
                                "(TensorFlow does not convert; cast one of them)")
            result.append(value)
        else:
            if _leaf_kind(value) == "float" and dtype in dtypes.SIGNED + dtypes.UNSIGNED:
                raise TypeError(f"Cannot convert {value} to EagerTensor of dtype {dtype}")
            result.append(to_tensor(value, dtype))
    return result


def floating(x):
    """The argument of a float function: integers are refused, as TensorFlow's kernels have no such type."""
    x = tensor(x)
    if dtype_of(x) in dtypes.SIGNED + dtypes.UNSIGNED or dtype_of(x) == "bool":
        raise TypeError(f"Value for attr 'T' of {dtype_of(x)} is not in the list of allowed values: float types")
    return x
