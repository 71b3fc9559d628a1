"""Event loops."""

from _world import refuse as _refuse


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'asyncio' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"asyncio.{name}() is not available in a kedge evaluation")

    function.__name__ = name
    return function
