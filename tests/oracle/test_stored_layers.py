"""Layers whose file holds more than weights, against Keras itself: Keras' own quantized layers in every mode, hashes, and lookups.

    build/venv/bin/python tests/oracle/test_stored_layers.py [part of a name]
"""
import itertools
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras  # noqa: E402
import numpy as np  # noqa: E402
from check import check, finish, kedge  # noqa: E402
from keras import layers  # noqa: E402
from keras.quantizers import Int4QuantizationConfig, Int8QuantizationConfig  # noqa: E402

INT4 = {"block2": lambda: Int4QuantizationConfig(block_size=2), "block5": lambda: Int4QuantizationConfig(block_size=5),
        "column": lambda: Int4QuantizationConfig(block_size=-1),
        "inputs": lambda: Int4QuantizationConfig(block_size=-1, activation_quantizer=keras.quantizers.AbsMaxQuantizer())}
MODES = {"int8": lambda: "int8", "weights8": lambda: Int8QuantizationConfig(activation_quantizer=None), "int4": lambda: "int4", "float8": lambda: "float8",
         **INT4}
# Keras cannot quantize an equation with an ellipsis.
EQUATIONS = {"abc,cd->abd": (None, 6), "abc,cde->abde": (None, 3, 4), "abcd,cde->abe": (None, 7), "abc,dc->adb": (5, 3)}


def stored_models():
    """(name, model, inputs)"""
    for mode, config in MODES.items():
        for bias in (True, False):
            yield f"dense {mode} {bias}", [(4, 7)], lambda x: layers.Dense(5, activation="tanh", use_bias=bias), config
        for equation, shape in EQUATIONS.items():
            sizes = (3, 2, 6) if "abcd" in equation else (3, 6)
            yield f"einsum {equation} {mode}", [sizes], lambda x: layers.EinsumDense(equation, shape, bias_axes="d" if "d" in equation.split("->")[1] else "e"), config
    for mode in ("int8", "int4", "block2", "column"):
        yield f"embedding {mode}", [("int", 4)], lambda x: layers.Embedding(11, 5), MODES[mode]


def quantized():
    for name, shapes, make, config in stored_models():
        yield name, shapes, make, config()


def numbers():
    big = np.array([[0, 1, -1, 9, 10, 99, 123, -1234], [12345678, -87654321, 10**12, -10**15, 2**53, 10**17, -2**63, 2**63 - 1]], dtype="int64")
    for salt in (None, 133, (133, 137), (-5, 2**40)):
        for mode, size in (("int", 1000), ("int", 7), ("one_hot", 6), ("multi_hot", 9), ("count", 5)):
            yield f"hash {salt} {mode} {size}", [big], lambda: layers.Hashing(size, salt=salt, output_mode=mode)
    yield "hash masked", [big], lambda: layers.Hashing(50, mask_value=99)
    yield "hash int32", [big.astype("int16").astype("int32")], lambda: layers.Hashing(50)
    column = np.concatenate([big[0], big[1]]).reshape(-1, 1)
    for mode in ("int", "one_hot"):
        for dtype in ("int64", "int32"):
            pair = [column.astype(dtype), column[::-1].astype(dtype)]
            yield f"crossing {mode} {dtype}", pair, lambda: layers.HashedCrossing(13, output_mode=mode)
    words = [12, 36, -7, 42]
    few = np.array([[12, 5, -7, 12, 42], [0, 36, 99, 1, 12]], dtype="int64")
    for oov in (1, 3):
        for method in ("floormod", "farmhash"):
            yield f"lookup {oov} {method}", [few], lambda: layers.IntegerLookup(vocabulary=words, num_oov_indices=oov, oov_method=method)
    yield "lookup salted", [few], lambda: layers.IntegerLookup(vocabulary=words, num_oov_indices=4, oov_method="farmhash", salt=[3, 4])
    for mode in ("one_hot", "multi_hot", "count"):
        data = few[:, :1] if mode == "one_hot" else few
        yield f"lookup {mode}", [data], lambda: layers.IntegerLookup(vocabulary=words, output_mode=mode, num_oov_indices=2)
    yield "lookup tf_idf", [few], lambda: layers.IntegerLookup(vocabulary=words, output_mode="tf_idf", idf_weights=[0.3, 0.7, 1.1, 0.2])
    yield "lookup tf_idf wide", [few], lambda: layers.IntegerLookup(vocabulary=words, output_mode="tf_idf", idf_weights=[0.3, 0.7, 1.1, 0.2],
                                                                    num_oov_indices=2, max_tokens=9, pad_to_max_tokens=True)


def pictures():
    random = np.random.default_rng(5)
    image = random.uniform(0, 255, size=(2, 17, 20, 3)).astype("float32")
    for grid, clip in (((8, 8), 4.0), ((2, 3), 1.5), ((4, 5), 0.0)):
        yield f"clahe {grid} {clip}", [image], lambda: layers.ContrastLimitedAdaptiveHistogramEqualization(clip_limit=clip, tile_grid_size=grid)
    yield "clahe unit range", [image / 255], lambda: layers.ContrastLimitedAdaptiveHistogramEqualization((0, 1), tile_grid_size=(3, 3))
    yield "clahe channels first", [image.transpose(0, 3, 1, 2)], lambda: layers.ContrastLimitedAdaptiveHistogramEqualization(
        tile_grid_size=(3, 3), data_format="channels_first")
    yield "boxes", [image], lambda: layers.MaxNumBoundingBoxes(3)


def compare(name, model, given, folder):
    want = [np.asarray(t) for t in keras.tree.flatten(model.predict(given if len(given) > 1 else given[0], verbose=0))]
    model.save(folder / "m.keras")
    np.savez(folder / "in.npz", **{tensor.name: array for tensor, array in zip(model.inputs, given)})
    (folder / "out.npz").unlink(missing_ok=True)
    done = kedge("run", folder / "m.keras", "--input", folder / "in.npz", "-o", folder / "out.npz")
    if not check(done.returncode == 0, f"{name}: {done.stderr.strip()[:600]}"):
        return
    with np.load(folder / "out.npz") as z:
        got = [z[key] for key in z.files]
    for g, w in zip(got, want):
        same = g.shape == w.shape and g.dtype == w.dtype
        check(same and np.allclose(g, w, rtol=1e-4, atol=2e-5), f"{name}: {g.dtype}{g.shape} for {w.dtype}{w.shape}" + (
            f", {np.abs(g * 1.0 - w).max()} away" if same else ""))


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    random = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for name, shapes, make, config in quantized():
            if wanted not in name:
                continue
            keras.utils.clear_session()
            whole = shapes[0][0] == "int"
            x = keras.Input(shapes[0][1:] if whole else shapes[0], dtype="int32" if whole else "float32")
            model = keras.Model(x, make(x)(x))
            model.layers[-1].set_weights([random.normal(size=w.shape).astype("float32") for w in model.layers[-1].get_weights()])
            model.quantize(config) if isinstance(config, str) else model.quantize(config=config)
            size = (3, *model.inputs[0].shape[1:])
            compare(name, model, [random.integers(0, 11, size=size).astype("int32") if whole else random.normal(size=size).astype("float32")], folder)
        for name, given, make in itertools.chain(numbers(), pictures()):
            if wanted not in name:
                continue
            keras.utils.clear_session()
            symbols = [keras.Input(a.shape[1:], dtype=a.dtype.name) for a in given]
            layer = make()
            compare(name, keras.Model(symbols, layer(symbols if len(symbols) > 1 else symbols[0])), given, folder)
    finish()


if __name__ == "__main__":
    main()
