"""Convolutions of every rank, plain, depthwise, separable, transposed."""
from keras.src.input_spec import InputSpec
from keras.src.layer import Layer
from keras.src.ops import elementwise as el
from keras.src.ops import nn
from keras.src.ops import shape as sh
from keras.src.settings import keep, make_weight
from keras.src.tree import is_sequence


def _tuple(value, rank, name):
    values = tuple(int(v) for v in value) if is_sequence(value) else (int(value),) * rank
    if len(values) != rank:
        raise ValueError(f"The `{name}` argument must be a tuple of {rank} integers. Received {name}={value}")
    return values


def conv_length(length, kernel, stride, padding, dilation):
    if length is None:
        return None
    extent = (kernel - 1) * dilation + 1
    if padding in ("same", "causal"):
        return -(-length // stride)
    return (length - extent) // stride + 1


class BaseConv(Layer):
    """The arguments that all convolutions share."""

    def __init__(self, rank, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, groups=1, activation=None,
                 use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True, name=None, lora_rank=None, **kwargs):
        kwargs.pop("lora_alpha", None)
        super().__init__(**kwargs, activity_regularizer=activity_regularizer, name=name, trainable=trainable)
        keep(self, locals(), "rank groups activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
                             "kernel_constraint bias_constraint")
        self.filters = None if filters is None else int(filters)
        self.kernel_size = _tuple(kernel_size, rank, "kernel_size")
        self.strides = _tuple(strides, rank, "strides")
        self.dilation_rate = _tuple(dilation_rate, rank, "dilation_rate")
        self.padding = str(padding).lower()
        self.data_format = data_format or "channels_last"
        self.input_spec = InputSpec(min_ndim=rank + 2)

    def _channels(self, input_shape):
        channels = input_shape[1 if self.data_format == "channels_first" else -1]
        if channels is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        return channels

    def build(self, input_shape):
        channels = self._channels(input_shape)
        if channels % self.groups:
            raise ValueError(f"The number of input channels must be evenly divisible by the number of groups. Received groups={self.groups}, "
                             f"but the input has {channels} channels (full input shape is {input_shape}).")
        self.input_spec = self._wanted(channels)
        self._kernel = make_weight(self, "kernel", self.kernel_size + (channels // self.groups, self.filters))
        self._make_bias(self.filters)
        self.built = True

    def _wanted(self, channels):
        place = -1 if self.data_format != "channels_first" else 1
        return InputSpec(axes={place: channels}, min_ndim=2 + self.rank)

    def _make_bias(self, size):
        self.bias = make_weight(self, "bias", (size,)) if self.use_bias else None

    @property
    def kernel(self):
        return self._kernel

    @kernel.setter
    def kernel(self, value):
        self._kernel = value

    def convolution_op(self, inputs, kernel):
        return nn.conv(inputs, kernel, **self._window())

    def _window(self, padding=None):
        """What the convolution functions take besides tensors."""
        return {"data_format": self.data_format, "dilation_rate": list(self.dilation_rate), "padding": padding or self.padding,
                "strides": list(self.strides)}

    def _padded(self, inputs):
        """The inputs with the zeros of causal padding in front."""
        before = (self.kernel_size[0] - 1) * self.dilation_rate[0]
        amounts = [(0, 0)] * 3
        amounts[2 if self.data_format == "channels_first" else 1] = (before, 0)
        return sh.pad(inputs, amounts)

    def call(self, inputs):
        return self._finish(self.convolution_op(inputs, self.kernel))

    def _finish(self, outputs):
        if self.use_bias:
            bias = self.bias
            if self.data_format == "channels_first":
                bias = sh.reshape(bias, (1, -1) + (1,) * self.rank)
            outputs = el.add(outputs, bias)
        return self.activation(outputs) if self.activation is not None else outputs

    def _spatial(self, input_shape):
        return input_shape[2:] if self.data_format == "channels_first" else input_shape[1:-1]

    def _output(self, input_shape, lengths, channels):
        if self.data_format == "channels_first":
            return (input_shape[0], channels) + tuple(lengths)
        return (input_shape[0],) + tuple(lengths) + (channels,)

    def compute_output_shape(self, input_shape):
        lengths = [conv_length(n, k, s, self.padding, d) for n, k, s, d in
                   zip(self._spatial(input_shape), self.kernel_size, self.strides, self.dilation_rate)]
        return self._output(input_shape, lengths, self.filters)


class Conv1D(BaseConv):
    def __init__(self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, groups=1, activation=None, use_bias=True,
                 kernel_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        super().__init__(1, filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer,
                         bias_initializer, **kwargs)

    def convolution_op(self, inputs, kernel):
        if self.padding != "causal":
            return super().convolution_op(inputs, kernel)
        return nn.conv(self._padded(inputs), kernel, **self._window("valid"))


class Conv2D(BaseConv):
    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1), groups=1, activation=None,
                 use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        super().__init__(2, filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer,
                         bias_initializer, **kwargs)


class Conv3D(BaseConv):
    def __init__(self, filters, kernel_size, strides=(1, 1, 1), padding="valid", data_format=None, dilation_rate=(1, 1, 1), groups=1,
                 activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        super().__init__(3, filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias, kernel_initializer,
                         bias_initializer, **kwargs)


Convolution1D, Convolution2D, Convolution3D = Conv1D, Conv2D, Conv3D


class BaseDepthwiseConv(BaseConv):
    def __init__(self, rank, kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
                 depthwise_initializer, bias_initializer, depthwise_regularizer=None, depthwise_constraint=None, **kwargs):
        super().__init__(rank, None, kernel_size, strides, padding, data_format, dilation_rate, 1, activation, use_bias,
                         "glorot_uniform", bias_initializer, **kwargs)
        keep(self, locals(), "depth_multiplier depthwise_initializer")

    def build(self, input_shape):
        channels = self._channels(input_shape)
        self.input_spec = self._wanted(channels)
        self._kernel = make_weight(self, "kernel", self.kernel_size + (channels, self.depth_multiplier), self.depthwise_initializer)
        self._make_bias(self.depth_multiplier * channels)
        self.built = True

    def call(self, inputs):
        return self._finish(nn.depthwise_conv(inputs, self.kernel, **self._window()))

    def compute_output_shape(self, input_shape):
        self.filters = self.depth_multiplier * self._channels(input_shape)
        return super().compute_output_shape(input_shape)


class DepthwiseConv1D(BaseDepthwiseConv):
    def __init__(self, kernel_size, strides=1, padding="valid", depth_multiplier=1, data_format=None, dilation_rate=1, activation=None, use_bias=True,
                 depthwise_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        super().__init__(1, kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
                         depthwise_initializer, bias_initializer, **kwargs)


class DepthwiseConv2D(BaseDepthwiseConv):
    def __init__(self, kernel_size, strides=(1, 1), padding="valid", depth_multiplier=1, data_format=None, dilation_rate=(1, 1), activation=None,
                 use_bias=True, depthwise_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        super().__init__(2, kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate, activation, use_bias,
                         depthwise_initializer, bias_initializer, **kwargs)


class BaseSeparableConv(BaseConv):
    def __init__(self, rank, filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias,
                 depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer=None, pointwise_regularizer=None,
                 depthwise_constraint=None, pointwise_constraint=None, **kwargs):
        super().__init__(rank, filters, kernel_size, strides, padding, data_format, dilation_rate, 1, activation, use_bias, "glorot_uniform",
                         bias_initializer, **kwargs)
        keep(self, locals(), "depth_multiplier depthwise_initializer pointwise_initializer")

    def build(self, input_shape):
        channels = self._channels(input_shape)
        self.input_spec = self._wanted(channels)
        self.depthwise_kernel = make_weight(self, "depthwise_kernel", self.kernel_size + (channels, self.depth_multiplier), self.depthwise_initializer)
        self.pointwise_kernel = make_weight(self, "pointwise_kernel", (1,) * self.rank + (self.depth_multiplier * channels, self.filters), self.pointwise_initializer)
        self._make_bias(self.filters)
        self.built = True

    def call(self, inputs):
        padding = self.padding
        if padding == "causal":
            inputs, padding = self._padded(inputs), "valid"
        return self._finish(nn.separable_conv(inputs, self.depthwise_kernel, self.pointwise_kernel, **self._window(padding)))


class SeparableConv1D(BaseSeparableConv):
    def __init__(self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, depth_multiplier=1, activation=None,
                 use_bias=True, depthwise_initializer="glorot_uniform", pointwise_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        super().__init__(1, filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias,
                         depthwise_initializer, pointwise_initializer, bias_initializer, **kwargs)


class SeparableConv2D(BaseSeparableConv):
    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1), depth_multiplier=1,
                 activation=None, use_bias=True, depthwise_initializer="glorot_uniform", pointwise_initializer="glorot_uniform",
                 bias_initializer="zeros", **kwargs):
        super().__init__(2, filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias,
                         depthwise_initializer, pointwise_initializer, bias_initializer, **kwargs)


SeparableConvolution1D, SeparableConvolution2D = SeparableConv1D, SeparableConv2D


class BaseConvTranspose(BaseConv):
    def __init__(self, rank, filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
                 kernel_initializer, bias_initializer, **kwargs):
        kwargs.pop("groups", None)
        super().__init__(rank, filters, kernel_size, strides, padding, data_format, dilation_rate, 1, activation, use_bias, kernel_initializer,
                         bias_initializer, **kwargs)
        self.output_padding = None if output_padding is None else _tuple(output_padding, rank, "output_padding")

    def build(self, input_shape):
        channels = self._channels(input_shape)
        self.input_spec = self._wanted(channels)
        self._kernel = make_weight(self, "kernel", self.kernel_size + (self.filters, channels))
        self._make_bias(self.filters)
        self.built = True

    def call(self, inputs):
        extra = None if self.output_padding is None else list(self.output_padding)
        return self._finish(nn.conv_transpose(inputs, self.kernel, output_padding=extra, **self._window()))

    def compute_output_shape(self, input_shape):
        extra = self.output_padding or (None,) * self.rank
        lengths = [None if n is None else nn.transposed_length(n, k, s, self.padding, e, d) for n, k, s, e, d in
                   zip(self._spatial(input_shape), self.kernel_size, self.strides, extra, self.dilation_rate)]
        return self._output(input_shape, lengths, self.filters)


class Conv1DTranspose(BaseConvTranspose):
    def __init__(self, filters, kernel_size, strides=1, padding="valid", output_padding=None, data_format=None, dilation_rate=1, activation=None,
                 use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        super().__init__(1, filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
                         kernel_initializer, bias_initializer, **kwargs)


class Conv2DTranspose(BaseConvTranspose):
    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", output_padding=None, data_format=None, dilation_rate=(1, 1),
                 activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        super().__init__(2, filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
                         kernel_initializer, bias_initializer, **kwargs)


class Conv3DTranspose(BaseConvTranspose):
    def __init__(self, filters, kernel_size, strides=(1, 1, 1), padding="valid", output_padding=None, data_format=None, dilation_rate=(1, 1, 1),
                 activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros", **kwargs):
        super().__init__(3, filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate, activation, use_bias,
                         kernel_initializer, bias_initializer, **kwargs)


Convolution1DTranspose, Convolution2DTranspose, Convolution3DTranspose = Conv1DTranspose, Conv2DTranspose, Conv3DTranspose
