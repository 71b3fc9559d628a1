// LU, Cholesky, QR, symmetric eigenvalues and singular values of one matrix.
#include "kernels/reference/decompose.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kedge::kernels::reference {

namespace {

constexpr int kMostSweeps = 60;

/// The rotation that makes two directions orthogonal: their squared lengths and their product are given.
struct Rotation {
  double cosine = 1;
  double sine = 0;
};
Rotation rotation(double first, double second, double product) {
  const double theta = (second - first) / (2 * product);
  const double t = (theta >= 0 ? 1.0 : -1.0) / (std::fabs(theta) + std::sqrt(theta * theta + 1));
  const double cosine = 1 / std::sqrt(t * t + 1);
  return {cosine, t * cosine};
}
void rotate(double& x, double& y, const Rotation& by) {
  const double old = x;
  x = by.cosine * old - by.sine * y;
  y = by.sine * old + by.cosine * y;
}

/// Rows `p` and `q` of a matrix.
void rotate_rows(Matrix& m, std::int64_t p, std::int64_t q, const Rotation& by) {
  for (std::int64_t k = 0; k < m.columns; ++k) rotate(m.at(p, k), m.at(q, k), by);
}

double row_product(const Matrix& m, std::int64_t p, std::int64_t q) {
  double sum = 0;
  for (std::int64_t k = 0; k < m.columns; ++k) sum += m.at(p, k) * m.at(q, k);
  return sum;
}

/// The order that sorts `keys`.
template <typename Less>
std::vector<std::int64_t> sorted_order(std::size_t count, Less less) {
  std::vector<std::int64_t> order(count);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), less);
  return order;
}

/// Rows `from` and on become unit vectors orthogonal to all before them.
void complete_rows(Matrix& m, std::int64_t from) {
  std::int64_t axis = 0;
  for (std::int64_t row = from; row < m.rows; ++row) {
    double length = 0;
    while (length < 0.5 / std::sqrt(static_cast<double>(m.columns)) && axis < m.columns) {
      for (std::int64_t k = 0; k < m.columns; ++k) m.at(row, k) = k == axis ? 1 : 0;
      ++axis;
      for (int pass = 0; pass < 2; ++pass) {
        for (std::int64_t other = 0; other < row; ++other) {
          const double share = row_product(m, row, other);
          for (std::int64_t k = 0; k < m.columns; ++k) m.at(row, k) -= share * m.at(other, k);
        }
      }
      length = std::sqrt(row_product(m, row, row));
    }
    for (std::int64_t k = 0; k < m.columns; ++k) m.at(row, k) /= length;
  }
}

}  // namespace

Matrix Matrix::identity(std::int64_t size) {
  Matrix result(size, size);
  for (std::int64_t i = 0; i < size; ++i) result.at(i, i) = 1;
  return result;
}

Matrix Matrix::transposed() const {
  Matrix result(columns, rows);
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) result.at(c, r) = at(r, c);
  }
  return result;
}

void factor_lu(Matrix& a, std::span<std::int64_t> order) {
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::int64_t c = 0; c < a.columns; ++c) {
    std::int64_t pivot = c;
    for (std::int64_t r = c + 1; r < a.rows; ++r) {
      if (std::fabs(a.at(r, c)) > std::fabs(a.at(pivot, c))) pivot = r;
    }
    if (pivot != c) {
      for (std::int64_t k = 0; k < a.columns; ++k) std::swap(a.at(pivot, k), a.at(c, k));
      std::swap(order[static_cast<std::size_t>(pivot)], order[static_cast<std::size_t>(c)]);
    }
    if (a.at(c, c) == 0) continue;  // the column is zero from here: the determinant is zero
    for (std::int64_t r = c + 1; r < a.rows; ++r) {
      const double factor = a.at(r, c) /= a.at(c, c);
      for (std::int64_t k = c + 1; k < a.columns; ++k) a.at(r, k) -= factor * a.at(c, k);
    }
  }
}

Matrix factor_cholesky(const Matrix& a) {
  Matrix lower(a.rows, a.rows);
  for (std::int64_t r = 0; r < a.rows; ++r) {
    for (std::int64_t c = 0; c <= r; ++c) {
      double rest = a.at(r, c);
      for (std::int64_t k = 0; k < c; ++k) rest -= lower.at(r, k) * lower.at(c, k);
      lower.at(r, c) = r == c ? std::sqrt(rest) : rest / lower.at(c, c);
    }
  }
  return lower;
}

Orthogonal factor_qr(Matrix a) {
  Matrix q = Matrix::identity(a.rows);
  std::vector<double> direction(static_cast<std::size_t>(a.rows));
  for (std::int64_t c = 0; c < std::min(a.rows - 1, a.columns); ++c) {
    double below = 0;
    for (std::int64_t r = c + 1; r < a.rows; ++r) below += a.at(r, c) * a.at(r, c);
    if (below == 0) continue;  // LAPACK leaves such a column as it is
    const double head = a.at(c, c);
    const double beta = -std::copysign(std::sqrt(head * head + below), head);
    const double tau = (beta - head) / beta;
    direction[static_cast<std::size_t>(c)] = 1;
    for (std::int64_t r = c + 1; r < a.rows; ++r) direction[static_cast<std::size_t>(r)] = a.at(r, c) / (head - beta);
    for (std::int64_t k = c; k < a.columns; ++k) {
      double sum = 0;
      for (std::int64_t r = c; r < a.rows; ++r) sum += direction[static_cast<std::size_t>(r)] * a.at(r, k);
      for (std::int64_t r = c; r < a.rows; ++r) a.at(r, k) -= tau * sum * direction[static_cast<std::size_t>(r)];
    }
    for (std::int64_t k = 0; k < a.rows; ++k) {
      double sum = 0;
      for (std::int64_t r = c; r < a.rows; ++r) sum += direction[static_cast<std::size_t>(r)] * q.at(k, r);
      for (std::int64_t r = c; r < a.rows; ++r) q.at(k, r) -= tau * sum * direction[static_cast<std::size_t>(r)];
    }
  }
  for (std::int64_t r = 0; r < a.rows; ++r) {
    for (std::int64_t c = 0; c < std::min(r, a.columns); ++c) a.at(r, c) = 0;
  }
  return {std::move(q), std::move(a)};
}

Eigen symmetric_eigen(Matrix a) {
  const std::int64_t n = a.rows;
  for (std::int64_t r = 0; r < n; ++r) {
    for (std::int64_t c = r + 1; c < n; ++c) a.at(r, c) = a.at(c, r);
  }
  Matrix rows = Matrix::identity(n);  // the vectors, one a row
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    double off = 0, all = 0;
    for (std::int64_t p = 0; p < n; ++p) {
      for (std::int64_t q = 0; q < n; ++q) (p == q ? all : off) += a.at(p, q) * a.at(p, q);
    }
    if (!(off > 1e-32 * all)) break;
    for (std::int64_t p = 0; p < n; ++p) {
      for (std::int64_t q = p + 1; q < n; ++q) {
        if (a.at(p, q) == 0) continue;
        const Rotation by = rotation(a.at(p, p), a.at(q, q), a.at(p, q));
        for (std::int64_t k = 0; k < n; ++k) rotate(a.at(k, p), a.at(k, q), by);
        rotate_rows(a, p, q, by);
        rotate_rows(rows, p, q, by);
      }
    }
  }
  const auto order = sorted_order(static_cast<std::size_t>(n),
                                  [&](std::int64_t i, std::int64_t j) { return a.at(i, i) < a.at(j, j); });
  Eigen result{std::vector<double>(static_cast<std::size_t>(n)), Matrix(n, n)};
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t from = order[static_cast<std::size_t>(i)];
    result.values[static_cast<std::size_t>(i)] = a.at(from, from);
    for (std::int64_t k = 0; k < n; ++k) result.vectors.at(k, i) = rows.at(from, k);
  }
  return result;
}

Singular singular_values(const Matrix& a, bool full) {
  const bool tall = a.rows >= a.columns;
  Matrix long_rows = tall ? a.transposed() : a;  // the fewer, longer vectors: made orthogonal to each other
  const std::int64_t few = long_rows.rows, many = long_rows.columns;
  Matrix turned = Matrix::identity(few);
  bool changed = true;
  for (int sweep = 0; sweep < kMostSweeps && changed; ++sweep) {
    changed = false;
    for (std::int64_t p = 0; p < few; ++p) {
      for (std::int64_t q = p + 1; q < few; ++q) {
        const double product = row_product(long_rows, p, q);
        const double first = row_product(long_rows, p, p), second = row_product(long_rows, q, q);
        if (!(std::fabs(product) > 1e-16 * std::sqrt(first * second)) || product == 0) continue;
        const Rotation by = rotation(first, second, product);
        rotate_rows(long_rows, p, q, by);
        rotate_rows(turned, p, q, by);
        changed = true;
      }
    }
  }
  std::vector<double> lengths(static_cast<std::size_t>(few));
  for (std::int64_t i = 0; i < few; ++i) {
    lengths[static_cast<std::size_t>(i)] = std::sqrt(row_product(long_rows, i, i));
  }
  const auto order = sorted_order(lengths.size(), [&](std::int64_t i, std::int64_t j) {
    return lengths[static_cast<std::size_t>(i)] > lengths[static_cast<std::size_t>(j)];
  });
  Matrix units(full ? many : few, many), small(few, few);
  std::vector<double> values;
  std::int64_t found = 0;  // vectors of length zero have no direction of their own
  for (std::int64_t i = 0; i < few; ++i) {
    const std::int64_t from = order[static_cast<std::size_t>(i)];
    const double length = lengths[static_cast<std::size_t>(from)];
    values.push_back(length);
    for (std::int64_t k = 0; k < few; ++k) small.at(i, k) = turned.at(from, k);
    if (length <= 1e-300 || length <= 1e-15 * values[0]) continue;
    for (std::int64_t k = 0; k < many; ++k) units.at(i, k) = long_rows.at(from, k) / length;
    found = i + 1;
  }
  complete_rows(units, found);
  if (tall) return {units.transposed(), std::move(values), small.transposed()};
  return {small.transposed(), std::move(values), units.transposed()};
}

}  // namespace kedge::kernels::reference
