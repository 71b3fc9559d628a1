"""Where Keras' public classes live: from the module and class name in a model file to the prelude's object."""
import keras
from keras.src.keras_tensor import Operation


def keras_class(module, class_name):
    """A Keras class or op by the names a file gives; None when Keras has no such name (or the prelude not yet)."""
    module = module or ""
    if class_name in ("Functional", "Model", "Sequential"):
        from keras.src import model
        return getattr(model, class_name)
    if module.startswith("keras.src.ops") or module == "keras.ops":
        return operation_class(class_name)
    for place in _places(module):
        holder = keras
        for part in place.split(".")[1:]:
            holder = _member(holder, part)
        found = _member(holder, class_name)
        if found is not None:
            return found
    if not module or "applications" in module:
        from keras.src import application_layers
        return getattr(application_layers, class_name, None) if class_name in ("LayerScale", "StochasticDepth", "CustomScaleLayer") else None
    return None


def _member(holder, name):
    """`holder.name`, or None where there is no such name; the error of a file that does not load is not hidden."""
    if holder is None:
        return None
    table = getattr(holder, "_table", None)
    if table is not None and name in table:
        return getattr(holder, name)
    return getattr(holder, name, None)


def _places(module):
    if module.startswith("keras") and ".src" not in module:
        yield module
    for word, place in (("layers", "keras.layers"), ("models", "keras.models"), ("initializers", "keras.initializers"),
                        ("regularizers", "keras.regularizers"), ("constraints", "keras.constraints"), ("dtype_policies", "keras.dtype_policies"),
                        ("quantizers", "keras.quantizers"), ("metrics", "keras.metrics"), ("losses", "keras.losses"),
                        ("optimizers", "keras.optimizers"), ("random", "keras.random")):
        if word in module:
            yield place
    yield "keras"
    yield "keras.layers"
    yield "keras.initializers"
    yield "keras.regularizers"
    yield "keras.constraints"


def public_module_of(class_name):
    for place in ("keras.layers", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.dtype_policies"):
        holder = getattr(keras, place.split(".")[1])
        if getattr(holder, class_name, None) is not None:
            return "keras" if place == "keras.dtype_policies" else place
    return "keras"


class _OperationClass:
    """Stands for an op class of `keras.src.ops.*`: its configuration holds the op's settings as keyword arguments."""

    def __init__(self, function):
        self.function = function

    def from_config(self, config):
        config = dict(config)
        name = config.pop("name", None)
        if not isinstance(config.get("dtype"), str):
            config.pop("dtype", None)
        return Operation(self.function, name=name, settings=config)


def operation_class(class_name):
    from keras import ops
    from keras.src.ops.table import locate
    plain = class_name.lower()
    for name in locate():
        if name.replace("_", "") == plain:
            function = getattr(ops, name)
            return _OperationClass(getattr(function, "tensor_function", function))
    return None
