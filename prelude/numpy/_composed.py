"""NumPy functions written over the native ones."""
import math

import _numpy as np


def average(a, axis=None, weights=None):
    if weights is None:
        return np.mean(a, axis=axis)
    weights = np.asarray(weights)
    return np.sum(np.asarray(a) * weights, axis=axis) / np.sum(weights, axis=axis)


def vander(x, N=None, increasing=False):
    x = np.asarray(x)
    count = len(x) if N is None else N
    powers = np.arange(count)
    if not increasing:
        powers = powers[::-1]
    return x[:, None] ** powers[None, :]


def hanning(M):
    if M == 1:
        return np.ones(1)
    n = np.arange(M)
    return 0.5 - 0.5 * np.cos(2 * math.pi * n / (M - 1))


def hamming(M):
    if M == 1:
        return np.ones(1)
    n = np.arange(M)
    return 0.54 - 0.46 * np.cos(2 * math.pi * n / (M - 1))


def blackman(M):
    if M == 1:
        return np.ones(1)
    n = np.arange(M)
    return 0.42 - 0.5 * np.cos(2 * math.pi * n / (M - 1)) + 0.08 * np.cos(4 * math.pi * n / (M - 1))


def bartlett(M):
    if M == 1:
        return np.ones(1)
    n = np.arange(M)
    return 1 - np.abs(2 * n / (M - 1) - 1)


def column_stack(tup):
    arrays = [np.asarray(a) for a in tup]
    return np.concatenate([a.reshape(-1, 1) if a.ndim == 1 else a for a in arrays], axis=1)


row_stack = np.vstack


def fliplr(m):
    return np.flip(m, axis=1)


def flipud(m):
    return np.flip(m, axis=0)


def convolve(a, v, mode="full"):
    a, v = np.asarray(a), np.asarray(v)
    if len(v) > len(a):
        a, v = v, a
    n, m = len(a), len(v)
    padded = np.concatenate([np.zeros(m - 1), a, np.zeros(m - 1)])
    full = np.array([np.sum(padded[i:i + m] * v[::-1]) for i in range(n + m - 1)])
    if mode == "full":
        return full
    if mode == "same":
        start = (m - 1) // 2
        return full[start:start + n]
    return full[m - 1:n]


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Least squares over scaled powers, by the pseudo-inverse of their matrix."""
    if full or cov or w is not None:
        raise NotImplementedError("numpy.polyfit with full, cov or weights")
    x, y = np.asarray(x, dtype="float64"), np.asarray(y, dtype="float64")
    powers = np.stack([x ** k for k in range(deg, -1, -1)], axis=1)
    scale = np.sqrt((powers * powers).sum(axis=0))
    from numpy import linalg
    scaled = powers / scale
    return linalg.solve(scaled.T @ scaled, scaled.T @ y) / scale


def polyval(p, x):
    result = np.zeros_like(np.asarray(x, dtype="float64"))
    for c in p:
        result = result * x + c
    return result


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    moved = np.moveaxis(np.asarray(arr), axis, -1)
    flat = moved.reshape(-1, moved.shape[-1])
    rows = [np.asarray(func1d(row, *args, **kwargs)) for row in flat]
    stacked = np.stack(rows).reshape(moved.shape[:-1] + rows[0].shape)
    return np.moveaxis(stacked, -1, axis) if rows[0].ndim else stacked


def vectorize(pyfunc, otypes=None, **kwargs):
    def apply(x, *rest):
        x = np.asarray(x)
        values = [pyfunc(v, *rest) for v in x.reshape(-1).tolist()]
        return np.array(values).reshape(x.shape)

    return apply


def prod_of(shape):
    return int(np.prod(shape))


def nansum(a, axis=None, keepdims=False):
    a = np.asarray(a)
    return np.sum(np.where(np.isnan(a), 0, a), axis=axis, keepdims=keepdims)


def nanmean(a, axis=None, keepdims=False):
    a = np.asarray(a)
    count = np.sum(np.logical_not(np.isnan(a)), axis=axis, keepdims=keepdims)
    return nansum(a, axis, keepdims) / count


def ediff1d(ary):
    ary = np.asarray(ary).reshape(-1)
    return ary[1:] - ary[:-1]


def array_equiv(a1, a2):
    a1, a2 = np.asarray(a1), np.asarray(a2)
    return bool(np.all(a1 == a2))


def seterr(**kwargs):
    return {}


def set_printoptions(*args, **kwargs):
    pass


class errstate:
    def __init__(self, **kwargs):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


def fromiter(iterable, dtype, count=-1):
    return np.array(list(iterable), dtype=dtype)


def fromfunction(function, shape, dtype="float64", **kwargs):
    return function(*[grid.astype(dtype) for grid in np.indices(shape)], **kwargs)


def percentile(a, q, axis=None, keepdims=False):
    return quantile(a, np.asarray(q) / 100.0, axis, keepdims)


def quantile(a, q, axis=None, keepdims=False):
    a = np.asarray(a, dtype="float64")
    if axis is None:
        a, axis = a.reshape(-1), 0
    ordered = np.moveaxis(np.sort(a, axis=axis), axis, 0)
    position = float(q) * (ordered.shape[0] - 1)
    low, high = int(math.floor(position)), int(math.ceil(position))
    value = ordered[low] + (ordered[high] - ordered[low]) * (position - low)
    return np.expand_dims(value, axis) if keepdims else value


class _Grid:
    """`mgrid` and `ogrid`: slices of coordinates; a complex step is a count of points, both ends included."""

    def __init__(self, sparse):
        self.sparse = sparse

    def _axis(self, part):
        start = 0 if part.start is None else part.start
        step = 1 if part.step is None else part.step
        if isinstance(step, complex):
            return np.linspace(start, part.stop, int(abs(step)))
        return np.arange(start, part.stop, step)

    def __getitem__(self, key):
        if not isinstance(key, tuple):
            return self._axis(key)
        axes = [self._axis(part) for part in key]
        grids = np.meshgrid(*axes, indexing="ij")
        if self.sparse:
            return tuple(a.reshape([-1 if i == j else 1 for j in range(len(axes))]) for i, a in enumerate(axes))
        return np.stack(grids)


mgrid = _Grid(False)
ogrid = _Grid(True)


def _bessel(x):
    total, term, k = 1.0, 1.0, 0
    while term > 1e-17 * total:
        k += 1
        term *= (x / (2.0 * k)) ** 2
        total += term
    return total


def i0(x):
    """The modified Bessel function of order zero by its power series."""
    x = np.asarray(x, dtype="float64")
    return np.array([_bessel(abs(v)) for v in x.reshape(-1).tolist()]).reshape(x.shape)


def kaiser(M, beta):
    if M == 1:
        return np.ones(1)
    place = (np.arange(M) - (M - 1) / 2.0) / ((M - 1) / 2.0)
    return i0(beta * np.sqrt(np.maximum(0.0, 1.0 - place * place))) / i0(float(beta))


def _marked(length, obj):
    """Which of an axis' places an index, a slice or a list of them names."""
    return np.arange(length)[obj if isinstance(obj, slice) else np.asarray(obj)].reshape(-1).tolist()


def delete(arr, obj, axis=None):
    arr = np.asarray(arr)
    if axis is None:
        arr, axis = arr.reshape(-1), 0
    gone = _marked(arr.shape[axis], obj)
    return np.take(arr, np.array([i for i in range(arr.shape[axis]) if i not in gone], dtype="int64"), axis=axis)


def insert(arr, obj, values, axis=None):
    arr = np.asarray(arr)
    if axis is None:
        arr, axis = arr.reshape(-1), 0
    axis = axis % arr.ndim
    length = arr.shape[axis]
    single = not isinstance(obj, (slice, list, tuple, np.ndarray))
    places = [int(obj) + (length if obj < 0 else 0)] if single else [i + (length if i < 0 else 0) for i in (
        range(*obj.indices(length)) if isinstance(obj, slice) else np.asarray(obj).tolist())]
    values = np.asarray(values).astype(arr.dtype)
    if single and values.ndim < arr.ndim:
        values = np.expand_dims(values, axis) if values.ndim else values
    count = values.shape[axis] if single and values.ndim == arr.ndim else len(places)
    places = places * count if single else places
    values = np.broadcast_to(values, arr.shape[:axis] + (len(places),) + arr.shape[axis + 1:])
    order = sorted(range(len(places)), key=lambda i: places[i])
    both, source, at = np.concatenate([arr, values], axis=axis), [], 0
    for i in order:
        source += list(range(at, places[i])) + [length + i]
        at = places[i]
    return np.take(both, np.array(source + list(range(at, length)), dtype="int64"), axis=axis)


def ndindex(*shape):
    import itertools
    sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    return itertools.product(*[range(n) for n in sizes])


def tril_indices(n, k=0, m=None):
    return np.nonzero(np.tri(n, m, k) > 0)


def triu_indices(n, k=0, m=None):
    return np.nonzero(np.tri(n, m, k - 1) == 0)


def tril_indices_from(arr, k=0):
    return tril_indices(arr.shape[-2], k, arr.shape[-1])


def triu_indices_from(arr, k=0):
    return triu_indices(arr.shape[-2], k, arr.shape[-1])


def diag_indices(n, ndim=2):
    return (np.arange(n),) * ndim


def cov(m, rowvar=True, bias=False, ddof=None):
    m = np.asarray(m, dtype="float64")
    m = m.reshape(1, -1) if m.ndim < 2 else m if rowvar else m.T
    free = (0 if bias else 1) if ddof is None else ddof
    centred = m - m.mean(axis=1, keepdims=True)
    found = centred @ centred.T / (m.shape[1] - free)
    return found[0, 0] if found.shape == (1, 1) else found


def corrcoef(x, y=None, rowvar=True):
    x = np.asarray(x, dtype="float64")
    if y is not None:
        x = np.concatenate([np.atleast_2d(x), np.atleast_2d(np.asarray(y, dtype="float64"))], axis=0)
    found = np.atleast_2d(cov(x, rowvar))
    size = np.sqrt(np.diag(found))
    found = np.clip(found / size[:, None] / size[None, :], -1.0, 1.0)
    return found[0, 0] if found.shape == (1, 1) else found


def convolve(a, v, mode="full"):
    a, v = np.atleast_1d(np.asarray(a)), np.atleast_1d(np.asarray(v))
    if len(v) > len(a):
        a, v = v, a
    n, m = len(a), len(v)
    whole = np.zeros(n + m - 1, dtype=np.result_type(a.dtype, v.dtype))
    for i in range(m):
        whole[i:i + n] = whole[i:i + n] + a * v[i]
    if mode == "full":
        return whole
    return whole[(m - 1) // 2:(m - 1) // 2 + n] if mode == "same" else whole[m - 1:n]


def correlate(a, v, mode="valid"):
    return convolve(a, np.conj(np.asarray(v))[::-1], mode)


class _Joined:
    """`r_` and `c_`: numbers, slices and arrays one after another."""

    def __init__(self, columns):
        self.columns = columns

    def __getitem__(self, key):
        parts = []
        for part in key if isinstance(key, tuple) else (key,):
            part = mgrid[part] if isinstance(part, slice) else np.atleast_1d(np.asarray(part))
            parts.append(part.reshape(-1, 1) if self.columns and part.ndim == 1 else part)
        return np.concatenate(parts, axis=-1 if self.columns else 0)


r_, c_ = _Joined(False), _Joined(True)
