"""Decompositions of the matrices on the last two axes, and what follows from them."""
from keras.src import dtypes
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.tensor import cast, const_value, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_tensor
from keras.src.ops.linalg import matmul_any

EPSILON = {"float32": 2.0 ** -23, "float64": 2.0 ** -52}


def _matrices(x, name, square=False):
    x = to_tensor(x)
    x = cast(x, dtypes.as_float(dtype_of(x)))
    shape = static_shape(x)
    if len(shape) < 2:
        raise ValueError(f"{name} takes matrices; the shape is {shape}")
    if square and shape[-1] != shape[-2]:
        raise ValueError(f"{name} takes square matrices; the shape is {shape}")
    return x


def transposed(x):
    axes = list(range(len(static_shape(x))))
    return op("transpose", [x], perm=axes[:-2] + [axes[-1], axes[-2]])


def _same_batch(a, b):
    """Both with one batch in front of the last two axes."""
    batch = dims(op("add", [getitem(t, (Ellipsis, slice(0, 1), slice(0, 1))) for t in (a, b)]))[:-2]
    return [op("broadcast_to", [t], shape=list(batch) + list(dims(t)[-2:])) if dims(t)[:-2] != batch else t for t in (a, b)]


def _column(a, b):
    """Right sides as columns, and the way back for one vector a matrix."""
    b = to_tensor(b, dtype_of(a))
    if len(static_shape(b)) == len(static_shape(a)) - 1:
        return reshape(b, list(dims(b)) + [1]), lambda x: reshape(x, list(dims(x))[:-1])
    return b, lambda x: x


def triangular(a, b, lower, unit_diagonal=False):
    a, b = _same_batch(a, b)
    return op("triangular_solve", [a, b], lower=lower, unit_diagonal=unit_diagonal)


def solve_triangular(a, b, lower=False):
    a = _matrices(a, "solve_triangular", square=True)
    b, back = _column(a, b)
    return back(triangular(a, b, bool(lower)))


def solve(a, b):
    """By triangular factors: the right sides follow the pivots' order, then go through both."""
    a = _matrices(a, "solve", square=True)
    b, back = _column(a, b)
    factors, order = op("lu", [a])
    factors, b = _same_batch(factors, b)
    batch = len(static_shape(b)) - 2
    if len(static_shape(order)) - 1 != batch:
        order = op("broadcast_to", [order], shape=list(dims(b))[:-1])
    b = op("gather", [b, order], axis=batch, batch_dims=batch)
    return back(triangular(factors, triangular(factors, b, True, unit_diagonal=True), False))


def _identity_like(a):
    return op("broadcast_to", [cr.eye(dims(a)[-1], dtype=dtype_of(a))], shape=dims(a))


def inv(x):
    x = _matrices(x, "inv", square=True)
    return solve(x, _identity_like(x))


def lu_factor(x):
    """Both factors in one matrix, and where each row went."""
    factors, order = op("lu", [_matrices(x, "lu_factor", square=True)])
    return factors, red.argsort(order)


def _diagonal(x):
    return cr.diagonal(x, 0, -2, -1)


def _permutation_sign(order):
    """-1 where the order has an odd number of pairs that stand the wrong way round."""
    n = static_shape(order)[-1]
    pairs = op("greater", [reshape(order, list(dims(order)) + [1]), reshape(order, list(dims(order))[:-1] + [1, n])])
    wrong = cr.triu(cast(pairs, "int32"), 1)
    odd = el.mod(red.sum(wrong, axis=(-2, -1)), 2)
    return el.subtract(1, el.multiply(odd, 2))


def slogdet(x):
    factors, order = op("lu", [_matrices(x, "slogdet", square=True)])
    pivots = _diagonal(factors)
    sign = op("mul", [red.prod(op("sign", [pivots]), axis=-1), cast(_permutation_sign(order), dtype_of(factors))])
    return sign, red.sum(op("log", [op("abs", [pivots])]), axis=-1)


def logdet(x):
    """Of positive definite matrices: twice the logarithms of Cholesky's diagonal."""
    factor = op("cholesky", [_matrices(x, "logdet", square=True)])
    return el.multiply(red.sum(op("log", [_diagonal(factor)]), axis=-1), 2.0)


def det(x):
    """Small ones by expansion (which every target has), others by triangular factors."""
    x = _matrices(x, "det", square=True)
    n = static_shape(x)[-1]
    if n is not None and n <= 3:
        return _expanded(x, n)
    factors, order = op("lu", [x])
    return op("mul", [red.prod(_diagonal(factors), axis=-1), cast(_permutation_sign(order), dtype_of(x))])


def _expanded(x, n):
    def at(row, column):
        return getitem(x, (Ellipsis, row, column))

    if n == 1:
        return at(0, 0)

    def minor(row, left, right):
        return op("sub", [op("mul", [at(row, left), at(row + 1, right)]), op("mul", [at(row, right), at(row + 1, left)])])

    if n == 2:
        return minor(0, 0, 1)
    terms = [op("mul", [at(0, i), minor(1, (i + 1) % 3, (i + 2) % 3)]) for i in range(3)]
    return op("add", [op("add", terms[:2]), terms[2]])


def cholesky(x, upper=False):
    factor = op("cholesky", [_matrices(x, "cholesky", square=True)])
    return transposed(factor) if upper else factor


def cholesky_inverse(x, upper=False):
    """The inverse of the matrix whose Cholesky factor is given."""
    x = _matrices(x, "cholesky_inverse", square=True)
    inner = triangular(x, _identity_like(x), not upper)
    return matmul_any(inner, transposed(inner)) if upper else matmul_any(transposed(inner), inner)


def qr(x, mode="reduced"):
    if mode not in ("reduced", "complete"):
        raise ValueError(f"qr's mode is 'reduced' or 'complete', not {mode!r}")
    return tuple(op("qr", [_matrices(x, "qr")], full=mode == "complete"))


def eigh(x):
    return tuple(op("eigh", [_matrices(x, "eigh", square=True)]))


def eig(x):
    refuse("eig", "eigenvalues of matrices that are not symmetric are complex (ops.eigh takes symmetric ones)")


def svd(x, full_matrices=True, compute_uv=True):
    parts = op("svd", [_matrices(x, "svd")], full=bool(full_matrices and compute_uv))
    return tuple(parts) if compute_uv else parts[1]


def _tolerance(x):
    return EPSILON[dtype_of(x)] * max(static_shape(x)[-2:])


def matrix_rank(x, tol=None):
    x = _matrices(x, "matrix_rank")
    values = svd(x, compute_uv=False)
    if tol is None:
        tol = el.multiply(red.max(values, axis=-1, keepdims=True), _tolerance(x))
    return red.sum(cast(el.greater(values, tol), "int32"), axis=-1)


def _through_svd(x, keep):
    """u^T, the inverses of the singular values that `keep` keeps (as a column), and v."""
    u, values, vt = svd(x, full_matrices=False)
    kept = keep(values)
    safe = op("select", [kept, values, to_tensor(1.0, dtype_of(x))])
    inverse = op("select", [kept, op("reciprocal", [safe]), to_tensor(0.0, dtype_of(x))])
    return transposed(u), reshape(inverse, list(dims(inverse)) + [1]), transposed(vt)


def pinv(x, rcond=None):
    x = _matrices(x, "pinv")
    share = 10.0 * _tolerance(x) if rcond is None else rcond
    ut, inverse, v = _through_svd(x, lambda s: el.greater(s, el.multiply(red.max(s, axis=-1, keepdims=True), share)))
    return matmul_any(v, op("mul", [inverse, ut]))


def lstsq(a, b, rcond=None):
    a = _matrices(a, "lstsq")
    b = to_tensor(b, dtype_of(a))
    vector = len(static_shape(b)) == 1
    if vector:
        b = reshape(b, list(dims(b)) + [1])
    share = _tolerance(a) if rcond is None else float(const_value(rcond))
    if share < 0:
        share = EPSILON[dtype_of(a)]
    ut, inverse, v = _through_svd(a, lambda s: el.greater_equal(s, el.multiply(getitem(s, slice(0, 1)), share)))
    x = matmul_any(v, op("mul", [inverse, matmul_any(ut, b)]))
    return reshape(x, [-1]) if vector else x


def spectral_norm(x, ord, axis, keepdims):
    """The matrix norms that are made of singular values: the greatest, the least, their sum."""
    rank = len(static_shape(x))
    given = range(rank) if axis is None else axis
    pair = [red.normalize_axis(a, rank) for a in given]
    values = svd(sh.moveaxis(x, pair, (-2, -1)), compute_uv=False)
    result = {2: red.max, -2: red.min, "nuc": red.sum}[ord](values, axis=-1)
    return reshape(result, [1 if i in pair else d for i, d in enumerate(dims(x))]) if keepdims else result


def cdist(x, y):
    """Euclidean distances between the rows of x and those of y."""
    x, y = el.promoted(x, y, floating=True)
    if static_shape(x)[-1] != static_shape(y)[-1]:
        raise ValueError(f"cdist: the last axes of {static_shape(x)} and {static_shape(y)} differ")
    away = op("sub", [sh.expand_dims(x, -2), sh.expand_dims(y, -3)])
    return op("sqrt", [red.sum(op("square", [away]), axis=-1)])


def corrcoef(x):
    x = to_tensor(x)
    x = cast(x, dtypes.as_float(dtype_of(x)))
    away = el.subtract(x, red.mean(x, axis=-1, keepdims=True))
    if len(static_shape(x)) < 2:
        return el.clip(op("div", [red.sum(el.square(away)), red.sum(el.square(away))]), -1.0, 1.0)
    products = matmul_any(away, transposed(away))
    spread = op("sqrt", [_diagonal(products)])
    return el.clip(op("div", [products, op("mul", [sh.expand_dims(spread, -1), sh.expand_dims(spread, -2)])]), -1.0, 1.0)


def jvp(fun, primals, tangents, has_aux=False):
    refuse("jvp", "derivatives have no part in inference")

