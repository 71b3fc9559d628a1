"""Operators that move data: shapes, slices, joins, gathers, scatters, padding, constants."""
import numpy as np
from keras.src.ops import creation as cr
from keras.src.ops import linalg, matrix
from keras.src.ops import shape as sh
from keras.src.ops.reduce import normalize_axis
from keras.src.tensor import cast, const_value, dim_list, dims, dtype_of, op, reshape, static_shape, to_int, to_tensor
from onnx_graph.context import now, refuse


def ints(x):
    return [int(v) if isinstance(v, int) else v for v in dim_list(to_tensor(x))]


def scalar(x):
    x = to_tensor(x)
    return reshape(x, []) if static_shape(x) != () else x


# -- constants -------------------------------------------------------------------------------------------------------

def Constant(*, value=None, value_int=None, value_ints=None, value_float=None, value_floats=None, value_string=None, value_strings=None, sparse_value=None):
    if value is not None:
        return value
    if value_int is not None:
        return np.array(value_int, "int64")
    if value_ints is not None:
        return np.array(value_ints, "int64")
    if value_float is not None:
        return np.array(value_float, "float32")
    if value_floats is not None:
        return np.array(value_floats, "float32")
    return refuse("Constant", "is no tensor of numbers", code="K0722")


def ConstantOfShape(shape, *, value=None):
    value = np.zeros((1,), "float32") if value is None else value
    return op("broadcast_to", [reshape(to_tensor(value), [])], shape=ints(shape))


def Range(start, limit, delta):
    values = [const_value(scalar(v)) for v in (start, limit, delta)]
    if all(v is not None for v in values):
        return np.arange(values[0], values[1], values[2], dtype=values[0].dtype)
    kind = dtype_of(to_tensor(start))
    return cr.range_tensor(cast(scalar(start), kind), cast(scalar(limit), kind), cast(scalar(delta), kind), kind)


def EyeLike(x, *, dtype=None, k=0):
    from onnx_graph.context import dtype_name
    x = to_tensor(x)
    rows, columns = static_shape(x)
    if rows is None or columns is None:
        refuse("EyeLike", "needs a static shape", "give one with --shape")
    return np.eye(rows, columns, k, dtype=dtype_of(x) if dtype is None else dtype_name(dtype, "EyeLike"))


def OneHot(indices, depth, values, *, axis=-1):
    indices, values = to_tensor(indices), to_tensor(values)
    depth = to_int(cast(scalar(depth), "int64"), "depth")
    rank = len(static_shape(indices)) + 1
    if dtype_of(indices)[0] == "f":
        indices = cast(indices, "int64")
    wrapped = op("select", [op("less", [indices, to_tensor(0, dtype_of(indices))]), op("add", [indices, to_tensor(depth, dtype_of(indices))]), indices])
    hot = op("one_hot", [wrapped], depth=depth, axis=normalize_axis(axis, rank), to="bool")
    off, on = (op("reshape", [op("slice", [values], begin=[i], end=[i + 1], strides=[1])], shape=[]) for i in (0, 1))
    return op("select", [hot, on, off])


# -- shapes ----------------------------------------------------------------------------------------------------------

def Shape(x, *, start=0, end=None):
    sizes = list(dims(to_tensor(x)))[slice(start, end)]
    return cast(to_tensor(sizes, "int64"), "int64") if sizes else np.zeros((0,), "int64")


def Size(x):
    total = 1
    for size in dims(to_tensor(x)):
        total = size * total
    return cast(to_tensor(total), "int64")


def Reshape(x, target=None, *, shape=None, allowzero=0):
    x = to_tensor(x)
    wanted = list(shape) if target is None else ints(target)
    if not allowzero:
        sizes = dims(x)
        wanted = [sizes[i] if isinstance(d, int) and d == 0 else d for i, d in enumerate(wanted)]
    return reshape(x, wanted)


def Flatten(x, *, axis=1):
    x = to_tensor(x)
    sizes = dims(x)
    rows = 1
    for size in sizes[:axis if axis >= 0 else axis + len(sizes)]:
        rows = rows * size
    return reshape(x, [rows, -1])


def _axes(given, keyword):
    return keyword if given is None else ints(given)


def Squeeze(x, given=None, *, axes=None):
    x = to_tensor(x)
    axes = _axes(given, axes)
    rank = len(static_shape(x))
    gone = [i for i, d in enumerate(static_shape(x)) if d == 1] if axes is None else [normalize_axis(a, rank) for a in axes]
    return reshape(x, [d for i, d in enumerate(dims(x)) if i not in gone])


def Unsqueeze(x, given=None, *, axes=None):
    x = to_tensor(x)
    axes = _axes(given, axes)
    sizes = list(dims(x))
    for axis in sorted(normalize_axis(a, len(sizes) + len(axes)) for a in axes):
        sizes.insert(axis, 1)
    return reshape(x, sizes)


def Transpose(x, *, perm=None):
    x = to_tensor(x)
    return sh.transpose(x, perm)


def Expand(x, shape):
    x = to_tensor(x)
    wanted = ints(shape)
    sizes = list(dims(x))
    rank = max(len(sizes), len(wanted))
    sizes = [1] * (rank - len(sizes)) + sizes
    wanted = [1] * (rank - len(wanted)) + wanted
    target = [s if isinstance(w, int) and w == 1 else w for s, w in zip(sizes, wanted)]
    return op("broadcast_to", [x], shape=target)


def Tile(x, repeats, axis=None):
    x = to_tensor(x)
    if axis is not None:  # the first opset: a count and an axis
        times = [1] * len(static_shape(x))
        times[to_int(scalar(axis))] = to_int(scalar(repeats))
        return op("tile", [x], multiples=times)
    return op("tile", [x], multiples=ints(repeats))


def Concat(*xs, axis=1):
    xs = [to_tensor(x) for x in xs]
    return xs[0] if len(xs) == 1 else op("concat", xs, axis=normalize_axis(axis, len(static_shape(xs[0]))))


def Split(x, sizes=None, *, axis=0, split=None, num_outputs=None):
    x = to_tensor(x)
    axis = normalize_axis(axis, len(static_shape(x)))
    parts = split if sizes is None else ints(sizes)
    if parts is None:
        length, count = static_shape(x)[axis], num_outputs or now.results
        if length is None:
            refuse("Split", "needs a static size of its axis", "give one with --shape")
        piece = -(-length // count)
        parts = [piece] * (count - 1) + [length - piece * (count - 1)]
    results, at = [], 0
    for size in parts:
        begin, end = [0] * len(static_shape(x)), list(dims(x))
        begin[axis], end[axis] = at, at + size
        results.append(op("slice", [x], begin=begin, end=end, strides=[1] * len(begin)))
        at += size
    return results


def Slice(x, starts_given=None, ends_given=None, axes_given=None, steps=None, *, starts=None, ends=None, axes=None):
    x = to_tensor(x)
    starts, ends = (starts if starts_given is None else ints(starts_given)), (ends if ends_given is None else ints(ends_given))
    axes = axes if axes_given is None else ints(axes_given)
    axes = list(range(len(starts))) if axes is None else axes
    steps = [1] * len(starts) if steps is None else ints(steps)
    key = [slice(None)] * len(static_shape(x))
    for first, last, axis, step in zip(starts, ends, axes, steps):
        axis = normalize_axis(axis, len(key))
        size = static_shape(x)[axis]
        if step < 0 and size is not None:
            first = min(first + size if first < 0 else first, size - 1)
            last = max(last + size, -1) if last < 0 else last
            if last < -size or (ends and last <= -1):
                last = None
            key[axis] = slice(first, last, step)
        else:
            far = isinstance(last, int) and last >= 2 ** 31 - 1
            key[axis] = slice(first, None if far else last, step)
    from keras.src.tensor import getitem
    return getitem(x, tuple(key))


def Pad(x, given=None, value=None, axes=None, *, pads=None, mode="constant", **attributes):
    x = to_tensor(x)
    rank = len(static_shape(x))
    pads = (pads or attributes.get("paddings")) if given is None else ints(given)
    which = list(range(rank)) if axes is None else [normalize_axis(a, rank) for a in ints(axes)]
    before, after = [0] * rank, [0] * rank
    for i, axis in enumerate(which):
        before[axis], after[axis] = pads[i], pads[i + len(which)]
    if mode == "wrap":
        for axis in which:
            size = static_shape(x)[axis]
            order = np.arange(-before[axis], size + after[axis]) % size
            x = op("gather", [x, to_tensor(order.astype("int32"))], axis=axis, batch_dims=0)
        return x
    number = attributes.get("value", 0.0) if value is None else const_value(scalar(value))
    if number is None:
        refuse("Pad", "pads with a computed value")
    cut = [[min(b, 0), min(a, 0)] for b, a in zip(before, after)]
    if any(b or a for b, a in cut):
        x = op("slice", [x], begin=[-b for b, _ in cut], end=[d + a for d, (_, a) in zip(dims(x), cut)], strides=[1] * rank)
    before, after = [max(b, 0) for b in before], [max(a, 0) for a in after]
    kind = {"constant": "constant", "reflect": "reflect", "edge": "edge"}[mode]
    if kind == "edge":
        for axis in which:
            size = static_shape(x)[axis]
            order = np.clip(np.arange(-before[axis], size + after[axis]), 0, size - 1)
            x = op("gather", [x, to_tensor(order.astype("int32"))], axis=axis, batch_dims=0)
        return x
    if kind == "reflect":
        for axis in which:
            size = static_shape(x)[axis]
            period = max(2 * size - 2, 1)
            order = np.abs(np.arange(-before[axis], size + after[axis])) % period
            order = np.where(order < size, order, period - order)
            x = op("gather", [x, to_tensor(order.astype("int32"))], axis=axis, batch_dims=0)
        return x
    return op("pad", [x], before=before, after=after, mode="constant", value=float(number))


# -- gathers and scatters --------------------------------------------------------------------------------------------

def wrapped(indices, size):
    """Indices below zero count from the end."""
    known = const_value(indices)
    if known is not None and isinstance(size, int):
        return to_tensor(np.where(known < 0, known + size, known).astype("int32" if known.dtype != np.dtype("int64") else "int64"))
    size = cast(to_tensor(size), dtype_of(indices))
    return op("select", [op("less", [indices, to_tensor(0, dtype_of(indices))]), op("add", [indices, size]), indices])


def Gather(x, indices, *, axis=0):
    x, indices = to_tensor(x), to_tensor(indices)
    axis = normalize_axis(axis, len(static_shape(x)))
    return op("gather", [x, wrapped(indices, dims(x)[axis])], axis=axis, batch_dims=0)


def GatherElements(x, indices, *, axis=0):
    x, indices = to_tensor(x), to_tensor(indices)
    axis = normalize_axis(axis, len(static_shape(x)))
    pairs = enumerate(zip(static_shape(x), static_shape(indices)))
    if all(a == b for i, (a, b) in pairs if i != axis):
        return sh.take_along_axis(x, wrapped(indices, dims(x)[axis]), axis)
    return op("gather_nd", [x, positions(indices, axis, dims(x)[axis])], batch_dims=0)  # only a part of the other axes


def positions(indices, axis, size):
    """Index tuples [..., rank] of elements picked along one axis."""
    shape = static_shape(indices)
    if None in shape:
        refuse("indices", "need a static shape", "give one with --shape")
    indices = cast(wrapped(indices, size), "int64")
    columns = []
    for i in range(len(shape)):
        if i == axis:
            columns.append(reshape(indices, list(shape) + [1]))
        else:
            line = np.arange(shape[i], dtype="int64").reshape([-1 if k == i else 1 for k in range(len(shape))] + [1])
            columns.append(to_tensor(np.broadcast_to(line, tuple(shape) + (1,))))
    return op("concat", columns, axis=len(shape)) if len(columns) > 1 else columns[0]


def GatherND(x, indices, *, batch_dims=0):
    x, indices = to_tensor(x), to_tensor(indices)
    depth = static_shape(indices)[-1]
    sizes = dims(x)[batch_dims:batch_dims + depth]
    return op("gather_nd", [x, _wrap_tuples(indices, sizes)], batch_dims=batch_dims)


def _wrap_tuples(indices, sizes):
    if not all(isinstance(s, int) for s in sizes):
        return indices
    kind = dtype_of(indices)
    bounds = to_tensor(np.array(sizes, dtype=kind))
    return op("select", [op("less", [indices, to_tensor(0, kind)]), op("add", [indices, bounds]), indices])


def _scatter(x, indices, updates, reduction):
    if reduction in ("none", None):
        return op("scatter_update", [x, indices, updates])
    if reduction == "add":
        return op("add", [x, op("scatter_nd", [indices, updates], shape=dims(x))])
    combine = {"mul": "mul", "max": "max", "min": "min"}[reduction]
    shape = static_shape(indices)
    if None in shape:
        refuse("Scatter", f"with the reduction `{reduction}` needs a static number of updates", "give it with --shape")
    count = int(np.prod(shape[:-1]))
    rows = reshape(indices, [count, shape[-1]])
    flat = reshape(updates, [count] + list(dims(updates))[len(shape) - 1:])
    rank = len(static_shape(flat))
    for i in range(count):  # one after the other: equal indices meet
        place = op("slice", [rows], begin=[i, 0], end=[i + 1, shape[-1]], strides=[1, 1])
        piece = op("slice", [flat], begin=[i] + [0] * (rank - 1), end=[i + 1] + list(dims(flat))[1:], strides=[1] * rank)
        x = op("scatter_update", [x, place, op(combine, [op("gather_nd", [x, place], batch_dims=0), piece])])
    return x


def ScatterND(x, indices, updates, *, reduction="none"):
    x, indices = to_tensor(x), to_tensor(indices)
    return _scatter(x, _wrap_tuples(indices, dims(x)[:static_shape(indices)[-1]]), to_tensor(updates), reduction)


def ScatterElements(x, indices, updates, *, axis=0, reduction="none"):
    x, indices = to_tensor(x), to_tensor(indices)
    axis = normalize_axis(axis, len(static_shape(x)))
    return _scatter(x, positions(indices, axis, dims(x)[axis]), to_tensor(updates), reduction)


Scatter = ScatterElements


def TensorScatter(cache, update, starts=None, *, axis=-2, mode="linear"):
    cache, update = to_tensor(cache), to_tensor(update)
    rank = len(static_shape(cache))
    axis = normalize_axis(axis, rank)
    batch, length, count = static_shape(cache)[0], static_shape(cache)[axis], static_shape(update)[axis]
    starts = np.zeros((batch,), "int64") if starts is None else starts
    line = np.arange(count, dtype="int64").reshape([1, -1])
    where = op("add", [reshape(cast(to_tensor(starts), "int64"), [-1, 1]), to_tensor(line)])
    if mode == "circular":
        where = op("mod", [where, to_tensor(length, "int64")])
    spread = op("broadcast_to", [reshape(where, [batch if i == 0 else count if i == axis else 1 for i in range(rank)])], shape=dims(update))
    return _scatter(cache, positions(spread, axis, length), update, "none")


def ReverseSequence(x, lengths, *, batch_axis=1, time_axis=0):
    x, lengths = to_tensor(x), cast(to_tensor(lengths), "int64")
    time, batch = static_shape(x)[time_axis], static_shape(x)[batch_axis]
    rank = len(static_shape(x))
    steps = np.arange(time, dtype="int64")
    long = reshape(lengths, [1, -1])
    backward = op("sub", [op("sub", [long, to_tensor(1, "int64")]), to_tensor(steps.reshape(-1, 1))])
    order = op("select", [op("less", [to_tensor(steps.reshape(-1, 1)), long]), backward, to_tensor(np.broadcast_to(steps.reshape(-1, 1), (time, batch)))])
    if batch_axis < time_axis:
        order = op("transpose", [order], perm=[1, 0])
    spread = op("broadcast_to", [reshape(order, [static_shape(x)[i] if i in (time_axis, batch_axis) else 1 for i in range(rank)])], shape=dims(x))
    return op("gather_nd", [x, positions(spread, time_axis, time)], batch_dims=0)


def Trilu(x, k=None, *, upper=1):
    x = to_tensor(x)
    k = 0 if k is None else to_int(scalar(k), "k")
    rows, columns = static_shape(x)[-2:]
    keep = np.triu(np.ones((rows, columns), "bool"), k) if upper else np.tril(np.ones((rows, columns), "bool"), k)
    return op("select", [to_tensor(keep), x, to_tensor(0, dtype_of(x)) if dtype_of(x) != "bool" else to_tensor(False)])


def DepthToSpace(x, *, blocksize, mode="DCR"):
    x = to_tensor(x)
    n, c, h, w = dims(x)
    b = blocksize
    inner = c // (b * b)
    if mode == "DCR":
        parts = op("transpose", [reshape(x, [n, b, b, inner, h, w])], perm=[0, 3, 4, 1, 5, 2])
    else:
        parts = op("transpose", [reshape(x, [n, inner, b, b, h, w])], perm=[0, 1, 4, 2, 5, 3])
    return reshape(parts, [n, inner, h * b, w * b])


def SpaceToDepth(x, *, blocksize):
    x = to_tensor(x)
    n, c, h, w = dims(x)
    b = blocksize
    parts = op("transpose", [reshape(x, [n, c, h // b, b, w // b, b])], perm=[0, 3, 5, 1, 2, 4])
    return reshape(parts, [n, c * b * b, h // b, w // b])


def NonZero(x):
    known = const_value(to_tensor(x))
    if known is None:
        refuse("NonZero", "gives a result whose size depends on the values")
    return np.array(np.nonzero(known), "int64")


def Unique(*xs, **attributes):
    refuse("Unique", "gives a result whose size depends on the values")


def Compress(x, condition, *, axis=None):
    x = to_tensor(x)
    keep = const_value(to_tensor(condition))
    if keep is None:
        refuse("Compress", "gives a result whose size depends on the values")
    if axis is None:
        x, axis = reshape(x, [-1]), 0
    order = np.nonzero(keep)[0].astype("int32")
    return op("gather", [x, to_tensor(order)], axis=normalize_axis(axis, len(static_shape(x))), batch_dims=0)


def Einsum(*xs, equation):
    return linalg.einsum_strict(equation.replace(" ", ""), [to_tensor(x) for x in xs])


def Det(x):
    return matrix.det(to_tensor(x))


def BlackmanWindow(size, *, output_datatype=1, periodic=1):
    return _window(size, output_datatype, periodic, (0.42, -0.5, 0.08))


def HannWindow(size, *, output_datatype=1, periodic=1):
    return _window(size, output_datatype, periodic, (0.5, -0.5))


def HammingWindow(size, *, output_datatype=1, periodic=1):
    return _window(size, output_datatype, periodic, (25 / 46, -21 / 46))


def _window(size, kind, periodic, terms):
    """A sum of cosines over the window's length."""
    from onnx_graph.context import dtype_name
    count = to_int(scalar(size), "size")
    angle = 2 * np.pi * np.arange(count) / (count if periodic else count - 1)
    total = sum(c * np.cos(i * angle) for i, c in enumerate(terms))
    return np.asarray(total).astype(dtype_name(kind, "window"))
