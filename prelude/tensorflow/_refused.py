"""Modules whose functions have no meaning in kedge's graph: each is refused by its name where it is called."""
from keras.src.tensor import refuse


def refusing(module, why):
    """The `__getattr__` of a module of refusing functions."""

    def load(name):
        if name.startswith("_"):
            raise AttributeError(f"module '{module}' has no attribute '{name}'")

        def function(*args, **kwargs):
            refuse(f"{module}.{name}", why)

        function.__name__ = name
        return function

    return load
