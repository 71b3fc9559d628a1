#!/usr/bin/env python3
"""Generated custom layers: what `kedge run` answers is what eager Keras computes.

    test_generated_layers.py [--layers 200] [--seed N | --seed 0] [--keep DIR]

Each layer is put into a model of its own, saved by real Keras, and run on random inputs. A layer that Keras rejects does not count. kedge accepts at least
90 % of the others, and no answer differs beyond the tolerance. Rows whose value jumps (floor, argmax, …) may differ by a rounding at the jump; such a
layer is run again with other inputs and counts as wrong when it differs there too.
"""
import argparse
import collections
import concurrent.futures
import importlib.util
import os
import pathlib
import sys
import tempfile
import time

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", KERAS_BACKEND="tensorflow")
import keras  # noqa: E402
import numpy as np  # noqa: E402

from check import check, finish, kedge  # noqa: E402
from layer_generator.generate import generate  # noqa: E402

ACCEPTED = 0.90
TRIES = 3


def imported(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def made_by_keras(layer, folder, seed):
    """Writes layers.py, model.keras and per try in<k>.npz; the answers, or None and why Keras rejects the layer."""
    folder.mkdir(parents=True)
    path = folder / f"layers_{layer.name.lower()}.py"
    path.write_text(layer.source)
    random = np.random.default_rng(seed)
    try:
        keras.utils.set_random_seed(seed)
        inputs = keras.Input(layer.shape)
        custom = getattr(imported(path), layer.name)()
        probe = random.normal(size=(3, *layer.shape)).astype("float32")
        custom(probe)
        model = keras.Model(inputs, custom(inputs))
        for weight in model.weights:
            spread = random.normal(size=weight.shape) * 0.3
            weight.assign(np.abs(spread) + 0.5 if "variance" in weight.name else weight.numpy() * 0.5 + spread)
        model.save(folder / "model.keras")
        answers = []
        for k in range(1 if layer.steady else TRIES):
            x = random.normal(size=(3, *layer.shape)).astype("float32")
            np.savez(folder / f"in{k}.npz", x)
            answers.append(np.asarray(custom(x, training=False)))
        return path, answers, ""
    except Exception as e:  # whatever Keras raises means that the layer is not valid
        return path, None, f"{type(e).__name__}: {str(e).splitlines()[0] if str(e) else ''}"


def close(got, want):
    if got.shape != want.shape or got.dtype != want.dtype:
        return f"{got.dtype} {got.shape}, not {want.dtype} {want.shape}"
    if not np.array_equal(np.isfinite(got), np.isfinite(want)):
        return "not finite in other places"
    finite = np.isfinite(want)
    scale = max(1.0, float(np.max(np.abs(want[finite]), initial=0)))
    error = float(np.max(np.abs(got[finite] - want[finite]), initial=0))
    return "" if error <= 2e-5 * scale else f"differs by {error:.3g} of {scale:.3g}"


def run(folder, path, answers):
    """("pass" | "refused" | "wrong", details)."""
    said = ""
    for k, want in enumerate(answers):
        out = folder / f"out{k}.npz"
        p = kedge("run", folder / "model.keras", "--custom", path, "--input", folder / f"in{k}.npz", "-o", out)
        if p.returncode == 1:
            return "refused", p.stderr
        if p.returncode != 0:
            return "wrong", f"exit {p.returncode}: {p.stderr}"
        said = close(np.load(out)["arr_0"], want)
        if not said:
            return "pass", ""
    return "wrong", said


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2000, help="the first layer's number; 0 takes one from the clock")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for the layers that fail")
    options = parser.parse_args()
    options.seed = options.seed or int(time.time()) % 1_000_000
    print(f"seed {options.seed} (repeat with --seed {options.seed})")
    outcome, operations, reasons, rejected = collections.Counter(), collections.Counter(), collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as temporary, concurrent.futures.ThreadPoolExecutor(2) as pool:
        waiting = []
        for number in range(options.seed, options.seed + options.layers):
            layer = generate(number)
            folder = pathlib.Path(temporary) / layer.name
            path, answers, why = made_by_keras(layer, folder, number)
            keras.backend.clear_session()
            if answers is None:
                outcome["rejected by Keras"] += 1
                rejected[why[:110]] += 1
                continue
            operations.update(set(layer.operations))
            waiting.append((layer, folder, path, pool.submit(run, folder, path, answers)))
        for layer, folder, path, future in waiting:
            verdict, details = future.result()
            outcome[verdict] += 1
            if verdict != "pass":
                first = details.strip().splitlines()[0] if details.strip() else ""
                reasons[f"{verdict}: {first[:140]}"] += 1
                if options.keep:
                    kept = options.keep / layer.name
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    os.system(f"rm -rf '{kept}'; cp -r '{folder}' '{kept}'")
                    (kept / "said.txt").write_text(details)
            check(verdict != "wrong", f"{layer.name}: {details[:600]}")
    valid = outcome["pass"] + outcome["refused"] + outcome["wrong"]
    for text, count in reasons.most_common(12):
        print(f"{count:5} {text}")
    for text, count in rejected.most_common(4):
        print(f"{count:5} rejected by Keras: {text}")
    print(dict(outcome), f"{len(operations)} operations; rarest: {operations.most_common()[:-9:-1]}")
    check(valid >= options.layers * 0.6, f"enough of the layers are valid: {valid} of {options.layers}")
    check(outcome["pass"] >= ACCEPTED * valid, f"{outcome['pass']} of {valid} accepted")
    finish()


if __name__ == "__main__":
    main()
