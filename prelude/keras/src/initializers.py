"""`keras.initializers`. A weight's value comes from the file; only constant initializers can stand in for one that is not saved."""
import numpy as np
from keras.src import dtypes
from keras.src.lazy import named_module
from keras.src.naming import to_snake_case
from keras.src.tensor import Tensor, to_tensor
import _kedge


class Initializer:
    def __call__(self, shape, dtype=None, **kwargs):
        raise NotImplementedError("Initializer subclasses must implement the `__call__()` method.")

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def clone(self):
        return self.__class__.from_config(self.get_config())

    def array(self, shape, dtype):
        """The value as an array, or None when it is random."""
        return None


class _Random(Initializer):
    """Random initializers keep their settings; calling one gives a tensor of unknown value."""

    _defaults = {}

    def __init__(self, *args, **kwargs):
        settings = dict(self._defaults)
        for key, value in zip(settings, args):
            settings[key] = value
        for key, value in kwargs.items():
            if key not in settings:
                raise TypeError(f"{type(self).__name__}.__init__() got an unexpected keyword argument '{key}'")
            settings[key] = value
        self._settings = settings
        for key, value in settings.items():
            setattr(self, key, value)

    def __call__(self, shape, dtype=None, **kwargs):
        from keras.src.random import drawn
        return drawn(f"{type(self).__name__}(...)", shape, dtype)

    def get_config(self):
        return {key: getattr(self, key) for key in self._settings}


def _random(name, **defaults):
    return type(name, (_Random,), {"_defaults": {**defaults, "seed": None, "input_axes": None, "output_axes": None}})


RandomNormal = _random("RandomNormal", mean=0.0, stddev=0.05)
TruncatedNormal = _random("TruncatedNormal", mean=0.0, stddev=0.05)
RandomUniform = _random("RandomUniform", minval=-0.05, maxval=0.05)
VarianceScaling = _random("VarianceScaling", scale=1.0, mode="fan_in", distribution="truncated_normal")
GlorotUniform = _random("GlorotUniform")
GlorotNormal = _random("GlorotNormal")
LecunUniform = _random("LecunUniform")
LecunNormal = _random("LecunNormal")
HeUniform = _random("HeUniform")
HeNormal = _random("HeNormal")
Orthogonal = _random("Orthogonal", gain=1.0)
OrthogonalInitializer = Orthogonal


class _Constant(Initializer):
    def __call__(self, shape, dtype=None, **kwargs):
        name = dtypes.standardize_dtype(dtype)
        return _kedge.constant(self.array(tuple(int(d) for d in shape), name), name)


class Zeros(_Constant):
    def array(self, shape, dtype):
        return np.zeros(shape, dtype=dtypes.numpy_dtype(dtype))


class Ones(_Constant):
    def array(self, shape, dtype):
        return np.ones(shape, dtype=dtypes.numpy_dtype(dtype))


class Constant(_Constant):
    def __init__(self, value=0.0):
        self.value = value

    def array(self, shape, dtype):
        value = self.value
        if isinstance(value, Tensor) or hasattr(value, "__kedge_tensor__"):
            value = _kedge.value(to_tensor(value))
        value = np.asarray(value, dtype=dtypes.numpy_dtype(dtype))
        return np.array(np.broadcast_to(value if value.size != np.prod(shape) else value.reshape(shape), shape))

    def get_config(self):
        from keras.src.serialization import serialize_keras_object
        return {"value": serialize_keras_object(self.value)}

    @classmethod
    def from_config(cls, config):
        from keras.src.serialization import deserialize_keras_object
        return cls(deserialize_keras_object(config["value"]))


class Identity(_Constant):
    def __init__(self, gain=1.0):
        self.gain = gain

    def array(self, shape, dtype):
        if len(shape) != 2:
            raise ValueError(f"Identity matrix initializer can only be used for 2D matrices. Received: shape={shape}")
        return (self.gain * np.eye(shape[0], shape[1])).astype(dtypes.numpy_dtype(dtype))

    def get_config(self):
        return {"gain": self.gain}


IdentityInitializer = Identity


class STFT(Initializer):
    """Windowed Fourier kernels (`STFTSpectrogram`): the file holds them."""

    def __init__(self, side="real", window="hann", scaling="density", periodic=False):
        self.side, self.window, self.scaling, self.periodic = side, window, scaling, periodic

    def get_config(self):
        return {"side": self.side, "window": self.window, "scaling": self.scaling, "periodic": self.periodic}


STFTInitializer = STFT

_CLASSES = [Initializer, RandomNormal, TruncatedNormal, RandomUniform, VarianceScaling, GlorotUniform, GlorotNormal, LecunUniform, LecunNormal,
            HeUniform, HeNormal, Orthogonal, Zeros, Ones, Constant, Identity, STFT]
_BY_NAME = {}
for _cls in _CLASSES:
    _BY_NAME[_cls.__name__] = _cls
    _BY_NAME[to_snake_case(_cls.__name__)] = _cls
_BY_NAME.update({
    "uniform": RandomUniform, "normal": RandomNormal, "zero": Zeros, "one": Ones, "orthogonal": Orthogonal,
    "OrthogonalInitializer": Orthogonal, "IdentityInitializer": Identity, "eye": Identity,
})


def get(identifier):
    """`keras.initializers.get`: a name, a config, a class, an instance, a function or an array."""
    if identifier is None:
        return None
    if isinstance(identifier, dict):
        identifier = deserialize(identifier)
    elif isinstance(identifier, str):
        found = _BY_NAME.get(identifier)
        if found is None:
            from keras.src.serialization import registered
            found = registered(identifier)
        if found is None:
            raise ValueError(f"Could not interpret initializer identifier: {identifier}")
        identifier = found
    elif isinstance(identifier, (int, float, np.ndarray)) and not isinstance(identifier, bool):
        return Constant(identifier)
    if callable(identifier):
        return identifier() if isinstance(identifier, type) else identifier
    raise ValueError(f"Could not interpret initializer identifier: {identifier}")


def serialize(initializer):
    from keras.src.serialization import serialize_keras_object
    return serialize_keras_object(initializer)


def deserialize(config, custom_objects=None):
    from keras.src.serialization import deserialize_named
    return deserialize_named(config, _BY_NAME, custom_objects)


def constant_initial(initializer, shape, dtype):
    """The constant array that `initializer` gives, or None: a random one, or one whose value is not constant."""
    if initializer is None:
        return None
    if isinstance(initializer, type):
        initializer = initializer()
    if isinstance(initializer, (_Random, STFT)):
        return None
    if isinstance(initializer, _Constant):
        return initializer.array(shape, dtype)
    value = initializer(shape, dtype=dtype)
    if isinstance(value, Tensor):
        value = _kedge.value(value)
    return None if value is None else np.asarray(value, dtype=dtypes.numpy_dtype(dtype))


__getattr__, __dir__ = named_module("keras.src.initializers", _BY_NAME)
