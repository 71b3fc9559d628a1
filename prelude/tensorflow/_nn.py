"""`tf.nn`."""
import math

import numpy as np
from keras.src import dtypes
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import nn as knn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.tensor import Tensor, cast, const_value, dim_list, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_tensor
from tensorflow._array import gather, one_hot
from tensorflow._dtypes import floating, tensor, together
from tensorflow._math import in_top_k, l2_normalize, log_sigmoid, sigmoid, softplus, tanh, top_k, zero_fraction  # noqa: F401
from keras.src.tree import is_sequence


def relu(features, name=None):
    return op("relu", [tensor(features)])


def relu6(features, name=None):
    return op("relu6", [tensor(features)])


def leaky_relu(features, alpha=0.2, name=None):
    if isinstance(alpha, (Tensor,)) or hasattr(alpha, "__kedge_tensor__"):
        x, a = together(features, alpha)
        return op("max", [op("mul", [x, a]), x])
    return op("leaky_relu", [floating(features)], alpha=float(alpha))


def elu(features, name=None):
    return op("elu", [floating(features)], alpha=1.0)


def selu(features, name=None):
    return knn.selu(floating(features))


def gelu(features, approximate=False, name=None):
    return op("gelu", [floating(features)], approximate=bool(approximate))


def silu(features, beta=1.0, name=None):
    x = floating(features)
    if isinstance(beta, float) and beta == 1.0:
        return knn.silu(x)
    return op("mul", [x, op("sigmoid", [op("mul", together(x, beta))])])


swish = silu


def softsign(features, name=None):
    return knn.softsign(floating(features))


def crelu(features, axis=-1, name=None):
    x = tensor(features)
    return op("relu", [sh.concatenate([x, op("neg", [x])], axis=axis)])


def softmax(logits, axis=None, name=None, dim=None):
    x = floating(logits)
    axis = -1 if axis is None and dim is None else axis if axis is not None else dim
    return op("softmax", [x], axis=red.normalize_axis(axis, len(static_shape(x))))


def log_softmax(logits, axis=None, name=None):
    x = floating(logits)
    return op("log_softmax", [x], axis=red.normalize_axis(-1 if axis is None else axis, len(static_shape(x))))


def dropout(x, rate=None, noise_shape=None, seed=None, name=None, keep_prob=None):
    if (rate is not None and not isinstance(rate, Tensor) and rate == 0) or keep_prob == 1:
        return tensor(x)
    refuse("tf.nn.dropout", "it draws random numbers at inference")


def bias_add(value, bias, data_format=None, name=None):
    value, bias = together(value, bias)
    if data_format in ("NCHW", "NCW", "NC...", "channels_first"):
        bias = reshape(bias, [1, -1] + [1] * (len(static_shape(value)) - 2))
    return op("add", [value, bias])


def moments(x, axes, shift=None, keepdims=False, name=None, keep_dims=None):
    return red.moments(x, axes, keepdims if keep_dims is None else keep_dims)


def batch_normalization(x, mean, variance, offset, scale, variance_epsilon, name=None):
    x = floating(x)
    factor = op("rsqrt", [op("add", together(variance, variance_epsilon))])
    if scale is not None:
        factor = op("mul", together(factor, scale))
    shift = op("neg", [op("mul", together(mean, factor))])
    if offset is not None:
        shift = op("add", together(offset, shift))
    return op("add", [op("mul", [x, factor]), shift])


def lrn(input, depth_radius=5, bias=1, alpha=1, beta=0.5, name=None):
    x = floating(input)
    power = op("square", [x])
    rank = len(static_shape(x))
    channels = static_shape(x)[-1]
    before = [0] * (rank - 1) + [depth_radius]
    padded = op("pad", [power], before=before, after=before, mode="constant", value=0.0)
    total = None
    for i in _upto(2 * depth_radius + 1):
        part = getitem(padded, (Ellipsis, slice(i, i + channels)))
        total = part if total is None else op("add", [total, part])
    return op("div", [x, el.power(el.add(bias, el.multiply(alpha, total)), beta)])


local_response_normalization = lrn


def _upto(n):
    return list(range(n))


# -- convolution and pooling -----------------------------------------------------------------------------------------

def _spatial(value, n, data_format):
    """Strides or dilations: an int, n of them, or n + 2 with batch and channel."""
    if value is None:
        return [1] * n
    if isinstance(value, int):
        return [value] * n
    values = [int(v) for v in value]
    if len(values) == n + 2:
        return values[2:] if _first(data_format) else values[1:-1]
    return values * n if len(values) == 1 else values


def _first(data_format):
    return data_format is not None and data_format.startswith("NC") and not data_format.endswith("C")


def _format(data_format):
    return "channels_first" if _first(data_format) else "channels_last"


def _explicit(x, padding, n, data_format):
    """Explicit paddings become a pad before a convolution without padding."""
    if isinstance(padding, str):
        return x, padding.lower()
    return sh.pad(x, [tuple(p) for p in padding]), "valid"


def convolution(input, filters=None, strides=None, padding="VALID", data_format=None, dilations=None, name=None, filter=None):
    x, k = together(input, filters if filters is not None else filter)
    n = len(static_shape(k)) - 2
    x, padding = _explicit(x, padding, n, data_format)
    return knn.conv(x, k, _spatial(strides, n, data_format), padding, _format(data_format), _spatial(dilations, n, data_format))


def conv1d(input, filters, stride=1, padding="VALID", data_format="NWC", dilations=None, name=None):
    return convolution(input, filters, stride, padding, data_format, dilations)


def conv2d(input, filters=None, strides=1, padding="VALID", data_format="NHWC", dilations=None, name=None, filter=None):
    return convolution(input, filters if filters is not None else filter, strides, padding, data_format, dilations)


def conv3d(input, filters, strides=1, padding="VALID", data_format="NDHWC", dilations=None, name=None):
    return convolution(input, filters, strides, padding, data_format, dilations)


def atrous_conv2d(value, filters, rate, padding, name=None):
    return convolution(value, filters, 1, padding, None, rate)


def depthwise_conv2d(input, filter, strides, padding, data_format=None, dilations=None, name=None):
    x, k = together(input, filter)
    x, padding = _explicit(x, padding, 2, data_format)
    return knn.depthwise_conv(x, k, _spatial(strides, 2, data_format), padding, _format(data_format), _spatial(dilations, 2, data_format))


depthwise_conv2d_native = depthwise_conv2d


def separable_conv2d(input, depthwise_filter, pointwise_filter, strides, padding, data_format=None, dilations=None, name=None):
    y = depthwise_conv2d(input, depthwise_filter, strides, padding, data_format, dilations)
    return convolution(y, pointwise_filter, 1, "VALID", data_format)


def _transposed(input, filters, output_shape, strides, padding, data_format, dilations, n):
    x, k = together(input, filters)
    x, back = knn.last_channels(x, _format(data_format))
    sizes = dim_list(output_shape)
    if len(sizes) == n + 2:
        sizes = sizes[2:] if _first(data_format) else sizes[1:-1]
    return back(knn.conv_transpose_to(x, k, _spatial(strides, n, data_format), padding.lower(), sizes, _spatial(dilations, n, data_format)))


def conv2d_transpose(input, filters=None, output_shape=None, strides=1, padding="SAME", data_format="NHWC", dilations=None, name=None, filter=None):
    return _transposed(input, filters if filters is not None else filter, output_shape, strides, padding, data_format, dilations, 2)


def conv1d_transpose(input, filters, output_shape, strides, padding="SAME", data_format="NWC", dilations=None, name=None):
    return _transposed(input, filters, output_shape, strides, padding, data_format, dilations, 1)


def conv3d_transpose(input, filters, output_shape, strides, padding="SAME", data_format="NDHWC", dilations=None, name=None):
    return _transposed(input, filters, output_shape, strides, padding, data_format, dilations, 3)


def conv_transpose(input, filters, output_shape, strides, padding="SAME", data_format=None, dilations=None, name=None):
    n = len(static_shape(tensor(input))) - 2
    return _transposed(input, filters, output_shape, strides, padding, data_format, dilations, n)


def atrous_conv2d_transpose(value, filters, output_shape, rate, padding, name=None):
    return _transposed(value, filters, output_shape, 1, padding, "NHWC", rate, 2)


def batch_norm_with_global_normalization(input, mean, variance, beta, gamma, variance_epsilon, scale_after_normalization, name=None):
    return batch_normalization(input, mean, variance, beta, gamma if scale_after_normalization else None, variance_epsilon)


def _pool_function(kind, n):
    def function(input=None, ksize=None, strides=None, padding="VALID", data_format=None, name=None, value=None):
        x = tensor(input if input is not None else value)
        rank = n or len(static_shape(x)) - 2
        if not isinstance(padding, str):
            if kind == "max":
                lowest = -3.4028234663852886e38
                pairs = [tuple(p) for p in padding]
                x = op("pad", [x], before=[p[0] for p in pairs], after=[p[1] for p in pairs], mode="constant", value=lowest)
                padding = "VALID"
            else:
                refuse("tf.nn.avg_pool", "explicit padding is not supported")
        return knn.pool(kind, x, _spatial(ksize, rank, data_format), _spatial(strides, rank, data_format), padding, _format(data_format))

    return function


max_pool, max_pool1d, max_pool2d, max_pool3d = [_pool_function("max", n) for n in (0, 1, 2, 3)]
avg_pool, avg_pool1d, avg_pool2d, avg_pool3d = [_pool_function("avg", n) for n in (0, 1, 2, 3)]


def pool(input, window_shape, pooling_type, strides=None, padding="VALID", data_format=None, dilations=None, name=None):
    n = len(static_shape(tensor(input))) - 2
    return knn.pool("max" if pooling_type == "MAX" else "avg", input, _spatial(window_shape, n, data_format), _spatial(strides, n, data_format),
                    padding, _format(data_format))


def depth_to_space(input, block_size, data_format="NHWC", name=None):
    x, back = knn.last_channels(tensor(input), _format(data_format))
    n, h, w, c = dims(x)
    depth = c // (block_size * block_size)
    x = reshape(x, [n, h, w, block_size, block_size, depth])
    x = op("transpose", [x], perm=[0, 1, 3, 2, 4, 5])
    return back(reshape(x, [n, h * block_size, w * block_size, depth]))


def space_to_depth(input, block_size, data_format="NHWC", name=None):
    x, back = knn.last_channels(tensor(input), _format(data_format))
    n, h, w, c = dims(x)
    x = reshape(x, [n, h // block_size, block_size, w // block_size, block_size, c])
    x = op("transpose", [x], perm=[0, 1, 3, 2, 4, 5])
    return back(reshape(x, [n, h // block_size, w // block_size, block_size * block_size * c]))


def space_to_batch(input, block_shape, paddings, name=None):
    """Every block's positions become batches: [batch * blocks, rows / block, …]."""
    x = tensor(input)
    blocks = [int(b) for b in dim_list(block_shape)]
    pads = const_value(paddings).tolist()
    n, rank = len(blocks), len(static_shape(x))
    rest = rank - 1 - n
    x = op("pad", [x], before=[0] + [p[0] for p in pads] + [0] * rest, after=[0] + [p[1] for p in pads] + [0] * rest, mode="constant", value=0.0)
    sizes = dims(x)
    split = [sizes[0]]
    for i, b in enumerate(blocks):
        split += [sizes[1 + i] // b, b]
    inner = [2 + 2 * i for i in range(n)]
    order = inner + [0] + [1 + 2 * i for i in range(n)] + list(range(1 + 2 * n, 1 + 2 * n + rest))
    moved = op("transpose", [reshape(x, split + list(sizes[1 + n:]))], perm=order)
    batch = sizes[0]
    for b in blocks:
        batch = batch * b
    return reshape(moved, [batch] + [sizes[1 + i] // b for i, b in enumerate(blocks)] + list(sizes[1 + n:]))


def batch_to_space(input, block_shape, crops, name=None):
    """The way back of space_to_batch."""
    x = tensor(input)
    blocks = [int(b) for b in dim_list(block_shape)]
    cuts = const_value(crops).tolist()
    n, rank = len(blocks), len(static_shape(x))
    sizes = dims(x)
    count = 1
    for b in blocks:
        count *= b
    batch = sizes[0] // count
    order = [n]
    for i in range(n):
        order += [n + 1 + i, i]
    order += list(range(2 * n + 1, n + rank))
    y = op("transpose", [reshape(x, blocks + [batch] + list(sizes[1:]))], perm=order)
    whole = [batch] + [sizes[1 + i] * b for i, b in enumerate(blocks)] + list(sizes[1 + n:])
    begin = [0] + [c[0] for c in cuts] + [0] * (rank - 1 - n)
    end = [whole[0]] + [whole[1 + i] - c[1] for i, c in enumerate(cuts)] + whole[1 + n:]
    return op("slice", [reshape(y, whole)], begin=begin, end=end, strides=[1] * rank)


space_to_batch_nd, batch_to_space_nd = space_to_batch, batch_to_space


def dilation2d(input, filters, strides, padding, data_format="NHWC", dilations=(1, 1, 1, 1), name=None):
    """The greatest of x plus filter in each window (grayscale dilation)."""
    x, f = tensor(input), tensor(filters)
    if data_format != "NHWC":
        raise ValueError("Data formats other than NHWC are not yet supported")
    rows, columns = static_shape(f)[:2]
    (sy, sx), (dy, dx) = tuple(strides)[1:3], tuple(dilations)[1:3]
    height, width = static_shape(x)[1:3]
    if height is None or width is None:
        refuse("tf.nn.dilation2d", "it needs static sizes")
    extent = ((rows - 1) * dy + 1, (columns - 1) * dx + 1)
    before, after, counts = _window_frame((height, width), extent, (sy, sx), padding)
    if any(before + after):
        x = op("pad", [x], before=[0] + before + [0], after=[0] + after + [0], mode="constant", value=float("-inf"))
    best = None
    for r in range(rows):
        for c in range(columns):
            part = op("slice", [x], begin=[0, r * dy, c * dx, 0], end=[dims(x)[0], r * dy + (counts[0] - 1) * sy + 1, c * dx + (counts[1] - 1) * sx + 1, dims(x)[3]],
                      strides=[1, sy, sx, 1])
            raised = op("add", [part, getitem(f, (r, c))])
            best = raised if best is None else op("max", [best, raised])
    return best


def erosion2d(value, filters, strides, padding, data_format="NHWC", dilations=(1, 1, 1, 1), name=None):
    """The least of x minus the mirrored filter: the dilation of the negative."""
    mirrored = sh.flip(tensor(filters), (0, 1))
    return op("neg", [dilation2d(op("neg", [tensor(value)]), mirrored, strides, padding, data_format, dilations)])


def max_pool_with_argmax(input, ksize, strides, padding, data_format="NHWC", output_dtype="int64", include_batch_in_index=False, name=None):
    """The greatest of each window and its place, (row * width + column) * channels + channel in its image."""
    x = tensor(input)
    (ky, kx), (sy, sx) = _spatial(ksize, 2, data_format), _spatial(strides, 2, data_format)
    _, height, width, channels = static_shape(x)
    if data_format != "NHWC" or None in (height, width, channels):
        refuse("tf.nn.max_pool_with_argmax", "it needs the format NHWC and static sizes")
    place = np.arange(height * width * channels).reshape(1, height, width, channels)
    before, after, counts = _window_frame((height, width), (ky, kx), (sy, sx), padding)
    place = np.pad(place, [(0, 0), (before[0], after[0]), (before[1], after[1]), (0, 0)])
    if any(before + after):
        x = op("pad", [x], before=[0] + before + [0], after=[0] + after + [0], mode="constant", value=float("-inf"))
    values, places = [], []
    for r in range(ky):
        for c in range(kx):
            rows, columns = slice(r, r + (counts[0] - 1) * sy + 1, sy), slice(c, c + (counts[1] - 1) * sx + 1, sx)
            values.append(getitem(x, (slice(None), rows, columns)))
            places.append(place[:, rows, columns])
    values = sh.stack(values, axis=-1)
    best = op("argmax", [values], axis=4, keepdims=True, to="int32")
    hit = op("equal", [best, to_tensor(np.arange(ky * kx), "int32")])
    wide = op("select", [hit, to_tensor(np.stack(places, axis=-1), "int64"), to_tensor(0, "int64")])
    index = op("reduce_sum", [wide], axes=[4], keepdims=False)
    if include_batch_in_index:
        first = cr.arange(0, dims(x)[0], dtype="int64")
        index = op("add", [index, op("mul", [reshape(first, [-1, 1, 1, 1]), to_tensor(height * width * channels, "int64")])])
    return op("reduce_max", [values], axes=[4], keepdims=False), cast(index, dtypes.standardize_dtype(output_dtype))


def _window_frame(sizes, window, strides, padding):
    """The zeros before and after each axis and the number of windows along it."""
    if padding.upper() == "SAME":
        counts = [-(-n // s) for n, s in zip(sizes, strides)]
        total = [max((c - 1) * s + k - n, 0) for c, s, k, n in zip(counts, strides, window, sizes)]
        return [t // 2 for t in total], [t - t // 2 for t in total], counts
    return [0, 0], [0, 0], [(n - k) // s + 1 for n, k, s in zip(sizes, window, strides)]


def embedding_lookup(params, ids, max_norm=None, name=None):
    if is_sequence(params):
        if len(params) != 1:
            raise NotImplementedError("tf.nn.embedding_lookup with several partitions")
        params = params[0]
    return gather(params, ids)


def weighted_moments(x, axes, frequency_weights, keepdims=False, name=None):
    x, weights = together(x, frequency_weights)
    weights = op("mul", [weights, cr.ones_like(x)])
    total = red.sum(weights, axis=axes, keepdims=True)
    mean = el.divide(red.sum(el.multiply(weights, x), axis=axes, keepdims=True), total)
    variance = el.divide(red.sum(el.multiply(weights, el.square(el.subtract(x, mean))), axis=axes, keepdims=True), total)
    return (mean, variance) if keepdims else (sh.squeeze(mean, axes), sh.squeeze(variance, axes))


def sufficient_statistics(x, axes, shift=None, keepdims=False, name=None):
    x = tensor(x)
    moved = x if shift is None else el.subtract(x, shift)
    kept = red.sum(moved, axis=axes, keepdims=keepdims)
    count = reshape(red.sum(cr.ones_like(x), axis=axes), [-1])[0]
    return count, kept, red.sum(el.square(moved), axis=axes, keepdims=keepdims), shift


def normalize_moments(counts, mean_ss, variance_ss, shift, name=None):
    part = el.divide(1.0, counts)
    mean = el.multiply(mean_ss, part)
    variance = el.subtract(el.multiply(variance_ss, part), el.square(mean))
    return mean if shift is None else el.add(mean, shift), variance


def weighted_cross_entropy_with_logits(labels=None, logits=None, pos_weight=None, name=None):
    labels, logits = together(labels, logits)
    weight = el.add(1.0, el.multiply(el.subtract(pos_weight, 1.0), labels))
    softplus = el.add(el.log1p(el.exp(el.negative(el.absolute(logits)))), relu(el.negative(logits)))
    return el.add(el.multiply(el.subtract(1.0, labels), logits), el.multiply(weight, softplus))


def log_poisson_loss(targets, log_input, compute_full_loss=False, name=None):
    targets, log_input = together(targets, log_input)
    loss = el.subtract(el.exp(log_input), el.multiply(log_input, targets))
    if not compute_full_loss:
        return loss
    above = el.greater(targets, 1.0)
    safe = el.where(above, targets, 1.0)
    stirling = el.add(el.subtract(el.multiply(safe, el.log(safe)), safe), el.multiply(0.5, el.log(el.multiply(2 * math.pi, safe))))
    return el.add(loss, el.where(above, stirling, 0.0))


def softmax_cross_entropy_with_logits(labels, logits, axis=-1, name=None):
    labels, logits = together(labels, logits)
    return el.negative(red.sum(el.multiply(labels, log_softmax(logits, axis)), axis=axis))


def sparse_softmax_cross_entropy_with_logits(labels, logits, name=None):
    logits = tensor(logits)
    return softmax_cross_entropy_with_logits(one_hot(labels, static_shape(logits)[-1], dtype=dtype_of(logits)), logits)


def sigmoid_cross_entropy_with_logits(labels=None, logits=None, name=None):
    return knn.binary_crossentropy(labels, logits, from_logits=True)


def l2_loss(t, name=None):
    return el.divide(red.sum(el.square(tensor(t))), 2.0)


def normalize(tensor, ord="euclidean", axis=None, name=None):
    size = red.norm(tensor, None if ord == "euclidean" else ord, axis, True)
    return el.divide(tensor, size), size


def xw_plus_b(x, weights, biases, name=None):
    return bias_add(op("matmul", together(x, weights)), biases)


def ctc_beam_search_decoder(*args, **kwargs):
    refuse("tf.nn.ctc_beam_search_decoder", "the result's size depends on the values")


def ctc_greedy_decoder(*args, **kwargs):
    refuse("tf.nn.ctc_greedy_decoder", "the result's size depends on the values")


def ctc_loss(*args, **kwargs):
    refuse("tf.nn.ctc_loss", "it is a loss, which inference does not compute")
