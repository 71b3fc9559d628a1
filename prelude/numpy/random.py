"""`numpy.random`: random numbers differ at every load, so using one is refused; seeding is not."""
import _kedge


def _refused(name):
    def function(*args, **kwargs):
        _kedge.refuse("K0330", f"`numpy.random.{name}` draws random numbers, which the saved model does not hold")

    function.__name__ = name
    return function


def seed(value=None):
    pass


class RandomState:
    def __init__(self, seed=None):
        pass

    def __getattr__(self, name):
        return _refused(name)


Generator = RandomState


def default_rng(seed=None):
    return RandomState(seed)


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'numpy.random' has no attribute '{name}'")
    return _refused(name)
