"""Tensors made from numbers, and what places or picks their diagonals, in `keras.ops`."""
import numpy as np
from keras.src import dtypes
from keras.src import tensor as core
from keras.src.ops import elementwise as el
from keras.src.ops import shape as sh
from keras.src.tensor import cast, const_value, dim_list, dims, dtype_of, op, refuse, static_shape, to_int, to_tensor


def _filled(value, shape, dtype):
    return op("broadcast_to", [to_tensor(value, dtype)], shape=dim_list(shape))


def zeros(shape, dtype=None):
    return _filled(0, shape, dtypes.standardize_dtype(dtype))


def ones(shape, dtype=None):
    return _filled(1, shape, dtypes.standardize_dtype(dtype))


empty = zeros


def full(shape, fill_value, dtype=None):
    return _filled(fill_value, shape, dtypes.standardize_dtype(dtype) if dtype is not None else None)


def _like(value):
    def function(x, dtype=None):
        x = to_tensor(x)
        return _filled(value, list(dims(x)), dtypes.standardize_dtype(dtype) if dtype is not None else dtype_of(x))

    return function


zeros_like, ones_like = _like(0), _like(1)
empty_like = zeros_like


def full_like(x, fill_value, dtype=None):
    x = to_tensor(x)
    return _filled(fill_value, list(dims(x)), dtypes.standardize_dtype(dtype) if dtype is not None else dtype_of(x))


def arange(start, stop=None, step=None, dtype=None):
    if stop is None:
        start, stop = 0, start
    step = 1 if step is None else step
    if dtype is None:
        dtype = dtypes.result_type(*[el.kind_of(el.weak_or_tensor(v)) for v in (start, stop, step)])
    return range_tensor(start, stop, step, dtypes.standardize_dtype(dtype))


def range_tensor(start, stop, step, dtype):
    """start, start + step, ... below stop; a stop that is a dimension of the input gives a symbolic length."""
    values = [const_value(v) if not isinstance(v, (int, float)) else v for v in (start, stop, step)]
    if all(v is not None for v in values):
        first, last, stride = [v if isinstance(v, (int, float)) else v.item() for v in values]
        kind = dtypes.numpy_dtype(dtype)
        return to_tensor(np.arange(first, last, stride).astype(kind), dtype)
    stride = int(step) if isinstance(step, float) and step == int(step) else to_int(step, "arange's step")
    begin, end = dim_list([start, stop])
    length = end - begin if not (isinstance(begin, int) and begin == 0) else end
    if stride != 1:
        length = (length + (stride - 1)) // stride
    line = op("iota", [], shape=[length], axis=0, dtype=dtype)
    if stride != 1:
        line = op("mul", [line, to_tensor(stride, dtype)])
    if not (isinstance(begin, int) and begin == 0):
        line = op("add", [line, to_tensor(begin, dtype)])
    return line


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    a, b = const_value(start), const_value(stop)
    num = to_int(num, "linspace's num")
    if dtype is None:
        dtype = dtypes.floatx()
    if a is None or b is None:
        a, b = el.promoted(start, stop, floating=True)
        count = num - 1 if endpoint else num
        step = el.divide(el.subtract(b, a), count if count > 0 else 1)
        steps = np.arange(num).reshape([num] + [1] * len(static_shape(a)))
        values = el.add(sh.expand_dims(a, 0), el.multiply(sh.expand_dims(step, 0), to_tensor(steps, dtype_of(a))))
        values = sh.moveaxis(values, 0, axis)
        return (cast(values, dtype), step) if retstep else cast(values, dtype)
    values, step = np.linspace(a, b, num, endpoint=endpoint, retstep=True, axis=axis)
    kind = dtypes.standardize_dtype(dtype)
    tensor = to_tensor(values.astype(dtypes.numpy_dtype(kind)), kind)
    return (tensor, to_tensor(step, kind)) if retstep else tensor


def logspace(start, stop, num=50, endpoint=True, base=10, dtype=None, axis=0):
    return cast(el.power(float(base), linspace(start, stop, num, endpoint=endpoint, axis=axis)), dtypes.standardize_dtype(dtype))


def eye(N, M=None, k=0, dtype=None):
    kind = dtypes.standardize_dtype(dtype)
    rows, columns = dim_list([N, N if M is None else M])
    if isinstance(rows, int) and isinstance(columns, int):
        return to_tensor(np.eye(rows, columns, k).astype(dtypes.numpy_dtype(kind)), kind)
    row = op("iota", [], shape=[rows, columns], axis=0, dtype="int32")
    column = op("iota", [], shape=[rows, columns], axis=1, dtype="int32")
    return cast(op("equal", [el.add(row, k), column]), kind)


def identity(n, dtype=None):
    return eye(n, dtype=dtype)


def tri(N, M=None, k=0, dtype=None):
    kind = dtypes.standardize_dtype(dtype)
    return to_tensor(np.tri(N, M, k).astype(dtypes.numpy_dtype(kind)), kind)


def _triangle(x, k, lower):
    x = to_tensor(x)
    sizes = dims(x)[-2:]
    row = op("iota", [], shape=sizes, axis=0, dtype="int32")
    column = op("iota", [], shape=sizes, axis=1, dtype="int32")
    keep = el.less_equal(column, el.add(row, k)) if lower else el.greater_equal(column, el.add(row, k))
    if dtype_of(x) == "bool":
        return op("logical_and", [keep, x])
    return op("select", [keep, x, to_tensor(0, dtype_of(x))])


def tril(x, k=0):
    return _triangle(x, k, True)


def triu(x, k=0):
    return _triangle(x, k, False)


def diagonal(x, offset=0, axis1=0, axis2=1):
    x = sh.moveaxis(to_tensor(x), (axis1, axis2), (-2, -1))
    rows, columns = static_shape(x)[-2:]
    if rows is None or columns is None:
        refuse("diagonal", "the two axes have no static size")
    pairs = [(i, i + offset) for i in range(rows) if 0 <= i + offset < columns]
    flat = core.reshape(x, list(dims(x))[:-2] + [rows * columns])
    index = to_tensor([i * columns + j for i, j in pairs], "int32")
    return op("gather", [flat, index], axis=len(static_shape(flat)) - 1, batch_dims=0)


def diag(x, k=0):
    x = to_tensor(x)
    if len(static_shape(x)) == 2:
        return diagonal(x, k)
    return diagflat(x, k)


def diagflat(x, k=0):
    x = core.reshape(to_tensor(x), [-1])
    n = static_shape(x)[0]
    if n is None:
        refuse("diag", "the vector has no static size")
    wide = n + (k if k > 0 else -k)
    square = op("mul", [core.reshape(x, [n, 1]), to_tensor(np.eye(n), dtype_of(x))])
    before = (0 if k >= 0 else -k, k if k > 0 else 0)
    return op("pad", [square], before=before, after=(wide - n - before[0], wide - n - before[1]), mode="constant", value=0.0)


def meshgrid(*x, indexing="xy"):
    vectors = [core.reshape(to_tensor(v), [-1]) for v in x]
    count = len(vectors)
    order = list(range(count))
    if indexing == "xy" and count > 1:
        order[0], order[1] = 1, 0
    lengths = [dims(v)[0] for v in vectors]
    shape_all = [None] * count
    for place, i in zip(order, range(count)):
        shape_all[place] = lengths[i]
    grids = []
    for i, v in enumerate(vectors):
        single = [1] * count
        single[order[i]] = lengths[i]
        grids.append(op("broadcast_to", [core.reshape(v, single)], shape=shape_all))
    return grids


def _window(name):
    def window(x):
        n = to_int(x, "a window's length")
        return to_tensor(getattr(np, name)(n).astype("float32"), "float32")

    return window


hanning, hamming, blackman, bartlett = [_window(n) for n in ("hanning", "hamming", "blackman", "bartlett")]


def vander(x, N=None, increasing=False):
    x = to_tensor(x)
    count = static_shape(x)[0] if N is None else N
    powers = np.arange(count) if increasing else np.arange(count)[::-1]
    columns = core.reshape(cast(x, dtypes.as_float(dtype_of(x))), list(dims(x)) + [1])
    return cast(op("pow", [columns, to_tensor(np.array(powers), dtype_of(columns))]), dtype_of(x))
