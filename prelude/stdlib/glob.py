"""File names by pattern."""

from _world import refuse as _refuse


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'glob' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"glob.{name}() would touch a file, which a kedge evaluation does not do")

    function.__name__ = name
    return function
