"""Tensors: conversion, static facts, masks, indexing, and the Python operators (TensorFlow's strict rules) of `_kedge.Tensor`."""
import operator

import _kedge
import numpy as np
from _kedge import Tensor
from keras.src import dtypes
from keras.src.tf_types import TensorShape, as_dtype
from keras.src.tree import is_sequence

op = _kedge.op
dtype_of = _kedge.dtype_of
static_shape = _kedge.static_shape
dims = _kedge.dims


def is_tensor(x):
    return isinstance(x, Tensor)


def rank(x):
    return len(static_shape(x))


def refuse(what, why):
    """A refusal at the user's line: kedge gives no tensor meaning to `what`."""
    _kedge.refuse("K0340", f"`{what}` has no tensor meaning: {why}")


# -- conversion ------------------------------------------------------------------------------------------------------

def cast(x, dtype):
    name = dtype if isinstance(dtype, str) and dtype in dtypes.ALLOWED else dtypes.standardize_dtype(dtype)
    return x if dtype_of(x) == name else op("cast", [x], to=name)


def _has_tensor(value):
    if is_sequence(value):
        return any(_has_tensor(item) for item in value)
    return isinstance(value, Tensor) or hasattr(value, "__kedge_tensor__")


def _leaf_kind(value):
    """'bool', 'int', 'float' or None for nested lists of Python scalars and arrays."""
    if is_sequence(value):
        kinds = [_leaf_kind(item) for item in value]
        for kind in (None, "complex", "float", "int", "bool"):
            if kind in kinds:
                return kind
        return "float"
    if isinstance(value, (bool, np.bool_)):
        return "bool"
    if type(value) is int:
        return "int"
    if type(value) is float:
        return "float"
    if type(value) is complex:
        return "complex"
    return None


def _pack(values, dtype):
    """A list that holds tensors: stacked, all of the tensors' dtype."""
    if dtype is None:
        dtype = _tensor_dtype_in(values)
    known = dtype in ("int32", "int64") and all(
        type(v) is int or (isinstance(v, Tensor) and static_shape(v) == ()) for v in values)
    if known:
        packed = _kedge.pack_dims([v if type(v) is int else cast(v, "int32") for v in values])
        return cast(packed, dtype)
    parts = []
    for value in values:
        part = to_tensor(value, dtype)
        parts.append(op("reshape", [part], shape=[1] + list(dims(part))))
    return parts[0] if len(parts) == 1 else op("concat", parts, axis=0)


def _tensor_dtype_in(values):
    for value in values:
        if is_sequence(value):
            found = _tensor_dtype_in(value)
            if found:
                return found
        elif isinstance(value, Tensor):
            return dtype_of(value)
        elif hasattr(value, "__kedge_tensor__"):
            return dtype_of(value.__kedge_tensor__())
    return None


def to_tensor(x, dtype=None):
    """Any value to a Tensor; with `dtype`, of that dtype (cast where needed)."""
    if isinstance(x, Tensor):
        return x if dtype is None else cast(x, dtype)
    if dtype is not None:
        dtype = dtypes.standardize_dtype(dtype)
    if hasattr(x, "__kedge_tensor__"):
        x = x.__kedge_tensor__()
        return x if dtype is None else cast(x, dtype)
    if x is None:
        raise ValueError("Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor.")
    if is_sequence(x) and _has_tensor(x):
        return _pack(list(x), dtype)
    if isinstance(x, TensorShape):
        x = x.as_list()
    if dtype is None:
        kind = _leaf_kind(x)
        if kind is not None:
            dtype = {"bool": "bool", "int": "int32", "float": dtypes.floatx(), "complex": "complex64"}[kind]
            if kind == "int" and _too_wide(x):
                dtype = "int64"
    if isinstance(x, str):
        refuse("string tensor", "strings are not tensors in kedge's graph")
    return _kedge.constant(x, dtype)


def _too_wide(x):
    if is_sequence(x):
        return any(_too_wide(item) for item in x)
    return not -(2 ** 31) <= x < 2 ** 31


def const_value(x):
    """The numpy value of a constant (or of a plain number, list, array); None when it is not constant."""
    if isinstance(x, Tensor):
        return _kedge.value(x)
    if hasattr(x, "__kedge_tensor__"):
        return _kedge.value(x.__kedge_tensor__())
    return np.asarray(x)


def to_int(x, what="value"):
    """A Python int of an int-like value that is constant; refused otherwise."""
    if isinstance(x, (Tensor,)) or hasattr(x, "__kedge_tensor__"):
        x = x if isinstance(x, Tensor) else x.__kedge_tensor__()
        known = _kedge.known_ints(x)
        if known is None or len(known) != 1 or known[0] is None:
            refuse(what, "its value depends on the input, and a number is needed here")
        return int(known[0])
    return operator.index(x)


def dim_list(shape):
    """A shape argument (int, list of int or scalar tensor, rank-1 tensor, TensorShape) to a list of int or scalar Tensor."""
    if isinstance(shape, TensorShape):
        return shape.as_list()
    if isinstance(shape, Tensor) or hasattr(shape, "__kedge_tensor__"):
        shape = shape if isinstance(shape, Tensor) else shape.__kedge_tensor__()
        if static_shape(shape) == ():
            return [_dim(shape)]
        count = static_shape(shape)[0]
        if count is None:
            refuse("shape", "its rank is not known")
        known = _kedge.known_ints(shape)
        items = []
        for i in range(count):
            if known is not None and known[i] is not None:
                items.append(int(known[i]))
            else:
                part = op("slice", [shape], begin=(i,), end=(i + 1,), strides=(1,))
                items.append(op("reshape", [part], shape=()))
        return items
    if is_sequence(shape) or isinstance(shape, np.ndarray):
        return [_dim(item) for item in shape]
    return [_dim(shape)]


def _dim(item):
    if item is None:
        return -1
    if isinstance(item, Tensor) or hasattr(item, "__kedge_tensor__"):
        item = item if isinstance(item, Tensor) else item.__kedge_tensor__()
        known = _kedge.known_ints(item)
        if known is not None and len(known) == 1 and known[0] is not None:
            return int(known[0])
        if static_shape(item) != ():
            item = op("reshape", [item], shape=())
        return cast(item, "int32")
    if isinstance(item, float) and item == int(item):
        return int(item)
    return operator.index(item)


def reshape(x, shape):
    return op("reshape", [x], shape=list(shape))


# -- Keras masks: kept beside the tensors, by identity ---------------------------------------------------------------

_masks = {}


def get_keras_mask(x):
    entry = _masks.get(id(x))
    return entry[1] if entry is not None else None


def set_keras_mask(x, mask):
    if isinstance(x, Tensor):
        if mask is None:
            _masks.pop(id(x), None)
        else:
            _masks[id(x)] = (x, mask)


# -- indexing --------------------------------------------------------------------------------------------------------

def _is_scalar_index(item):
    if isinstance(item, bool):
        return False
    return isinstance(item, int) or isinstance(item, np.integer)


def _bound(value):
    """A slice bound: None, int, or a scalar Tensor whose value is not known."""
    if value is None:
        return None
    return _dim(value)


def _minimum(a, b):
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    return op("min", [to_tensor(a, "int32"), to_tensor(b, "int32")])


def _slice_axis(item, size):
    """begin, end, stride of one Python slice on an axis of `size` (int or scalar Tensor)."""
    begin, end, step = _bound(item.start), _bound(item.stop), item.step
    step = 1 if step is None else to_int(step, "slice step")
    if isinstance(size, int) and (begin is None or isinstance(begin, int)) and (end is None or isinstance(end, int)):
        first, last, step = slice(begin, end, step).indices(size)
        if step > 0:
            last = max(first, last)
        else:
            last = min(first, last)
        return first, last, step
    if step < 0:
        if begin is None and end is None:
            return size - 1, -1, step
        refuse("slice with a negative step", "the axis has no static size")
    if begin is None:
        begin = 0
    elif isinstance(begin, int) and begin < 0:
        begin = size + begin
    if end is None:
        end = size
    elif isinstance(end, int) and end < 0:
        end = size + end
    elif isinstance(end, int) or isinstance(end, Tensor):
        end = end if isinstance(end, Tensor) else _minimum(size, end)
    return begin, end, step


def getitem(x, key):
    """`x[key]` as TensorFlow's strided slice: integers, slices, ellipsis, newaxis and scalar tensors."""
    keys = list(key) if isinstance(key, tuple) else [key]
    for item in keys:
        if isinstance(item, (list, np.ndarray)):
            refuse("indexing a tensor with a list or array", "TensorFlow's tensors do not support it (use tf.gather or ops.take)")
        if isinstance(item, Tensor) and dtype_of(item) == "bool":
            refuse("indexing with a boolean mask", "the result's size depends on the values")
        if isinstance(item, Tensor) and static_shape(item) != ():
            refuse("indexing with a tensor of indices", "TensorFlow's tensors do not support it (use tf.gather or ops.take)")
    used = sum(1 for item in keys if item is not None and item is not Ellipsis)
    shape = static_shape(x)
    if used > len(shape):
        raise ValueError(f"Index out of range using input dim {used - 1}; input has only {len(shape)} dims")
    if not any(item is Ellipsis for item in keys):
        keys.append(Ellipsis)
    sizes = dims(x)
    begin, end, strides, final, gathers = [], [], [], [], []
    axis = 0
    plain = True
    for item in keys:
        if item is Ellipsis:
            for _ in range(len(shape) - used):
                begin.append(0)
                end.append(sizes[axis])
                strides.append(1)
                final.append(axis)
                axis += 1
        elif item is None:
            final.append("new")
        elif isinstance(item, slice):
            first, last, step = _slice_axis(item, sizes[axis])
            if not (first == 0 and step == 1 and last is sizes[axis]) and not (
                    isinstance(first, int) and isinstance(last, int) and (first, last, step) == (0, sizes[axis], 1)):
                plain = False
            begin.append(first)
            end.append(last)
            strides.append(step)
            final.append(axis)
            axis += 1
        else:
            index = int(item) if _is_scalar_index(item) else _bound(item)
            if isinstance(index, int):
                size = sizes[axis]
                if isinstance(size, int):
                    if not -size <= index < size:
                        raise IndexError(f"slice index {index} of dimension {axis} out of bounds.")
                    index = index + size if index < 0 else index
                elif index < 0:
                    index = size + index
                plain = False
                begin.append(index)
                end.append(index + 1)
            else:
                gathers.append((axis, index))
                begin.append(0)
                end.append(sizes[axis])
            strides.append(1)
            axis += 1
    y = x if plain else op("slice", [x], begin=begin, end=end, strides=strides)
    removed = {a for a, _ in gathers}
    for a, index in sorted(gathers, key=lambda pair: -pair[0]):
        y = op("gather", [y, reshape(index, [1])], axis=a, batch_dims=0)
    if len(final) == len(shape) and "new" not in final and not removed:
        return y
    after = dims(y)
    return reshape(y, [1 if place == "new" else after[place] for place in final])


# -- operators -------------------------------------------------------------------------------------------------------

def _convert_operand(tensor, other):
    """The other operand of a Python operator, of the tensor's dtype; None when the types do not go together."""
    dtype = dtype_of(tensor)
    if isinstance(other, Tensor):
        if dtype_of(other) != dtype:
            raise TypeError(
                f"Input 'y' of the operator has type {dtype_of(other)} that does not match type {dtype} of the other operand "
                "(TensorFlow's operators do not convert; cast one of them)")
        return other
    if hasattr(other, "__kedge_tensor__"):
        # A Variable of another dtype: its own reflected operator promotes.
        other = other.__kedge_tensor__()
        return other if dtype_of(other) == dtype else None
    kind = _leaf_kind(other)
    if kind is None:
        if isinstance(other, (np.generic, np.ndarray)):
            return _kedge.constant(other, dtype)
        if is_sequence(other):
            return to_tensor(other, dtype)
        return None
    if kind == "bool" and dtype != "bool" or dtype == "bool" and kind != "bool":
        raise TypeError(f"Cannot convert {other!r} to EagerTensor of dtype {dtype}")
    if kind == "float" and dtype in dtypes.SIGNED + dtypes.UNSIGNED:
        raise TypeError(f"Cannot convert {other!r} to EagerTensor of dtype {dtype}")
    return _kedge.constant(other, dtype)


def _both(x, y):
    """Two operands, at least one a tensor; None when Python should try the other side."""
    if isinstance(x, Tensor):
        y = _convert_operand(x, y)
        return None if y is None else (x, y)
    x = _convert_operand(y, x)
    return None if x is None else (x, y)


def _arithmetic(name):
    def forward(x, y):
        pair = _both(x, y)
        if pair is None:
            return NotImplemented
        if dtype_of(pair[0]) == "bool":
            raise TypeError(f"Value for attr 'T' of bool is not in the list of allowed values ({name})")
        return op(name, list(pair))

    def backward(x, y):
        return forward(y, x)

    return forward, backward


def _true_divide(x, y):
    pair = _both(x, y)
    if pair is None:
        return NotImplemented
    return divide_strict(*pair)


def divide_strict(a, b):
    """`tf.truediv`: integers are widened to floats first (int32 to float64, as TensorFlow does)."""
    dtype = dtype_of(a)
    if dtype in dtypes.SIGNED + dtypes.UNSIGNED:
        wide = "float32" if dtype in ("int8", "uint8", "int16", "uint16") else "float64"
        a, b = cast(a, wide), cast(b, wide)
    return op("div", [a, b])


def _logical(bool_op, int_op):
    def forward(x, y):
        pair = _both(x, y)
        if pair is None:
            return NotImplemented
        return op(bool_op if dtype_of(pair[0]) == "bool" else int_op, list(pair))

    return forward


def _compare(name):
    def compare(x, y):
        pair = _both(x, y)
        return NotImplemented if pair is None else op(name, list(pair))

    return compare


def _equality(name, otherwise):
    def compare(x, y):
        if y is None or isinstance(y, (str, dict)):
            return otherwise
        pair = _both(x, y)
        return otherwise if pair is None else op(name, list(pair))

    return compare


def _matmul(x, y):
    pair = _both(x, y)
    return NotImplemented if pair is None else op("matmul", list(pair))


def _invert(x):
    return op("logical_not" if dtype_of(x) == "bool" else "bitwise_not", [x])


def _iterate(x):
    shape = static_shape(x)
    if not shape:
        raise TypeError("Cannot iterate over a scalar tensor.")
    if shape[0] is None:
        refuse("iterating over a tensor", "its first dimension is not known")
    return iter([getitem(x, i) for i in range(shape[0])])


def _length(x):
    shape = static_shape(x)
    if not shape:
        raise TypeError("Scalar tensor has no `len()`")
    if shape[0] is None:
        raise TypeError("len is not well defined for a symbolic Tensor. Please call `x.shape` rather than `len(x)` for shape information.")
    return shape[0]


def _truth(x):
    value = _kedge.value(x)
    if value is None:
        known = _kedge.known_ints(x) if dtype_of(x) in ("int32", "int64") else None
        if known is None or known[0] is None:
            refuse("a tensor used as a Python bool", "its value depends on the input")
        return bool(known[0])
    return bool(value)


def _item(x, kind, what):
    value = _kedge.value(x)
    if value is None:
        known = _kedge.known_ints(x) if dtype_of(x) in ("int32", "int64") else None
        if known is None or known[0] is None:
            refuse(what, "the tensor's value depends on the input")
        return kind(known[0])
    return kind(value)


def _numpy(x):
    value = _kedge.value(x)
    if value is None:
        refuse("Tensor.numpy()", "the tensor's value depends on the input")
    return value


def install_operators():
    """Completes the native Tensor class."""
    for name, cells in {"add": "add", "sub": "sub", "mul": "mul", "floordiv": "floordiv", "mod": "mod", "pow": "pow"}.items():
        forward, backward = _arithmetic(cells)
        setattr(Tensor, f"__{name}__", forward)
        setattr(Tensor, f"__r{name}__", backward)
    Tensor.__truediv__ = _true_divide
    Tensor.__rtruediv__ = lambda x, y: _true_divide(y, x)
    Tensor.__matmul__ = _matmul
    Tensor.__rmatmul__ = lambda x, y: _matmul(y, x)
    for name in ("and", "or", "xor"):
        forward = _logical(f"logical_{name}", f"bitwise_{name}")
        setattr(Tensor, f"__{name}__", forward)
        setattr(Tensor, f"__r{name}__", forward)
    Tensor.__lt__ = _compare("less")
    Tensor.__le__ = _compare("less_equal")
    Tensor.__gt__ = _compare("greater")
    Tensor.__ge__ = _compare("greater_equal")
    Tensor.__eq__ = _equality("equal", False)
    Tensor.__ne__ = _equality("not_equal", True)
    Tensor.__hash__ = lambda x: id(x)
    Tensor.__neg__ = lambda x: op("neg", [x])
    Tensor.__abs__ = lambda x: op("abs", [x])
    Tensor.__invert__ = _invert
    Tensor.__getitem__ = getitem
    Tensor.__iter__ = _iterate
    Tensor.__len__ = _length
    Tensor.__bool__ = _truth
    Tensor.__int__ = lambda x: _item(x, int, "int() of a tensor")
    Tensor.__float__ = lambda x: _item(x, float, "float() of a tensor")
    Tensor.__index__ = lambda x: _item(x, int, "a tensor used as an index")
    Tensor.__repr__ = lambda x: f"<tf.Tensor: shape={static_shape(x)}, dtype={dtype_of(x)}>"
    Tensor.shape = property(lambda x: TensorShape(static_shape(x)))
    Tensor.dtype = property(lambda x: as_dtype(dtype_of(x)))
    Tensor.ndim = property(lambda x: len(static_shape(x)))
    Tensor.name = property(lambda x: "tensor")
    Tensor.get_shape = lambda x: TensorShape(static_shape(x))
    Tensor.set_shape = lambda x, shape: TensorShape(static_shape(x)).assert_is_compatible_with(shape)
    Tensor.numpy = _numpy
    Tensor._keras_mask = property(get_keras_mask, set_keras_mask)


install_operators()
