"""Pooling: windows, global, adaptive."""
from keras.src.input_spec import InputSpec
from keras.src.layer import Layer
from keras.src.ops import adaptive
from keras.src.ops import elementwise as el
from keras.src.ops import nn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.settings import keep
from keras.src.tensor import cast, dtype_of, to_tensor
from keras.src.tree import is_sequence


def _tuple(value, rank):
    return tuple(int(v) for v in value) * (rank if len(value) == 1 else 1) if is_sequence(value) else (int(value),) * rank


class _Pool(Layer):
    def __init__(self, pool_size=2, strides=None, padding="valid", data_format=None, name=None, **kwargs):
        super().__init__(**kwargs, name=name)
        self.pool_size = _tuple(pool_size, self._rank)
        self.strides = self.pool_size if strides is None else _tuple(strides, self._rank)
        self.padding = padding.lower()
        self.data_format = data_format or "channels_last"
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def call(self, inputs):
        return nn.pool(self._kind, inputs, list(self.pool_size), list(self.strides), self.padding, self.data_format)

    def compute_output_shape(self, input_shape):
        from keras.layers.conv import conv_length
        first = self.data_format == "channels_first"
        spatial = input_shape[2:] if first else input_shape[1:-1]
        lengths = tuple(conv_length(n, k, s, self.padding, 1) for n, k, s in zip(spatial, self.pool_size, self.strides))
        return tuple(input_shape[:2]) + lengths if first else (input_shape[0],) + lengths + (input_shape[-1],)


class MaxPooling1D(_Pool):
    _rank, _kind = 1, "max"


class MaxPooling2D(_Pool):
    _rank, _kind = 2, "max"


class MaxPooling3D(_Pool):
    _rank, _kind = 3, "max"


class AveragePooling1D(_Pool):
    _rank, _kind = 1, "avg"


class AveragePooling2D(_Pool):
    _rank, _kind = 2, "avg"


class AveragePooling3D(_Pool):
    _rank, _kind = 3, "avg"


MaxPool1D, MaxPool2D, MaxPool3D = MaxPooling1D, MaxPooling2D, MaxPooling3D
AvgPool1D, AvgPool2D, AvgPool3D = AveragePooling1D, AveragePooling2D, AveragePooling3D


class _GlobalPool(Layer):
    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "keepdims")
        self.data_format = data_format or "channels_last"
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def _axes(self):
        start = 2 if self.data_format == "channels_first" else 1
        return list(range(start, start + self._rank))

    def call(self, inputs):
        return self._reduce(inputs, axis=self._axes(), keepdims=self.keepdims)

    def compute_output_shape(self, input_shape):
        axes = self._axes()
        if self.keepdims:
            return tuple(1 if i in axes else n for i, n in enumerate(input_shape))
        return tuple(n for i, n in enumerate(input_shape) if i not in axes)


class GlobalAveragePooling1D(_GlobalPool):
    _rank = 1
    _reduce = staticmethod(red.mean)

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(data_format=data_format, keepdims=keepdims, **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if mask is None:
            return super().call(inputs)
        axis = self._axes()[0]
        mask = sh.expand_dims(cast(to_tensor(mask), dtype_of(inputs)), 2 if axis == 1 else 1)
        total = red.sum(el.multiply(inputs, mask), axis=axis, keepdims=self.keepdims)
        return el.divide(total, red.sum(mask, axis=axis, keepdims=self.keepdims))

    def compute_mask(self, inputs, mask=None):
        return None


class GlobalAveragePooling2D(_GlobalPool):
    _rank = 2
    _reduce = staticmethod(red.mean)


class GlobalAveragePooling3D(_GlobalPool):
    _rank = 3
    _reduce = staticmethod(red.mean)


class GlobalMaxPooling1D(_GlobalPool):
    _rank = 1
    _reduce = staticmethod(red.max)


class GlobalMaxPooling2D(_GlobalPool):
    _rank = 2
    _reduce = staticmethod(red.max)


class GlobalMaxPooling3D(_GlobalPool):
    _rank = 3
    _reduce = staticmethod(red.max)


GlobalAvgPool1D, GlobalAvgPool2D, GlobalAvgPool3D = GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D
GlobalMaxPool1D, GlobalMaxPool2D, GlobalMaxPool3D = GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D


class _AdaptivePool(Layer):
    def __init__(self, output_size, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.output_size = _tuple(output_size, self._rank)
        self.data_format = data_format or "channels_last"

    def call(self, inputs):
        return self._pool(inputs, list(self.output_size), self.data_format)


def _adaptive_class(name, rank, pool):
    return type(name, (_AdaptivePool,), {"_rank": rank, "_pool": staticmethod(pool), "__module__": "keras.layers.pooling"})


AdaptiveAveragePooling1D = _adaptive_class("AdaptiveAveragePooling1D", 1, adaptive.adaptive_average_pool)
AdaptiveAveragePooling2D = _adaptive_class("AdaptiveAveragePooling2D", 2, adaptive.adaptive_average_pool)
AdaptiveAveragePooling3D = _adaptive_class("AdaptiveAveragePooling3D", 3, adaptive.adaptive_average_pool)
AdaptiveMaxPooling1D = _adaptive_class("AdaptiveMaxPooling1D", 1, adaptive.adaptive_max_pool)
AdaptiveMaxPooling2D = _adaptive_class("AdaptiveMaxPooling2D", 2, adaptive.adaptive_max_pool)
AdaptiveMaxPooling3D = _adaptive_class("AdaptiveMaxPooling3D", 3, adaptive.adaptive_max_pool)
