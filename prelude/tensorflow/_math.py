"""Elementwise functions and reductions of TensorFlow (`tf.*`, `tf.math.*`)."""
import math

from keras.src import dtypes
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import nn as knn
from keras.src.ops import reduce as red
from keras.src.ops import scatter as sc
from keras.src.ops import shape as sh
from keras.src.tensor import (cast as _cast, const_value, dims, divide_strict, dtype_of, op, refuse, reshape as _reshape, static_shape, to_int, to_tensor)
from tensorflow._dtypes import floating, tensor, together
from keras.src.tree import is_sequence


def _unary(name, cell, any_type=False):
    def function(x, name=None):
        return op(cell, [tensor(x) if any_type else floating(x)])

    function.__name__ = name
    return function


exp, log, log1p, expm1, sqrt, rsqrt, erf, erfinv, lgamma, digamma = [_unary(n, n) for n in (
    "exp", "log", "log1p", "expm1", "sqrt", "rsqrt", "erf", "erfinv", "lgamma", "digamma")]
sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh = [_unary(n, n) for n in (
    "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh")]
sigmoid, softplus, reciprocal = _unary("sigmoid", "sigmoid"), _unary("softplus", "softplus"), _unary("reciprocal", "reciprocal")
is_nan, is_inf, is_finite = _unary("is_nan", "is_nan"), _unary("is_inf", "is_inf"), _unary("is_finite", "is_finite")
abs, negative, sign, square = [_unary(n, c, True) for n, c in (("abs", "abs"), ("negative", "neg"), ("sign", "sign"), ("square", "square"))]
floor, ceil = _unary("floor", "floor"), _unary("ceil", "ceil")


def round(x, name=None):
    x = tensor(x)
    return x if dtype_of(x) not in dtypes.FLOATS else op("round", [x])


rint = round


def erfc(x, name=None):
    return 1.0 - op("erf", [floating(x)])


def log_sigmoid(x, name=None):
    return knn.log_sigmoid(floating(x))


def _binary(name, cell):
    def function(x, y, name=None):
        return op(cell, together(x, y))

    function.__name__ = name
    return function


add, subtract, multiply, pow, maximum, minimum, atan2, squared_difference = [_binary(n, c) for n, c in (
    ("add", "add"), ("subtract", "sub"), ("multiply", "mul"), ("pow", "pow"), ("maximum", "max"), ("minimum", "min"), ("atan2", "atan2"),
    ("squared_difference", "squared_difference"))]
floordiv, mod, floormod = _binary("floordiv", "floordiv"), _binary("mod", "mod"), _binary("floormod", "mod")
greater, greater_equal, less, less_equal, equal, not_equal = [_binary(n, n) for n in (
    "greater", "greater_equal", "less", "less_equal", "equal", "not_equal")]
logical_and, logical_or, logical_xor = [_binary(n, n) for n in ("logical_and", "logical_or", "logical_xor")]
bitwise_and, bitwise_or, bitwise_xor, left_shift, right_shift = [_binary(n, n) for n in (
    "bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift")]
floor_div = floordiv


def invert(x, name=None):
    return op("bitwise_not", [tensor(x)])


def logical_not(x, name=None):
    return op("logical_not", [tensor(x, "bool")])


def divide(x, y, name=None):
    return divide_strict(*together(x, y))


truediv = divide


def divide_no_nan(x, y, name=None):
    return el.divide_no_nan(*together(x, y))


def multiply_no_nan(x, y, name=None):
    x, y = together(x, y)
    return el.where(el.equal(y, 0), el.multiply(y, 0), el.multiply(x, y))


def xlogy(x, y, name=None):
    x, y = together(x, y)
    zero = el.equal(x, 0)
    return el.where(zero, 0.0, el.multiply(x, el.log(el.where(zero, 1.0, y))))


def truncatemod(x, y, name=None):
    return el.fmod(*together(x, y))


def add_n(inputs, name=None):
    values = [tensor(v) for v in inputs] if is_sequence(inputs) else [tensor(inputs)]
    total = values[0]
    for v in values[1:]:
        total = op("add", together(total, v))
    return total


accumulate_n = add_n


def clip_by_value(t, clip_value_min, clip_value_max, name=None):
    t = tensor(t)
    low, high = together(t, clip_value_min)[1], together(t, clip_value_max)[1]
    return op("max", [op("min", [t, high]), low])


def clip_by_norm(t, clip_norm, axes=None, name=None):
    t = floating(t)
    power = red._reduce("reduce_sum", op("square", [t]), axes, True)
    size = el.sqrt(power)
    return op("div", [op("mul", [t, together(t, clip_norm)[1]]), el.maximum(size, clip_norm)])


def _axis(axis, legacy):
    return legacy if axis is None and legacy is not None else axis


def _reduction(name, cell, kind="any"):
    def function(input_tensor, axis=None, keepdims=False, name=None, reduction_indices=None, keep_dims=None):
        x = tensor(input_tensor, "bool") if kind == "bool" else tensor(input_tensor)
        return red._reduce(cell, x, _axis(axis, reduction_indices), keepdims if keep_dims is None else keep_dims)

    function.__name__ = name
    return function


reduce_sum, reduce_max, reduce_min, reduce_prod = [_reduction(f"reduce_{n}", f"reduce_{n}") for n in ("sum", "max", "min", "prod")]
reduce_any, reduce_all = _reduction("reduce_any", "reduce_any", "bool"), _reduction("reduce_all", "reduce_all", "bool")


def reduce_mean(input_tensor, axis=None, keepdims=False, name=None, keep_dims=None):
    x = tensor(input_tensor)
    keepdims = keepdims if keep_dims is None else keep_dims
    if dtype_of(x) in dtypes.SIGNED + dtypes.UNSIGNED:
        # TensorFlow's integer mean truncates.
        wide = red._reduce("reduce_mean", _cast(x, "float32"), axis, keepdims)
        return _cast(wide, dtype_of(x))
    return red._reduce("reduce_mean", x, axis, keepdims)


def reduce_variance(input_tensor, axis=None, keepdims=False, name=None):
    return red.var(floating(input_tensor), axis, keepdims)


def reduce_std(input_tensor, axis=None, keepdims=False, name=None):
    return red.std(floating(input_tensor), axis, keepdims)


def reduce_logsumexp(input_tensor, axis=None, keepdims=False, name=None):
    return red.logsumexp(floating(input_tensor), axis, keepdims)


def reduce_euclidean_norm(input_tensor, axis=None, keepdims=False, name=None):
    return op("sqrt", [red._reduce("reduce_sum", op("square", [floating(input_tensor)]), axis, keepdims)])


def count_nonzero(input, axis=None, keepdims=None, dtype="int64", name=None):
    x = tensor(input)
    hits = x if dtype_of(x) == "bool" else el.not_equal(x, 0)
    return red._reduce("reduce_sum", _cast(hits, dtypes.standardize_dtype(dtype)), axis, bool(keepdims))


def _arg(cell):
    def function(input, axis=None, output_type="int64", name=None, dimension=None):
        x = tensor(input)
        axis = 0 if axis is None and dimension is None else _axis(axis, dimension)
        x = _cast(x, "int32") if dtype_of(x) == "bool" else x
        return op(cell, [x], axis=red.normalize_axis(axis, len(static_shape(x))), keepdims=False, to=dtypes.standardize_dtype(output_type))

    return function


argmax, argmin = _arg("argmax"), _arg("argmin")


def cumsum(x, axis=0, exclusive=False, reverse=False, name=None):
    x = tensor(x)
    return op("cumsum", [x], axis=red.normalize_axis(axis, len(static_shape(x))), exclusive=exclusive, reverse=reverse)


def cumprod(x, axis=0, exclusive=False, reverse=False, name=None):
    x = tensor(x)
    return op("cumprod", [x], axis=red.normalize_axis(axis, len(static_shape(x))), exclusive=exclusive, reverse=reverse)


def top_k(input, k=1, sorted=True, index_type="int32", name=None):
    values, indices = op("top_k", [tensor(input)], k=to_int(k, "top_k's k"), sorted=bool(sorted))
    return TopK(values, indices)


class TopK(tuple):
    """`values` and `indices` by name and by place."""

    def __new__(cls, values, indices):
        return tuple.__new__(cls, (values, indices))

    @property
    def values(self):
        return self[0]

    @property
    def indices(self):
        return self[1]


def in_top_k(targets, predictions, k, name=None):
    return red.in_top_k(targets, predictions, k)


def l2_normalize(x, axis=None, epsilon=1e-12, name=None, dim=None):
    x = floating(x)
    power = red._reduce("reduce_sum", op("square", [x]), _axis(axis, dim), True)
    return op("mul", [x, op("rsqrt", [el.maximum(power, epsilon)])])


def segment_sum(data, segment_ids, name=None):
    return sc.segment_sum(data, segment_ids)


def segment_max(data, segment_ids, name=None):
    return sc.segment_max(data, segment_ids)


def segment_mean(data, segment_ids, name=None):
    return unsorted_segment_mean(data, segment_ids, int(_count(segment_ids)))


def _count(segment_ids):
    value = const_value(segment_ids)
    if value is None:
        refuse("segment_mean", "the number of segments depends on the values")
    return int(value.max()) + 1


def unsorted_segment_sum(data, segment_ids, num_segments, name=None):
    data, segment_ids = tensor(data), tensor(segment_ids)
    extra = len(static_shape(segment_ids)) - 1
    if extra:
        sizes = dims(data)[extra + 1:]
        data = _reshape(data, [-1] + list(sizes))
        segment_ids = _reshape(segment_ids, [-1])
    return sc.segment_sum(data, segment_ids, num_segments)


def unsorted_segment_max(data, segment_ids, num_segments, name=None):
    return sc.segment_max(data, segment_ids, num_segments)


def unsorted_segment_min(data, segment_ids, num_segments, name=None):
    return op("neg", [sc.segment_max(op("neg", [tensor(data)]), segment_ids, num_segments)])


def unsorted_segment_mean(data, segment_ids, num_segments, name=None):
    data = tensor(data)
    total = sc.segment_sum(data, segment_ids, num_segments)
    count = sc.segment_sum(cr.ones_like(data), segment_ids, num_segments)
    return op("div", [total, el.maximum(count, 1.0)])


def bincount(arr, weights=None, minlength=None, maxlength=None, dtype="int32", name=None, axis=None, binary_output=False):
    return red.bincount(arr, weights, minlength or maxlength or 0)


def confusion_matrix(*args, **kwargs):
    raise NotImplementedError("tf.math.confusion_matrix")


def polyval(coeffs, x, name=None):
    total = tensor(coeffs[0])
    for c in coeffs[1:]:
        total = el.add(c, el.multiply(total, x))
    return total


def complex(real, imag, name=None):
    return op("complex", list(together(real, imag)))


def real(input, name=None):
    return el.real(tensor(input))


def imag(input, name=None):
    return el.imag(tensor(input))


def conj(x, name=None):
    return el.conj(tensor(x))


def angle(input, name=None):
    return el.angle(tensor(input))


def sobel_edges(image):
    raise NotImplementedError("tf.image.sobel_edges")


def approx_max_k(operand, k, **kwargs):
    return tuple(top_k(operand, k))


def zero_fraction(value, name=None):
    return red.mean(_cast(el.equal(value, 0), "float32"))


def cumulative_logsumexp(x, axis=0, exclusive=False, reverse=False, name=None):
    """log of the running sum of exp(x), shifted by the greatest element of the whole axis: exact where the spread is moderate."""
    x = to_tensor(x)
    axis = red.normalize_axis(axis, len(static_shape(x)))
    if dtype_of(x) not in ("float32", "float64"):
        refuse("tf.math.cumulative_logsumexp", "it is supported for float32 and float64")
    wide = _cast(x, "float64")
    top = op("reduce_max", [wide], axes=[axis], keepdims=True)
    total = op("cumsum", [op("exp", [op("sub", [wide, top])])], axis=axis, exclusive=bool(exclusive), reverse=bool(reverse))
    return _cast(op("add", [op("log", [total]), top]), dtype_of(x))


def grad_pass_through(f):
    """The function itself: its gradient has no meaning at inference."""
    return lambda *args, **kwargs: f(*args, **kwargs)


def bessel_i0e(x, name=None):
    """exp(-|x|) times the modified Bessel function of order 0."""
    from keras.src.ops import special
    x = to_tensor(x)
    return op("mul", [op("exp", [op("neg", [op("abs", [x])])]), special.i0(x)])


realdiv = divide


def truncatediv(x, y, name=None):
    x, y = together(x, y)
    return op("floordiv", [op("sub", [x, el.fmod(x, y)]), y])


def scalar_mul(scalar, x, name=None):
    return op("mul", together(x, scalar))


def reciprocal_no_nan(x, name=None):
    x = floating(x)
    return el.divide_no_nan(cr.ones_like(x), x)


def _with_log(of):
    """0 where x is 0, also where the other factor is infinite."""

    def function(x, y, name=None):
        x, y = together(x, y)
        zero = el.equal(x, 0)
        return el.where(zero, cr.zeros_like(x), of(x, el.where(zero, cr.ones_like(y), y)))

    return function


xdivy, xlog1py = _with_log(el.divide), _with_log(lambda x, y: el.multiply(x, el.log1p(y)))


def ndtri(p, name=None):
    return el.multiply(op("erfinv", [el.subtract(el.multiply(floating(p), 2.0), 1.0)]), math.sqrt(2.0))


def erfcinv(x, name=None):
    return op("erfinv", [el.subtract(1.0, floating(x))])


def lbeta(x, name=None):
    x = floating(x)
    return el.subtract(red.sum(op("lgamma", [x]), axis=-1), op("lgamma", [red.sum(x, axis=-1)]))


def invert_permutation(x, name=None):
    x = tensor(x)
    return op("scatter_nd", [sh.expand_dims(x, 1), cr.arange(static_shape(x)[0], dtype=dtype_of(x))], shape=list(dims(x)))


def is_non_decreasing(x, name=None):
    flat = _reshape(tensor(x), [-1])
    return op("reduce_all", [op("less_equal", [flat[:-1], flat[1:]])], axes=[0], keepdims=False)


def is_strictly_increasing(x, name=None):
    flat = _reshape(tensor(x), [-1])
    return op("reduce_all", [op("less", [flat[:-1], flat[1:]])], axes=[0], keepdims=False)


def segment_min(data, segment_ids, name=None):
    return sc.segment_min(data, segment_ids)


def segment_prod(data, segment_ids, name=None):
    return sc.segment_prod(data, segment_ids)


def unsorted_segment_prod(data, segment_ids, num_segments, name=None):
    return sc.segment_prod(data, segment_ids, num_segments)


def unsorted_segment_sqrt_n(data, segment_ids, num_segments, name=None):
    data = tensor(data)
    count = sc.segment_sum(cr.ones_like(data), segment_ids, num_segments)
    return op("div", [sc.segment_sum(data, segment_ids, num_segments), el.sqrt(el.maximum(count, 1.0))])


def clip_by_global_norm(t_list, clip_norm, use_norm=None, name=None):
    tensors = [None if t is None else floating(t) for t in t_list]
    if use_norm is None:
        use_norm = el.sqrt(add_n([red.sum(el.square(t)) for t in tensors if t is not None]))
    factor = el.multiply(clip_norm, el.minimum(el.divide(1.0, use_norm), el.divide(1.0, clip_norm)))
    return [None if t is None else op("mul", together(t, factor)) for t in tensors], use_norm
