"""The walk that names every array of a Keras 3 weights file: attributes in alphabetical order, private ones last, first visit wins."""
from keras.src.inert import Metric
from keras.src.layer import Layer
from keras.src.naming import to_snake_case, unique_among
from keras.src.state import state

_RESERVED = None

# Names that Keras' own base classes use: an attribute of that name is not walked.
_EXTRA = ("_self_unconditional_dependency_names", "_tracker", "_lock", "_call_signature", "call_signature_parameters", "_call_context_args",
          "_call_has_context_arg", "_loss_ids", "_losses_override", "_metrics", "_layers", "_seed_generators", "_trainable_variables",
          "_non_trainable_variables", "_build_shapes_dict", "_inbound_nodes", "_outbound_nodes", "_parent_path", "_auto_config", "_arg_names")


def reserved_names(kind):
    global _RESERVED
    if _RESERVED is None:
        _RESERVED = set(dir(Layer())) | set(_EXTRA)
    if kind == "Functional":
        return _RESERVED | {"operations", "_operations", "_inputs_struct", "_outputs_struct", "_runner"}
    if kind == "Sequential":
        return _RESERVED | {"_functional", "_stack"}
    return _RESERVED


def is_saveable(item):
    return isinstance(item, (Layer, Metric)) and not isinstance(item, type)


def weight_paths(model):
    """[(group path, owner, [variables in file order])] for a whole model."""
    found = []
    visited = set()

    def save(item, path):
        if id(item) in visited:
            return
        visited.add(id(item))
        if isinstance(item, Metric):
            return  # a layer's metric has a group in the file, but no arrays in it
        found.append((path, item, _own(item)))
        for name, child in children(item):
            place = f"{path}/{name}" if path else name
            if is_saveable(child):
                save(child, place)
            elif isinstance(child, (list, dict, tuple)):
                save_container(child, place)

    def save_container(container, path, seen=None):
        seen = seen if seen is not None else set()
        if id(container) in seen:
            return
        seen.add(id(container))
        used = {}
        for child in (list(container.values()) if isinstance(container, dict) else container):
            if is_saveable(child):
                save(child, f"{path}/{unique_among(to_snake_case(type(child).__name__), used)}")
            elif isinstance(child, (list, dict, tuple)):
                save_container(child, f"{path}/{unique_among('container', used)}", seen)

    save(model, "")
    return found


def children(item):
    kind = item._obj_type()
    reserved = reserved_names(kind)
    if kind in ("Sequential", "Functional"):
        yield "layers", item.layers
    keras_2 = state.keras_version.startswith("2.")
    names = sorted(dir(item), key=lambda name: f"~{name}" if name.startswith("_") and not keras_2 else name)
    own = type(item).__module__.startswith("keras.")
    for name in names:
        if name.startswith("__") or name in reserved:
            continue
        if keras_2 and own and isinstance(getattr(type(item), name, None), property):
            continue  # Keras 2 had the attributes (`_key_dense`) without these names for them
        try:
            child = getattr(item, name)
        except Exception:
            continue
        yield name, child


class _Store(dict):
    """Stands for the file's group while a layer's `save_own_variables` says what it writes."""


def _own(layer):
    store = _Store()
    state.listing = True
    try:
        layer.save_own_variables(store)
    finally:
        state.listing = False
    return [(key, value) for key, value in store.items()]
