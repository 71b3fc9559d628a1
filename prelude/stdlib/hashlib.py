"""Digests."""

from _world import refuse as _refuse


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'hashlib' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"hashlib.{name}() is not available in a kedge evaluation")

    function.__name__ = name
    return function
