"""Processes."""

from _world import refuse as _refuse


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'subprocess' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"subprocess.{name}() would start a process, which a kedge evaluation does not do")

    function.__name__ = name
    return function
