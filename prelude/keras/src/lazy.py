"""Lazy name tables, so that a model pays only for the files it uses (PEP 562 module `__getattr__`)."""
import importlib


def lazy_module(module_name, table):
    """Returns the `__getattr__` and `__dir__` of a module whose names live elsewhere.

    `table` maps a public name to "module:attribute", or to "module" for the module itself.
    """

    def load(name):
        target = table.get(name)
        if target is None:
            raise AttributeError(f"module '{module_name}' has no attribute '{name}'")
        path, _, attribute = target.partition(":")
        module = importlib.import_module(path)
        return getattr(module, attribute) if attribute else module

    return load, names_of(module_name, table)


def named_module(module_name, table):
    """Returns the `__getattr__` and `__dir__` of a module that publishes the objects of a table too."""

    def load(name):
        if name not in table:
            raise AttributeError(f"module '{module_name}' has no attribute '{name}'")
        return table[name]

    return load, names_of(module_name, table)


def names_of(module_name, table):
    """Returns the `__dir__` of a module: what it defines and the names of its table."""
    return lambda: sorted({*vars(importlib.import_module(module_name)), *table})


def spread(table, module, names):
    """Adds every word of `names` to the table as coming from `module`."""
    for name in names.split():
        table[name] = f"{module}:{name}"
    return table
