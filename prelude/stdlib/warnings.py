"""Warnings are heard by nobody here: evaluation is silent, so these do nothing."""

filters = []


def warn(message, category=None, stacklevel=1, source=None, **kwargs):
    return None


def warn_explicit(message, category, filename, lineno, module=None, registry=None, **kwargs):
    return None


def simplefilter(action, category=Warning, lineno=0, append=False):
    return None


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    return None


def resetwarnings():
    return None


def showwarning(message, category, filename, lineno, file=None, line=None):
    return None


def formatwarning(message, category, filename, lineno, line=None):
    return f"{filename}:{lineno}: {category.__name__}: {message}\n"


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record

    def __enter__(self):
        return [] if self._record else None

    def __exit__(self, *exc_info):
        return None


def deprecated(message, /, *, category=DeprecationWarning, stacklevel=1):
    return lambda thing: thing
