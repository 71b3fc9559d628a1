"""Objects to and from configurations: `serialize_keras_object`, `deserialize_keras_object`, registration, class lookup."""
import importlib

import _kedge
import numpy as np
from keras.src.signature import parameters_of
from keras.src.state import state
from keras.src.tensor import Tensor, to_tensor
from keras.src.tree import is_sequence

_registered = {}
_names = {}


class register_keras_serializable:
    """Decorator; the registered name is `package>name`."""

    def __init__(self, package="Custom", name=None):
        self.package = package
        self.name = name

    def __call__(self, item):
        name = self.name if self.name is not None else item.__name__
        registered_name = f"{self.package}>{name}"
        _registered[registered_name] = item
        _names[id(item)] = (item, registered_name)
        return item


def registered(name):
    """The object known under a registered name, a custom object's name, or (for sources not imported yet) found by kedge."""
    if name in state.custom_objects:
        return state.custom_objects[name]
    if name in _registered:
        return _registered[name]
    for key, item in _registered.items():
        if key.split(">")[-1] == name:
            return item
    return None


def get_registered_name(item):
    entry = _names.get(id(item))
    return entry[1] if entry is not None else item.__name__


def get_registered_object(name, custom_objects=None, module_objects=None):
    if custom_objects and name in custom_objects:
        return custom_objects[name]
    found = registered(name)
    if found is None and module_objects:
        found = module_objects.get(name)
    return found


def get_custom_objects():
    return state.custom_objects


class CustomObjectScope:
    """`keras.utils.custom_object_scope`: names known inside the block."""

    def __init__(self, *custom_objects):
        self.objects = {}
        for mapping in custom_objects:
            self.objects.update(mapping)
        self.before = None

    def __enter__(self):
        self.before = state.custom_objects
        state.custom_objects = {**self.before, **self.objects}
        return self

    def __exit__(self, *error):
        state.custom_objects = self.before
        return False


custom_object_scope = CustomObjectScope

# -- to configurations -----------------------------------------------------------------------------------------------


def serialize_keras_object(item):
    if item is None or isinstance(item, (str, int, float, bool, bytes)):
        return item
    if is_sequence(item):
        return [serialize_keras_object(v) for v in item]
    if isinstance(item, dict):
        return {name: serialize_keras_object(member) for name, member in item.items()}
    if isinstance(item, np.generic):
        return item.item()
    if isinstance(item, np.ndarray):
        return {"class_name": "__numpy__", "config": {"value": item.tolist(), "dtype": item.dtype.name}}
    if isinstance(item, Tensor):
        array = _kedge.value(item)
        return {"class_name": "__tensor__", "config": {"value": array.tolist(), "dtype": array.dtype.name}}
    if hasattr(item, "get_config") and not isinstance(item, type):
        return {"module": _public_module(type(item)), "class_name": type(item).__name__, "config": item.get_config(),
                "registered_name": _registered_or_none(type(item))}
    if hasattr(item, "__name__"):
        return {"module": "builtins", "class_name": "function", "config": getattr(item, "__name__"), "registered_name": "function"}
    if hasattr(item, "name"):
        return item.name
    raise ValueError(f"Cannot serialize {item!r}")


def _public_module(cls):
    module = cls.__module__
    if module.startswith("keras."):
        from keras.src.public import public_module_of
        return public_module_of(cls.__name__)
    return module


def _registered_or_none(cls):
    return None if cls.__module__.startswith("keras.") else get_registered_name(cls)


# -- from configurations ---------------------------------------------------------------------------------------------


def deserialize_keras_object(config, custom_objects=None, safe_mode=True, **kwargs):
    if custom_objects:
        with CustomObjectScope(custom_objects):
            return deserialize_keras_object(config)
    if config is None or isinstance(config, (int, float, bool, bytes, Tensor)):
        return config
    if isinstance(config, str):
        module_objects = kwargs.get("module_objects")
        if module_objects and config in module_objects:
            return _made(module_objects[config])
        found = registered(config)
        return config if found is None else found
    if is_sequence(config):
        return [deserialize_keras_object(v) for v in config]
    if not isinstance(config, dict):
        return config
    if "class_name" not in config or "config" not in config:
        return {name: deserialize_keras_object(member) for name, member in config.items()}
    class_name, inner = config["class_name"], config["config"]
    if class_name in _SPECIAL:
        return _SPECIAL[class_name](inner)
    if class_name == "function":
        return find_function(config)
    module_objects = kwargs.get("module_objects")
    if module_objects and class_name in module_objects and not config.get("registered_name"):
        cls = module_objects[class_name]
    else:
        cls = find_class(config.get("module"), class_name, config.get("registered_name"))
    return _shared(config, lambda: instantiate(cls, inner, config))


def _shared(config, make):
    """One object for all configurations of one `shared_object_id`, within the load of a model."""
    key, known = config.get("shared_object_id"), state.shared_objects
    if key is None or known is None:
        return make()
    if key not in known:
        known[key] = make()
    return known[key]


def deserialize_named(config, table, custom_objects=None):
    """`deserialize` of one family (initializers, ...): a name or a configuration; legacy configurations have no module."""
    if isinstance(config, str):
        found = table.get(config) or registered(config)
        if found is None:
            raise ValueError(f"Unknown object: '{config}'")
        return _made(found)
    if isinstance(config, dict) and config.get("class_name") in table and not (config.get("registered_name") or "").count(">"):
        return instantiate(table[config["class_name"]], config.get("config") or {}, config)
    return deserialize_keras_object(config, custom_objects=custom_objects)


def _made(found):
    return found() if isinstance(found, type) else found


def instantiate(cls, inner, config):
    """An instance of `cls` from its inner configuration; classes without `from_config` get it as arguments."""
    inner = dict(inner) if isinstance(inner, dict) else inner
    if hasattr(cls, "from_config"):
        instance = cls.from_config(inner)
    else:
        instance = cls(**inner)
    build_config = config.get("build_config")
    if build_config and not isinstance(instance, type):
        try:
            instance._saved_build_config = build_config
        except AttributeError:
            pass
    return instance


def construct(cls, config):
    """`cls(**config)`, where the configuration may hold `trainable`, `dtype`, `name` that the constructor does not take.

    Keras fails on those files; the meaning is clear, so the base class gets them afterwards.
    """
    from keras.src import policy
    config = dict(config)
    if isinstance(config.get("dtype"), dict):
        found = policy.get(config["dtype"])
        config["dtype"] = found if found.quantization_mode is not None else found.name
    parameters = parameters_of(cls.__init__)
    rest = {}
    if parameters.varkw is None:
        for key in ("name", "trainable", "dtype", "autocast", "activity_regularizer"):
            if key in config and not parameters.accepts(key):
                rest[key] = config.pop(key)
    elif config.get("autocast") is True:
        config.pop("autocast")
    try:
        layer = cls(**config)
    except (AttributeError, TypeError, ValueError):
        layer = None if cls.__module__.startswith("keras.") else _read_again(cls, config, parameters)
        if layer is None:
            raise
    if rest.get("name"):
        layer.name = rest["name"]
    if rest.get("trainable") is False:
        layer.trainable = False
    if rest.get("dtype"):
        layer.dtype_policy = rest["dtype"]
    return layer


def _read_again(cls, config, parameters):
    """The layer of a configuration that its class rejects as it stands, where the meaning is clear all the same; else None.

    Keras hands inner objects over as raw dictionaries: a constructor that uses them wants the objects. And a `get_config`
    may list what the constructor computes: taken out, it must come out as it was written.
    """
    restated = {key: value for key, value in config.items() if key not in parameters.names and key not in _BASE_ARGUMENTS}
    taken = {key: _objects_in(value) for key, value in config.items() if key not in restated}
    if not restated and taken == config:
        return None
    try:
        layer = cls(**taken)
    except (AttributeError, TypeError, ValueError):
        return None
    for key, value in restated.items():
        if not hasattr(layer, key) or serialize_keras_object(getattr(layer, key)) != serialize_keras_object(value):
            return None
    return layer


_BASE_ARGUMENTS = ("name", "trainable", "dtype", "autocast", "activity_regularizer", "input_shape", "batch_input_shape", "input_dim")


def _objects_in(value):
    if isinstance(value, dict) and "class_name" in value and "config" in value:
        return deserialize_keras_object(value)
    if isinstance(value, dict):
        return {key: _objects_in(member) for key, member in value.items()}
    return [_objects_in(member) for member in value] if isinstance(value, list) else value


def find_class(module, class_name, registered_name):
    """Keras' own classes by module, then what user code registered, then kedge's search of the given sources."""
    if registered_name in _registered:
        return _registered[registered_name]
    if class_name in state.custom_objects:
        return state.custom_objects[class_name]
    if registered_name in state.custom_objects:
        return state.custom_objects[registered_name]
    if module == "keras.src.legacy_layers":
        return getattr(importlib.import_module(module), class_name)
    if module is None or module == "keras" or module.startswith("keras.") or module.startswith("tf_keras"):
        found = find_keras_class(module, class_name)
        if found is not None:
            return found
    found = _kedge.find_class(module, class_name, registered_name)
    if found is None:
        _kedge.class_not_found(module, class_name, registered_name)
    return found


def find_keras_class(module, class_name):
    from keras.src.public import keras_class
    return keras_class(module, class_name)


def find_function(config):
    name = config["config"]
    if isinstance(name, dict):
        name = name.get("name") or name.get("class_name")
    module = config.get("module")
    found = registered(name)
    if found is not None:
        return found
    if module is None or module == "builtins" or module.startswith("keras"):
        from keras.src import activations
        if name in activations.by_name:
            return activations.by_name[name]
    if ">" in name:  # a registered name, written as `package>name`
        found = _kedge.find_object(None if module == "builtins" else module, name.split(">", 1)[1], name)
    else:
        found = _kedge.find_object(module, name, config.get("registered_name"))
    if found is None:
        raise ValueError(f"Could not locate function '{name}'. Make sure custom functions are in the given sources.")
    return found


def _numpy_value(inner):
    return np.array(inner["value"], dtype=inner["dtype"])


def _tensor_value(inner):
    return to_tensor(np.array(inner["value"], dtype=inner["dtype"]), inner["dtype"])


def _slice_value(inner):
    return slice(deserialize_keras_object(inner["start"]), deserialize_keras_object(inner["stop"]), deserialize_keras_object(inner["step"]))


def _lambda_value(inner):
    """A stored lambda expression; Keras writes the three parts by name, its serializer of plain objects as a list."""
    from keras.src.bytecode import load_function
    if "value" in inner:
        return load_function(inner["value"])
    return load_function(inner.get("code"), inner.get("defaults"), inner.get("closure"))


def _keras_tensor(inner):
    from keras.src.keras_tensor import KerasTensor
    tensor = KerasTensor(inner["shape"], inner["dtype"])
    tensor._saved_history = inner["keras_history"]
    return tensor


def _class_value(inner):
    module, _, name = str(inner).rpartition(".")
    return getattr(importlib.import_module(module), name)


_SPECIAL = {
    "__numpy__": _numpy_value,
    "__tensor__": _tensor_value,
    "__slice__": _slice_value,
    "__ellipsis__": lambda inner: Ellipsis,
    "__tuple__": lambda inner: tuple([deserialize_keras_object(v) for v in inner["value"]] if isinstance(inner, dict) else inner),
    "__lambda__": _lambda_value,
    "__keras_tensor__": _keras_tensor,
    "__complex__": lambda inner: complex(inner["value"]),
    "__bytes__": lambda inner: inner["value"].encode("utf-8"),
}
