"""Elementwise functions of `keras.ops`."""
import math

import _kedge
import numpy as np
from keras.src import dtypes
from keras.src.tensor import Tensor, cast, dims, dtype_of, op, refuse, static_shape, to_tensor


def weak_or_tensor(x):
    """Python numbers stay as they are (they adapt to the other operand); everything else becomes a tensor."""
    if isinstance(x, (bool, int, float)) and not isinstance(x, np.generic):
        return x
    return to_tensor(x)


def kind_of(x):
    return dtype_of(x) if isinstance(x, Tensor) else type(x)


def promoted(*values, floating=False):
    """The operands as tensors of Keras' common dtype."""
    values = [weak_or_tensor(v) for v in values]
    dtype = dtypes.result_type(*[kind_of(v) for v in values])
    if floating:
        dtype = dtypes.as_float(dtype)
    return [to_tensor(v, dtype) for v in values]


def _float(x):
    x = to_tensor(x)
    return cast(x, dtypes.as_float(dtype_of(x)))


def _float_function(name):
    def function(x):
        return op(name, [_float(x)])

    function.__name__ = name
    return function


exp, log, log1p, expm1, sqrt, rsqrt = [_float_function(n) for n in ("exp", "log", "log1p", "expm1", "sqrt", "rsqrt")]
sin, cos, tan, arcsin, arccos, arctan = [_float_function(n) for n in ("sin", "cos", "tan", "asin", "acos", "atan")]
sinh, cosh, tanh, arcsinh, arccosh, arctanh = [_float_function(n) for n in ("sinh", "cosh", "tanh", "asinh", "acosh", "atanh")]
erf = _float_function("erf")
sigmoid = _float_function("sigmoid")


def exp2(x):
    return exp(multiply(_float(x), math.log(2.0)))


def log2(x):
    x = _float(x)
    return op("div", [op("log", [x]), to_tensor(math.log(2.0), dtype_of(x))])


def log10(x):
    x = _float(x)
    return op("div", [op("log", [x]), to_tensor(math.log(10.0), dtype_of(x))])


def erfc(x):
    x = _float(x)
    return op("sub", [to_tensor(1, dtype_of(x)), op("erf", [x])])


def isreal(x):
    x = to_tensor(x)
    if _is_complex(x):
        return equal(op("imag", [x]), 0)
    return op("broadcast_to", [to_tensor(True)], shape=dims(x))


def ldexp(x1, x2):
    a, b = promoted(x1, x2, floating=True)
    return op("mul", [a, op("pow", [to_tensor(2.0, dtype_of(a)), b])])


def allclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    close = isclose(x1, x2, rtol, atol, equal_nan)
    return op("reduce_all", [close], axes=list(range(len(static_shape(close)))), keepdims=False) if static_shape(close) else close


def erfinv(x):
    return op("erfinv", [_float(x)])


def absolute(x):
    x = to_tensor(x)
    return x if dtype_of(x) == "bool" else op("abs", [x])


abs = absolute


def fabs(x):
    return op("abs", [_float(x)])


def negative(x):
    return op("neg", [to_tensor(x)])


def sign(x):
    x = to_tensor(x)
    return op("sign", [x])


def signbit(x):
    return op("less", promoted(x, 0))


def square(x):
    x = to_tensor(x)
    return op("square", [cast(x, "int32") if dtype_of(x) == "bool" else x])


def cbrt(x):
    x = _float(x)
    return op("mul", [op("sign", [x]), op("pow", [op("abs", [x]), to_tensor(1.0 / 3.0, dtype_of(x))])])


def reciprocal(x):
    return op("reciprocal", [_float(x)])


def _rounding(name):
    def function(x):
        x = to_tensor(x)
        if dtype_of(x) not in dtypes.FLOATS:
            x = cast(x, dtypes.floatx())
        return op(name, [x])

    function.__name__ = name
    return function


floor, ceil = _rounding("floor"), _rounding("ceil")


def trunc(x):
    x = to_tensor(x)
    if dtype_of(x) not in dtypes.FLOATS:
        return x
    return op("select", [op("less", [x, to_tensor(0, dtype_of(x))]), op("ceil", [x]), op("floor", [x])])


fix = trunc


def round(x, decimals=0):
    x = to_tensor(x)
    if dtype_of(x) not in dtypes.FLOATS:
        if decimals >= 0:
            return x
        x = cast(x, dtypes.floatx())
    if decimals == 0:
        return op("round", [x])
    factor = to_tensor(10.0 ** decimals, dtype_of(x))
    return op("div", [op("round", [op("mul", [x, factor])]), factor])


rint = round


def isnan(x):
    return op("is_nan", [_float(x)])


def isinf(x):
    return op("is_inf", [_float(x)])


def isfinite(x):
    return op("is_finite", [_float(x)])


def isposinf(x):
    x = _float(x)
    return op("equal", [x, to_tensor(math.inf, dtype_of(x))])


def isneginf(x):
    x = _float(x)
    return op("equal", [x, to_tensor(-math.inf, dtype_of(x))])


def nan_to_num(x, nan=0.0, posinf=None, neginf=None):
    x = to_tensor(x)
    name = dtype_of(x)
    if name not in dtypes.FLOATS:
        return x
    limits = np.finfo(np.dtype("float32" if name == "bfloat16" else name))
    y = op("select", [op("is_nan", [x]), to_tensor(nan, name), x])
    y = op("select", [isposinf(x), to_tensor(float(limits.max) if posinf is None else posinf, name), y])
    return op("select", [isneginf(x), to_tensor(float(limits.min) if neginf is None else neginf, name), y])


def logical_not(x):
    return op("logical_not", [cast(to_tensor(x), "bool")])


def _logical(name):
    def function(x1, x2):
        return op(name, [cast(to_tensor(x1), "bool"), cast(to_tensor(x2), "bool")])

    function.__name__ = name
    return function


logical_and, logical_or, logical_xor = _logical("logical_and"), _logical("logical_or"), _logical("logical_xor")


def _binary(name, public_name):
    def function(x1, x2):
        return op(name, promoted(x1, x2))

    function.__name__ = public_name
    return function


add = _binary("add", "add")
maximum = _binary("max", "maximum")
minimum = _binary("min", "minimum")
equal, not_equal, less, less_equal, greater, greater_equal = [
    _binary(n, n) for n in ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")]
bitwise_and, bitwise_or, bitwise_xor = [_binary(n, n) for n in ("bitwise_and", "bitwise_or", "bitwise_xor")]
left_shift, right_shift = _binary("left_shift", "left_shift"), _binary("right_shift", "right_shift")
bitwise_left_shift, bitwise_right_shift = left_shift, right_shift
fmax, fmin = maximum, minimum


def add(x1, x2):
    a, b = promoted(x1, x2)
    return op("logical_or" if dtype_of(a) == "bool" else "add", [a, _as_bias(a, b)])


def _as_bias(x, b):
    """Where Keras reads the second operand of `add` as a bias: a vector (with any axes of size 1) as long as the last axis or axis 1 of `x`.

    It then lies along that axis, the last one first, wherever broadcasting would have put it. With sizes that are not known yet it is
    broadcast; a note says that the sizes may matter.
    """
    shape, other = static_shape(x), static_shape(b)
    rank = len(shape)
    wide = [i for i, d in enumerate(other) if d != 1]
    if rank < 2 or not wide or len(wide) > 2:
        return b
    fixed = [i for i in wide if other[i] is not None]
    if len(wide) == 2 and len(fixed) != 1:
        return b
    place = fixed[0] if fixed else wide[0]
    natural = place + rank - len(other)
    if natural == rank - 1 and len(other) <= rank:
        return b
    size = other[place]
    if len(wide) == 2 or size is None or (shape[-1] is None and shape[1] == size):
        if len(wide) == 1 or size in (shape[1], shape[-1]):
            _kedge.note("open_sizes")
        return b
    if size not in (shape[1], shape[-1]):
        return b
    axis = rank - 1 if shape[-1] == size else 1
    if axis == natural and len(other) <= rank:
        return b
    return op("reshape", [b], shape=[size if i == axis else 1 for i in range(rank)])


def subtract(x1, x2):
    a, b = promoted(x1, x2)
    if dtype_of(a) == "bool":
        a, b = cast(a, "int32"), cast(b, "int32")
    return op("sub", [a, b])


def multiply(x1, x2):
    a, b = promoted(x1, x2)
    return op("logical_and" if dtype_of(a) == "bool" else "mul", [a, b])


def divide(x1, x2):
    return op("div", promoted(x1, x2, floating=True))


true_divide = divide


def divide_no_nan(x1, x2):
    a, b = promoted(x1, x2, floating=True)
    zero = to_tensor(0, dtype_of(b))
    is_zero = op("equal", [b, zero])
    safe = op("select", [is_zero, to_tensor(1, dtype_of(b)), b])
    return op("select", [is_zero, zero, op("div", [a, safe])])


def floor_divide(x1, x2):
    a, b = promoted(x1, x2)
    if dtype_of(a) == "bool":
        a, b = cast(a, "int32"), cast(b, "int32")
    return op("floordiv", [a, b])


def mod(x1, x2):
    a, b = promoted(x1, x2)
    if dtype_of(a) == "bool":
        a, b = cast(a, "int32"), cast(b, "int32")
    return op("mod", [a, b])


def fmod(x1, x2):
    a, b = promoted(x1, x2)
    rest = op("mod", [op("abs", [a]), op("abs", [b])])
    return op("mul", [rest, op("sign", [a])])


def power(x1, x2):
    a, b = promoted(x1, x2)
    if dtype_of(a) == "bool":
        a, b = cast(a, "int32"), cast(b, "int32")
    return op("pow", [a, b])


def arctan2(x1, x2):
    return op("atan2", promoted(x1, x2, floating=True))


def squared_difference(x1, x2):
    return op("squared_difference", promoted(x1, x2))


def logaddexp(x1, x2):
    a, b = promoted(x1, x2, floating=True)
    delta = op("sub", [a, b])
    smooth = op("add", [op("max", [a, b]), op("log1p", [op("exp", [op("neg", [op("abs", [delta])])])])])
    return op("select", [op("is_nan", [delta]), op("add", [a, b]), smooth])


def logaddexp2(x1, x2):
    a, b = promoted(x1, x2, floating=True)
    two = math.log(2.0)
    return divide(logaddexp(multiply(a, two), multiply(b, two)), two)


def hypot(x1, x2):
    a, b = promoted(x1, x2, floating=True)
    return op("sqrt", [op("add", [op("square", [a]), op("square", [b])])])


def bitwise_not(x):
    x = to_tensor(x)
    return op("logical_not" if dtype_of(x) == "bool" else "bitwise_not", [x])


bitwise_invert = bitwise_not


def deg2rad(x):
    return multiply(_float(x), math.pi / 180.0)


def rad2deg(x):
    return multiply(_float(x), 180.0 / math.pi)


def sinc(x):
    x = _float(x)
    scaled = multiply(x, math.pi)
    zero = op("equal", [x, to_tensor(0, dtype_of(x))])
    safe = op("select", [zero, to_tensor(1, dtype_of(x)), scaled])
    return op("select", [zero, to_tensor(1, dtype_of(x)), op("div", [op("sin", [safe]), safe])])


def heaviside(x1, x2):
    a, b = promoted(x1, x2, floating=True)
    zero, one = to_tensor(0, dtype_of(a)), to_tensor(1, dtype_of(a))
    step = op("select", [op("less", [a, zero]), zero, one])
    return op("select", [op("equal", [a, zero]), b, step])


def copysign(x1, x2):
    a, b = promoted(x1, x2, floating=True)
    size = op("abs", [a])
    return op("select", [op("less", [b, to_tensor(0, dtype_of(b))]), op("neg", [size]), size])


def clip(x, x_min, x_max):
    x = to_tensor(x)
    if dtype_of(x) == "bool":
        x = cast(x, "int32")
    bounds = [("max", x_min), ("min", x_max)]
    if not (isinstance(x_min, (int, float)) and isinstance(x_max, (int, float)) and x_min <= x_max):
        bounds.reverse()  # of bounds that may cross the lower one holds (TensorFlow; NumPy lets the upper one hold)
    for bound, value in bounds:
        if value is not None:
            x = op(bound, [x, to_tensor(value, dtype_of(x))])
    return x


def where(condition, x1=None, x2=None):
    condition = cast(to_tensor(condition), "bool")
    if x1 is None and x2 is None:
        refuse("where(condition)", "the number of results depends on the values; use where(condition, a, b)")
    a, b = promoted(x1, x2)
    return op("select", [condition, a, b])


def isclose(x1, x2, rtol=1e-5, atol=1e-8, equal_nan=False):
    a, b = promoted(x1, x2, floating=True)
    bound = add(multiply(op("abs", [b]), rtol), atol)
    return op("less_equal", [op("abs", [op("sub", [a, b])]), bound])


def _is_complex(x):
    return dtype_of(x) in ("complex64", "complex128")


def real(x):
    x = to_tensor(x)
    return op("real", [x]) if _is_complex(x) else x


def imag(x):
    x = to_tensor(x)
    return op("imag", [x]) if _is_complex(x) else op("mul", [x, to_tensor(0, dtype_of(x))])


def conj(x):
    x = to_tensor(x)
    return op("complex", [op("real", [x]), op("neg", [op("imag", [x])])]) if _is_complex(x) else x


conjugate = conj


def angle(x):
    x = to_tensor(x)
    if _is_complex(x):
        return op("atan2", [op("imag", [x]), op("real", [x])])
    return where(less(x, 0), math.pi, 0.0)


def nextafter(x1, x2):
    """Keras takes the step in float64 and rounds back: a float32 stays what it is."""
    a, b = promoted(x1, x2, floating=True)
    if dtype_of(a) == "float64":
        refuse("nextafter", "it inspects the bits of a float64")
    return op("select", [op("is_nan", [b]), b, a])
