"""Fourier transforms by constant matrices, and mel filters. A complex number is a pair on the last axis."""
import numpy as np
from keras.src.ops import signal as ks
from keras.src.ops.reduce import normalize_axis
from keras.src.tensor import cast, const_value, dims, dtype_of, op, reshape, static_shape, to_int, to_tensor
from onnx_graph.context import dtype_name, now, refuse
from onnx_graph.movement import scalar


def _matrices(length, rows, inverse):
    """cos and sin of [rows, length] angles; an inverse transform turns the other way and divides."""
    angle = 2 * np.pi * ((np.arange(rows).reshape(-1, 1) * np.arange(length).reshape(1, -1)) % length) / length
    scale = 1.0 / length if inverse else 1.0
    return np.cos(angle) * scale, np.sin(angle) * (scale if inverse else -scale)


def _product(x, matrix):
    """The last axis of x through matrix [rows, length]."""
    return op("matmul", [x, to_tensor(np.asarray(matrix.T).astype(dtype_of(x)))], transpose_a=False, transpose_b=False)


def _split(x):
    """(real, imaginary or None) of [..., 1 or 2]."""
    sizes, rank = dims(x), len(static_shape(x))

    def part(i):
        return reshape(op("slice", [x], begin=[0] * (rank - 1) + [i], end=list(sizes[:-1]) + [i + 1], strides=[1] * rank), sizes[:-1])

    return part(0), part(1) if static_shape(x)[-1] == 2 else None


def _join(real, imag):
    return op("concat", [reshape(t, list(dims(t)) + [1]) for t in (real, imag)], axis=len(static_shape(real)))


def transform(real, imag, length, rows, inverse):
    """The transform of the last axis, cut off or filled with zeros to `length`; its first `rows` results."""
    if static_shape(real)[-1] is None:
        refuse("DFT", "needs a static length", "give it with --shape")

    real, imag = ks.fitted(real, length), None if imag is None else ks.fitted(imag, length)
    cos, sin = _matrices(length, rows, inverse)
    a, b = _product(real, cos), _product(real, sin)
    if imag is not None:
        a, b = op("sub", [a, _product(imag, sin)]), op("add", [b, _product(imag, cos)])
    return a, b


def DFT(x, dft_length=None, axis_given=None, *, axis=None, inverse=0, onesided=0):
    x = to_tensor(x)
    rank = len(static_shape(x))
    axis = to_int(scalar(axis_given), "axis") if axis_given is not None else ((1 if now.opset < 20 else -2) if axis is None else axis)
    axis = normalize_axis(axis, rank)
    real, imag = _split(x)
    order = [i for i in range(rank - 1) if i != axis] + [axis]
    real, imag = (None if t is None else op("transpose", [t], perm=order) for t in (real, imag))
    have = static_shape(real)[-1]
    if onesided and inverse:  # the other half mirrors the first
        length = 2 * (have - 1) if dft_length is None else to_int(scalar(dft_length), "dft_length")
        tail = np.arange(length - have, 0, -1).astype("int32")
        mirrored = [op("gather", [t, to_tensor(tail)], axis=len(order) - 1, batch_dims=0) for t in (real, imag)]
        real = op("concat", [real, mirrored[0]], axis=len(order) - 1)
        imag = op("concat", [imag, op("neg", [mirrored[1]])], axis=len(order) - 1)
        y, _ = transform(real, imag, length, length, True)
        y = op("transpose", [y], perm=[order.index(i) for i in range(rank - 1)])
        return reshape(y, list(dims(y)) + [1])
    length = have if dft_length is None else to_int(scalar(dft_length), "dft_length")
    rows = length // 2 + 1 if onesided else length
    back = [order.index(i) for i in range(rank - 1)]
    return _join(*[op("transpose", [t], perm=back) for t in transform(real, imag, length, rows, bool(inverse))])


def STFT(signal, frame_step, window=None, frame_length=None, *, onesided=1):
    signal = to_tensor(signal)
    step = to_int(scalar(frame_step), "frame_step")
    size = static_shape(to_tensor(window))[0] if frame_length is None else to_int(scalar(frame_length), "frame_length")
    parts = _split(signal) if len(static_shape(signal)) == 3 else (signal, None)
    total = static_shape(parts[0])[1]
    if total is None:
        refuse("STFT", "needs a static length", "give it with --shape")
    places = np.arange((total - size) // step + 1).reshape(-1, 1) * step + np.arange(size).reshape(1, -1)
    frames = [None if t is None else op("gather", [t, to_tensor(places.astype("int32"))], axis=1, batch_dims=0) for t in parts]
    if window is not None:
        frames = [None if t is None else op("mul", [t, cast(to_tensor(window), dtype_of(t))]) for t in frames]
    return _join(*transform(frames[0], frames[1], size, size // 2 + 1 if onesided else size, False))


def MelWeightMatrix(num_mel_bins, dft_length, sample_rate, lower_edge_hertz, upper_edge_hertz, *, output_datatype=1):
    values = [const_value(scalar(v)) for v in (num_mel_bins, dft_length, sample_rate, lower_edge_hertz, upper_edge_hertz)]
    if any(v is None for v in values):
        refuse("MelWeightMatrix", "has computed sizes")
    bins, length, rate = (int(v) for v in values[:3])
    low, high = (2595 * np.log10(1 + float(v) / 700) for v in values[3:])
    lines = length // 2 + 1
    edges = 700 * (10 ** ((np.arange(bins + 2) * ((high - low) / (bins + 2)) + low) / 2595) - 1)
    edges = ((length + 1) * edges / rate).astype("int64")
    matrix = np.zeros((lines, bins), "float32")
    for k in range(bins):
        first, centre, last = (int(e) for e in edges[k:k + 3])
        if centre == first:
            matrix[centre, k] = 1
        for j in range(first, centre + 1 if centre > first else centre):
            matrix[j, k] = (j - first) / (centre - first)
        for j in range(centre, last):
            matrix[j, k] = (last - j) / (last - centre)
    return matrix.astype(dtype_name(output_datatype, "MelWeightMatrix"))
