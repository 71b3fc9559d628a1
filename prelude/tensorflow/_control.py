"""Control flow, scopes and the objects of TensorFlow that are no tensors."""
from enum import Enum

from keras.src import tree
from keras.src.ops import control
from keras.src.ops import shape as sh
from keras.src.tensor import Tensor, const_value, getitem, refuse, static_shape, to_int, to_tensor
from keras.src.tf_types import TensorShape, as_dtype
from keras.src.variable import TensorFlowVariable as Variable  # noqa: F401: tf.Variable
from tensorflow._array import unstack
from tensorflow._dtypes import tensor


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


def _fold(backward):
    def function(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, name=None):
        value = initializer
        parts = unstack(tree.flatten(elems)[0])
        for x in parts[::-1] if backward else parts:
            value = x if value is None else fn(value, x)
        return value

    return function


foldl, foldr = _fold(False), _fold(True)


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


class TypeSpec:
    """What describes a value without being one; layers ask whether an input is such a thing."""


class TensorSpec(TypeSpec):
    def __init__(self, shape, dtype="float32", name=None):
        self.shape = TensorShape(shape)
        self.dtype = as_dtype(dtype)
        self.name = name

    @classmethod
    def from_spec(cls, spec, name=None):
        return cls(spec.shape, spec.dtype, name or getattr(spec, "name", None))

    from_tensor = from_spec


class RaggedTensorSpec(TypeSpec):
    pass


class SparseTensorSpec(TypeSpec):
    pass


class VariableAggregation(Enum):
    """How replicas would combine a variable: without effect at inference."""
    NONE, SUM, MEAN, ONLY_FIRST_REPLICA = 0, 1, 2, 3


class VariableSynchronization(Enum):
    AUTO, NONE, ON_WRITE, ON_READ = 0, 1, 2, 3


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


class RaggedTensor:
    @staticmethod
    def from_row_lengths(*args, **kwargs):
        refuse("tf.RaggedTensor", "ragged tensors have no static layout")

    from_row_splits = from_row_starts = from_row_limits = from_value_rowids = from_uniform_row_length = from_tensor = from_row_lengths
    from_nested_row_splits = from_nested_row_lengths = from_sparse = from_row_lengths


class SparseTensor:
    def __init__(self, *args, **kwargs):
        refuse("tf.SparseTensor", "sparse tensors are not supported")


class IndexedSlices:
    pass
