"""Layers that Keras' own `quantize()` stored: int8 and int4 kernels with their scales, and float8 as rounded float32.

Every mode of a layer is what the file holds, in its order (`stored`), and how the kernel and the inputs become numbers again.
"""
import math

import _kedge
import numpy as np
from keras import quantizers
from keras.src.ops import elementwise as el
from keras.src.ops import linalg
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.tensor import cast, op, reshape, static_shape, to_tensor

_STORED = {
    "int8": ("kernel_scale",),
    "int4": ("kernel_scale", "kernel_zero", "g_idx"),
    "float8": ("inputs_scale", "inputs_amax_history", "kernel_scale", "kernel_amax_history", "outputs_grad_scale", "outputs_grad_amax_history"),
}


def refuse_mode(layer, known=()):
    mode = layer.quantization_mode
    if mode not in known:
        _kedge.refuse("K0411", f"a `{type(layer).__name__}` stored as {mode} is not one that kedge knows",
                      "save the model before `quantize()`, and let `kedge compile --quantize int8` quantize it")


def _add(layer, name, shape, dtype=None):
    weight = layer.add_weight(name=name, shape=shape, dtype=dtype, initializer="ones" if name.endswith("scale") else "zeros", trainable=False,
                              autocast=False)
    weight._ignorable = name.endswith("history") or name.startswith("outputs_grad")  # training alone reads them
    setattr(layer, name, weight)


def _block_size(layer):
    """Rows of one scale, or None: the policy's where it names one, else the configuration's."""
    size = getattr(layer._dtype_policy, "block_size", None)
    if size is None:
        size = getattr(quantizers.get(layer.quantization_config), "block_size", None)
    return None if size is None or size == -1 else size


def _input_quantizer(layer):
    config = quantizers.get(layer.quantization_config)
    if config is None:
        return quantizers.AbsMaxQuantizer() if layer.quantization_mode == "int8" else None
    return config.activation_quantizer


def build_kernel(layer, shape, reduced, scale_shape):
    """Makes the variables of a kernel of `shape`, whose `reduced` axes are summed over; `scale_shape` is that of one scale per column."""
    refuse_mode(layer, _STORED)
    mode = layer.quantization_mode
    if mode == "int4":
        rows = math.prod([n for i, n in enumerate(shape) if i in reduced])
        columns = math.prod([n for i, n in enumerate(shape) if i not in reduced])
        layer._kernel = layer.add_weight(name="kernel", shape=(rows, (columns + 1) // 2), dtype="int8", initializer="zeros", trainable=False,
                                         autocast=False)
        groups = _block_size(layer)
        if groups is not None:
            many = (math.ceil(rows / groups), columns)
            _add(layer, "kernel_scale", many)
            _add(layer, "kernel_zero", many, "int8")
            _add(layer, "g_idx", (rows,), "float32")
        else:
            _add(layer, "kernel_scale", (columns,))
    else:
        layer._kernel = layer.add_weight(name="kernel", shape=shape, dtype="int8" if mode == "int8" else None, initializer="zeros",
                                         trainable=False, autocast=False)
        if mode == "int8":
            _add(layer, "kernel_scale", scale_shape)
        else:
            length = layer._dtype_policy.amax_history_length
            for name in _STORED[mode]:
                _add(layer, name, (length,) if name.endswith("history") else (), "float32")
    layer._float_shape = tuple(shape)


def stored(layer):
    """The variables of a layer with a kernel and a bias, in the order of the file."""
    return [layer._kernel, layer.bias] + [getattr(layer, name, None) for name in _STORED[layer.quantization_mode]]


def call_with_kernel(layer, inputs, product, axes, spread):
    """`product` is the layer's product of inputs and kernel; inputs are quantized over `axes`, and `spread` turns their scale to its shape."""
    x = cast(to_tensor(inputs), layer.compute_dtype)
    if layer.quantization_mode == "float8":
        y = product(_as_float8(x, layer.inputs_scale), _as_float8(cast(to_tensor(layer._kernel), layer.compute_dtype), layer.kernel_scale))
        bias = layer.bias
        if bias is not None and layer.compute_dtype == "float32":
            bias = cast(cast(to_tensor(bias), "bfloat16"), "float32")
        return _finished(layer, y, bias)
    quantizer = _input_quantizer(layer)
    scale = 1.0
    if quantizer is not None and not (layer.quantization_mode == "int4" and hasattr(layer, "kernel_zero")):
        x, scale = quantizer(x, axis=axes)
        # Products of int8 sum to less than 2^24 for rows of up to a thousand values: float32 holds them.
        x, scale = cast(x, layer.compute_dtype), spread(scale)
    if layer.quantization_mode == "int8":
        y = el.divide(product(x, cast(to_tensor(layer._kernel), layer.compute_dtype)), el.multiply(scale, layer.kernel_scale))
    else:
        kernel = _dequantized(unpacked(layer._kernel, static_shape(to_tensor(layer.kernel_scale))[-1]), layer.kernel_scale, layer, "kernel_zero", 0)
        y = product(x, reshape(cast(kernel, layer.compute_dtype), layer._float_shape))
        y = y if quantizer is None else el.divide(y, scale)
    return _finished(layer, y, layer.bias)


def _finished(layer, y, bias):
    if bias is not None:
        y = el.add(y, bias)
    return layer.activation(y) if layer.activation is not None else y


def unpacked(packed, columns):
    """[rows, columns] of whole numbers from bytes that hold two of them, the first in the lower half."""
    whole = cast(to_tensor(packed), "int32")
    high = op("floordiv", [whole, to_tensor(16, "int32")])
    low = op("sub", [whole, op("mul", [high, to_tensor(16, "int32")])])
    low = op("select", [op("greater", [low, to_tensor(7, "int32")]), op("sub", [low, to_tensor(16, "int32")]), low])
    rows, half = static_shape(whole)
    return reshape(sh.stack([low, high], axis=-1), [rows, 2 * half])[:, :columns]


def _dequantized(whole, scale, layer, zero, axis):
    """Numbers from whole ones; where a zero point is stored, `g_idx` says which of the scales along `axis` each belongs to."""
    whole = cast(whole, "float32")
    if not hasattr(layer, zero):
        return el.divide(whole, scale if axis == 0 else sh.expand_dims(scale, -1))
    group = cast(to_tensor(layer.g_idx), "int32")
    points = cast(sh.take(to_tensor(getattr(layer, zero)), group, axis=axis), "float32")
    return el.multiply(el.subtract(whole, points), sh.take(to_tensor(scale), group, axis=axis))


_BINADES = np.arange(-5, 9)  # the powers of two at which the step of float8_e4m3fn doubles
_LARGEST = 448.0


def _as_float8(x, scale):
    """What is left of x after storage as float8_e4m3fn at a scale: three bits behind the leading one, ties to even."""
    scale = cast(to_tensor(scale), "float32")
    y = el.clip(el.divide(x, scale), -_LARGEST, _LARGEST)
    grown = el.where(el.greater_equal(sh.expand_dims(el.absolute(y), -1), (2.0 ** _BINADES).astype("float32")),
                     (2.0 ** (_BINADES - 4)).astype("float32"), 0.0)
    step = el.add(red.sum(grown, axis=-1), 2.0 ** -9)
    return el.multiply(el.multiply(el.round(el.divide(y, step)), step), scale)


def build_einsum(layer, kernel_shape, labels):
    source, kernel, result = labels
    reduced = [i for i, label in enumerate(kernel) if label not in result]
    build_kernel(layer, kernel_shape, reduced, tuple(kernel_shape[kernel.index(label)] if label in kernel else 1 for label in result))


def call_einsum(layer, inputs, labels):
    source, _, result = labels
    axes = [i for i, label in enumerate(source) if label not in result]
    kept = [label for label in source if label in result]

    def spread(scale):
        scale = sh.squeeze(scale, axis=tuple(axes)) if axes else scale
        scale = sh.transpose(scale, [kept.index(label) for label in result if label in kept])
        missing = [i for i, label in enumerate(result) if label not in kept]
        return sh.expand_dims(scale, missing) if missing else scale

    return call_with_kernel(layer, inputs, lambda x, kernel: linalg.einsum(layer.equation, x, kernel), tuple(axes), spread)


def build_table(layer):
    """The rows of an embedding, int8 or int4 along the row."""
    refuse_mode(layer, ("int8", "int4"))
    rows, width = layer.input_dim, layer.output_dim
    packed = layer.quantization_mode == "int4"
    layer._embeddings = layer.add_weight(name="embeddings", shape=(rows, (width + 1) // 2 if packed else width), dtype="int8", initializer="zeros",
                                         trainable=False, autocast=False)
    groups = _block_size(layer) if packed else None
    if groups is None:
        return _add(layer, "embeddings_scale", (rows,))
    many = (rows, math.ceil(width / groups))
    _add(layer, "embeddings_scale", many)
    _add(layer, "embeddings_zero", many, "int8")
    _add(layer, "g_idx", (width,), "float32")


def stored_table(layer):
    return [layer._embeddings] + [getattr(layer, name, None) for name in ("embeddings_scale", "embeddings_zero", "g_idx")]


def table(layer):
    """The whole table as floats: what does not depend on the input is computed once."""
    whole = to_tensor(layer._embeddings) if layer.quantization_mode == "int8" else unpacked(layer._embeddings, layer.output_dim)
    return cast(_dequantized(whole, layer.embeddings_scale, layer, "embeddings_zero", -1), layer.compute_dtype)
