"""`tf.linalg`."""
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import linalg as kl
from keras.src.ops import matrix as mx
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.tensor import cast, const_value, dims, dtype_of, op, refuse, reshape, static_shape, to_tensor
from tensorflow._array import einsum, eye, matmul, norm, tensordot
from tensorflow._dtypes import tensor, together
from tensorflow._diagonals import diag, diag_part, set_diag, tensor_diag, tensor_diag_part
from tensorflow._math import l2_normalize
from tensorflow._operators import LinearOperatorDiag, LinearOperatorFullMatrix, LinearOperatorLowerTriangular


def matvec(a, b, transpose_a=False, adjoint_a=False, a_is_sparse=False, b_is_sparse=False, name=None):
    a, b = together(a, b)
    if adjoint_a:
        a, transpose_a = op("conj", [a]) if dtype_of(a).startswith("complex") else a, True
    y = op("matmul", [a, reshape(b, list(dims(b)) + [1])], transpose_a=bool(transpose_a), transpose_b=False)
    return reshape(y, list(dims(y))[:-1])


def matrix_transpose(a, name=None, conjugate=False):
    return sh.swapaxes(a, -1, -2)


adjoint = matrix_transpose


def band_part(input, num_lower, num_upper, name=None):
    x = tensor(input)
    rows, columns = dims(x)[-2:]
    row = op("iota", [], shape=[rows, columns], axis=0, dtype="int32")
    column = op("iota", [], shape=[rows, columns], axis=1, dtype="int32")
    keep = None
    for width, distance in ((num_lower, lambda: el.subtract(row, column)), (num_upper, lambda: el.subtract(column, row))):
        known = const_value(width)
        if known is not None and int(known) < 0:
            continue
        inside = el.less_equal(distance(), cast(to_tensor(width), "int32"))
        if known is None:  # a negative width keeps the whole triangle
            inside = el.logical_or(inside, el.less(cast(to_tensor(width), "int32"), 0))
        keep = inside if keep is None else el.logical_and(keep, inside)
    if keep is None:
        return x
    return op("select", [keep, x, to_tensor(False if dtype_of(x) == "bool" else 0, dtype_of(x))])


def trace(x, name=None):
    return red.sum(cr.diagonal(x, 0, -2, -1), axis=-1)


def cross(a, b, name=None):
    return kl.cross(a, b)


def det(input, name=None):
    return mx.det(input)


def inv(input, adjoint=False, name=None):
    return mx.inv(matrix_transpose(input) if adjoint else input)


def cholesky(input, name=None):
    return mx.cholesky(input)


def eigh(tensor, name=None):
    return mx.eigh(tensor)


self_adjoint_eig = eigh


def eigvalsh(tensor, name=None):
    return mx.eigh(tensor)[0]


def qr(input, full_matrices=False, name=None):
    return mx.qr(input, "complete" if full_matrices else "reduced")


def svd(tensor, full_matrices=False, compute_uv=True, name=None):
    """In TensorFlow's order, and v not transposed."""
    if not compute_uv:
        return mx.svd(tensor, compute_uv=False)
    u, s, vt = mx.svd(tensor, full_matrices=full_matrices)
    return s, u, matrix_transpose(vt)


def expm(input, name=None):
    refuse("tf.linalg.expm", "it is not supported")


def logdet(matrix, name=None):
    return mx.logdet(matrix)


def slogdet(input, name=None):
    return mx.slogdet(input)


def solve(matrix, rhs, adjoint=False, name=None):
    return mx.solve(matrix_transpose(matrix) if adjoint else matrix, rhs)


def triangular_solve(matrix, rhs, lower=True, adjoint=False, name=None):
    if adjoint:
        return mx.solve_triangular(matrix_transpose(matrix), rhs, not lower)
    return mx.solve_triangular(matrix, rhs, lower)


def cholesky_solve(chol, rhs, name=None):
    """The right sides through the factor, then through its transpose."""
    return triangular_solve(chol, triangular_solve(chol, rhs), adjoint=True)


def pinv(a, rcond=None, validate_args=False, name=None):
    return mx.pinv(a, rcond)


def matrix_rank(a, tol=None, validate_args=False, name=None):
    return mx.matrix_rank(a, tol)


def lstsq(matrix, rhs, l2_regularizer=0.0, fast=True, name=None):
    a, b = together(matrix, rhs)
    if l2_regularizer == 0.0:
        return op("matmul", [mx.pinv(a, None), b])
    n = static_shape(a)[-1]
    gram = op("matmul", [a, a], transpose_a=True, transpose_b=False)
    return solve(gram + l2_regularizer * eye(n, dtype=dtype_of(a)), op("matmul", [a, b], transpose_a=True, transpose_b=False))


def normalize(tensor, ord="euclidean", axis=None, name=None):
    size = red.norm(tensor, None if ord == "euclidean" else ord, axis, True)
    return el.divide(tensor, size), size


def global_norm(t_list, name=None):
    """The norm of all tensors as one vector."""
    total = None
    for t in t_list:
        if t is None:
            continue
        t = tensor(t)
        squares = red.sum(op("mul", [t, t]))
        total = squares if total is None else op("add", [total, squares])
    return op("sqrt", [total])
