"""Shapes, indexing, creation of TensorFlow (`tf.*`)."""
import _kedge
import numpy as np
from keras.src import dtypes, tree
from keras.src.ops import control
from keras.src.ops import elementwise as el
from keras.src.ops import linalg as kl
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.tensor import (Tensor, cast as _cast, const_value, dim_list, dims, dtype_of, getitem, op, refuse, reshape as _reshape,
                              static_shape, to_int, to_tensor)
from keras.src.tf_types import TensorShape, as_dtype
from tensorflow._dtypes import tensor, together
from keras.src.tree import is_sequence

# TensorFlow's `slice`, `range` and `tuple` take Python's names below.
_slice_object = slice


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
    return sh.scatter_update(tensor, indices, updates)


def tensor_scatter_nd_add(tensor, indices, updates, name=None):
    return sh.scatter_update(tensor, indices, updates, reduction="add")


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
    return sh.zeros(shape, dtype)


def ones(shape, dtype="float32", name=None):
    return sh.ones(shape, dtype)


def zeros_like(input, dtype=None, name=None):
    return sh.zeros_like(input, dtype)


def ones_like(input, dtype=None, name=None):
    return sh.ones_like(input, dtype)


def fill(dims, value, name=None):
    return op("broadcast_to", [to_tensor(value)], shape=dim_list(dims))


def eye(num_rows, num_columns=None, batch_shape=None, dtype="float32", name=None):
    matrix = sh.eye(num_rows, num_columns, dtype=dtype)
    if batch_shape is None:
        return matrix
    return op("broadcast_to", [matrix], shape=dim_list(batch_shape) + list(dims(matrix)))


def range(start, limit=None, delta=1, dtype=None, name="range"):
    if limit is None:
        start, limit = 0, start
    if dtype is None:
        kinds = [dtype_of(to_tensor(v)) for v in (start, limit, delta)]
        dtype = "float64" if "float64" in kinds else "float32" if "float32" in kinds else "int64" if "int64" in kinds else "int32"
    return sh.range_tensor(start, limit, delta, dtypes.standardize_dtype(dtype))


def linspace(start, stop, num, name=None, axis=0):
    return sh.linspace(start, stop, num, dtype=dtype_of(to_tensor(start)) if isinstance(start, Tensor) else "float32", axis=axis)


def meshgrid(*args, indexing="xy", name=None):
    return sh.meshgrid(*[tensor(a) for a in args], indexing=indexing)


def sequence_mask(lengths, maxlen=None, dtype="bool", name=None):
    lengths = tensor(lengths)
    if maxlen is None:
        value = const_value(lengths)
        if value is None:
            refuse("tf.sequence_mask", "without maxlen the result's size depends on the values")
        maxlen = int(value.max())
    row = sh.range_tensor(0, maxlen, 1, dtype_of(lengths))
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


# -- control ---------------------------------------------------------------------------------------------------------

def cond(pred, true_fn=None, false_fn=None, name=None):
    return control.cond(pred, true_fn, false_fn)


def while_loop(cond, body, loop_vars, shape_invariants=None, parallel_iterations=10, back_prop=True, swap_memory=False, maximum_iterations=None,
               name=None):
    return control.while_loop(cond, body, loop_vars, maximum_iterations)


def case(pred_fn_pairs, default=None, exclusive=False, strict=False, name="case"):
    pairs = list(pred_fn_pairs)
    if not pairs:
        return default()
    (pred, fn), rest = pairs[0], pairs[1:]
    if not rest and default is None:
        return fn()
    return control.cond(pred, fn, lambda: case(rest, default))


def switch_case(branch_index, branch_fns, default=None, name="switch_case"):
    fns = list(branch_fns.values()) if isinstance(branch_fns, dict) else list(branch_fns)
    return control.switch(branch_index, fns + ([default] if default is not None else []))


def map_fn(fn, elems, dtype=None, parallel_iterations=None, back_prop=True, swap_memory=False, infer_shape=True, name=None,
           fn_output_signature=None):
    return control.map(fn, elems)


def vectorized_map(fn, elems, fallback_to_while_loop=True, warn=True):
    return control.map(fn, elems)


def scan(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, infer_shape=True, reverse=False, name=None):
    flat = tree.flatten(elems)
    count = static_shape(tensor(flat[0]))[0]
    if count is None:
        refuse("tf.scan", "the first axis has no static size")
    order = [i for i in _counting(count)]
    if reverse:
        order = order[::-1]
    results = []
    state = initializer
    for i in order:
        x = tree.map_structure(lambda v: getitem(tensor(v), i), elems)
        state = x if state is None else fn(state, x)
        results.append(state)
    if reverse:
        results = results[::-1]
    return tree.map_structure(lambda *ys: sh.stack([tensor(y) for y in ys]), *results)


def foldl(fn, elems, initializer=None, **kwargs):
    value = initializer
    for x in unstack(tree.flatten(elems)[0]):
        value = x if value is None else fn(value, x)
    return value


def _counting(n):
    i = 0
    while i < n:
        yield i
        i += 1


def function(func=None, **kwargs):
    """`tf.function` traces; here everything is traced already."""
    return func if func is not None else lambda f: f


def custom_gradient(f):
    return control.custom_gradient(f)


def recompute_grad(f):
    return f


def py_function(func=None, inp=None, Tout=None, name=None):
    refuse("tf.py_function", "it runs Python at inference time")


def numpy_function(func=None, inp=None, Tout=None, **kwargs):
    refuse("tf.numpy_function", "it runs Python at inference time")


def group(*inputs, **kwargs):
    return None


def no_op(name=None):
    return None


def tuple_(tensors, name=None, control_inputs=None):
    return list(tensors)


def print_(*inputs, **kwargs):
    return None


def get_static_value(tensor, partial=False):
    return const_value(tensor) if isinstance(tensor, Tensor) else tensor


def gradients(*args, **kwargs):
    refuse("tf.gradients", "gradients have no part in inference")


class GradientTape:
    def __init__(self, *args, **kwargs):
        refuse("tf.GradientTape", "gradients have no part in inference")


class _Inert:
    def __init__(self, *args, **kwargs):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def __call__(self, function):
        return function


class name_scope(_Inert):
    def __init__(self, name=None, *args, **kwargs):
        self.name = name

    def __enter__(self):
        return f"{self.name}/"


variable_scope = name_scope


class control_dependencies(_Inert):
    pass


class device(_Inert):
    pass


class init_scope(_Inert):
    pass


class Module:
    def __init__(self, name=None):
        self._name = name

    @property
    def name(self):
        return self._name

    @classmethod
    def with_name_scope(cls, method):
        return method


class TensorSpec:
    def __init__(self, shape, dtype="float32", name=None):
        self.shape = TensorShape(shape)
        self.dtype = as_dtype(dtype)
        self.name = name


class TensorArray:
    """A list of tensors written by static index."""

    def __init__(self, dtype, size=None, dynamic_size=None, clear_after_read=None, tensor_array_name=None, handle=None, flow=None,
                 infer_shape=True, element_shape=None, colocate_with_first_write_call=True, name=None):
        self.dtype = dtype
        self.items = {}

    def write(self, index, value, name=None):
        self.items[to_int(index, "TensorArray's index")] = tensor(value)
        return self

    def read(self, index, name=None):
        return self.items[to_int(index, "TensorArray's index")]

    def stack(self, name=None):
        return sh.stack([self.items[i] for i in sorted(self.items)])

    def concat(self, name=None):
        return sh.concatenate([self.items[i] for i in sorted(self.items)], axis=0)

    def unstack(self, value, name=None):
        for i, item in enumerate(sh.unstack(value)):
            self.items[i] = item
        return self

    def gather(self, indices, name=None):
        return sh.stack([self.items[int(i)] for i in const_value(indices).tolist()])

    def size(self, name=None):
        return to_tensor(len(self.items), "int32")

    def identity(self):
        return self

    def mark_used(self):
        pass


def Variable(initial_value=None, trainable=True, validate_shape=True, caching_device=None, name=None, variable_def=None, dtype=None,
             import_scope=None, constraint=None, synchronization=None, aggregation=None, shape=None, **kwargs):
    """`tf.Variable` is not in the weights file: its value is the constant it starts from."""
    from keras.src.variable import Variable as KerasVariable
    value = initial_value() if callable(initial_value) else initial_value
    return KerasVariable(value, dtype=dtype, trainable=trainable, name=(name or "Variable").replace("/", "_").split(":")[0])


class RaggedTensor:
    @staticmethod
    def from_row_lengths(*args, **kwargs):
        refuse("tf.RaggedTensor", "ragged tensors have no static layout")

    from_row_splits = from_tensor = from_row_lengths


class SparseTensor:
    def __init__(self, *args, **kwargs):
        refuse("tf.SparseTensor", "sparse tensors are not supported")


class IndexedSlices:
    pass
