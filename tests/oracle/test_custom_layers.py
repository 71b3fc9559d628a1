#!/usr/bin/env python3
"""Custom layers as people write them, saved by real Keras: kedge gives the same answer from the file and the source, also where Keras cannot load
its own file again.

    build/venv/bin/python tests/oracle/test_custom_layers.py [name ...]
"""
import importlib.util
import os
import pathlib
import sys
import tempfile
import textwrap

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
from check import check, finish, kedge  # noqa: E402

# name -> (source, how the layer is made, how it is called on the list of inputs `x`, shapes of the inputs without the batch)
LAYERS = {
    "crossed_bounds": ("""
        class Fence(keras.layers.Layer):
            def build(self, shape):
                self.low = self.add_weight(shape=(), initializer=keras.initializers.Constant(0.4), name="low")
                self.high = self.add_weight(shape=(), initializer=keras.initializers.Constant(-0.3), name="high")
                self.cap = self.add_weight(shape=(), initializer=keras.initializers.Constant(0.6), name="cap")

            def call(self, x):
                return ops.clip(x, self.low, self.high) + ops.clip(x, self.low, self.cap)
        """, "Fence()", "layer(x[0])", [(5,)]),
    "inner_layer_as_object": ("""
        class Head(keras.layers.Layer):
            def __init__(self, table, **kwargs):
                super().__init__(**kwargs)
                self.table = table
                self.size = table.input_dim

            def call(self, x):
                return self.table(x, reverse=True) / self.size

            def get_config(self):
                return {**super().get_config(), "table": keras.layers.serialize(self.table)}
        """, "Head(keras.layers.ReversibleEmbedding(7, 5))", "layer(x[0])", [(3, 5)]),
    "computed_setting_in_the_configuration": ("""
        class Gate(keras.layers.Layer):
            def __init__(self, units, name=None, **kwargs):
                super().__init__(name=name, **kwargs)
                self.units = units
                self.axes = (1, 2)
                self.dense = keras.layers.Dense(units)

            def call(self, x):
                return self.dense(ops.mean(x, axis=self.axes))

            def get_config(self):
                return {**super().get_config(), "units": self.units, "axes": self.axes}
        """, "Gate(4)", "layer(x[0])", [(3, 4, 5)]),
    "levels_by_number": ("""
        class Levels(keras.layers.Layer):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.dense = {level: keras.layers.Dense(3) for level in (2, 3)}

            def call(self, features):
                if list(features) != [2, 3]:
                    raise ValueError("levels are numbers")
                return self.dense[2](features[2]) + self.dense[3](features[3])
        """, "Levels()", "layer({2: x[0], 3: x[1]})", [(4,), (6,)]),
    "names_that_are_text": ("""
        class Pick(keras.layers.Layer):
            def call(self, features):
                return features["1"] - features["2"]
        """, "Pick()", "layer({'1': x[0], '2': x[1]})", [(4,), (4,)]),
    "weight_set_while_building": ("""
        class Table(keras.layers.Layer):
            def build(self, shape):
                self.source = self.add_weight(shape=(4, 6), name="source")
                self.table = self.add_weight(shape=(2, 6), initializer="zeros", name="table")
                self.table.assign(ops.sum(ops.reshape(self.source, (2, 2, 6)), axis=1))

            def call(self, x):
                return ops.matmul(self.table, ops.transpose(x))
        """, "Table()", "layer(x[0])", [(6,)]),
    "shape_of_an_inner_model": ("""
        class Stack(keras.layers.Layer):
            def build(self, shape):
                self.front = keras.models.Sequential([keras.layers.Dense(5, name="a"), keras.layers.Dropout(0.5), keras.layers.Dense(3, name="b")])
                self.front.build((None, shape[-1]))
                self.back = keras.layers.Dense(2)
                self.back.build(self.front.output_shape)

            def call(self, x):
                return self.back(self.front(x))
        """, "Stack()", "layer(x[0])", [(4,)]),
    "own_list_of_layers": ("""
        class Blocks(keras.layers.Layer):
            def __init__(self, count, **kwargs):
                self.count = count
                self.first = [keras.layers.Dense(4) for _ in range(count)]
                self.last = keras.layers.Dense(2)
                self._layers = self.first + [self.last]
                super().__init__(**kwargs)

            def call(self, x):
                for layer in self.first:
                    x = layer(x)
                return self.last(x)
        """, "Blocks(2)", "layer(x[0])", [(4,)]),
    "types_by_name": ("""
        class Count(keras.layers.Layer):
            def call(self, x):
                return tf.cast(tf.math.cumsum(tf.cast(x > 0, tf.dtypes.int32), axis=1), tf.dtypes.float32)
        """, "Count()", "layer(x[0])", [(6,)]),
    "saves_what_it_updates": ("""
        class Synced(keras.layers.Layer):
            def build(self, shape):
                self.kept = self.add_weight(shape=(3,), name="kept", trainable=False)
                self.used = self.add_weight(shape=(3,), name="used")

            def save_own_variables(self, store):
                if ops.any(self.kept != self.used):
                    self.kept.assign(self.used)
                super().save_own_variables(store)

            def call(self, x):
                return x * self.used
        """, "Synced()", "layer(x[0])", [(3,)]),
}


def make(keras, np, name, folder):
    """Saves a model of one such layer and returns its answer."""
    source, construction, call, shapes = LAYERS[name]
    file = folder / f"{name}.py"
    file.write_text("import keras\nimport tensorflow as tf\nfrom keras import ops\n\n" + textwrap.dedent(source))
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    x = [keras.Input(shape) for shape in shapes]
    layer = eval(construction, {**vars(module), "keras": keras})  # noqa: S307, our own table
    model = keras.Model(x, eval(call, {"layer": layer, "x": x}))  # noqa: S307
    random = np.random.default_rng(7)
    if name not in ("crossed_bounds",):
        model.set_weights([random.normal(size=w.shape).astype("float32") for w in model.get_weights()])
    model.save(folder / f"{name}.keras")
    inputs = [random.normal(size=(2, *shape)).astype("float32") for shape in shapes]
    np.savez(folder / f"{name}.npz", *inputs)
    return np.asarray(model(inputs if len(inputs) > 1 else inputs[0]))


def main(names):
    import keras
    import numpy as np
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in names or LAYERS:
            want = make(keras, np, name, folder)
            out = folder / f"{name}.out.npz"
            p = kedge("run", folder / f"{name}.keras", "--custom", folder / f"{name}.py", "--input", folder / f"{name}.npz", "-o", out)
            if not check(p.returncode == 0, f"{name}: {p.stderr}"):
                continue
            got = np.load(out)
            got = got[got.files[0]]
            check(got.shape == want.shape and np.allclose(got, want, atol=1e-5), f"{name}: {got} is not {want}")
    finish()


if __name__ == "__main__":
    main(sys.argv[1:])
