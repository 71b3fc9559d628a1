"""Reductions, sorting and cumulative functions of `keras.ops`."""
import math

from keras.src import dtypes
from keras.src.ops import elementwise as el
from keras.src.tensor import Tensor, cast, const_value, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_int, to_tensor
from keras.src.tree import is_sequence


def normalize_axes(axis, rank):
    """An axis argument (None, int, list, constant tensor) as a sorted list of non-negative ints."""
    if axis is None:
        return list(range(rank))
    if isinstance(axis, Tensor):
        value = const_value(axis)
        if value is None:
            refuse("axis", "it depends on the input")
        axis = value.tolist()
    if not is_sequence(axis):
        if hasattr(axis, "tolist"):
            axis = axis.tolist()
        axis = axis if is_sequence(axis) else [axis]
    axes = []
    for a in axis:
        a = to_int(a, "axis")
        if not -rank <= a < rank:
            raise ValueError(f"Invalid reduction dimension {a} for input with {rank} dimensions")
        axes.append(a + rank if a < 0 else a)
    return sorted(set(axes))


def normalize_axis(axis, rank):
    axis = to_int(axis, "axis")
    if not -rank <= axis < rank:
        raise ValueError(f"axis {axis} is out of bounds for a tensor of {rank} dimensions")
    return axis + rank if axis < 0 else axis


def _reduce(name, x, axis, keepdims):
    axes = normalize_axes(axis, len(static_shape(x)))
    if not axes:
        return x
    return op(name, [x], axes=axes, keepdims=bool(keepdims))


def sum_dtype(dtype):
    """Keras' dtype of sums and products: small integers widen to 32 bits."""
    if dtype in ("bool", "int8", "int16"):
        return "int32"
    if dtype in ("uint8", "uint16"):
        return "uint32"
    return dtype


def sum(x, axis=None, keepdims=False):
    x = to_tensor(x)
    return _reduce("reduce_sum", cast(x, sum_dtype(dtype_of(x))), axis, keepdims)


def prod(x, axis=None, keepdims=False, dtype=None):
    x = to_tensor(x)
    return _reduce("reduce_prod", cast(x, dtype or sum_dtype(dtype_of(x))), axis, keepdims)


def mean(x, axis=None, keepdims=False):
    x = to_tensor(x)
    return _reduce("reduce_mean", cast(x, dtypes.as_float(dtype_of(x))), axis, keepdims)


def max(x, axis=None, keepdims=False, initial=None):
    x = to_tensor(x)
    result = _reduce("reduce_any" if dtype_of(x) == "bool" else "reduce_max", x, axis, keepdims)
    return result if initial is None else el.maximum(result, initial)


def min(x, axis=None, keepdims=False, initial=None):
    x = to_tensor(x)
    result = _reduce("reduce_all" if dtype_of(x) == "bool" else "reduce_min", x, axis, keepdims)
    return result if initial is None else el.minimum(result, initial)


amax, amin = max, min


def any(x, axis=None, keepdims=False):
    return _reduce("reduce_any", cast(to_tensor(x), "bool"), axis, keepdims)


def all(x, axis=None, keepdims=False):
    return _reduce("reduce_all", cast(to_tensor(x), "bool"), axis, keepdims)


def var(x, axis=None, keepdims=False):
    x = to_tensor(x)
    x = cast(x, dtypes.as_float(dtype_of(x)))
    center = _reduce("reduce_mean", x, axis, True)
    return _reduce("reduce_mean", op("square", [op("sub", [x, center])]), axis, keepdims)


def std(x, axis=None, keepdims=False):
    return op("sqrt", [var(x, axis, keepdims)])


def moments(x, axes, keepdims=False, synchronized=False):
    """Mean and variance; half precision is computed in float32."""
    x = to_tensor(x)
    dtype = dtype_of(x)
    wide = cast(x, "float32") if dtype in ("float16", "bfloat16") else x
    center = _reduce("reduce_mean", wide, axes, True)
    spread = _reduce("reduce_mean", op("squared_difference", [wide, center]), axes, True)
    if not keepdims:
        removed = normalize_axes(axes, len(static_shape(x)))
        kept = [d for i, d in enumerate(dims(center)) if i not in removed]
        center, spread = reshape(center, kept), reshape(spread, kept)
    return cast(center, dtype), cast(spread, dtype)


def logsumexp(x, axis=None, keepdims=False):
    x = to_tensor(x)
    x = cast(x, dtypes.as_float(dtype_of(x)))
    top = _reduce("reduce_max", x, axis, True)
    top = op("select", [op("is_finite", [top]), top, to_tensor(0, dtype_of(x))])
    total = op("add", [op("log", [_reduce("reduce_sum", op("exp", [op("sub", [x, top])]), axis, True)]), top])
    if keepdims:
        return total
    removed = normalize_axes(axis, len(static_shape(x)))
    return reshape(total, [d for i, d in enumerate(dims(total)) if i not in removed])


def count_nonzero(x, axis=None):
    x = to_tensor(x)
    return _reduce("reduce_sum", cast(el.not_equal(x, 0) if dtype_of(x) != "bool" else x, "int32"), axis, False)


def _arg(name, x, axis, keepdims):
    x = to_tensor(x)
    if dtype_of(x) == "bool":
        x = cast(x, "int32")
    rank = len(static_shape(x))
    if axis is None:
        y = op(name, [reshape(x, [-1])], axis=0, keepdims=False, to="int32")
        return reshape(y, [1] * rank) if keepdims else y
    return op(name, [x], axis=normalize_axis(axis, rank), keepdims=bool(keepdims), to="int32")


def argmax(x, axis=None, keepdims=False):
    return _arg("argmax", x, axis, keepdims)


def argmin(x, axis=None, keepdims=False):
    return _arg("argmin", x, axis, keepdims)


def _cumulative(name, x, axis, dtype):
    x = to_tensor(x)
    dtype = dtype or dtype_of(x)
    x = cast(x, "int32" if dtype == "bool" else dtype)
    if axis is None:
        x, axis = reshape(x, [-1]), 0
    return op(name, [x], axis=normalize_axis(axis, len(static_shape(x))), exclusive=False, reverse=False)


def cumsum(x, axis=None, dtype=None):
    return _cumulative("cumsum", x, axis, dtype)


def cumprod(x, axis=None, dtype=None):
    return _cumulative("cumprod", x, axis, dtype)


def sort(x, axis=-1):
    x = to_tensor(x)
    if axis is None:
        x, axis = reshape(x, [-1]), 0
    return op("sort", [x], axis=normalize_axis(axis, len(static_shape(x))), descending=False)


def argsort(x, axis=-1):
    x = to_tensor(x)
    if axis is None:
        x, axis = reshape(x, [-1]), 0
    if dtype_of(x) == "bool":
        x = cast(x, "uint8")
    return op("argsort", [x], axis=normalize_axis(axis, len(static_shape(x))), descending=False, to="int32")


def top_k(x, k, sorted=True):
    values, indices = op("top_k", [to_tensor(x)], k=to_int(k, "top_k's k"), sorted=bool(sorted))
    return values, indices


def in_top_k(targets, predictions, k):
    predictions, targets = to_tensor(predictions), to_tensor(targets)
    picked = op("gather", [predictions, reshape(targets, list(dims(targets)) + [1])], axis=1, batch_dims=1)
    larger = op("reduce_sum", [cast(op("less", [picked, predictions]), "int32")], axes=[1], keepdims=False)
    return el.less(larger, k)


def median(x, axis=None, keepdims=False):
    return quantile(x, 0.5, axis=axis, keepdims=keepdims)


def quantile(x, q, axis=None, method="linear", keepdims=False):
    """Linear (and the other) interpolation between sorted values along static axes."""
    x = to_tensor(x)
    x = cast(x, dtypes.as_float(dtype_of(x)))
    rank = len(static_shape(x))
    axes = normalize_axes(axis, rank)
    kept = sorted(set(range(rank)) - set(axes))
    sizes = dims(x)
    moved = op("transpose", [x], perm=kept + axes)
    flat = reshape(moved, [sizes[i] for i in kept] + [-1])
    count = static_shape(flat)[-1]
    ordered = op("sort", [flat], axis=len(kept), descending=False)
    levels = const_value(q)
    if levels is None:
        refuse("quantile", "its `q` depends on the input")
    results = []
    for level in levels.reshape(-1).tolist():
        if count is None:
            results.append(_symbolic_quantile(ordered, level, method, [1 if i in axes else sizes[i] for i in range(rank)] if keepdims else None))
            continue
        position = level * (count - 1)
        low, high = int(math.floor(position)), int(math.ceil(position))
        if method == "linear":
            share = position - low
        elif method == "lower":
            share = 0.0
        elif method == "higher":
            share = 1.0
        elif method == "midpoint":
            share = 0.5
        else:
            share = float(_nearest_even(position) - low)
        a, b = getitem(ordered, (Ellipsis, low)), getitem(ordered, (Ellipsis, high))
        y = a if low == high or share == 0.0 else el.add(el.multiply(a, 1.0 - share), el.multiply(b, share))
        if keepdims:
            y = reshape(y, [1 if i in axes else sizes[i] for i in range(rank)])
        results.append(y)
    if levels.ndim == 0:
        return results[0]
    return op("concat", [reshape(y, [1] + list(dims(y))) for y in results], axis=0)


def _symbolic_quantile(ordered, level, method, shape):
    """One level when the number of values is known only at run time."""
    axis = len(static_shape(ordered)) - 1
    count = cast(to_tensor(dims(ordered)[axis]), dtype_of(ordered))
    position = el.multiply(el.subtract(count, 1), level)
    low, high = op("floor", [position]), op("ceil", [position])

    def at(place):
        return op("gather", [ordered, cast(place, "int32")], axis=axis, batch_dims=0)

    if method == "lower":
        y = at(low)
    elif method == "higher":
        y = at(high)
    elif method == "nearest":
        y = at(op("round", [position]))
    else:
        share = to_tensor(0.5, dtype_of(ordered)) if method == "midpoint" else op("sub", [position, low])
        y = op("add", [op("mul", [at(low), el.subtract(1, share)]), op("mul", [at(high), share])])
    return y if shape is None else reshape(y, shape)


def _nearest_even(value):
    below = math.floor(value)
    rest = value - below
    return below + (1 if rest > 0.5 or (rest == 0.5 and below % 2) else 0)


def average(x, axis=None, weights=None):
    x = to_tensor(x)
    x = cast(x, dtypes.as_float(dtype_of(x)))
    if weights is None:
        return mean(x, axis)
    weights = to_tensor(weights, dtype_of(x))
    if axis is not None and len(static_shape(weights)) == 1:
        shape = [1] * len(static_shape(x))
        shape[normalize_axis(axis, len(shape))] = -1
        weights = reshape(weights, shape)
    weights = op("broadcast_to", [weights], shape=dims(x))
    return el.divide(sum(el.multiply(x, weights), axis), sum(weights, axis))


def ptp(x, axis=None, keepdims=False):
    return el.subtract(max(x, axis, keepdims), min(x, axis, keepdims))


def nansum(x, axis=None, keepdims=False):
    return sum(el.nan_to_num(x, posinf=math.inf, neginf=-math.inf), axis, keepdims)


def norm(x, ord=None, axis=None, keepdims=False):
    """Vector norms and the Frobenius norm."""
    x = to_tensor(x)
    x = cast(x, dtypes.as_float(dtype_of(x)))
    rank = len(static_shape(x))
    axes = normalize_axes(axis, rank)
    if ord is None or ord == "fro" or (ord == 2 and len(axes) == 1) or ord == "euclidean":
        return op("sqrt", [_reduce("reduce_sum", op("square", [x]), axis, keepdims)])
    size = op("abs", [x])
    if len(axes) == 1:
        if ord == math.inf:
            return _reduce("reduce_max", size, axis, keepdims)
        if ord == -math.inf:
            return _reduce("reduce_min", size, axis, keepdims)
        if ord == 0:
            return _reduce("reduce_sum", cast(el.not_equal(x, 0), dtype_of(x)), axis, keepdims)
        if ord == 1:
            return _reduce("reduce_sum", size, axis, keepdims)
        return el.power(sum(el.power(size, float(ord)), axis, keepdims), 1.0 / ord)
    if len(axes) == 2 and ord in (1, -1, math.inf, -math.inf):
        given = axis if axis is not None else (0, 1)
        row, column = normalize_axis(given[0], rank), normalize_axis(given[1], rank)
        summed, reduced = (row, column) if ord in (1, -1) else (column, row)
        y = _reduce("reduce_sum", size, summed, True)
        y = _reduce("reduce_max" if ord > 0 else "reduce_min", y, reduced, True)
        return y if keepdims else reshape(y, [d for i, d in enumerate(dims(y)) if i not in axes])
    if len(axes) == 2 and ord in (2, -2, "nuc"):
        from keras.src.ops.matrix import spectral_norm
        return spectral_norm(x, ord, axis, keepdims)
    raise ValueError(f"norm: there is no order {ord} over the axes {axis}")


def bincount(x, weights=None, minlength=0, sparse=False):
    """Counts per value as a one-hot sum; the number of bins must be given as `minlength`."""
    x = to_tensor(x)
    depth = to_int(minlength, "bincount's minlength")
    value = const_value(x)
    if value is not None and value.size:
        depth = depth if depth > int(value.max()) else int(value.max()) + 1
    elif depth == 0:
        refuse("bincount", "the number of bins depends on the values; pass minlength")
    hot = op("one_hot", [x], depth=depth, axis=len(static_shape(x)), to="int32" if weights is None else dtype_of(to_tensor(weights)))
    if weights is not None:
        weights = to_tensor(weights)
        hot = op("mul", [hot, reshape(weights, list(dims(weights)) + [1])])
    return op("reduce_sum", [hot], axes=[len(static_shape(x)) - 1], keepdims=False)


def searchsorted(sorted_sequence, values, side="left"):
    """Each value's place in an ascending sequence: how many elements are below it (or not above)."""
    sequence, values = el.promoted(sorted_sequence, values)
    column = reshape(values, list(dims(values)) + [1])
    before = op("less" if side == "left" else "less_equal", [sequence, column])
    return op("reduce_sum", [cast(before, "int32")], axes=[len(static_shape(values))], keepdims=False)


def digitize(x, bins):
    return searchsorted(bins, x, side="right")


def diff(a, n=1, axis=-1):
    a = to_tensor(a)
    axis = normalize_axis(axis, len(static_shape(a)))
    for _ in range(n):
        front = (slice(None),) * axis + (slice(1, None),)
        back = (slice(None),) * axis + (slice(None, -1),)
        a = op("sub", [getitem(a, front), getitem(a, back)])
    return a
