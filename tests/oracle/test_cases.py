#!/usr/bin/env python3
"""Models with answers that real Keras gave (tests/data/cases), taken every way: run, plan, float .tflite and INT8 .tflite by LiteRT.

A .tflite file is also run by kedge's own runtime. A case lists nothing but its files and tolerance; a refusal is a failure unless it is named here.
"""
import json
import pathlib
import sys
import tempfile

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from check import ROOT, check, equal, finish, kedge

CASES = ROOT / "tests/data/cases"
SQNR_DB = 15  # of an INT8 answer
REFUSED = {"language/ops_cond_while via int8": "K0706"}  # a loop over a float state


def load(path):
    with np.load(path) as arrays:
        return [arrays[f"arr_{i}"] for i in range(len(arrays.files))]


def litert(path, inputs):
    interpreter = Interpreter(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    for detail, array in zip(interpreter.get_input_details(), inputs, strict=True):
        interpreter.set_tensor(detail["index"], array.astype(detail["dtype"]))
    interpreter.invoke()
    return [interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()]


def signal_to_noise(got, want):
    want = want.astype(np.float64)
    noise, signal = ((got - want) ** 2).sum(), ((want - want.mean()) ** 2).sum()
    return np.inf if noise == 0 or signal == 0 else 10 * np.log10(signal / noise)


def compare(got, want, facts, what, quantized=False):
    if not equal([g.shape for g in got], [w.shape for w in want], f"{what}: shapes"):
        return
    for i, (g, w) in enumerate(zip(got, want)):
        if quantized:
            ratio = signal_to_noise(g, w)
            check(ratio >= SQNR_DB, f"{what}: output {i} has {ratio:.1f} dB")
        else:
            far = np.abs(g.astype(np.float64) - w).max(initial=0)
            check(np.allclose(g, w, atol=facts["atol"], rtol=facts["rtol"]), f"{what}: output {i} differs by up to {far:.3g}")


def run(model, custom, given, out, what):
    p = kedge("run", model, *custom, "--input", given, "-o", out, "--force")
    return load(out) if check(p.returncode == 0, f"{what}: {p.stderr[:300]}") else None


def examine(folder, scratch, vias):
    facts = json.loads((folder / "case.json").read_text())
    given, want = folder / "in.npz", load(folder / "out.npz")
    inputs = load(given)
    custom = [a for file in facts["custom"] for a in ("--custom", folder / file)]
    shapes = [a for x in inputs for a in ("--shape", "x".join(map(str, x.shape)) or "scalar")]
    for via in vias:
        what = f"{facts['id']} via {via}"
        artefact = scratch / f"{facts['id'].replace('/', '_')}.{'plan' if via == 'plan' else 'tflite'}"
        if via == "run":
            got = run(folder / facts["model"], custom, given, scratch / "out.npz", what)
            if got is not None:
                equal([g.dtype for g in got], [w.dtype for w in want], f"{what}: types")
                compare(got, want, facts, what)
            continue
        quantize = ("--quantize", "int8", "--calib", given) if via == "int8" else ()
        p = kedge("compile", folder / facts["model"], *custom, *shapes, *quantize, "-o", artefact, "--force")
        if what in REFUSED:
            check(p.returncode == 1 and REFUSED[what] in p.stderr and "layers.py:" in p.stderr, f"{what}: refused at its line: {p.stderr[:300]}")
            continue
        if not check(p.returncode == 0, f"{what}: {p.stderr[:300]}"):
            continue
        got = run(artefact, (), given, scratch / "out.npz", what)
        if got is not None:
            compare(got, want, facts, what, quantized=via == "int8")
        if via != "plan":
            compare(litert(artefact, inputs), want, facts, f"{what}, LiteRT", quantized=via == "int8")


def main():
    wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        for folder in sorted(CASES.glob("*/*/")):
            if not wanted or folder.name in wanted:
                examine(folder, pathlib.Path(scratch), ("run", "plan", "tflite", "int8"))
    finish()


if __name__ == "__main__":
    main()
