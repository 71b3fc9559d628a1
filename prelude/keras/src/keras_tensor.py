"""`KerasTensor`: the symbolic value with which functional models are written.

It carries a scratch tensor (`value`), so that the shape of every step is found by running the step itself; the recorded nodes are run
again when the model is called.
"""
import _kedge
from keras.src import dtypes, tree
from keras.src.tensor import Tensor, dtype_of, get_keras_mask, set_keras_mask, static_shape


class KerasTensor:
    def __init__(self, shape, dtype="float32", sparse=False, ragged=False, record_history=True, name=None, value=None):
        self.shape = tuple(shape)
        self.dtype = dtypes.standardize_dtype(dtype)
        self.sparse = sparse
        self.ragged = ragged
        self.name = name or "keras_tensor"
        self._value = value
        self._keras_history = None

    @property
    def value(self):
        if self._value is None:
            self._value = _kedge.placeholder(self.name, self.shape, self.dtype)
        return self._value

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def _keras_mask(self):
        mask = get_keras_mask(self.value)
        return None if mask is None else wrap(mask)

    @_keras_mask.setter
    def _keras_mask(self, mask):
        set_keras_mask(self.value, mask.value if isinstance(mask, KerasTensor) else mask)

    def reshape(self, newshape):
        return _public("reshape")(self, newshape)

    def squeeze(self, axis=None):
        return _public("squeeze")(self, axis)

    def __getitem__(self, key):
        return _public("get_item")(self, key)

    def __iter__(self):
        if not self.shape or self.shape[0] is None:
            raise TypeError("Iterating over a symbolic KerasTensor is not supported.")
        return iter([self[i] for i in range(self.shape[0])])

    def __bool__(self):
        raise TypeError("A symbolic KerasTensor cannot be used as a boolean.")

    def __hash__(self):
        return id(self)

    def __repr__(self):
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, sparse={self.sparse}, ragged={self.ragged}, name={self.name}>"


def _public(name):
    import keras.ops
    return getattr(keras.ops, name)


def _install():
    pairs = {"add": "add", "sub": "subtract", "mul": "multiply", "truediv": "true_divide", "floordiv": "floor_divide", "mod": "mod",
             "pow": "power", "matmul": "matmul", "and": "logical_and", "or": "logical_or", "xor": "logical_xor"}
    for name, function in pairs.items():
        setattr(KerasTensor, f"__{name}__", _forward(function))
        setattr(KerasTensor, f"__r{name}__", _backward(function))
    for name, function in {"lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal", "ne": "not_equal"}.items():
        setattr(KerasTensor, f"__{name}__", _forward(function))
    for name, function in {"neg": "negative", "abs": "absolute", "invert": "logical_not"}.items():
        setattr(KerasTensor, f"__{name}__", _unary(function))


def _forward(function):
    return lambda a, b: _public(function)(a, b)


def _backward(function):
    return lambda a, b: _public(function)(b, a)


def _unary(function):
    return lambda a: _public(function)(a)


_install()


def wrap(value):
    """Tensors of a structure as KerasTensors (without a history)."""
    def one(x):
        if isinstance(x, Tensor):
            return KerasTensor(static_shape(x), dtype_of(x), value=x)
        if hasattr(x, "__kedge_tensor__"):
            return one(x.__kedge_tensor__())
        return x

    return tree.map_structure(one, value)


def unwrap(value):
    """KerasTensors of a structure as their scratch tensors."""
    return tree.map_structure(lambda x: x.value if isinstance(x, KerasTensor) else x, value)


def any_symbolic(*structures):
    for structure in structures:
        for leaf in tree.flatten(structure):
            if isinstance(leaf, KerasTensor):
                return True
    return False


class Node:
    """One recorded call: `operation(*args, **kwargs)` gave `outputs`."""

    def __init__(self, operation, args, kwargs, outputs):
        self.operation = operation
        self.args = args
        self.kwargs = kwargs
        self.outputs = outputs
        self.output_tensors = [t for t in tree.flatten(outputs) if isinstance(t, KerasTensor)]
        self.input_tensors = [t for t in tree.flatten((args, kwargs)) if isinstance(t, KerasTensor)]
        index = len(operation._inbound_nodes)
        operation._inbound_nodes.append(self)
        for i, tensor in enumerate(self.output_tensors):
            tensor._keras_history = (operation, index, i)

    @property
    def is_input(self):
        return not self.input_tensors

    @property
    def parent_nodes(self):
        parents = []
        for tensor in self.input_tensors:
            if tensor._keras_history is not None:
                operation, index, _ = tensor._keras_history
                parent = operation._inbound_nodes[index]
                if not any(parent is p for p in parents):
                    parents.append(parent)
        return parents


class Operation:
    """A function of `keras.ops` as a step of a functional model (`keras.src.ops.numpy.NotEqual` in the file)."""

    def __init__(self, function=None, name=None, settings=None):
        from keras.src.naming import auto_name
        self.function = function
        self.settings = settings or {}
        self.name = name or auto_name(getattr(function, "__name__", "operation"))
        self._inbound_nodes = []

    def call(self, *args, **kwargs):
        if "subscripts" in self.settings:  # the one op whose setting comes before its tensors
            return self.function(self.settings["subscripts"], *args, **kwargs)
        return self.function(*args, **{**self.settings, **kwargs})

    def __call__(self, *args, **kwargs):
        if any_symbolic(args, kwargs):
            outputs = wrap(self.call(*unwrap(args), **unwrap(kwargs)))
            Node(self, args, kwargs, outputs)
            return outputs
        return self.call(*args, **kwargs)

    @property
    def output(self):
        return self._inbound_nodes[0].outputs


def public(function):
    """Makes a tensor function also record itself when called with KerasTensors."""
    def entry(*args, **kwargs):
        if any_symbolic(args, kwargs):
            return Operation(function)(*args, **kwargs)
        return function(*args, **kwargs)

    entry.__name__ = function.__name__
    entry.__doc__ = function.__doc__
    entry.tensor_function = function
    return entry
