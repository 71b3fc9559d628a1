"""Reductions of `keras.ops` that leave NaN out."""
import math

from keras.src import dtypes
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.tensor import cast, dims, dtype_of, op, reshape, static_shape, to_tensor


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


def nancumsum(x, axis=None, dtype=None):
    return red.cumsum(_filled(x, 0.0)[0], axis, dtype)


def nancumprod(x, axis=None, dtype=None):
    return red.cumprod(_filled(x, 1.0)[0], axis, dtype)


def nan_quantile(x, levels, axis, method, keepdims):
    """Sorted, NaN stand last: a level is a share of the places that numbers take. `levels` is a numpy array."""
    x, valid = _parts(x)
    rank = len(static_shape(x))
    axes = red.normalize_axes(axis, rank)
    kept = [i for i in range(rank) if i not in axes]
    sizes = dims(x)
    outer = [sizes[i] for i in kept]

    def lanes(t):
        return reshape(op("transpose", [t], perm=kept + axes) if kept + axes != list(range(rank)) else t, outer + [-1])

    ordered = op("sort", [lanes(x)], axis=len(kept), descending=False)
    last = el.subtract(red.sum(cast(lanes(valid), dtype_of(x)), axis=-1, keepdims=True), 1.0)
    results = []
    for level in levels.reshape([-1]).tolist():
        place = el.maximum(op("mul", [last, to_tensor(level, dtype_of(x))]), 0.0)
        low, high = op("floor", [place]), op("ceil", [place])
        a, b = [op("gather", [ordered, cast(p, "int32")], axis=len(kept), batch_dims=len(kept)) for p in (low, high)]
        y = _between(a, b, op("sub", [place, low]), method, op("round", [place]), low)
        results.append(reshape(y, [1 if i in axes else sizes[i] for i in range(rank)] if keepdims else outer))
    if levels.ndim == 0:
        return results[0]
    return op("concat", [reshape(y, [1] + list(dims(y))) for y in results], axis=0)


def _between(a, b, share, method, nearest, low):
    if method == "lower":
        return a
    if method == "higher":
        return b
    if method == "nearest":
        return op("select", [op("equal", [nearest, low]), a, b])
    if method == "midpoint":
        share = to_tensor(0.5, dtype_of(a))
    return op("add", [a, op("mul", [op("sub", [b, a]), share])])
