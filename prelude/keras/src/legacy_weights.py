"""Weights stored by layer (`layer_names`, `weight_names`): which stored array is which variable.

Keras pairs the layers that have weights in order, and a layer's arrays in order: those it trains, then the others. Where the names say more
than the order (a layer is there under its own name, a variable under `layer/name`), the names win; what stays over on either side is reported
by the weight proof.
"""
from keras.src.layer import Layer


def pairs(model, stored, keras_version):
    """[(owner, variable, entry)], entry with `path` (and `joined`, `permutation`, `drop_axis` for Keras 1)."""
    own_name = "top_level_model_weights"
    groups = [(name, arrays) for name, arrays in stored if arrays and name != own_name]
    layers = [layer for layer in model.layers if layer.weights]
    found = []
    for layer, name, arrays in _paired_layers(layers, groups):
        found += _paired_arrays(layer, name, arrays, keras_version)
    own = dict(stored).get(own_name, [])
    variables = [(model, v) for v in list(model._trainable_variables) + list(model._non_trainable_variables)]
    found += _zip(variables, own_name, _sources(own))
    return found


def _paired_layers(layers, groups):
    names = [layer.name for layer in layers]
    stored = {name: arrays for name, arrays in groups}
    if sorted(names) != sorted(stored) and len(layers) == len(groups):
        return [(layer, name, arrays) for layer, (name, arrays) in zip(layers, groups)]
    return [(layer, layer.name, stored.get(layer.name, [])) for layer in layers]


def _paired_arrays(layer, name, arrays, keras_version):
    sources = _sources(arrays)
    if keras_version.startswith("1"):
        sources = _joined_gates(layer, sources)
    orders = [_trained_last(layer), _as_listed(layer), _by_layer(layer)]
    if keras_version.startswith("3"):
        orders = [orders[1], orders[0], orders[2]]
    variables = max(orders, key=lambda order: _agreement(order, sources))
    variables = _by_name(variables, sources) or variables
    found = _zip(variables, name, sources)
    if keras_version.startswith("1"):
        for owner, variable, entry in found:
            _kernel_of_keras_1(owner, variable, entry)
    return found


def _sources(arrays):
    return [{"path": path, "shape": tuple(shape)} for path, shape in arrays]


def _zip(variables, name, sources):
    found = []
    for i, (owner, variable) in enumerate(variables):
        if i < len(sources):
            found.append((owner, variable, sources[i]))
        else:
            found.append((owner, variable, {"path": f"{name}/{owner.name}/{variable.name}"}))
    return found


# -- the order of a layer's variables ----------------------------------------------------------------------------------


def _unique(variables):
    seen = set()
    kept = []
    for owner, variable in variables:
        if id(variable) not in seen:
            seen.add(id(variable))
            kept.append((owner, variable))
    return kept


def _split(layer):
    """Keras 2: what a layer and the layers in it train, and what they do not; each layer decides for itself."""
    trained = [(layer, v) for v in layer._trainable_variables]
    others = [(layer, v) for v in layer._non_trainable_variables]
    below = [_split(child) for child in _children(layer)]
    if layer.trainable:
        return trained + [p for t, _ in below for p in t], others + [p for _, o in below for p in o]
    return [], trained + others + [p for t, o in below for p in t + o]


def _children(layer):
    return layer.layers if layer._obj_type() in ("Functional", "Sequential") else layer._layers


def _trained_last(layer):
    trained, others = _split(layer)
    return _unique(trained + others)


def _by_layer(layer):
    found = [(layer, v) for v in list(layer._trainable_variables) + list(layer._non_trainable_variables)]
    for child in _children(layer):
        found += _by_layer(child)
    return _unique(found)


def _as_listed(layer):
    """Keras 3: every variable says by itself whether it is trained, unless the whole layer is frozen."""
    every = _by_layer(layer)
    if not layer.trainable:
        return every
    return [p for p in every if p[1].trainable] + [p for p in every if not p[1].trainable]


def _stored_name(source):
    """(layer, variable) as the file names the array: `lstm/lstm_cell/kernel:0` is ("lstm_cell", "kernel")."""
    parts = source["path"].split(":")[0].split("/")
    return parts[-2] if len(parts) > 1 else "", parts[-1]


def _agreement(order, sources):
    same = 0
    for (owner, variable), source in zip(order, sources):
        layer, name = _stored_name(source)
        shape = source.get("shape")
        same += 4 * (shape is not None and shape == tuple(variable._shape)) + 2 * (name == variable.name) + (layer == owner.name)
    return same


def _by_name(order, sources):
    """The variables in the order of the arrays' names, if those tell them apart without a doubt."""
    if len(order) != len(sources):
        return None
    wanted = {}
    for source in sources:
        wanted[_stored_name(source)[1]] = source
    held = {variable.name: (owner, variable) for owner, variable in order}
    if len(wanted) != len(sources) or len(held) != len(order) or sorted(wanted) != sorted(held):
        return None
    return [held[_stored_name(source)[1]] for source in sources]


# -- Keras 1 -----------------------------------------------------------------------------------------------------------

_GATES = {"LSTM": (12, (0, 6, 3, 9)), "ConvLSTM2D": (12, (0, 6, 3, 9)), "GRU": (9, (0, 3, 6))}  # of the arrays, i f c o and z r h


def _joined_gates(layer, sources):
    kind = type(layer).__name__
    if kind == "Bidirectional":
        half = len(sources) // 2
        return _joined_gates(layer.forward_layer, sources[:half]) + _joined_gates(layer.backward_layer, sources[half:])
    if kind == "TimeDistributed":
        return _joined_gates(layer.layer, sources)
    count, gates = _GATES.get(kind, (0, ()))
    if len(sources) != count or not count:
        return sources
    joined = []
    for offset in range(3):
        parts = [sources[i + offset]["path"] for i in gates]
        joined.append({"path": parts[0], "joined": parts})
    return joined


def _kernel_of_keras_1(owner, variable, entry):
    kind = type(owner).__name__
    shape = entry.get("shape")
    if shape is None or variable.name not in ("kernel", "depthwise_kernel", "recurrent_kernel"):
        return
    first = getattr(owner, "data_format", "channels_last") == "channels_first"
    if kind == "Conv1D":
        if shape[:2] != (owner.kernel_size[0], 1) or shape[3] != owner.filters:
            entry["permutation"] = [2, 3, 1, 0]
        entry["drop_axis"] = 1
    elif kind == "Conv2D" and first:
        entry["permutation"] = [2, 3, 1, 0]
    elif kind == "Conv2DTranspose":
        entry["permutation"] = [2, 3, 0, 1] if first else [0, 1, 3, 2]
    elif kind == "Conv3D" and first:
        entry["permutation"] = [2, 3, 4, 1, 0]
