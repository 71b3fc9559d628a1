#!/usr/bin/env python3
"""`kedge verify --per-layer` names the layer in which an artefact parts from its model.

The artefacts are made of copies of the demo model in which real h5py changed the weights of one layer.
"""
import io
import json
import pathlib
import tempfile
import zipfile

import h5py
import numpy as np

from check import DEMO, check, equal, finish, kedge

CALIBRATION = ("--quantize", "int8", "--calib", DEMO / "calib.npz")
# the stored array that is changed, the first layer that differs, the last equal one before it
FAULTS = [("layers/custom_conv_layer/conv/vars/0", "stem/conv2d", None),
          ("layers/custom_conv_layer_1/norm/vars/1", "block1/conv2d_1", "stem"),  # the convolution is fused with its norm
          ("layers/custom_conv_layer_2/excite/vars/0", "block2/dense_1", "block1"),
          ("layers/dense/vars/1", "shape", "global_average_pooling2d")]


def with_changed_weight(path, array):
    """A copy of the demo model at `path`, a rising row of numbers added to the array of this name."""
    with zipfile.ZipFile(DEMO / "model.keras") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith(".h5"):
                held = io.BytesIO(data)
                with h5py.File(held, "r+") as file:
                    file[array][...] = file[array][...] + np.linspace(0.5, 2, file[array].size).reshape(file[array].shape)
                data = held.getvalue()
            new.writestr(name, data)


def verify(artefact, *arguments):
    p = kedge("verify", DEMO / "model.keras", artefact, "--custom", DEMO / "layers.py", "--per-layer", "--json", *arguments)
    if not check(p.stdout, f"{artefact.name}: verify answers: {p.stderr[:300]}"):
        return None, p
    return json.loads(p.stdout), p


def compile_model(model, out, *arguments):
    p = kedge("compile", model, "--custom", DEMO / "layers.py", "-o", out, "--batch", "1", "--force", *arguments)
    return check(p.returncode == 0, f"{model.name} to {out.name}: {p.stderr[:300]}")


def examine_equal(folder):
    for name, compiled, compared in (("equal.plan", (), ()), ("equal.tflite", (), ()),
                                     ("int8.plan", CALIBRATION, ("--min-sqnr", "20", "--input", DEMO / "test.npz")),
                                     ("int8.tflite", CALIBRATION, ("--min-sqnr", "20", "--input", DEMO / "test.npz"))):
        if not compile_model(DEMO / "model.keras", folder / name, *compiled):
            continue
        facts, p = verify(folder / name, *compared)
        if facts is None:
            continue
        equal(p.returncode, 0, f"{name}: exit code")
        fates = {layer["layer"]: layer["fate"] for layer in facts["layers"]}
        for layer in ("stem", "block1", "block2", "block3", "block2/dense_1", "max_pooling2d", "shape"):
            equal(fates.get(layer), "equal", f"{name}: {layer}")
        equal(fates.get("stem/conv2d"), "absorbed", f"{name}: the convolution is folded into its normalisation")
        check("DIFFERS" not in fates.values(), f"{name}: nothing differs")


def examine_faults(folder):
    changed = folder / "changed.keras"
    for array, first, last in FAULTS:
        with_changed_weight(changed, array)
        for ending in ("plan", "tflite"):
            artefact = folder / f"changed.{ending}"
            if not compile_model(changed, artefact):
                continue
            facts, p = verify(artefact)
            if facts is None:
                continue
            what = f"{array} changed, {ending}"
            equal(p.returncode, 1, f"{what}: exit code")
            differing = [layer for layer in facts["layers"] if layer["fate"] == "DIFFERS"]
            equal(differing[0]["layer"] if differing else None, first, f"{what}: the first layer that differs")
            if first.startswith("block2"):
                check("layers.py:" in differing[0]["place"], f"{what}: the place is a line of the source, {differing[0]['place']}")
            before = [layer["layer"] for layer in facts["layers"] if layer["fate"] == "equal"]
            equal(before[-1] if before else None, last, f"{what}: the last equal layer")
            text = kedge("verify", DEMO / "model.keras", artefact, "--custom", DEMO / "layers.py", "--per-layer").stdout
            check(f"the first layer that differs: `{first}`" in text, f"{what}: the text names it")
            check(last is None or f"the last equal one before it: `{last}`" in text, f"{what}: and the one before")


def main():
    with tempfile.TemporaryDirectory() as folder:
        examine_equal(pathlib.Path(folder))
        examine_faults(pathlib.Path(folder))
    finish()


if __name__ == "__main__":
    main()
