"""Neural-network functions of `keras.ops`."""
import math

import numpy as np
from keras.src import dtypes
from keras.src.composite import composite
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.tensor import cast, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_int, to_tensor
from keras.src.tree import is_sequence

# -- activations -----------------------------------------------------------------------------------------------------


def _float(x):
    x = to_tensor(x)
    return cast(x, dtypes.as_float(dtype_of(x)))


def _scalar(value, like):
    return to_tensor(value, dtype_of(like))


def relu(x):
    return op("relu", [to_tensor(x)])


def relu6(x):
    return op("relu6", [to_tensor(x)])


def sigmoid(x):
    return op("sigmoid", [_float(x)])


def tanh(x):
    return op("tanh", [_float(x)])


def softplus(x):
    return op("softplus", [_float(x)])


@composite("softsign")
def softsign(x):
    x = _float(x)
    return op("div", [x, op("add", [op("abs", [x]), _scalar(1, x)])])


@composite("silu")
def silu(x):
    x = _float(x)
    return op("mul", [x, op("sigmoid", [x])])


swish = silu


@composite("mish")
def mish(x):
    x = _float(x)
    return op("mul", [x, op("tanh", [op("softplus", [x])])])


def log_sigmoid(x):
    x = _float(x)
    return op("neg", [op("softplus", [op("neg", [x])])])


logsigmoid = log_sigmoid


def leaky_relu(x, negative_slope=0.2):
    return op("leaky_relu", [to_tensor(x)], alpha=float(negative_slope))


def hard_sigmoid(x):
    x = _float(x)
    shifted = op("relu6", [op("add", [x, _scalar(3, x)])])
    return op("mul", [shifted, _scalar(1.0 / 6.0, x)]) if dtype_of(x) != "float32" else op("div", [shifted, _scalar(6.0, x)])


def hard_silu(x):
    x = _float(x)
    return op("mul", [x, hard_sigmoid(x)])


hard_swish = hard_silu


def elu(x, alpha=1.0):
    return op("elu", [_float(x)], alpha=float(alpha))


@composite("selu")
def selu(x):
    x = _float(x)
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return op("mul", [op("elu", [x], alpha=alpha), _scalar(scale, x)])


@composite("celu")
def celu(x, alpha=1.0):
    x = _float(x)
    low = op("mul", [_scalar(alpha, x), op("expm1", [op("div", [op("min", [x, _scalar(0, x)]), _scalar(alpha, x)])])])
    return op("add", [op("max", [x, _scalar(0, x)]), low])


def gelu(x, approximate=True):
    return op("gelu", [_float(x)], approximate=bool(approximate))


@composite("glu")
def glu(x, axis=-1):
    a, b = sh.split(_float(x), 2, axis=axis)
    return op("mul", [a, op("sigmoid", [b])])


def hard_tanh(x):
    return el.clip(to_tensor(x), -1.0, 1.0)


def hard_shrink(x, threshold=0.5):
    x = _float(x)
    return op("select", [op("greater", [op("abs", [x]), _scalar(threshold, x)]), x, _scalar(0, x)])


def soft_shrink(x, threshold=0.5):
    x = _float(x)
    t, zero = _scalar(threshold, x), _scalar(0, x)
    low = op("select", [op("less", [x, op("neg", [t])]), op("add", [x, t]), zero])
    return op("select", [op("greater", [x, t]), op("sub", [x, t]), low])


def tanh_shrink(x):
    x = _float(x)
    return op("sub", [x, op("tanh", [x])])


def threshold(x, threshold, default_value):
    x = _float(x)
    return op("select", [op("greater", [x, _scalar(threshold, x)]), x, _scalar(default_value, x)])


def sparse_plus(x):
    x = _float(x)
    middle = el.multiply(0.25, el.square(el.add(x, 1)))
    return el.where(el.less_equal(x, -1), 0.0, el.where(el.less(x, 1), middle, x))


def sparse_sigmoid(x):
    x = _float(x)
    return el.where(el.less_equal(x, -1), 0.0, el.where(el.greater_equal(x, 1), 1.0, el.multiply(0.5, el.add(x, 1))))


def squareplus(x, b=4):
    x = _float(x)
    return el.divide(el.add(x, el.sqrt(el.add(el.square(x), b))), 2)


@composite("sparsemax")
def sparsemax(x, axis=-1):
    """Threshold from the sorted values; like Keras, it adds up the running sums of the support."""
    x = _float(x)
    rank = len(static_shape(x))
    axis = red.normalize_axis(axis, rank)
    ordered = op("sort", [x], axis=axis, descending=True)
    sums = op("cumsum", [ordered], axis=axis, exclusive=False, reverse=False)
    shape = [1] * rank
    shape[axis] = -1
    ranks = to_tensor(np.arange(1, static_shape(x)[axis] + 1).reshape(shape), dtype_of(x))
    inside = el.greater(el.subtract(ordered, el.divide(el.subtract(sums, 1), ranks)), 0)
    size = red.sum(cast(inside, dtype_of(x)), axis=axis, keepdims=True)
    chosen = red.sum(op("select", [inside, sums, _scalar(0, x)]), axis=axis, keepdims=True)
    return el.maximum(el.subtract(x, el.divide(el.subtract(chosen, 1), size)), 0)


def softmax(x, axis=-1):
    return _softmax("softmax", x, axis)


def log_softmax(x, axis=-1):
    return _softmax("log_softmax", x, axis)


def _softmax(name, x, axis):
    x = _float(x)
    rank = len(static_shape(x))
    if axis is None:
        return reshape(op(name, [reshape(x, [-1])], axis=0), dims(x))
    if is_sequence(axis):
        axes = [red.normalize_axis(a, rank) for a in axis]
        if len(axes) == 1:
            return op(name, [x], axis=axes[0])
        kept = sorted(set(range(rank)) - set(axes))
        perm = kept + axes
        moved = sh.transpose(x, perm)
        sizes = dims(moved)
        flat = reshape(moved, list(sizes[:len(kept)]) + [-1])
        y = reshape(op(name, [flat], axis=len(kept)), sizes)
        return sh.transpose(y, [perm.index(place) for place in sorted(perm)])
    return op(name, [x], axis=red.normalize_axis(axis, rank))


# -- convolution -----------------------------------------------------------------------------------------------------

def spatial(value, n, what="value"):
    """An int or a sequence as n ints."""
    if is_sequence(value):
        values = [to_int(v, what) for v in value]
        return values * n if len(values) == 1 else values
    return [to_int(value, what)] * n


def last_channels(x, data_format):
    """Channels-first input as channels-last, and the way back."""
    rank = len(static_shape(x))
    if data_format in (None, "channels_last") or not isinstance(data_format, str) or (data_format.startswith("N") and data_format.endswith("C")):
        return x, lambda y: y
    perm = [0] + list(range(2, rank)) + [1]
    back = [0, rank - 1] + list(range(1, rank - 1))
    return op("transpose", [x], perm=perm), lambda y: op("transpose", [y], perm=back)


def conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    x, k = el.promoted(inputs, kernel)
    x, back = last_channels(x, data_format)
    n = len(static_shape(x)) - 2
    strides, dilations = spatial(strides, n), spatial(dilation_rate, n)
    groups = static_shape(x)[-1] // static_shape(k)[-2]
    padding = padding.lower()
    if padding == "causal":
        left = dilations[0] * (static_shape(k)[0] - 1)
        x = op("pad", [x], before=[0, left, 0], after=[0, 0, 0], mode="constant", value=0.0)
        padding = "valid"
    return back(_conv_n(x, k, strides, dilations, padding, groups))


def _conv_n(x, k, strides, dilations, padding, groups):
    n = len(strides)
    if n == 3:
        return op("conv3d", [x, k, None], strides=strides, dilations=dilations, padding=padding, groups=groups)
    if n == 1:
        sizes = dims(x)
        wide = reshape(x, [sizes[0], 1, sizes[1], sizes[2]])
        kernel = reshape(k, [1] + list(dims(k)))
        y = op("conv2d", [wide, kernel, None], strides=[1] + strides, dilations=[1] + dilations, padding=padding, pads=[0, 0, 0, 0],
               groups=groups, activation="none")
        return _drop_axis(y, 1)
    return op("conv2d", [x, k, None], strides=strides, dilations=dilations, padding=padding, pads=[0, 0, 0, 0], groups=groups,
              activation="none")


def _drop_axis(y, axis):
    sizes = list(dims(y))
    del sizes[axis]
    return reshape(y, sizes)


def depthwise_conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    x, k = el.promoted(inputs, kernel)
    x, back = last_channels(x, data_format)
    n = len(static_shape(x)) - 2
    strides, dilations = spatial(strides, n), spatial(dilation_rate, n)
    padding = padding.lower()
    if n == 1:
        if padding == "causal":
            left = dilations[0] * (static_shape(k)[0] - 1)
            x = op("pad", [x], before=[0, left, 0], after=[0, 0, 0], mode="constant", value=0.0)
            padding = "valid"
        sizes = dims(x)
        wide = reshape(x, [sizes[0], 1, sizes[1], sizes[2]])
        kernel = reshape(k, [1] + list(dims(k)))
        y = op("depthwise_conv2d", [wide, kernel, None], strides=[1] + strides, dilations=[1] + dilations, padding=padding,
               pads=[0, 0, 0, 0], activation="none")
        return back(_drop_axis(y, 1))
    y = op("depthwise_conv2d", [x, k, None], strides=strides, dilations=dilations, padding=padding, pads=[0, 0, 0, 0], activation="none")
    return back(y)


def separable_conv(inputs, depthwise_kernel, pointwise_kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    y = depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    return conv(y, pointwise_kernel, 1, "valid", data_format, 1)


def transposed_length(length, kernel, stride, padding, output_padding, dilation):
    """The output length of a transposed convolution, as Keras counts it."""
    extent = (kernel - 1) * dilation + 1
    if output_padding is None:
        if padding == "same":
            return length * stride
        return length * stride + (extent - stride if extent > stride else 0)
    if padding == "same":
        return (length - 1) * stride + extent - 2 * (extent // 2) + output_padding
    return (length - 1) * stride + extent + output_padding


def conv_transpose(inputs, kernel, strides=1, padding="valid", output_padding=None, data_format=None, dilation_rate=1):
    x, k = el.promoted(inputs, kernel)
    x, back = last_channels(x, data_format)
    n = len(static_shape(x)) - 2
    strides, dilations = spatial(strides, n), spatial(dilation_rate, n)
    extra = [None] * n if output_padding is None else spatial(output_padding, n)
    sizes = dims(x)[1:-1]
    padding = padding.lower()
    output = [transposed_length(s, static_shape(k)[i], strides[i], padding, extra[i], dilations[i]) for i, s in enumerate(sizes)]
    return back(conv_transpose_to(x, k, strides, padding, output, dilations))


def conv_transpose_to(x, k, strides, padding, output, dilations):
    """Transposed convolution to a given output size (channels last): the gradient of a convolution with that input size."""
    n = len(strides)
    if n == 1:
        sizes = dims(x)
        wide = reshape(x, [sizes[0], 1, sizes[1], sizes[2]])
        kernel = reshape(k, [1] + list(dims(k)))
        y = op("conv2d_transpose", [wide, kernel, None], strides=[1] + strides, padding=padding, pads=[0, 0, 0, 0],
               output_size=[1] + list(output), dilations=[1] + dilations)
        return _drop_axis(y, 1)
    if n == 2:
        return op("conv2d_transpose", [x, k, None], strides=strides, padding=padding, pads=[0, 0, 0, 0], output_size=list(output),
                  dilations=dilations)
    return _conv3d_transpose(x, k, strides, padding, output, dilations)


def _conv3d_transpose(x, k, strides, padding, output, dilations):
    """In three dimensions: zeros between the values, then a plain convolution with the reversed kernel."""
    sizes = dims(x)
    kernel = op("transpose", [op("reverse", [k], axes=[0, 1, 2])], perm=[0, 1, 2, 4, 3])
    for i, stride in enumerate(strides):
        if stride > 1:
            now = list(dims(x))
            axis = i + 1
            wide = reshape(x, now[:axis + 1] + [1] + now[axis + 1:])
            after = [0] * (len(now) + 1)
            after[axis + 1] = stride - 1
            wide = op("pad", [wide], before=[0] * (len(now) + 1), after=after, mode="constant", value=0.0)
            x = reshape(wide, now[:axis] + [now[axis] * stride] + now[axis + 1:])
            x = getitem(x, (slice(None),) * axis + (slice(0, now[axis] * stride - (stride - 1)),))
    before, after = [0], [0]
    for i in range(3):
        extent = (static_shape(k)[i] - 1) * dilations[i] + 1
        length = sizes[i + 1]
        covered = (length - 1) * strides[i] + 1
        if padding == "same":
            steps = -(-output[i] // strides[i])
            total = (steps - 1) * strides[i] + extent - output[i]
            total = total if total > 0 else 0
            low = extent - 1 - total // 2
        else:
            low = extent - 1
        before.append(low)
        after.append(output[i] + extent - 1 - covered - low)
    x = op("pad", [x], before=before + [0], after=after + [0], mode="constant", value=0.0)
    return op("conv3d", [x, kernel, None], strides=[1, 1, 1], dilations=dilations, padding="valid", groups=1)


# -- pooling ---------------------------------------------------------------------------------------------------------

def pool(kind, inputs, pool_size, strides, padding, data_format):
    x, back = last_channels(to_tensor(inputs), data_format)
    n = len(static_shape(x)) - 2
    window = spatial(pool_size, n)
    strides = window if strides is None else spatial(strides, n)
    padding = padding.lower()
    if n == 1:
        sizes = dims(x)
        wide = reshape(x, [sizes[0], 1, sizes[1], sizes[2]])
        y = op(f"{kind}_pool2d", [wide], window=[1] + window, strides=[1] + strides, padding=padding, pads=[0, 0, 0, 0])
        return back(_drop_axis(y, 1))
    if n == 2:
        return back(op(f"{kind}_pool2d", [x], window=window, strides=strides, padding=padding, pads=[0, 0, 0, 0]))
    return back(op(f"{kind}_pool3d", [x], window=window, strides=strides, padding=padding))


def max_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    return pool("max", inputs, pool_size, strides, padding, data_format)


def average_pool(inputs, pool_size, strides=None, padding="valid", data_format=None):
    return pool("avg", inputs, pool_size, strides, padding, data_format)


# -- normalisation ---------------------------------------------------------------------------------------------------

@composite("batch_normalization")
def batch_normalization(x, mean, variance, axis, offset=None, scale=None, epsilon=1e-3):
    """x * (scale / sqrt(variance + epsilon)) + (offset - mean * that)."""
    x = to_tensor(x)
    shape = [1] * len(static_shape(x))
    shape[axis] = -1

    def along(value):
        value = to_tensor(value, dtype_of(x))
        return value if len(static_shape(value)) == len(shape) else reshape(value, shape)

    factor = op("rsqrt", [op("add", [along(variance), _scalar(epsilon, x)])])
    if scale is not None:
        factor = op("mul", [factor, along(scale)])
    shift = op("neg", [op("mul", [along(mean), factor])])
    if offset is not None:
        shift = op("add", [along(offset), shift])
    return op("add", [op("mul", [x, factor]), shift])


@composite("layer_normalization")
def layer_normalization(x, gamma=None, beta=None, axis=-1, epsilon=None, **kwargs):
    x = to_tensor(x)
    dtype = dtype_of(x)
    wide = cast(x, "float32") if dtype in ("float16", "bfloat16") else x
    epsilon = 1e-7 if epsilon is None else epsilon
    rank = len(static_shape(x))
    axes = red.normalize_axes(axis, rank)
    mean, variance = red.moments(wide, axes, keepdims=True)
    factor = op("rsqrt", [op("add", [variance, _scalar(epsilon, wide)])])
    shape = [d if i in axes else 1 for i, d in enumerate(dims(x))]
    if gamma is not None:
        gamma = to_tensor(gamma, dtype_of(wide))
        factor = op("mul", [factor, gamma if rank == len(axes) and len(static_shape(gamma)) == rank else reshape(gamma, shape)])
    shift = op("neg", [op("mul", [mean, factor])])
    if beta is not None:
        shift = op("add", [reshape(to_tensor(beta, dtype_of(wide)), shape), shift])
    return cast(op("add", [op("mul", [wide, factor]), shift]), dtype)


@composite("rms_normalization")
def rms_normalization(x, scale=1, axis=-1, epsilon=None):
    x = to_tensor(x)
    dtype = dtype_of(x)
    wide = cast(x, "float32") if dtype in ("float16", "bfloat16") else x
    epsilon = 1e-7 if epsilon is None else epsilon
    rank = len(static_shape(x))
    axes = red.normalize_axes(axis, rank)
    power = op("reduce_mean", [op("square", [wide])], axes=axes, keepdims=True)
    y = op("mul", [wide, op("rsqrt", [op("add", [power, _scalar(epsilon, wide)])])])
    if scale is not None and not isinstance(scale, int):
        scale = to_tensor(scale, dtype_of(wide))
        shape = [d if i in axes else 1 for i, d in enumerate(dims(x))]
        y = op("mul", [y, reshape(scale, shape)])
    return cast(y, dtype)


def normalize(x, axis=-1, order=2, epsilon=None):
    x = _float(x)
    epsilon = 1e-7 if epsilon is None else epsilon
    if order == 2:
        power = red.sum(el.square(x), axis, keepdims=True)
        factor = op("rsqrt", [op("max", [power, _scalar(epsilon ** 2, x)])])
        return op("mul", [x, factor])
    size = red.norm(x, order, axis, True)
    return op("div", [x, op("max", [size, _scalar(epsilon, x)])])


# -- classes and losses ----------------------------------------------------------------------------------------------

def one_hot(x, num_classes, axis=-1, dtype=None, sparse=False):
    x = to_tensor(x)
    if dtype_of(x) not in ("int32", "int64", "uint8"):
        x = cast(x, "int64")
    rank = len(static_shape(x)) + 1
    return op("one_hot", [x], depth=to_int(num_classes, "one_hot's num_classes"), axis=red.normalize_axis(-1 if axis is None else axis, rank),
              to=dtypes.standardize_dtype(dtype))


def multi_hot(inputs, num_classes=None, axis=-1, dtype=None, sparse=False, **kwargs):
    inputs = to_tensor(inputs)
    num_classes = kwargs.get("num_tokens", num_classes)
    reduction = 1 if len(static_shape(inputs)) > 1 else 0
    return red.max(one_hot(cast(inputs, "int32"), num_classes, axis, dtype), axis=reduction)


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    target, output = el.promoted(target, output, floating=True)
    if from_logits:
        return el.negative(red.sum(el.multiply(target, log_softmax(output, axis)), axis=axis))
    output = el.divide(output, red.sum(output, axis=axis, keepdims=True))
    output = el.clip(output, 1e-7, 1.0 - 1e-7)
    return el.negative(red.sum(el.multiply(target, el.log(output)), axis=axis))


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    output = to_tensor(output)
    target = cast(to_tensor(target), "int32")
    if len(static_shape(target)) == len(static_shape(output)) and static_shape(target)[-1] == 1:
        target = sh.squeeze(target, -1)
    hot = one_hot(target, static_shape(output)[axis], axis, dtype_of(output))
    if not from_logits:
        output = el.clip(output, 1e-7, 1.0 - 1e-7)
        return el.negative(red.sum(el.multiply(hot, el.log(output)), axis=axis))
    return el.negative(red.sum(el.multiply(hot, log_softmax(output, axis)), axis=axis))


def binary_crossentropy(target, output, from_logits=False):
    target, output = el.promoted(target, output, floating=True)
    if from_logits:
        plain = el.subtract(relu(output), el.multiply(output, target))
        return el.add(plain, el.log1p(el.exp(el.negative(el.absolute(output)))))
    output = el.clip(output, 1e-7, 1.0 - 1e-7)
    yes = el.multiply(target, el.log(output))
    no = el.multiply(el.subtract(1, target), el.log(el.subtract(1, output)))
    return el.negative(el.add(yes, no))


def psnr(x1, x2, max_val):
    error = red.mean(el.square(el.subtract(x1, x2)))
    return el.subtract(20 * math.log10(max_val), el.multiply(10.0, el.log10(error)))


# -- attention -------------------------------------------------------------------------------------------------------

@composite("dot_product_attention")
def dot_product_attention(query, key, value, bias=None, mask=None, scale=None, is_causal=False, flash_attention=None, attn_logits_soft_cap=None):
    """Attention over [batch, length, heads, width]."""
    from keras.src.ops.linalg import einsum
    query, key, value = el.promoted(query, key, value)
    width = static_shape(query)[-1]
    scale = 1.0 / math.sqrt(width) if scale is None else scale
    key_heads = static_shape(key)[2]
    heads = static_shape(query)[2]
    if key_heads != heads:
        key, value = sh.repeat(key, heads // key_heads, axis=2), sh.repeat(value, heads // key_heads, axis=2)
    logits = einsum("BTNH,BSNH->BNTS", query, key)
    logits = el.multiply(cast(logits, dtypes.as_float(dtype_of(logits))), scale)
    if attn_logits_soft_cap is not None:
        logits = el.multiply(el.tanh(el.divide(logits, attn_logits_soft_cap)), attn_logits_soft_cap)
    if bias is not None:
        logits = el.add(logits, bias)
    lowest = -0.7 * 3.4028234663852886e38 if dtype_of(logits) != "float16" else -0.7 * 65504.0
    if mask is not None:
        logits = op("select", [cast(to_tensor(mask), "bool"), logits, _scalar(lowest, logits)])
    if is_causal:
        rows, columns = dims(logits)[-2:]
        row = op("iota", [], shape=[rows, columns], axis=0, dtype="int32")
        column = op("iota", [], shape=[rows, columns], axis=1, dtype="int32")
        logits = op("select", [op("less_equal", [column, row]), logits, _scalar(lowest, logits)])
    weights = cast(op("softmax", [cast(logits, "float32")], axis=3), dtype_of(key))
    return einsum("BNTS,BSNH->BTNH", weights, value)


def rope(*args, **kwargs):
    raise NotImplementedError("keras.ops.rope")


def ctc_loss(*args, **kwargs):
    refuse("ctc_loss", "losses have no part in inference")


def ctc_decode(*args, **kwargs):
    refuse("ctc_decode", "the result's size depends on the values")


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """Channels-first patches [N, C * kh * kw, L], as PyTorch lays them out."""
    x = to_tensor(input)
    kh, kw = spatial(kernel_size, 2)
    dh, dw = spatial(dilation, 2)
    ph, pw = spatial(padding, 2)
    s1, s2 = spatial(stride, 2)
    x = op("pad", [x], before=[0, 0, ph, pw], after=[0, 0, ph, pw], mode="constant", value=0.0)
    n, c, height, width = dims(x)
    rows, columns = (height - dh * (kh - 1) - 1) // s1 + 1, (width - dw * (kw - 1) - 1) // s2 + 1
    parts = []
    for i in range(kh):
        for j in range(kw):
            part = getitem(x, (slice(None), slice(None), slice(i * dh, i * dh + s1 * (rows - 1) + 1, s1),
                               slice(j * dw, j * dw + s2 * (columns - 1) + 1, s2)))
            parts.append(reshape(part, [n, c, 1, rows * columns]))
    return reshape(op("concat", parts, axis=2), [n, c * kh * kw, rows * columns])


def _blocks(x, block_size, data_format, back_to_space):
    """Moves blocks of pixels into channels, or back."""
    x, back = last_channels(to_tensor(x), data_format)
    batch, height, width, channels = dims(x)
    if back_to_space:
        depth = channels // (block_size * block_size)
        x = op("transpose", [reshape(x, [batch, height, width, block_size, block_size, depth])], perm=[0, 1, 3, 2, 4, 5])
        return back(reshape(x, [batch, height * block_size, width * block_size, depth]))
    rows, columns = height // block_size, width // block_size
    x = op("transpose", [reshape(x, [batch, rows, block_size, columns, block_size, channels])], perm=[0, 1, 3, 2, 4, 5])
    return back(reshape(x, [batch, rows, columns, block_size * block_size * channels]))


def depth_to_space(x, block_size, data_format=None):
    return _blocks(x, block_size, data_format, True)


def space_to_depth(x, block_size, data_format=None):
    return _blocks(x, block_size, data_format, False)
