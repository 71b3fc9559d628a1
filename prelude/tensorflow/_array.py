"""Shapes, indexing, creation of TensorFlow (`tf.*`)."""
import _kedge
import numpy as np
from keras.src import dtypes, tree
from keras.src.ops import creation as cr
from keras.src.ops import linalg as kl
from keras.src.ops import reduce as red
from keras.src.ops import scatter as sc
from keras.src.ops import shape as sh
from keras.src.tensor import (Tensor, cast as _cast, const_value, dim_list, dims, dtype_of, getitem, op, refuse, reshape as _reshape,
                              static_shape, to_int, to_tensor)
from keras.src.tf_types import TensorShape
from tensorflow._dtypes import tensor, together
from keras.src.tree import is_sequence

# TensorFlow's `slice`, `range` and `tuple` take Python's names below.
_slice_object, _python_range = slice, range


def shape(input, out_type="int32", name=None):
    return _kedge.shape_tensor(tensor(input), dtypes.standardize_dtype(out_type))


def rank(input, name=None):
    return to_tensor(len(static_shape(tensor(input))), "int32")


def size(input, out_type="int32", name=None):
    return _cast(sh.size(tensor(input)), dtypes.standardize_dtype(out_type))


def cast(x, dtype, name=None):
    return _cast(to_tensor(x), dtypes.standardize_dtype(dtype))


def saturate_cast(value, dtype, name=None):
    return sh.saturate_cast(value, dtype)


def to_float(x, name=None):
    return cast(x, "float32")


def to_int32(x, name=None):
    return cast(x, "int32")


def constant(value, dtype=None, shape=None, name="Const"):
    result = to_tensor(value, dtype)
    if shape is None:
        return result
    count = 1
    for d in static_shape(result):
        count *= d
    return op("broadcast_to", [result], shape=list(shape)) if count == 1 else _reshape(result, list(shape))


def convert_to_tensor(value, dtype=None, dtype_hint=None, name=None, preferred_dtype=None):
    return tensor(value, dtype)


def identity(input, name=None):
    return tree.map_structure(tensor, input)


def stop_gradient(input, name=None):
    return tensor(input)


def is_tensor(x):
    from keras.src.variable import Variable
    return isinstance(x, (Tensor, Variable))


def reshape(tensor, shape, name=None):
    return sh.reshape(tensor, shape)


def transpose(a, perm=None, conjugate=False, name="transpose"):
    return sh.transpose(a, perm)


def expand_dims(input, axis=None, name=None, dim=None):
    return sh.expand_dims(input, to_int(axis if axis is not None else dim, "axis"))


def squeeze(input, axis=None, name=None, squeeze_dims=None):
    axis = squeeze_dims if axis is None else axis
    return sh.squeeze(input, None if axis == [] else axis)


def concat(values, axis, name="concat"):
    values = together(*values) if is_sequence(values) else [tensor(values)]
    axis = to_int(axis, "concat's axis")
    return values[0] if len(values) == 1 else op("concat", values, axis=red.normalize_axis(axis, len(static_shape(values[0]))))


def stack(values, axis=0, name="stack"):
    if isinstance(values, Tensor):
        values = list(values)
    if axis == 0 and all(isinstance(v, int) or (isinstance(v, Tensor) and static_shape(v) == () and dtype_of(v) in ("int32", "int64")) for v in values):
        return to_tensor(list(values)) if any(isinstance(v, Tensor) for v in values) else to_tensor(values, "int32")
    return sh.stack(together(*values), axis=axis)


def unstack(value, num=None, axis=0, name="unstack"):
    return sh.unstack(value, num, axis)


def split(value, num_or_size_splits, axis=0, num=None, name="split"):
    value = tensor(value)
    if isinstance(num_or_size_splits, int):
        return sh.split(value, num_or_size_splits, axis)
    sizes = dim_list(num_or_size_splits)
    axis = red.normalize_axis(axis, len(static_shape(value)))
    if -1 in sizes:
        total = dims(value)[axis]
        rest = 0
        for s in sizes:
            rest += s if s != -1 else 0
        sizes = [total - rest if s == -1 else s for s in sizes]
    points, at = [], 0
    for s in sizes[:-1]:
        at = at + s
        points.append(at)
    return sh.split(value, points, axis)


def tile(input, multiples, name=None):
    return sh.tile(tensor(input), multiples)


def repeat(input, repeats, axis=None, name=None):
    return sh.repeat(input, repeats, axis)


def broadcast_to(input, shape, name=None):
    return sh.broadcast_to(input, shape)


def broadcast_static_shape(a, b):
    return TensorShape([y if x == 1 else x for x, y in zip(_aligned(a, b), _aligned(b, a))])


def _aligned(a, b):
    a, b = list(a), list(b)
    return [1] * (len(b) - len(a)) + a


def reverse(tensor, axis, name=None):
    return sh.flip(tensor, axis)


def roll(input, shift, axis, name=None):
    return sh.roll(input, shift, axis)


def pad(tensor, paddings, mode="CONSTANT", constant_values=0, name=None):
    return sh.pad(tensor, paddings, mode=mode.lower(), constant_values=constant_values if mode.upper() == "CONSTANT" else None)


def slice(input_, begin, size, name=None):
    return sh.slice_(input_, begin, size)


def strided_slice(input_, begin, end, strides=None, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0, var=None,
                  name=None):
    begin, end = dim_list(begin), dim_list(end)
    strides = [1] * len(begin) if strides is None else dim_list(strides)
    key = []
    for i, (b, e, s) in enumerate(zip(begin, end, strides)):
        bit = 1 << i
        if ellipsis_mask & bit:
            key.append(Ellipsis)
        elif new_axis_mask & bit:
            key.append(None)
        elif shrink_axis_mask & bit:
            key.append(b)
        else:
            key.append(_slice_object(None if begin_mask & bit else b, None if end_mask & bit else e, s))
    return getitem(tensor(input_), tuple(key))


def gather(params, indices, validate_indices=None, axis=None, batch_dims=0, name=None):
    params = tensor(params)
    indices = tensor(indices)
    if dtype_of(indices) not in ("int32", "int64"):
        raise TypeError(f"Value passed to parameter 'indices' has DataType {dtype_of(indices)} not in list of allowed values: int32, int64")
    rank_ = len(static_shape(params))
    batch_dims = batch_dims + len(static_shape(indices)) if batch_dims < 0 else batch_dims
    axis = batch_dims if axis is None else red.normalize_axis(axis, rank_)
    return op("gather", [params, indices], axis=axis, batch_dims=batch_dims)


def gather_nd(params, indices, batch_dims=0, name=None):
    return op("gather_nd", [tensor(params), tensor(indices)], batch_dims=batch_dims)


def scatter_nd(indices, updates, shape, name=None):
    return op("scatter_nd", [tensor(indices), tensor(updates)], shape=dim_list(shape))


def tensor_scatter_nd_update(tensor, indices, updates, name=None):
    return sc.scatter_update(tensor, indices, updates)


def tensor_scatter_nd_add(tensor, indices, updates, name=None):
    return sc.scatter_update(tensor, indices, updates, reduction="add")


def tensor_scatter_nd_sub(tensor, indices, updates, name=None):
    return sc.scatter_update(tensor, indices, op("neg", [to_tensor(updates)]), reduction="add")


def tensor_scatter_nd_max(tensor, indices, updates, name=None):
    return sc.scatter_update(tensor, indices, updates, reduction="max")


def tensor_scatter_nd_min(tensor, indices, updates, name=None):
    return sc.scatter_update(tensor, indices, updates, reduction="min")


def reverse_sequence(input, seq_lengths, seq_axis=None, batch_axis=None, name=None, seq_dim=None, batch_dim=None):
    """The first elements of each row in the other order, as many as the row's length says; the rest stays."""
    x, rank_ = tensor(input), len(static_shape(tensor(input)))
    along = red.normalize_axis(seq_axis if seq_dim is None else seq_dim, rank_)
    batch = red.normalize_axis((batch_axis or 0) if batch_dim is None else batch_dim, rank_)
    order = [batch, along] + [a for a in _python_range(rank_) if a not in (batch, along)]
    y = sh.transpose(x, order)
    count = dims(y)[1]
    lengths = _cast(expand_dims(seq_lengths, 1), "int32")
    places = range(0, count)
    picked = op("select", [op("less", [places, lengths]), op("sub", [op("sub", [lengths, to_tensor(1, "int32")]), places]), places])
    y = op("gather", [y, picked], axis=1, batch_dims=1)
    return sh.transpose(y, [order.index(a) for a in _python_range(rank_)])


def broadcast_dynamic_shape(shape_x, shape_y):
    a, b = tensor(shape_x), tensor(shape_y)
    n = max(static_shape(a)[0], static_shape(b)[0])
    wide = [op("pad", [v], before=[n - static_shape(v)[0]], after=[0], mode="constant", value=1.0) for v in (a, b)]
    return op("max", wide)


def unravel_index(indices, dims, name=None):
    indices, sizes = tensor(indices), [int(n) for n in const_value(dims)]
    parts = []
    for n in sizes[::-1]:
        size_ = to_tensor(n, dtype_of(indices))
        parts.insert(0, op("mod", [indices, size_]))
        indices = op("floordiv", [indices, size_])
    return stack(parts)


def identity_n(input, name=None):
    return [tensor(x) for x in input]


def shape_n(input, out_type="int32", name=None):
    return [shape(x, out_type) for x in input]


def dynamic_stitch(indices, data, name=None):
    """Rows of several tensors put in their places; a later row covers an earlier one."""
    at = [const_value(i) for i in indices]
    if any(a is None for a in at):
        refuse("tf.dynamic_stitch", "the result's size depends on the values of the indices")
    rows = [_reshape(tensor(d), [-1] + list(dims(tensor(d)))[a.ndim:]) for a, d in zip(at, data)]
    flat = np.concatenate([np.reshape(a, -1) for a in at])
    where_ = [int(np.max(np.nonzero(flat == i)[0])) if i in flat.tolist() else 0 for i in _python_range(int(flat.max()) + 1)]
    return op("gather", [sh.concatenate(rows, axis=0), to_tensor(where_, "int32")], axis=0, batch_dims=0)


def boolean_mask(tensor, mask, axis=None, name="boolean_mask"):
    refuse("tf.boolean_mask", "the result's size depends on the values")


def where(condition, x=None, y=None, name=None):
    if x is None and y is None:
        refuse("tf.where(condition)", "the number of results depends on the values; use tf.where(condition, x, y)")
    a, b = together(x, y)
    return op("select", [tensor(condition, "bool"), a, b])


def unique(*args, **kwargs):
    refuse("tf.unique", "the result's size depends on the values")


def unique_with_counts(*args, **kwargs):
    refuse("tf.unique_with_counts", "the result's size depends on the values")


def dynamic_partition(*args, **kwargs):
    refuse("tf.dynamic_partition", "the results' sizes depend on the values")


def one_hot(indices, depth, on_value=None, off_value=None, axis=None, dtype=None, name=None):
    indices = tensor(indices)
    rank_ = len(static_shape(indices)) + 1
    kind = dtypes.standardize_dtype(dtype) if dtype is not None else "float32"
    hot = op("one_hot", [indices], depth=to_int(depth, "one_hot's depth"), axis=red.normalize_axis(-1 if axis is None else axis, rank_), to=kind)
    if on_value is None and off_value is None:
        return hot
    on, off = 1 if on_value is None else on_value, 0 if off_value is None else off_value
    return op("select", [_cast(hot, "bool"), to_tensor(on, kind), to_tensor(off, kind)])


def zeros(shape, dtype="float32", name=None):
    return cr.zeros(shape, dtype)


def ones(shape, dtype="float32", name=None):
    return cr.ones(shape, dtype)


def zeros_like(input, dtype=None, name=None):
    return cr.zeros_like(input, dtype)


def ones_like(input, dtype=None, name=None):
    return cr.ones_like(input, dtype)


def fill(dims, value, name=None):
    return op("broadcast_to", [to_tensor(value)], shape=dim_list(dims))


def eye(num_rows, num_columns=None, batch_shape=None, dtype="float32", name=None):
    matrix = cr.eye(num_rows, num_columns, dtype=dtype)
    if batch_shape is None:
        return matrix
    return op("broadcast_to", [matrix], shape=dim_list(batch_shape) + list(dims(matrix)))


def range(start, limit=None, delta=1, dtype=None, name="range"):
    if limit is None:
        start, limit = 0, start
    if dtype is None:
        kinds = [dtype_of(to_tensor(v)) for v in (start, limit, delta)]
        dtype = "float64" if "float64" in kinds else "float32" if "float32" in kinds else "int64" if "int64" in kinds else "int32"
    return cr.range_tensor(start, limit, delta, dtypes.standardize_dtype(dtype))


def linspace(start, stop, num, name=None, axis=0):
    return cr.linspace(start, stop, num, dtype=dtype_of(to_tensor(start)) if isinstance(start, Tensor) else "float32", axis=axis)


def meshgrid(*args, indexing="xy", name=None):
    return cr.meshgrid(*[tensor(a) for a in args], indexing=indexing)


def sequence_mask(lengths, maxlen=None, dtype="bool", name=None):
    lengths = tensor(lengths)
    if maxlen is None:
        value = const_value(lengths)
        if value is None:
            refuse("tf.sequence_mask", "without maxlen the result's size depends on the values")
        maxlen = int(value.max())
    row = cr.range_tensor(0, maxlen, 1, dtype_of(lengths))
    mask = op("less", [row, _reshape(lengths, list(dims(lengths)) + [1])])
    return _cast(mask, dtypes.standardize_dtype(dtype))


def ensure_shape(x, shape, name=None):
    x = tensor(x)
    TensorShape(static_shape(x)).assert_is_compatible_with(TensorShape(shape))
    return x


def searchsorted(sorted_sequence, values, side="left", out_type="int32", name=None):
    sorted_sequence, values = together(sorted_sequence, values)
    if len(static_shape(sorted_sequence)) > 1:
        rank_ = len(static_shape(sorted_sequence))
        row = sh.expand_dims(sorted_sequence, rank_ - 1)
        column = _reshape(values, list(dims(values)) + [1])
        before = op("less" if side == "left" else "less_equal", [row, column])
        return op("reduce_sum", [_cast(before, dtypes.standardize_dtype(out_type))], axes=[rank_], keepdims=False)
    return _cast(red.searchsorted(sorted_sequence, values, side), dtypes.standardize_dtype(out_type))


def sort(values, axis=-1, direction="ASCENDING", name=None):
    values = tensor(values)
    return op("sort", [values], axis=red.normalize_axis(axis, len(static_shape(values))), descending=direction == "DESCENDING")


def argsort(values, axis=-1, direction="ASCENDING", stable=False, name=None):
    values = tensor(values)
    return op("argsort", [values], axis=red.normalize_axis(axis, len(static_shape(values))), descending=direction == "DESCENDING", to="int32")


def matmul(a, b, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False, a_is_sparse=False, b_is_sparse=False, output_type=None,
           grad_a=False, grad_b=False, name=None):
    a, b = together(a, b)
    if len(static_shape(a)) < 2 or len(static_shape(b)) < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {min_rank(a, b)} for matmul")
    return op("matmul", [a, b], transpose_a=bool(transpose_a or adjoint_a), transpose_b=bool(transpose_b or adjoint_b))


def min_rank(a, b):
    return sorted([len(static_shape(a)), len(static_shape(b))])[0]


def tensordot(a, b, axes, name=None):
    return kl.tensordot(*together(a, b), axes)


def einsum(equation, *inputs, **kwargs):
    if len(inputs) == 1 and is_sequence(inputs[0]):
        inputs = inputs[0]
    return kl.einsum_strict(equation, together(*inputs))


def norm(tensor, ord="euclidean", axis=None, keepdims=None, name=None):
    return red.norm(tensor, None if ord == "euclidean" else ord, axis, bool(keepdims))


def bitcast(input, type, name=None):
    refuse("tf.bitcast", "it reinterprets bits")


def histogram_fixed_width(values, value_range, nbins=100, dtype="int32", name=None):
    refuse("tf.histogram_fixed_width", "it is not supported")
