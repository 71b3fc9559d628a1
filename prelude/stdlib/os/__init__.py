"""Paths as text; everything that would touch the world refuses by name."""

from _world import refuse as _refuse
from os import path

sep = "/"
altsep = None
pathsep = ":"
linesep = "\n"
curdir = "."
pardir = ".."
extsep = "."
devnull = "/dev/null"
name = "posix"
environ = {}


def getenv(key, default=None):
    return environ.get(key, default)


def fspath(p):
    if isinstance(p, (str, bytes)):
        return p
    if hasattr(type(p), "__fspath__"):
        return p.__fspath__()
    raise TypeError(f"expected str, bytes or os.PathLike object, not {type(p).__name__}")


class PathLike:
    pass


error = OSError


def _absent(name):
    def function(*args, **kwargs):
        _refuse(f"os.{name}() would touch the machine, which a kedge evaluation does not do")

    function.__name__ = name
    return function


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'os' has no attribute {name!r}")
    return _absent(name)
