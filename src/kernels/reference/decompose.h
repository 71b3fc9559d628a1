// Decompositions of one dense matrix in double precision. Matrices are row-major; a caller hands in and takes whole
// vectors. None fails: what has no answer (a matrix that is not positive definite, a zero pivot) gives NaN or infinity.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kedge::kernels::reference {

/// rows x columns numbers, row after row.
struct Matrix {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<double> values;

  Matrix(std::int64_t height, std::int64_t width)
      : rows(height), columns(width), values(static_cast<std::size_t>(height * width)) {}
  double& at(std::int64_t row, std::int64_t column) { return values[static_cast<std::size_t>(row * columns + column)]; }
  double at(std::int64_t row, std::int64_t column) const {
    return values[static_cast<std::size_t>(row * columns + column)];
  }
  static Matrix identity(std::int64_t size);
  Matrix transposed() const;
};

/// In place: the unit lower factor under the diagonal, the upper one on and above it. order[i] is the row of the
/// matrix that became row i (the greatest pivot of its column, Golub and Van Loan, section 3.4).
void factor_lu(Matrix& a, std::span<std::int64_t> order);

/// The lower triangular L with L L^T = a; only a's lower triangle is read.
Matrix factor_cholesky(const Matrix& a);

/// a = q r by Householder reflections, with LAPACK's signs: q is rows x rows, r has a's shape.
struct Orthogonal {
  Matrix q;
  Matrix r;
};
Orthogonal factor_qr(Matrix a);

/// Eigenvalues in ascending order and vectors in columns, by cyclic Jacobi; only a's lower triangle is read. A vector's
/// sign is arbitrary.
struct Eigen {
  std::vector<double> values;
  Matrix vectors;
};
Eigen symmetric_eigen(Matrix a);

/// a = u diag(values) v^T by one-sided Jacobi, which keeps small values accurate; values descend. u is rows x rows and
/// v columns x columns when `full`, else both have min(rows, columns) columns. The signs of pairs of vectors are
/// arbitrary.
struct Singular {
  Matrix u;
  std::vector<double> values;
  Matrix v;
};
Singular singular_values(const Matrix& a, bool full);

}  // namespace kedge::kernels::reference
