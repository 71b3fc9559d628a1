"""Shapes, indexing, joining and creation in `keras.ops`."""
import numpy as np
from keras.src import dtypes
from keras.src.ops import elementwise as el
from keras.src.ops.reduce import normalize_axes, normalize_axis
from keras.src.tensor import (Tensor, cast, const_value, dim_list, dims, dtype_of, getitem, op, refuse, static_shape, to_int,
                              to_tensor)
from keras.src import tensor as core
from keras.src.tree import is_sequence


def shape(x):
    """A tuple: ints where known, scalar tensors elsewhere."""
    return tuple(dims(to_tensor(x)))


def ndim(x):
    return len(static_shape(to_tensor(x)))


def size(x):
    total = 1
    for d in dims(to_tensor(x)):
        total = d * total if isinstance(d, Tensor) else total * d
    return to_tensor(total, "int32")


def reshape(x, newshape):
    return core.reshape(to_tensor(x), dim_list(newshape))


def ravel(x):
    return core.reshape(to_tensor(x), [-1])


def transpose(x, axes=None):
    x = to_tensor(x)
    rank = len(static_shape(x))
    if axes is None:
        perm = list(range(rank))[::-1]
    else:
        axes = const_value(axes).tolist() if isinstance(axes, Tensor) else axes
        perm = [normalize_axis(a, rank) for a in axes]
    if perm == list(range(rank)):
        return x
    return op("transpose", [x], perm=perm)


def swapaxes(x, axis1, axis2):
    x = to_tensor(x)
    perm = list(range(len(static_shape(x))))
    a, b = normalize_axis(axis1, len(perm)), normalize_axis(axis2, len(perm))
    perm[a], perm[b] = perm[b], perm[a]
    return transpose(x, perm)


def moveaxis(x, source, destination):
    x = to_tensor(x)
    rank = len(static_shape(x))
    source = [normalize_axis(a, rank) for a in (source if is_sequence(source) else [source])]
    destination = [normalize_axis(a, rank) for a in (destination if is_sequence(destination) else [destination])]
    perm = sorted(set(range(rank)) - set(source))
    for to, origin in sorted(zip(destination, source)):
        perm.insert(to, origin)
    return transpose(x, perm)


def expand_dims(x, axis):
    x = to_tensor(x)
    axes = axis if is_sequence(axis) else [axis]
    rank = len(static_shape(x)) + len(axes)
    axes = [normalize_axis(a, rank) for a in axes]
    sizes = list(dims(x))
    for a in sorted(axes):
        sizes.insert(a, 1)
    return core.reshape(x, sizes)


def squeeze(x, axis=None):
    x = to_tensor(x)
    static = static_shape(x)
    if axis is None:
        removed = [i for i, d in enumerate(static) if d == 1]
    else:
        removed = normalize_axes(axis, len(static))
        for a in removed:
            if static[a] not in (1, None):
                raise ValueError(f"Cannot squeeze axis={a}, because the dimension is not 1.")
    return core.reshape(x, [d for i, d in enumerate(dims(x)) if i not in removed])


def broadcast_to(x, shape):
    x = to_tensor(x)
    target = dim_list(shape)
    sizes = [None] * (len(target) - len(static_shape(x))) + list(dims(x))
    return op("broadcast_to", [x], shape=[s if t == -1 else t for t, s in zip(target, sizes)] if -1 in [t for t in target if isinstance(t, int)] else target)


def concatenate(xs, axis=0):
    xs = el.promoted(*[x for x in xs])
    if len(xs) == 1:
        return xs[0]
    return op("concat", xs, axis=normalize_axis(axis, len(static_shape(xs[0]))))


def stack(x, axis=0):
    if isinstance(x, Tensor):
        x = list(x)
    xs = el.promoted(*x)
    axis = normalize_axis(axis, len(static_shape(xs[0])) + 1)
    parts = [expand_dims(v, axis) for v in xs]
    return parts[0] if len(parts) == 1 else op("concat", parts, axis=axis)


def unstack(x, num=None, axis=0):
    x = to_tensor(x)
    axis = normalize_axis(axis, len(static_shape(x)))
    count = static_shape(x)[axis] if num is None else num
    if count is None:
        refuse("unstack", "the axis has no static size")
    before = [slice(None)] * axis
    return [getitem(x, tuple(before + [i])) for i in range(count)]


def hstack(xs):
    xs = [to_tensor(x) for x in xs]
    return concatenate(xs, axis=0 if len(static_shape(xs[0])) == 1 else 1)


def vstack(xs):
    xs = [to_tensor(x) for x in xs]
    return concatenate([core.reshape(x, [1, -1]) if len(static_shape(x)) == 1 else x for x in xs], axis=0)


def split(x, indices_or_sections, axis=0):
    x = to_tensor(x)
    rank = len(static_shape(x))
    axis = normalize_axis(axis, rank)
    length = dims(x)[axis]
    if isinstance(indices_or_sections, (int, np.integer)):
        count = int(indices_or_sections)
        if not isinstance(length, int):
            if count == 1:
                return [x]
            part = length // count
            points = [part * i for i in range(1, count)]
        else:
            if length % count:
                raise ValueError(f"The size {length} of axis {axis} is not divisible by {count}")
            points = [length // count * i for i in range(1, count)]
    else:
        points = [p for p in dim_list(indices_or_sections)]
    edges = [0] + points + [length]
    before = [slice(None)] * axis
    return [getitem(x, tuple(before + [slice(a, b)])) for a, b in zip(edges, edges[1:])]


def array_split(x, indices_or_sections, axis=0):
    x = to_tensor(x)
    axis = normalize_axis(axis, len(static_shape(x)))
    length = to_int(dims(x)[axis], "array_split's axis")
    count = int(indices_or_sections)
    small, rest = divmod(length, count)
    points, at = [], 0
    for i in range(count - 1):
        at += small + (1 if i < rest else 0)
        points.append(at)
    return split(x, points, axis)


def tile(x, repeats):
    x = to_tensor(x)
    repeats = dim_list(repeats)
    rank = len(static_shape(x))
    if len(repeats) > rank:
        x = core.reshape(x, [1] * (len(repeats) - rank) + list(dims(x)))
    elif len(repeats) < rank:
        repeats = [1] * (rank - len(repeats)) + repeats
    return op("tile", [x], multiples=repeats)


def repeat(x, repeats, axis=None):
    x = to_tensor(x)
    if axis is None:
        x, axis = core.reshape(x, [-1]), 0
    axis = normalize_axis(axis, len(static_shape(x)))
    counts = const_value(repeats)
    sizes = list(dims(x))
    if counts is None or counts.size == 1:  # a size of the input may be the count
        count = dim_list([repeats])[0] if counts is None else int(counts.reshape(-1)[0])
        wide = core.reshape(x, sizes[:axis + 1] + [1] + sizes[axis + 1:])
        wide = op("broadcast_to", [wide], shape=sizes[:axis + 1] + [count] + sizes[axis + 1:])
        return core.reshape(wide, sizes[:axis] + [sizes[axis] * count] + sizes[axis + 1:])
    index = [i for i, c in enumerate(counts.tolist()) for _ in range(c)]
    return op("gather", [x, to_tensor(index, "int32")], axis=axis, batch_dims=0)


def flip(x, axis=None):
    x = to_tensor(x)
    return op("reverse", [x], axes=normalize_axes(axis, len(static_shape(x))))


def roll(x, shift, axis=None):
    x = to_tensor(x)
    if axis is None:
        sizes = dims(x)
        return core.reshape(roll(core.reshape(x, [-1]), shift, 0), sizes)
    axes = axis if is_sequence(axis) else [axis]
    shifts = shift if is_sequence(shift) else [shift] * len(axes)
    for s, a in zip(shifts, axes):
        a = normalize_axis(a, len(static_shape(x)))
        length = dims(x)[a]
        s = to_int(s, "roll's shift")
        before = [slice(None)] * a
        if isinstance(length, int):
            s %= length if length else 1
        if s == 0:
            continue
        head = getitem(x, tuple(before + [slice(-s, None)]))
        tail = getitem(x, tuple(before + [slice(None, -s)]))
        x = op("concat", [head, tail], axis=a)
    return x


def rot90(array, k=1, axes=(0, 1)):
    array = to_tensor(array)
    a, b = axes
    k %= 4
    if k == 0:
        return array
    if k == 2:
        return flip(flip(array, a), b)
    if k == 1:
        return swapaxes(flip(array, b), a, b)
    return flip(swapaxes(array, a, b), b)


def pad(x, pad_width, mode="constant", constant_values=None):
    x = to_tensor(x)
    rank = len(static_shape(x))
    pairs = _pad_pairs(pad_width, rank)
    kind = {"constant": "constant", "reflect": "reflect", "symmetric": "symmetric", "edge": "edge"}.get(mode.lower())
    if kind is None:
        raise ValueError(f"Unsupported padding mode: {mode}")
    if constant_values is not None and kind != "constant":
        raise ValueError(f"Argument `constant_values` can only be provided when `mode == 'constant'`. Received: mode={mode}")
    value = 0.0 if constant_values is None else _number(constant_values)
    return op("pad", [x], before=[p[0] for p in pairs], after=[p[1] for p in pairs], mode=kind, value=value)


def _number(value):
    constant = const_value(value)
    if constant is None:
        refuse("pad's constant", "it depends on the input")
    return float(constant)


def _pad_pairs(pad_width, rank):
    if isinstance(pad_width, Tensor):
        pad_width = const_value(pad_width).tolist()
    if hasattr(pad_width, "tolist"):
        pad_width = pad_width.tolist()
    if isinstance(pad_width, int):
        return [(pad_width, pad_width)] * rank
    pairs = list(pad_width)
    if pairs and isinstance(pairs[0], int):
        return [tuple(pairs) if len(pairs) == 2 else (pairs[0], pairs[0])] * rank
    pairs = [tuple(dim_list(p)) for p in pairs]
    return pairs * rank if len(pairs) == 1 else pairs


def take(x, indices, axis=None):
    x = to_tensor(x)
    if axis is None:
        x, axis = core.reshape(x, [-1]), 0
    axis = normalize_axis(axis, len(static_shape(x)))
    indices = to_tensor(indices)
    if dtype_of(indices) not in ("int32", "int64"):
        indices = cast(indices, "int32")
    return op("gather", [x, wrap_negative(indices, dims(x)[axis])], axis=axis, batch_dims=0)


def wrap_negative(indices, length):
    """Negative indices count from the end."""
    value = const_value(indices)
    if value is not None and (value.size == 0 or value.min() >= 0):
        return indices
    length = to_tensor(length, dtype_of(indices))
    return op("select", [el.less(indices, 0), op("add", [indices, length]), indices])


def take_along_axis(x, indices, axis=None):
    x, indices = to_tensor(x), to_tensor(indices)
    if dtype_of(indices) not in ("int32", "int64"):
        indices = cast(indices, "int32")
    if axis is None:
        return take_along_axis(core.reshape(x, [-1]), core.reshape(indices, [-1]), 0)
    rank = len(static_shape(x))
    axis = normalize_axis(axis, rank)
    indices = wrap_negative(indices, dims(x)[axis])
    # The other axes become batch axes of the gather, of the indices' and the values' common size.
    others = [i for i in range(rank) if i != axis]
    xs, ns = dims(x), dims(indices)
    common = [ns[i] if isinstance(xs[i], int) and xs[i] == 1 else xs[i] for i in range(rank)]
    x = op("broadcast_to", [x], shape=[xs[i] if i == axis else common[i] for i in range(rank)])
    indices = op("broadcast_to", [indices], shape=[ns[i] if i == axis else common[i] for i in range(rank)])
    perm = others + [axis]
    picked = op("gather", [transpose(x, perm), transpose(indices, perm)], axis=rank - 1, batch_dims=rank - 1)
    back = [perm.index(place) for place in sorted(perm)]
    return transpose(picked, back)


def get_item(x, key):
    if isinstance(key, list):  # a tuple, as a model file writes it
        key = tuple(key)
    return getitem(to_tensor(x), key)


def slice_(inputs, start_indices, shape):
    inputs = to_tensor(inputs)
    starts, lengths = dim_list(start_indices), dim_list(shape)
    begin, end, sizes = [], [], dims(inputs)
    for s, n, size in zip(starts, lengths, sizes):
        begin.append(s)
        end.append(size if isinstance(n, int) and n == -1 else n + s if isinstance(n, Tensor) else s + n)
    if all(isinstance(b, int) for b in begin):
        return op("slice", [inputs], begin=begin, end=end, strides=[1] * len(begin))
    # A start that depends on the input: one gather per such axis over a range of static length.
    y = inputs
    for axis, (b, n) in enumerate(zip(begin, lengths)):
        if isinstance(b, int):
            y = getitem(y, (slice(None),) * axis + (slice(b, end[axis]),))
        else:
            steps = op("iota", [], shape=[n], axis=0, dtype="int32")
            y = op("gather", [y, op("add", [steps, b])], axis=axis, batch_dims=0)
    return y


def slice_update(inputs, start_indices, updates):
    inputs = to_tensor(inputs)
    updates = to_tensor(updates, dtype_of(inputs))
    lengths = dims(updates)
    starts = dim_list(start_indices)
    # Built by joining the untouched parts around the update, one axis at a time from the innermost.
    return _write(inputs, starts, lengths, updates, 0)


def _write(inputs, starts, lengths, updates, axis):
    rank = len(static_shape(inputs))
    if axis == rank:
        return updates
    start, length, total = starts[axis], lengths[axis], dims(inputs)[axis]
    whole = [slice(None)] * axis
    if not isinstance(start, int):
        refuse("slice_update", "a start index depends on the input")
    middle = getitem(inputs, tuple(whole + [slice(start, start + length)]))
    middle = _write(middle, starts, lengths, updates, axis + 1)
    parts = []
    if start != 0:
        parts.append(getitem(inputs, tuple(whole + [slice(0, start)])))
    parts.append(middle)
    if not (isinstance(total, int) and isinstance(length, int) and start + length == total) and not (start == 0 and total is length):
        parts.append(getitem(inputs, tuple(whole + [slice(start + length, None)])))
    return parts[0] if len(parts) == 1 else op("concat", parts, axis=axis)


def array(x, dtype=None):
    return to_tensor(x, dtype)


def copy(x):
    return to_tensor(x)


def convert_to_tensor(x, dtype=None, sparse=None, ragged=None):
    return to_tensor(x, dtype)


def convert_to_numpy(x):
    value = const_value(x)
    if value is None:
        refuse("convert_to_numpy", "the tensor's value depends on the input")
    return value


def cast_(x, dtype):
    return cast(to_tensor(x), dtypes.standardize_dtype(dtype))


def saturate_cast(x, dtype):
    x = to_tensor(x)
    name = dtypes.standardize_dtype(dtype)
    if name in dtypes.FLOATS:
        return cast(x, name)
    from keras.src.tf_types import as_dtype
    limits = as_dtype(name)
    return cast(el.clip(x, limits.min, limits.max), name)


def view(x, dtype=None):
    refuse("view", "it reinterprets bits")


def stop_gradient(variable):
    return to_tensor(variable)


def is_tensor(x):
    from keras.src.keras_tensor import KerasTensor
    return isinstance(x, (Tensor, KerasTensor))


def dtype(x):
    return dtypes.standardize_dtype(x.dtype)


def atleast_1d(*xs):
    return _at_least(1, xs)


def atleast_2d(*xs):
    return _at_least(2, xs)


def atleast_3d(*xs):
    return _at_least(3, xs)


def _at_least(rank, xs):
    results = []
    for x in xs:
        x = to_tensor(x)
        sizes = list(dims(x))
        if rank == 3 and len(sizes) == 2:
            sizes = sizes + [1]
        elif rank == 3 and len(sizes) == 1:
            sizes = [1] + sizes + [1]
        results.append(core.reshape(x, [1] * (rank - len(sizes)) + sizes))
    return results[0] if len(results) == 1 else results


def nonzero(x):
    refuse("nonzero", "the number of results depends on the values")


def unique(*args, **kwargs):
    refuse("unique", "the number of results depends on the values")


argwhere = nonzero


def select(condlist, choicelist, default=0):
    result = default
    for condition, choice in list(zip(condlist, choicelist))[::-1]:
        result = el.where(condition, choice, result)
    return to_tensor(result)


def _split_along(axis):
    return lambda x, indices_or_sections: split(x, indices_or_sections, axis)


vsplit, hsplit, dsplit = [_split_along(axis) for axis in range(3)]
