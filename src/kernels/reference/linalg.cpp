// Linear algebra on the last two axes; what is before them is a batch. Every matrix is computed in double precision.
#include "kernels/reference/decompose.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

std::int64_t last(const TensorView& view, std::size_t back) { return view.shape[view.shape.size() - back]; }

std::int64_t matrices(const TensorView& view) {
  return product(view.shape, 0, static_cast<std::int64_t>(view.shape.size()) - 2);
}

Matrix matrix_at(const TensorView& view, std::int64_t index) {
  Matrix result(last(view, 2), last(view, 1));
  const std::int64_t size = result.rows * result.columns;
  load<double>(view.dtype, view.data, index * size, 1, size, result.values.data());
  return result;
}

void put(const TensorView& view, std::int64_t index, const std::vector<double>& values) {
  const auto size = static_cast<std::int64_t>(values.size());
  store<double>(view.dtype, view.data, index * size, size, values.data());
}

/// The first rows and columns of a matrix.
std::vector<double> corner(const Matrix& m, std::int64_t rows, std::int64_t columns) {
  std::vector<double> result;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) result.push_back(m.at(r, c));
  }
  return result;
}

void cholesky(const Call& call) {
  for (std::int64_t i = 0; i < matrices(call.inputs[0]); ++i)
    put(call.outputs[0], i, factor_cholesky(matrix_at(call.inputs[0], i)).values);
}

void lu(const Call& call) {
  const TensorView& rows = call.outputs[1];
  std::vector<std::int64_t> order(static_cast<std::size_t>(last(rows, 1)));
  for (std::int64_t i = 0; i < matrices(call.inputs[0]); ++i) {
    Matrix m = matrix_at(call.inputs[0], i);
    factor_lu(m, order);
    put(call.outputs[0], i, m.values);
    store<std::int64_t>(rows.dtype, rows.data, i * m.rows, m.rows, order.data());
  }
}

void triangular_solve(const Call& call) {
  const bool lower = call.attrs->flag("lower");
  const bool unit = call.attrs->flag("unit_diagonal");
  for (std::int64_t i = 0; i < matrices(call.inputs[0]); ++i) {
    const Matrix a = matrix_at(call.inputs[0], i);
    Matrix x = matrix_at(call.inputs[1], i);
    for (std::int64_t step = 0; step < a.rows; ++step) {
      const std::int64_t row = lower ? step : a.rows - 1 - step;
      for (std::int64_t c = 0; c < x.columns; ++c) {
        double rest = x.at(row, c);
        for (std::int64_t k = lower ? 0 : row + 1; k < (lower ? row : a.rows); ++k) rest -= a.at(row, k) * x.at(k, c);
        x.at(row, c) = unit ? rest : rest / a.at(row, row);
      }
    }
    put(call.outputs[0], i, x.values);
  }
}

void qr(const Call& call) {
  const std::int64_t width = last(call.outputs[0], 1);
  for (std::int64_t i = 0; i < matrices(call.inputs[0]); ++i) {
    const Orthogonal parts = factor_qr(matrix_at(call.inputs[0], i));
    put(call.outputs[0], i, corner(parts.q, parts.q.rows, width));
    put(call.outputs[1], i, corner(parts.r, width, parts.r.columns));
  }
}

void eigh(const Call& call) {
  for (std::int64_t i = 0; i < matrices(call.inputs[0]); ++i) {
    const Eigen parts = symmetric_eigen(matrix_at(call.inputs[0], i));
    put(call.outputs[0], i, parts.values);
    put(call.outputs[1], i, parts.vectors.values);
  }
}

void svd(const Call& call) {
  for (std::int64_t i = 0; i < matrices(call.inputs[0]); ++i) {
    const Singular parts = singular_values(matrix_at(call.inputs[0], i), call.attrs->flag("full"));
    put(call.outputs[0], i, parts.u.values);
    put(call.outputs[1], i, parts.values);
    put(call.outputs[2], i, parts.v.transposed().values);
  }
}

constexpr Entry kLinalg[] = {{"cholesky", cholesky}, {"lu", lu},  {"triangular_solve", triangular_solve}, {"qr", qr},
                             {"eigh", eigh},         {"svd", svd}};

}  // namespace

std::span<const Entry> linalg_kernels() { return kLinalg; }

}  // namespace kedge::kernels::reference
