"""The clock has no stable meaning in an evaluation: importing is fine, asking is refused."""

from _world import refuse as _refuse


def sleep(seconds):
    return None


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'time' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"time.{name}() has no stable meaning in an evaluation")

    function.__name__ = name
    return function
