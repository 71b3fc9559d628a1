"""TensorFlow's `DType` and `TensorShape`: what `x.dtype` and `x.shape` of a tensor are under Keras' TensorFlow backend."""
from keras.src import dtypes

_LIMITS = {
    "float16": (-65504.0, 65504.0),
    "bfloat16": (-3.3895313892515355e38, 3.3895313892515355e38),
    "float32": (-3.4028234663852886e38, 3.4028234663852886e38),
    "float64": (-1.7976931348623157e308, 1.7976931348623157e308),
    "bool": (False, True),
}


class DType:
    """A named dtype; equal to its own name, to numpy's dtype and to itself."""

    def __init__(self, name):
        self.name = name

    @property
    def base_dtype(self):
        return self

    @property
    def real_dtype(self):
        return as_dtype({"complex64": "float32", "complex128": "float64"}.get(self.name, self.name))

    @property
    def is_floating(self):
        return self.name in dtypes.FLOATS

    @property
    def is_integer(self):
        return self.name in dtypes.SIGNED or self.name in dtypes.UNSIGNED

    @property
    def is_complex(self):
        return self.name in ("complex64", "complex128")

    @property
    def is_bool(self):
        return self.name == "bool"

    @property
    def is_unsigned(self):
        return self.name in dtypes.UNSIGNED

    @property
    def is_numpy_compatible(self):
        return True

    @property
    def size(self):
        return max(1, dtypes._bits(self.name) // 8) if self.name != "bool" else 1

    @property
    def as_numpy_dtype(self):
        return dtypes.numpy_dtype(self.name).type

    @property
    def min(self):
        return self._limit(0)

    @property
    def max(self):
        return self._limit(1)

    @property
    def limits(self):
        return (self.min, self.max)

    def _limit(self, side):
        if self.name in _LIMITS:
            return _LIMITS[self.name][side]
        bits = dtypes._bits(self.name)
        if self.name in dtypes.UNSIGNED:
            return (0, 2 ** bits - 1)[side]
        if self.name in dtypes.SIGNED:
            return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)[side]
        raise TypeError(f"Cannot find limits of {self!r}.")

    def is_compatible_with(self, other):
        return self == other

    def __eq__(self, other):
        if isinstance(other, DType):
            return self.name == other.name
        if other is None:
            return False
        try:
            return self.name == dtypes.standardize_dtype(other)
        except (ValueError, TypeError):
            return False

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self.name)

    def __repr__(self):
        return f"tf.{self.name}"

    def __str__(self):
        return f"<dtype: '{self.name}'>"


_made = {}


def as_dtype(dtype):
    name = dtypes.standardize_dtype(dtype)
    if name not in _made:
        _made[name] = DType(name)
    return _made[name]


class Dimension:
    """Keras 2's dimension object; only `tf.compat.v1.Dimension` still gives one."""

    def __init__(self, value):
        self.value = value


class TensorShape:
    """A static shape with unknown dimensions as None."""

    def __init__(self, dims=None):
        if dims is None:
            self._dims = None
        elif isinstance(dims, TensorShape):
            self._dims = dims._dims
        elif isinstance(dims, int):
            self._dims = (dims,)
        else:
            self._dims = tuple(d.value if isinstance(d, Dimension) else d if d is None else int(d) for d in dims)

    @property
    def dims(self):
        return None if self._dims is None else list(self._dims)

    @property
    def rank(self):
        return None if self._dims is None else len(self._dims)

    @property
    def ndims(self):
        return self.rank

    def _known(self):
        if self._dims is None:
            raise ValueError("The shape has unknown rank.")
        return self._dims

    def as_list(self):
        return list(self._known())

    def __array__(self, *args, **kwargs):
        import numpy as np
        return np.array(self.as_list())

    def num_elements(self):
        total = 1
        if self._dims is None:
            return None
        for d in self._dims:
            if d is None:
                return None
            total *= d
        return total

    def is_fully_defined(self):
        return self._dims is not None and None not in self._dims

    def assert_is_fully_defined(self):
        if not self.is_fully_defined():
            raise ValueError(f"Shape {self} is not fully defined")

    def assert_has_rank(self, rank):
        if self.rank not in (None, rank):
            raise ValueError(f"Shape {self} must have rank {rank}")

    def with_rank(self, rank):
        self.assert_has_rank(rank)
        return self if self._dims is not None else TensorShape([None] * rank)

    def with_rank_at_least(self, rank):
        if self._dims is not None and len(self._dims) < rank:
            raise ValueError(f"Shape {self} must have rank at least {rank}")
        return self

    def is_compatible_with(self, other):
        other = TensorShape(other)
        if self._dims is None or other._dims is None:
            return True
        return len(self._dims) == len(other._dims) and all(
            a is None or b is None or a == b for a, b in zip(self._dims, other._dims))

    def assert_is_compatible_with(self, other):
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {TensorShape(other)} are incompatible")

    def merge_with(self, other):
        other = TensorShape(other)
        self.assert_is_compatible_with(other)
        if self._dims is None:
            return other
        if other._dims is None:
            return self
        return TensorShape([b if a is None else a for a, b in zip(self._dims, other._dims)])

    def concatenate(self, other):
        other = TensorShape(other)
        if self._dims is None or other._dims is None:
            return TensorShape(None)
        return TensorShape(self._dims + other._dims)

    def __len__(self):
        return len(self._known())

    def __iter__(self):
        return iter(self._known())

    def __bool__(self):
        return self._dims is not None

    def __getitem__(self, key):
        if isinstance(key, slice):
            return TensorShape(self._known()[key])
        return self._known()[key]

    def __add__(self, other):
        return self.concatenate(other)

    def __radd__(self, other):
        return TensorShape(other).concatenate(self)

    def __eq__(self, other):
        if other is None:
            return self._dims is None
        try:
            return self._dims == TensorShape(other)._dims
        except (TypeError, ValueError):
            return NotImplemented

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self._dims)

    def __repr__(self):
        return f"TensorShape({self.as_list() if self._dims is not None else None})"

    def __str__(self):
        if self._dims is None:
            return "<unknown>"
        return "(" + ", ".join(str(d) for d in self._dims) + ("," if len(self._dims) == 1 else "") + ")"


class ShapeTuple(tuple):
    """The shape that Keras 2 hands to `build`: TensorFlow's methods, and a tuple for everything else."""

    def as_list(self):
        return list(self)

    @property
    def rank(self):
        return len(self)

    ndims = rank

    @property
    def dims(self):
        return [Dimension(d) for d in self]

    def is_fully_defined(self):
        return None not in self

    def num_elements(self):
        return TensorShape(tuple(self)).num_elements()

    def concatenate(self, other):
        return self + tuple(other)

    def __getitem__(self, index):
        part = tuple(self)[index]
        return ShapeTuple(part) if isinstance(index, slice) else part

    def __add__(self, other):
        return ShapeTuple(tuple(self) + tuple(other))

    def __radd__(self, other):
        return ShapeTuple(tuple(other) + tuple(self))
