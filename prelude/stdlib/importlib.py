"""Imports by name: only modules that kedge's own search finds."""
from _kedge import import_module as _import


def import_module(name, package=None):
    if name.startswith("."):
        if not package:
            raise TypeError(f"the 'package' argument is required to perform a relative import for {name!r}")
        level = len(name) - len(name.lstrip("."))
        parts = package.split(".")
        base = ".".join(parts[:len(parts) - level + 1])
        rest = name[level:]
        name = f"{base}.{rest}" if rest else base
    return _import(name)


class util:
    @staticmethod
    def find_spec(name, package=None):
        try:
            return import_module(name, package)
        except ImportError:
            return None


class metadata:
    class PackageNotFoundError(ImportError):
        pass

    @staticmethod
    def version(name):
        module = import_module(name)
        return getattr(module, "__version__", "0")


def reload(module):
    return module
