"""Spectrograms of signals: by a convolution whose kernels the file stores, and on the mel scale by a Fourier transform."""
from keras.src.layer import Layer
from keras.src.ops import elementwise as el
from keras.src.ops import linalg
from keras.src.ops import nn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.ops import signal
from keras.src.settings import keep
from keras.src.tensor import cast, dims, dtype_of, op, reshape, static_shape, to_tensor

EPSILON = 1e-7  # of keras.config


class STFTSpectrogram(Layer):
    """Real and imaginary parts are two convolutions of every channel by itself; `mode` says what is made of them."""

    def __init__(self, mode="log", frame_length=256, frame_step=None, fft_length=None, window="hann", periodic=False, scaling="density",
                 padding="valid", expand_dims=False, data_format=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "mode frame_length fft_length frame_step window periodic scaling padding expand_dims")
        self.data_format = data_format or "channels_last"

    def build(self, input_shape):
        lines = (self.fft_length or self.frame_length) // 2 + 1
        for part in ("real", "imag"):
            if self.mode not in ("real", "imag") or self.mode == part:
                setattr(self, f"{part}_kernel", self.add_weight(name=f"{part}_kernel", shape=(self.frame_length, 1, lines)))

    def _channelwise(self, x, kernel):
        """[batch, channels, time] to [batch, channels, frequencies, frames]."""
        batch, channels, length = dims(x)
        frames = nn.conv(reshape(x, [-1, length, 1]), cast(to_tensor(kernel), dtype_of(x)), self.frame_step or self.frame_length // 2, self.padding,
                         "channels_last")
        _, count, lines = dims(frames)
        return reshape(op("transpose", [frames], perm=[0, 2, 1]), [-1, channels, lines, count])

    def _arranged(self, y):
        batch, channels, lines, count = dims(y)
        last = self.data_format == "channels_last"
        if self.expand_dims:
            return op("transpose", [y], perm=[0, 3, 2, 1] if last else [0, 1, 3, 2])
        flat = reshape(y, [-1, channels * lines, count])
        return op("transpose", [flat], perm=[0, 2, 1]) if last else flat

    def call(self, inputs):
        x = to_tensor(inputs)
        if self.data_format == "channels_last":
            x = op("transpose", [x], perm=[0, 2, 1])
        found = {part: self._channelwise(x, getattr(self, f"{part}_kernel")) for part in ("real", "imag") if hasattr(self, f"{part}_kernel")}
        if self.mode in found and len(found) == 1:
            return self._arranged(found[self.mode])
        real, imag = found["real"], found["imag"]
        if self.mode == "angle":
            return self._arranged(el.arctan2(imag, real))
        if self.mode == "stft":
            return self._arranged(op("concat", [real, imag], axis=2))
        power = op("add", [op("mul", [real, real]), op("mul", [imag, imag])])
        if self.mode == "psd":  # all lines but the first and the last stand for two
            inner = power[:, :, 1:-1, :]
            return self._arranged(op("add", [power, op("pad", [inner], before=[0, 0, 1, 0], after=[0, 0, 1, 0], mode="constant", value=0.0)]))
        floor = to_tensor(EPSILON, dtype_of(power))
        size = self._arranged(op("sqrt", [op("max", [power, floor])]))
        return size if self.mode == "magnitude" else op("log", [op("max", [size, floor])])


class MelSpectrogram(Layer):
    """Always computed in float32 (or float64), then cast."""

    def __init__(self, fft_length=2048, sequence_stride=512, sequence_length=None, window="hann", sampling_rate=16000, num_mel_bins=128, min_freq=20.0,
                 max_freq=None, power_to_db=True, top_db=80.0, mag_exp=2.0, min_power=1e-10, ref_power=1.0, data_format=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "fft_length sequence_stride window sampling_rate num_mel_bins min_freq power_to_db top_db mag_exp min_power ref_power")
        self.sequence_length = sequence_length or fft_length
        self.max_freq = max_freq or int(sampling_rate / 2)

    def call(self, inputs):
        exact = "float64" if self.compute_dtype == "float64" else "float32"
        real, imag = signal.stft(cast(to_tensor(inputs), exact), self.sequence_length, self.sequence_stride, self.fft_length, window=self.window, center=True)
        size = el.power(op("sqrt", [op("add", [op("mul", [real, real]), op("mul", [imag, imag])])]), self.mag_exp)
        filters = signal.mel_filters(self.num_mel_bins, static_shape(size)[-1], self.sampling_rate, self.min_freq, self.max_freq)
        y = linalg.tensordot(size, to_tensor(filters, exact), axes=1)
        if self.power_to_db:
            floor = to_tensor(self.min_power, exact)
            decibels = 10.0 * el.log10(op("max", [y, floor])) - 10.0 * el.log10(op("max", [to_tensor(abs(self.ref_power), exact), floor]))
            y = op("max", [decibels, red.max(decibels) - self.top_db])
        return cast(sh.swapaxes(y, -1, -2), self.compute_dtype)
