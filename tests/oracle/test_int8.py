"""int8: LiteRT's reference kernels against kedge's, operator by operator.

Random convolutional graphs are quantized by kedge; LiteRT (BUILTIN_REF, all tensors preserved) runs each file on seeded inputs, and
`kedge-irtflite judge` repeats every operator alone on LiteRT's own tensors. Convolution, depthwise, fully connected, add, mul, pooling
and means must be equal; tables and softmax within one step. The difference of LiteRT's optimised kernels (XNNPACK) is printed beside it.

usage: python tests/oracle/test_int8.py [--tool PATH] [--graphs N] [--inputs N] [file.tflite …]
"""
import collections, pathlib, subprocess, sys, tempfile
import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from test_tflite import const, find_tool, ir_text

LOOSE = {"softmax", "log_softmax", "sigmoid", "tanh", "gelu", "elu", "leaky_relu"}  # one step; everything else exact


def random_graph(rng):
    """A convolutional graph with branches; returns inputs' shape and ir text."""
    lines, number = [], [0]
    def new(): number[0] += 1; return number[0]
    def w(*shape, scale=None):
        n = new()
        lines.append(const(n, (rng.standard_normal(shape) * (scale or np.sqrt(2.0 / max(1, np.prod(shape[:-1]))))).astype(np.float32)).strip())
        return n
    def op(text, *ins, **_):
        n = new()
        lines.append(f"%{n} = {text}")
        return n
    h, wd, c = int(rng.integers(5, 14)), int(rng.integers(5, 14)), int(rng.integers(1, 5))
    shape = [int(rng.integers(1, 3)), h, wd, c]
    x, xs = 0, list(shape)
    for _ in range(int(rng.integers(3, 8))):
        kind = rng.choice(["conv", "depthwise", "pool", "add", "mul", "act", "concat", "resize", "chain", "norm", "transpose", "max", "attention"])
        n, h, wd, c = xs
        if kind == "conv":
            k, s, d, o = int(rng.integers(1, 4)), int(rng.integers(1, 3)), int(rng.integers(1, 3)), int(rng.integers(1, 9))
            if s > 1: d = 1
            act = rng.choice(["none", "relu", "relu6"])
            x = op(f'conv2d(%{x}, %{w(k, k, c, o)}, %{w(o, scale=0.2)}) {{strides = [{s}, {s}], dilations = [{d}, {d}], padding = "same", activation = "{act}"}}')
            xs = [n, -(-h // s), -(-wd // s), o]
        elif kind == "depthwise":
            m, s = int(rng.integers(1, 3)), int(rng.integers(1, 3))
            x = op(f'depthwise_conv2d(%{x}, %{w(3, 3, c, m, scale=0.4)}, %{w(c * m, scale=0.2)}) {{strides = [{s}, {s}], padding = "same"}}')
            xs = [n, -(-h // s), -(-wd // s), c * m]
        elif kind == "pool" and min(h, wd) > 2:
            p, s = rng.choice(["max_pool2d", "avg_pool2d"]), int(rng.integers(1, 3))
            pad = rng.choice(["same", "valid"])
            x = op(f'{p}(%{x}) {{window = [2, 2], strides = [{s}, {s}], padding = "{pad}"}}')
            xs = [n, *(((v - 2) // s + 1) if pad == "valid" else -(-v // s) for v in (h, wd)), c]
        elif kind in ("add", "mul", "max"):
            other = op(f'conv2d(%{x}, %{w(1, 1, c, c)}, %{w(c, scale=0.2)}) {{strides = [1, 1], padding = "same"}}')
            x = op(f"{kind}(%{x}, %{other})")
        elif kind == "act":
            a = rng.choice(["relu", "sigmoid", "tanh", "exp", "gelu", "leaky_relu", "elu", "hard_swish"])
            if a == "exp": x = op(f"tanh(%{x})")
            attrs = {"gelu": " {approximate = false}", "leaky_relu": " {alpha = 0.1}", "elu": " {alpha = 1.0}"}.get(a, "")
            x = op(f"{a}(%{x}){attrs}")
        elif kind == "concat":
            other = op(f"sigmoid(%{x})")
            x = op(f"concat(%{x}, %{other}) {{axis = 3}}")
            xs = [n, h, wd, 2 * c]
        elif kind == "resize" and h * wd < 150:
            method = rng.choice(["nearest", "bilinear"])
            x = op(f'resize(%{x}) {{method = "{method}", size = ({h * 2}, {wd + 3}), half_pixel = {rng.choice(["true", "false"])}}}')
            xs = [n, h * 2, wd + 3, c]
        elif kind == "chain":
            s = op(f"sigmoid(%{x})")
            x = op(f"mul(%{x}, %{s})")
        elif kind == "norm":
            m = op(f"reduce_mean(%{x}) {{axes = [1, 2], keepdims = true}}")
            d = op(f"sub(%{x}, %{m})")
            v = op(f"square(%{d})")
            v = op(f"reduce_mean(%{v}) {{axes = [1, 2], keepdims = true}}")
            e = new(); lines.append(const(e, np.float32(1e-2)).strip())
            r = op(f"rsqrt(%{op(f'add(%{v}, %{e})')})")
            x = op(f"mul(%{d}, %{r})")
        elif kind == "transpose":
            x = op(f"transpose(%{x}) {{perm = [0, 2, 1, 3]}}")
            xs = [n, wd, h, c]
        elif kind == "attention" and h * wd < 80:
            q = op(f"reshape(%{x}) {{shape = ({n}, {h * wd}, {c})}}")
            s = op(f"matmul(%{q}, %{q}) {{transpose_b = true}}")
            p = op(f"softmax(%{s}) {{axis = 2}}")
            x = op(f"reshape(%{op(f'matmul(%{p}, %{q})')}) {{shape = ({n}, {h}, {wd}, {c})}}")
    n, h, wd, c = xs
    pooled = op(f"reduce_mean(%{x}) {{axes = [1, 2], keepdims = false}}")
    dense = op(f"add(%{op(f'matmul(%{pooled}, %{w(c, 5)})')}, %{w(5, scale=0.3)})")
    last = op(f"softmax(%{dense}) {{axis = 1}}")
    return shape, "\n".join(lines), [f"%{last}", f"%{x}"]


def snr(got, want):
    noise, signal = float(((got.astype(float) - want) ** 2).sum()), float(((want - want.mean()) ** 2).sum())
    return 99.0 if noise == 0 or signal == 0 else 10 * np.log10(signal / noise)


def preserved(path):
    it = Interpreter(model_path=str(path), num_threads=1, experimental_op_resolver_type=OpResolverType.BUILTIN_REF, experimental_preserve_all_tensors=True)
    it.allocate_tensors()
    return it


def judge_file(tool, path, samples, tmp, counts, worst):
    """Runs a quantized file on samples; returns complaints."""
    bad = []
    it = preserved(path)
    fast = Interpreter(model_path=str(path), num_threads=1)
    fast.allocate_tensors()
    made = sorted({int(t) for o in it._get_ops_details() for t in list(o["outputs"]) + list(o["inputs"]) if t >= 0})
    for sample in samples:
        for i, f_, x in zip(it.get_input_details(), fast.get_input_details(), sample):
            it.set_tensor(i["index"], x)
            fast.set_tensor(f_["index"], x)
        it.invoke()
        fast.invoke()
        for a, b in zip(it.get_output_details(), fast.get_output_details()):
            counts["xnnpack differs"] = max(counts["xnnpack differs"], float(np.abs(it.get_tensor(a["index"]).astype(float) - fast.get_tensor(b["index"]).astype(float)).max()))
        tensors = {}
        for t in made:
            try:
                tensors[f"t{t}"] = it.get_tensor(t)
            except ValueError:
                pass
        np.savez(tmp / "t.npz", **tensors)
        p = subprocess.run([tool, "judge", "--tflite", path, "--tensors", tmp / "t.npz"], capture_output=True, text=True)
        if p.returncode != 0:
            return [f"judge: exit {p.returncode} {p.stderr[:300]}"]
        for line in p.stdout.splitlines():
            name, tensor, difference, differ, total = (line.split() + ["0"])[:5]
            if difference == "skipped":
                bad.append(f"{name} was skipped")
                continue
            counts[name] += 1
            worst[name] = max(worst[name], float(difference))
            if float(difference) > (1 if name in LOOSE else 0):
                bad.append(f"{name} -> tensor {tensor}: differs by {difference} in {differ} of {total}")
    return bad


def main():
    tool = find_tool(sys.argv)
    number = lambda flag, default: int(sys.argv[sys.argv.index(flag) + 1]) if flag in sys.argv else default
    graphs, inputs = number("--graphs", 64), number("--inputs", 4)
    counts, worst = collections.Counter(), collections.defaultdict(float)
    failed = passed = 0
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        files = [a for a in sys.argv[1:] if a.endswith(".tflite")]
        for path in files:
            it = preserved(path)
            rng = np.random.default_rng(5)
            samples = [[rng.standard_normal(d["shape"]).astype(d["dtype"]) for d in it.get_input_details()] for _ in range(inputs)]
            bad = judge_file(tool, path, samples, tmp, counts, worst)
            print(f"{path}: {'; '.join(sorted(set(bad)))[:600] or 'equal'}")
            failed += bool(bad)
            passed += not bad
        ratios = []
        for seed in range(0 if files else graphs):
            rng = np.random.default_rng(seed)
            shape, body, outputs = random_graph(rng)
            samples = [[rng.standard_normal(shape).astype(np.float32)] for _ in range(inputs)]
            (tmp / "g.ir").write_text(ir_text(samples[0], body, outputs))
            np.savez(tmp / "in.npz", *samples[0])
            p = subprocess.run([tool, "convert", "--ir", tmp / "g.ir", "--in", tmp / "in.npz", "--out", tmp / "out.npz", "--tflite", tmp / "m.tflite", "--int8", "--int8-out", tmp / "q.npz", *(["--print"] if "--show" in sys.argv else [])], capture_output=True, text=True)
            if p.returncode != 0:
                print(f"FAIL seed {seed}: exit {p.returncode} {p.stderr[:300]}")
                failed += 1
                continue
            try:
                bad = judge_file(tool, tmp / "m.tflite", samples, tmp, counts, worst)
                it = preserved(tmp / "m.tflite")
                it.set_tensor(it.get_input_details()[0]["index"], samples[0][0]); it.invoke()
                floats = [d["name"] for d in it.get_tensor_details() if d["dtype"] == np.float32]
                if len(floats) > 3: bad.append(f"float tensors left: {floats[:4]}")
                with np.load(tmp / "out.npz") as z, np.load(tmp / "q.npz") as q:
                    each = [snr(it.get_tensor(d["index"]), z[k]) for d, k in zip(it.get_output_details(), z.files)]
                    ratios.append(min(each))
                    if "--show" in sys.argv: print(f"seed {seed}: " + ", ".join(f"{e:.1f} dB" for e in each) + (p.stdout if number("--show", -1) == seed else ""))
            except Exception as e:
                bad = ["LiteRT: " + str(e)[:250]]
            if bad:
                failed += 1
                print(f"FAIL seed {seed}: " + "; ".join(sorted(set(bad)))[:700], flush=True)
            else:
                passed += 1
    print("operators judged: " + ", ".join(f"{k} {v} (worst {worst[k]:g})" for k, v in sorted(counts.items()) if k != "xnnpack differs"))
    print(f"largest difference of an output between LiteRT's reference and optimised kernels: {counts['xnnpack differs']:.4g}")
    if ratios:
        print(f"SQNR of {len(ratios)} random graphs: lowest {min(ratios):.1f}, median {np.median(ratios):.1f} dB")
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0 or passed == 0)


if __name__ == "__main__":
    sys.exit(main())
