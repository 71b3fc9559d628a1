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

    def names():
        return sorted(table)

    return load, names


def spread(table, module, names):
    """Adds every word of `names` to the table as coming from `module`."""
    for name in names.split():
        table[name] = f"{module}:{name}"
    return table
