"""Command lines."""

from _world import refuse as _refuse


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'argparse' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"argparse.{name}() is not available in a kedge evaluation")

    function.__name__ = name
    return function
