"""Pickles."""

from _world import refuse as _refuse


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'pickle' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"pickle.{name}() would run what a byte stream says, which a kedge evaluation does not do")

    function.__name__ = name
    return function
