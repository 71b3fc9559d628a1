#!/usr/bin/env python3
"""Every built-in layer of the prelude, in several settings: real Keras builds and saves it, kedge binds every stored array and gives the same answer.

    build/venv/bin/python tests/oracle/test_layer_paths.py [--list] [name ...]
"""
import concurrent.futures
import io
import json
import os
import pathlib
import sys
import tempfile
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
from check import check, finish, kedge  # noqa: E402

SEED = 20240
BATCH = 2


def layer_settings(keras):
    """name -> list of (layer maker, input shapes without the batch, input dtype)."""
    L = keras.layers
    f = "float32"
    out = {}

    def add(name, shapes, *makers, dtype=f):
        shapes = shapes if isinstance(shapes, list) else [shapes]
        out.setdefault(name, []).extend((make, shapes, dtype) for make in makers)

    add("Dense", (5,), lambda: L.Dense(4), lambda: L.Dense(3, "relu", use_bias=False), lambda: L.Dense(2, "gelu", name="my_dense"))
    add("Dense", (3, 5), lambda: L.Dense(4, "softmax"))
    add("EinsumDense", (4, 6), lambda: L.EinsumDense("abc,cd->abd", (None, 7), bias_axes="d"), lambda: L.EinsumDense("abc,cde->abde", (None, 3, 2)))
    add("Embedding", (4,), lambda: L.Embedding(9, 3), lambda: L.Embedding(9, 5, mask_zero=True), dtype="int32")
    add("Activation", (6,), *[lambda a=a: L.Activation(a) for a in ("relu", "elu", "selu", "tanh", "softplus", "softsign", "swish", "hard_sigmoid", "mish", "exponential", "log_softmax", "celu", "sparse_plus")])
    add("ReLU", (6,), lambda: L.ReLU(), lambda: L.ReLU(max_value=0.7, negative_slope=0.1, threshold=0.2))
    add("LeakyReLU", (6,), lambda: L.LeakyReLU(0.2))
    add("ELU", (6,), lambda: L.ELU(0.5))
    add("PReLU", (4, 3, 6), lambda: L.PReLU(), lambda: L.PReLU(shared_axes=[1, 2]))
    add("Softmax", (4, 6), lambda: L.Softmax(), lambda: L.Softmax(axis=1))
    add("Identity", (6,), lambda: L.Identity())
    add("Masking", (4, 3), lambda: L.Masking(0.0))
    add("Conv1D", (9, 3), lambda: L.Conv1D(4, 3), lambda: L.Conv1D(4, 3, strides=2, padding="same", activation="relu"), lambda: L.Conv1D(4, 3, padding="causal", dilation_rate=2, use_bias=False))
    add("Conv2D", (8, 7, 4), lambda: L.Conv2D(3, 3), lambda: L.Conv2D(6, (3, 2), strides=2, padding="same"), lambda: L.Conv2D(4, 3, groups=2, dilation_rate=2, use_bias=False))
    add("Conv3D", (5, 6, 4, 2), lambda: L.Conv3D(3, 2), lambda: L.Conv3D(3, 3, padding="same", strides=2))
    add("DepthwiseConv1D", (9, 3), lambda: L.DepthwiseConv1D(3, depth_multiplier=2))
    add("DepthwiseConv2D", (8, 7, 4), lambda: L.DepthwiseConv2D(3), lambda: L.DepthwiseConv2D(3, depth_multiplier=2, padding="same", strides=2, use_bias=False))
    add("SeparableConv1D", (9, 3), lambda: L.SeparableConv1D(4, 3))
    add("SeparableConv2D", (8, 7, 4), lambda: L.SeparableConv2D(5, 3), lambda: L.SeparableConv2D(5, 3, depth_multiplier=2, padding="same"))
    add("Conv1DTranspose", (6, 3), lambda: L.Conv1DTranspose(4, 3, strides=2))
    add("Conv2DTranspose", (5, 4, 3), lambda: L.Conv2DTranspose(4, 3), lambda: L.Conv2DTranspose(2, 3, strides=2, padding="same"), lambda: L.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1, use_bias=False))
    for kind in ("Max", "Average"):
        add(kind + "Pooling1D", (9, 3), lambda c=getattr(L, kind + "Pooling1D"): c(2), lambda c=getattr(L, kind + "Pooling1D"): c(3, strides=2, padding="same"))
        add(kind + "Pooling2D", (8, 7, 3), lambda c=getattr(L, kind + "Pooling2D"): c(2), lambda c=getattr(L, kind + "Pooling2D"): c(3, strides=2, padding="same"))
        add(kind + "Pooling3D", (4, 5, 6, 2), lambda c=getattr(L, kind + "Pooling3D"): c(2))
        global_name = "GlobalMaxPooling" if kind == "Max" else "GlobalAveragePooling"
        for rank, shape in ((1, (9, 3)), (2, (8, 7, 3)), (3, (4, 5, 6, 2))):
            add(f"{global_name}{rank}D", shape, lambda c=getattr(L, f"{global_name}{rank}D"): c(), lambda c=getattr(L, f"{global_name}{rank}D"): c(keepdims=True))
    add("BatchNormalization", (5, 3), lambda: L.BatchNormalization(), lambda: L.BatchNormalization(axis=1, scale=False), lambda: L.BatchNormalization(center=False, epsilon=1e-2))
    add("LayerNormalization", (5, 4), lambda: L.LayerNormalization(), lambda: L.LayerNormalization(axis=[1, 2]), lambda: L.LayerNormalization(scale=False), lambda: L.LayerNormalization(center=False))
    add("RMSNormalization", (5, 4), lambda: L.RMSNormalization())
    add("GroupNormalization", (5, 4, 6), lambda: L.GroupNormalization(3), lambda: L.GroupNormalization(-1), lambda: L.GroupNormalization(2, scale=False))
    add("UnitNormalization", (5, 4), lambda: L.UnitNormalization())
    add("SpectralNormalization", (8, 7, 3), lambda: L.SpectralNormalization(L.Conv2D(4, 3)))
    add("SimpleRNN", (5, 3), lambda: L.SimpleRNN(4), lambda: L.SimpleRNN(4, return_sequences=True, use_bias=False), lambda: L.SimpleRNN(4, go_backwards=True))
    add("GRU", (5, 3), lambda: L.GRU(4), lambda: L.GRU(4, return_sequences=True), lambda: L.GRU(4, reset_after=False))
    add("LSTM", (5, 3), lambda: L.LSTM(4), lambda: L.LSTM(4, return_sequences=True), lambda: L.LSTM(4, return_state=True), lambda: L.LSTM(4, use_bias=False, recurrent_activation="hard_sigmoid"))
    add("Bidirectional", (5, 3), lambda: L.Bidirectional(L.LSTM(3)), lambda: L.Bidirectional(L.GRU(3, return_sequences=True), merge_mode="sum"))
    add("RNN", (5, 3), lambda: L.RNN(L.LSTMCell(4)), lambda: L.RNN([L.GRUCell(3), L.LSTMCell(4)]))
    add("ConvLSTM1D", (3, 7, 2), lambda: L.ConvLSTM1D(3, 3))
    add("ConvLSTM2D", (3, 6, 5, 2), lambda: L.ConvLSTM2D(3, 3, padding="same"))
    add("TimeDistributed", (3, 5), lambda: L.TimeDistributed(L.Dense(4)), lambda: L.TimeDistributed(L.Dense(2, name="inner"), name="outer"))
    add("Flatten", (3, 4, 2), lambda: L.Flatten())
    add("Reshape", (3, 4), lambda: L.Reshape((2, 6)), lambda: L.Reshape((-1, 2)))
    add("Permute", (3, 4, 2), lambda: L.Permute((3, 1, 2)))
    add("RepeatVector", (4,), lambda: L.RepeatVector(3))
    add("ZeroPadding1D", (4, 2), lambda: L.ZeroPadding1D(2))
    add("ZeroPadding2D", (4, 3, 2), lambda: L.ZeroPadding2D(((1, 2), (0, 3))))
    add("ZeroPadding3D", (3, 4, 3, 2), lambda: L.ZeroPadding3D(1))
    add("Cropping1D", (6, 2), lambda: L.Cropping1D((1, 2)))
    add("Cropping2D", (6, 5, 2), lambda: L.Cropping2D(1))
    add("Cropping3D", (4, 6, 5, 2), lambda: L.Cropping3D(1))
    add("UpSampling1D", (4, 2), lambda: L.UpSampling1D(2))
    add("UpSampling2D", (4, 3, 2), lambda: L.UpSampling2D(2), lambda: L.UpSampling2D((2, 3), interpolation="bilinear"))
    add("UpSampling3D", (2, 3, 4, 2), lambda: L.UpSampling3D(2))
    for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"):
        add(name, [(4, 3), (4, 3)], lambda c=getattr(L, name): c())
    add("Dot", [(4, 3), (4, 3)], lambda: L.Dot(axes=2), lambda: L.Dot(axes=(1, 1), normalize=True))
    add("Attention", [(4, 3), (5, 3)], lambda: L.Attention(), lambda: L.Attention(use_scale=True), lambda: L.Attention(score_mode="concat"))
    add("AdditiveAttention", [(4, 3), (5, 3)], lambda: L.AdditiveAttention(), lambda: L.AdditiveAttention(use_scale=False))
    add("Rescaling", (4, 3), lambda: L.Rescaling(1 / 127.5, offset=-1))
    add("Resizing", (6, 5, 3), lambda: L.Resizing(4, 7), lambda: L.Resizing(9, 3, interpolation="nearest"))
    add("CenterCrop", (6, 5, 3), lambda: L.CenterCrop(4, 3))
    add("Normalization", (4, 3), lambda: L.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 4.0, 0.5]))
    add("CategoryEncoding", (4,), lambda: L.CategoryEncoding(9, output_mode="multi_hot"), lambda: L.CategoryEncoding(9, output_mode="count"), dtype="int32")
    for name, arguments in (("Dropout", (0.3,)), ("SpatialDropout1D", (0.3,)), ("GaussianDropout", (0.3,)), ("GaussianNoise", (0.3,)), ("AlphaDropout", (0.3,)), ("ActivityRegularization", (0.1,))):
        add(name, (4, 3), lambda c=getattr(L, name), a=arguments: c(*a))
    for name, arguments in (("RandomFlip", ()), ("RandomRotation", (0.1,)), ("RandomZoom", (0.1,)), ("RandomContrast", (0.1,)), ("RandomTranslation", (0.1, 0.1))):
        add(name, (6, 5, 3), lambda c=getattr(L, name), a=arguments: c(*a))
    return out


def attention_models(keras):
    """Layers that take their inputs by name, and models in which several layers share a class."""
    L = keras.layers

    def model(shapes, make):
        inputs = [keras.Input(s) for s in shapes]
        return keras.Model(inputs, make(*inputs))

    yield "MultiHeadAttention", lambda: model([(4, 6)], lambda x: L.MultiHeadAttention(2, 3)(x, x))
    yield "MultiHeadAttention", lambda: model([(4, 6), (5, 6)], lambda q, v: L.MultiHeadAttention(2, 3, value_dim=4, use_bias=False)(q, v))
    yield "MultiHeadAttention", lambda: model([(4, 6)], lambda x: L.MultiHeadAttention(2, 3, output_shape=5)(x, x, use_causal_mask=True))
    yield "GroupQueryAttention", lambda: model([(4, 6)], lambda x: L.GroupQueryAttention(3, 4, 2)(x, x))
    yield "shared layer", lambda: model([(5,), (5,)], lambda a, b: (lambda d: L.Add()([d(a), d(b)]))(L.Dense(4)))
    yield "two of a class", lambda: model([(5,)], lambda x: L.Dense(3)(L.Dense(4)(L.Dense(6, name="first")(x))))
    yield "nested model", lambda: model([(5,)], lambda x: L.Dense(2)(keras.Sequential([keras.Input((5,)), L.Dense(4), L.BatchNormalization()])(x)))
    yield "mask through LSTM", lambda: model([(5, 3)], lambda x: L.LSTM(4)(L.Masking()(x)))


def models(keras):
    for name, settings in layer_settings(keras).items():
        for i, (make, shapes, dtype) in enumerate(settings):
            def build(make=make, shapes=shapes, dtype=dtype):
                inputs = [keras.Input(s, dtype=dtype) for s in shapes]
                return keras.Model(inputs, make()(inputs[0] if len(inputs) == 1 else inputs))
            yield f"{name}_{i}", build
    for i, (name, build) in enumerate(attention_models(keras)):
        yield f"{name.replace(' ', '_')}_{i}", build


def save(keras, np, name, build, folder):
    """Writes model, inputs and answer; gives the stored arrays' paths."""
    import h5py
    keras.utils.set_random_seed(SEED + len(name))
    random = np.random.default_rng([SEED, *name.encode()])
    model = build()
    for weight in model.weights:  # no bias stays zero, no variance becomes negative
        if "seed" in weight.path:
            continue
        value = random.uniform(0.2, 1.0, weight.shape) if "var" in weight.name or "gamma" in weight.name else random.normal(0, 0.5, weight.shape)
        weight.assign(value.astype("float32"))
    arrays = []
    for tensor in model.inputs:
        shape = (BATCH,) + tuple(tensor.shape[1:])
        arrays.append(random.integers(0, 9, shape).astype("int32") if tensor.dtype == "int32" else random.normal(0, 1, shape).astype("float32"))
    if name.startswith(("Masking", "mask")):
        arrays[0][:, 3:] = 0
    answer = [np.asarray(a) for a in keras.tree.flatten(model(arrays if len(arrays) > 1 else arrays[0], training=False))]
    model.save(folder / f"{name}.keras")
    np.savez(folder / f"{name}.in.npz", *arrays)
    np.savez(folder / f"{name}.want.npz", *answer)
    paths = []
    with zipfile.ZipFile(folder / f"{name}.keras") as z, h5py.File(io.BytesIO(z.read("model.weights.h5"))) as f:
        f.visititems(lambda path, item: paths.append(path) if isinstance(item, h5py.Dataset) else None)
    return sorted(paths)


def compare(np, name, folder, paths):
    """'' when kedge binds the same paths and gives the same answer."""
    model = folder / f"{name}.keras"
    ran = kedge("run", model, "--input", folder / f"{name}.in.npz", "--output", folder / f"{name}.out.npz")
    if ran.returncode:
        return "run: " + ran.stderr.strip()[:300]
    seen = kedge("inspect", model, "--json")
    if seen.returncode:
        return "inspect: " + seen.stderr.strip()[:300]
    known = sorted(w["path"] for w in json.loads(seen.stdout)["weights"] if w["path"])  # variables that Keras does not save have none
    if known != paths:
        return f"paths: kedge has {sorted(set(known) - set(paths))} more and misses {sorted(set(paths) - set(known))}"
    got, want = np.load(folder / f"{name}.out.npz"), np.load(folder / f"{name}.want.npz")
    if len(got.files) != len(want.files):
        return f"{len(got.files)} outputs, not {len(want.files)}"
    for key in want.files:
        if got[key].shape != want[key].shape or got[key].dtype != want[key].dtype:
            return f"{key} is {got[key].dtype}{got[key].shape}, not {want[key].dtype}{want[key].shape}"
        if not np.allclose(got[key], want[key], rtol=1e-4, atol=1e-5):
            return f"{key} differs by {np.abs(got[key] - want[key]).max()}"
    return ""


def main():
    import numpy as np
    import keras
    chosen = [a for a in sys.argv[1:] if not a.startswith("-")]
    with tempfile.TemporaryDirectory() as tmp:
        folder = pathlib.Path(tmp)
        saved = {}
        for name, build in models(keras):
            if chosen and not any(name.startswith(c) for c in chosen):
                continue
            saved[name] = save(keras, np, name, build, folder)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for name, why in zip(saved, pool.map(lambda n: compare(np, n, folder, saved[n]), saved)):
                check(not why, f"{name}: {why}")
                if "--list" in sys.argv:
                    print(name, why or "ok")
        check(bool(chosen) or len(saved) >= 100, f"{len(saved)} models are at least 100")
    finish()


if __name__ == "__main__":
    main()
