"""The machine."""

from _world import refuse as _refuse


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'platform' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"platform.{name}() has no stable meaning in an evaluation")

    function.__name__ = name
    return function
