"""`tf.linalg`'s diagonals: of the last two axes, one diagonal `k` at a time; and `tensor_diag`, of all axes."""
import math

import numpy as np
from keras.src.ops import creation as cr
from keras.src.tensor import dims, dtype_of, op, refuse, reshape, static_shape, to_tensor
from tensorflow._dtypes import tensor, together


def _one(k, name):
    if not isinstance(k, (int, np.integer)):
        refuse(name, "only a single diagonal `k` is supported")
    return int(k)


def diag(diagonal, name="diag", k=0, num_rows=-1, num_cols=-1, padding_value=0, align="RIGHT_LEFT"):
    d, k = tensor(diagonal), _one(k, "tf.linalg.diag")
    if num_rows != -1 or num_cols != -1 or padding_value != 0:
        refuse("tf.linalg.diag", "num_rows, num_cols and padding_value are not supported")
    n, rank = static_shape(d)[-1], len(static_shape(d))
    square = op("mul", [reshape(d, list(dims(d)) + [1]), to_tensor(np.eye(n), dtype_of(d))])
    if k == 0:
        return square
    up, down = max(k, 0), max(-k, 0)
    return op("pad", [square], before=[0] * (rank - 1) + [down, up], after=[0] * (rank - 1) + [up, down], mode="constant", value=0.0)


def diag_part(input, name="diag_part", k=0, padding_value=0, align="RIGHT_LEFT"):
    return cr.diagonal(tensor(input), _one(k, "tf.linalg.diag_part"), -2, -1)


def set_diag(input, diagonal, name="set_diag", k=0, align="RIGHT_LEFT"):
    x, d = together(input, diagonal)
    k = _one(k, "tf.linalg.set_diag")
    rows, columns = static_shape(x)[-2:]
    if rows is None or columns is None:
        refuse("tf.linalg.set_diag", "it needs static sizes of the last two axes")
    first = max(-k, 0)  # the row where the diagonal begins
    rest = rows - first - static_shape(d)[-1]
    if first or rest:
        rank = len(static_shape(d))
        d = op("pad", [d], before=[0] * (rank - 1) + [first], after=[0] * (rank - 1) + [rest], mode="constant", value=0.0)
    column = reshape(d, list(dims(d)) + [1])
    return op("select", [to_tensor(np.eye(rows, columns, k, dtype="bool")), column, x])


def tensor_diag(diagonal, name=None):
    d = tensor(diagonal)
    shape = static_shape(d)
    return reshape(cr.diagflat(reshape(d, [-1])), list(shape) + list(shape))


def tensor_diag_part(input, name=None):
    x = tensor(input)
    shape = static_shape(x)
    half = shape[:len(shape) // 2]
    if len(shape) % 2 or list(half) != list(shape[len(half):]):
        raise ValueError(f"tensor_diag_part needs a shape that is one shape twice, not {shape}")
    n = math.prod(half)
    return reshape(cr.diagonal(reshape(x, [n, n])), list(half))
