"""`numpy.linalg`."""
import _numpy


class LinAlgError(Exception):
    pass


def __getattr__(name):
    if hasattr(_numpy, f"linalg_{name}"):
        return getattr(_numpy, f"linalg_{name}")
    raise AttributeError(f"module 'numpy.linalg' has no attribute '{name}'")


def matrix_power(a, n):
    result = _numpy.eye(len(a))
    for _ in range(n):
        result = result @ a
    return result
