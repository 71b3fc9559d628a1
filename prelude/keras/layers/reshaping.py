"""Flatten, Reshape, padding, cropping, upsampling."""
from keras.src.dtypes import is_float
from keras.src.input_spec import InputSpec
from keras.src.layer import Layer
from keras.src.ops import shape as sh
from keras.src.ops import nn
from keras.src.settings import expect, keep
from keras.src.tensor import cast, dims, dtype_of, getitem, op, refuse, reshape, static_shape
from keras.src.tree import is_sequence


def _flat(sizes):
    total = 1
    for s in sizes:
        if s is None:
            return None
        total *= s
    return total


class Flatten(Layer):
    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = data_format or "channels_last"
        expect(self, min_ndim=1)

    def call(self, inputs):
        rank = len(static_shape(inputs))
        if self.data_format == "channels_first" and rank > 1:
            inputs = sh.transpose(inputs, [0] + list(range(2, rank)) + [1])
        known = _flat(static_shape(inputs)[1:])
        return reshape(inputs, [dims(inputs)[0], -1 if known is None else known])

    def compute_output_shape(self, input_shape):
        return (input_shape[0], _flat(input_shape[1:]))


class Reshape(Layer):
    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape) if is_sequence(target_shape) else (target_shape,)

    def build(self, input_shape=None):
        self.built = True

    def call(self, inputs):
        batch, rest = dims(inputs)[0], [-1 if d is None else d for d in self.target_shape]
        known = _flat(static_shape(inputs)[1:])
        if known is not None and -1 in rest:
            others = 1
            for d in rest:
                others *= d if d != -1 else 1
            rest = [known // others if d == -1 else d for d in rest]
        return reshape(inputs, [batch] + rest)

    def compute_output_shape(self, input_shape):
        rest = list(self.target_shape)
        known = _flat(input_shape[1:])
        if -1 in rest:
            others = 1
            for d in rest:
                others *= d if d != -1 else 1
            rest = [None if known is None and d == -1 else known // others if d == -1 else d for d in rest]
        return (input_shape[0],) + tuple(rest)


class Permute(Layer):
    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(f"Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be consecutive and start "
                             f"from 1. Received dims={dims}")

    def call(self, inputs):
        return sh.transpose(inputs, (0,) + self.dims)

    def compute_output_shape(self, input_shape):
        return (input_shape[0],) + tuple(input_shape[d] for d in self.dims)


class RepeatVector(Layer):
    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "n")
        expect(self, ndim=2)

    def call(self, inputs):
        return op("tile", [sh.expand_dims(inputs, 1)], multiples=[1, self.n, 1])

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.n, input_shape[1])


def _pairs(value, rank, name):
    if isinstance(value, int):
        return ((value, value),) * rank
    value = list(value)
    if rank == 1 and len(value) == 2 and all(isinstance(v, int) for v in value):
        return (tuple(value),)
    if len(value) != rank:
        raise ValueError(f"`{name}` should have {rank} elements. Received: {value}.")
    return tuple((v, v) if isinstance(v, int) else tuple(v) for v in value)


class _Border(Layer):
    def __init__(self, amounts, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = data_format or "channels_last"
        self._amounts = _pairs(amounts, self._rank, type(self).__name__)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def _start(self):
        return 2 if self.data_format == "channels_first" else 1


class _ZeroPadding(_Border):
    def __init__(self, padding=1, data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)
        self.padding = self._amounts

    def call(self, inputs):
        start, rank = self._start(), len(static_shape(inputs))
        pads = [(0, 0)] * start + list(self._amounts)
        pads = pads + [(0, 0)] * (rank - len(pads))
        return sh.pad(inputs, pads)

    def compute_output_shape(self, input_shape):
        sizes = list(input_shape)
        for i, (a, b) in enumerate(self._amounts, start=self._start()):
            sizes[i] = None if sizes[i] is None else sizes[i] + a + b
        return tuple(sizes)


class _Cropping(_Border):
    def __init__(self, cropping=1, data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)
        self.cropping = self._amounts

    def call(self, inputs):
        key = [slice(None)] * self._start() + [slice(a, -b if b else None) for a, b in self._amounts]
        return getitem(inputs, tuple(key))

    def compute_output_shape(self, input_shape):
        sizes = list(input_shape)
        for i, (a, b) in enumerate(self._amounts, start=self._start()):
            sizes[i] = None if sizes[i] is None else sizes[i] - a - b
        return tuple(sizes)


class ZeroPadding1D(_ZeroPadding):
    _rank = 1


class ZeroPadding2D(_ZeroPadding):
    _rank = 2

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)


class ZeroPadding3D(_ZeroPadding):
    _rank = 3

    def __init__(self, padding=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)


class Cropping1D(_Cropping):
    _rank = 1

    def __init__(self, cropping=(1, 1), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)


class Cropping2D(_Cropping):
    _rank = 2

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)


class Cropping3D(_Cropping):
    _rank = 3

    def __init__(self, cropping=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)


class UpSampling1D(Layer):
    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = int(size)
        expect(self, ndim=3)

    def call(self, inputs):
        return sh.repeat(inputs, self.size, axis=1)

    def compute_output_shape(self, input_shape):
        n = input_shape[1]
        return (input_shape[0], None if n is None else n * self.size, input_shape[2])


class UpSampling2D(Layer):
    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(**kwargs)
        self.size = (int(size),) * 2 if isinstance(size, int) else tuple(size)
        self.data_format = data_format or "channels_last"
        self.interpolation = interpolation.lower()
        expect(self, ndim=4)

    def call(self, inputs):
        from keras.src.ops.image import resize_last
        x, back = nn.last_channels(inputs, self.data_format)
        if self.interpolation == "nearest":
            y = sh.repeat(sh.repeat(x, self.size[0], axis=1), self.size[1], axis=2) if None in static_shape(x)[1:3] else resize_last(
                x, [static_shape(x)[1] * self.size[0], static_shape(x)[2] * self.size[1]], "nearest")
            return back(y)
        if not is_float(dtype_of(x)) and self.interpolation not in ("bilinear", "bicubic"):
            refuse(f"UpSampling2D(interpolation={self.interpolation!r}) of integers", "rounding decides which whole number it gives")
        height, width = dims(x)[1:3]
        y = resize_last(x, [height * self.size[0], width * self.size[1]], self.interpolation)
        return back(cast(y, dtype_of(x)))

    def compute_output_shape(self, input_shape):
        first = 2 if self.data_format == "channels_first" else 1
        sizes = list(input_shape)
        for i in range(2):
            sizes[first + i] = None if sizes[first + i] is None else sizes[first + i] * self.size[i]
        return tuple(sizes)


class UpSampling3D(Layer):
    def __init__(self, size=(2, 2, 2), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.size = (int(size),) * 3 if isinstance(size, int) else tuple(size)
        self.data_format = data_format or "channels_last"
        expect(self, ndim=5)

    def call(self, inputs):
        first = 2 if self.data_format == "channels_first" else 1
        x = inputs
        for i in range(3):
            x = sh.repeat(x, self.size[i], axis=first + i)
        return x
