"""A stand-in for kedge's native module `_kedge`, over TensorFlow graphs, so that the prelude runs under CPython.

Used by run_prelude_in_cpython.py only: it lets the prelude's meaning be checked without the evaluator. Batch dimensions stay unknown, as in kedge.
"""
import os
import sys
import types

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
v1.disable_control_flow_v2()
from tensorflow.python.framework import tensor_util  # noqa: E402
from tensorflow.python.ops import gen_nn_ops, gen_math_ops, gen_array_ops, gen_image_ops  # noqa: E402,F401


class Refusal(BaseException):
    """Not an Exception: user code cannot catch it."""


class Tensor:
    def __init__(self, t, value=None):
        self.t = t
        self.const = value


GRAPH = tf.Graph()
WEIGHTS, INITIAL, FEEDS = {}, {}, []


def _static(t):
    if t.const is not None:
        return tuple(t.const.shape)
    return tuple(t.t.shape.as_list())


def static_shape(t):
    return _static(t)


def dtype_of(t):
    return (t.t if t.t is not None else t.const).dtype.name


def _graph(t):
    if t.t is None:
        # Outside any branch or loop that is being traced: the constant may be used elsewhere too.
        with GRAPH.as_default(), GRAPH.control_dependencies(None):
            t.t = tf.constant(t.const)
    return t.t


def constant(value, dtype=None):
    array = np.array(value)
    if dtype == "bfloat16":
        array = array.astype(tf.bfloat16.as_numpy_dtype)
    elif dtype is not None:
        array = array.astype(dtype)
    return Tensor(None, array)


def value(t):
    return t.const


def known_ints(t):
    if t.const is not None:
        return [int(v) for v in t.const.reshape(-1)]
    if t.t.dtype.is_integer and t.t.shape.rank in (0, 1):
        with GRAPH.as_default():
            if t.t.shape.rank == 0:
                shape = tensor_util.constant_value_as_shape(tf.reshape(tf.cast(t.t, tf.int32), [1]))
            else:
                shape = tensor_util.constant_value_as_shape(tf.cast(t.t, tf.int32))
            if shape.rank is not None:
                return shape.as_list()
    return None


def is_symbolic(x):
    return isinstance(x, Tensor) and x.const is None


def shape_tensor(t, dtype="int32"):
    static = _static(t)
    if None not in static:
        return constant(list(static), dtype) if static else constant(np.zeros((0,)), dtype)
    with GRAPH.as_default():
        return Tensor(tf.shape(_graph(t), out_type=dtype))


def dims(t):
    static = _static(t)
    if None not in static:
        return list(static)
    with GRAPH.as_default():
        whole = tf.shape(_graph(t))
        return [d if d is not None else Tensor(whole[i]) for i, d in enumerate(static)]


def pack_dims(items):
    if all(isinstance(i, int) or i.const is not None for i in items):
        return constant([int(i) if isinstance(i, int) else int(i.const) for i in items] or np.zeros((0,)), "int32")
    with GRAPH.as_default():
        return Tensor(tf.stack([i if isinstance(i, int) else tf.cast(_graph(i), tf.int32) for i in items]))


def _dims_value(items):
    items = list(items)
    if all(isinstance(i, int) or (isinstance(i, Tensor) and i.const is not None) for i in items):
        return [int(i) if isinstance(i, int) else int(i.const) for i in items]
    return tf.stack([int(i) if isinstance(i, int) else tf.cast(_graph(i), tf.int32) for i in items])


def input(name, shape, dtype):
    with GRAPH.as_default():
        t = Tensor(v1.placeholder(dtype, shape))
    FEEDS.append((name, t))
    return t


def placeholder(name, shape, dtype):
    with GRAPH.as_default():
        return Tensor(v1.placeholder(dtype, shape))


def weight(name, shape, dtype):
    with GRAPH.as_default():
        t = Tensor(v1.placeholder(dtype, shape))
    WEIGHTS[id(t)] = t
    return t


def weight_initial(t, array):
    INITIAL[id(t)] = array


def region_begin(kind, name, instance, attrs, inputs):
    return (kind, name)


def region_end(token, outputs):
    assert all(isinstance(t, Tensor) for t in outputs), token


PATH = []


def enter_path(text):
    PATH.append(text)


def leave_path():
    PATH.pop()


def refuse(code, message, help=None):
    raise Refusal(f"{code}: {message}")


def note(kind, **facts):
    pass


FINDER = []


def find_class(module, class_name, registered_name):
    return FINDER[0](module, class_name, registered_name)


def find_object(module, name, registered_name):
    return FINDER[0](module, name, registered_name)


def source_of(item):
    return "?"


# -- control flow ----------------------------------------------------------------------------------------------------

def cond(pred, then_fn, else_fn):
    def branch(fn):
        return lambda: [_graph(t) for t in fn()]

    with GRAPH.as_default():
        return [Tensor(t) for t in _as_list(v1.cond(_graph(pred), branch(then_fn), branch(else_fn), strict=True))]


def while_loop(cond_fn, body_fn, state):
    with GRAPH.as_default():
        out = v1.while_loop(lambda *s: _graph(cond_fn(*[Tensor(t) for t in s])), lambda *s: [_graph(t) for t in body_fn(*[Tensor(t) for t in s])],
                            [_graph(t) for t in state], return_same_structure=True)
    return [Tensor(t) for t in _as_list(out)]


def _as_list(x):
    return list(x) if isinstance(x, (list, tuple)) else [x]


# -- ops -------------------------------------------------------------------------------------------------------------

UNARY = {
    "abs": tf.abs, "neg": tf.negative, "sign": tf.sign, "floor": tf.floor, "ceil": tf.math.ceil, "round": tf.round, "exp": tf.exp, "log": tf.math.log,
    "log1p": tf.math.log1p, "expm1": tf.math.expm1, "sqrt": tf.sqrt, "rsqrt": tf.math.rsqrt, "square": tf.square, "reciprocal": tf.math.reciprocal,
    "sin": tf.sin, "cos": tf.cos, "tan": tf.tan, "asin": tf.asin, "acos": tf.acos, "atan": tf.atan, "sinh": tf.sinh, "cosh": tf.cosh, "tanh": tf.tanh,
    "asinh": tf.asinh, "acosh": tf.acosh, "atanh": tf.atanh, "erf": tf.math.erf, "erfinv": tf.math.erfinv, "lgamma": tf.math.lgamma,
    "digamma": tf.math.digamma, "sigmoid": tf.sigmoid, "relu": tf.nn.relu, "relu6": tf.nn.relu6, "softplus": tf.nn.softplus, "is_nan": tf.math.is_nan,
    "is_inf": tf.math.is_inf, "is_finite": tf.math.is_finite, "logical_not": tf.logical_not, "bitwise_not": tf.bitwise.invert,
    "hard_swish": lambda x: x * tf.nn.relu6(x + 3) / 6,
}
BINARY = {
    "add": tf.add, "sub": tf.subtract, "mul": tf.multiply, "div": tf.divide, "floordiv": tf.math.floordiv, "mod": tf.math.floormod, "pow": tf.pow,
    "max": tf.maximum, "min": tf.minimum, "atan2": tf.atan2, "squared_difference": tf.math.squared_difference, "equal": tf.equal,
    "not_equal": tf.not_equal, "less": tf.less, "less_equal": tf.less_equal, "greater": tf.greater, "greater_equal": tf.greater_equal,
    "logical_and": tf.logical_and, "logical_or": tf.logical_or, "logical_xor": tf.math.logical_xor, "bitwise_and": tf.bitwise.bitwise_and,
    "bitwise_or": tf.bitwise.bitwise_or, "bitwise_xor": tf.bitwise.bitwise_xor, "left_shift": tf.bitwise.left_shift,
    "right_shift": tf.bitwise.right_shift, "truncmod": tf.truncatemod,
}
REDUCE = {"sum": tf.reduce_sum, "mean": tf.reduce_mean, "max": tf.reduce_max, "min": tf.reduce_min, "prod": tf.reduce_prod, "any": tf.reduce_any,
          "all": tf.reduce_all}


def _conv2d(x, k, bias, strides, dilations, padding, pads, groups=1, activation="none"):
    pad = padding.upper() if padding != "explicit" else [[0, 0], pads[:2], pads[2:], [0, 0]]
    if groups == 1:
        y = tf.nn.conv2d(x, k, strides, pad, dilations=dilations)
    else:
        xs, ks = tf.split(x, groups, axis=-1), tf.split(k, groups, axis=-1)
        y = tf.concat([tf.nn.conv2d(a, b, strides, pad, dilations=dilations) for a, b in zip(xs, ks)], axis=-1)
    return y if bias is None else y + bias


def _depthwise(x, k, bias, strides, dilations, padding, pads, activation="none"):
    # Non-square strides are not supported by TensorFlow: a grouped convolution instead.
    c, m = k.shape[2], k.shape[3]
    y = _conv2d(x, tf.reshape(k, [k.shape[0], k.shape[1], 1, c * m]), None, strides, dilations, padding, pads, groups=c)
    return y if bias is None else y + bias


def _conv3d(x, k, bias, strides, dilations, padding, groups):
    pad = padding.upper()
    xs, ks = tf.split(x, groups, axis=-1), tf.split(k, groups, axis=-1)
    dil = [1] + list(dilations) + [1]
    y = tf.concat([_conv3d_one(a, b, strides, pad, dil) for a, b in zip(xs, ks)], axis=-1)
    return y if bias is None else y + bias


def _conv3d_one(a, b, strides, pad, dil):
    if set(dil) == {1}:
        return tf.nn.conv3d(a, b, [1] + list(strides) + [1], pad)
    return tf.nn.convolution(a, b, strides=list(strides), padding=pad, dilations=dil[1:4])


def _conv_t(x, k, bias, strides, padding, pads, output_size, dilations):
    shape = tf.stack([tf.shape(x)[0]] + [_int(o) for o in output_size] + [k.shape[2]])
    for i, d in enumerate(dilations):
        if d > 1:  # TensorFlow has none on CPUs: zeros between the kernel's rows instead
            n = k.shape[i]
            wide = tf.expand_dims(k, i + 1)
            pads = [[0, 0]] * 5
            pads[i + 1] = [0, d - 1]
            wide = tf.reshape(tf.pad(wide, pads), [-1 if j == i else k.shape[j] for j in range(4)])
            k = tf.gather(wide, list(range((n - 1) * d + 1)), axis=i)
    y = tf.nn.conv2d_transpose(x, k, shape, strides, padding.upper())
    if all(isinstance(o, int) for o in output_size):
        y.set_shape([None] + list(output_size) + [k.shape[2]])
    return y


def _int(o):
    return o if isinstance(o, int) else tf.cast(_graph(o), tf.int32)


def _pool(kind, n):
    fn = {"max2": tf.nn.max_pool2d, "avg2": tf.nn.avg_pool2d, "max3": tf.nn.max_pool3d, "avg3": tf.nn.avg_pool3d}[f"{kind}{n}"]
    return lambda x, window, strides, padding, pads=None: fn(x, list(window), list(strides), padding.upper())


def _resize(x, method, size, align_corners, half_pixel):
    size = _dims_value(size)
    if method == "nearest":
        return tf.raw_ops.ResizeNearestNeighbor(images=x, size=size, align_corners=align_corners, half_pixel_centers=half_pixel)
    if method == "bilinear":
        return tf.raw_ops.ResizeBilinear(images=x, size=size, align_corners=align_corners, half_pixel_centers=half_pixel)
    return tf.raw_ops.ResizeBicubic(images=x, size=size, align_corners=align_corners, half_pixel_centers=half_pixel)


def _slice(x, begin, end, strides):
    begin, end = list(begin), list(end)
    end_mask = 0
    for i, (e, s) in enumerate(zip(end, strides)):
        if s < 0 and isinstance(e, int) and e == -1:
            end_mask |= 1 << i
            end[i] = 0
    shape = x.shape
    y = tf.strided_slice(x, _dims_value(begin), _dims_value(end), list(strides), end_mask=end_mask)
    full = []
    for i in range(len(begin)):
        b, e, s = begin[i], end[i], strides[i]
        full.append(y.shape[i] if y.shape[i] is not None else (max(0, -(-(e - b) // s)) if isinstance(b, int) and isinstance(e, int) and s > 0 else None))
    y.set_shape(full)
    return y


def _gather(x, indices, axis=0, batch_dims=0):
    return tf.gather(x, indices, axis=axis, batch_dims=batch_dims)


def _pad(x, before, after, mode, value):
    if all(isinstance(v, int) for v in list(before) + list(after)):
        pads = [[a, b] for a, b in zip(before, after)]
    else:
        pads = tf.stack([_dims_value(before), _dims_value(after)], axis=1)
    if mode == "edge":
        for i, (a, b) in enumerate(pads):
            first, last = tf.gather(x, [0] * a, axis=i), tf.gather(x, [x.shape[i] - 1] * b, axis=i)
            x = tf.concat([first, x, last], axis=i)
        return x
    return tf.pad(x, pads, mode.upper(), constant_values=tf.cast(value, x.dtype))


def _fully_static(y, shape):
    known = [d if isinstance(d, int) and d >= 0 else None for d in shape]
    if y.shape.rank == len(known):
        y.set_shape([a if a is not None else b for a, b in zip(y.shape.as_list(), known)])
    return y


def _iota(shape, axis, dtype):
    n = _dims_value(shape)
    line = tf.range(n[axis])
    view = [1] * len(shape)
    view[axis] = -1
    return _fully_static(tf.cast(tf.broadcast_to(tf.reshape(line, view), n), dtype), shape)


def _top_k(x, k, sorted):
    return tuple(tf.math.top_k(x, k, sorted))


OPS = {
    "leaky_relu": lambda x, alpha: tf.nn.leaky_relu(x, alpha), "elu": lambda x, alpha=1.0: tf.where(x > 0, x, alpha * tf.math.expm1(x)),
    "gelu": lambda x, approximate: tf.nn.gelu(x, approximate), "select": lambda c, a, b: tf.where(c, a, b), "cast": lambda x, to: tf.cast(x, to),
    "argmax": lambda x, axis, keepdims=False, to="int64": _keep(tf.argmax(x, axis, output_type=to), axis, keepdims),
    "argmin": lambda x, axis, keepdims=False, to="int64": _keep(tf.argmin(x, axis, output_type=to), axis, keepdims),
    "cumsum": lambda x, axis, exclusive, reverse: tf.cumsum(x, axis, exclusive, reverse),
    "cumprod": lambda x, axis, exclusive, reverse: tf.math.cumprod(x, axis, exclusive, reverse),
    "reshape": lambda x, shape: _fully_static(tf.reshape(x, _dims_value(shape)), shape),
    "transpose": lambda x, perm: tf.transpose(x, perm), "concat": lambda *xs, axis: tf.concat(list(xs), axis), "slice": _slice, "pad": _pad,
    "gather": _gather, "gather_nd": lambda x, i, batch_dims=0: tf.gather_nd(x, i, batch_dims=batch_dims),
    "scatter_nd": lambda i, u, shape: tf.scatter_nd(i, u, tf.cast(_dims_value(shape), i.dtype)),
    "scatter_update": lambda x, i, u: tf.tensor_scatter_nd_update(x, i, u), "tile": lambda x, multiples: tf.tile(x, _dims_value(multiples)),
    "broadcast_to": lambda x, shape: _fully_static(tf.broadcast_to(x, _dims_value(shape)), shape), "reverse": lambda x, axes: tf.reverse(x, axes),
    "one_hot": lambda i, depth, axis, to: tf.one_hot(i, depth, axis=axis, dtype=to), "conv2d": _conv2d, "depthwise_conv2d": _depthwise,
    "conv3d": _conv3d, "conv2d_transpose": _conv_t,
    "matmul": lambda a, b, transpose_a=False, transpose_b=False: tf.matmul(a, b, transpose_a=transpose_a, transpose_b=transpose_b),
    "max_pool2d": _pool("max", 2), "avg_pool2d": _pool("avg", 2), "max_pool3d": _pool("max", 3), "avg_pool3d": _pool("avg", 3),
    "softmax": lambda x, axis: tf.nn.softmax(x, axis), "log_softmax": lambda x, axis: tf.nn.log_softmax(x, axis), "resize": _resize,
    "top_k": _top_k, "sort": lambda x, axis, descending: tf.sort(x, axis, "DESCENDING" if descending else "ASCENDING"),
    "argsort": lambda x, axis, descending, to="int32": tf.cast(tf.argsort(x, axis, "DESCENDING" if descending else "ASCENDING", stable=True), to),
}
NO_INPUT = {"iota": _iota}


def _keep(y, axis, keepdims):
    return tf.expand_dims(y, axis) if keepdims else y


def op(name, inputs, **attrs):
    for i in inputs:
        assert i is None or isinstance(i, Tensor), (name, inputs)
    dtypes = [dtype_of(i) for i in inputs if i is not None]
    if (name in BINARY or name in ("concat", "matmul")) and len(set(dtypes)) > 1:
        raise ValueError(f"{name}: dtypes differ: {dtypes}")
    if name in UNARY:
        fn = UNARY[name]
    elif name in BINARY:
        fn = BINARY[name]
    elif name.startswith("reduce_"):
        def fn(x, axes, keepdims):
            return REDUCE[name[7:]](x, axis=axes, keepdims=keepdims)
    elif name in NO_INPUT:
        fn = NO_INPUT[name]
    else:
        fn = OPS[name]
    symbolic_attr = any(isinstance(v, Tensor) and v.const is None for a in attrs.values() if isinstance(a, (list, tuple)) for v in a)
    if all(i is None or i.const is not None for i in inputs) and not symbolic_attr:
        with tf.init_scope():
            args = [None if i is None else tf.constant(i.const) for i in inputs]
            out = fn(*args, **attrs)
            if isinstance(out, tuple):
                return tuple(Tensor(None, o.numpy()) for o in out)
            return Tensor(None, np.asarray(out.numpy()))
    with GRAPH.as_default():
        out = fn(*[None if i is None else _graph(i) for i in inputs], **attrs)
        if isinstance(out, tuple):
            return tuple(Tensor(o) for o in out)
        return Tensor(out)


def install(prelude):
    """Puts this module in the place of `_kedge` and the prelude in front of every path; the real keras and tensorflow are hidden."""
    native = types.ModuleType("_kedge")
    for key, item in globals().items():
        if not key.startswith("__"):
            setattr(native, key, item)
    for name in list(sys.modules):
        top = name.split(".")[0]
        inner = name.startswith(("tensorflow.python.", "tensorflow.core.", "tensorflow.compiler.", "tensorflow.tsl.", "tensorflow.lite.")) or (
            name in ("tensorflow.python", "tensorflow.core"))
        if top in ("tensorflow", "keras", "tf_keras", "_kedge") and not inner:
            del sys.modules[name]
    sys.modules["_kedge"] = native
    sys.path.insert(0, prelude)
    return native


def run(outputs, inputs, weights):
    feeds = {t.t: v for (_, t), v in zip(FEEDS, inputs)}
    for t, v in weights:
        feeds[t.t] = v
    for key, array in INITIAL.items():
        feeds.setdefault(WEIGHTS[key].t, array)
    with GRAPH.as_default():
        fetches = [_graph(t) for t in outputs]
    # Grappler would move transposes into NCDHW convolutions, which TensorFlow computes wrongly on CPUs.
    settings = v1.ConfigProto()
    settings.graph_options.rewrite_options.disable_meta_optimizer = True
    with v1.Session(graph=GRAPH, config=settings) as session:
        return session.run(fetches, feeds)
