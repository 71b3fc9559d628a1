"""Dense layers that are stored as int8: the kernel is int8 with a scale per column, inputs are quantized row by row when the layer runs."""
import _kedge
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.tensor import cast, op, to_tensor


def refuse_mode(layer, wanted=None):
    mode = layer.quantization_mode
    if mode != wanted:
        _kedge.refuse("K0411", f"a `{type(layer).__name__}` stored as {mode} is not one that kedge knows",
                      "save the model before `quantize()`, and let `kedge compile --quantize int8` quantize it")


def build_dense(layer, width):
    refuse_mode(layer, "int8")
    layer._kernel = layer.add_weight(name="kernel", shape=(width, layer.units), dtype="int8", initializer="zeros", trainable=False, autocast=False)
    layer.kernel_scale = layer.add_weight(name="kernel_scale", shape=(layer.units,), initializer="ones", trainable=False)


def stored_dense(layer):
    """What the file holds, in its order."""
    return [layer._kernel, layer.bias, layer.kernel_scale]


def call_dense(layer, inputs):
    x, scale = _rows(cast(to_tensor(inputs), layer.compute_dtype))
    # Products of int8 sum to less than 2^24 for rows of up to a thousand values: float32 holds them.
    y = op("matmul", [x, cast(to_tensor(layer._kernel), layer.compute_dtype)])
    y = el.divide(y, el.multiply(scale, layer.kernel_scale))
    if layer.bias is not None:
        y = el.add(y, layer.bias)
    return layer.activation(y) if layer.activation is not None else y


def _rows(x):
    """Every row scaled to -127 … 127 and rounded, and the scales."""
    largest = red.max(el.absolute(x), axis=-1, keepdims=True)
    scale = el.divide(127.0, el.add(largest, 1e-7))
    return el.clip(el.round(el.multiply(x, scale)), -127, 127), scale
