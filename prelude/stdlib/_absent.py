"""What a module of the user's own package gives that was not handed over with the sources: the libraries that such modules pass on, and
decorators that only publish or describe. Everything else is missing, and says so where it is used."""

_OTHER_NAMES = {"tf": "tensorflow", "np": "numpy", "K": "keras.backend", "keras_core": "keras_core", "tf_keras": "tf_keras"}
_LIBRARIES = ("keras", "tensorflow", "numpy")
_SWITCHES = ("backend", "compat")  # modules by which packages choose between releases of Keras
PUBLISHING = ("export", "register", "docstring", "deprecat", "experimental")


def library(name, parts):
    """The library that everyone calls by this name, or with `parts` the part of Keras; None when it is none."""
    import importlib
    import keras
    if name in _OTHER_NAMES or name in _LIBRARIES:
        return importlib.import_module(_OTHER_NAMES.get(name, name))
    found = getattr(keras, name, None) if parts else None
    return found if type(found) is type(keras) else None


def publish(*arguments, **settings):
    """Stands for a decorator, with arguments or without."""
    first = arguments[0] if arguments else None
    if callable(first):
        return first
    return lambda item: item


def find(module, name, inside):
    """`name` of a module without a source. Of a folder the modules `inside` are known, and they come first; of another module nothing is."""
    if inside is not None and (name in inside or name.startswith("_")):
        raise AttributeError(f"module '{module}' has no attribute '{name}'")
    parts = module.split(".")
    found = library(name, parts[-1] in _SWITCHES)
    if found is None and len(parts) > 1 and parts[-2] in _SWITCHES:  # pkg.backend.ops
        found = getattr(library(parts[-1], True), name, None)
    if found is not None:
        return found
    if any([word in name.lower() for word in PUBLISHING]):
        return publish
    if inside is not None:
        raise AttributeError(f"module '{module}' has no attribute '{name}'")
    raise ModuleNotFoundError(f"'{name}' is in the module '{module}', which is not among the given sources", name=module)
