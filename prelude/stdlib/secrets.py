"""Random secrets."""

from _world import refuse as _refuse


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'secrets' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"secrets.{name}() has no stable meaning in an evaluation")

    function.__name__ = name
    return function
