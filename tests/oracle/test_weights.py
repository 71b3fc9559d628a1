"""Weight binding proofs on damaged copies of a seed case: every fault has its code and its place.

Uses `kedge-load` (argument 1 or KEDGE_LOAD) and the case folder ../shared/cases/seed (skipped, and said so, when it is not there).
"""
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import h5py
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASE = ROOT.parent / "shared/cases/seed/custom_conv_plain"


def rewrite(edit_weights=None, edit_source=None):
    """The case's model and source, edited, as files in a new folder."""
    folder = pathlib.Path(tempfile.mkdtemp())
    source = (CASE / "layers.py").read_text()
    (folder / "layers.py").write_text(edit_source(source) if edit_source else source)
    with zipfile.ZipFile(CASE / "model.keras") as z:
        members = {i.filename: z.read(i) for i in z.infolist()}
    if edit_weights:
        buffer = io.BytesIO(members["model.weights.h5"])
        with h5py.File(buffer, "r+") as f:
            edit_weights(f)
        members["model.weights.h5"] = buffer.getvalue()
    with zipfile.ZipFile(folder / "model.keras", "w") as z:
        for name, data in members.items():
            z.writestr(name, data)
    return folder


def replace(f, path, value):
    del f[path]
    f[path] = value


KERNEL = "layers/custom_conv_layer/conv/vars/0"
CASES = [
    ("untouched", {}, 0, [], []),
    ("array missing", {"edit_weights": lambda f: f.__delitem__(KERNEL)}, 1, ["K0501", KERNEL], []),
    ("shape differs", {"edit_weights": lambda f: replace(f, KERNEL, np.zeros((3, 3, 3, 6), np.float32))}, 1, ["K0502", KERNEL, "3x3x3x6", "3x3x3x5"], []),
    ("other filters in the source", {"edit_source": lambda s: s.replace("self.filters = filters", "self.filters = filters + 1")}, 1, ["K0502", KERNEL], []),
    ("extra array", {"edit_weights": lambda f: f.__setitem__("layers/dense/vars/2", np.zeros(3, np.float32))}, 1, ["K0503", "layers/dense/vars/2"], []),
    ("dtype of another kind", {"edit_weights": lambda f: replace(f, KERNEL, np.zeros((3, 3, 3, 5), np.int32))}, 1, ["K0504", KERNEL], []),
    ("double precision is cast", {"edit_weights": lambda f: replace(f, KERNEL, np.zeros((3, 3, 3, 5), np.float64))}, 0, [], []),
    ("optimizer is ignored", {"edit_weights": lambda f: f.__setitem__("optimizer/vars/0", np.zeros(3, np.float32))}, 0, [], ["optimizer"]),
    ("one weight more in the source", {"edit_source": lambda s: s.replace("        self.conv =", "        self.gain = self.add_weight(name='gain', shape=())\n        self.conv =")}, 1, ["K0501", "gain", "layers.py:14"], []),
    ("bias gone from the source", {"edit_source": lambda s: s.replace('activation="relu")', 'activation="relu", use_bias=False)')}, 1, ["K0503", "layers/custom_conv_layer/conv/vars/1"], []),
]


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("KEDGE_LOAD", str(ROOT / "build/release/tests/unit/frontends/kedge-load"))
    if not CASE.is_dir():
        print(f"skipped: {CASE} is not here")
        return 0
    failed = 0
    for name, edits, code, in_stderr, in_stdout in CASES:
        folder = rewrite(**edits)
        run = subprocess.run([binary, str(folder / "model.keras"), "--custom", str(folder / "layers.py"), "--text"], capture_output=True, text=True, timeout=120)
        missing = [t for t in in_stderr if t not in run.stderr] + [t for t in in_stdout if t not in run.stdout]
        if run.returncode != code or missing:
            failed += 1
            print("FAIL", name, "exit", run.returncode, "missing", missing, "\n", run.stderr[:1200])
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
