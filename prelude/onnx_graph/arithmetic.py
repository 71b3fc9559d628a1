"""Elementwise operators. Operands have one element type already; broadcasting is NumPy's."""
import numpy as np
from keras.src.tensor import Tensor, cast, const_value, dims, dtype_of, op, reshape, static_shape, to_tensor
from onnx_graph.context import dtype_name, now, refuse

FLOATS = ("float32", "float64", "float16", "bfloat16")


def unary(name):
    def apply(x):
        return op(name, [to_tensor(x)])

    apply.__module__ = __name__
    return apply


for _onnx, _ir in {"Abs": "abs", "Neg": "neg", "Floor": "floor", "Ceil": "ceil", "Round": "round", "Exp": "exp", "Log": "log", "Sqrt": "sqrt",
                   "Reciprocal": "reciprocal", "Sin": "sin", "Cos": "cos", "Tan": "tan", "Asin": "asin", "Acos": "acos", "Atan": "atan", "Sinh": "sinh",
                   "Cosh": "cosh", "Tanh": "tanh", "Asinh": "asinh", "Acosh": "acosh", "Atanh": "atanh", "Erf": "erf", "Sigmoid": "sigmoid",
                   "Softplus": "softplus", "Softsign": "softsign", "IsNaN": "is_nan", "Not": "logical_not", "BitwiseNot": "bitwise_not",
                   "Relu": "relu", "Sign": "sign"}.items():
    globals()[_onnx] = unary(_ir)


def old_broadcast(a, b, axis):
    """Before opset 7 the second operand was aligned at an axis of the first."""
    if axis is None or static_shape(b) == ():
        return b
    missing = len(static_shape(a)) - axis - len(static_shape(b))
    return reshape(b, list(dims(b)) + [1] * missing)


def binary(name):
    def apply(a, b, *, axis=None, broadcast=None):
        a, b = to_tensor(a), to_tensor(b)
        return op(name, [a, old_broadcast(a, b, axis)])

    apply.__module__ = __name__
    return apply


for _onnx, _ir in {"Add": "add", "Sub": "sub", "Mul": "mul", "Equal": "equal", "Less": "less", "LessOrEqual": "less_equal", "Greater": "greater",
                   "GreaterOrEqual": "greater_equal", "And": "logical_and", "Or": "logical_or", "Xor": "logical_xor", "BitwiseAnd": "bitwise_and",
                   "BitwiseOr": "bitwise_or", "BitwiseXor": "bitwise_xor"}.items():
    globals()[_onnx] = binary(_ir)


def Div(a, b, *, axis=None, broadcast=None):
    a, b = to_tensor(a), to_tensor(b)
    return op("div" if dtype_of(a) in FLOATS else "truncdiv", [a, old_broadcast(a, b, axis)])


def Mod(a, b, *, fmod=0):
    a, b = to_tensor(a), to_tensor(b)
    if not fmod:
        return op("mod", [a, b])
    if dtype_of(a) in FLOATS:  # the rest of a division rounded towards zero
        size = op("abs", [b])
        rest = op("mod", [op("abs", [a]), size])
        return op("select", [op("less", [a, to_tensor(0, dtype_of(a))]), op("neg", [rest]), rest])
    return op("sub", [a, op("mul", [op("truncdiv", [a, b]), b])])


def Pow(a, b, *, axis=None, broadcast=None):
    a, b = to_tensor(a), to_tensor(b)
    if dtype_of(a) == dtype_of(b):
        return op("pow", [a, old_broadcast(a, b, axis)])
    wide = "float64" if "float64" in (dtype_of(a), dtype_of(b)) else "float32"
    if dtype_of(a) not in FLOATS and dtype_of(b) not in FLOATS:
        wide = "int64"
    return cast(op("pow", [cast(a, wide), cast(b, wide)]), dtype_of(a))


def BitShift(a, b, *, direction):
    return op("left_shift" if direction == "LEFT" else "right_shift", [to_tensor(a), to_tensor(b)])


def fold(name):
    def apply(*xs):
        total = to_tensor(xs[0])
        for x in xs[1:]:
            total = op(name, [total, to_tensor(x)])
        return total

    apply.__module__ = __name__
    return apply


Max, Min, Sum = fold("max"), fold("min"), fold("add")


def Mean(*xs):
    total = Sum(*xs)
    return op("div", [total, to_tensor(len(xs), dtype_of(total))])


def Where(condition, a, b):
    return op("select", [to_tensor(condition), to_tensor(a), to_tensor(b)])


def Identity(x):
    return x if isinstance(x, Tensor) else to_tensor(x)


def Cast(x, *, to, saturate=1, round_mode="up"):
    if to == 8:
        refuse("Cast", "makes texts, which are no tensors here", code="K0722")
    return cast(to_tensor(x), dtype_name(to, "Cast"))


def CastLike(x, like, *, saturate=1, round_mode="up"):
    return cast(to_tensor(x), dtype_of(to_tensor(like)))


def Clip(x, low=None, high=None, **attributes):
    x = to_tensor(x)
    low = attributes.get("min") if low is None else low
    high = attributes.get("max") if high is None else high
    if low is not None:
        x = op("max", [x, to_tensor(low, dtype_of(x))])
    return x if high is None else op("min", [x, to_tensor(high, dtype_of(x))])


def IsInf(x, *, detect_negative=1, detect_positive=1):
    x = to_tensor(x)
    found = op("is_inf", [x])
    zero = to_tensor(0, dtype_of(x))
    if not detect_negative:
        found = op("logical_and", [found, op("greater", [x, zero])])
    if not detect_positive:
        found = op("logical_and", [found, op("less", [x, zero])])
    return found


# -- activations -----------------------------------------------------------------------------------------------------

def number(value, like):
    return to_tensor(float(np.float32(value)), dtype_of(like))


def LeakyRelu(x, *, alpha=0.01):
    return op("leaky_relu", [to_tensor(x)], alpha=alpha)


def Elu(x, *, alpha=1.0):
    return op("elu", [to_tensor(x)], alpha=alpha)


def ThresholdedRelu(x, *, alpha=1.0):
    x = to_tensor(x)
    return op("select", [op("greater", [x, number(alpha, x)]), x, number(0, x)])


def Selu(x, *, alpha=1.67326319217681884765625, gamma=1.05070102214813232421875):
    x = to_tensor(x)
    return op("mul", [op("elu", [x], alpha=alpha), number(gamma, x)])


def Celu(x, *, alpha=1.0):
    x = to_tensor(x)
    low = op("mul", [op("expm1", [op("div", [op("min", [x, number(0, x)]), number(alpha, x)])]), number(alpha, x)])
    return op("add", [op("relu", [x]), low])


def PRelu(x, slope):
    x, slope = to_tensor(x), to_tensor(slope)
    if len(static_shape(slope)) == 1 and len(static_shape(x)) > 2 and now.opset < 7:
        slope = reshape(slope, [-1] + [1] * (len(static_shape(x)) - 2))
    return op("select", [op("less", [x, number(0, x)]), op("mul", [x, slope]), x])


def HardSigmoid(x, *, alpha=0.2, beta=0.5):
    x = to_tensor(x)
    y = op("add", [op("mul", [x, number(alpha, x)]), number(beta, x)])
    return op("max", [op("min", [y, number(1, x)]), number(0, x)])


def HardSwish(x):
    x = to_tensor(x)
    return op("mul", [x, HardSigmoid(x, alpha=1 / 6, beta=0.5)])


def Swish(x, *, alpha=1.0):
    x = to_tensor(x)
    return op("mul", [x, op("sigmoid", [op("mul", [x, number(alpha, x)])])])


def Mish(x):
    x = to_tensor(x)
    return op("mul", [x, op("tanh", [op("softplus", [x])])])


def Gelu(x, *, approximate="none"):
    return op("gelu", [to_tensor(x)], approximate=approximate == "tanh")


def Shrink(x, *, bias=0.0, lambd=0.5):
    x = to_tensor(x)
    kind = dtype_of(x)
    bias, edge, zero = to_tensor(bias if kind in FLOATS else int(bias), kind), to_tensor(lambd if kind in FLOATS else int(lambd), kind), to_tensor(0, kind)
    above = op("select", [op("greater", [x, edge]), op("sub", [x, bias]), zero])
    return op("select", [op("less", [x, op("neg", [edge])]), op("add", [x, bias]), above])


def Dropout(x, ratio=None, training_mode=None, *, seed=0, is_test=0, **attributes):
    training = None if training_mode is None else const_value(training_mode)
    if training_mode is not None and (training is None or bool(training)):
        rate = 0.5 if ratio is None else const_value(ratio)
        if rate is None or float(rate) != 0:
            refuse("Dropout", "in training mode is random", "export the model in inference mode")
    x = to_tensor(x)
    if now.results < 2:
        return x
    return [x, op("broadcast_to", [to_tensor(True)], shape=dims(x))]
