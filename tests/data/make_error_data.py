#!/usr/bin/env python3
"""Makes the models of tests/golden/errors that need real Keras. The results are in the repository; run this only to make them anew.

    build/venv/bin/python tests/data/make_error_data.py

Each is as small as the fault it shows allows; the goldens themselves damage bytes where no Keras is needed for it.
"""
import json
import os
import pathlib
import zipfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import h5py
import keras
import numpy as np

HERE = pathlib.Path(__file__).parent / "errors"


@keras.saving.register_keras_serializable(package="tests")
class Tied(keras.layers.Layer):
    """One variable that two layers own, so that the file holds it twice."""

    def build(self, input_shape):
        self.left = keras.layers.Dense(4, use_bias=False, name="left")
        self.right = Borrower(name="right")
        self.left.build(input_shape)
        self.right.borrowed = self.left.kernel
        self.right.built = True

    def call(self, x):
        return self.right(self.left(x))


class Borrower(keras.layers.Layer):
    borrowed = None

    def call(self, x):
        return x @ self.borrowed


@keras.saving.register_keras_serializable(package="tests")
class Pair(keras.layers.Layer):
    """Two variables that nothing but their order tells apart."""

    def build(self, input_shape):
        self.parts = [self.add_weight(shape=(4,), name="part", initializer="ones") for _ in range(2)]

    def call(self, x):
        return x * self.parts[0] + self.parts[1]


@keras.saving.register_keras_serializable(package="tests")
class Free(keras.Model):
    """A subclassed model."""

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1],), name="scale")

    def call(self, x):
        return x * self.scale


def model_of(layer, name, shape=(4,), dtype=None):
    inputs = keras.Input(shape, name="x", dtype=dtype)
    return keras.Model(inputs, layer(inputs), name=name)


def changed(source, target, weights=None, config=None):
    """A copy of a model with its arrays or its configuration changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "model.weights.h5" and weights is not None:
                scratch = HERE / "scratch.h5"
                scratch.write_bytes(data)
                with h5py.File(scratch, "r+") as f:
                    weights(f)
                data = scratch.read_bytes()
                scratch.unlink()
            if name == "config.json" and config is not None:
                document = json.loads(data)
                config(document)
                data = json.dumps(document).encode()
            new.writestr(name, data)


def replaced(path, make):
    """A change of weights that makes one array anew."""

    def change(f):
        del f[path]
        make(f, path)

    return change


def theano():
    """The head of a whole-model file that Keras 1 wrote on Theano."""
    with h5py.File(HERE / "theano.h5", "w") as file:
        file.attrs["keras_version"] = b"1.2.2"
        file.attrs["backend"] = b"theano"
        layer = {"class_name": "Dense", "config": {"name": "dense_1", "output_dim": 2, "batch_input_shape": [None, 3], "activation": "linear"}}
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": [layer]}).encode()
        weights = file.create_group("model_weights")
        weights.attrs["backend"], weights.attrs["keras_version"], weights.attrs["layer_names"] = b"theano", b"1.2.2", [b"dense_1"]
        group = weights.create_group("dense_1")
        group.attrs["weight_names"] = [b"dense_1_W", b"dense_1_b"]
        group["dense_1_W"], group["dense_1_b"] = np.ones((3, 2), "float32"), np.zeros(2, "float32")


def main():
    theano()
    HERE.mkdir(exist_ok=True)
    keras.utils.set_random_seed(3)
    model_of(Tied(name="tied"), "tied").save(HERE / "tied.keras")

    def untie(f):
        places = [p for p in paths_of(f) if "right" in p]
        assert places, paths_of(f)
        f[places[0]][...] = f[places[0]][...] + 1

    changed(HERE / "tied.keras", HERE / "untied.keras", weights=untie)
    (HERE / "tied.keras").unlink()
    model_of(Pair(name="pair"), "pair").save(HERE / "pair.keras")

    free = Free(name="free")
    free(np.zeros((1, 4), np.float32))
    free.save(HERE / "free.keras")
    changed(HERE / "free.keras", HERE / "shapeless.keras", config=lambda c: c.pop("build_config"))
    (HERE / "free.keras").unlink()

    scale = HERE.parent / "scale.keras"
    at = "layers/scale/vars/0"
    compound = np.zeros(4, np.dtype([("mean", "<f4"), ("spread", "<f4")]))
    changed(scale, HERE / "compound.keras", weights=replaced(at, lambda f, p: f.create_dataset(p, data=compound)))
    changed(scale, HERE / "elsewhere.keras", weights=replaced(at, lambda f, p: f.__setitem__(p, h5py.ExternalLink("other.h5", "/" + p))))
    changed(scale, HERE / "null_array.keras", weights=replaced(at, lambda f, p: f.create_dataset(p, data=h5py.Empty("f"))))
    changed(scale, HERE / "no_class_name.keras", config=lambda c: c.pop("class_name"))
    changed(scale, HERE / "list_for_name.keras", config=lambda c: c["config"]["layers"][1].__setitem__("class_name", [1]))
    changed(scale, HERE / "text_for_layers.keras", config=lambda c: c["config"].__setitem__("layers", "none"))


def paths_of(f):
    found = []
    f.visititems(lambda name, item: found.append(name) if isinstance(item, h5py.Dataset) else None)
    return found


if __name__ == "__main__":
    main()
