"""Threads."""

from _world import refuse as _refuse


class local:
    """Of one thread, which is all there is."""


class Lock:
    def acquire(self, blocking=True, timeout=-1):
        return True

    def release(self):
        pass

    def locked(self):
        return False

    def __enter__(self):
        return True

    def __exit__(self, *error):
        return False


RLock = Lock


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'threading' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"threading.{name}() would start a thread, which a kedge evaluation does not do")

    function.__name__ = name
    return function
