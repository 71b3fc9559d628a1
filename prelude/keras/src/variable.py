"""`keras.Variable`: a named weight. Its value is a placeholder constant that weight binding fills from the file."""
import _kedge
import numpy as np
from keras.src import dtypes
from keras.src.naming import auto_name
from keras.src.state import state
from keras.src.tensor import Tensor, cast, dtype_of, getitem, refuse, static_shape
from keras.src.tf_types import TensorShape, as_dtype


class Variable:
    def __init__(self, initializer, shape=None, dtype=None, trainable=True, autocast=True, aggregation="none", synchronization="auto",
                 layout=None, name=None, regularizer=None, constraint=None, **kwargs):
        self.name = name or auto_name("variable")
        if "/" in self.name:
            raise ValueError(f"Argument `name` must be a string and cannot contain character `/`. Received: name={name}")
        self._trainable = bool(trainable)
        self.trainable = bool(trainable)
        self.autocast = autocast
        self.regularizer = regularizer
        self.constraint = constraint
        self.aggregation = aggregation
        self.overwrite_with_gradient = False
        self._path = self.name
        self._initial = None
        self._initializer = None
        if callable(initializer):
            if shape is None:
                raise ValueError("When creating a Variable from an initializer, the `shape` argument should be specified. "
                                 f"Received: initializer={initializer} and shape={shape}")
            self._dtype = dtypes.standardize_dtype(dtype)
            self._initializer = initializer
            self._shape = standardize_shape(shape)
        else:
            value = _initial_value(initializer, dtype)
            self._dtype = dtypes.standardize_dtype(dtype_of(value) if isinstance(value, Tensor) else value.dtype)
            self._shape = tuple(static_shape(value)) if isinstance(value, Tensor) else tuple(value.shape)
            self._initial = None if isinstance(value, Tensor) else value
        self._tensor = _kedge.weight(self._path, self._shape, self._dtype)
        state.variables.append(self)

    def is_tracked(self):
        """Whether a layer that has it as an attribute saves it."""
        return True

    # The protocol of keras.src.tensor: anything with this method converts to a tensor.
    def __kedge_tensor__(self):
        return self.value

    @property
    def _kedge_tensor(self):
        return self.value

    @property
    def value(self):
        if state.autocast_dtype is not None and self.autocast and dtypes.is_float(self._dtype):
            return cast(self._tensor, state.autocast_dtype)
        return self._tensor

    @property
    def shape(self):
        return TensorShape(self._shape)

    @property
    def dtype(self):
        if state.autocast_dtype is not None and self.autocast and dtypes.is_float(self._dtype):
            return state.autocast_dtype
        return self._dtype

    @property
    def ndim(self):
        return len(self._shape)

    @property
    def path(self):
        return self._path

    @property
    def handle(self):
        return self.value

    def get_shape(self):
        return self.shape

    def read_value(self):
        return self.value

    def value_initial(self):
        """The array that Keras would start from, if it is a constant one; None for random initializers."""
        if self._initial is not None:
            return self._initial
        if self._initializer is None:
            return None
        from keras.src.initializers import constant_initial
        return constant_initial(self._initializer, self._shape, self._dtype)

    def assign(self, value, *args, **kwargs):
        self._begin_with(_assigned_array(value), "assign")
        return self

    def assign_add(self, value, *args, **kwargs):
        before, array = self.value_initial(), _assigned_array(value)
        self._begin_with(None if before is None or array is None else before + array, "assign_add")
        return self

    def assign_sub(self, value, *args, **kwargs):
        before, array = self.value_initial(), _assigned_array(value)
        self._begin_with(None if before is None or array is None else before - array, "assign_sub")
        return self

    def _begin_with(self, array, what):
        """Another initial value. None: one that is not known; loading overwrites it, so it matters only for a variable that is not saved."""
        if state.listing:  # brought up to date before it is saved: the file has the outcome
            return
        if state.call_contexts and not state.building:
            refuse(f"Variable.{what}", f"the layer writes its state `{self.name}` at inference")
        if array is not None:
            array = np.broadcast_to(np.asarray(array, dtype=dtypes.numpy_dtype(self._dtype)), self._shape)
        self._initial, self._initializer = array, None

    def numpy(self):
        refuse("Variable.numpy()", "the weight's value is read from the file after the graph is made")

    def __repr__(self):
        return f"<Variable path={self.path}, shape={self._shape}, dtype={self._dtype}>"

    def __hash__(self):
        return id(self)

    def __getitem__(self, key):
        return getitem(self.value, key)

    def __len__(self):
        return self._shape[0]

    def __iter__(self):
        return iter(self.value)


class TensorFlowVariable(Variable):
    """`tf.Variable` and `K.variable`: Keras 3 does not save one that a layer has as an attribute, Keras 2 did."""

    def __init__(self, initial_value=None, trainable=True, validate_shape=True, caching_device=None, name=None, variable_def=None, dtype=None,
                 import_scope=None, constraint=None, synchronization=None, aggregation=None, shape=None, **kwargs):
        value = initial_value() if callable(initial_value) else initial_value
        super().__init__(value, dtype=dtype, trainable=trainable, name=(name or "Variable").replace("/", "_").split(":")[0])

    def is_tracked(self):
        return state.keras_2


def _assigned_array(value):
    if hasattr(value, "__kedge_tensor__"):
        value = value.__kedge_tensor__()
    return _kedge.value(value) if isinstance(value, Tensor) else value


def _initial_value(value, dtype):
    """An array, or a tensor whose value is not known while the model is made."""
    name = None if dtype is None else dtypes.standardize_dtype(dtype)
    if hasattr(value, "__kedge_tensor__"):
        value = value.__kedge_tensor__()
    if isinstance(value, Tensor):
        array = _kedge.value(value)
        if array is None:
            return value if name is None else cast(value, name)
        value = array
    if name is None:
        if isinstance(value, np.ndarray):
            name = dtypes.standardize_dtype(value.dtype)
        else:
            array = np.asarray(value)
            kind = str(array.dtype)
            name = dtypes.floatx() if kind.startswith("float") else "int32" if kind.startswith("int") else kind
    return np.asarray(value, dtype=dtypes.numpy_dtype(name))


def standardize_shape(shape):
    """A shape argument (int, list, tuple, TensorShape) as a tuple of ints; unknown dimensions cannot be a weight's."""
    if isinstance(shape, (int, np.integer)):
        shape = (shape,)
    if shape is None:
        raise ValueError("Undefined shapes are not supported.")
    sizes = []
    for size in shape:
        if size is None:
            raise ValueError(f"Shapes used to initialize variables must be fully-defined (no `None` dimensions). Received: shape={tuple(shape)}")
        sizes.append(int(size))
    return tuple(sizes)


# Operators of a Variable are keras.ops' functions: they promote, where a tensor's own operators are strict.

def _operator(function, reflected=False):
    def method(self, other):
        from keras.src.ops import elementwise, linalg
        apply = linalg.matmul if function == "matmul" else getattr(elementwise, function)
        return apply(other, self.value) if reflected else apply(self.value, other)

    return method


def _unary(function):
    def method(self):
        from keras.src.ops import elementwise
        return getattr(elementwise, function)(self.value)

    return method


def _equality(function):
    compare = _operator(function)

    def method(self, other):
        if other is None or isinstance(other, str):
            return function == "not_equal"
        return compare(self, other)

    return method


for _name, _function in {"add": "add", "sub": "subtract", "mul": "multiply", "truediv": "true_divide", "floordiv": "floor_divide", "mod": "mod",
                         "pow": "power", "matmul": "matmul", "and": "logical_and", "or": "logical_or", "xor": "logical_xor"}.items():
    setattr(Variable, f"__{_name}__", _operator(_function))
    setattr(Variable, f"__r{_name}__", _operator(_function, True))
for _name, _function in {"lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal"}.items():
    setattr(Variable, f"__{_name}__", _operator(_function))
for _name, _function in {"eq": "equal", "ne": "not_equal"}.items():
    setattr(Variable, f"__{_name}__", _equality(_function))
for _name, _function in {"neg": "negative", "abs": "absolute", "invert": "logical_not"}.items():
    setattr(Variable, f"__{_name}__", _unary(_function))
for _name in ("int", "float", "bool"):
    setattr(Variable, f"__{_name}__", lambda self, name=f"__{_name}__": getattr(self.value, name)())
