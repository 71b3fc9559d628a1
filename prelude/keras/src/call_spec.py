"""The arguments of one call of a layer: as tensors, by name, and their shapes as `build` wants them."""
from keras.src import dtypes, tree
from keras.src.keras_tensor import KerasTensor
from keras.src.tensor import Tensor, cast, dtype_of, get_keras_mask, set_keras_mask, static_shape, to_tensor
from keras.src.tree import is_sequence
from keras.src.variable import Variable
import numpy as np


def convert_input(x, autocast, dtype):
    """Arrays and numbers become tensors; floats are cast to the layer's dtype."""
    if isinstance(x, Tensor):
        if autocast and dtypes.is_float(dtype_of(x)) and dtype_of(x) != dtype and dtypes.is_float(dtype):
            return _keep_mask(x, cast(x, dtype))
        return x
    if isinstance(x, KerasTensor):
        return x
    if isinstance(x, Variable):
        return convert_input(x.value, autocast, dtype)
    if isinstance(x, np.ndarray):
        kind = dtypes.standardize_dtype(x.dtype)
        return to_tensor(x, dtype if autocast and kind in dtypes.FLOATS else kind)
    return x


def _keep_mask(source, result):
    mask = get_keras_mask(source)
    if mask is not None:
        set_keras_mask(result, mask)
    return result


def is_tensor_like(x):
    return isinstance(x, (Tensor, KerasTensor))


class CallSpec:
    """The arguments of one call by name, and which of them are tensors."""

    def __init__(self, parameters, args, kwargs):
        self.given = parameters.bind(args, kwargs)
        self.arguments = {}
        for name in parameters.names:
            if name in self.given:
                self.arguments[name] = self.given[name]
            elif name in parameters.defaults:
                self.arguments[name] = parameters.defaults[name]
        for rest in (parameters.varargs, parameters.varkw):
            if rest and rest in self.given:
                self.arguments[rest] = self.given[rest]
        self.tensors = {}
        for name, value in self.arguments.items():
            if is_tensor_like(value):
                self.tensors[name] = value
            elif tree.is_nested(value) and len(value) > 0:
                leaves = tree.flatten(value)
                if leaves and all(v is None or is_tensor_like(v) for v in leaves):
                    self.tensors[name] = value
        self.first = next(iter(self.arguments.values()), None)

    def shapes(self):
        found = {}
        for name, value in self.tensors.items():
            if name not in ("mask", "args", "kwargs"):
                found[f"{name}_shape"] = tree.map_structure(shape_of, value)
        return found


def shape_of(x):
    if x is None:
        return None
    return x.shape if isinstance(x, KerasTensor) else tuple(static_shape(x))


def as_shape(value):
    if tree.is_shape(value):
        return tuple(value)
    if isinstance(value, dict):
        return {key: as_shape(item) for key, item in value.items()}
    if is_sequence(value):
        return [as_shape(item) for item in value]
    return value


def named_shapes(names, shapes, spec, class_name):
    """Keras' rule for `build` with several arguments: each is `<call argument>_shape`."""
    chosen = {}
    for name in names:
        if not name.endswith("_shape"):
            raise ValueError(f"For a `build()` method with more than one argument, all arguments should have a `_shape` suffix and match an "
                             f"argument from `call()`. For layer '{class_name}', received `build()` argument `{name}`.")
        if name[:-len("_shape")] not in spec.arguments:
            raise ValueError(f"For layer '{class_name}', received `build()` argument `{name}`, but `call()` does not have argument "
                             f"`{name[:-len('_shape')]}`.")
        if name in shapes:
            chosen[name] = shapes[name]
    return chosen
