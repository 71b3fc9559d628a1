"""How an op is checked: kedge-irrun runs a graph of one node, and its answer is held against the one that is given.

The binary kedge-irrun is taken from $KEDGE_IRRUN or the newest one under build/.
"""
import glob
import os
import struct
import subprocess
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

tf.get_logger().setLevel("ERROR")

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BF16 = tf.bfloat16.as_numpy_dtype
# In the order of kedge::DType; int4 (1) has no numpy type.
NUMBERS = {n: i for i, n in enumerate(
    "bool int4 int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64 complex128".split())}
NAMES = {i: n for n, i in NUMBERS.items()}
FLOATS = ["float32", "float64", "float16", "bfloat16"]
INTS = ["int32", "int64", "int8", "int16", "uint8"]


def np_dtype(name):
    return np.dtype(BF16) if name == "bfloat16" else np.dtype(name)


def type_text(array):
    return f"{array.dtype.name}[{', '.join(map(str, array.shape))}]"


class Runner:
    def __init__(self):
        path = os.environ.get("KEDGE_IRRUN")
        if not path:
            found = glob.glob(os.path.join(ROOT, "build/**/kedge-irrun"), recursive=True)
            if not found:
                sys.exit("kedge-irrun is not built: ninja kedge-irrun, or set KEDGE_IRRUN")
            path = max(found, key=os.path.getmtime)
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def number(self):
        return struct.unpack("<q", self.process.stdout.read(8))[0]

    def run(self, text, inputs):
        raw = text.encode()
        out = [struct.pack("<q", len(raw)), raw, struct.pack("<q", len(inputs))]
        for a in inputs:
            out.append(struct.pack(f"<qq{a.ndim}q", NUMBERS[a.dtype.name], a.ndim, *a.shape))
            out.append(np.ascontiguousarray(a).tobytes())
        self.process.stdin.write(b"".join(out))
        self.process.stdin.flush()
        if self.number() != 0:
            return self.process.stdout.read(self.number()).decode()
        arrays = []
        for _ in range(self.number()):
            dtype = np_dtype(NAMES[self.number()])
            shape = [self.number() for _ in range(self.number())]
            size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
            arrays.append(np.frombuffer(self.process.stdout.read(size), dtype).reshape(shape))
        return arrays


RUNNER = None
PASSED, FAILED = 0, []
COVERED = set()
ONLY = ""
#            relative, absolute
TOLERANCE = {"float32": (3e-6, 1e-6), "float64": (1e-12, 1e-12), "float16": (2e-3, 1e-3), "bfloat16": (1.6e-2, 4e-3), "complex64": (1e-5, 1e-5), "complex128": (1e-12, 1e-12)}


def differs(got, want, slack):
    if got.dtype != want.dtype or got.shape != want.shape:
        return f"{type_text(got)} instead of {type_text(want)}"
    if got.dtype.name not in TOLERANCE:
        bad = got != want
    else:
        rel, absolute = TOLERANCE[got.dtype.name]
        wide = np.complex128 if got.dtype.kind == "c" else np.float64
        g, w = got.astype(wide), want.astype(wide)
        with np.errstate(all="ignore"):
            same = (g == w) | (np.isnan(g) & np.isnan(w)) | (np.abs(g - w) <= slack * (absolute + rel * np.abs(w)))
        bad = ~same
    if not bad.any():
        return None
    at = tuple(np.argwhere(bad)[0]) if bad.ndim else ()
    return f"{bad.sum()} of {bad.size} differ, first at {list(map(int, at))}: {got[at]!r} instead of {want[at]!r}"


def check(op, inputs, want, attrs="", slack=1.0):
    """One case: the op on `inputs` (None: absent) must give `want` (an array or a list of arrays)."""
    global PASSED
    if not op.startswith(ONLY):
        return
    COVERED.add(op)
    inputs = [None if a is None else np.asarray(a) for a in inputs]
    want = [np.asarray(w) for w in (want if isinstance(want, list) else [want])]
    given = [a for a in inputs if a is not None]
    lines, names, number = [], [], 0
    for a in inputs:
        if a is None:
            names.append("_")
            continue
        lines.append(f'  input %{number} "x{number}" : {type_text(a)}')
        names.append(f"%{number}")
        number += 1
    outs = [f"%{number + i}" for i in range(len(want))]
    lines.append(f"  {', '.join(outs)} = {op}({', '.join(names)}) {{{attrs}}} : {', '.join(map(type_text, want))}")
    lines += [f"  output {o}" for o in outs]
    text = 'graph "case" {\n' + "\n".join(lines) + "\n}\n"
    got = RUNNER.run(text, given)
    fault = got if isinstance(got, str) else None
    if fault is None:
        faults = [f for f in (differs(g, w, slack) for g, w in zip(got, want)) if f]
        fault = faults[0] if faults else None
    if fault is None:
        PASSED += 1
        return
    FAILED.append(op)
    if len(FAILED) <= 40:
        print(f"FAIL {lines[-1 - len(outs)].strip()} on {[type_text(a) for a in given]}\n     {fault}")


RNG = np.random.default_rng(20240601)


def draw(shape, dtype="float32", low=-3.0, high=3.0):
    dtype = np_dtype(dtype)
    if dtype.kind == "b":
        return RNG.integers(0, 2, shape).astype(bool)
    if dtype.kind == "u":
        return RNG.integers(0, 12, shape).astype(dtype)
    if dtype.kind == "i":
        return RNG.integers(-12, 12, shape).astype(dtype)
    return RNG.uniform(low, high, shape).astype(dtype)


def tfn(fn, *arrays):
    out = fn(*[tf.constant(a) for a in arrays])
    return [o.numpy() for o in out] if isinstance(out, (tuple, list)) else out.numpy()


def wide(fn):
    """TensorFlow's answer computed in float64 and rounded once: kedge rounds float16 and bfloat16 once too."""
    def run(*arrays):
        out = fn(*[tf.constant(np.asarray(a).astype(np.float64)) for a in arrays]).numpy()
        return out.astype(np.asarray(arrays[0]).dtype)
    return run


def dims(values):
    return "(" + ", ".join(map(str, values)) + ")"


def ints(values):
    return "[" + ", ".join(map(str, values)) + "]"


def run(groups, arguments):
    """Calls every group and reports; the exit status. `arguments`: [--seed N] [prefix of the ops' names]"""
    global RUNNER, ONLY
    arguments = list(arguments)
    if "--seed" in arguments:
        at = arguments.index("--seed")
        RNG.bit_generator.state = np.random.default_rng(int(arguments[at + 1])).bit_generator.state
        del arguments[at:at + 2]
    ONLY = arguments[0] if arguments else ""
    RUNNER = Runner()
    for group in groups:
        group()
    print(f"{len(COVERED)} ops")
    print(f"{PASSED} passed, {len(FAILED)} failed")
    return 1 if FAILED or PASSED == 0 else 0
