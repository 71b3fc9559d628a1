"""Functional models: recorded calls between inputs and outputs, run again on real tensors."""
import _kedge
from keras.src import tree
from keras.src.keras_tensor import KerasTensor, Node, Operation
from keras.src.layer import Layer
from keras.src.serialization import deserialize_keras_object
from keras.src.state import CallContext, state
from keras.src.tree import is_sequence


def ordered_graph(inputs, outputs):
    """The nodes between inputs and outputs by decreasing depth, and the operations in Keras' order (which names weight paths)."""
    finished, visiting, first_seen = [], set(), {}
    done = set()
    input_ids = {id(t) for t in inputs}

    def visit(tensor):
        if tensor._keras_history is None:
            return
        operation, index, _ = tensor._keras_history
        node = operation._inbound_nodes[index]
        if id(node) in done:
            return
        if id(node) in visiting:
            raise ValueError(f"Tensor {tensor} from operation '{operation.name}' is part of a cycle.")
        if id(operation) not in first_seen:
            first_seen[id(operation)] = len(first_seen)
        visiting.add(id(node))
        if not node.is_input and id(tensor) not in input_ids:
            for parent in node.input_tensors:
                visit(parent)
        done.add(id(node))
        visiting.discard(id(node))
        finished.append(node)

    for tensor in outputs:
        visit(tensor)

    node_depth, operation_depth, operations = {}, {}, {}
    for node in reversed(finished):
        operation = node.operation
        operations[id(operation)] = operation
        depth = max(node_depth.get(id(node), 0), operation_depth.get(id(operation), 0))
        operation_depth[id(operation)] = depth
        node_depth[id(node)] = depth
        for parent in node.parent_nodes:
            node_depth[id(parent)] = max(depth + 1, node_depth.get(id(parent), 0))
    for tensor in inputs:
        operation = tensor._keras_history[0]
        if id(operation) not in operation_depth:
            operation_depth[id(operation)] = 0
            operations[id(operation)] = operation
            first_seen[id(operation)] = -1
            finished.append(operation._inbound_nodes[0])
            node_depth[id(operation._inbound_nodes[0])] = 0
    ordered_nodes = sorted(finished, key=lambda n: -node_depth[id(n)])
    ordered = sorted(operations.values(), key=lambda o: (-operation_depth[id(o)], first_seen[id(o)]))
    return ordered_nodes, ordered


class GraphRunner:
    """Runs the recorded nodes of a model on given tensors."""

    def __init__(self, inputs, outputs):
        self.inputs = inputs
        self.outputs = outputs
        self.flat_inputs = tree.flatten(inputs)
        self.flat_outputs = tree.flatten(outputs)
        self.nodes, self.operations = ordered_graph(self.flat_inputs, self.flat_outputs)

    def run(self, values, training=None):
        known = {id(t): v for t, v in zip(self.flat_inputs, values)}

        def fill(item):
            return known[id(item)] if isinstance(item, KerasTensor) else item

        def ready(node):
            return all(id(t) in known for t in node.input_tensors)

        waiting = [n for n in self.nodes if not n.is_input]
        while waiting:
            later = []
            for node in waiting:
                if all(id(t) in known for t in node.output_tensors):
                    continue
                if not ready(node):
                    later.append(node)
                    continue
                args = tree.map_structure(fill, node.args)
                kwargs = tree.map_structure(fill, node.kwargs)
                if training is not None and getattr(node.operation, "_call_has_training_arg", False):
                    kwargs = {**kwargs, "training": training}
                results = node.operation(*args, **kwargs)
                for tensor, value in zip(node.output_tensors, tree.flatten(results)):
                    known[id(tensor)] = value
            if len(later) == len(waiting):
                raise ValueError("The model's graph has a tensor that no input reaches.")
            waiting = later
        return tree.map_structure(fill, self.outputs)


class InputLayer(Layer):
    def __init__(self, shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, input_tensor=None, optional=False,
                 name=None, **kwargs):
        super().__init__(name=name)
        if "input_shape" in kwargs:
            shape = kwargs.pop("input_shape")
        if "batch_input_shape" in kwargs:
            batch_shape = kwargs.pop("batch_input_shape")
        if input_tensor is not None:
            batch_shape, dtype = input_tensor.shape, input_tensor.dtype
        if batch_shape is None:
            if shape is None:
                raise ValueError("You must pass a `shape` argument.")
            batch_shape = (batch_size,) + ((shape,) if isinstance(shape, int) else tuple(shape))
        self.batch_shape = tuple(batch_shape)
        self._dtype = dtype or "float32"
        self.sparse = bool(sparse)
        self.ragged = bool(ragged)
        self.optional = optional
        tensor = KerasTensor(self.batch_shape, self._dtype, name=self.name)
        Node(self, (), {}, tensor)
        self.built = True

    def call(self):
        raise NotImplementedError

    @property
    def dtype(self):
        return self._dtype

    def get_config(self):
        return {"batch_shape": self.batch_shape, "dtype": self.dtype, "sparse": self.sparse, "ragged": self.ragged, "name": self.name}


def Input(shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, name=None, tensor=None, optional=False, **kwargs):
    if kwargs.get("type_spec") is not None:
        _kedge.refuse("K0340", "`keras.Input(type_spec=...)` has no tensor meaning: use shape and dtype")
    layer = InputLayer(name=name, shape=shape, batch_shape=batch_shape, batch_size=batch_size, input_tensor=tensor, dtype=dtype,
                       optional=optional, ragged=ragged, sparse=sparse)
    return layer.output


def functional_from_config(cls, config):
    """Rebuilds the layers of a functional configuration and calls them along the recorded nodes."""
    config = dict(config)
    layer_configs = config.pop("layers")
    input_places = config.pop("input_layers")
    output_places = config.pop("output_layers")
    layers = {}
    waiting = []
    first_nodes = _first_nodes(layer_configs, output_places)
    whole = state.whole_model if state.whole_model is not None and state.whole_model.layers is layer_configs else None
    for i, data in enumerate(layer_configs):
        _kedge.enter_path(f'layers[{i}]  ("{data["config"].get("name", data.get("name", ""))}")')
        layer = deserialize_keras_object(data)
        _kedge.leave_path()
        name = data.get("name") or data["config"]["name"]
        layers[name] = layer
        layer.__dict__["_saved_first_node"] = first_nodes.get(name, 0)
        layer.__dict__["_saved_config"] = data
        for k, node in enumerate(data["inbound_nodes"]):
            waiting.append((i, name, node))
    inputs = _tensors_at(input_places, layers)
    if whole is None:
        _run_nodes(layers, waiting)
    else:
        # The steps of the file's own model are what is converted: they run once, on the graph's inputs.
        whole.bind(tree.flatten(inputs))
        token = _kedge.region_begin("layer", "Functional", config.get("name") or "functional", {}, [t.value for t in tree.flatten(inputs)])
        _run_nodes(layers, waiting, {"training": False})
    outputs = _tensors_at(output_places, layers)
    if whole is not None:
        whole.outputs = [t.value for t in tree.flatten(outputs)]
        _kedge.region_end(token, whole.outputs)
    if isinstance(outputs, list) and len(outputs) == 1 and _is_place(output_places):
        outputs = outputs[0]
    return cls(inputs, outputs, **{key: value for key, value in config.items() if value is not None or key == "name"})


class WholeModel:
    """The functional model that a file holds: its layers' configurations; then its inputs in the graph and its outputs."""

    def __init__(self, layers, shapes):
        self.layers = layers
        self.shapes = shapes
        self.inputs = None
        self.outputs = None

    def bind(self, tensors):
        self.inputs = []
        for tensor in tensors:
            name = tensor._keras_history[0].name
            tensor.shape = tuple(self.shapes.get(name, tensor.shape))
            tensor._value = _kedge.input(name, tensor.shape, tensor.dtype)
            self.inputs.append((name, tensor._value))


def _run_nodes(layers, waiting, inherited=None):
    """Calls layers as soon as the tensors of a node exist; a layer's own calls stay in their order.

    `inherited` are the arguments that layers take from the model around them.
    """
    while waiting:
        later = []
        blocked = set()
        for i, name, node in waiting:
            if name in blocked:
                later.append((i, name, node))
                continue
            call = _call_of(node, layers)
            if call is None:
                blocked.add(name)
                later.append((i, name, node))
                continue
            args, kwargs = call if isinstance(node, dict) else _states_apart(layers[name], *call)
            if kwargs.get("training") is True:
                # A model that is used for inference overrides what the node was recorded with.
                kwargs["training"] = False
            _kedge.enter_path(f'layers[{i}]  ("{name}")')
            if inherited is not None:
                state.call_contexts.append(CallContext(inherited))
            _call_saved(layers, name, args, kwargs)
            if inherited is not None:
                state.call_contexts.pop()
            _kedge.leave_path()
        if len(later) == len(waiting):
            raise ValueError("The model's layers refer to tensors that no layer gives: " + ", ".join(sorted({n for _, n, _ in later})))
        waiting = later


def _call_saved(layers, name, args, kwargs):
    """Calls a layer as the file says. JSON has made strings of a dictionary's whole-number keys: where the layer fails with those, a fresh one
    is called with numbers."""
    layer = layers[name]
    numbered = [_numbered(a) for a in args]
    fresh = layer.__dict__.get("_saved_config")
    if fresh is None or layer._inbound_nodes or all([a is n for a, n in zip(args, numbered)]):
        return layer(*args, **kwargs)
    try:
        return layer(*args, **kwargs)
    except (KeyError, TypeError, ValueError):
        layers[name] = deserialize_keras_object(fresh)
    return layers[name](*numbered, **kwargs)


def _numbered(value):
    if isinstance(value, dict) and value and all([isinstance(key, str) and key.isdecimal() for key in value]):
        return {int(key): item for key, item in value.items()}
    return value


class _Missing(Exception):
    pass


def _call_of(node, layers):
    """Positional and keyword arguments of a saved node, or None while a tensor is not there yet."""
    if not isinstance(node, dict):
        return _legacy_call(node, layers)

    def revive(item):
        if isinstance(item, KerasTensor):
            return _tensor_at(item._saved_history, layers)
        return item

    try:
        args = [tree.map_structure(revive, deserialize_keras_object(a)) for a in node["args"]]
        kwargs = {key: tree.map_structure(revive, deserialize_keras_object(value)) for key, value in node["kwargs"].items()}
    except _Missing:
        return None
    return args, kwargs


def _legacy_call(node, layers):
    """Keras 2's inbound node: entries of [layer, node, tensor, kwargs], one or a structure of them; constants are entries too."""
    kwargs = {}

    def argument(entry):
        if isinstance(entry, dict):
            return {key: argument(value) for key, value in entry.items()}
        if not isinstance(entry[0], str):
            return [argument(item) for item in entry]
        if len(entry) > 3:
            kwargs.update({key: _legacy_value(value, layers) for key, value in entry[3].items()})
        return entry[2] if entry[0] == "_CONSTANT_VALUE" else _tensor_at(entry[:3], layers)

    try:
        if isinstance(node, (list, tuple)) and len(node) == 1 and not isinstance(node[0], (str, dict)):
            node = node[0]
        return [argument(node)], kwargs
    except _Missing:
        return None


def _legacy_value(value, layers):
    """A keyword argument of a Keras 2 node: tensors of the model stand as [layer, node, tensor]."""
    if isinstance(value, (list, tuple)):
        if len(value) == 3 and isinstance(value[0], str) and value[0] in layers and isinstance(value[1], int):
            return _tensor_at(value, layers)
        if len(value) >= 3 and value[0] == "_CONSTANT_VALUE":
            return value[2]
        return [_legacy_value(item, layers) for item in value]
    if isinstance(value, dict) and "class_name" not in value:
        return {key: _legacy_value(item, layers) for key, item in value.items()}
    return deserialize_keras_object(value)


def _first_nodes(layer_configs, output_places):
    """{layer: 1} for the nested models whose nodes are counted from 1, as some versions do: their own node is number 0."""
    counts = {data.get("name") or data["config"]["name"]: len(data["inbound_nodes"]) for data in layer_configs}
    highest = {}
    waiting = [data["inbound_nodes"] for data in layer_configs] + [output_places]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif is_sequence(item):
            if len(item) > 2 and isinstance(item[0], str) and item[0] in counts and isinstance(item[1], int):
                highest[item[0]] = max(item[1], highest.get(item[0], 0))
            waiting.extend([part for part in item if isinstance(part, (list, tuple, dict))])
    return {name: 1 for name, count in counts.items() if count and highest.get(name, 0) >= count}


def _states_apart(layer, args, kwargs):
    """Keras 2 records a recurrent layer's initial state among its inputs."""
    recurrent = hasattr(layer, "cell") or hasattr(layer, "forward_layer")
    if recurrent and args and isinstance(args[0], list) and len(args[0]) > 1 and "initial_state" not in kwargs:
        return [args[0][0]], {**kwargs, "initial_state": args[0][1:]}
    return args, kwargs


def _tensor_at(place, layers):
    name, node_index, tensor_index = place[0], place[1], place[2]
    if name not in layers:
        raise ValueError(f"The model refers to the layer '{name}', which it does not have.")
    nodes = layers[name]._inbound_nodes
    node_index -= layers[name].__dict__.get("_saved_first_node", 0)
    if node_index >= len(nodes):
        raise _Missing()
    return nodes[node_index].output_tensors[tensor_index]


def _is_place(value):
    return is_sequence(value) and len(value) in (3, 4) and isinstance(value[0], str) and isinstance(value[1], int)


def _tensors_at(places, layers):
    """`input_layers`/`output_layers`: one place, a list of places, or a dict or deeper structure of them."""
    if _is_place(places):
        return _tensor_at(places, layers)
    if isinstance(places, dict):
        return {key: _tensors_at(value, layers) for key, value in places.items()}
    return [_tensors_at(value, layers) for value in places]
