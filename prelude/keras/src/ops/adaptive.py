"""Adaptive pooling: each output cell pools its own range of the input."""
from keras.src.ops import nn
from keras.src.tensor import getitem, op, refuse, static_shape, to_tensor


def _adaptive(kind, inputs, output_size, data_format):
    x, back = nn.last_channels(to_tensor(inputs), data_format)
    n = len(static_shape(x)) - 2
    for axis, wanted in enumerate(nn.spatial(output_size, n), start=1):
        length = static_shape(x)[axis]
        if length is None:
            refuse("adaptive pooling", "the axis has no static size")
        parts = []
        for i in range(wanted):
            low, high = (i * length) // wanted, -(-((i + 1) * length) // wanted)
            part = getitem(x, (slice(None),) * axis + (slice(low, high),))
            parts.append(op(kind, [part], axes=[axis], keepdims=True))
        x = op("concat", parts, axis=axis) if len(parts) > 1 else parts[0]
    return back(x)


def adaptive_average_pool(inputs, output_size, data_format=None):
    return _adaptive("reduce_mean", inputs, output_size, data_format)


def adaptive_max_pool(inputs, output_size, data_format=None):
    return _adaptive("reduce_max", inputs, output_size, data_format)
