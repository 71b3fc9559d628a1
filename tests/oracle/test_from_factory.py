#!/usr/bin/env python3
"""Weights files of real Keras and the functions that build their models (factories.py), against real Keras: `.weights.h5`, weights by layer, and
the weights of a whole `.h5` model, which must also load by itself; every variable has a random value, so that no two could change places unseen."""
import os
import pathlib
import tempfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format

import factories
from check import ROOT, check, finish, kedge

SOURCE = ROOT / "tests/oracle/factories.py"


def made(name):
    found = getattr(factories, name)
    return found if isinstance(found, keras.Model) else found()


def randomised(model, generator):
    for variable in model.variables:
        if variable.dtype.startswith(("float", "bfloat")):
            variable.assign(generator.uniform(0.2, 1.2, variable.shape))


def arrays_for(model, generator):
    wanted = getattr(model, "inputs", None) or [keras.KerasTensor((None, 6))]  # a subclassed model lists none
    shapes, kinds = [(3, *t.shape[1:]) for t in wanted], [t.dtype for t in wanted]
    return [generator.integers(0, 5, s).astype(k) if k.startswith("int") else generator.normal(size=s).astype(k) for s, k in zip(shapes, kinds)]


def agrees(what, weights, inputs, want, *arguments):
    out = weights.with_suffix(".out.npz")
    ran = kedge("run", weights, *arguments, "--input", inputs, "-o", out, "--force")
    if not check(ran.returncode == 0, f"{what}: {ran.stderr[:600]}"):
        return
    with np.load(out) as got:
        for i, w in enumerate(want):
            g = got[f"arr_{i}"]
            tolerance = 2e-2 if w.dtype == np.float16 or "mixed" in what else 2e-5
            check(g.shape == w.shape and np.abs(g - w).max() <= tolerance * max(1, np.abs(w).max()), f"{what}: output {i} differs")


def examine(name, folder, generator):
    model = made(name)
    randomised(model, generator)
    arrays = arrays_for(model, generator)
    want = [np.asarray(v) for v in keras.tree.flatten(model(arrays if len(arrays) > 1 else arrays[0], training=False))]
    inputs = folder / "in.npz"
    np.savez(inputs, *arrays)
    factory = ["--from", f"{SOURCE}:{name}"]
    by_path = folder / f"{name}.weights.h5"
    model.save_weights(by_path)
    agrees(f"{name} by path", by_path, inputs, want, *factory)
    by_layer = folder / f"{name}.h5"
    with h5py.File(by_layer, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    agrees(f"{name} by layer", by_layer, inputs, want, *factory)
    if type(model) in (keras.Sequential, keras.src.models.Functional):
        whole = folder / f"{name}_whole.h5"
        model.save(whole)
        agrees(f"{name} in a whole model", whole, inputs, want, *factory)
        agrees(f"{name}, a whole model by itself", whole, inputs, want, "--custom", SOURCE)


def refused(what, code, weights, name):
    ran = kedge("inspect", weights, "--from", f"{SOURCE}:{name}")
    check(ran.returncode == 1 and f"error[{code}]" in ran.stderr, f"{what}: {ran.stderr[:300] or 'accepted'}")


def main():
    generator = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for name in factories.FACTORIES:
            examine(name, folder, generator)
        refused("weights of another model, by path", "K0502", folder / "dense.weights.h5", "with_defaults")
        refused("a layer too many, by path", "K0503", folder / "module_model.weights.h5", "only_dense")
        refused("a layer too few, by layer", "K0501", folder / "dense.h5", "nested")
    finish()


if __name__ == "__main__":
    main()
