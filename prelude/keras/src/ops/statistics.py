"""Histograms, correlations and percentiles of `keras.ops`."""
from keras.src import dtypes
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.ops.nan_aware import nan_quantile
from keras.src.tensor import cast, const_value, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_tensor
from keras.src.tree import is_sequence
import numpy as np


def histogram(x, bins=10, range=None):
    """Counts between evenly spaced edges, of the input's type; the last bin has both its edges."""
    if is_sequence(bins) or not (range is None or len(range) == 2):
        raise ValueError(f"histogram: bins is a number of bins and range a pair, not {bins!r} and {range!r}")
    x = to_tensor(x)
    low, high = (red.min(x), red.max(x)) if range is None else range
    if range is not None and low > high:
        raise ValueError(f"histogram: the range {range!r} descends")
    edges = cast(cr.linspace(low, high, bins + 1), dtype_of(x))
    flat = reshape(x, [-1, 1])
    inside = op("logical_and", [el.greater_equal(flat, low), el.less_equal(flat, high)])
    place = red.sum(cast(op("less_equal", [getitem(edges, slice(1, bins)), flat]), "int32"), axis=1, keepdims=True)
    mine = op("logical_and", [inside, op("equal", [place, to_tensor(list(np.arange(bins)), "int32")])])
    return op("reduce_sum", [cast(mine, dtype_of(x))], axes=[0], keepdims=False), edges


def correlate(x1, x2, mode="valid"):
    """Cross-correlation of two vectors, as a product with the second one's shifts."""
    x1, x2 = el.promoted(x1, x2)
    dtype = dtype_of(x1)
    dtype = "float64" if dtype == "int64" else dtype if dtype in ("bfloat16", "float16", "float64") else "float32"
    x1, x2 = cast(x1, dtype), cast(x2, dtype)
    n, m = static_shape(x1)[0], static_shape(x2)[0]
    if n is None or m is None:
        refuse("correlate", "the vectors have no static size")
    swapped = mode != "full" and n < m
    if swapped:
        x1, x2, n, m = x2, x1, m, n
    around = {"valid": (0, 0), "same": ((m - 1) // 2 if swapped else m // 2, m - 1 - ((m - 1) // 2 if swapped else m // 2)),
              "full": (m - 1, m - 1)}
    if mode not in around:
        raise ValueError(f"correlate's mode is one of {sorted(around)}, not {mode!r}")
    before, after = around[mode]
    wide = op("pad", [x1], before=[before], after=[after], mode="constant", value=0.0)
    count = n + before + after - m + 1
    shifts = np.arange(count)[:, None] + np.arange(m)[None, :]
    windows = op("gather", [wide, to_tensor(shifts, "int32")], axis=0, batch_dims=0)
    result = reshape(op("matmul", [windows, reshape(x2, [m, 1])]), [count])
    return op("reverse", [result], axes=[0]) if swapped else result


def _hundredths(q):
    return const_value(q) / 100.0


def percentile(x, q, axis=None, method="linear", keepdims=False):
    return red.quantile(x, _hundredths(q), axis=axis, method=method, keepdims=keepdims)


def nanquantile(x, q, axis=None, method="linear", keepdims=False):
    return nan_quantile(x, const_value(q), axis, method, keepdims)


def nanpercentile(x, q, axis=None, method="linear", keepdims=False):
    return nan_quantile(x, _hundredths(q), axis, method, keepdims)


def nanmedian(x, axis=None, keepdims=False):
    return nan_quantile(x, const_value(0.5), axis, "linear", keepdims)


def trapezoid(y, x=None, dx=1.0, axis=-1):
    y = to_tensor(y)
    y = cast(y, dtypes.as_float(dtype_of(y)))
    y = sh.moveaxis(y, axis, -1)
    steps = dx if x is None else red.diff(to_tensor(x, dtype_of(y)), axis=axis)
    if x is not None:
        steps = sh.moveaxis(steps, axis, -1)
    ends = el.add(getitem(y, (Ellipsis, slice(1, None))), getitem(y, (Ellipsis, slice(None, -1))))
    return red.sum(el.multiply(el.multiply(ends, 0.5), steps), axis=-1)


def argpartition(x, kth, axis=-1):
    """Any order with the k least in front would do: this one is sorted."""
    return red.argsort(x, axis)


def isin(x1, x2, assume_unique=False, invert=False):
    x1, x2 = el.promoted(x1, x2)
    found = red.any(op("equal", [reshape(x1, list(dims(x1)) + [1]), reshape(x2, [-1])]), axis=-1)
    return op("logical_not", [found]) if invert else found
