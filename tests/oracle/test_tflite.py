"""LiteRT against kedge's reference interpreter: snippets of ir text for every op, exported by kedge-irtflite and run by both.

usage: python tests/oracle/test_tflite.py [--tool build/release/tests/…/kedge-irtflite] [name parts …]
"""
import itertools, os, pathlib, subprocess, sys, tempfile
import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

ROOT = pathlib.Path(__file__).resolve().parents[2]


def find_tool(argv):
    if "--tool" in argv:
        return argv[argv.index("--tool") + 1]
    found = sorted(ROOT.glob("build/**/kedge-irtflite"), key=os.path.getmtime)
    if not found:
        sys.exit("kedge-irtflite is not built: ninja -C build/release kedge-irtflite")
    return str(found[-1])


CASES = []


def case(name, inputs, body, tol=2e-5, outputs=None):
    """inputs: arrays. body: ir lines with %0 … for the inputs; the last value is the output unless `outputs` names them."""
    CASES.append((name, inputs, body, tol, outputs))


def ir_text(inputs, body, outputs):
    lines = [f'  input %{i} "x{i}" : {a.dtype}[{", ".join(map(str, a.shape))}]' for i, a in enumerate(inputs)]
    for line in body.strip().splitlines():
        line = line.strip()
        if " = " in line and not line.startswith(("const", "input", "region", "output")) and " do " not in line and line != "}" and ") :" not in line and "} :" not in line:
            count = line.split(" = ")[0].count("%")
            line += " : " + ", ".join(["float32[]"] * count)
        lines.append("  " + line)
    if outputs is None:
        last = [l for l in lines if " = " in l and l.strip().startswith("%")][-1]
        outputs = [last.split(" = ")[0].strip().split(",")[0]]
    lines += [f'  output {o} "y{i}"' for i, o in enumerate(outputs)]
    return 'graph "case" {\n' + "\n".join(lines) + "\n}\n"


def const(number, array):
    array = np.asarray(array)
    def text(v):
        if array.dtype == bool: return "true" if v else "false"
        if array.dtype.kind in "iu": return str(int(v))
        return repr(float(v)) if np.isfinite(v) else ("nan" if np.isnan(v) else "inf" if v > 0 else "-inf")
    return f'const %{number} : {array.dtype}[{", ".join(map(str, array.shape))}] = {{{", ".join(text(v) for v in array.ravel())}}}\n'


def litert(path, inputs, **options):
    it = Interpreter(model_path=str(path), num_threads=1, **options)
    it.allocate_tensors()
    for d, x in zip(it.get_input_details(), inputs):
        it.set_tensor(d["index"], x)
    it.invoke()
    return [it.get_tensor(d["index"]) for d in it.get_output_details()]


def run_case(tool, name, inputs, body, tol, outputs):
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        (tmp / "g.ir").write_text(ir_text(inputs, body, outputs))
        np.savez(tmp / "in.npz", *inputs)
        p = subprocess.run([tool, "convert", "--ir", tmp / "g.ir", "--in", tmp / "in.npz", "--out", tmp / "out.npz", "--tflite", tmp / "m.tflite"], capture_output=True, text=True)
        if p.returncode != 0:
            return f"exit {p.returncode}: {p.stderr[:300]}"
        with np.load(tmp / "out.npz") as z:
            want = [z[k] for k in z.files]
        try:
            got = litert(tmp / "m.tflite", inputs)
        except Exception as e:
            return "LiteRT: " + str(e)[:250]
        again = subprocess.run([tool, "convert", "--read", tmp / "m.tflite", "--in", tmp / "in.npz", "--out", tmp / "back.npz"], capture_output=True, text=True)
        if again.returncode != 0:
            return "reading back: " + again.stderr[:300]
        with np.load(tmp / "back.npz") as z:
            back = [z[k] for k in z.files]
    for what, answers in (("LiteRT", got), ("read back", back)):
        if len(answers) != len(want):
            return f"{what}: {len(answers)} outputs, expected {len(want)}"
        for i, (g, w) in enumerate(zip(answers, want)):
            if g.shape != w.shape or g.dtype != w.dtype:
                return f"{what}: output {i} is {g.dtype}{g.shape}, expected {w.dtype}{w.shape}"
            if g.dtype.kind == "f":
                ok = np.isclose(g.astype(np.float64), w.astype(np.float64), atol=tol, rtol=tol, equal_nan=True)
            else:
                ok = g == w
            if not ok.all():
                k = np.argwhere(~ok)[0]
                return f"{what}: output {i}: {int((~ok).sum())} of {w.size} differ, first at {tuple(k)}: {g[tuple(k)]!r} for {w[tuple(k)]!r}"
    return ""


rng = np.random.default_rng(7)
def f(*shape, low=-2.0, high=2.0): return rng.uniform(low, high, shape).astype(np.float32)
def i32(*shape, low=-9, high=9): return rng.integers(low, high, shape, dtype=np.int32)
def b(*shape): return rng.integers(0, 2, shape).astype(bool)


def build_cases():
    wide = np.concatenate([np.linspace(-6, 6, 50), [0.0, 1e-4, -1e-4, 1e-7, 20.0, -20.0, 1.0, -1.0]]).astype(np.float32)
    for op in "abs neg sign floor ceil round exp expm1 sin cos atan sinh cosh tanh asinh erf sigmoid relu relu6 softplus softsign hard_swish square".split():
        x = np.clip(wide, -12, 12) if op in ("sinh", "cosh", "exp", "expm1") else wide
        case(op, [x.reshape(2, -1)], f"%1 = {op}(%0)")
        if op in ("erf", "expm1", "asinh", "sinh", "softplus", "tanh", "atan"):
            small = (np.logspace(-6, 0, 40) * np.where(np.arange(40) % 2, 1, -1)).astype(np.float32)
            CASES.append((op + "_relative", [small], f"%1 = {op}(%0)\n" + const(2, np.abs(np.where(small == 0, 1, small))) + "%3 = div(%1, %2)", 5e-6, None))
    for op, low, high in (("log", 1e-3, 9), ("log1p", -0.99, 9), ("sqrt", 0, 9), ("rsqrt", 0.1, 9), ("reciprocal", 0.2, 9), ("tan", -1.3, 1.3), ("asin", -1, 1), ("acos", -1, 1), ("acosh", 1, 9), ("atanh", -0.99, 0.99)):
        case(op, [f(3, 17, low=low, high=high)], f"%1 = {op}(%0)", tol=5e-5)
    case("log1p_small", [(np.logspace(-8, -1, 30)).astype(np.float32)], "%1 = log1p(%0)", tol=1e-6)
    special = np.array([np.nan, np.inf, -np.inf, 0.0, 1.5], np.float32)
    for op in ("is_nan", "is_inf", "is_finite"):
        case(op, [special], f"%1 = {op}(%0)")
    for op in ("abs", "relu", "sigmoid", "softplus", "exp", "expm1", "round"):
        case(op + "_infinite", [np.array([np.inf, 3.0, -0.0], np.float32)], f"%1 = {op}(%0)")
    for op in ("abs", "neg", "sign", "square", "relu", "relu6", "bitwise_not"):
        case(op + "_int32", [i32(4, 5)], f"%1 = {op}(%0)")
    for op in ("abs", "neg", "sign", "relu"):
        case(op + "_int64", [i32(4, 5).astype(np.int64)], f"%1 = {op}(%0)")
    case("logical_not", [b(7)], "%1 = logical_not(%0)")
    case("bitwise_not_bool", [b(7)], "%1 = bitwise_not(%0)")
    for a in (0.2, 0.01, 1.5):
        case(f"leaky_relu_{a}", [wide], f"%1 = leaky_relu(%0) {{alpha = {a}}}")
        case(f"elu_{a}", [wide], f"%1 = elu(%0) {{alpha = {a}}}")
    case("elu", [wide], "%1 = elu(%0) {alpha = 1.0}")
    for a in ("true", "false"):
        case(f"gelu_{a}", [wide], f"%1 = gelu(%0) {{approximate = {a}}}", tol=2e-4 if a == "true" else 2e-5)
    # two operands
    shapes = [((3, 4), (3, 4)), ((2, 3, 4), (4,)), ((2, 1, 4), (3, 1)), ((5,), ()), ((2, 3, 4, 5), (1, 3, 1, 5)), ((2, 1, 3, 1, 2), (1, 4, 3, 2, 1)), ((2, 3, 1, 2, 1, 2), (2, 1, 2, 2, 3, 1))]
    for op in "add sub mul div pow max min atan2 squared_difference floordiv mod".split():
        for k, (sa, sb) in enumerate(shapes if op in ("add", "mul", "max", "sub") else shapes[:5]):
            low = 0.3 if op == "pow" else -2.0
            y = f(*sb, low=0.3, high=2.0) if op in ("div", "floordiv", "mod", "atan2") else f(*sb)
            case(f"{op}_{k}", [f(*sa, low=low), y], f"%2 = {op}(%0, %1)", tol=1e-4 if op == "pow" else 2e-5)
    for op in "equal not_equal less less_equal greater greater_equal".split():
        for k, (sa, sb) in enumerate(shapes[:6]):
            case(f"{op}_{k}", [np.round(f(*sa)), np.round(f(*sb))], f"%2 = {op}(%0, %1)")
        case(op + "_int32", [i32(4, 5, low=-2, high=3), i32(4, 5, low=-2, high=3)], f"%2 = {op}(%0, %1)")
        case(op + "_int64", [i32(4, 5, low=-2, high=3).astype(np.int64), i32(4, 5, low=-2, high=3).astype(np.int64)], f"%2 = {op}(%0, %1)")
    for op in "add sub mul floordiv mod max min squared_difference bitwise_and bitwise_or bitwise_xor".split():
        low = 1 if op in ("floordiv", "mod") else -9
        case(op + "_int32", [i32(4, 5), i32(5, low=low)], f"%2 = {op}(%0, %1)")
        if op in ("bitwise_and", "bitwise_or"):
            case(op + "_wide", [rng.integers(-2**31, 2**31 - 1, (40,), dtype=np.int32), rng.integers(-2**31, 2**31 - 1, (40,), dtype=np.int32)], f"%2 = {op}(%0, %1)")
    for op in "add sub mul max min mod".split():
        case(op + "_int64", [i32(4, 5).astype(np.int64), i32(5, low=1).astype(np.int64)], f"%2 = {op}(%0, %1)")
    for op in "logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor equal not_equal".split():
        case(op + "_bool", [b(3, 4), b(4)], f"%2 = {op}(%0, %1)")
    case("left_shift", [i32(6, low=0, high=9), i32(6, low=0, high=9)], "%2 = left_shift(%0, %1)")
    case("right_shift", [i32(6, low=-90, high=90), i32(6, low=0, high=4)], "%2 = right_shift(%0, %1)")
    for k, (c, x, y) in enumerate([((3, 4), (3, 4), (3, 4)), ((3, 1), (3, 4), ()), ((4,), (2, 3, 4), (2, 3, 4)), ((2, 1, 1, 4), (2, 3, 4, 4), (1,)), ((2, 1, 3, 1, 1), (2, 2, 3, 1, 4), (1, 1, 1, 5, 1))]):
        case(f"select_{k}", [b(*c), f(*x), f(*y)], "%3 = select(%0, %1, %2)")
    case("select_int32", [b(3, 4), i32(3, 4), i32(3, 4)], "%3 = select(%0, %1, %2)")
    case("select_bool", [b(3, 4), b(3, 4), b(3, 4)], "%3 = select(%0, %1, %2)")
    arrays = {"float32": f(3, 4, high=5), "int32": i32(3, 4), "int64": i32(3, 4).astype(np.int64), "bool": b(3, 4)}
    for (frm, x), to in itertools.product(arrays.items(), ("float32", "int32", "int64", "bool")):
        case(f"cast_{frm}_{to}", [x], f"%1 = cast(%0) {{to = {to}}}")
    # reductions
    for op in "reduce_sum reduce_mean reduce_max reduce_min reduce_prod".split():
        for axes, keep in (([0], "false"), ([1, 2], "true"), ([0, 1, 2], "false"), ([2], "true"), ([0, 2], "false")):
            case(f"{op}_{axes}_{keep}", [f(3, 4, 5)], f"%1 = {op}(%0) {{axes = {axes}, keepdims = {keep}}}")
        if op != "reduce_mean":
            case(op + "_int32", [i32(3, 4)], f"%1 = {op}(%0) {{axes = [1], keepdims = false}}")
    for op in ("reduce_any", "reduce_all"):
        case(op, [b(3, 4, 2)], f"%1 = {op}(%0) {{axes = [1], keepdims = false}}")
    for op in ("argmax", "argmin"):
        for axis, keep, to in ((0, "false", "int64"), (2, "true", "int32"), (1, "false", "int32")):
            case(f"{op}_{axis}", [f(3, 4, 5)], f"%1 = {op}(%0) {{axis = {axis}, keepdims = {keep}, to = {to}}}")
    for op in ("cumsum", "cumprod"):
        for axis, ex, rev in ((0, "false", "false"), (1, "true", "false"), (1, "false", "true"), (2, "true", "true")):
            case(f"{op}_{axis}_{ex}_{rev}", [f(3, 4, 5)], f"%1 = {op}(%0) {{axis = {axis}, exclusive = {ex}, reverse = {rev}}}")
    # layout
    case("reshape", [f(3, 4, 5)], "%1 = reshape(%0) {shape = (5, 12)}")
    case("transpose", [f(3, 4, 5)], "%1 = transpose(%0) {perm = [2, 0, 1]}")
    case("transpose_5d", [f(2, 3, 1, 4, 2)], "%1 = transpose(%0) {perm = [4, 2, 0, 1, 3]}")
    case("transpose_bool", [b(3, 4)], "%1 = transpose(%0) {perm = [1, 0]}")
    for axis in (0, 1, 2):
        s = [2, 3, 4]; t = list(s); t[axis] = 5
        case(f"concat_{axis}", [f(*s), f(*t), f(*s)], f"%3 = concat(%0, %1, %2) {{axis = {axis}}}")
    case("concat_int32", [i32(2, 3), i32(2, 3)], "%2 = concat(%0, %1) {axis = 0}")
    case("slice", [f(4, 6, 3)], "%1 = slice(%0) {begin = (1, 0, 2), end = (3, 6, 3), strides = [1, 1, 1]}")
    case("slice_stride", [f(4, 6, 3)], "%1 = slice(%0) {begin = (0, 1, 0), end = (4, 6, 3), strides = [2, 2, 1]}")
    case("slice_back", [f(4, 6)], "%1 = slice(%0) {begin = (3, 5), end = (-1, 1), strides = [-1, -2]}")
    case("slice_5d", [f(2, 3, 4, 2, 3)], "%1 = slice(%0) {begin = (0, 1, 0, 1, 0), end = (2, 3, 4, 2, 2), strides = [1, 1, 1, 1, 1]}")
    for mode in ("constant", "reflect", "symmetric", "edge"):
        case(f"pad_{mode}", [f(1, 4, 5, 2)], f'%1 = pad(%0) {{before = (0, 2, 1, 0), after = (0, 1, 3, 0), mode = "{mode}"}}')
    case("pad_value", [f(3, 4)], '%1 = pad(%0) {before = (1, 0), after = (0, 2), mode = "constant", value = -1.5}')
    case("pad_int32", [i32(3, 4)], '%1 = pad(%0) {before = (1, 0), after = (0, 2), mode = "constant", value = 7.0}')
    case("gather", [f(5, 3), i32(4, low=0, high=5)], "%2 = gather(%0, %1) {axis = 0}")
    case("gather_axis", [f(2, 5, 3), i32(2, 2, low=0, high=5)], "%2 = gather(%0, %1) {axis = 1}")
    case("gather_batch", [f(2, 5, 3), i32(2, 4, low=0, high=5)], "%2 = gather(%0, %1) {axis = 1, batch_dims = 1}")
    case("gather_scalar", [f(5, 3), np.array(2, np.int32)], "%2 = gather(%0, %1) {axis = 0}")
    case("gather_int64", [i32(5, 3), i32(4, low=0, high=5).astype(np.int64)], "%2 = gather(%0, %1) {axis = 0}")
    case("gather_nd", [f(4, 5, 3), i32(6, 2, low=0, high=4)], "%2 = gather_nd(%0, %1)")
    case("gather_nd_batch", [f(2, 5, 3), i32(2, 6, 1, low=0, high=5)], "%2 = gather_nd(%0, %1) {batch_dims = 1}")
    case("scatter_nd", [i32(6, 1, low=0, high=4), f(6, 3)], "%2 = scatter_nd(%0, %1) {shape = (4, 3)}")
    case("scatter_nd_int64", [i32(6, 1, low=0, high=4).astype(np.int64), i32(6, 3)], "%2 = scatter_nd(%0, %1) {shape = (4, 3)}")
    case("scatter_update", [f(5, 3), np.array([[1], [3]], np.int32), f(2, 3)], "%3 = scatter_update(%0, %1, %2)")
    case("tile", [f(2, 3)], "%1 = tile(%0) {multiples = (2, 3)}")
    case("broadcast_to", [f(3, 1)], "%1 = broadcast_to(%0) {shape = (2, 3, 4)}")
    case("broadcast_to_bool", [b(3, 1)], "%1 = broadcast_to(%0) {shape = (2, 3, 4)}")
    case("reverse", [f(3, 4, 5)], "%1 = reverse(%0) {axes = [0, 2]}")
    case("iota", [i32(3, 4)], "%1 = iota() {shape = (3, 4), axis = 1, dtype = int32}\n%2 = add(%0, %1)")
    case("dims", [i32(3)], "%1 = dims() {values = (4, 5, 6), to = int32}\n%2 = add(%0, %1)")
    for axis in (-1, 0, 1):
        case(f"one_hot_{axis}", [i32(3, 4, low=-1, high=6)], f"%1 = one_hot(%0) {{depth = 5, axis = {axis}, to = float32}}")
    case("one_hot_int", [i32(4, low=0, high=5)], "%1 = one_hot(%0) {depth = 5, axis = -1, to = int32}")
    case("one_hot_bool", [i32(4, low=0, high=5)], "%1 = one_hot(%0) {depth = 5, axis = -1, to = bool}")
    # windows
    def weights(number, *shape): return const(number, f(*shape, low=-0.5, high=0.5))
    for k, (pad, s, d, g, act) in enumerate((("same", 1, 1, 1, "none"), ("valid", 1, 1, 1, "relu"), ("same", 2, 1, 1, "relu6"), ("valid", 1, 2, 1, "none"), ("same", 1, 3, 1, "none"), ("same", 1, 1, 2, "relu"), ("valid", 2, 1, 4, "none"), ("explicit", 2, 1, 1, "none"))):
        pads = ", pads = [1, 2, 0, 1]" if pad == "explicit" else ""
        case(f"conv2d_{k}", [f(2, 9, 10, 4)], weights(1, 3, 3, 4 // g, 8) + weights(2, 8) + f'%3 = conv2d(%0, %1, %2) {{strides = [{s}, {s}], dilations = [{d}, {d}], padding = "{pad}"{pads}, groups = {g}, activation = "{act}"}}')
    case("conv2d_no_bias", [f(1, 5, 6, 3)], weights(1, 2, 3, 3, 4) + '%2 = conv2d(%0, %1) {strides = [1, 2], padding = "same"}')
    case("conv2d_add_bias", [f(1, 5, 6, 3)], weights(1, 2, 3, 3, 4) + weights(2, 4) + '%3 = conv2d(%0, %1) {strides = [1, 1], padding = "same"}\n%4 = add(%3, %2)\n%5 = relu(%4)')
    case("conv2d_weights_given", [f(1, 5, 6, 3), f(2, 2, 3, 4)], '%2 = conv2d(%0, %1) {strides = [1, 1], padding = "same"}')
    for k, (pad, s, d, m) in enumerate((("same", 1, 1, 1), ("valid", 2, 1, 1), ("same", 1, 2, 2), ("valid", 1, 1, 3), ("explicit", 1, 1, 1))):
        pads = ", pads = [1, 0, 2, 1]" if pad == "explicit" else ""
        case(f"depthwise_{k}", [f(2, 8, 9, 3)], weights(1, 3, 3, 3, m) + weights(2, 3 * m) + f'%3 = depthwise_conv2d(%0, %1, %2) {{strides = [{s}, {s}], dilations = [{d}, {d}], padding = "{pad}"{pads}}}')
    for k, (pad, s, size, extra) in enumerate((("same", 2, (10, 12), ""), ("valid", 2, (11, 13), ""), ("same", 3, (15, 18), ""), ("valid", 1, (7, 8), ""), ("explicit", 2, (10, 12), ", pads = [1, 0, 0, 1]"), ("valid", 1, (9, 10), ", dilations = [2, 2]"))):
        case(f"conv2d_transpose_{k}", [f(1, 5, 6, 3)], weights(1, 3, 3, 4, 3) + weights(2, 4) + f'%3 = conv2d_transpose(%0, %1, %2) {{strides = [{s}, {s}], padding = "{pad}", output_size = {size}{extra}}}')
    for k, (pad, s, g) in enumerate((("same", 1, 1), ("valid", 2, 1), ("same", 2, 2))):
        case(f"conv3d_{k}", [f(1, 5, 6, 7, 4)], weights(1, 3, 2, 3, 4 // g, 6) + weights(2, 6) + f'%3 = conv3d(%0, %1, %2) {{strides = [{s}, {s}, {s}], dilations = [1, 1, 1], padding = "{pad}", groups = {g}}}')
    for op in ("max_pool2d", "avg_pool2d"):
        for k, (pad, w, s) in enumerate((("same", (3, 3), 2), ("valid", (2, 3), 1), ("explicit", (3, 3), 2), ("same", (2, 2), 2))):
            pads = ", pads = [1, 0, 1, 1]" if pad == "explicit" else ""
            case(f"{op}_{k}", [f(2, 7, 9, 3)], f'%1 = {op}(%0) {{window = [{w[0]}, {w[1]}], strides = [{s}, {s}], padding = "{pad}"{pads}}}')
    for op in ("max_pool3d", "avg_pool3d"):
        for pad in ("same", "valid"):
            case(f"{op}_{pad}", [f(1, 5, 6, 7, 2)], f'%1 = {op}(%0) {{window = [2, 3, 2], strides = [2, 2, 1], padding = "{pad}"}}')
    for k, (a, c, ta, tb) in enumerate((((3, 4), (4, 5), "false", "false"), ((2, 3, 4), (2, 4, 5), "false", "false"), ((2, 4, 3), (2, 5, 4), "true", "true"), ((2, 1, 3, 4), (3, 4, 5), "false", "false"), ((2, 3, 4), (4, 5), "false", "false"))):
        case(f"matmul_{k}", [f(*a), f(*c)], f"%2 = matmul(%0, %1) {{transpose_a = {ta}, transpose_b = {tb}}}")
    case("matmul_int32", [i32(2, 3, 4), i32(4, 5)], "%2 = matmul(%0, %1)")
    case("dense", [f(3, 6)], weights(1, 6, 4) + weights(2, 4) + "%3 = matmul(%0, %1)\n%4 = add(%3, %2)\n%5 = relu(%4)")
    case("dense_3d", [f(2, 3, 6)], weights(1, 6, 4) + weights(2, 4) + "%3 = matmul(%0, %1)\n%4 = add(%3, %2)")
    case("dense_transposed", [f(2, 3, 6)], weights(1, 4, 6) + "%2 = matmul(%0, %1) {transpose_b = true}")
    case("fully_connected", [f(3, 6)], weights(1, 6, 4) + weights(2, 4) + '%3 = fully_connected(%0, %1, %2) {activation = "relu"}')
    for op in ("softmax", "log_softmax"):
        for axis in (0, 1, 2):
            case(f"{op}_{axis}", [f(3, 4, 5, high=5)], f"%1 = {op}(%0) {{axis = {axis}}}")
    for method, align, half in (("nearest", 0, 1), ("nearest", 0, 0), ("bilinear", 0, 1), ("bilinear", 1, 0), ("bilinear", 0, 0), ("bicubic", 0, 1)):
        for size in ((10, 7), (3, 12), (4, 4)):
            case(f"resize_{method}_{align}{half}_{size[0]}", [f(2, 5, 6, 3)], f'%1 = resize(%0) {{method = "{method}", size = {size}, align_corners = {str(bool(align)).lower()}, half_pixel = {str(bool(half)).lower()}}}')
    case("top_k", [f(3, 8)], "%1, %2 = top_k(%0) {k = 3}", outputs=["%1", "%2"])
    case("top_k_ties", [i32(3, 8, low=0, high=3)], "%1, %2 = top_k(%0) {k = 5}", outputs=["%1", "%2"])
    for desc in ("true", "false"):
        case(f"sort_{desc}", [f(3, 8)], f"%1 = sort(%0) {{axis = 1, descending = {desc}}}")
        case(f"argsort_{desc}", [i32(3, 8, low=0, high=4)], f"%1 = argsort(%0) {{axis = 0, descending = {desc}, to = int32}}")
    # types and ranks at the edges of what the kernels know
    half = rng.standard_normal((2, 3)).astype(np.float16)
    case("half", [half], "%1 = exp(%0)\n%2 = add(%1, %0)", tol=5e-3)
    case("half_inside", [f(2, 3)], "%1 = cast(%0) {to = float16}\n%2 = mul(%1, %1)\n%3 = cast(%2) {to = float32}", tol=5e-3)
    case("uint8_add", [np.arange(6, dtype=np.uint8)], "%1 = add(%0, %0)")
    case("int16_mul", [np.arange(6, dtype=np.int16)], "%1 = mul(%0, %0)")
    case("int8_less", [np.arange(6, dtype=np.int8), np.ones(6, np.int8)], "%2 = less(%0, %1)")
    case("truncdiv", [np.arange(-6, 6, dtype=np.int32), np.full(12, 4, np.int32)], "%2 = truncdiv(%0, %1)")
    case("truncdiv_float", [np.arange(-6, 6, dtype=np.float32), np.full(12, 4, np.float32)], "%2 = truncdiv(%0, %1)")
    case("lgamma", [np.concatenate([np.linspace(0.1, 12, 60), np.linspace(-3.9, -0.1, 39), [40.0, 1e4]]).astype(np.float32)], "%1 = lgamma(%0)", tol=3e-5)
    case("gather_5d", [f(2, 5, 2, 2, 2), np.array([[1, 2], [0, 4]], np.int32)], "%2 = gather(%0, %1) {axis = 1}")
    case("transpose_6d", [f(2, 3, 2, 2, 2, 3)], "%1 = transpose(%0) {perm = [5, 4, 3, 2, 1, 0]}")
    case("transpose_7d", [f(2, 3, 2, 1, 2, 2, 3)], "%1 = transpose(%0) {perm = [6, 5, 4, 3, 2, 1, 0]}")
    case("slice_6d", [f(2, 3, 2, 2, 2, 3)], "%1 = slice(%0) {begin = (0, 1, 0, 0, 0, 0), end = (2, 3, 2, 2, 2, 3), strides = [1, 1, 1, 1, 1, 1]}")
    case("pad_6d", [f(2, 3, 2, 2, 2, 3)], "%1 = pad(%0) {before = (0, 1, 0, 0, 0, 0), after = (0, 1, 0, 0, 2, 0)}")
    case("reduce_6d", [f(2, 3, 2, 2, 2, 3)], "%1 = reduce_mean(%0) {axes = [1, 4], keepdims = true}")
    case("broadcast_to_7d", [f(2, 1, 2, 1, 2, 3, 1)], "%1 = broadcast_to(%0) {shape = (2, 3, 2, 2, 2, 3, 2)}")
    case("matmul_6d", [f(2, 1, 2, 2, 3, 4), f(2, 1, 2, 2, 4, 3)], "%2 = matmul(%0, %1)")
    case("softmax_5d", [f(2, 2, 2, 3, 4)], "%1 = softmax(%0) {axis = 4}")
    case("argmax_bool", [np.array([False, True, True])], "%1 = argmax(%0) {axis = 0, to = int32}")
    for n in (1, 2, 5, 16, 17, 30, 64, 97, 200, 512):  # one stage, several stages, primes
        for inverse in ("true", "false"):
            case(f"dft_{n}_{inverse}", [f(2, n), f(2, n)], f"%2, %3 = dft(%0, %1) {{axis = 1, inverse = {inverse}}}", tol=1e-4, outputs=["%2", "%3"])
    case("dft_axis", [f(2, 12, 3), f(2, 12, 3)], "%2, %3 = dft(%0, %1) {axis = 1}", tol=1e-4, outputs=["%2", "%3"])
    case("dft_vector", [f(20), f(20)], "%2, %3 = dft(%0, %1) {axis = 0}", tol=1e-4, outputs=["%2", "%3"])
    case("dft_of_real", [f(3, 40)], const(1, np.zeros((3, 40), np.float32)) + "%2, %3 = dft(%0, %1) {axis = 1}", tol=1e-4, outputs=["%2", "%3"])
    made = "%2 = complex(%0, %1) : complex64[2, 3]\n%3 = complex(%1, %0) : complex64[2, 3]\n"
    taken = "\n%5 = real(%4) : float32[2, 3]\n%6 = imag(%4) : float32[2, 3]"
    for op in ("add", "sub", "mul", "div"):
        case(f"complex_{op}", [f(2, 3), f(2, 3)], made + f"%4 = {op}(%2, %3) : complex64[2, 3]" + taken, outputs=["%5", "%6"])
    for op in ("neg", "exp", "square"):
        case(f"complex_{op}", [f(2, 3), f(2, 3)], made + f"%4 = {op}(%2) : complex64[2, 3]" + taken, outputs=["%5", "%6"])
    case("complex_abs", [f(2, 3), f(2, 3)], made + "%4 = abs(%2) : float32[2, 3]", outputs=["%4"])
    case("complex_moved", [f(2, 3), f(2, 3)], made + "%4 = transpose(%2) {perm = [1, 0]} : complex64[3, 2]\n%5 = slice(%4) {begin = (1, 0), end = (3, 2), strides = [1, 1]} : complex64[2, 2]\n"
         "%6 = reshape(%5) {shape = (4)} : complex64[4]\n%7 = real(%6) : float32[4]\n%8 = imag(%6) : float32[4]", outputs=["%7", "%8"])
    case("empty", [np.zeros((0, 3), np.float32)], "%1 = exp(%0)")
    # several outputs, an input as an output, a constant as an output
    case("outputs", [f(2, 3)], "%1 = relu(%0)\n" + const(2, np.float32([1, 2])), outputs=["%1", "%0", "%1", "%2"])
    # control flow
    case("if", [np.array(True), f(3)], '%2 = if(%0, %1) : float32[3] do graph "then" {\ninput %0 "a" : float32[3]\n%1 = exp(%0)\noutput %1\n} do graph "else" {\ninput %0 "a" : float32[3]\n%1 = neg(%0)\noutput %1\n}', outputs=["%2"])
    case("if_false", [np.array(False), f(3)], '%2 = if(%0, %1) : float32[3] do graph "then" {\ninput %0 "a" : float32[3]\n%1 = exp(%0)\noutput %1\n} do graph "else" {\ninput %0 "a" : float32[3]\n%1 = neg(%0)\noutput %1\n}', outputs=["%2"])
    case("while", [np.array(0, np.int32), f(3), f(3)], '%3, %4 = while(%0, %1, %2) {carried = 2} : int32[], float32[3] do graph "condition" {\ninput %0 "i" : int32[]\ninput %1 "x" : float32[3]\ninput %2 "c" : float32[3]\nconst %3 : int32[] = {5}\n%4 = less(%0, %3)\noutput %4\n} do graph "body" {\ninput %0 "i" : int32[]\ninput %1 "x" : float32[3]\ninput %2 "c" : float32[3]\nconst %3 : int32[] = {1}\n%4 = add(%0, %3)\n%5 = add(%1, %2)\noutput %4\noutput %5\n}', outputs=["%3", "%4"])


def main():
    tool = find_tool(sys.argv)
    wanted = [a for a in sys.argv[1:] if not a.startswith("--") and a != tool]
    build_cases()
    failed = 0
    ran = 0
    for name, *rest in CASES:
        if wanted and not any(w in name for w in wanted):
            continue
        ran += 1
        why = run_case(tool, name, *rest)
        if why:
            failed += 1
            print(f"FAIL {name}: {why}", flush=True)
    print(f"{ran - failed} passed, {failed} failed")
    return int(failed > 0 or ran == 0)


if __name__ == "__main__":
    sys.exit(main())
