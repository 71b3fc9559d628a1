"""keras.backend: paddings, resizing, convolutions, pooling, normalization and losses, for channels first and last."""
from keras.src.ops import nn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.tensor import to_tensor


def temporal_padding(x, padding=(1, 1)):
    return sh.pad(x, [(0, 0), tuple(padding), (0, 0)])


def spatial_2d_padding(x, padding=((1, 1), (1, 1)), data_format=None):
    pads = [(0, 0), tuple(padding[0]), tuple(padding[1]), (0, 0)]
    if data_format == "channels_first":
        pads = [(0, 0), (0, 0), tuple(padding[0]), tuple(padding[1])]
    return sh.pad(x, pads)


def spatial_3d_padding(x, padding=((1, 1), (1, 1), (1, 1)), data_format=None):
    inner = [tuple(p) for p in padding]
    return sh.pad(x, [(0, 0), (0, 0)] + inner if data_format == "channels_first" else [(0, 0)] + inner + [(0, 0)])


def resize_images(x, height_factor, width_factor, data_format, interpolation="nearest"):
    from keras.layers.reshaping import UpSampling2D
    return UpSampling2D((height_factor, width_factor), data_format=data_format, interpolation=interpolation)(x)


def resize_volumes(x, depth_factor, height_factor, width_factor, data_format):
    first = 2 if data_format == "channels_first" else 1
    for i, factor in enumerate((depth_factor, height_factor, width_factor)):
        x = sh.repeat(x, factor, axis=first + i)
    return x


def conv1d(x, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    return nn.conv(x, kernel, strides, padding, data_format, dilation_rate)


def conv2d(x, kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    return nn.conv(x, kernel, list(strides) if isinstance(strides, tuple) else strides, padding, data_format, dilation_rate)


def conv3d(x, kernel, strides=(1, 1, 1), padding="valid", data_format=None, dilation_rate=(1, 1, 1)):
    return nn.conv(x, kernel, list(strides) if isinstance(strides, tuple) else strides, padding, data_format, dilation_rate)


def in_top_k(predictions, targets, k):
    return red.in_top_k(targets, predictions, k)


def depthwise_conv2d(x, depthwise_kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    return nn.depthwise_conv(x, depthwise_kernel, list(strides), padding, data_format, list(dilation_rate))


def separable_conv2d(x, depthwise_kernel, pointwise_kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    return nn.separable_conv(x, depthwise_kernel, pointwise_kernel, list(strides), padding, data_format, list(dilation_rate))


def conv2d_transpose(x, kernel, output_shape, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    from keras.src.tensor import dim_list
    x, back = nn.last_channels(to_tensor(x), data_format)
    sizes = dim_list(output_shape)
    size = sizes[2:4] if data_format == "channels_first" else sizes[1:3]
    return back(nn.conv_transpose_to(x, to_tensor(kernel), list(strides), padding, size, list(dilation_rate)))


def pool2d(x, pool_size, strides=(1, 1), padding="valid", data_format=None, pool_mode="max"):
    return nn.pool(pool_mode, x, pool_size, strides, padding, data_format)


pool3d = pool2d


def batch_normalization(x, mean, var, beta, gamma, axis=-1, epsilon=1e-3):
    return nn.batch_normalization(to_tensor(x), mean, var, axis, offset=beta, scale=gamma, epsilon=epsilon)


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    return nn.categorical_crossentropy(target, output, from_logits, axis)


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1, ignore_class=None):
    return nn.sparse_categorical_crossentropy(target, output, from_logits, axis)


def binary_crossentropy(target, output, from_logits=False):
    return nn.binary_crossentropy(target, output, from_logits)
