"""Reductions, positions, order and running sums."""
from keras.src.ops.reduce import normalize_axis
from keras.src.tensor import cast, dim_list, dims, dtype_of, op, reshape, static_shape, to_int, to_tensor
from onnx_graph.context import now


def axes_of(x, given, keyword, none_means_all=True):
    """The axes of an operand or of an attribute; None: nothing is reduced."""
    rank = len(static_shape(x))
    axes = keyword if given is None else [int(a) for a in dim_list(given)]
    if axes is None or (len(axes) == 0):
        return list(range(rank)) if none_means_all else None
    return sorted(normalize_axis(a, rank) for a in axes)


def reduction(name, before=None, after=None):
    def apply(x, given=None, *, axes=None, keepdims=1, noop_with_empty_axes=0):
        x = to_tensor(x)
        which = axes_of(x, given, axes, not noop_with_empty_axes)
        if before is not None:
            x = before(x)
        if which is not None:
            x = op(name, [x], axes=which, keepdims=bool(keepdims))
        return x if after is None else after(x)

    apply.__module__ = __name__
    return apply


def _square(x):
    return op("mul", [x, x])


def _log(x):
    return op("log", [x])


ReduceSum = reduction("reduce_sum")
ReduceMean = reduction("reduce_mean")
ReduceProd = reduction("reduce_prod")
ReduceL1 = reduction("reduce_sum", lambda x: op("abs", [x]))
ReduceL2 = reduction("reduce_sum", _square, lambda x: cast(op("sqrt", [cast(x, "float64")]), dtype_of(x)) if dtype_of(x)[0] in "iu" else op("sqrt", [x]))
ReduceSumSquare = reduction("reduce_sum", _square)
ReduceLogSum = reduction("reduce_sum", None, _log)


def _extreme(name, boolean):
    def apply(x, given=None, *, axes=None, keepdims=1, noop_with_empty_axes=0):
        x = to_tensor(x)
        which = axes_of(x, given, axes, not noop_with_empty_axes)
        return x if which is None else op(boolean if dtype_of(x) == "bool" else name, [x], axes=which, keepdims=bool(keepdims))

    apply.__module__ = __name__
    return apply


ReduceMax = _extreme("reduce_max", "reduce_any")
ReduceMin = _extreme("reduce_min", "reduce_all")


def ReduceLogSumExp(x, given=None, *, axes=None, keepdims=1, noop_with_empty_axes=0):
    x = to_tensor(x)
    which = axes_of(x, given, axes, not noop_with_empty_axes)
    if which is None:
        return x
    top = op("reduce_max", [x], axes=which, keepdims=True)
    finite = op("select", [op("is_finite", [top]), top, to_tensor(0, dtype_of(x))])
    total = op("add", [_log(op("reduce_sum", [op("exp", [op("sub", [x, finite])])], axes=which, keepdims=True)), finite])
    return total if keepdims else reshape(total, [d for i, d in enumerate(dims(x)) if i not in which])


def _position(name):
    def apply(x, *, axis=0, keepdims=1, select_last_index=0):
        x = to_tensor(x)
        axis = normalize_axis(axis, len(static_shape(x)))
        size = static_shape(x)[axis]
        if select_last_index:
            x = op("reverse", [x], axes=[axis])
        found = cast(op(name, [x], axis=axis), "int64")
        if select_last_index:
            found = op("sub", [to_tensor(size - 1, "int64"), found])
        if not keepdims:
            return found
        sizes = list(dims(x))
        sizes[axis] = 1
        return reshape(found, sizes)

    apply.__module__ = __name__
    return apply


ArgMax, ArgMin = _position("argmax"), _position("argmin")


def TopK(x, count=None, *, k=None, axis=-1, largest=1, sorted=1):
    x = to_tensor(x)
    rank = len(static_shape(x))
    axis = normalize_axis(axis, rank)
    k = to_int(reshape(to_tensor(count), []), "k") if k is None else k
    order = op("argsort", [x], axis=axis, descending=bool(largest))
    begin, end = [0] * rank, list(dims(x))
    end[axis] = k
    order = op("slice", [order], begin=begin, end=end, strides=[1] * rank)
    ordered = op("slice", [op("sort", [x], axis=axis, descending=bool(largest))], begin=begin, end=end, strides=[1] * rank)
    return [ordered, cast(order, "int64")]


def _running(name):
    def apply(x, axis, *, exclusive=0, reverse=0):
        x = to_tensor(x)
        axis = normalize_axis(to_int(reshape(to_tensor(axis), []), "axis"), len(static_shape(x)))
        return op(name, [x], axis=axis, exclusive=bool(exclusive), reverse=bool(reverse))

    apply.__module__ = __name__
    return apply


CumSum, CumProd = _running("cumsum"), _running("cumprod")


def softmax_like(name):
    def apply(x, *, axis=None):
        x = to_tensor(x)
        rank = len(static_shape(x))
        if now.opset >= 13:
            return op(name, [x], axis=normalize_axis(-1 if axis is None else axis, rank))
        axis = normalize_axis(1 if axis is None else axis, rank)  # of everything behind the axis at once
        sizes = dims(x)
        rows = 1
        for size in sizes[:axis]:
            rows = rows * size
        return reshape(op(name, [reshape(x, [rows, -1])], axis=1), sizes)

    apply.__module__ = __name__
    return apply


Softmax, LogSoftmax = softmax_like("softmax"), softmax_like("log_softmax")


def Hardmax(x, *, axis=None):
    x = to_tensor(x)
    rank = len(static_shape(x))
    if axis is None:
        axis = -1 if now.opset >= 13 else 1
    axis = normalize_axis(axis, rank)
    if now.opset < 13:
        sizes = dims(x)
        rows = 1
        for size in sizes[:axis]:
            rows = rows * size
        flat = reshape(x, [rows, -1])
        return reshape(_highest(flat, 1), sizes)
    return _highest(x, axis)


def _highest(x, axis):
    return op("one_hot", [op("argmax", [x], axis=axis)], depth=static_shape(x)[axis], axis=axis, to=dtype_of(x))


def LpNormalization(x, *, axis=-1, p=2):
    x = to_tensor(x)
    axis = normalize_axis(axis, len(static_shape(x)))
    size = op("reduce_sum", [op("abs", [x]) if p == 1 else _square(x)], axes=[axis], keepdims=True)
    size = size if p == 1 else op("sqrt", [size])
    zero = to_tensor(0, dtype_of(x))
    return op("select", [op("equal", [size, zero]), zero, op("div", [x, size])])


def MeanVarianceNormalization(x, *, axes=(0, 2, 3)):
    x = to_tensor(x)
    which = [normalize_axis(a, len(static_shape(x))) for a in axes]
    mean = op("reduce_mean", [x], axes=which, keepdims=True)
    spread = op("sqrt", [op("sub", [op("reduce_mean", [_square(x)], axes=which, keepdims=True), _square(mean)])])
    return op("div", [op("sub", [x, mean]), op("add", [spread, to_tensor(1e-9, dtype_of(x))])])
