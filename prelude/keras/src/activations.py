"""`keras.activations`."""
from keras.src.keras_tensor import public
from keras.src.ops import nn


def linear(x):
    return x


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    from keras.src.ops import elementwise as el
    from keras.src.tensor import dtype_of, op, to_tensor
    x = to_tensor(x)
    if negative_slope == 0.0 and threshold == 0.0:
        if max_value is None:
            return nn.relu(x)
        if max_value == 6:
            return nn.relu6(x)
        return op("min", [nn.relu(x), to_tensor(max_value, dtype_of(x))])
    if negative_slope != 0.0 and threshold == 0.0 and max_value is None:
        return nn.leaky_relu(x, negative_slope)
    low = el.multiply(negative_slope, el.subtract(x, threshold))
    high = x if max_value is None else el.minimum(x, max_value)
    return el.where(el.greater(x, threshold) if negative_slope == 0.0 else el.greater_equal(x, threshold), high, low)


def leaky_relu(x, negative_slope=0.2):
    return nn.leaky_relu(x, negative_slope)


def relu6(x):
    return nn.relu6(x)


def softmax(x, axis=-1):
    return nn.softmax(x, axis)


def log_softmax(x, axis=-1):
    return nn.log_softmax(x, axis)


def elu(x, alpha=1.0):
    return nn.elu(x, alpha)


def gelu(x, approximate=False):
    return nn.gelu(x, approximate)


def exponential(x):
    from keras.src.ops.elementwise import exp
    return exp(x)


def hard_sigmoid(x):
    """Keras 1 and 2 computed another function under this name, and their files mean that one."""
    from keras.src.state import state
    if state.keras_version.split(".")[0] in ("1", "2"):
        from keras import backend
        return backend.hard_sigmoid(x)
    return nn.hard_sigmoid(x)


_PLAIN = ("selu celu softplus softsign silu tanh sigmoid hard_silu hard_tanh hard_shrink soft_shrink tanh_shrink threshold "
          "sparse_plus sparse_sigmoid squareplus sparsemax glu log_sigmoid mish")

by_name = {}
for _function in (linear, relu, leaky_relu, relu6, softmax, log_softmax, elu, gelu, exponential, hard_sigmoid):
    by_name[_function.__name__] = _function
for _name in _PLAIN.split():
    by_name[_name] = getattr(nn, _name)
by_name = {name: public(function) for name, function in by_name.items()}
for _name, _function in by_name.items():
    _function.__name__ = _name
by_name["swish"] = by_name["silu"]
by_name["hard_swish"] = by_name["hard_silu"]


def get(identifier):
    if identifier is None:
        return by_name["linear"]
    if isinstance(identifier, str):
        found = by_name.get(identifier)
        if found is None:
            from keras.src.serialization import registered
            found = registered(identifier)
        if found is None:
            raise ValueError(f"Could not interpret activation function identifier: {identifier}")
        return found() if isinstance(found, type) else found
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    raise ValueError(f"Could not interpret activation function identifier: {identifier}")


def serialize(activation):
    from keras.src.serialization import serialize_keras_object
    name = getattr(activation, "__name__", None)
    if name in by_name and by_name[name] is activation:
        return name
    return serialize_keras_object(activation)


def deserialize(config, custom_objects=None):
    from keras.src.serialization import deserialize_keras_object, deserialize_named
    if isinstance(config, str):
        return get(config)
    return deserialize_named(config, by_name, custom_objects)
