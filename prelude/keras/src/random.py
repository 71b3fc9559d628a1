"""`keras.random`: a saved model holds no random numbers, so drawing one at inference is refused; seeds keep their place in the file.

What is drawn while a layer is made is unknown, not wrong: a variable that starts from it is loaded. Only using it is refused (K0506).
"""
import _kedge
from keras.src import dtypes
from keras.src.naming import auto_name
from keras.src.state import state
from keras.src.tensor import refuse


class SeedGenerator:
    """Its state is an array of the weights file that inference ignores."""

    _keras_seed = True

    def __init__(self, seed=None, name=None, **kwargs):
        from keras.src import initializers
        from keras.src.variable import Variable
        self.name = name or auto_name("seed_generator")
        self._initial_seed = seed
        self.state = Variable(initializers.get("zeros"), (2,), "uint32", trainable=False, name="seed_generator_state")
        self.state._ignorable = True

    @property
    def variables(self):
        return [self.state]

    def next(self, ordered=True):
        refuse("SeedGenerator.next", "it draws random numbers at inference")

    def get_config(self):
        return {"seed": self._initial_seed}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def _refused(name):
    def function(*args, **kwargs):
        refuse(f"keras.random.{name}", "it draws random numbers, which differ from call to call")

    function.__name__ = name
    return function


def at_inference():
    return bool(state.call_contexts) and not state.building


def drawn(what, shape, dtype=None):
    """A tensor of unknown value."""
    if at_inference():
        refuse(what, "it draws random numbers, which differ from call to call")
    return _kedge.weight(what, tuple(int(size) for size in shape), dtypes.standardize_dtype(dtype))


def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    return drawn("keras.random.normal", shape, dtype)


def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    return drawn("keras.random.uniform", shape, dtype)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    return drawn("keras.random.truncated_normal", shape, dtype)


randint, categorical, shuffle, gamma, beta, binomial = [_refused(n) for n in (
    "randint", "categorical", "shuffle", "gamma", "beta", "binomial")]


def dropout(inputs, rate, noise_shape=None, seed=None):
    if rate == 0:
        return inputs
    refuse("keras.random.dropout", "it draws random numbers, which differ from call to call")
