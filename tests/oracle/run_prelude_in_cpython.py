"""A developer's tool, not part of ./dev test (run_cases.py judges the same cases through the binary). The prelude against real Keras: every case's answer and weight paths, run under CPython with mock_kedge in place of the native module.

    build/venv/bin/python tests/oracle/run_prelude_in_cpython.py [--verbose] [suite[/case] ...]
"""
import importlib.util
import json
import os
import sys
import traceback
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CASES = os.environ.get("KEDGE_CASES", os.path.join(os.path.dirname(ROOT), "shared", "cases"))
sys.path.insert(0, HERE)


def stored_arrays(model_file, folder):
    import h5py
    with zipfile.ZipFile(model_file) as z:
        z.extract("model.weights.h5", folder)
        config = json.loads(z.read("config.json"))
    arrays = {}
    with h5py.File(os.path.join(folder, "model.weights.h5")) as f:
        f.visititems(lambda name, item: arrays.__setitem__(name, item[()]) if isinstance(item, h5py.Dataset) else None)
    return config, arrays


def finder(case):
    """Finds custom classes in the case's own files by registered name, then by name."""
    folder = os.path.join(CASES, case["id"])
    sys.path.insert(1, folder)
    loaded = []

    def find(module, name, registered_name):
        from keras.src.serialization import _registered
        if not loaded:
            for file in case["custom"]:
                path = os.path.join(folder, file)
                if os.path.isdir(path):
                    loaded.append(importlib.import_module(os.path.basename(path)))
                else:
                    loaded.append(importlib.import_module(os.path.splitext(file)[0].replace("/", ".")))
        if registered_name in _registered:
            return _registered[registered_name]
        for key, item in _registered.items():
            if key == name or key.split(">")[-1] == name:
                return item
        for m in loaded:
            if hasattr(m, name):
                return getattr(m, name)
        raise LookupError(f"{module} {name} {registered_name}")

    return find


def check(case):
    """'' when the answer and the paths are right, else what is wrong."""
    import numpy as np
    import mock_kedge
    import tempfile
    folder = os.path.join(CASES, case["id"])
    with tempfile.TemporaryDirectory() as scratch:
        config, arrays = stored_arrays(os.path.join(folder, case["model"]), scratch)
    mock_kedge.install(os.path.join(ROOT, "prelude"))
    mock_kedge.FINDER[:] = [finder(case)]
    from keras.src.loader import load
    shapes = {i["name"]: [None] + list(i["shape"][1:]) for i in case["inputs"]}
    result = load(config)
    stored = {k: v for k, v in arrays.items() if not k.startswith("optimizer") and not k.startswith("_loss") and not k.startswith("_metrics")}
    weights, problems = [], []
    for entry in result["weights"]:
        array = stored.pop(entry["path"], None)
        if array is None:
            problems.append(f"not in the file: {entry['path']}")
        elif tuple(array.shape) != tuple(entry["shape"]):
            problems.append(f"shape of {entry['path']}: {array.shape} in the file, {entry['shape']} here")
        else:
            weights.append((entry["tensor"], array))
    problems += [f"not bound: {k}" for k in stored]
    if problems:
        return "paths: " + "; ".join(problems[:4])
    inputs = np.load(os.path.join(folder, "in.npz"))
    wanted = np.load(os.path.join(folder, "out.npz"))
    given = [inputs[f"arr_{i}"] for i in range(len(inputs.files))]
    got = mock_kedge.run([t for _, t in result["outputs"]], given, weights)
    if len(got) != len(wanted.files):
        return f"{len(got)} outputs instead of {len(wanted.files)}"
    for i, y in enumerate(got):
        expected = wanted[f"arr_{i}"]
        y = np.asarray(y)
        if tuple(y.shape) != tuple(expected.shape):
            return f"output {i}: shape {y.shape} instead of {expected.shape}"
        if y.dtype.name != expected.dtype.name and "bfloat16" not in y.dtype.name:
            return f"output {i}: dtype {y.dtype} instead of {expected.dtype}"
        if not np.allclose(y.astype(expected.dtype), expected, atol=case["atol"], rtol=case["rtol"], equal_nan=True):
            return f"output {i}: differs by {np.max(np.abs(y.astype('float64') - expected.astype('float64')))}"
    return ""


def one(case, verbose):
    """In a child process: the mock's state is global."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        try:
            text = check(case)
        except BaseException as error:  # refusals are not Exceptions
            lines = traceback.format_exc().strip().splitlines()
            text = f"{type(error).__name__}: {str(error)[:300]}"
            if verbose:
                text += "\n" + "\n".join(lines[-24:])
            else:
                where = [line.strip() for line in lines if line.strip().startswith("File")]
                text += " @ " + (where[-1] if where else "")
        os.write(write, text.encode()[:60000])
        os._exit(0)
    os.close(write)
    chunks = []
    while True:
        chunk = os.read(read, 65536)
        if not chunk:
            break
        chunks.append(chunk)
    os.close(read)
    os.waitpid(pid, 0)
    return b"".join(chunks).decode()


def main():
    verbose = "--verbose" in sys.argv
    wanted = [a for a in sys.argv[1:] if not a.startswith("--")] or ["seed", "language"]
    import mock_kedge  # noqa: F401  (loads TensorFlow once, before the forks)
    passed, failed = 0, 0
    for suite in wanted:
        folder = os.path.join(CASES, suite)
        names = [suite] if os.path.exists(os.path.join(folder, "case.json")) else [f"{suite}/{n}" for n in sorted(os.listdir(folder))]
        for name in names:
            file = os.path.join(CASES, name, "case.json")
            if not os.path.exists(file):
                continue
            case = json.load(open(file))
            if not case["model"].endswith(".keras"):
                continue
            text = one(case, verbose)
            if text:
                failed += 1
                print(f"FAIL {name}: {text}", flush=True)
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
