"""`tf.quantization`: values rounded to the grid of a quantized range, as training for quantization sees them."""
from tensorflow._math import add, clip_by_value, divide, floor, maximum, minimum, multiply, subtract


def _fake_quant(inputs, low, high, num_bits, narrow_range):
    first, last = (1.0 if narrow_range else 0.0), float(2 ** num_bits - 1)
    scale = divide(subtract(high, low), last - first)
    # Zero lies on the grid: the range moves by less than one step.
    zero = floor(add(subtract(first, divide(low, scale)), 0.5))
    zero = minimum(maximum(zero, first), last)
    low, high = multiply(subtract(first, zero), scale), multiply(subtract(last, zero), scale)
    steps = floor(add(divide(subtract(clip_by_value(inputs, low, high), low), scale), 0.5))
    return add(multiply(steps, scale), low)


def fake_quant_with_min_max_args(inputs, min=-6, max=6, num_bits=8, narrow_range=False, name=None):
    from tensorflow._array import constant
    return _fake_quant(inputs, constant(float(min)), constant(float(max)), num_bits, narrow_range)


def fake_quant_with_min_max_vars(inputs, min, max, num_bits=8, narrow_range=False, name=None):
    from tensorflow._array import convert_to_tensor
    return _fake_quant(inputs, convert_to_tensor(min), convert_to_tensor(max), num_bits, narrow_range)


fake_quant_with_min_max_vars_per_channel = fake_quant_with_min_max_vars


def __getattr__(name):
    from keras.src.unused import unused
    return unused("tensorflow.quantization", name)
