"""Fourier transforms are not supported yet; frames are."""
from keras.src.tensor import dims, getitem, op, refuse, reshape, static_shape, to_tensor
import numpy as np


def extract_sequences(x, sequence_length, sequence_stride):
    x = to_tensor(x)
    length = static_shape(x)[-1]
    if length is None:
        refuse("extract_sequences", "the last axis has no static size")
    count = 1 + (length - sequence_length) // sequence_stride
    index = np.arange(count)[:, None] * sequence_stride + np.arange(sequence_length)[None, :]
    return op("gather", [x, to_tensor(index, "int32")], axis=len(static_shape(x)) - 1, batch_dims=0)


def _missing(name):
    def function(*args, **kwargs):
        raise NotImplementedError(f"keras.ops.{name}")

    return function


fft, fft2, rfft, irfft, ifft2, stft, istft = [_missing(n) for n in ("fft", "fft2", "rfft", "irfft", "ifft2", "stft", "istft")]
