"""From a model's configuration to tensors: builds the model, runs it on the graph's inputs, names every weight by its path in the file."""
import _kedge
import numpy as np
from keras.src import factory, legacy_config, legacy_weights, paths, tree
from keras.src.functional import InputLayer, WholeModel
from keras.src.keras_tensor import KerasTensor
from keras.src.layer import Layer, is_default
from keras.src.model import Model, Sequential
from keras.src.serialization import deserialize_keras_object
from keras.src.state import state
from keras.src.tensor import Tensor, to_tensor


def load(config, stored_layers=None, keras_version="3.15.1", input_shapes=None):
    """The model that a configuration describes; `stored_layers` is [(layer, [(path, shape)])] of a file that stores weights by layer."""
    _begin(keras_version)
    config = legacy_config.current(config, keras_version)
    state.whole_model = _whole_model(config, input_shapes)
    model = deserialize_keras_object(config)
    if not isinstance(model, Layer):
        raise ValueError(f"The file's top object is no model: {type(model)}")
    return _facts(model, config, stored_layers, input_shapes)


def load_factory(module, name, stored_layers, keras_version, input_shapes):
    """The model that a function of the user's source builds."""
    _begin(keras_version)
    state.keras_version = "3.15.1"  # the source is written for the Keras that it runs in, whatever wrote the weights
    model = factory.build(module, name)
    facts = _facts(model, {"config": {}}, stored_layers, input_shapes, keras_version)
    facts["layers"] = factory.layer_facts(model)
    return facts


def _begin(keras_version):
    state.keras_version = keras_version
    state.variables.clear()
    state.shared_objects = {}


def _facts(model, config, stored_layers, input_shapes, stored_version=None):
    inputs, outputs = _run(model, config, input_shapes)
    _build_uncalled(model)
    if stored_layers is None:
        weights, reached = _weights(model)
    else:
        weights, reached = _weights_by_layer(model, stored_layers, stored_version or state.keras_version)
    return {"inputs": inputs, "outputs": outputs, "weights": weights, "unsaved": _unsaved(reached), "model": model,
            "class_name": config.get("class_name") or type(model).__name__}


def _whole_model(config, input_shapes):
    """Of a functional model of Keras' own class: what its steps run on. Other models run when they are called."""
    inner = config.get("config")
    own = config.get("class_name") == "Functional" and str(config.get("module") or "keras").startswith("keras")
    return WholeModel(inner["layers"], input_shapes or {}) if own and isinstance(inner, dict) and "layers" in inner else None


def _input(name, shape, dtype):
    return _kedge.input(name, tuple(shape), dtype)


def _run(model, config, input_shapes):
    """(inputs, outputs) as lists of (name, Tensor)."""
    whole = state.whole_model
    if whole is not None and whole.outputs is not None:
        return whole.inputs, list(zip(_output_names(model, whole.outputs), whole.outputs))
    if isinstance(model, Model) and model.is_functional and type(model).call is Model.call:
        places = model._runner.flat_inputs
        values = [_input(t._keras_history[0].name, (input_shapes or {}).get(t._keras_history[0].name, t.shape), t.dtype) for t in places]
        names = [t._keras_history[0].name for t in places]
        result = model(tree.pack_sequence_as(model._inputs_struct, values), training=False)
    else:
        struct, names = _described_inputs(model, config, input_shapes)
        values = []

        def make(described):
            name, shape, dtype = described.name, described.shape, described.dtype
            values.append(_input(name, shape, dtype))
            return values[-1]

        if isinstance(struct, _Call):
            result = model(*[tree.map_structure(make, a) for a in struct.args], training=False,
                           **{k: tree.map_structure(make, v) for k, v in struct.kwargs.items()})
        else:
            result = model(tree.map_structure(make, struct), training=False)
    outputs = []
    output_names = _output_names(model, result)
    for name, value in zip(output_names, tree.flatten(result)):
        outputs.append((name, to_tensor(value)))
    return list(zip(names, values)), outputs


def _output_names(model, result):
    count = len(tree.flatten(result))
    if isinstance(model, Model) and model.is_functional:
        names = model.output_names
        if len(names) == count:
            return names
    return [f"output_{i}" for i in range(count)]


class _Call:
    """Inputs that are named arguments of `call` (a `shapes_dict`)."""

    def __init__(self, args, kwargs):
        self.args = args
        self.kwargs = kwargs


def _described_inputs(model, config, input_shapes):
    """KerasTensors for the inputs of a Sequential or subclassed model, and their names."""
    if isinstance(model, Sequential) and model._stack and isinstance(model._stack[0], InputLayer):
        first = model._stack[0]
        shape = (input_shapes or {}).get(first.name, first.batch_shape)
        return KerasTensor(shape, first.dtype, name=first.name), [first.name]
    build = config.get("build_config") or model.get_build_config() or {}
    dtype = model.compute_dtype if isinstance(model, Model) else "float32"
    shape = build.get("input_shape")
    if shape is None and "build_input_shape" in config.get("config", {}):
        shape = config["config"]["build_input_shape"]
    if shape is None and "shapes_dict" in build:
        shapes = build["shapes_dict"]
        if len(shapes) == 1:
            shape = next(iter(shapes.values()))
        else:
            kwargs = {}
            names = []
            for key, value in shapes.items():
                name = key[:-len("_shape")] if key.endswith("_shape") else key
                kwargs[name] = _named(value, name, dtype, names)
            return _Call((), kwargs), names
    if shape is None and input_shapes:
        shape = next(iter(input_shapes.values()))
    if shape is None:
        _kedge.refuse("K0410", f"the shape of the input of the subclassed model `{model.name}` is not in the file", "give it with --shape")
    names = []
    return _named(shape, "input", dtype, names), names


def _named(shape, name, dtype, names):
    """A structure of shapes as KerasTensors with an unknown batch dimension."""
    if tree.is_shape(shape):
        label = name if name not in names else f"{name}_{len(names)}"
        names.append(label)
        return KerasTensor((None,) + tuple(shape[1:]) if shape else (), dtype, name=label)
    if isinstance(shape, dict):
        return {key: _named(value, str(key), dtype, names) for key, value in shape.items()}
    return [_named(value, f"{name}_{i}", dtype, names) for i, value in enumerate(shape)]


def _build_uncalled(model):
    """Layers that no call reached are built from the shapes in the file, so that their weights have a place."""
    for layer in model._flatten_layers():
        build_config = layer.__dict__.get("_saved_build_config")
        if not layer.built and build_config and not is_default(layer.build):
            layer.build_from_config(build_config)


def _weights(model):
    entries = []
    reached = set()
    for path, owner, variables in paths.weight_paths(model):
        for key, variable in variables:
            reached.add(id(variable))
            group = f"{path}/vars" if path else "vars"
            entries.append({
                "path": f"{group}/{key}", "layer": getattr(owner, "name", ""), "variable": variable.name, "tensor": variable._tensor,
                "shape": variable._shape, "dtype": variable._dtype, "ignorable": getattr(variable, "_ignorable", False),
            })
    return entries, reached


def _weights_by_layer(model, stored_layers, keras_version):
    entries = []
    reached = set()
    for owner, variable, place in legacy_weights.pairs(model, stored_layers, keras_version):
        reached.add(id(variable))
        entries.append({**place, "layer": owner.name, "variable": variable.name, "tensor": variable._tensor})
    return entries, reached


def _unsaved(reached):
    entries = []
    for variable in state.variables:
        if id(variable) in reached:
            continue
        value = variable.value_initial()
        if value is not None:
            _kedge.weight_initial(variable._tensor, np.asarray(value))
        entries.append({"name": variable._path, "tensor": variable._tensor, "initialised": value is not None})
    return entries
