#!/usr/bin/env python3
"""Layers written for Keras 2, in files laid out as Keras 2 wrote them: kedge gives what the layer's formula says.

    build/venv/bin/python tests/oracle/test_keras2_sources.py
"""
import json
import pathlib
import tempfile
import textwrap

import h5py
import numpy as np

from check import check, finish, kedge

HEAD = "from keras.engine.topology import Layer\nfrom tensorflow.python.keras import backend as K\nimport six\n\n"
WIDTH = 4

# name -> (source of `class Custom`, stored arrays by name in Keras 2's order, the formula)
LAYERS = {
    "name_before_shape": ("""
        class Custom(Layer):
            def build(self, input_shape):
                self.scale = self.add_weight("scale", shape=(input_shape.as_list()[-1],))
                self.shift = self.add_weight("shift", input_shape[1:], None, "zeros")
                self.built = True

            def call(self, x):
                return x * self.scale + self.shift
        """, {"scale": (WIDTH,), "shift": (WIDTH,)}, lambda x, w: x * w["scale"] + w["shift"]),
    "constants_are_saved": ("""
        class Custom(Layer):
            def build(self, input_shape):
                self.kernel = self.add_weight(name="kernel", shape=(int(input_shape[-1]), 3), initializer="uniform")
                self.mask = K.ones(shape=(3,), name="mask")
                super(Custom, self).build(input_shape)

            def call(self, x):
                return K.dot(x, self.kernel) * self.mask
        """, {"kernel": (WIDTH, 3), "mask": (3,)}, lambda x, w: x @ w["kernel"] * w["mask"]),
    "inputs_as_arguments": ("""
        class Custom(Layer):
            def build(self, input_shape):
                self.scale = self.add_weight(name="scale", shape=input_shape[-1:])

            def call(self, *args, **kwargs):
                sizes = {"a": 1, "b": 2}
                return args[0] * self.scale * sum(v for _, v in six.iteritems(sizes))
        """, {"scale": (WIDTH,)}, lambda x, w: 3 * x * w["scale"]),
}


def write(path, arrays):
    node = {"class_name": "Custom", "config": {"name": "custom", "trainable": True, "dtype": "float32"}, "name": "custom",
            "inbound_nodes": [[["x", 0, 0, {}]]]}
    start = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, WIDTH], "dtype": "float32", "sparse": False, "name": "x"}, "name": "x",
             "inbound_nodes": []}
    config = {"class_name": "Functional", "config": {"name": "model", "layers": [start, node], "input_layers": [["x", 0, 0]],
                                                     "output_layers": [["custom", 0, 0]]}}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        weights = file.create_group("model_weights")
        for owner in (file, weights):
            owner.attrs["keras_version"], owner.attrs["backend"] = "2.15.0", "tensorflow"
        weights.attrs["layer_names"] = [b"x", b"custom"]
        weights.create_group("x").attrs["weight_names"] = np.zeros((0,), "S1")
        group = weights.create_group("custom")
        group.attrs["weight_names"] = [f"custom/{name}:0".encode() for name in arrays]
        for name, value in arrays.items():
            group[f"custom/{name}:0"] = value


def main():
    random = np.random.default_rng(3)
    x = random.normal(size=(2, WIDTH)).astype("float32")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        np.savez(folder / "x.npz", x)
        for name, (source, shapes, formula) in LAYERS.items():
            arrays = {key: random.normal(size=shape).astype("float32") for key, shape in shapes.items()}
            write(folder / f"{name}.h5", arrays)
            (folder / f"{name}.py").write_text(HEAD + textwrap.dedent(source))
            out = folder / f"{name}.npz"
            p = kedge("run", folder / f"{name}.h5", "--custom", folder / f"{name}.py", "--input", folder / "x.npz", "-o", out)
            if check(p.returncode == 0, f"{name}: {p.stderr}"):
                got = np.load(out)
                check(np.allclose(got[got.files[0]], formula(x, arrays), atol=1e-5), f"{name} differs")
    finish()


if __name__ == "__main__":
    main()
