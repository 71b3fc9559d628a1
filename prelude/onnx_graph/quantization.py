"""Quantized operators, by what they mean in real numbers: integers times scales. Sums of products are exact in 32-bit integers."""
import numpy as np
from keras.src.ops.reduce import normalize_axis
from keras.src.tensor import cast, dtype_of, op, reshape, static_shape, to_tensor
from onnx_graph import convolution
from onnx_graph.context import DTYPES, dtype_name, refuse

_LIMITS = {"uint8": (0, 255), "int8": (-128, 127), "uint16": (0, 65535), "int16": (-32768, 32767)}


def spread(v, x, axis, block=0):
    """A scale or zero point as something that broadcasts against x."""
    v = to_tensor(v)
    shape, rank = static_shape(v), len(static_shape(x))
    if block:
        axis = normalize_axis(axis, rank)
        return op("gather", [v, to_tensor((np.arange(static_shape(x)[axis]) // block).astype("int32"))], axis=axis, batch_dims=0)
    if shape in ((), (1,)):
        return reshape(v, [])
    if len(shape) > 1:
        return v
    axis = normalize_axis(axis, rank)
    return reshape(v, [shape[0] if i == axis else 1 for i in range(rank)])


def DequantizeLinear(x, scale, zero=None, *, axis=1, block_size=0, output_dtype=0):
    x, scale = to_tensor(x), to_tensor(scale)
    kind = dtype_of(scale) if not output_dtype else dtype_name(output_dtype, "DequantizeLinear")
    y = cast(x, "int32")
    if zero is not None:
        y = op("sub", [y, cast(spread(zero, x, axis, block_size), "int32")])
    return op("mul", [cast(y, kind), cast(spread(scale, x, axis, block_size), kind)])


def QuantizeLinear(x, scale, zero=None, *, axis=1, block_size=0, output_dtype=0, precision=0, saturate=1):
    x = to_tensor(x)
    kind = dtype_of(to_tensor(zero)) if zero is not None else DTYPES.get(output_dtype or 2, "")
    if kind not in _LIMITS:
        refuse("QuantizeLinear", "gives an element type that kedge has not")
    low, high = _LIMITS[kind]
    real = cast(x, "float32")
    y = op("round", [op("div", [real, cast(spread(scale, x, axis, block_size), "float32")])])
    if zero is not None:
        y = op("add", [y, cast(spread(zero, x, axis, block_size), "float32")])
    y = op("min", [op("max", [y, to_tensor(float(low))]), to_tensor(float(high))])
    return cast(y, kind)


def DynamicQuantizeLinear(x):
    x = to_tensor(x)
    axes = list(range(len(static_shape(x))))
    zero = to_tensor(0.0)
    high = op("max", [op("reduce_max", [x], axes=axes, keepdims=False), zero])
    low = op("min", [op("reduce_min", [x], axes=axes, keepdims=False), zero])
    scale = op("div", [op("sub", [high, low]), to_tensor(255.0)])
    point = op("min", [op("max", [op("round", [op("div", [op("neg", [low]), scale])]), zero]), to_tensor(255.0)])
    point = cast(point, "uint8")
    return [QuantizeLinear(x, scale, point), scale, point]


def centred(x, zero, axis):
    """Integers less their zero point, exact as floats (below 2**24 when products are summed in order)."""
    x = to_tensor(x)
    y = cast(x, "int32")
    return y if zero is None else op("sub", [y, cast(spread(zero, x, axis), "int32")])


def MatMulInteger(a, b, a_zero=None, b_zero=None):
    a, b = centred(a, a_zero, -2), centred(b, b_zero, -1)
    return cast(convolution.MatMul(cast(a, "float64"), cast(b, "float64")), "int32")


def ConvInteger(x, w, x_zero=None, w_zero=None, **attributes):
    x, w = centred(x, x_zero, 1), centred(w, w_zero, 0)
    return cast(op("round", [convolution.Conv(cast(x, "float32"), cast(w, "float32"), **attributes)]), "int32")


def QLinearMatMul(a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero):
    total = cast(convolution.MatMul(cast(centred(a, a_zero, -2), "float64"), cast(centred(b, b_zero, -1), "float64")), "float32")
    factor = op("mul", [cast(spread(a_scale, to_tensor(a), -2), "float32"), cast(spread(b_scale, to_tensor(b), -1), "float32")])
    return QuantizeLinear(op("mul", [total, factor]), cast(to_tensor(y_scale), "float32"), y_zero)


def QLinearConv(x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero, bias=None, **attributes):
    total = convolution.Conv(cast(centred(x, x_zero, 1), "float32"), cast(centred(w, w_zero, 0), "float32"), **attributes)
    rank = len(static_shape(total))
    if bias is not None:
        total = op("add", [total, reshape(cast(to_tensor(bias), "float32"), [-1] + [1] * (rank - 2))])
    scale = to_tensor(w_scale)
    scale = reshape(scale, [-1] + [1] * (rank - 2)) if static_shape(scale) not in ((), (1,)) else reshape(scale, [])
    factor = op("mul", [reshape(to_tensor(x_scale), []), scale])
    return QuantizeLinear(op("mul", [total, factor]), y_scale, y_zero)
