"""The dialect's numpy against the real one: generated expressions and small programs, printed by both and compared.

Every expression is evaluated by `kedge-nprun` (argument 1 or KEDGE_NPRUN, default build/release/...) and by numpy itself; results are
compared as (dtype, shape, values), floats to a few units in the last place; exceptions by type.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]

ARRAYS = {
    "a": "np.arange(12).reshape(3, 4)", "b": "np.linspace(-2.0, 3.0, 12).reshape(3, 4)", "c": "np.array([1.5, -2.25, 0.0, 4.0], dtype='float32')",
    "d": "np.array([[True, False, True, True]])", "i": "np.array([2, 0, 1])", "u": "np.array([250, 3, 7, 9], dtype=np.uint8)", "h": "np.array([1.1, 2.2, -3.3, 0.5], dtype=np.float16)",
    "z": "np.array([1+2j, -1j, 3, 0.5], dtype=np.complex64)", "e": "np.zeros((0, 3))", "n": "np.array([1.0, np.nan, -np.inf, 2.0])", "s": "np.float32(2.5)", "k": "np.int64(7)",
    "m": "np.array([[4.0, 1.0, 2.0], [1.0, 3.0, 0.5], [2.0, 0.5, 5.0]])", "t": "np.arange(24, dtype=np.int32).reshape(2, 3, 4)", "i8": "np.array([-100, 100, 7, 1], dtype=np.int8)",
}
PRELUDE = "\n".join(f"{name} = {text}" for name, text in ARRAYS.items())


def expressions():
    out = ["np.kaiser(9, 4.5)", "np.kaiser(1, 2)", "np.i0(np.array([0.0, -1.5, 7.25]))", "np.delete(a, 1, axis=0)", "np.delete(a, [0, 2], axis=1)",
           "np.delete(a, slice(1, 9, 3))", "np.delete(c, -1)", "np.insert(c, 1, 9.5)", "np.insert(a, 1, 7, axis=1)", "np.insert(a, [0, 2], [5, 6], axis=1)",
           "np.insert(a, -1, i[:1], axis=0)", "np.insert(a, 3, [1, 2, 3, 4], axis=0)", "list(np.ndindex(2, 3))", "list(np.ndindex((1, 2)))",
           "np.triu_indices(4, 1)", "np.tril_indices(3, 0, 5)", "np.triu_indices_from(m)", "np.diag_indices(3)", "np.cov(b)", "np.cov(b, rowvar=False, bias=True)",
           "np.corrcoef(m)", "np.corrcoef(c, c[::-1])", "np.correlate(c, [1.0, 2.0])", "np.correlate([1, 2, 3], [0, 1, 0.5], 'same')", "np.convolve(c, [1.0, 0.5, 2.0])", "np.convolve([1, 2], c, 'same')", "np.convolve(c, i, 'valid')", "np.r_[1:4, 0, 4.5]",
           "np.r_[c, c]", "np.r_[0:1:5j]", "np.c_[i, i * 2]"]
    binary = ["+", "-", "*", "/", "//", "%", "**", "<", "<=", "==", "!=", ">", ">="]
    operands = [("a", "b"), ("a", "c"), ("c", "u"), ("u", "i8"), ("h", "c"), ("z", "c"), ("s", "a"), ("k", "u"), ("c", "2"), ("u", "3"), ("h", "1.5"), ("d", "2"), ("2.0", "a"), ("10", "i8"), ("t", "c"), ("d", "d"), ("i8", "i8")]
    for op in binary:
        for x, y in operands:
            out.append(f"{x} {op} {y}")
    for op in ["&", "|", "^", "<<", ">>"]:
        for x, y in [("a", "3"), ("u", "u"), ("d", "d"), ("i8", "2"), ("a", "c")]:
            out.append(f"{x} {op} {y}")
    unary = ["negative", "abs", "sign", "exp", "log1p", "sqrt", "square", "sin", "cos", "tan", "arctan", "sinh", "cosh", "tanh", "arcsinh", "floor", "ceil", "trunc", "rint", "isnan", "isinf", "isfinite",
             "logical_not", "reciprocal", "expm1", "exp2", "cbrt", "deg2rad", "conj"]
    for f in unary:
        for x in ["b", "c", "h", "u", "n", "z"]:
            out.append(f"np.{f}({x})")
    for f in ["log", "log2", "log10", "arccos", "arcsin", "arccosh", "arctanh"]:
        for x in ["abs(b) + 1.5", "abs(c) / 8 + 0.1", "k"]:
            out.append(f"np.{f}({x})")
    for f in ["sum", "mean", "max", "min", "prod", "std", "var", "any", "all", "argmax", "argmin"]:
        for x in ["a", "b", "t", "c", "h", "u", "d"]:
            for extra in ["", ", axis=0", ", axis=-1", ", axis=-1, keepdims=True"]:
                out.append(f"np.{f}({x}{extra})")
    out += [f"{x}.{call}" for x in ["a", "b", "t"] for call in [
        "T", "shape", "dtype", "ndim", "size", "itemsize", "nbytes", "ravel()", "flatten()", "tolist()", "cumsum()", "cumsum(axis=0)", "astype(np.float32)", "astype('int8')", "astype(bool)", "reshape(-1)",
        "reshape(2, -1)", "transpose()", "swapaxes(0, 1)", "clip(1, 2)", "round(1)", "repeat(2)", "repeat(2, axis=1)", "argsort()", "copy()", "sum(axis=(0, 1))", "squeeze()", "item(3)", "take([0, 2])", "nonzero()", "dot(np.ones(4))"]]
    index = ["0", "-1", "1:3", "::-1", "::2", "..., 0", ":, 1", "1, 2", "None", ":, None", "[0, 2]", "[[0, 1], [2, 2]]", "[0, 2], [1, 3]", "[0, 2], 1:3", "a > 5", "i", "i[:, None], [0, 1]", "np.array([True, False, True])", ":, [True, False, True, False]",
             "..., None", "1:, -2:", "-1::-2, ::3", "5", "0, 0, 0", "'x'", "1.5", "[5]", "..., ..."]
    out += [f"{x}[{key}]" for x in ["a", "b"] for key in index]
    out += [f"t[{key}]" for key in ["0", "..., 1", ":, [0, 2]", "[0, 1], :, [1, 2]", "[0], [1]", ":, 1, [0, 3]", "0, [1, 2]", "[1, 0], 1, :", "t > 11", ":, :, None, 1", "[0, 1], None, [1, 2]"]]
    out += [
        "np.zeros((2, 3))", "np.ones(3, dtype=np.int32)", "np.full((2, 2), 7)", "np.full((2,), 1.5, dtype='float32')", "np.zeros_like(a)", "np.ones_like(c)", "np.full_like(u, 9)", "np.arange(5)", "np.arange(1, 10, 3)", "np.arange(0, 1, 0.1)",
        "np.arange(5.0)", "np.arange(3, dtype=np.float32)", "np.arange(0.5, 4.5, dtype=int)", "np.linspace(0, 1, 7)", "np.linspace(0, 10, 5, endpoint=False)", "np.linspace(1, 2, 3, dtype=np.float32)", "np.linspace(0, 5, 4, retstep=True)", "np.logspace(0, 3, 4)",
        "np.geomspace(1, 1000, 4)", "np.eye(3)", "np.eye(2, 4, k=1)", "np.identity(2)", "np.tri(3)", "np.tril(a)", "np.triu(a, 1)", "np.tril(t)", "np.diag([1, 2, 3])", "np.diag(a)", "np.diag(a, 1)", "np.meshgrid([1, 2, 3], [4, 5])", "np.meshgrid([1, 2], [3, 4], indexing='ij')",
        "np.indices((2, 3))", "np.stack([a, a])", "np.stack([a, b], axis=-1)", "np.concatenate([a, b])", "np.concatenate([a, b], axis=1)", "np.concatenate([a, a], axis=None)", "np.vstack([c, c])", "np.hstack([c, c])", "np.dstack([c, c])", "np.split(a, 2, axis=1)",
        "np.split(a, [1, 2])", "np.array_split(np.arange(7), 3)", "np.tile(c, 2)", "np.tile(c, (2, 2))", "np.repeat(a, [1, 0, 2], axis=0)", "np.where(a > 5, a, -a)", "np.where(a > 5, 1.0, 0)", "np.where(a > 5)", "np.pad(a, 1)", "np.pad(a, ((1, 0), (0, 2)), constant_values=9)",
        "np.pad(c, 2, mode='reflect')", "np.pad(c, 2, mode='symmetric')", "np.pad(c, (1, 3), mode='edge')", "np.pad(c, 3, mode='wrap')", "np.roll(a, 1)", "np.roll(a, (1, -1), axis=(0, 1))", "np.flip(a)", "np.flip(a, 0)", "np.rot90(a)", "np.rot90(a, 2)", "np.rot90(a, 3)",
        "np.expand_dims(a, 0)", "np.expand_dims(a, (0, -1))", "np.squeeze(np.ones((1, 3, 1)))", "np.moveaxis(t, 0, -1)", "np.transpose(t, (2, 0, 1))", "np.dot(a, a.T)", "np.matmul(b, b.T)", "b @ b.T", "t @ np.ones((4, 2))", "np.outer([1, 2], [3, 4, 5])", "np.kron([[1, 2]], [[1], [3]])",
        "np.tensordot(t, a, axes=([1, 2], [0, 1]))", "np.tensordot(a, a.T, 1)", "np.einsum('ij,kj->ik', a, a)", "np.einsum('ij->ji', a)", "np.einsum('ii', np.eye(3))", "np.einsum('...j,j->...', t, [1, 0, 2, 1])", "np.einsum('ij,jk', a, a.T)", "np.inner(c, c)", "np.trace(m)", "np.cross([1, 0, 0], [0, 1, 0])",
        "np.sort([3, 1, 2])", "np.sort(n)", "np.argsort([3, 1, 2])", "np.sort(b, axis=0)", "np.unique([3, 1, 1, 2])", "np.unique([3, 1, 1], return_counts=True)", "np.unique([3, 1, 1], return_inverse=True)", "np.searchsorted([1, 3, 5], [0, 3, 6])", "np.searchsorted([1, 3, 5], 3, side='right')",
        "np.take(a, [0, 1], axis=1)", "np.take_along_axis(a, np.argsort(-a, axis=1), axis=1)", "np.nonzero(d)", "np.argwhere(a > 8)", "np.diff(a)", "np.diff(b, n=2, axis=0)", "np.bincount([0, 1, 1, 3])", "np.median(b)", "np.median(a, axis=0)", "np.percentile(b, 30)", "np.percentile(b, [25, 75], axis=1)",
        "np.quantile(b, 0.4)", "np.ptp(a)", "np.count_nonzero(a)", "np.cumprod([1, 2, 3])", "np.clip(a, 2, 8)", "np.clip(b, None, 0.5)", "np.maximum(a, 5)", "np.minimum(b, c)", "np.maximum(n, 0)", "np.fmax(n, 0)", "np.arctan2(b, 2)", "np.hypot(3, 4)", "np.fmod(-7, 3)", "np.mod(-7, 3)", "np.floor_divide(-7.5, 2)",
        "np.power(2, [1, 2, 3])", "np.power(2.0, -1)", "np.power(2, -1)", "np.isclose(1.0, 1.0 + 1e-9)", "np.allclose(b, b + 1e-10)", "np.array_equal(a, a)", "np.interp([0.5, 2.5], [0, 1, 2], [0, 10, 20])", "np.linalg.norm(b)", "np.linalg.norm(b, axis=1)", "np.linalg.norm(c, 1)", "np.linalg.norm(c, np.inf)",
        "np.linalg.inv(m)", "np.linalg.det(m)", "np.linalg.solve(m, [1.0, 2.0, 3.0])", "np.linalg.cholesky(m)", "np.linalg.qr(m)[0]", "np.linalg.qr(m)[1]", "np.linalg.eigh(m)[0]", "np.linalg.svd(m)[1]", "np.finfo(np.float32).eps", "np.finfo('float16').max", "np.iinfo(np.int8).min", "np.iinfo('uint64').max",
        "np.issubdtype(np.float32, np.floating)", "np.issubdtype(a.dtype, np.integer)", "np.issubdtype(np.int32, np.floating)", "np.result_type(np.int8, np.float32)", "np.result_type(c, 1.0)", "np.can_cast('int64', 'float32')", "np.isscalar(3)", "np.nan_to_num(n)", "np.pi", "np.e", "np.inf",
        "float(np.float32(0.1))", "int(k)", "k + 1", "s * 2", "type(s * 2).__name__", "type(a[0, 0]).__name__", "a.dtype == np.int64", "c.dtype == 'float32'", "str(c.dtype)", "np.dtype('float32').itemsize", "np.dtype(float).name", "isinstance(a, np.ndarray)", "isinstance(s, np.floating)", "isinstance(np.float64(1), float)",
        "isinstance(a[0, 0], np.integer)", "len(a)", "[int(x) for x in a[0]]", "[list(r) for r in a[:2]]", "sum(a[0])", "max(c)", "bool(np.array(1))", "bool(a)", "5 in a", "99 in a", "a.tolist()[1]", "np.array([[1, 2], [3]])", "np.array([1, 2.5])", "np.array([True, 2])", "np.array([])", "np.array([[1, 2]], dtype=np.float16)",
        "np.asarray([1, 2]).dtype", "np.array(5).shape", "np.array([a, a]).shape", "np.array([np.float32(1), np.float32(2)]).dtype", "np.array(range(4))", "np.array([[1, 2], [3, 4]], ndmin=3)", "np.broadcast_to([1, 2], (3, 2))", "a + [1, 2, 3]", "a.reshape(5, 5)", "np.concatenate([a, c])", "a @ a", "u + 300", "-d", "d - d",
        "round(s)", "divmod(k, 3)", "f'{s:.2f}'", "hash(np.int64(3)) == hash(3)", "{np.int64(3): 1}[3]", "[10, 20, 30][np.int64(1)]", "list(range(np.int64(3)))", "np.sum([[1, 2], [3, 4]])", "np.sum(c, dtype=np.float64)", "np.mean([1, 2, 4])", "np.mean(u)", "np.prod(np.array([], dtype=np.float32))", "np.max(e)", "np.sum(e, axis=0)",
        "np.float32(1) / 3", "np.float16(1) / 3", "np.int32(7) // 2", "np.uint8(200) + np.uint8(100)", "np.sqrt(2)", "np.sqrt(np.float32(2))", "np.exp(np.arange(3))", "np.sin(u)", "np.log2(8)", "np.real(z)", "np.imag(z)", "np.angle(z)", "z.real", "z.conj()", "np.around(b, 2)", "np.round(2.5)", "np.round(1234.5678, -2)",
        "np.sum(np.arange(1000, dtype=np.float32) * np.float32(0.1))", "np.mean(np.arange(1000, dtype=np.float32) * np.float32(0.1))", "np.sum(np.linspace(0, 1, 1001))", "np.var(np.linspace(0, 1, 777).astype(np.float32))", "np.sum(np.sin(np.arange(600.0)).reshape(20, 30), axis=0)",
        "np.sum(np.sin(np.arange(600.0)).reshape(20, 30), axis=1)", "np.std(np.arange(100).reshape(10, 10), axis=0, ddof=1)",
    ]
    return out


def programs():
    out = []
    for length, depth, kind in [(10, 8, "float32"), (7, 6, "float64"), (16, 10, "float16"), (5, 12, "float32")]:
        out.append(f"p = np.arange({length})[:, np.newaxis]\nw = np.exp(np.arange(0, {depth}, 2) * -(np.log(10000.0) / {depth}))\nr = np.zeros(({length}, {depth}), dtype='{kind}')\nr[:, 0::2] = np.sin(p * w)\nr[:, 1::2] = np.cos(p * w)\nr = r[np.newaxis, ...]")
        out.append(f"r = np.array([[pos / np.power(10000, 2 * (j // 2) / {depth}) for j in range({depth})] for pos in range({length})])\nr[:, 0::2] = np.sin(r[:, 0::2])\nr[:, 1::2] = np.cos(r[:, 1::2])\nr = r.astype('{kind}')")
        out.append(f"p = np.arange({length}).reshape(-1, 1)\nd = np.arange({depth}).reshape(1, -1)\nang = p / np.power(10000, (2 * (d // 2)) / np.float32({depth}))\nang[:, 0::2] = np.sin(ang[:, 0::2])\nang[:, 1::2] = np.cos(ang[:, 1::2])\nr = ang[None].astype('{kind}')")
        out.append(f"r = np.zeros(({length}, {depth}), dtype='{kind}')\nfor q in range({length}):\n    for j in range(0, {depth}, 2):\n        r[q, j] = np.sin(q / 10000 ** (j / {depth}))\n        r[q, j + 1] = np.cos(q / 10000 ** (j / {depth}))")
    body = {
        "r = np.zeros((4, 4))\nr[1] = 3\nr[:, 2] += 5\nr[r > 4] = -1\nr[[0, 3], [0, 3]] = 9", "v = a.copy()\nv[0] = 100\nw = v[1:]\nw += 1\nr = (v, a)", "r = np.arange(10)\nr[::2] *= 2\nr[-1] = r[0] - 5", "v = np.zeros((3, 3))\nv.T[0] = [1, 2, 3]\nr = v",
        "v = np.arange(6).reshape(2, 3)\nv.flat[3] = 50\nr = v", "v = np.zeros(5, dtype=np.int8)\nv[:] = 3.7\nr = v", "v = np.ones((2, 3))\nv[...] = np.arange(3)\nr = v", "v = np.arange(4.0)\nv /= 2\nv -= 1\nv **= 2\nr = v", "v = np.arange(4)\nv /= 2\nr = v",
        "v = np.arange(4, dtype=np.uint8)\nv += 1\nr = v", "v = np.zeros((2, 2))\nv[0] = [1, 2, 3]\nr = v", "v = np.eye(3)\nv[np.arange(3), np.arange(3)] = 7\nr = v", "r = []\nfor row in a:\n    r.append(row.sum())", "r = a.copy()\nr.sort(axis=0)\nr[::-1].sort()", "r = np.empty((2, 2))\nr.fill(4)",
        "x, y = np.meshgrid(np.arange(3), np.arange(3))\ng = np.exp(-(x ** 2 + y ** 2) / (2.0 * 1.5 ** 2))\nr = g / g.sum()", "k1 = np.array([1, 4, 6, 4, 1], dtype='float32')\nr = np.outer(k1, k1)\nr /= r.sum()", "x = np.linspace(-1, 1, 5)\nxx, yy = np.meshgrid(x, x)\nr = np.stack([xx, yy], axis=-1).reshape(-1, 2)",
        "c0 = np.stack(np.meshgrid(np.arange(3), np.arange(3), indexing='ij'))\nf = c0.reshape(2, -1)\nrel = (f[:, :, None] - f[:, None, :]).transpose(1, 2, 0)\nrel[:, :, 0] += 2\nrel[:, :, 1] += 2\nrel[:, :, 0] *= 5\nr = rel.sum(-1)", "m1 = np.triu(np.ones((4, 4)), k=1).astype('uint8')\nr = m1 == 0",
        "n_fft = 16\nr = np.array([[np.cos(2 * np.pi * f * t / n_fft) for t in range(n_fft)] for f in range(5)], dtype=np.float32)", "w = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(8) / 8)\nr = w.astype(np.float32)", "def hz(f):\n    return 2595.0 * np.log10(1.0 + f / 700.0)\nr = hz(np.linspace(0, 8000, 6))",
        "r = np.zeros((3, 3, 1, 2), dtype=np.float32)\nr[:, :, 0, 0] = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]\nr[:, :, 0, 1] = r[:, :, 0, 0].T", "b2 = b.reshape(2, 6)\nb2[0, 0] = 77\nr = b", "v = np.array([1, 2, 3])\ntry:\n    v[5] = 1\nexcept IndexError as error:\n    r = 'caught'", "mask = np.zeros((4, 4), bool)\nmask[1:3, 1:3] = True\nr = np.where(mask, np.inf, 0.0)",
    }
    return out + sorted(body)


RENDER = '''
def _show(v):
    if isinstance(v, np.ndarray) or isinstance(v, np.generic):
        flat = v.ravel().tolist()
        return ["array", str(v.dtype), list(v.shape), [[x.real, x.imag] if isinstance(x, complex) else x for x in flat]]
    if isinstance(v, (list, tuple)):
        return [type(v).__name__] + [_show(x) for x in v]
    if isinstance(v, bool) or v is None:
        return ["py", str(v)]
    if isinstance(v, (int, float)):
        return ["num", v]
    return ["text", str(v)]
'''


def script(jobs):
    lines = ["import numpy as np", RENDER]
    for number, (kind, text) in enumerate(jobs):
        body = PRELUDE + "\n" + (text if kind == "program" else f"r = {text}")
        lines.append(f"def _job{number}():")
        lines += ["    " + line for line in body.splitlines()]
        lines.append("    return r")
    for number in range(len(jobs)):
        lines.append(f"try:\n    print({number}, repr(_show(_job{number}())))\nexcept Exception as error:\n    print({number}, repr(['raises', type(error).__name__]))")
    return "\n".join(lines) + "\n"


def collect(text):
    out = {}
    scope = {"nan": float("nan"), "inf": float("inf"), "array": None}
    for line in text.splitlines():
        number, _, rest = line.partition(" ")
        out[int(number)] = eval(rest, {"__builtins__": {}}, scope)
    return out


FAMILIES = {"AxisError": {"ValueError", "IndexError", "AxisError"}, "_UFuncOutputCastingError": {"TypeError"}, "UFuncTypeError": {"TypeError"}, "_UFuncNoLoopError": {"TypeError"}, "UFuncNoLoopError": {"TypeError"}, "LinAlgError": {"ValueError", "LinAlgError"}}


def same(got, want, dtype=None):
    if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        if want and want[0] == "raises" and got[0] == "raises":
            return got[1] == want[1] or got[1] in FAMILIES.get(want[1], ())
        if want and want[0] == "array":
            return got[:3] == want[:3] and all(same(x, y, want[1]) for x, y in zip(got[3], want[3]))
        return all(same(x, y, dtype) for x, y in zip(got, want))
    if isinstance(want, float) or isinstance(got, float):
        if not isinstance(got, (int, float)) or not isinstance(want, (int, float)):
            return False
        tolerance = {"float16": 2e-3, "float32": 1e-6, "complex64": 1e-6}.get(dtype, 1e-12)
        return bool(np.isclose(got, want, rtol=tolerance, atol=tolerance * 1e-2 if dtype != "float64" else 1e-14, equal_nan=True))
    return type(got) is type(want) and got == want


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("KEDGE_NPRUN", str(ROOT / "build/release/tests/unit/frontends/kedge-nprun"))
    jobs = [("expression", e) for e in expressions()] + [("program", p) for p in programs()]
    text = script(jobs)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "jobs.py"
        path.write_text(text)
        run = subprocess.run([binary, str(path)], capture_output=True, text=True, timeout=300)
        import warnings
        warnings.simplefilter("ignore")
        reference = subprocess.run([sys.executable, "-W", "ignore", str(path)], capture_output=True, text=True, timeout=300)
    if run.returncode != 0:
        print(run.stderr[:3000])
    got, want = collect(run.stdout), collect(reference.stdout)
    passed, failed = 0, []
    for number, (kind, job) in enumerate(jobs):
        if number in got and same(got[number], want[number]):
            passed += 1
        else:
            failed.append((job, got.get(number), want[number]))
    for job, g, w in failed[:int(os.environ.get("SHOW", "25"))]:
        print("FAIL", job.replace("\n", "; ")[:200], "\n   got ", str(g)[:200], "\n   want", str(w)[:200])
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
