"""`tf.linalg`'s linear operators that layers use: matrices by what they are made of."""
from keras.src.ops import creation as cr
from keras.src.tensor import dims, op, reshape
from tensorflow import _diagonals
from tensorflow._dtypes import tensor, together


class LinearOperator:
    """What the operators share; `to_dense` gives the matrix."""

    def __init__(self, matrix, **hints):
        self._matrix = tensor(matrix)

    def to_dense(self, name="to_dense"):
        return self._matrix

    def matmul(self, x, adjoint=False, adjoint_arg=False, name="matmul"):
        a, x = together(self.to_dense(), x)
        return op("matmul", [a, x], transpose_a=bool(adjoint), transpose_b=bool(adjoint_arg))

    __matmul__ = matmul

    def matvec(self, x, adjoint=False, name="matvec"):
        x = tensor(x)
        y = self.matmul(reshape(x, list(dims(x)) + [1]), adjoint)
        return reshape(y, list(dims(y))[:-1])

    def diag_part(self, name="diag_part"):
        return _diagonals.diag_part(self.to_dense())


LinearOperatorFullMatrix = LinearOperator


class LinearOperatorDiag(LinearOperator):
    def __init__(self, diag, **hints):
        super().__init__(diag)

    def to_dense(self, name="to_dense"):
        return _diagonals.diag(self._matrix)


class LinearOperatorLowerTriangular(LinearOperator):
    """The upper part of what is given does not count."""

    def __init__(self, tril, **hints):
        super().__init__(cr.tril(tensor(tril)))
