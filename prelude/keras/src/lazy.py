"""Lazy name tables, so that a model pays only for the files it uses (PEP 562 module `__getattr__`)."""
import importlib


def lazy_module(module_name, table):
    """Returns the `__getattr__` and `__dir__` of a module whose names live elsewhere.

    `table` maps a public name to "module:attribute", or to "module" for the module itself.
    """

    def load(name):
        if name == "__all__":
            return public_names(module_name, table)
        target = table.get(name)
        if target is None:
            return _unused(module_name, name)
        path, _, attribute = target.partition(":")
        module = importlib.import_module(path)
        return getattr(module, attribute) if attribute else module

    return load, names_of(module_name, table)


def named_module(module_name, table):
    """Returns the `__getattr__` and `__dir__` of a module that publishes the objects of a table too."""

    def load(name):
        if name == "__all__":
            return public_names(module_name, table)
        if name not in table:
            return _unused(module_name, name)
        return table[name]

    return load, names_of(module_name, table)


def public_names(module_name, table):
    """What `from module import *` takes: all of it, as if nothing were loaded at first use."""
    return [name for name in names_of(module_name, table)() if not name.startswith("_")]


def functions_of(modules):
    """The public functions that modules define, by name: what a module that only passes them on has."""
    found = {}
    for module in modules:
        for name, value in vars(module).items():
            if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__:
                found.setdefault(name, value)
    return found


def _unused(module_name, name):
    if name.startswith("__"):
        raise AttributeError(f"module '{module_name}' has no attribute '{name}'")
    from keras.src.unused import unused
    return unused(module_name, name)


def names_of(module_name, table):
    """Returns the `__dir__` of a module: what it defines and the names of its table."""
    return lambda: sorted({*vars(importlib.import_module(module_name)), *table})


def spread(table, module, names):
    """Adds every word of `names` to the table as coming from `module`."""
    for name in names.split():
        table[name] = f"{module}:{name}"
    return table
