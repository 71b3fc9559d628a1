"""Convolutions, pooling, matrix products and normalisation. ONNX keeps channels first; the graph has them last, and a pass cancels what meets."""
import itertools

import numpy as np
from keras.src.ops.nn import conv_transpose_to
from keras.src.ops.reduce import normalize_axis
from keras.src.tensor import cast, dims, dtype_of, op, reshape, static_shape, to_tensor
from onnx_graph.context import now, refuse


def to_last(x):
    rank = len(static_shape(x))
    return op("transpose", [x], perm=[0] + list(range(2, rank)) + [1])


def to_first(x):
    rank = len(static_shape(x))
    return op("transpose", [x], perm=[0, rank - 1] + list(range(1, rank - 1)))


def same_pads(sizes, window, strides, dilations, lower):
    before, after = [], []
    for size, k, s, d in zip(sizes, window, strides, dilations):
        total = max((-(-size // s) - 1) * s + (k - 1) * d + 1 - size, 0)
        small, large = total // 2, total - total // 2
        before.append(large if lower else small)
        after.append(small if lower else large)
    return before, after


def explicit_pads(auto_pad, pads, sizes, window, strides, dilations):
    """(before, after) of each spatial dimension."""
    n = len(window)
    if auto_pad in ("SAME_UPPER", "SAME_LOWER"):
        if None in sizes:
            refuse(auto_pad, "needs static sizes", "give them with --shape")
        return same_pads(sizes, window, strides, dilations, auto_pad == "SAME_LOWER")
    pads = [0] * (2 * n) if pads is None or auto_pad == "VALID" else pads
    return list(pads[:n]), list(pads[n:])


def _padded(x, before, after, value=0.0):
    """Channels-last x with its spatial dimensions padded."""
    if not any(before) and not any(after):
        return x
    return op("pad", [x], before=[0] + before + [0], after=[0] + after + [0], mode="constant", value=value)


def Conv(x, w, b=None, *, auto_pad="NOTSET", dilations=None, group=1, kernel_shape=None, pads=None, strides=None):
    x, w = to_tensor(x), to_tensor(w)
    n = len(static_shape(x)) - 2
    strides, dilations = strides or [1] * n, dilations or [1] * n
    window = list(static_shape(w)[2:])
    before, after = explicit_pads(auto_pad, pads, static_shape(x)[2:], window, strides, dilations)
    x = to_last(x)
    kernel = op("transpose", [w], perm=list(range(2, n + 2)) + [1, 0])
    bias = None if b is None else to_tensor(b)
    if n == 1:
        sizes, shape = dims(x), dims(kernel)
        x, kernel = reshape(x, [sizes[0], 1] + list(sizes[1:])), reshape(kernel, [1] + list(shape))
        strides, dilations, before, after = [1] + strides, [1] + dilations, [0] + before, [0] + after
    if n <= 2:
        pads2 = [before[0], after[0], before[1], after[1]]
        channels, out = static_shape(x)[-1], static_shape(kernel)[-1]
        if group > 1 and group == channels:
            kernel = reshape(kernel, list(dims(kernel))[:2] + [channels, out // channels])
            y = op("depthwise_conv2d", [x, kernel, bias], strides=strides, dilations=dilations, padding="explicit", pads=pads2, activation="none")
        else:
            y = op("conv2d", [x, kernel, bias], strides=strides, dilations=dilations, padding="explicit", pads=pads2, groups=group, activation="none")
        if n == 1:
            sizes = dims(y)
            y = reshape(y, [sizes[0], sizes[2], sizes[3]])
    else:
        y = op("conv3d", [_padded(x, before, after), kernel, bias], strides=strides, dilations=dilations, padding="valid", groups=group)
    return to_first(y)


def ConvTranspose(x, w, b=None, *, auto_pad="NOTSET", dilations=None, group=1, kernel_shape=None, output_padding=None, output_shape=None, pads=None, strides=None):
    x, w = to_tensor(x), to_tensor(w)
    n = len(static_shape(x)) - 2
    strides, dilations, extra = strides or [1] * n, dilations or [1] * n, output_padding or [0] * n
    sizes, window = static_shape(x)[2:], static_shape(w)[2:]
    if None in sizes:
        refuse("ConvTranspose", "needs static sizes", "give them with --shape")
    whole = [s * (i - 1) + (k - 1) * d + 1 for s, i, k, d in zip(strides, sizes, window, dilations)]
    if output_shape is not None or auto_pad in ("SAME_UPPER", "SAME_LOWER"):
        wanted = list(output_shape)[-n:] if output_shape is not None else [i * s for i, s in zip(sizes, strides)]
        total = [max(full + e - size, 0) for full, e, size in zip(whole, extra, wanted)]
        lower = auto_pad == "SAME_LOWER" or auto_pad == "NOTSET"
        before = [t - t // 2 if lower else t // 2 for t in total]
        if auto_pad == "NOTSET":
            before = [t // 2 for t in total]
    else:
        pads = [0] * (2 * n) if pads is None else pads
        before = pads[:n]
        wanted = [full + e - pads[i] - pads[n + i] for i, (full, e) in enumerate(zip(whole, extra))]
    x = to_last(x)
    kernel = op("transpose", [w], perm=list(range(2, n + 2)) + [1, 0])  # (..., out / group, in)
    pieces = []
    channels = static_shape(x)[-1] // group
    for g in range(group):
        part = x if group == 1 else _channels(x, g * channels, (g + 1) * channels)
        k = kernel if group == 1 else _channels(kernel, g * channels, (g + 1) * channels)
        y = conv_transpose_to(part, k, strides, "valid", whole, dilations)
        long = [b + size for b, size in zip(before, wanted)]
        over = [max(size - full, 0) for size, full in zip(long, whole)]
        y = _padded(y, [0] * n, over)
        pieces.append(op("slice", [y], begin=[0] + before + [0], end=[dims(y)[0]] + long + [dims(y)[-1]], strides=[1] * (n + 2)))
    y = pieces[0] if group == 1 else op("concat", pieces, axis=n + 1)
    return to_first(y if b is None else op("add", [y, to_tensor(b)]))


def _channels(x, first, end):
    rank = len(static_shape(x))
    return op("slice", [x], begin=[0] * (rank - 1) + [first], end=list(dims(x))[:-1] + [end], strides=[1] * rank)


def _pool_pads(x, kernel_shape, strides, dilations, auto_pad, pads, ceil_mode):
    """Explicit padding; with ceil_mode more behind, where a last partial window starts inside of the input or its front padding."""
    sizes = static_shape(x)[2:]
    before, after = explicit_pads(auto_pad, pads, sizes, kernel_shape, strides, dilations)
    more = [0] * len(kernel_shape)
    if ceil_mode:
        for i, size in enumerate(sizes):
            extent = (kernel_shape[i] - 1) * dilations[i] + 1
            room = size + before[i] + after[i] - extent
            count = -(-room // strides[i]) + 1
            if (count - 1) * strides[i] >= size + before[i]:
                count -= 1
            more[i] = max((count - 1) * strides[i] + extent - size - before[i] - after[i], 0)
    return before, after, more


def MaxPool(x, *, auto_pad="NOTSET", ceil_mode=0, dilations=None, kernel_shape, pads=None, storage_order=0, strides=None):
    x = to_tensor(x)
    n = len(kernel_shape)
    strides, dilations = strides or [1] * n, dilations or [1] * n
    if now.results > 1:
        refuse("MaxPool", "with its second result, the positions, is not supported")
    before, after, more = _pool_pads(x, kernel_shape, strides, dilations, auto_pad, pads, ceil_mode)
    kind = dtype_of(x)
    lowest = -np.inf if kind[0] in "fb" else float(np.iinfo(kind).min)
    padded = _padded(to_last(x), before, [a + m for a, m in zip(after, more)], lowest)
    return to_first(windows(padded, "max", kernel_shape, strides, dilations))


def windows(x, kind, window, strides, dilations):
    """Pooling without padding in one to three dimensions, channels last."""
    n = len(window)
    if any(d != 1 for d in dilations):
        return _dilated(x, kind, window, strides, dilations)
    if n == 1:
        sizes = dims(x)
        y = op(f"{kind}_pool2d", [reshape(x, [sizes[0], 1] + list(sizes[1:]))], window=[1] + window, strides=[1] + strides, padding="valid", pads=[0, 0, 0, 0])
        after = dims(y)
        return reshape(y, [after[0], after[2], after[3]])
    if n == 2:
        return op(f"{kind}_pool2d", [x], window=window, strides=strides, padding="valid", pads=[0, 0, 0, 0])
    return op(f"{kind}_pool3d", [x], window=window, strides=strides, padding="valid")


def _dilated(x, kind, window, strides, dilations):
    """The windows' elements one by one, combined."""
    sizes = static_shape(x)[1:-1]
    counts = [(size - (k - 1) * d - 1) // s + 1 for size, k, s, d in zip(sizes, window, strides, dilations)]
    total = None
    for place in itertools.product(*[range(k) for k in window]):
        first = [int(p) * d for p, d in zip(place, dilations)]
        end = [f + (c - 1) * s + 1 for f, c, s in zip(first, counts, strides)]
        part = op("slice", [x], begin=[0] + first + [0], end=[dims(x)[0]] + end + [dims(x)[-1]], strides=[1] + strides + [1])
        total = part if total is None else op("max" if kind == "max" else "add", [total, part])
    return total if kind == "max" else op("div", [total, to_tensor(float(np.prod(window)), dtype_of(x))])


def AveragePool(x, *, auto_pad="NOTSET", ceil_mode=0, count_include_pad=0, dilations=None, kernel_shape, pads=None, strides=None):
    x = to_tensor(x)
    n = len(kernel_shape)
    strides, dilations = strides or [1] * n, dilations or [1] * n
    before, after, more = _pool_pads(x, kernel_shape, strides, dilations, auto_pad, pads, ceil_mode)
    last = to_last(x)
    all_after = [a + m for a, m in zip(after, more)]
    y = windows(_padded(last, before, all_after), "avg", kernel_shape, strides, dilations)
    if any(before) or any(all_after):
        sizes = static_shape(x)[2:]
        ones = np.ones([1] + list(sizes) + [1], "float32")
        inner = ([0] * n, [0] * n) if not count_include_pad else (before, after)
        counted = np.pad(ones, [(0, 0)] + [(b, a) for b, a in zip(*inner)] + [(0, 0)], constant_values=1.0) if count_include_pad else ones
        outer = ([0] * n, more) if count_include_pad else (before, all_after)
        counted = np.pad(counted, [(0, 0)] + [(b, a) for b, a in zip(*outer)] + [(0, 0)])
        share = windows(to_tensor(counted), "avg", kernel_shape, strides, dilations)
        y = op("div", [y, cast(share, dtype_of(y))])
    return to_first(y)


def LpPool(x, *, auto_pad="NOTSET", ceil_mode=0, dilations=None, kernel_shape, pads=None, p=2, strides=None):
    x = to_tensor(x)
    n = len(kernel_shape)
    strides, dilations = strides or [1] * n, dilations or [1] * n
    before, after, more = _pool_pads(x, kernel_shape, strides, dilations, auto_pad, pads, ceil_mode)
    powers = op("pow", [op("abs", [to_last(x)]), to_tensor(float(p), dtype_of(x))])
    mean = windows(_padded(powers, before, [a + m for a, m in zip(after, more)]), "avg", kernel_shape, strides, dilations)
    total = op("mul", [mean, to_tensor(float(np.prod(kernel_shape)), dtype_of(x))])
    return to_first(op("pow", [total, to_tensor(1.0 / p, dtype_of(x))]))


def _global(name):
    def apply(x):
        x = to_tensor(x)
        return op(name, [x], axes=list(range(2, len(static_shape(x)))), keepdims=True)

    apply.__module__ = __name__
    return apply


GlobalAveragePool, GlobalMaxPool = _global("reduce_mean"), _global("reduce_max")


def GlobalLpPool(x, *, p=2):
    x = to_tensor(x)
    kind = dtype_of(x)
    total = op("reduce_sum", [op("pow", [op("abs", [x]), to_tensor(float(p), kind)])], axes=list(range(2, len(static_shape(x)))), keepdims=True)
    return op("pow", [total, to_tensor(1.0 / p, kind)])


# -- matrix products -------------------------------------------------------------------------------------------------

def MatMul(a, b):
    from keras.src.ops.linalg import matmul_any
    return matmul_any(to_tensor(a), to_tensor(b))


def Gemm(a, b, c=None, *, alpha=1.0, beta=1.0, transA=0, transB=0, broadcast=None):
    a, b = to_tensor(a), to_tensor(b)
    y = op("matmul", [a, b], transpose_a=bool(transA), transpose_b=bool(transB))
    if alpha != 1.0:
        y = op("mul", [y, _like(alpha, y)])
    if c is None or beta == 0:
        return y
    c = to_tensor(c)
    return op("add", [y, c if beta == 1.0 else op("mul", [c, _like(beta, c)])])


def _like(value, x):
    return to_tensor(value if dtype_of(x)[0] in "fb" else int(value), dtype_of(x))


# -- normalisation ---------------------------------------------------------------------------------------------------

def _per_channel(v, rank):
    return reshape(to_tensor(v), [-1] + [1] * (rank - 2))


def BatchNormalization(x, scale, b, mean, var, *, epsilon=1e-5, momentum=0.9, training_mode=0, spatial=1, **attributes):
    x = to_tensor(x)
    if training_mode:
        refuse("BatchNormalization", "in training mode takes its statistics from the batch", "export the model in inference mode")
    rank, kind = len(static_shape(x)), dtype_of(x)
    scale, b, mean, var = (cast(_per_channel(v, rank), kind) for v in (scale, b, mean, var))
    factor = op("mul", [scale, op("rsqrt", [op("add", [var, _like(epsilon, x)])])])
    return op("add", [op("mul", [x, factor]), op("sub", [b, op("mul", [mean, factor])])])


def _standardized(x, axes, epsilon):
    mean = op("reduce_mean", [x], axes=axes, keepdims=True)
    centred = op("sub", [x, mean])
    var = op("reduce_mean", [op("mul", [centred, centred])], axes=axes, keepdims=True)
    inverse = op("rsqrt", [op("add", [var, _like(epsilon, x)])])
    return op("mul", [centred, inverse]), mean, inverse


def InstanceNormalization(x, scale, b, *, epsilon=1e-5, **attributes):
    x = to_tensor(x)
    rank = len(static_shape(x))
    y, _, _ = _standardized(x, list(range(2, rank)), epsilon)
    return op("add", [op("mul", [y, _per_channel(scale, rank)]), _per_channel(b, rank)])


def GroupNormalization(x, scale, b, *, epsilon=1e-5, num_groups, stash_type=1):
    x = to_tensor(x)
    sizes, rank = dims(x), len(static_shape(x))
    grouped = reshape(x, [sizes[0], num_groups, -1])
    y, _, _ = _standardized(grouped, [2], epsilon)
    channels = sizes[1]
    if static_shape(to_tensor(scale))[0] == num_groups and channels != num_groups:
        y = op("add", [op("mul", [y, reshape(to_tensor(scale), [num_groups, 1])]), reshape(to_tensor(b), [num_groups, 1])])
        return reshape(y, sizes)
    y = reshape(y, sizes)
    return op("add", [op("mul", [y, _per_channel(scale, rank)]), _per_channel(b, rank)])


def LayerNormalization(x, scale, b=None, *, axis=-1, epsilon=1e-5, stash_type=1):
    x = to_tensor(x)
    rank, kind = len(static_shape(x)), dtype_of(x)
    axes = list(range(normalize_axis(axis, rank), rank))
    y, mean, inverse = _standardized(cast(x, "float32") if kind != "float64" else x, axes, epsilon)
    y = op("mul", [cast(y, kind), to_tensor(scale)])
    return [y if b is None else op("add", [y, to_tensor(b)]), mean, inverse][:max(now.results, 1)]


def RMSNormalization(x, scale, *, axis=-1, epsilon=1e-5, stash_type=1):
    x = to_tensor(x)
    rank, kind = len(static_shape(x)), dtype_of(x)
    wide = cast(x, "float32") if kind != "float64" else x
    size = op("reduce_mean", [op("mul", [wide, wide])], axes=list(range(normalize_axis(axis, rank), rank)), keepdims=True)
    y = op("mul", [wide, op("rsqrt", [op("add", [size, _like(epsilon, wide)])])])
    return op("mul", [cast(y, kind), to_tensor(scale)])


def LRN(x, *, alpha=1e-4, beta=0.75, bias=1.0, size):
    x = to_tensor(x)
    rank = len(static_shape(x))
    squares = op("mul", [x, x])
    before, after = [0] * rank, [0] * rank
    before[1], after[1] = (size - 1) // 2, size - 1 - (size - 1) // 2
    wide = op("pad", [squares], before=before, after=after, mode="constant", value=0.0)
    total = None
    for i in range(size):
        begin, end = [0] * rank, list(dims(wide))
        begin[1], end[1] = i, i + static_shape(x)[1]
        part = op("slice", [wide], begin=begin, end=end, strides=[1] * rank)
        total = part if total is None else op("add", [total, part])
    scale = op("add", [op("mul", [total, _like(alpha / size, x)]), _like(bias, x)])
    return op("div", [x, op("pow", [scale, _like(beta, x)])])
