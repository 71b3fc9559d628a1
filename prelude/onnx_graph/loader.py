"""Runs an ONNX graph: names to tensors, node by node; If, Loop and Scan run their bodies as functions."""
import _kedge
from keras.src.tensor import to_tensor
from onnx_graph import arithmetic, attention, control, convolution, loss, movement, quantization, recurrent, reduction, resizing, signal
from onnx_graph.context import now, refuse

_modules = (arithmetic, movement, loss, reduction, convolution, resizing, quantization, recurrent, attention, signal, control)
_domains = ("", "com.microsoft")


class Graph:
    """The names that a graph sees: its own and, in a body, those around it."""

    def __init__(self, data, functions, opsets, outer=None):
        self.data = data
        self.functions = functions
        self.opsets = opsets
        self.values = dict(outer) if outer else {}

    def value(self, name):
        if not name:
            return None
        if name not in self.values:
            refuse(name, "is used before any node makes it", code="K0720")
        value = self.values[name]
        if value is None:
            refuse(name, "is no tensor (a text, a sequence, or a type that kedge has not)", code="K0722")
        return value

    def run(self):
        """Runs all nodes; the outputs' values."""
        for name, array in self.data["initializers"].items():
            if name not in self.values:
                self.values[name] = array
        for i, node in enumerate(self.data["nodes"]):
            self.step(i, node)
        return [self.value(name) for name, _, _ in self.data["outputs"]]

    def step(self, i, node):
        label = node["op"] if not node["name"] else f"{node['op']} `{node['name']}`"
        _kedge.enter_path(f"{self.data.get('name') or 'graph'} › node[{i}] ({label})", node["outputs"][0] if node["outputs"] else "")
        results = self.call(node)
        _kedge.leave_path()
        for name, value in zip(node["outputs"], results):
            if name:
                self.values[name] = value

    def call(self, node):
        function = self.functions.get((node["domain"], node["op"]))
        operands = [self.value(name) for name in node["inputs"]]
        attributes = dict(node["attributes"])
        if node["references"]:
            refuse(node["op"], "refers to an attribute of a function that is not there", code="K0720")
        if function is not None:
            return self.call_function(function, operands, attributes)
        operator = _find(node)
        if operator is None:
            where = f" of the domain `{node['domain']}`" if node["domain"] else ""
            refuse(node["op"], f"is an operator{where} that kedge does not know")
        now.opset = self.opsets.get(node["domain"], self.opsets.get("", 17))
        now.results = len(node["outputs"])
        for key, value in attributes.items():
            if isinstance(value, dict):
                attributes[key] = Body(value, self)
        while operands and operands[-1] is None:
            operands.pop()
        result = operator(*operands, **attributes)
        return result if isinstance(result, (list, tuple)) else [result]

    def call_function(self, function, operands, attributes):
        attributes = {**function["defaults"], **attributes}
        nodes = []
        for node in function["nodes"]:
            known = {own: attributes[name] for own, name in node["references"].items() if name in attributes}
            nodes.append({**node, "attributes": {**node["attributes"], **known}, "references": {}})
        data = {"name": function["name"], "nodes": nodes, "initializers": {}, "outputs": [(name, None, None) for name in function["outputs"]]}
        inner = Graph(data, self.functions, function["opsets"])
        inner.values = dict(zip(function["inputs"], operands))
        for name in function["inputs"][len(operands):]:
            inner.values[name] = None
        return inner.run()


class Body:
    """A graph attribute, as a function of its inputs' values."""

    def __init__(self, data, around):
        self.data = data
        self.around = around

    def __call__(self, *operands):
        around = self.around
        inner = Graph(self.data, around.functions, around.opsets, around.values)
        for (name, _, _), value in zip(self.data["inputs"], operands):
            inner.values[name] = value
        return inner.run()


def _find(node):
    if node["domain"] in _domains:
        for module in _modules:
            found = module.__dict__.get(node["op"])
            if found is not None and getattr(found, "__module__", "") == module.__name__:
                return found
    return None


def load(model, overlays):
    graph = Graph(model["graph"], {(f["domain"], f["name"]): f for f in model["functions"]}, model["opsets"])
    wanted = [entry for entry in model["graph"]["inputs"] if entry[0] not in model["graph"]["initializers"]]
    shapes, known = _given(wanted, overlays)
    inputs = []
    for name, dtype, shape in wanted:
        if dtype is None:
            refuse(name, "is an input that is no tensor of numbers", code="K0722")
        if name not in shapes and shape is None:
            refuse(name, "is an input whose rank is not in the file", "give it with --shape", code="K0720")
        shape = shapes[name] if name in shapes else tuple(d if isinstance(d, int) and d >= 0 else None for d in shape)
        graph.values[name] = _kedge.input(name, tuple(shape), dtype)
        inputs.append((name, graph.values[name]))
        if name in known:
            graph.values[name] = known[name].astype(dtype)
    results = graph.run()
    names = [name for name, _, _ in model["graph"]["outputs"]]
    return {"inputs": inputs, "outputs": [(name, to_tensor(value)) for name, value in zip(names, results)]}


def _given(inputs, overlays):
    names = [name for name, _, _ in inputs]
    shapes, known, free = {}, {}, list(names)
    for name, shape, value in overlays:
        if name and name not in names:
            _kedge.refuse("K0405", f"the model has no input `{name}`", "its inputs are " + ", ".join(names))
        if not name and not free:
            _kedge.refuse("K0405", f"more shapes are given than the model has inputs ({len(names)})")
        place = name or free[0]
        shapes[place] = shape
        if value is not None:
            known[place] = value
        if place in free:
            free.remove(place)
    return shapes, known
