#!/usr/bin/env python3
"""HDF5 models in the words of Keras 1 and 2, written here array by array, against the same model in today's Keras."""
import json
import os
import pathlib
import tempfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import h5py
import keras
import numpy as np
from keras import layers, ops

from check import check, finish, kedge

RANDOM = np.random.default_rng(11)


def keras_2_sigmoid(x):
    return ops.clip(0.2 * x + 0.5, 0.0, 1.0)


def named(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, "trainable": True, **config}}


def step(kind, name, nodes, **config):
    return {**named(kind, name, **config), "name": name, "inbound_nodes": nodes}


def write(path, version, config, groups):
    """`groups`: {layer: {name of an array: array}} in the file's order."""
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = version
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [name.encode() for name in groups]
        if not version.startswith("1"):
            weights.attrs["keras_version"], weights.attrs["backend"] = version, "tensorflow"
        for name, arrays in groups.items():
            group = weights.create_group(name)
            group.attrs["weight_names"] = [array.encode() for array in arrays]
            for array, value in arrays.items():
                group[array] = value


def examine(what, folder, version, config, groups, model):
    path = folder / "model.h5"
    write(path, version, config, groups)
    arrays = [RANDOM.normal(size=(3, *t.shape[1:])).astype("float32") for t in model.inputs]
    np.savez(folder / "in.npz", *arrays)
    want = [np.asarray(v) for v in keras.tree.flatten(model(arrays if len(arrays) > 1 else arrays[0], training=False))]
    ran = kedge("run", path, "--input", folder / "in.npz", "-o", folder / "out.npz", "--force")
    if not check(ran.returncode == 0, f"{what}: {ran.stderr[:600]}"):
        return
    with np.load(folder / "out.npz") as got:
        for i, value in enumerate(want):
            check(got[f"arr_{i}"].shape == value.shape and np.allclose(got[f"arr_{i}"], value, rtol=1e-4, atol=1e-5), f"{what}: output {i}")


def uniform(*shape):
    return RANDOM.uniform(0.2, 1.0, shape).astype("float32")


def keras_1_lstm(folder):
    gates = {f"lstm_1_{kind}_{gate}:0": uniform(*{"W": (3, 4), "U": (4, 4), "b": (4,)}[kind]) for gate in "icfo" for kind in "WUb"}
    kernels = [np.concatenate([gates[f"lstm_1_{kind}_{gate}:0"] for gate in "ifco"], axis=-1) for kind in "WUb"]
    dense = [uniform(4, 2), uniform(2)]
    config = {"class_name": "Sequential", "config": [
        named("LSTM", "lstm_1", output_dim=4, init="glorot_uniform", inner_activation="hard_sigmoid", activation="tanh", dropout_W=0.1,
              batch_input_shape=[None, 5, 3], input_dtype="float32", input_dim=3, input_length=5, return_sequences=False),
        named("Dense", "dense_1", output_dim=2, activation="linear", bias=True, input_dim=4, W_regularizer=None)]}
    model = keras.Sequential([keras.Input((5, 3)), layers.LSTM(4, recurrent_activation=keras_2_sigmoid), layers.Dense(2)])
    model.set_weights(kernels + dense)
    examine("an LSTM of Keras 1", folder, "1.2.2", config, {"lstm_1": gates, "dense_1": {"dense_1_W:0": dense[0], "dense_1_b:0": dense[1]}}, model)


def keras_1_convolution(folder):
    kernel, bias = uniform(3, 2, 3, 4), uniform(4)
    config = {"class_name": "Sequential", "config": [
        named("Convolution2D", "convolution2d_1", nb_filter=4, nb_row=3, nb_col=2, border_mode="same", subsample=[2, 1], dim_ordering="tf", bias=True,
              activation="relu", batch_input_shape=[None, 6, 6, 3], input_dtype="float32"),
        named("MaxPooling2D", "maxpooling2d_1", pool_size=[2, 2], strides=[2, 2], border_mode="valid", dim_ordering="tf"),
        named("Dropout", "dropout_1", p=0.5), named("Flatten", "flatten_1")]}
    model = keras.Sequential([keras.Input((6, 6, 3)), layers.Conv2D(4, (3, 2), (2, 1), "same", activation="relu"), layers.MaxPooling2D(2),
                              layers.Flatten()])
    model.set_weights([kernel, bias])
    examine("a convolution of Keras 1", folder, "1.2.1", config, {"convolution2d_1": {"w:0": kernel, "b:0": bias}}, model)


def functional_with_operators(folder):
    kernel, bias = uniform(6, 6), uniform(6)
    nodes = [
        step("InputLayer", "x", [], batch_input_shape=[None, 6], dtype="float32", sparse=False, ragged=False),
        step("Dense", "d", [[["x", 0, 0, {}]]], units=6, activation="hard_sigmoid", kernel_initializer={"class_name": "Zeros", "config": {}}),
        step("TFOpLambda", "add", [["d", 0, 0, {"y": ["x", 0, 0], "name": None}]], function="__operators__.add"),
        step("LeakyReLU", "leaky", [[["add", 0, 0, {}]]], alpha=0.1),
        step("TFOpLambda", "half", [["leaky", 0, 0, {"y": 0.5, "name": None}]], function="math.multiply"),
        step("SlicingOpLambda", "cut", [["half", 0, 0, {"slice_spec": [{"start": None, "stop": None, "step": None}, {"start": 1, "stop": None, "step": 2}]}]],
             function="__operators__.getitem"),
        step("TFOpLambda", "joined", [[["cut", 0, 0, {"axis": -1}], ["half", 0, 0, {"axis": -1}]]], function="concat")]
    config = {"class_name": "Model", "config": {"name": "m", "layers": nodes, "input_layers": [["x", 0, 0]], "output_layers": [["joined", 0, 0]]}}
    x = keras.Input((6,))
    dense = layers.Dense(6, activation=keras_2_sigmoid)
    half = layers.LeakyReLU(negative_slope=0.1)(dense(x) + x) * 0.5
    model = keras.Model(x, ops.concatenate([half[:, 1::2], half], axis=-1))
    dense.set_weights([kernel, bias])
    examine("operators in a functional model of Keras 2", folder, "2.4.0", config, {"x": {}, "d": {"d_2/kernel:0": kernel, "d_2/bias:0": bias}}, model)


def gru_and_nested(folder):
    """A GRU that says nothing of `reset_after`, and a nested model with a frozen layer: what is trained comes first in its group."""
    gru = [uniform(3, 12), uniform(4, 12), uniform(12)]
    first, second = [uniform(4) for _ in range(4)], [uniform(4) for _ in range(4)]
    inner = {"class_name": "Sequential", "config": {"name": "inner", "layers": [
        {**named("BatchNormalization", "bn_1", axis=[1], epsilon=1e-3, batch_input_shape=[None, 4]), },
        named("BatchNormalization", "bn_2", axis=-1, epsilon=1e-3)]}}
    inner["config"]["layers"][0]["config"]["trainable"] = False
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": [
        named("GRU", "gru", units=4, recurrent_activation="sigmoid", activation="tanh", batch_input_shape=[None, 5, 3], dtype="float32",
              implementation=1, time_major=False), inner]}}
    kinds = ("gamma", "beta", "moving_mean", "moving_variance")
    group = {f"bn_2/{kind}:0": value for kind, value in zip(kinds[:2], second)}
    group.update({f"bn_1/{kind}:0": value for kind, value in zip(kinds, first)})
    group.update({f"bn_2/{kind}:0": value for kind, value in zip(kinds[2:], second[2:])})
    recurrent = layers.GRU(4, reset_after=False)
    norms = [layers.BatchNormalization(), layers.BatchNormalization()]
    model = keras.Sequential([keras.Input((5, 3)), recurrent, *norms])
    recurrent.set_weights(gru)
    norms[0].set_weights(first)
    norms[1].set_weights(second)
    examine("a GRU and a frozen layer in a nested model of Keras 2", folder, "2.2.4", config,
            {"gru": {"gru/kernel:0": gru[0], "gru/recurrent_kernel:0": gru[1], "gru/bias:0": gru[2]}, "inner": group}, model)


def main():
    with tempfile.TemporaryDirectory() as temporary:
        for example in (keras_1_lstm, keras_1_convolution, functional_with_operators, gru_and_nested):
            example(pathlib.Path(temporary))
    finish()


if __name__ == "__main__":
    main()
