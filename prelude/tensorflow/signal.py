"""`tf.signal`: transforms of complex tensors, frames and windows."""
import numpy as np
from keras.src import dtypes
from keras.src.ops import shape as sh
from keras.src.ops import signal as ks
from keras.src.tensor import cast, const_value, dtype_of, op, refuse, static_shape, to_int, to_tensor
from tensorflow._dtypes import tensor


def _parts(x):
    x = tensor(x)
    return op("real", [x]), op("imag", [x])


def _complex(parts):
    return op("complex", list(parts))


def fft(input, name=None):
    return _complex(ks.transform(*_parts(input)))


def ifft(input, name=None):
    return _complex(ks.transform(*_parts(input), inverse=True))


def fft2d(input, name=None):
    return _complex(ks.transform(*ks.transform(*_parts(input)), axis=-2))


def ifft2d(input, name=None):
    return _complex(ks.transform(*ks.transform(*_parts(input), inverse=True), axis=-2, inverse=True))


def _length(fft_length):
    return None if fft_length is None else to_int(to_tensor(fft_length), "fft_length")


def rfft(input_tensor, fft_length=None, name=None):
    return _complex(ks.rfft(tensor(input_tensor), _length(fft_length)))


def irfft(input_tensor, fft_length=None, name=None):
    return ks.irfft(_parts(input_tensor), _length(fft_length))


def frame(signal, frame_length, frame_step, pad_end=False, pad_value=0, axis=-1, name=None):
    x = tensor(signal)
    rank = len(static_shape(x))
    at = axis % rank
    order = [a for a in range(rank) if a != at] + [at]
    x = sh.transpose(x, order)
    if pad_end:
        length = static_shape(x)[-1]
        if length is None:
            refuse("tf.signal.frame", "the axis of the frames has no static size")
        more = (-(-length // frame_step) - 1) * frame_step + frame_length - length
        if more > 0:
            nothing = [0] * (rank - 1)
            x = op("pad", [x], before=nothing + [0], after=nothing + [more], mode="constant", value=float(pad_value))
    frames = ks.extract_sequences(x, frame_length, frame_step)
    back = list(range(at)) + [rank - 1, rank] + list(range(at, rank - 1))
    return sh.transpose(frames, back)


def overlap_and_add(signal, frame_step, name=None):
    return ks.overlap_and_add(tensor(signal), frame_step)


def rfft2d(input_tensor, fft_length=None, name=None):
    x = tensor(input_tensor)
    if fft_length is not None:
        rows, columns = [int(n) for n in const_value(fft_length)]
        x = ks.fitted(ks.fitted(x, rows, -2), columns)
    return _complex(ks.transform(*ks.rfft(x), axis=-2))


def irfft2d(input_tensor, fft_length=None, name=None):
    if fft_length is not None:
        refuse("tf.signal.irfft2d", "a length of the transform is not supported")
    return ks.irfft(ks.transform(*_parts(input_tensor), axis=-2, inverse=True))


def _deep(inverse):
    def function(input, name=None):
        parts = _parts(input)
        for axis in (-1, -2, -3):
            parts = ks.transform(*parts, axis=axis, inverse=inverse)
        return _complex(parts)

    return function


fft3d, ifft3d = _deep(False), _deep(True)


def _shifted(forth):
    def function(x, axes=None, name=None):
        x = tensor(x)
        if axes is None:
            axes = list(range(len(static_shape(x))))
        axes = list(axes) if isinstance(axes, (list, tuple)) else [axes]
        halves = [static_shape(x)[a] // 2 for a in axes]
        return sh.roll(x, halves if forth else [-h for h in halves], axes)

    return function


fftshift, ifftshift = _shifted(True), _shifted(False)


def linear_to_mel_weight_matrix(num_mel_bins=20, num_spectrogram_bins=129, sample_rate=8000, lower_edge_hertz=125.0, upper_edge_hertz=3800.0,
                                dtype="float32", name=None):
    filters = ks.mel_filters(num_mel_bins, num_spectrogram_bins, float(sample_rate), lower_edge_hertz, upper_edge_hertz)
    return to_tensor(filters, dtypes.standardize_dtype(dtype))


def kaiser_bessel_derived_window(window_length, beta=12.0, dtype="float32", name=None):
    """The square root of a Kaiser window's running sum, and its mirror image."""
    half = to_int(window_length, "window_length") // 2
    kaiser = np.kaiser(half + 1, beta)
    rising = np.sqrt(np.cumsum(kaiser)[:-1] / kaiser.sum())
    return to_tensor(np.concatenate([rising, rising[::-1]]).astype("float32"), dtypes.standardize_dtype(dtype))


def _window(name):
    mean, swing = ks.COSINES[name]

    def window(window_length, periodic=True, dtype="float32", name=None):
        return cast(ks.raised_cosine(window_length, periodic, mean, swing), dtype)

    return window


hann_window, hamming_window = _window("hann"), _window("hamming")


def kaiser_window(window_length, beta=12.0, dtype="float32", name=None):
    return cast(ks.kaiser(window_length, beta), dtype)


def inverse_stft_window_fn(frame_step, forward_window_fn=hann_window, name=None):
    return lambda frame_length, dtype="float32": ks.undo_window(forward_window_fn(frame_length, dtype=dtype), frame_step)


def _power_of_two(length):
    power = 1
    while power < length:
        power *= 2
    return power


def stft(signals, frame_length, frame_step, fft_length=None, window_fn=hann_window, pad_end=False, name=None):
    frames = frame(signals, frame_length, frame_step, pad_end)
    if window_fn is not None:
        frames = op("mul", [frames, window_fn(frame_length, dtype=dtype_of(frames))])
    return rfft(frames, _power_of_two(frame_length) if fft_length is None else fft_length)


def inverse_stft(stfts, frame_length, frame_step, fft_length=None, window_fn=hann_window, name=None):
    frames = irfft(stfts, _power_of_two(frame_length) if fft_length is None else fft_length)
    frames = ks.fitted(frames, frame_length)
    if window_fn is not None:
        frames = op("mul", [frames, window_fn(frame_length, dtype=dtype_of(frames))])
    return ks.overlap_and_add(frames, frame_step)


def vorbis_window(window_length, dtype="float32", name=None):
    n = to_int(window_length, "window_length")
    inner = np.sin(np.pi * (np.arange(n) + 0.5) / n)
    return to_tensor(np.sin(np.pi / 2 * inner * inner).astype("float32"), dtype)


def _cosines(kind, n):
    """The matrix [n, n] of the discrete cosine transform: row k of a transform of the given kind, without normalisation."""
    k, i = np.arange(n).reshape(-1, 1), np.arange(n).reshape(1, -1)
    if kind == 1:
        ends = np.where((i == 0) | (i == n - 1), 1.0, 2.0)
        return ends * np.cos(np.pi * k * i / (n - 1))
    if kind == 2:
        return 2.0 * np.cos(np.pi * k * (2 * i + 1) / (2 * n))
    if kind == 3:
        return np.where(i == 0, 1.0, 2.0) * np.cos(np.pi * i * (2 * k + 1) / (2 * n))
    return 2.0 * np.cos(np.pi * (2 * k + 1) * (2 * i + 1) / (4 * n))


def dct(input, type=2, n=None, axis=-1, norm=None, name=None):
    x = tensor(input)
    if axis != -1 or type not in (1, 2, 3, 4) or norm not in (None, "ortho") or (type == 1 and norm == "ortho"):
        raise ValueError("tf.signal.dct takes axis=-1, a type from 1 to 4, and norm None or 'ortho' (not with type 1)")
    have = static_shape(x)[-1]
    if have is None:
        refuse("tf.signal.dct", "it needs a static length")
    length = have if n is None else int(n)
    if length < have:
        x = x[..., :length]
    matrix = _cosines(type, length)
    if norm == "ortho":
        if type == 2:
            matrix = matrix * np.sqrt(0.5 / length) * np.where(np.arange(length).reshape(-1, 1) == 0, np.sqrt(0.5), 1.0)
        elif type == 3:
            matrix = matrix * np.sqrt(0.5 / length) * np.where(np.arange(length).reshape(1, -1) == 0, 2.0 * np.sqrt(0.5), 1.0)
        else:
            matrix = matrix * np.sqrt(0.5 / length)
    used = matrix[:, :static_shape(x)[-1]].T
    flat = len(static_shape(x)) == 1
    y = op("matmul", [x[None] if flat else x, to_tensor(used.astype(dtype_of(x)))])
    return y[0] if flat else y


def idct(input, type=2, n=None, axis=-1, norm=None, name=None):
    """Up to its scale the inverse is the transform of the mirrored kind."""
    return dct(input, {1: 1, 2: 3, 3: 2, 4: 4}[type], n, axis, norm)


def mfccs_from_log_mel_spectrograms(log_mel_spectrograms, name=None):
    x = tensor(log_mel_spectrograms)
    return dct(x) / to_tensor(np.float32(np.sqrt(2.0 * static_shape(x)[-1])), dtype_of(x))


def __getattr__(name):
    from keras.src.unused import unused
    return unused("tensorflow.signal", name)
