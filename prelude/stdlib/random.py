"""Random numbers have no stable meaning in an evaluation: importing is fine, drawing is refused."""

from _world import refuse as _refuse


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'random' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"random.{name}() has no stable meaning in an evaluation")

    function.__name__ = name
    return function
