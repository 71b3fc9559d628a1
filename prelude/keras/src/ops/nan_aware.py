"""Reductions of `keras.ops` that leave NaN out."""
import math

from keras.src import dtypes
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.tensor import cast, dtype_of, op, to_tensor


def _parts(x):
    """The tensor as floats, and where it holds numbers."""
    x = to_tensor(x)
    x = cast(x, dtypes.as_float(dtype_of(x)))
    return x, op("logical_not", [op("is_nan", [x])])


def _filled(x, value):
    x, valid = _parts(x)
    return op("select", [valid, x, to_tensor(value, dtype_of(x))]), valid


def nanprod(x, axis=None, keepdims=False):
    return red.prod(_filled(x, 1.0)[0], axis, keepdims)


def nanmean(x, axis=None, keepdims=False):
    y, valid = _filled(x, 0.0)
    return op("div", [red.sum(y, axis, keepdims), red.sum(cast(valid, dtype_of(y)), axis, keepdims)])


def nanvar(x, axis=None, keepdims=False):
    away = el.square(el.subtract(_parts(x)[0], nanmean(x, axis, True)))
    return nanmean(away, axis, keepdims)


def nanstd(x, axis=None, keepdims=False):
    return el.sqrt(nanvar(x, axis, keepdims))


def _extreme(reduce, worst):
    """All-NaN slices stay NaN."""
    def function(x, axis=None, keepdims=False):
        y, valid = _filled(x, worst)
        return op("select", [red.any(valid, axis, keepdims), reduce(y, axis, keepdims), to_tensor(math.nan, dtype_of(y))])

    return function


nanmax, nanmin = _extreme(red.max, -math.inf), _extreme(red.min, math.inf)


def _place(find, worst):
    """All-NaN slices have the place -1."""
    def function(x, axis=None, keepdims=False):
        y, valid = _filled(x, worst)
        found = find(y, axis, keepdims)
        return op("select", [red.any(valid, axis, keepdims), found, to_tensor(-1, dtype_of(found))])

    return function


nanargmax, nanargmin = _place(red.argmax, -math.inf), _place(red.argmin, math.inf)
