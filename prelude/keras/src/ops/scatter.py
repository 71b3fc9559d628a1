"""Values written to places that indices name, and sums over segments, in `keras.ops`."""
import numpy as np
from keras.src import tensor as core
from keras.src.ops import elementwise as el
from keras.src.tensor import cast, const_value, dim_list, dims, dtype_of, op, refuse, static_shape, to_int, to_tensor


def scatter(indices, values, shape):
    return op("scatter_nd", [to_tensor(indices), to_tensor(values)], shape=dim_list(shape))


def scatter_update(inputs, indices, updates, reduction=None):
    inputs = to_tensor(inputs)
    indices, updates = to_tensor(indices), to_tensor(updates, dtype_of(inputs))
    if reduction is None:
        return op("scatter_update", [inputs, indices, updates])
    if reduction == "add":
        return op("add", [inputs, op("scatter_nd", [indices, updates], shape=dims(inputs))])
    if reduction not in _COMBINED:
        raise ValueError(f"scatter_update: unknown reduction {reduction!r}")
    return _combined(inputs, indices, updates, *_COMBINED[reduction])


_COMBINED = {"max": ("max", "max", False), "min": ("min", "min", True), "mul": ("prod", "mul", None)}


def _combined(x, indices, updates, how, cell, highest):
    """An array's elements combined with all updates of their places: every place looks through all updates."""
    depth = static_shape(indices)[-1]
    sizes = static_shape(x)[:depth]
    if any(n is None for n in sizes):
        refuse(f"scatter_update with {how}", "the indexed axes have no static size")
    steps = [1]
    for n in sizes[:0:-1]:
        steps.insert(0, steps[0] * n)
    last = len(static_shape(indices)) - 1
    flat = op("reduce_sum", [op("mul", [indices, to_tensor(steps, dtype_of(indices))])], axes=[last], keepdims=False)
    places = to_tensor(np.arange(steps[0] * sizes[0]).reshape(-1, 1, 1), dtype_of(indices))
    hits = op("equal", [core.reshape(flat, [1, -1, 1]), places])
    width = 1
    for n in dims(x)[depth:]:
        width = width * n
    neutral = 1 if highest is None else limit_of(dtype_of(x), highest)
    kept = op("select", [hits, core.reshape(updates, [1, -1, width]), to_tensor(neutral, dtype_of(x))])
    found = op(f"reduce_{how}", [kept], axes=[1], keepdims=False)
    return op(cell, [x, core.reshape(found, list(dims(x)))])


def unravel_index(indices, shape):
    indices = to_tensor(indices)
    parts = []
    for size in list(shape)[::-1]:
        parts.insert(0, el.mod(indices, size))
        indices = el.floor_divide(indices, size)
    return tuple(parts)


def segment_sum(data, segment_ids, num_segments=None, sorted=False):
    return _segments(data, segment_ids, num_segments, "sum")


def segment_max(data, segment_ids, num_segments=None, sorted=False):
    return _segments(data, segment_ids, num_segments, "max")


def segment_min(data, segment_ids, num_segments=None, sorted=False):
    return _segments(data, segment_ids, num_segments, "min")


def segment_prod(data, segment_ids, num_segments=None, sorted=False):
    return _segments(data, segment_ids, num_segments, "prod")


def _segments(data, segment_ids, num_segments, how):
    data, segment_ids = to_tensor(data), cast(to_tensor(segment_ids), "int32")
    if num_segments is None:
        value = const_value(segment_ids)
        if value is None:
            refuse(f"segment_{how}", "the number of segments depends on the values; pass num_segments")
        num_segments = int(value.max()) + 1
    count = to_int(num_segments, "num_segments")
    if how == "sum":
        index = core.reshape(segment_ids, list(dims(segment_ids)) + [1])
        return op("scatter_nd", [index, data], shape=[count] + list(dims(data))[1:])
    parts = []
    neutral = 1 if how == "prod" else limit_of(dtype_of(data), highest=how == "min")
    for i in range(count):
        mine = el.equal(segment_ids, i)
        mine = core.reshape(mine, list(dims(mine)) + [1] * (len(static_shape(data)) - 1))
        chosen = op("select", [mine, data, to_tensor(neutral, dtype_of(data))])
        parts.append(op(f"reduce_{how}", [chosen], axes=[0], keepdims=True))
    return op("concat", parts, axis=0) if len(parts) > 1 else parts[0]


def limit_of(name, highest):
    """The greatest or the least number of a type."""
    from keras.src.tf_types import as_dtype
    return as_dtype(name).max if highest else as_dtype(name).min
