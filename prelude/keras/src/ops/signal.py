"""Fourier transforms, frames and windows. Keras hands complex numbers over as (real part, imaginary part)."""
import math

import numpy as np
from keras.src import dtypes
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import shape as sh
from keras.src.tensor import dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_int, to_tensor
from keras.src.tree import is_sequence


def _parts(x, name):
    if not is_sequence(x) or len(x) != 2:
        raise ValueError(f"{name}: `x` should be a pair, the real and the imaginary part; it is {x!r}")
    real, imag = [to_tensor(part) for part in x]
    if static_shape(real) != static_shape(imag):
        raise ValueError(f"{name}: the parts have the shapes {static_shape(real)} and {static_shape(imag)}")
    if dtype_of(real) not in dtypes.FLOATS or dtype_of(imag) != dtype_of(real):
        raise ValueError(f"{name}: the parts must be floats of one type, not {dtype_of(real)} and {dtype_of(imag)}")
    return real, imag


def transform(real, imag, axis=-1, inverse=False):
    """The discrete Fourier transform of a pair along one axis."""
    return tuple(op("dft", [real, imag], axis=axis, inverse=inverse))


def fft(x):
    return transform(*_parts(x, "fft"))


def fft2(x):
    return transform(*transform(*_parts(x, "fft2")), axis=-2)


def ifft2(x):
    across = transform(*_parts(x, "ifft2"), inverse=True)
    return transform(*across, axis=-2, inverse=True)


def fitted(x, length, axis=-1):
    """An axis cut, or filled with zeros at its end, to a length."""
    axis = axis % len(static_shape(x))
    size = dims(x)[axis]
    if not isinstance(size, int):
        refuse("a transform of another length than its input's", "the axis has no static size")
    if size > length:
        return getitem(x, (slice(None),) * axis + (slice(0, length),))
    if size == length:
        return x
    nothing = [0] * len(static_shape(x))
    return op("pad", [x], before=nothing, after=nothing[:axis] + [length - size] + nothing[axis + 1:], mode="constant", value=0.0)


def _half(n):
    return n // 2 + 1


def rfft(x, fft_length=None):
    """The first half of the spectrum of real numbers; the other half mirrors it."""
    x = to_tensor(x)
    if fft_length is not None:
        x = fitted(x, to_int(fft_length, "fft_length"))
    n = static_shape(x)[-1]
    if n is None:
        refuse("rfft", "the last axis has no static size")
    return tuple([getitem(part, (Ellipsis, slice(0, _half(n)))) for part in transform(x, cr.zeros_like(x))])


def irfft(x, fft_length=None):
    """The real signal whose half spectrum this is: the mirrored half is filled in before the inverse transform."""
    real, imag = _parts(x, "irfft")
    if fft_length is None:
        if static_shape(real)[-1] is None:
            refuse("irfft", "the last axis has no static size")
        fft_length = 2 * (static_shape(real)[-1] - 1)
    n = to_int(fft_length, "fft_length")
    real, imag = fitted(real, _half(n)), fitted(imag, _half(n))
    axis = len(static_shape(real)) - 1
    mirrored = to_tensor(np.arange((n - 1) // 2, 0, -1), "int32")

    def whole(part, sign):
        if (n - 1) // 2 == 0:
            return part
        back = op("gather", [part, mirrored], axis=axis, batch_dims=0)
        return op("concat", [part, back if sign > 0 else op("neg", [back])], axis=axis)

    return transform(whole(real, 1), whole(imag, -1), inverse=True)[0]


def extract_sequences(x, sequence_length, sequence_stride):
    x = to_tensor(x)
    length = static_shape(x)[-1]
    if length is None:
        refuse("extract_sequences", "the last axis has no static size")
    count = max(0, 1 + (length - sequence_length) // sequence_stride)
    index = np.arange(count)[:, None] * sequence_stride + np.arange(sequence_length)[None, :]
    return op("gather", [x, to_tensor(index, "int32")], axis=len(static_shape(x)) - 1, batch_dims=0)


# -- windows ---------------------------------------------------------------------------------------------------------

def raised_cosine(length, periodic, mean, swing, dtype="float32"):
    """TensorFlow's Hann and Hamming windows: of an odd length they are symmetric even when asked to be periodic."""
    if length == 1:
        return to_tensor([1.0], dtype)
    period = length - 1 + (1 if periodic and length % 2 == 0 else 0)
    return to_tensor([mean - swing * math.cos(2 * math.pi * i / period) for i in range(length)], dtype)


COSINES = {"hann": (0.5, 0.5), "hamming": (0.54, 0.46)}


def bessel_series(x):
    """The modified Bessel function of order zero by its power series, for a Python number."""
    total, term, k = 1.0, 1.0, 0
    while term > 1e-17 * total:
        k += 1
        term *= (x / (2.0 * k)) ** 2
        total += term
    return total


def kaiser(x, beta):
    length, beta = to_int(x, "kaiser's length"), float(beta)
    middle = (length - 1) / 2.0
    top = bessel_series(beta)
    values = [bessel_series(beta * math.sqrt(max(0.0, 1.0 - ((i - middle) / middle) ** 2))) / top if middle else 1.0 for i in range(length)]
    return to_tensor(values, "float32")


def _frame_window(window, length, fft_length, dtype):
    """A window in the middle of a frame; None stands for no window at all."""
    if window is None:
        return None
    if isinstance(window, str):
        if window not in COSINES:
            raise ValueError(f"A window's name is one of {sorted(COSINES)}; it is {window!r}")
        mean, swing = COSINES[window]
        values = raised_cosine(length, True, mean, swing, dtype)
    else:
        values = to_tensor(window, dtype)
    if static_shape(values) != (length,):
        raise ValueError(f"The window has the shape {static_shape(values)}; sequence_length is {length}")
    left = (fft_length - length) // 2
    return op("pad", [values], before=[left], after=[fft_length - length - left], mode="constant", value=0.0)


# -- short-time transforms -------------------------------------------------------------------------------------------

def stft(x, sequence_length, sequence_stride, fft_length, window="hann", center=True):
    x = to_tensor(x)
    if dtype_of(x) not in ("float32", "float64"):
        raise TypeError(f"stft takes float32 or float64, not {dtype_of(x)}")
    if fft_length < sequence_length:
        raise ValueError(f"stft: fft_length {fft_length} is less than sequence_length {sequence_length}")
    if center:
        edge = [0] * (len(static_shape(x)) - 1) + [fft_length // 2]
        x = op("pad", [x], before=edge, after=edge, mode="reflect", value=0.0)
    frames = extract_sequences(x, fft_length, sequence_stride)
    shade = _frame_window(window, sequence_length, fft_length, dtype_of(x))
    return rfft(frames if shade is None else op("mul", [frames, shade]))


def istft(x, sequence_length, sequence_stride, fft_length, length=None, window="hann", center=True):
    frames = irfft(x, fft_length)
    shade = _frame_window(window, sequence_length, fft_length, dtype_of(frames))
    if shade is not None:
        frames = op("mul", [frames, undo_window(shade, sequence_stride)])
    signal = overlap_and_add(frames, sequence_stride)
    edge = fft_length // 2 if center else 0
    if length is not None:
        stop = edge + length
    else:
        stop = -edge if edge else None
    return getitem(signal, (Ellipsis, slice(edge, stop)))


def undo_window(window, step):
    """The window that, after overlapping frames are added, takes a first window back (Griffin and Lim)."""
    length = static_shape(window)[0]
    overlaps = -(-length // step)
    squares = reshape(fitted(op("square", [window]), overlaps * step), [overlaps, step])
    total = op("reduce_sum", [squares], axes=[0], keepdims=False)
    return op("div", [window, getitem(op("tile", [total], multiples=[overlaps]), slice(0, length))])


def overlap_and_add(frames, step):
    """Frames `step` apart added into one signal: pieces of a step's length, frame by frame one place further."""
    *batch, count, length = dims(frames)
    overlaps = -(-length // step)
    pieces = reshape(fitted(frames, overlaps * step), batch + [count, overlaps, step])
    quiet = [0] * len(batch)
    total = None
    for k in range(overlaps):
        piece = getitem(pieces, (Ellipsis, k, slice(None)))
        moved = op("pad", [piece], before=quiet + [k, 0], after=quiet + [overlaps - 1 - k, 0], mode="constant", value=0.0)
        total = moved if total is None else op("add", [total, moved])
    flat = reshape(total, batch + [(count + overlaps - 1) * step])
    return getitem(flat, (Ellipsis, slice(0, (count - 1) * step + length)))


# -- complex numbers -------------------------------------------------------------------------------------------------

def view_as_complex(x):
    x = to_tensor(x)
    if static_shape(x)[-1:] != (2,):
        raise ValueError(f"view_as_complex: the last axis must hold two numbers; the shape is {static_shape(x)}")
    return op("complex", [getitem(x, (Ellipsis, 0)), getitem(x, (Ellipsis, 1))])


def view_as_real(x):
    x = to_tensor(x)
    return sh.stack([el.real(x), el.imag(x)], axis=-1)


def polar(abs_, angle):
    size, turn = el.promoted(abs_, angle)
    return op("complex", [op("mul", [size, op(part, [turn])]) for part in ("cos", "sin")])


def _line(first, last, count):
    """Evenly spaced numbers as TensorFlow makes them: the step times the index, in float32, and the last one exactly."""
    first, last = np.float32(first), np.float32(last)
    step = np.float32(last - first) / np.float32(count - 1)
    line = (first + step * np.arange(count).astype("float32")).astype("float32")
    line[-1] = last
    return line


def _mel(hertz):
    return np.float32(1127.0) * np.log(np.float32(1.0) + np.asarray(hertz, dtype="float32") / np.float32(700.0))


def mel_filters(bands, lines, rate, low, high):
    """[lines, bands], float32 throughout as Keras computes it: triangles on the mel scale with their peaks at 1; frequency 0 has no part in any."""
    place = _mel(_line(0.0, rate / 2.0, lines)[1:]).reshape(-1, 1)
    edges = _line(_mel(low), _mel(high), bands + 2)
    left, peak, right = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (place - left) / (peak - left), (right - place) / (right - peak)
    inner = np.maximum(np.float32(0.0), np.minimum(rising, falling)).astype("float32")
    return np.concatenate([np.zeros((1, bands), dtype="float32"), inner], axis=0)
