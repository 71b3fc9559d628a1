#!/usr/bin/env python3
"""Lambda layers from their stored bytecode: against real Keras for the Python at hand, and hand-assembled code of other versions of CPython."""
import base64
import json
import os
import pathlib
import struct
import tempfile
import zipfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import keras
import numpy as np
import tensorflow as tf
from check import check, finish, kedge
from keras import backend as K
from keras import ops


def adding(amount):
    return lambda x: x * amount + amount


FUNCTIONS = {
    "arithmetic": lambda x: (x**2 - 1.5) / 2.0 + -x % 3.0,
    "modules": lambda x: tf.reduce_mean(x, axis=-1, keepdims=True) * tf.cast(tf.shape(x)[1], tf.float32) + np.pi,
    "choice": lambda x: x[:, ::2] if x.shape[-1] > 3 and len(x.shape) == 3 else x * 2,
    "comprehension": lambda x: tf.concat([x[..., i:i + 1] * float(i) for i in range(x.shape[-1]) if i != 2], axis=-1),
    "generator": lambda x: sum(x[:, i] for i in range(x.shape[1]) if i != 1),
    "mapping": lambda x: ops.stack([v for k, v in {"a": x, "b": x + 1.0}.items()], axis=-1),
    "default": lambda x, factor=2.0: x * factor,
    "closure": adding(2.5),
    "nested": lambda x: (lambda y, *more, **named: y + more[0] * named["q"])(x, 2.0, q=3.0),
    "spread": lambda x: ops.sum(ops.reshape(x, (-1, *x.shape[1:][::-1])), **{"axis": 1, "keepdims": True}),
    "text": lambda x: tf.identity(x, name=f"id_{x.shape[-1]:d}_{x.shape[1]!r}"),
    "higher order": lambda x: tf.add_n(list(map(lambda t: t * 2.0, tf.unstack(x, axis=1)))),
    "walrus": lambda x: (y := x + 1.0) * y,
    "chain": lambda x: x if 0 < x.shape[1] < 10 else -x,
    "default value": lambda x: ops.softmax(x, axis=(None or -1)),
    "operators": lambda x: tf.where(~(x > 0.5), x, tf.zeros_like(x)) @ tf.transpose(x, [0, 2, 1]),
    "membership": lambda x: x if x.shape[-1] in {5, 6} and x is not None else x * 0.0,
    "numbers": lambda x: x * 123456789012.0 + 1e-3 * 70000 + (2 + 1j).real - 12345678901 % 7,
}


def model_of(function):
    inputs = keras.Input((4, 5))
    return keras.Model(inputs, keras.layers.Lambda(function)(inputs))


def answer(folder, model):
    out = folder / "out.npz"
    p = kedge("run", model, "--input", folder / "in.npz", "--force", "-o", out)
    if not check(p.returncode == 0, f"{model}: {p.stderr[:400]}"):
        return None
    with np.load(out) as arrays:
        return arrays[arrays.files[0]]


def against_keras(folder, x):
    for name, function in FUNCTIONS.items():
        model = model_of(function)
        want = model(x).numpy()
        model.save(folder / "model.keras")
        got = answer(folder, folder / "model.keras")
        if got is not None:
            near = got.shape == want.shape and np.allclose(got, want, rtol=1e-5, atol=1e-5)
            check(near, f"{name}: {got.ravel()[:4]}, Keras {want.ravel()[:4]}")


# -- other versions: `lambda x: abs(x * 2.0) if len(x.shape) > 2 else x`, assembled by hand from the manual of `dis`


def words(*pairs):
    """Instructions as (number, argument, empty words behind)."""
    return b"".join(bytes([number, argument]) + bytes(2 * caches) for number, argument, caches in pairs)


def old(jump):
    return words((116, 0, 0), (124, 0, 0), (106, 1, 0), (131, 1, 0), (100, 1, 0), (107, 4, 0), (114, jump, 0), (116, 2, 0), (124, 0, 0), (100, 2, 0),
                 (20, 0, 0), (131, 1, 0), (83, 0, 0), (124, 0, 0), (83, 0, 0))


def new(resume, load_global, fast, attribute, call, const, compare, jump, multiply, leave):
    return words((resume, 0, 0), (load_global, 1, 4), (fast, 0, 0), (attribute, 2, 9), (call, 1, 3), (const, 1, 0), compare, jump,
                 (load_global, 5, 4), (fast, 0, 0), (const, 2, 0), (multiply, 5, 1), (call, 1, 3), (leave, 0, 0), (fast, 0, 0), (leave, 0, 0))


ASSEMBLED = {
    "3.8": (old(26), b""),
    "3.10": (old(13), bytes([30, 0])),
    "3.12": (new(151, 116, 124, 106, 171, 100, (107, 68, 1), (114, 14, 0), 122, 83), None),
    "3.13": (new(149, 91, 85, 82, 53, 83, (58, 148, 1), (97, 14, 1), 45, 36), None),
}


def marshalled(value):
    if value is None:
        return b"N"
    if isinstance(value, int):
        return b"i" + struct.pack("<i", value)
    if isinstance(value, float):
        return b"g" + struct.pack("<d", value)
    if isinstance(value, str):
        return b"z" + bytes([len(value)]) + value.encode()
    if isinstance(value, bytes):
        return b"s" + struct.pack("<I", len(value)) + value
    return b")" + bytes([len(value)]) + b"".join(marshalled(v) for v in value)


def code_object(code, lines):
    consts, names = (None, 2, 2.0), ("len", "shape", "abs")
    if lines is not None:
        numbers = struct.pack("<6I", 1, 0, 0, 1, 3, 0x43)
        fields = [code, consts, names, ("x",), (), (), "lambda.py", "<lambda>"]
        return b"c" + numbers + b"".join(map(marshalled, fields)) + struct.pack("<I", 1) + marshalled(lines)
    fields = [code, consts, names, ("x",), bytes([0x26]), "lambda.py", "<lambda>", "<lambda>"]
    return b"c" + struct.pack("<5I", 1, 0, 0, 4, 3) + b"".join(map(marshalled, fields)) + struct.pack("<I", 1) + marshalled(b"") + marshalled(b"")


def with_function(folder, name, function):
    """The model of a Lambda with another stored function."""
    model_of(lambda x: x).save(folder / "model.keras")
    with zipfile.ZipFile(folder / "model.keras") as source, zipfile.ZipFile(folder / name, "w") as target:
        for member in source.namelist():
            data = source.read(member)
            if member == "config.json":
                config = json.loads(data)
                config["config"]["layers"][1]["config"].update(function)
                data = json.dumps(config)
            target.writestr(member, data)
    return folder / name


def stored(data):
    return {"function": {"class_name": "__lambda__", "config": {"code": base64.encodebytes(data).decode(), "defaults": None, "closure": None}}}


def other_versions(folder, x):
    for version, (code, lines) in ASSEMBLED.items():
        got = answer(folder, with_function(folder, f"{version}.keras", stored(code_object(code, lines))))
        check(got is not None and np.array_equal(got, abs(x * 2)), f"Python {version}: {got if got is None else got.ravel()[:4]}")
    text = base64.encodebytes(code_object(*ASSEMBLED["3.8"])).decode()
    keras_2 = {"function": [text, None, None], "function_type": "lambda", "module": "__main__"}
    got = answer(folder, with_function(folder, "keras_2.keras", keras_2))
    check(got is not None and np.array_equal(got, abs(x * 2)), "Keras 2 stores a list")


def broken(folder):
    """Bytes that are no function are refused by name and place, wherever they end."""
    whole = code_object(*ASSEMBLED["3.12"])
    unknown = code_object(words((151, 0, 0), (199, 1, 0), (83, 0, 0)), None)
    looped = code_object(words((151, 0, 0), (140, 2, 0), (83, 0, 0)), None)
    for name, data in {"cut": whole[:60], "empty": b"", "number": marshalled(3), "unknown": unknown, "huge": b"(\xff\xff\xff\x7f", "deep": b")\x01" * 500,
                       "reference": b"r\x01\x00\x00\x00"}.items():
        p = kedge("run", with_function(folder, "broken.keras", stored(data)), "--input", folder / "in.npz", "--force", "-o", folder / "out.npz")
        check(p.returncode == 1 and "K0404" in p.stderr and "layers[1]" in p.stderr, f"{name} is refused: {p.stderr[:300]}")
    p = kedge("run", with_function(folder, "broken.keras", stored(looped)), "--input", folder / "in.npz", "--force", "-o", folder / "out.npz")
    check(p.returncode == 1 and "error[K0" in p.stderr, f"an endless loop ends: {p.stderr[:300]}")


def main():
    x = np.random.default_rng(5).standard_normal((2, 4, 5)).astype("float32")
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        np.savez(folder / "in.npz", x)
        against_keras(folder, x)
        other_versions(folder, x)
        broken(folder)
    finish()


if __name__ == "__main__":
    main()
