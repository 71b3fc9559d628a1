"""Every op's reference kernel and shape rule against TensorFlow (or numpy where TensorFlow has no such function).

Run: build/venv/bin/python tests/oracle/test_ops.py [--seed N] [name-prefix]
"""
import sys

from op_checks import FLOATS, INTS, RNG, check, dims, draw, ints, np, np_dtype, tf, tfn, wide, run

SHAPES = [(), (1,), (7,), (3, 5), (2, 3, 4), (1023,), (0, 3)]


def unary():
    m = tf.math
    table = {
        "abs": (tf.abs, -3, 3), "neg": (tf.negative, -3, 3), "sign": (tf.sign, -3, 3), "floor": (tf.floor, -9, 9), "ceil": (m.ceil, -9, 9),
        "round": (tf.round, -9, 9), "exp": (tf.exp, -4, 4), "log": (m.log, 0.05, 9), "log1p": (m.log1p, -0.9, 9), "expm1": (m.expm1, -4, 4),
        "sqrt": (tf.sqrt, 0, 9), "rsqrt": (m.rsqrt, 0.1, 9), "square": (tf.square, -3, 3), "reciprocal": (m.reciprocal, 0.2, 5), "sin": (tf.sin, -9, 9),
        "cos": (tf.cos, -9, 9), "tan": (tf.tan, -1.3, 1.3), "asin": (tf.asin, -1, 1), "acos": (tf.acos, -1, 1), "atan": (tf.atan, -5, 5),
        "sinh": (tf.sinh, -4, 4), "cosh": (tf.cosh, -4, 4), "tanh": (tf.tanh, -4, 4), "asinh": (tf.asinh, -9, 9), "acosh": (tf.acosh, 1.05, 9),
        "atanh": (tf.atanh, -0.9, 0.9), "erf": (m.erf, -3, 3), "erfinv": (m.erfinv, -0.97, 0.97), "lgamma": (m.lgamma, 0.3, 9), "sigmoid": (tf.sigmoid, -8, 8),
        "relu": (tf.nn.relu, -3, 3), "relu6": (tf.nn.relu6, -9, 9), "softplus": (m.softplus, -9, 9), "softsign": (tf.nn.softsign, -9, 9),
        "hard_swish": (lambda x: x * tf.nn.relu6(x + 3) / 6, -5, 5),
    }
    for op, (fn, low, high) in table.items():
        for dtype in FLOATS:
            for shape in (SHAPES if dtype == "float32" else [(3, 5), (601,)]):
                x = draw(shape, dtype, low, high)
                # lgamma crosses zero at 1 and 2; TensorFlow's own float error there is absolute.
                check(op, [x], wide(fn)(x), slack={"lgamma": 4, "tan": 4, "erfinv": 4}.get(op, 1) if dtype in ("float32", "float64") else 1.5)
    for op, alpha in [("leaky_relu", 0.2), ("elu", 1.0), ("elu", 0.3)]:
        for dtype in FLOATS:
            x = draw((4, 37), dtype)
            fn = (lambda v: tf.nn.leaky_relu(v, alpha)) if op == "leaky_relu" else (lambda v: tf.where(v < 0, alpha * m.expm1(v), v))
            check(op, [x], wide(fn)(x), f"alpha = {alpha}", slack=1e5 if dtype == "float64" else 1.5)  # TensorFlow's alpha is a float32
    for approximate in (False, True):
        for dtype in FLOATS:
            x = draw((4, 37), dtype)
            check("gelu", [x], wide(lambda v: tf.nn.gelu(v, approximate))(x), f"approximate = {str(approximate).lower()}",
                  slack=1e5 if dtype == "float64" else 2)  # TensorFlow's constants are float32
    special = np.array([0.0, -0.0, 0.5, 1.5, 2.5, -0.5, np.inf, -np.inf, np.nan, 1e30, -1e30, 1e-30], np.float32)
    for op in ["abs", "neg", "sign", "floor", "ceil", "round", "exp", "sqrt", "square", "tanh", "sigmoid", "relu", "relu6", "softplus", "erf", "atan", "log"]:
        check(op, [special], tfn(table[op][0], special))
    for op, fn in [("is_nan", m.is_nan), ("is_inf", m.is_inf), ("is_finite", m.is_finite)]:
        for dtype in FLOATS:
            x = special.astype(np_dtype(dtype)) if dtype != "float16" else np.array([0, 1, np.inf, np.nan], np.float16)
            check(op, [x], tfn(fn, x))
    for dtype in INTS:
        x = draw((5, 9), dtype)
        check("abs", [x], np.abs(x))
        check("neg", [x], np.negative(x))
        check("square", [x], np.square(x))
        check("sign", [x], np.sign(x))
        check("relu", [x], np.maximum(x, 0).astype(x.dtype))
        check("bitwise_not", [x], np.invert(x))
    x = draw((3, 9), "bool")
    check("logical_not", [x], np.logical_not(x))
    check("bitwise_not", [x], np.logical_not(x))
    z = (draw((6,)) + 1j * draw((6,))).astype(np.complex64)
    for op, fn in [("abs", tf.abs), ("exp", tf.exp), ("neg", tf.negative), ("sqrt", tf.sqrt)]:
        check(op, [z], tfn(fn, z))


PAIRS = [((), ()), ((7,), (7,)), ((3, 1), (4,)), ((2, 3, 4), (3, 1)), ((1, 5), (6, 1)), ((700,), (1,)), ((2, 1, 3, 1, 2), (4, 1, 5, 1)), ((0, 2), (1, 2))]


def binary():
    b = tf.bitwise
    floats = {"add": tf.add, "sub": tf.subtract, "mul": tf.multiply, "div": tf.divide, "floordiv": tf.math.floordiv, "mod": tf.math.floormod,
              "max": tf.maximum, "min": tf.minimum, "squared_difference": tf.math.squared_difference, "atan2": tf.math.atan2}
    for op, fn in floats.items():
        for dtype in FLOATS:
            for sa, sb in (PAIRS if dtype == "float32" else PAIRS[2:5]):
                x, y = draw(sa, dtype), draw(sb, dtype)
                # A quotient near a whole number may floor either way in another precision: TensorFlow's own precision decides.
                exact = fn if dtype in ("float32", "float64") or op in ("floordiv", "mod") else wide(fn)
                if op in ("floordiv", "mod") and dtype not in ("float32", "float64"):
                    x, y = np.round(x.astype(np.float32)).astype(x.dtype), (np.round(np.abs(y.astype(np.float32))) + 1).astype(y.dtype)
                check(op, [x, y], tfn(exact, x, y) if exact is fn else exact(x, y))
    for dtype in FLOATS:
        for sa, sb in PAIRS[1:5]:
            x, y = draw(sa, dtype, 0.2, 3), draw(sb, dtype)
            check("pow", [x, y], wide(tf.pow)(x, y), slack=2)
    for op, fn in {"add": np.add, "sub": np.subtract, "mul": np.multiply, "max": np.maximum, "min": np.minimum}.items():
        for dtype in INTS:
            for sa, sb in PAIRS[2:5]:
                x, y = draw(sa, dtype), draw(sb, dtype)
                check(op, [x, y], fn(x, y))
    for dtype in INTS:
        for sa, sb in PAIRS[1:5]:
            x, y = draw(sa, dtype), draw(sb, dtype)
            y = np.where(y == 0, 3, y).astype(y.dtype)
            check("floordiv", [x, y], np.floor_divide(x, y))
            check("mod", [x, y], np.mod(x, y))
            check("truncdiv", [x, y], tfn(tf.truncatediv, x, y))
            p = draw(sb, "uint8").astype(y.dtype) % 5
            with np.errstate(all="ignore"):
                check("pow", [x, p], np.power(x, p))
            check("bitwise_and", [x, y], x & y)
            check("bitwise_or", [x, y], x | y)
            check("bitwise_xor", [x, y], x ^ y)
            s = draw(sb, "uint8").astype(y.dtype) % 7
            check("left_shift", [x, s], tfn(b.left_shift, *np.broadcast_arrays(x, s)))
            check("right_shift", [x, s], tfn(b.right_shift, *np.broadcast_arrays(x, s)))
    big = np.array([2**31 - 1, -2**31], np.int32)
    with np.errstate(all="ignore"):
        check("add", [big, big], big + big)
        check("mul", [big, big], big * big)
    special = np.array([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan], np.float32)
    for op in ["add", "sub", "mul", "div", "max", "min", "mod", "atan2"]:
        check(op, [special[:, None], special], tfn(floats[op], special[:, None], special))
    check("pow", [special[:, None], special], tfn(tf.pow, special[:, None], special))
    z = (draw((5,)) + 1j * draw((5,))).astype(np.complex64)
    for op in ["add", "sub", "mul", "div"]:
        check(op, [z, z[::-1].copy()], tfn(floats[op], z, z[::-1].copy()))


def compare():
    order = {"less": np.less, "less_equal": np.less_equal, "greater": np.greater, "greater_equal": np.greater_equal, "equal": np.equal, "not_equal": np.not_equal}
    for op, fn in order.items():
        for dtype in FLOATS + INTS:
            for sa, sb in PAIRS[2:5] if dtype != "float32" else PAIRS:
                x, y = draw(sa, dtype), draw(sb, dtype)
                if dtype in FLOATS:
                    x, y = np.round(x.astype(np.float32)).astype(x.dtype), np.round(y.astype(np.float32)).astype(y.dtype)
                check(op, [x, y], fn(x, y))
        nan = np.array([np.nan, 1, 2], np.float32)
        check(op, [nan[:, None], nan], fn(nan[:, None], nan))
    u = np.array([2**63 + 5, 3], np.uint64)
    check("less", [u, u[::-1].copy()], u < u[::-1])
    for op, fn in {"logical_and": np.logical_and, "logical_or": np.logical_or, "logical_xor": np.logical_xor}.items():
        for sa, sb in PAIRS:
            x, y = draw(sa, "bool"), draw(sb, "bool")
            check(op, [x, y], fn(x, y))


def select_cast():
    for dtype in FLOATS + INTS + ["bool"]:
        for sc, sa, sb in [((3, 1), (3, 4), ()), ((4,), (1,), (2, 1)), ((2, 3), (2, 3), (2, 3))]:
            c, x, y = draw(sc, "bool"), draw(sa, dtype), draw(sb, dtype)
            check("select", [c, x, y], np.where(c, x, y).astype(np_dtype(dtype)))
    kinds = FLOATS + INTS + ["bool", "uint16", "uint32", "uint64"]
    for source in kinds:
        for target in kinds:
            x = draw((3, 11), source)
            if source in FLOATS and target.startswith("uint"):
                x = np.abs(x)
            check("cast", [x], tfn(lambda v: tf.cast(v, target), x), f"to = {target}")
    x = np.array([np.nan, 3e9, -3e9, 1e20, -1.9, 1.9], np.float32)
    check("cast", [x], tfn(lambda v: tf.cast(v, tf.int32), x), "to = int32")


def reduce():
    cases = [((7,), (0,)), ((3, 5), (0,)), ((3, 5), (1,)), ((3, 5), (0, 1)), ((2, 3, 4), (0, 2)), ((2, 3, 4), (1,)), ((2, 3, 4), ()), ((), ()), ((2, 600, 3), (1,)), ((5, 1030), (1,))]
    fns = {"reduce_sum": tf.reduce_sum, "reduce_mean": tf.reduce_mean, "reduce_max": tf.reduce_max, "reduce_min": tf.reduce_min, "reduce_prod": tf.reduce_prod}
    for op, fn in fns.items():
        for dtype in FLOATS + ["int32", "int64"]:
            for shape, axes in cases if dtype in ("float32", "int32") else cases[2:6]:
                x = draw(shape, dtype, 0.7, 1.3) if op == "reduce_prod" and dtype in FLOATS else draw(shape, dtype)
                if op == "reduce_prod" and dtype not in FLOATS:
                    x = np.where(x > 0, 1, -1).astype(x.dtype)
                keep = bool(len(shape) % 2)
                def run(v):
                    return fn(v, axis=list(axes), keepdims=keep) if axes else tf.identity(v)
                want = wide(run)(x) if dtype in FLOATS else tfn(run, x)
                check(op, [x], want, f"axes = [{', '.join(map(str, axes))}], keepdims = {str(keep).lower()}", slack=4)
    for op, fn in {"reduce_any": tf.reduce_any, "reduce_all": tf.reduce_all}.items():
        for shape, axes in cases[:6]:
            x = RNG.random(shape) < (0.2 if op == "reduce_any" else 0.8)
            check(op, [x], tfn(lambda v: fn(v, axis=list(axes)), x), f"axes = [{', '.join(map(str, axes))}]")
    nan = np.array([[1, np.nan, 2], [3, 4, 5]], np.float32)
    for op in ["reduce_max", "reduce_min", "reduce_sum"]:
        check(op, [nan], tfn(lambda v: fns[op](v, axis=1), nan), "axes = [1]")
    for op in ["reduce_max", "reduce_min", "reduce_sum", "reduce_mean", "reduce_prod"]:
        empty = np.zeros((0, 3), np.float32)
        check(op, [empty], tfn(lambda v: fns[op](v, axis=0), empty), "axes = [0]")
    for op, fn in {"argmax": tf.argmax, "argmin": tf.argmin}.items():
        for dtype in ["float32", "float64", "float16", "int32", "int64", "uint8"]:
            for shape, axis in [((7,), 0), ((3, 5), 0), ((3, 5), 1), ((2, 3, 4), 1), ((2, 3, 4), -1)]:
                x = draw(shape, dtype)
                if dtype in FLOATS:
                    x = np.round(x.astype(np.float32)).astype(x.dtype)
                for to in ("int64", "int32"):
                    check(op, [x], tfn(lambda v: fn(v, axis=axis, output_type=to), x), f"axis = {axis}, to = {to}")
        x = draw((3, 4, 5))
        check(op, [x], np.expand_dims(tfn(lambda v: fn(v, axis=1), x), 1), "axis = 1, keepdims = true")
    for op, fn in {"cumsum": tf.cumsum, "cumprod": tf.math.cumprod}.items():
        for dtype in FLOATS + ["int32", "int64"]:
            for exclusive in (False, True):
                for reverse in (False, True):
                    x = draw((3, 4, 5), dtype, 0.5, 1.5)
                    axis = int(RNG.integers(0, 3))
                    def run(v):
                        return fn(v, axis=axis, exclusive=exclusive, reverse=reverse)
                    want = wide(run)(x) if dtype in FLOATS else tfn(run, x)
                    check(op, [x], want, f"axis = {axis}, exclusive = {str(exclusive).lower()}, reverse = {str(reverse).lower()}", slack=2)


def layout():
    for dtype in FLOATS + INTS + ["bool"]:
        x = draw((2, 3, 4), dtype)
        check("reshape", [x], x.reshape(6, 4), "shape = (6, 4)")
        check("transpose", [x], x.transpose(2, 0, 1), "perm = [2, 0, 1]")
        check("reverse", [x], x[::-1, :, ::-1], "axes = [0, 2]")
        check("tile", [x], np.tile(x, (2, 1, 3)), "multiples = (2, 1, 3)")
        check("concat", [x, x[:, :2]], np.concatenate([x, x[:, :2]], 1), "axis = 1")
        check("broadcast_to", [x[:, :1]], np.broadcast_to(x[:, :1], (5, 2, 3, 4)), "shape = (5, 2, 3, 4)")
    for _ in range(25):
        rank = int(RNG.integers(1, 6))
        shape = tuple(int(v) for v in RNG.integers(1, 6, rank))
        x = draw(shape)
        perm = [int(v) for v in RNG.permutation(rank)]
        check("transpose", [x], x.transpose(perm), f"perm = {ints(perm)}")
        begin, end, step, index = [], [], [], []
        for size in shape:
            s = int(RNG.choice([1, 1, 2, 3, -1, -2]))
            if s > 0:
                a = int(RNG.integers(0, size))
                b = int(RNG.integers(a, size + 1))
                index.append(slice(a, b, s))
            else:
                a = int(RNG.integers(0, size))
                b = int(RNG.integers(-1, a + 1))
                index.append(slice(a, None if b < 0 else b, s))
            begin.append(a), end.append(b), step.append(s)
        check("slice", [x], x[tuple(index)], f"begin = {dims(begin)}, end = {dims(end)}, strides = {ints(step)}")
        before = [int(v) for v in RNG.integers(0, 4, rank)]
        after = [int(v) for v in RNG.integers(0, 4, rank)]
        both = list(zip(before, after))
        check("pad", [x], np.pad(x, both, constant_values=1.5), f"before = {dims(before)}, after = {dims(after)}, value = 1.5")
        check("pad", [x], np.pad(x, both, "edge"), f'before = {dims(before)}, after = {dims(after)}, mode = "edge"')
        mirror = [(min(b, n - 1), min(a, n - 1)) for (b, a), n in zip(both, shape)]
        for mode in ("reflect", "symmetric"):
            check("pad", [x], np.pad(x, mirror, mode), f'before = {dims(m[0] for m in mirror)}, after = {dims(m[1] for m in mirror)}, mode = "{mode}"')
        axis = int(RNG.integers(0, rank))
        parts = [x, np.take(x, [0] * int(RNG.integers(0, 4)), axis), x]
        check("concat", parts, np.concatenate(parts, axis), f"axis = {axis}")
        axes = sorted(int(v) for v in RNG.choice(rank, RNG.integers(0, rank + 1), replace=False))
        check("reverse", [x], np.flip(x, axes) if axes else x, f"axes = {ints(axes)}")
        times = [int(v) for v in RNG.integers(0, 3, rank)]
        check("tile", [x], np.tile(x, times), f"multiples = {dims(times)}")
    for dtype in INTS + ["bfloat16", "bool"]:
        x = draw((3, 4), dtype)
        check("pad", [x], np.pad(x, [(1, 2), (0, 1)], constant_values=1), "before = (1, 0), after = (2, 1), value = 1.0")


def index():
    for dtype in FLOATS + INTS + ["bool"]:
        for itype in ("int32", "int64"):
            x = draw((5, 4, 3), dtype)
            axis = int(RNG.integers(0, 3))
            i = RNG.integers(0, x.shape[axis], (2, 3)).astype(itype)
            check("gather", [x, i], np.take(x, i, axis), f"axis = {axis}")
    for _ in range(12):
        x = draw((2, 3, 4, 5))
        batch_dims = int(RNG.integers(0, 3))
        axis = int(RNG.integers(batch_dims, 4))
        i = RNG.integers(0, x.shape[axis], x.shape[:batch_dims] + tuple(RNG.integers(1, 4, RNG.integers(0, 3)))).astype(np.int32)
        check("gather", [x, i], tfn(lambda a, b: tf.gather(a, b, axis=axis, batch_dims=batch_dims), x, i), f"axis = {axis}, batch_dims = {batch_dims}")
        depth = int(RNG.integers(1, 5 - batch_dims))
        n = int(RNG.integers(1, 5))
        limits = np.array(x.shape[batch_dims:batch_dims + depth])
        i = (RNG.random(x.shape[:batch_dims] + (n, depth)) * limits).astype(np.int32)
        check("gather_nd", [x, i], tfn(lambda a, b: tf.gather_nd(a, b, batch_dims=batch_dims), x, i), f"batch_dims = {batch_dims}")
    for dtype in ["float32", "float64", "float16", "int32", "int64"]:
        for depth in (1, 2, 3):
            shape = (4, 3, 2)
            i = (RNG.random((6, depth)) * np.array(shape[:depth])).astype(np.int32)
            u = np.round(draw((6,) + shape[depth:], dtype).astype(np.float32)).astype(np_dtype(dtype))
            check("scatter_nd", [i, u], tfn(lambda a, b: tf.scatter_nd(a, b, shape), i, u), f"shape = {dims(shape)}")
            i = np.unique(i, axis=0)
            u = u[:len(i)]
            x = draw(shape, dtype)
            check("scatter_update", [x, i, u], tfn(tf.tensor_scatter_nd_update, x, i, u))
    for dtype in ["float32", "int32", "float16", "int64", "uint8"]:
        check("iota", [], np.broadcast_to(np.arange(4, dtype=np_dtype(dtype))[:, None], (3, 4, 2)), f"shape = (3, 4, 2), axis = 1, dtype = {dtype}")
        i = np.array([[0, 2, 5], [-1, 3, 1]], np.int32)
        for axis in (-1, 0, 1):
            check("one_hot", [i], tfn(lambda v: tf.one_hot(v, 4, axis=axis, dtype=dtype), i), f"depth = 4, axis = {axis}, to = {dtype}")
    check("dims", [], np.array([3, 5], np.int32), "values = (3, 5)")
    check("dims", [], np.int64(7), "values = (7), to = int64, scalar = true")
    for dtype in ["float32", "float64", "int32", "int64"]:
        x = draw((3, 4, 6), dtype)
        if dtype.startswith("f"):
            x = np.round(x * 2) / 2
        for axis in (0, 1, 2):
            check("sort", [x], np.sort(x, axis), f"axis = {axis}")
            check("sort", [x], -np.sort(-x, axis), f"axis = {axis}, descending = true")
            check("argsort", [x], np.argsort(x, axis, kind="stable").astype(np.int32), f"axis = {axis}")
            check("argsort", [x], tfn(lambda v: tf.argsort(v, axis, "DESCENDING", stable=True), x), f"axis = {axis}, descending = true")
        for k in (0, 1, 4, 6):
            check("top_k", [x], tfn(lambda v: tuple(tf.math.top_k(v, k)), x), f"k = {k}")


def matmul():
    for dtype in FLOATS + ["int32", "int64"]:
        for a, b in [((3, 4), (4, 5)), ((2, 3, 4), (4, 5)), ((2, 1, 3, 4), (5, 4, 6)), ((1, 70), (70, 1)), ((9, 33), (33, 530)), ((2, 0), (0, 3)), ((5, 3, 17), (5, 17, 2))]:
            x, y = draw(a, dtype), draw(b, dtype)
            want = wide(tf.matmul)(x, y) if dtype in FLOATS else np.matmul(x, y)
            check("matmul", [x, y], want, slack=8)
        for ta, tb in [(True, False), (False, True), (True, True)]:
            x, y = draw((3, 4, 6) if not ta else (3, 6, 4), dtype), draw((6, 5) if not tb else (5, 6), dtype)
            want = np.matmul(np.swapaxes(x, -1, -2) if ta else x, np.swapaxes(y, -1, -2) if tb else y)
            if dtype in FLOATS:
                want = np.matmul((np.swapaxes(x, -1, -2) if ta else x).astype(np.float64), (np.swapaxes(y, -1, -2) if tb else y).astype(np.float64)).astype(x.dtype)
            check("matmul", [x, y], want, f"transpose_a = {str(ta).lower()}, transpose_b = {str(tb).lower()}", slack=8)
    for dtype in FLOATS:
        for lead in [(), (3,), (2, 5)]:
            for activation in ("none", "relu", "relu6"):
                x, w, c = draw(lead + (7,), dtype), draw((7, 4), dtype), draw((4,), dtype)
                y = x.astype(np.float64) @ w.astype(np.float64)
                bias = activation != "relu6"
                y = y + c.astype(np.float64) if bias else y
                y = np.maximum(y, 0) if activation != "none" else y
                y = np.minimum(y, 6) if activation == "relu6" else y
                check("fully_connected", [x, w, c if bias else None], y.astype(x.dtype), f'activation = "{activation}"', slack=8)


def activate(y, name):
    return tf.nn.relu(y) if name == "relu" else tf.nn.relu6(y) if name == "relu6" else y


def conv():
    for n in range(60):
        dtype = FLOATS[n % 4] if n % 3 == 0 else "float32"
        h, w, kh, kw = (int(v) for v in RNG.integers(1, 12, 4))
        groups = int(RNG.choice([1, 1, 1, 2, 3]))
        cin, cout = groups * int(RNG.integers(1, 5)), groups * int(RNG.integers(1, 6))
        s, d = ([int(v) for v in RNG.integers(1, 4, 2)], [1, 1])
        if n % 4 == 1:
            s, d = [1, 1], [int(v) for v in RNG.integers(1, 4, 2)]
        kh, kw = min(kh, 5), min(kw, 5)
        padding = str(RNG.choice(["same", "valid", "explicit"]))
        pads = [int(v) for v in RNG.integers(0, 3, 4)]
        if padding == "valid":
            h, w = max(h, (kh - 1) * d[0] + 1), max(w, (kw - 1) * d[1] + 1)
        if padding == "explicit":
            h, w = max(h, (kh - 1) * d[0] + 1 - pads[0] - pads[1]), max(w, (kw - 1) * d[1] + 1 - pads[2] - pads[3])
        x, f = draw((2, h, w, cin), dtype), draw((kh, kw, cin // groups, cout), dtype)
        bias = draw((cout,), dtype) if n % 2 else None
        activation = ["none", "relu", "relu6"][n % 3]
        how = [[0, 0], pads[:2], pads[2:], [0, 0]] if padding == "explicit" else padding.upper()
        parts = []
        for g in range(groups):
            xs = tf.constant(x[..., g * (cin // groups):(g + 1) * (cin // groups)].astype(np.float32))
            fs = tf.constant(f[..., g * (cout // groups):(g + 1) * (cout // groups)].astype(np.float32))
            parts.append(tf.nn.conv2d(xs, fs, s, how, dilations=d))
        y = tf.concat(parts, -1)
        y = activate(y + bias.astype(np.float32) if bias is not None else y, activation).numpy()
        check("conv2d", [x, f, bias], y.astype(x.dtype),
              f'strides = {ints(s)}, dilations = {ints(d)}, padding = "{padding}", pads = {ints(pads)}, groups = {groups}, activation = "{activation}"',
              slack=20 if dtype != "float64" else 1e7)
    for n in range(30):
        h, w = (int(v) for v in RNG.integers(5, 12, 2))
        k = [int(v) for v in RNG.integers(1, 4, 2)]
        c, m = int(RNG.integers(1, 6)), int(RNG.integers(1, 4))
        s = int(RNG.integers(1, 4))
        d = [1, 1] if n % 2 else [2, 2]
        s = s if n % 2 else 1
        padding = str(RNG.choice(["same", "valid"]))
        x, f, bias = draw((2, h, w, c)), draw((k[0], k[1], c, m)), draw((c * m,))
        y = activate(tf.nn.depthwise_conv2d(x, f, [1, s, s, 1], padding.upper(), dilations=d) + bias, "relu").numpy()
        check("depthwise_conv2d", [x, f, bias], y, f'strides = {ints([s, s])}, dilations = {ints(d)}, padding = "{padding}", activation = "relu"', slack=20)
    for n in range(30):
        h, w = (int(v) for v in RNG.integers(1, 7, 2))
        k = [int(v) for v in RNG.integers(1, 5, 2)]
        cin, cout = (int(v) for v in RNG.integers(1, 5, 2))
        s = [int(v) for v in RNG.integers(1, 4, 2)]
        padding = str(RNG.choice(["same", "valid"]))
        if padding == "same":
            size = [h * s[0] - int(RNG.integers(0, s[0])), w * s[1] - int(RNG.integers(0, s[1]))]
        else:
            size = [(h - 1) * s[0] + k[0] + int(RNG.integers(0, s[0])), (w - 1) * s[1] + k[1] + int(RNG.integers(0, s[1]))]
        x, f = draw((2, h, w, cin)), draw((k[0], k[1], cout, cin))
        bias = draw((cout,)) if n % 2 else None
        y = tf.nn.conv2d_transpose(x, f, [2] + size + [cout], s, padding.upper())
        y = (y + bias if bias is not None else y).numpy()
        check("conv2d_transpose", [x, f, bias], y, f'strides = {ints(s)}, padding = "{padding}", output_size = {dims(size)}', slack=20)
    for n in range(12):
        x, f = draw((1, 5, 6, 4, 3)), draw((2, 3, 2, 3, 4))
        s = [int(v) for v in RNG.integers(1, 3, 3)]
        padding = str(RNG.choice(["same", "valid"]))
        y = tf.nn.conv3d(x, f, [1] + s + [1], padding.upper()).numpy()
        check("conv3d", [x, f, None], y, f'strides = {ints(s)}, padding = "{padding}"', slack=20)


def pool():
    for n in range(40):
        dtype = FLOATS[n % 4]
        h, w = (int(v) for v in RNG.integers(4, 12, 2))
        k = [int(v) for v in RNG.integers(1, 5, 2)]
        s = [int(v) for v in RNG.integers(1, 4, 2)]
        padding = str(RNG.choice(["same", "valid"]))
        x = draw((2, h, w, 3), dtype)
        attrs = f'window = {ints(k)}, strides = {ints(s)}, padding = "{padding}"'
        y = tf.nn.max_pool2d(tf.constant(x if dtype == "float64" else x.astype(np.float32)), k, s, padding.upper()).numpy().astype(x.dtype)
        check("max_pool2d", [x], y, attrs)
        y = tf.nn.avg_pool2d(x.astype(np.float32), k, s, padding.upper()).numpy().astype(x.dtype)
        check("avg_pool2d", [x], y, attrs, slack=4 if dtype != "float64" else 1e6)
    for n in range(8):
        x = draw((2, 5, 6, 7, 2))
        padding = str(RNG.choice(["same", "valid"]))
        attrs = f'window = [2, 3, 2], strides = [2, 2, 1], padding = "{padding}"'
        check("max_pool3d", [x], tf.nn.max_pool3d(x, [2, 3, 2], [2, 2, 1], padding.upper()).numpy(), attrs)
        check("avg_pool3d", [x], tf.nn.avg_pool3d(x, [2, 3, 2], [2, 2, 1], padding.upper()).numpy(), attrs, slack=4)
    x = draw((1, 4, 5, 1), "int32")
    check("max_pool2d", [x], tf.nn.max_pool2d(tf.constant(x), 2, 2, "VALID").numpy(), 'window = [2, 2], strides = [2, 2], padding = "valid"')


def softmax_resize():
    for dtype in FLOATS:
        for shape, axis in [((7,), 0), ((3, 5), -1), ((3, 5), 0), ((2, 3, 4), 1), ((2, 1000), 1)]:
            x = draw(shape, dtype, -8, 8)
            check("softmax", [x], wide(lambda v: tf.nn.softmax(v, axis))(x), f"axis = {axis}", slack=2)
            check("log_softmax", [x], wide(lambda v: tf.nn.log_softmax(v, axis))(x), f"axis = {axis}", slack=4)
    hot = np.array([[1e30, 0, -np.inf], [-1e9, -1e9, -1e9]], np.float32)
    check("softmax", [hot], tfn(tf.nn.softmax, hot), "axis = 1")
    raw, v1 = tf.raw_ops, tf.compat.v1.image
    for n in range(24):
        h, w, oh, ow = (int(v) for v in RNG.integers(1, 12, 4))
        x = draw((2, h, w, 3))
        size = f"size = {dims([oh, ow])}"
        check("resize", [x], tf.image.resize(x, [oh, ow], "nearest").numpy(), f'method = "nearest", {size}')
        check("resize", [x], tf.image.resize(x, [oh, ow], "bilinear").numpy(), f'method = "bilinear", {size}', slack=4)
        check("resize", [x], tf.image.resize(x, [oh, ow], "bicubic").numpy(), f'method = "bicubic", {size}', slack=8)
        check("resize", [x], tf.image.resize(x, [oh, ow], "area").numpy(), f'method = "area", {size}, half_pixel = false', slack=20)
        for method in ("lanczos3", "lanczos5", "gaussian", "mitchellcubic"):
            check("resize", [x], tf.image.resize(x, [oh, ow], method).numpy(), f'method = "{method}", {size}', slack=40)
        for method in ("bilinear", "bicubic", "lanczos3"):
            check("resize", [x], tf.image.resize(x, [oh, ow], method, antialias=True).numpy(), f'method = "{method}", {size}, antialias = true', slack=40)
        for align in (False, True):
            flags = f"align_corners = {str(align).lower()}, half_pixel = false"
            check("resize", [x], v1.resize_nearest_neighbor(x, [oh, ow], align_corners=align).numpy(), f'method = "nearest", {size}, {flags}')
            check("resize", [x], v1.resize_bilinear(x, [oh, ow], align_corners=align).numpy(), f'method = "bilinear", {size}, {flags}', slack=4)
            check("resize", [x], v1.resize_bicubic(x, [oh, ow], align_corners=align).numpy(), f'method = "bicubic", {size}, {flags}', slack=8)
    x = draw((1, 3, 4, 2), "uint8")
    check("resize", [x], tf.image.resize(x, [5, 7], "nearest").numpy(), 'method = "nearest", size = (5, 7)')


GROUPS = [unary, binary, compare, select_cast, reduce, layout, index, matmul, conv, pool, softmax_resize]


if __name__ == "__main__":
    sys.exit(run(GROUPS, sys.argv[1:]))
