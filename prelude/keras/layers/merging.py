"""Layers that merge several tensors: Add, Concatenate, Dot, ..."""
from functools import reduce

from keras.src.layer import Layer
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.ops import nn
from keras.src.settings import keep
from keras.src.tensor import cast, dims, op, reshape, static_shape, to_tensor
from keras.src.tree import is_sequence


class Merge(Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        if not is_sequence(input_shape) or not input_shape or not is_sequence(input_shape[0]):
            raise ValueError(f"A merge layer should be called on a list of inputs. Received: input_shape={input_shape} (not a list of shapes)")
        self.built = True

    def call(self, inputs):
        if not is_sequence(inputs):
            raise ValueError(f"A merge layer should be called on a list of inputs. Received: inputs={inputs} (not a list of tensors)")
        return self._merge_function(_same_rank([to_tensor(x) for x in inputs]))

    def compute_output_shape(self, input_shape):
        shapes = [list(s) for s in input_shape if s is not None]
        rank = max(len(s) for s in shapes)
        shapes = [s if len(s) == rank else s[:1] + [1] * (rank - len(s)) + s[1:] for s in shapes]
        return tuple(_common([s[i] for s in shapes]) for i in range(rank))

    def compute_mask(self, inputs, mask=None):
        masks = _given(mask)
        return reduce(el.logical_and, masks) if masks else None


def _given(masks):
    return [] if masks is None else [m for m in masks if m is not None]


def _common(sizes):
    sizes = [s for s in sizes if s != 1] or [1]
    return None if None in sizes else sizes[0]


def _same_rank(xs):
    """Inputs of lower rank get axes of size one after the batch axis."""
    rank = max(len(static_shape(x)) for x in xs)
    wide = []
    for x in xs:
        sizes = list(dims(x))
        if len(sizes) < rank:
            x = reshape(x, sizes[:1] + [1] * (rank - len(sizes)) + sizes[1:])
        wide.append(x)
    return wide


class Add(Merge):
    def _merge_function(self, inputs):
        return reduce(el.add, inputs)


class Subtract(Merge):
    def _merge_function(self, inputs):
        if len(inputs) != 2:
            raise ValueError(f"A `Subtract` layer should be called on exactly 2 inputs. Received: inputs={inputs}")
        return el.subtract(inputs[0], inputs[1])


class Multiply(Merge):
    def _merge_function(self, inputs):
        return reduce(el.multiply, inputs)

    def compute_mask(self, inputs, mask=None):
        masks = _given(mask)
        return reduce(el.logical_or, masks) if masks else None


class Average(Merge):
    def _merge_function(self, inputs):
        return el.divide(reduce(el.add, inputs), len(inputs))


class Maximum(Merge):
    def _merge_function(self, inputs):
        return reduce(el.maximum, inputs)


class Minimum(Merge):
    def _merge_function(self, inputs):
        return reduce(el.minimum, inputs)


class Concatenate(Merge):
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "axis")

    def call(self, inputs):
        return sh.concatenate(list(inputs), axis=self.axis)

    def compute_output_shape(self, input_shape):
        shape = list(input_shape[0])
        sizes = [s[self.axis] for s in input_shape]
        shape[self.axis] = None if None in sizes else sum(sizes)
        return tuple(shape)

    def compute_mask(self, inputs, mask=None):
        if not _given(mask):
            return None
        return red.any(sh.concatenate([_spread(m, x) for m, x in zip(mask, inputs)], self.axis), -1)


def _spread(mask, x):
    """A mask of all of x's shape."""
    if mask is None:
        return cast(cr.ones_like(x), "bool")
    missing = len(static_shape(x)) - len(static_shape(mask))
    return sh.broadcast_to(reshape(mask, list(dims(mask)) + [1]), list(dims(x))) if missing > 0 else mask


class Dot(Merge):
    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "axes normalize")

    def call(self, inputs):
        a, b = inputs
        if isinstance(self.axes, int):
            axes = [self.axes % len(static_shape(a)) if self.axes < 0 else self.axes,
                    self.axes % len(static_shape(b)) if self.axes < 0 else self.axes]
        else:
            axes = [x % len(static_shape(t)) for x, t in zip(self.axes, inputs)]
        if self.normalize:
            a, b = nn.normalize(a, axis=axes[0]), nn.normalize(b, axis=axes[1])
        return batch_dot(a, b, axes)

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return Layer.compute_output_shape(self, input_shape)


def batch_dot(x, y, axes=None):
    """Keras' batch_dot: one axis of each is contracted, the batch axis is shared."""
    x, y = to_tensor(x), to_tensor(y)
    rx, ry = len(static_shape(x)), len(static_shape(y))
    if axes is None:
        axes = [rx - 1, ry - 1] if ry == 2 else [rx - 1, ry - 2]
    axes = [axes, axes] if isinstance(axes, int) else list(axes)
    a, b = [axis % rank if axis < 0 else axis for axis, rank in zip(axes, (rx, ry))]
    perm_x = [0] + [i for i in range(1, rx) if i != a] + [a]
    perm_y = [0, b] + [i for i in range(1, ry) if i != b]
    x, y = sh.transpose(x, perm_x), sh.transpose(y, perm_y)
    sx, sy = dims(x), dims(y)
    left, right = list(sx[1:-1]), list(sy[2:])

    def flat(sizes):
        total = 1
        for s in sizes:
            total = s * total
        return total

    x3 = x if len(left) == 1 else reshape(x, [sx[0], flat(left), sx[-1]])
    y3 = y if len(right) == 1 else reshape(y, [sy[0], sy[1], flat(right)])
    result = op("matmul", el.promoted(x3, y3))
    if len(left) + len(right) == 0:
        return reshape(result, [sx[0], 1])
    return reshape(result, [sx[0]] + left + right)


def _function(layer, **defaults):
    """The function of that layer: a call of a new one."""
    def apply(inputs, *settings, **kwargs):
        chosen = {**defaults, **dict(zip(defaults, settings)), **kwargs}
        return layer(**chosen)(inputs)

    return apply


add, subtract, multiply, average, maximum, minimum = [_function(c) for c in (Add, Subtract, Multiply, Average, Maximum, Minimum)]
concatenate, dot = _function(Concatenate, axis=-1), _function(Dot, axes=-1)
