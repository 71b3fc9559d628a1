"""Models with several inputs of open lengths, which nothing says to be equal, against Keras at two lengths; lengths that do not fit are refused.

    build/venv/bin/python tests/oracle/test_open_lengths.py
"""
import os
import pathlib
import tempfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", KERAS_BACKEND="tensorflow")
import keras  # noqa: E402
import numpy as np  # noqa: E402
from check import check, finish, kedge  # noqa: E402
from keras import layers, ops  # noqa: E402


def inputs(*names):
    return [keras.Input((None, 8) if name != "mask" else (None,), name=name, dtype="float32" if name != "mask" else "bool") for name in names]


def attention():
    x, mask = inputs("x", "mask")
    return [x, mask], layers.MultiHeadAttention(2, 4)(x, x, attention_mask=mask[:, None, :])


def masked_twice():
    x, mask = inputs("x", "mask")
    y = layers.LayerNormalization()(x + layers.Dense(8)(x))
    keep = ops.logical_and(mask[:, None, :], mask[:, :, None])
    scores = ops.where(keep, ops.matmul(y, ops.swapaxes(y, 1, 2)), -1e9)
    return [x, mask], ops.matmul(ops.softmax(scores), y)


def joined():
    x, y = inputs("x", "y")
    both = layers.Concatenate(axis=-1)([x, y])
    return [x, y], layers.GRU(5, return_sequences=True)(both) + layers.Dense(5)(x)


def crossed():
    x, y = inputs("x", "y")  # different lengths are fine here
    return [x, y], layers.Attention()([x, y])


def added():
    x, y = inputs("x", "y")
    return [x, y], layers.Conv1D(4, 3, padding="same")(layers.Add()([x, y])) * layers.Dense(4)(y)


MODELS = [attention, masked_twice, joined, crossed, added]


def sample(name, length, random):
    if name == "mask":
        return np.arange(length)[None] < np.array([[length], [max(1, length - 2)]])
    return random.normal(size=(2, length, 8)).astype("float32")


def run(folder, given):
    np.savez(folder / "in.npz", **given)
    (folder / "out.npz").unlink(missing_ok=True)
    return kedge("run", folder / "m.keras", "--input", folder / "in.npz", "-o", folder / "out.npz")


def main():
    random = np.random.default_rng(9)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for make in MODELS:
            keras.utils.clear_session()
            symbols, out = make()
            model = keras.Model(symbols, out)
            model.save(folder / "m.keras")
            for length in (4, 7):
                given = {t.name: sample(t.name, length, random) for t in symbols}
                want = np.asarray(model(list(given.values())))
                done = run(folder, given)
                if not check(done.returncode == 0, f"{make.__name__} {length}: {done.stderr[:400]}"):
                    continue
                with np.load(folder / "out.npz") as z:
                    got = z[z.files[0]]
                check(got.shape == want.shape and np.allclose(got, want, rtol=1e-4, atol=1e-5), f"{make.__name__} {length}: {got.shape} for {want.shape}")
            uneven = {t.name: sample(t.name, 4 + i, random) for i, t in enumerate(symbols)}
            done = run(folder, uneven)
            fits = make is crossed
            check((done.returncode == 0) == fits, f"{make.__name__} of uneven lengths: exit {done.returncode}")
            check(fits or "error[K0" in done.stderr and not (folder / "out.npz").exists(), f"{make.__name__}: {done.stderr[:300]}")
    finish()


if __name__ == "__main__":
    main()
