"""A generated custom layer: its source, made from a seed, and what it is made of.

The layer takes one float32 tensor of static shape (batch, *shape). Its `call` is a chain of rows of operations.py, layouts.py and sublayers.py, each put
into one of the language constructs below, so that an operation meets every way in which people write it.
"""
import dataclasses
import random

from .layouts import LAYOUT
from .operations import ELEMENTWISE, REDUCING
from .sublayers import SUBLAYERS, WEIGHTS

START_SHAPES = [(6,), (5,), (4, 6), (5, 3), (6, 4, 3), (4, 4, 2)]
LARGEST = 600  # elements of a sample
ACTIVATIONS = ["relu", "tanh", "sigmoid", "linear", "gelu", "elu"]


@dataclasses.dataclass
class Generated:
    name: str
    source: str
    shape: tuple
    operations: list
    constructs: list
    steady: bool


class Writer:
    """Lines of `call` (and helpers beside it), with what they have used so far."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.tensorflow = self.random.random() < 0.55
        self.style = "tf" if self.tensorflow else "ops"
        self.shape = self.random.choice(START_SHAPES)
        self.start = self.shape
        self.lines, self.init, self.build, self.methods, self.module = [], [], [], [], []
        self.operations, self.constructs = [], []
        self.counter, self.steady = 0, True

    def fresh(self, stem):
        self.counter += 1
        return f"{stem}{self.counter}"

    def fill(self, text, x, **more):
        s, r = self.shape, self.random
        root = "tf.keras." if self.tensorflow else "keras."
        values = dict(x=x, n=s[-1], m=s[-2] if len(s) > 1 else 1, l=s[0], h=(s[-1] + 1) // 2, i=self.i, new=self.new, flag=self.flag, act=r.choice(ACTIVATIONS),
                      k=root + "layers", r=root, rate=r.choice([0.1, 0.5]), stride=self.stride,
                      mean="tf.reduce_mean" if self.tensorflow else "ops.mean", arange="tf.range" if self.tensorflow else "ops.arange",
                      lib_tensor="tf.convert_to_tensor" if self.tensorflow else "ops.convert_to_tensor")
        return text.format(**{**values, **more})

    def pick(self):
        """A row that fits the current shape, and the shape after it."""
        r, rank = self.random, len(self.shape)
        while True:
            table = r.choice([ELEMENTWISE, ELEMENTWISE, REDUCING, LAYOUT, LAYOUT, SUBLAYERS, SUBLAYERS, WEIGHTS])
            row = r.choice(table)
            self.i, self.flag, self.stride = r.randint(1, 3), r.random() < 0.5, r.choice([1, 2])
            if rank not in row.ranks or (table not in (SUBLAYERS, WEIGHTS) and getattr(row, self.style) in ("", "{x}")):
                continue
            if self.shape[-1] < 2 or (rank > 1 and self.shape[-2] < 3) or (rank > 2 and self.shape[0] < 3):
                if table is LAYOUT or "top_k" in row.semantic or "segment_sum" in " ".join(row.semantic):
                    continue
            if table is WEIGHTS and self.shape[-1] != self.start[-1]:
                continue
            after = self.after(row)
            size = 1
            for extent in after:
                size *= extent
            if 0 < size <= LARGEST:
                return table, row, after

    def after(self, row):
        s = self.shape
        if row.shape == "pad":
            return (s[0] + 1 + self.i, s[1])
        if row.shape == "conv":
            return ((s[0] + self.stride - 1) // self.stride, (s[1] + self.stride - 1) // self.stride, 4)
        if row.shape == "overlap":
            return (s[0] * s[1],) if self.tensorflow else (s[1],)
        if row.shape == "stft":
            frames = (s[0] - 4) // 2 + 1 if self.tensorflow else 1 + s[0] // 2
            return (frames,) if s[0] >= 4 else (0,)
        return row.shape(s)

    def step(self, x):
        """Appends the next operation applied to the variable `x`."""
        table, row, after = self.pick()
        self.new = self.fresh("t")
        if table in (SUBLAYERS, WEIGHTS):
            name = self.fresh("part_")
            made = self.fill(row.made, x, name=name)
            (self.build if table is WEIGHTS else self.init).append(f"self.{name} = {made}")
            text = self.fill(row.used, x, name=name)
        else:
            text = self.fill(getattr(row, self.style), x)
            self.steady &= row.steady
        self.operations += row.semantic
        CONSTRUCTS[self.random.randrange(len(CONSTRUCTS))](self, x, text.split("\n"), after == self.shape)
        self.shape = after

    def emit(self, lines, indent=0):
        self.lines += [" " * indent + line for line in lines]


def plain(w, x, text, keeps):
    w.emit(text[:-1] + [f"{x} = {text[-1]}"])


def in_flag(w, x, text, keeps):
    w.constructs += ["if", "attribute_flag"]
    flag = w.fresh("use_")
    w.init.append(f"self.{flag} = self.config_flags.get({flag!r}, True)")
    w.emit([f"if self.{flag}:"])
    w.emit(text[:-1] + [f"{x} = {text[-1]}"], 4)
    w.emit(["else:", f"    raise ValueError(f'{flag} is off in {{self.name}}')"])


def in_helper(w, x, text, keeps):
    w.constructs += ["method", "keyword_argument"]
    name = w.fresh("_step_")
    w.methods.append([f"def {name}(self, {x}, scale=1.0, training=None):"] + ["    " + line for line in text[:-1]] + [f"    return ({text[-1]}) * scale"])
    w.emit([f"{x} = self.{name}({x}, scale={w.random.choice(['1.0', '0.5', 'self.scale'])}, training=training)"])


def in_nested(w, x, text, keeps):
    w.constructs += ["nested_def", "closure"]
    name = w.fresh("inner_")
    w.emit([f"def {name}({x}):"] + ["    " + line for line in text[:-1]] + [f"    return {text[-1]}", f"{x} = {name}({x})"])


def in_loop(w, x, text, keeps):
    if not keeps:
        return plain(w, x, text, keeps)
    w.constructs += ["for", "enumerate"]
    k, factor = w.fresh("k"), w.fresh("factor")
    w.emit([f"for {k}, {factor} in enumerate((1.0, 0.5)):"])
    w.emit([*text[:-1], f"{x} = ({text[-1]}) * {factor}", f"if {k} > 4:", "    break"], 4)


def in_lambda(w, x, text, keeps):
    if len(text) > 1:
        return plain(w, x, text, keeps)
    w.constructs += ["lambda", "closure"]
    name = w.fresh("fn")
    w.emit([f"{name} = lambda {x}: {text[0]}", f"{x} = {name}({x})"])


def in_comprehension(w, x, text, keeps):
    if len(text) > 1 or not keeps:
        return plain(w, x, text, keeps)
    w.constructs += ["list_comprehension", "sum"]
    heads = w.fresh("heads")
    w.emit([f"{heads} = [({text[0]}) * c for c in (0.5, 0.25)]", f"{x} = sum({heads})"])


def in_none_check(w, x, text, keeps):
    w.constructs += ["is_none", "conditional_expression"]
    w.emit(text[:-1] + [f"{x} = ({text[-1]}) if mask is None else {x} * 0.0"])


def in_isinstance(w, x, text, keeps):
    w.constructs += ["isinstance", "tuple_unpack"]
    w.emit([f"items = {x} if isinstance({x}, (list, tuple)) else [{x}]", f"{x}, *rest = items", "assert not rest"])
    plain(w, x, text, keeps)


def in_scope(w, x, text, keeps):
    w.constructs += ["with", "f_string"]
    w.operations.append("name_scope")
    scope = "tf.name_scope" if w.tensorflow else "keras.name_scope"
    w.emit([f"with {scope}(f'{{type(self).__name__}}_scope'):"])
    w.emit(text[:-1] + [f"{x} = {text[-1]}"], 4)


def in_try(w, x, text, keeps):
    w.constructs += ["try", "exception"]
    w.emit(["try:"])
    w.emit(text[:-1] + [f"{x} = {text[-1]}"], 4)
    w.emit(["except (KeyError, AttributeError) as e:", "    raise RuntimeError('no step') from e"])


def in_dict(w, x, text, keeps):
    w.constructs += ["dict", "star_kwargs"]
    found = w.fresh("found")
    w.emit(text[:-1] + [f"{found} = dict(value={text[-1]}, **{{'extra': None}})", f"{x} = {found}['value']"])


def in_module_function(w, x, text, keeps):
    if any(word in line for line in text for word in ("self.", "training", "mask")):
        return plain(w, x, text, keeps)
    w.constructs += ["module_function", "default_argument"]
    name = w.fresh("apply_")
    w.module.append([f"def {name}({x}, *, gain=1.0):"] + ["    " + line for line in text[:-1]] + [f"    return gain * ({text[-1]})"])
    w.emit([f"{x} = {name}({x}, gain=0.5)"])


def in_while(w, x, text, keeps):
    if not keeps:
        return plain(w, x, text, keeps)
    w.constructs += ["while", "augmented_assignment"]
    k = w.fresh("left")
    w.emit([f"{k} = 2", f"while {k} > 0:"])
    w.emit([*text[:-1], f"{x} = {text[-1]}", f"{k} -= 1"], 4)


CONSTRUCTS = [plain, plain, in_flag, in_helper, in_nested, in_loop, in_lambda, in_comprehension, in_none_check, in_isinstance, in_scope, in_try, in_dict,
              in_module_function, in_while]


def indented(lines, indent):
    return "".join(" " * indent + line + "\n" for line in lines)


def generate(seed):
    """The layer of this number: at least 4 operations and 3 constructs."""
    attempt = 0
    while True:
        w = Writer(f"{seed}/{attempt}")
        for _ in range(w.random.randint(4, 9)):
            w.step("x")
        if len(w.operations) >= 4 and len(set(w.constructs)) >= 3:
            break
        attempt += 1
    name = f"Generated{seed}"
    root = "tf.keras" if w.tensorflow else "keras"
    two = w.random.random() < 0.25
    parent = f"super({name}, self)" if two else "super()"
    source = "import copy\nimport functools\nimport math\n\nimport numpy as np\n"
    source += "import tensorflow as tf\n" if w.tensorflow else "import keras\nfrom keras import ops\n"
    source += "\n\n" + "".join(indented(f, 0) + "\n\n" for f in w.module)
    if w.random.random() < 0.5:
        source += f"@{root}.utils.register_keras_serializable(package='generated')\n" if w.tensorflow else "@keras.saving.register_keras_serializable(package='generated')\n"
    source += f"class {name}({root}.layers.Layer):\n"
    source += f"    def __init__(self, scale=0.75, activation='tanh', initializer='ones', flags=None, **kwargs):\n        {parent}.__init__(**kwargs)\n"
    source += f"        self.scale = scale\n        self.activation = {root}.activations.get(activation)\n"
    source += f"        self.initializer = {root}.initializers.get(initializer)\n        self.config_flags = dict(flags or {{}})\n"
    source += indented(w.init, 8)
    if w.build:
        source += "\n    def build(self, input_shape):\n" + indented(w.build, 8) + f"        {parent}.build(input_shape)\n"
    source += "\n    def call(self, x, training=None, mask=None):\n" + indented(w.lines, 8) + "        return x\n"
    for method in w.methods:
        source += "\n" + indented(method, 4)
    source += f"\n    def get_config(self):\n        config = {parent}.get_config()\n"
    source += f"        config.update({{'scale': self.scale, 'activation': {root}.activations.serialize(self.activation)}})\n        return config\n"
    return Generated(name, source, w.start, w.operations, w.constructs + ["class", "super_two" if two else "super_none", "kwargs"], w.steady)
