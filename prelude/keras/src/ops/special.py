"""Functions that are loops or series over the values."""
from keras.src import dtypes
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.ops.control import while_loop
from keras.src.tensor import cast, dtype_of, op, refuse, to_tensor

# Abramowitz and Stegun, Handbook of Mathematical Functions, 9.8.1 and 9.8.2: within 2e-7.
NEAR = (0.0045813, 0.0360768, 0.2659732, 1.2067492, 3.0899424, 3.5156229, 1.0)
FAR = (0.00392377, -0.01647633, 0.02635537, -0.02057706, 0.00916281, -0.00157565, 0.00225319, 0.01328592, 0.39894228)


def _polynomial(x, coefficients):
    total = to_tensor(coefficients[0], dtype_of(x))
    for c in coefficients[1:]:
        total = op("add", [op("mul", [total, x]), to_tensor(c, dtype_of(x))])
    return total


def i0(x):
    """The modified Bessel function of order zero."""
    x = to_tensor(x)
    dtype = "float64" if dtype_of(x) in ("int64", "float64") else dtypes.as_float(dtype_of(x))
    if dtype == "float64":
        refuse("i0", "it is approximated with the digits of float32 only")
    size = op("abs", [cast(x, "float32")])
    edge = to_tensor(3.75, "float32")
    large = op("max", [size, edge])
    near = _polynomial(op("square", [op("div", [op("min", [size, edge]), edge])]), NEAR)
    far = op("mul", [op("div", [op("exp", [large]), op("sqrt", [large])]), _polynomial(op("div", [edge, large]), FAR)])
    return cast(op("select", [op("less", [size, edge]), near, far]), dtype)


def _whole(x1, x2, name):
    a, b = el.promoted(x1, x2)
    if dtype_of(a) not in dtypes.SIGNED + dtypes.UNSIGNED:
        raise TypeError(f"{name} takes integers, not {dtype_of(a)}")
    zero = op("mul", [op("add", [a, b]), to_tensor(0, dtype_of(a))])
    return [op("abs", [op("add", [t, zero])]) if dtype_of(a) in dtypes.SIGNED else op("add", [t, zero]) for t in (a, b)]


def gcd(x1, x2):
    """Euclid's steps on all elements at once, until no remainder is left."""
    a, b = _whole(x1, x2, "gcd")
    one, zero = to_tensor(1, dtype_of(a)), to_tensor(0, dtype_of(a))

    def rest(b):
        return op("not_equal", [b, zero])

    def step(a, b):
        divisor = op("select", [rest(b), b, one])
        return op("select", [rest(b), b, a]), op("select", [rest(b), op("mod", [a, divisor]), zero])

    return while_loop(lambda a, b: red.any(rest(b)), step, (a, b))[0]


def lcm(x1, x2):
    a, b = _whole(x1, x2, "lcm")
    divisor = gcd(a, b)
    some = op("not_equal", [divisor, to_tensor(0, dtype_of(a))])
    share = op("floordiv", [b, op("select", [some, divisor, to_tensor(1, dtype_of(a))])])
    return op("mul", [a, share])
