"""`keras.quantizers`: how the weights and the inputs of a quantized layer were made; the classes keep their settings."""


class Quantizer:
    def __init__(self, output_dtype="int8"):
        self.output_dtype = output_dtype

    def get_config(self):
        return {"output_dtype": self.output_dtype}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class AbsMaxQuantizer(Quantizer):
    """Values scaled so that the largest of an axis reaches the end of the range, and rounded."""

    def __init__(self, axis=None, value_range=(-127, 127), epsilon=1e-7, output_dtype="int8"):
        super().__init__(output_dtype)
        self.axis = (axis,) if isinstance(axis, int) else axis
        self.value_range = tuple(value_range)
        self.epsilon = epsilon

    def __call__(self, x, axis=None, to_numpy=False):
        axis = self.axis if axis is None else axis
        return abs_max_quantize(x, -1 if axis is None else axis, self.value_range, self.output_dtype, self.epsilon)

    def get_config(self):
        return {"value_range": self.value_range, "epsilon": self.epsilon, "output_dtype": self.output_dtype}


def abs_max_quantize(inputs, axis, value_range=(-127, 127), dtype="int8", epsilon=1e-7, to_numpy=False):
    """The rounded values and their scale, both as tensors."""
    from keras.src.ops import elementwise as el
    from keras.src.ops import reduce as red
    from keras.src.tensor import cast, dtype_of, to_tensor
    x = to_tensor(inputs)
    largest = red.max(el.absolute(x), axis=axis, keepdims=True)
    scale = cast(el.divide(value_range[1], el.add(largest, epsilon)), dtype_of(x))
    return cast(el.clip(el.round(el.multiply(x, scale)), value_range[0], value_range[1]), dtype), scale


class QuantizationConfig:
    mode = None

    def __init__(self, weight_quantizer=None, activation_quantizer=None):
        self.weight_quantizer = get(weight_quantizer)
        self.activation_quantizer = AbsMaxQuantizer() if activation_quantizer == "default" else get(activation_quantizer)

    def get_config(self):
        return {"weight_quantizer": self.weight_quantizer, "activation_quantizer": self.activation_quantizer}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class Int8QuantizationConfig(QuantizationConfig):
    mode = "int8"

    def __init__(self, weight_quantizer=None, activation_quantizer="default"):
        super().__init__(weight_quantizer, activation_quantizer)


class Int4QuantizationConfig(QuantizationConfig):
    """`block_size` rows of a column share a scale and a zero point; -1: one scale for the whole column."""
    mode = "int4"

    def __init__(self, weight_quantizer=None, activation_quantizer=None, block_size=128):
        super().__init__(weight_quantizer, activation_quantizer)
        self.block_size = block_size


class Float8QuantizationConfig(QuantizationConfig):
    mode = "float8"


def get(identifier, **kwargs):
    if isinstance(identifier, dict):
        from keras.src.serialization import deserialize_keras_object
        return deserialize_keras_object(identifier)
    return identifier


deserialize = get


def serialize(quantizer):
    from keras.src.serialization import serialize_keras_object
    return serialize_keras_object(quantizer)


def __getattr__(name):
    from keras.src.unused import unused
    return unused("keras.quantizers", name)
