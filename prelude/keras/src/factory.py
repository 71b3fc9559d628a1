"""A model from a function of the user's source (`--from my_model.py:build_model`)."""
import _kedge
from keras.src.layer import Layer
from keras.src.signature import parameters_of


def build(module_name, name):
    module = _kedge.import_module(module_name)
    if name:
        if not hasattr(module, name):
            known = ", ".join(sorted(_candidates(module)))
            _kedge.refuse("K0412", f"`{module_name}` has no `{name}`", f"it defines {known}" if known else "it defines no function without arguments")
        made = getattr(module, name)
    else:
        candidates = _candidates(module)
        if len(candidates) != 1:
            known = ", ".join(sorted(candidates)) or "none"
            _kedge.refuse("K0414", f"`{module_name}` does not say by itself which function builds the model: those without arguments are {known}",
                          f"name one: --from {module_name}.py:FUNCTION")
        made = next(iter(candidates.values()))
    needed = [] if isinstance(made, (Layer, type)) or not callable(made) else _needed(made)
    if needed:
        _kedge.refuse("K0414", f"`{name}` of `{module_name}` cannot be called without arguments: it needs {', '.join(needed)}",
                      "write a function without arguments that calls it, and give that one")
    model = made() if callable(made) and not isinstance(made, Layer) else made
    if not isinstance(model, Layer):
        _kedge.refuse("K0415", f"`{name or 'the function'}` of `{module_name}` gives an object of class {type(model).__name__}, not a model",
                      "return the keras.Model")
    return model


def _candidates(module):
    """Functions of the module itself that can be called without arguments."""
    found = {}
    for name, value in vars(module).items():
        if name.startswith("_") or isinstance(value, type) or not callable(value) or getattr(value, "__module__", None) != module.__name__:
            continue
        if not _needed(value):
            found[name] = value
    return found


def _needed(function):
    parameters = parameters_of(function)
    return [name for name in parameters.names if name not in parameters.defaults]


def layer_facts(model, prefix=""):
    """[(name, class, written by the user)] of a model's layers, nested models flattened."""
    found = []
    for layer in getattr(model, "layers", []):
        found.append([prefix + layer.name, type(layer).__name__, not type(layer).__module__.startswith("keras")])
        if layer._obj_type() in ("Functional", "Sequential"):
            found += layer_facts(layer, f"{prefix}{layer.name}/")
    return found
