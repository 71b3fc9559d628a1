"""NumPy: the native array and its functions (module `_numpy`, in C++), and what is composed of them here."""
import importlib

import _numpy
from _numpy import *  # noqa: F403

__version__ = "1.26.4"
_modules = ("linalg", "random", "fft", "ma", "testing", "typing", "lib", "core", "compat")
_COMPOSITIONS = "numpy._composed"


def __getattr__(name):
    if hasattr(_numpy, name):
        return getattr(_numpy, name)
    if name in _modules:
        try:
            return importlib.import_module(f"numpy.{name}")
        except ImportError:
            raise AttributeError(f"module 'numpy' has no attribute '{name}'")
    composed = importlib.import_module(_COMPOSITIONS)
    if hasattr(composed, name):
        return getattr(composed, name)
    raise AttributeError(f"module 'numpy' has no attribute '{name}'")
