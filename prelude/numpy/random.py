"""`numpy.random`: random numbers differ at every load. What a layer draws while it is made is a value of unknown elements (a variable that
starts from it is loaded; a seed is kept); drawing at inference is refused, and so is what has no shape of its own."""
import _kedge


def _refuse(name):
    _kedge.refuse("K0330", f"`numpy.random.{name}` draws random numbers, which the saved model does not hold")


def _drawn(name, size, dtype="float64"):
    from keras.src.random import at_inference, drawn
    if at_inference():
        _refuse(name)
    shape = () if size is None else size if isinstance(size, (tuple, list)) else (size,)
    return drawn(f"numpy.random.{name}", shape, dtype)


def _refused(name):
    def function(*args, **kwargs):
        _refuse(name)

    function.__name__ = name
    return function


def rand(*shape):
    return _drawn("rand", shape)


def randn(*shape):
    return _drawn("randn", shape)


def random(size=None):
    return _drawn("random", size)


random_sample = ranf = sample = random


def normal(loc=0.0, scale=1.0, size=None):
    return _drawn("normal", size)


def uniform(low=0.0, high=1.0, size=None):
    return _drawn("uniform", size)


def standard_normal(size=None, dtype="float64"):
    return _drawn("standard_normal", size, dtype)


def randint(low, high=None, size=None, dtype="int64"):
    return _drawn("randint", size, dtype)


def integers(low, high=None, size=None, dtype="int64", endpoint=False):
    return _drawn("integers", size, dtype)


def seed(value=None):
    pass


class RandomState:
    """Both kinds of generators."""

    def __init__(self, seed=None):
        pass

    def __getattr__(self, name):
        return globals()[name] if name in _METHODS else _refused(name)


_METHODS = ("rand", "randn", "random", "random_sample", "normal", "uniform", "standard_normal", "randint", "integers", "seed")
Generator = RandomState


def default_rng(seed=None):
    return RandomState(seed)


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'numpy.random' has no attribute '{name}'")
    return _refused(name)
