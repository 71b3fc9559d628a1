#!/usr/bin/env python3
"""Makes the small models of tests/golden with real Keras. The results are in the repository; run this only to make them anew.

    build/venv/bin/python tests/data/make_data.py

Every model is one layer behind Input(shape=(4,)): the goldens write the sources, some of which do not fit on purpose.
"""
import os
import pathlib
import struct
import zipfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import h5py
import keras
import numpy as np
from keras import ops
from keras.src.legacy.saving import legacy_h5_format

HERE = pathlib.Path(__file__).parent
FACTOR = 2.0  # a global of a Lambda: the file does not hold it


@keras.saving.register_keras_serializable(package="tests")
class Scale(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="scale")

    def call(self, x):
        return x * self.scale


@keras.saving.register_keras_serializable(package="tests")
class LogOfSum(keras.layers.Layer):
    """NaN wherever the sum is negative."""

    def call(self, x):
        return ops.log(ops.sum(x, axis=-1, keepdims=True)) + x



def model_of(layer, name):
    inputs = keras.Input((4,), name="x")
    return keras.Model(inputs, layer(inputs), name=name)


def save(model, name):
    model.save(HERE / f"{name}.keras")


def patched(source, target, member, change):
    """A copy of an archive with one member changed (or, when change is None, left out)."""
    with zipfile.ZipFile(HERE / f"{source}.keras") as old, zipfile.ZipFile(HERE / f"{target}.keras", "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == member:
                if change is None:
                    continue
                data = change(data)
            new.writestr(info.filename, data)


def main():
    keras.utils.set_random_seed(3)
    scale = model_of(Scale(name="scale"), "scaled")
    scale.set_weights([np.array([0.5, -1, 2, 0.25], np.float32)])
    save(scale, "scale")
    scale.save(HERE / "scale.h5")
    scale.save_weights(HERE / "scale.weights.h5")
    with h5py.File(HERE / "scale_by_layer.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, scale)
    with h5py.File(HERE / "numbers.h5", "w") as file:
        file["numbers"] = np.arange(3.0)
    save(model_of(LogOfSum(name="log_of_sum"), "nan"), "nan")
    save(model_of(keras.layers.Lambda(lambda x: x + 1, name="plus_one"), "lambda"), "lambda")
    save(model_of(keras.layers.Lambda(lambda x: x * FACTOR, name="scaled"), "lambda_global"), "lambda_global")
    dense = keras.Sequential([keras.Input((4,), name="x"), keras.layers.Dense(3, activation="softmax", name="scores")], name="dense")
    save(dense, "dense")
    left, right = keras.Input((2,), name="left"), keras.Input((2,), dtype="int32", name="right")
    save(keras.Model([left, right], [keras.layers.Identity(name="sum")(left * 2.0), keras.layers.Identity(name="right_out")(right)], name="two"), "two")
    save(keras.Sequential([keras.Input((None, None, 3), name="image"), keras.layers.Conv2D(2, 3, name="conv")], name="open"), "open")

    patched("scale", "no_config", "config.json", None)
    patched("scale", "no_weights", "model.weights.h5", None)
    patched("scale", "bad_config", "config.json", lambda data: data[: len(data) // 2])
    patched("scale", "odd_config", "config.json", lambda data: b"[1, 2]")
    patched("scale", "bad_weights", "model.weights.h5", lambda data: data[: len(data) // 3])
    patched("scale", "not_weights", "model.weights.h5", lambda data: b"these are no weights")
    whole = (HERE / "scale.keras").read_bytes()
    (HERE / "cut.keras").write_bytes(whole[: len(whole) * 2 // 3])
    (HERE / "flipped.keras").write_bytes(flip_member_byte(whole, b"config.json"))

    x = np.array([[1, 2, 3, 4], [-1, -2, -3, -4], [0.5, 0, 0, 1]], np.float32)
    np.savez(HERE / "x.npz", x=x)
    np.savez(HERE / "x_negative.npz", x=-np.abs(x) - 1)
    np.savez(HERE / "x_ints.npz", x=x.astype(np.int32))
    np.savez(HERE / "x_wide.npz", x=np.zeros((3, 5), np.float32))
    np.savez(HERE / "x_flat.npz", x=np.zeros(4, np.float32))
    np.savez(HERE / "two_arrays.npz", a=x, b=x)
    np.savez(HERE / "floats.npz", left=np.ones((1, 2), np.float32), right=np.ones((1, 2), np.float32))
    np.savez(HERE / "scale_answers.npz", arr_0=scale.predict(x, verbose=0))
    scores = dense.predict(x, verbose=0)
    np.savez(HERE / "dense_labels.npz", labels=scores.argmax(1).astype(np.int32))
    np.savez(HERE / "dense_wrong_labels.npz", labels=np.array([0, 1, 7], np.int32))
    np.savez(HERE / "dense_few_labels.npz", labels=np.array([0, 1], np.int32))
    np.savez(HERE / "text.npz", x=np.array(["a", "b"]))


def flip_member_byte(archive, name):
    """The archive with one byte of a member's data changed, so that its checksum is wrong."""
    at = archive.index(name)
    header = at - 30
    name_size, extra_size = struct.unpack("<HH", archive[header + 26 : header + 30])
    data = at + name_size + extra_size + 8
    return archive[:data] + bytes([archive[data] ^ 0x55]) + archive[data + 1 :]


if __name__ == "__main__":
    main()
