"""`tf.signal`: transforms of complex tensors, frames and windows."""
from keras.src.ops import signal as ks
from keras.src.tensor import cast, dtype_of, op, refuse, static_shape, to_int, to_tensor
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
    if axis % rank != rank - 1:
        refuse("tf.signal.frame", "frames are taken of the last axis only")
    if pad_end:
        length = static_shape(x)[-1]
        if length is None:
            refuse("tf.signal.frame", "the last axis has no static size")
        more = (-(-length // frame_step) - 1) * frame_step + frame_length - length
        if more > 0:
            nothing = [0] * (rank - 1)
            x = op("pad", [x], before=nothing + [0], after=nothing + [more], mode="constant", value=float(pad_value))
    return ks.extract_sequences(x, frame_length, frame_step)


def overlap_and_add(signal, frame_step, name=None):
    return ks.overlap_and_add(tensor(signal), frame_step)


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
