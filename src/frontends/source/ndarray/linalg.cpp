// Small dense linear algebra in double precision: LU with partial pivoting, Householder QR, Jacobi for symmetric
// eigenvalues and for singular values, Cholesky. Signs of vectors follow LAPACK's conventions where they are fixed
// (QR), else they are arbitrary.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "frontends/source/ndarray/functions.h"

namespace kedge::frontends {

using pylang::as;

namespace {

using Matrix = std::vector<double>;  // row-major

/// The last two axes as matrices of double; results of float32 go back to float32.
struct Stack {
  StaticShape batch;
  std::int64_t rows = 0, columns = 0, count = 0;
  Array data;
  DType dtype = DType::float64;
  Matrix matrix(std::int64_t i) const {
    return {data.as<double>() + i * rows * columns, data.as<double>() + (i + 1) * rows * columns};
  }
};

std::optional<Stack> to_stack(Interp& interp, Value v, bool square) {
  const auto a = to_array(interp, v);
  if (!a) return std::nullopt;
  if (a->rank() < 2) {
    fail(interp, "ValueError",
         std::to_string(a->rank()) + "-dimensional array given. Array must be at least two-dimensional");
    return std::nullopt;
  }
  if (is_complex(a->dtype)) {
    fail(interp, "NotImplementedError", "linear algebra of complex arrays is not supported");
    return std::nullopt;
  }
  Stack s;
  s.dtype = a->dtype == DType::float32 ? DType::float32 : DType::float64;
  s.batch.assign(a->shape.begin(), a->shape.end() - 2);
  s.rows = a->shape[a->shape.size() - 2];
  s.columns = a->shape.back();
  s.count = element_count(s.batch);
  s.data = contiguous_of(cast_to(*a, DType::float64));
  if (square && s.rows != s.columns) {
    fail(interp, "ValueError", "Last 2 dimensions of the array must be square");
    return std::nullopt;
  }
  return s;
}

/// In place; the permutation's sign is returned, 0 when singular.
int lu(Matrix& a, std::int64_t n, std::vector<std::int64_t>& order) {
  int sign = 1;
  order.resize(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  for (std::int64_t c = 0; c < n; ++c) {
    std::int64_t pivot = c;
    for (std::int64_t r = c + 1; r < n; ++r) {
      if (std::fabs(a[static_cast<std::size_t>(r * n + c)]) > std::fabs(a[static_cast<std::size_t>(pivot * n + c)]))
        pivot = r;
    }
    if (a[static_cast<std::size_t>(pivot * n + c)] == 0) return 0;
    if (pivot != c) {
      for (std::int64_t k = 0; k < n; ++k)
        std::swap(a[static_cast<std::size_t>(pivot * n + k)], a[static_cast<std::size_t>(c * n + k)]);
      std::swap(order[static_cast<std::size_t>(pivot)], order[static_cast<std::size_t>(c)]);
      sign = -sign;
    }
    for (std::int64_t r = c + 1; r < n; ++r) {
      const double f = a[static_cast<std::size_t>(r * n + c)] /= a[static_cast<std::size_t>(c * n + c)];
      for (std::int64_t k = c + 1; k < n; ++k)
        a[static_cast<std::size_t>(r * n + k)] -= f * a[static_cast<std::size_t>(c * n + k)];
    }
  }
  return sign;
}

void lu_solve(const Matrix& a, std::int64_t n, const std::vector<std::int64_t>& order, const double* b,
              std::int64_t columns, double* x) {
  for (std::int64_t c = 0; c < columns; ++c) {
    std::vector<double> y(static_cast<std::size_t>(n));
    for (std::int64_t r = 0; r < n; ++r) {
      double sum = b[order[static_cast<std::size_t>(r)] * columns + c];
      for (std::int64_t k = 0; k < r; ++k)
        sum -= a[static_cast<std::size_t>(r * n + k)] * y[static_cast<std::size_t>(k)];
      y[static_cast<std::size_t>(r)] = sum;
    }
    for (std::int64_t r = n; r-- > 0;) {
      double sum = y[static_cast<std::size_t>(r)];
      for (std::int64_t k = r + 1; k < n; ++k) sum -= a[static_cast<std::size_t>(r * n + k)] * x[k * columns + c];
      x[r * columns + c] = sum / a[static_cast<std::size_t>(r * n + r)];
    }
  }
}

Value singular(Interp& interp) { return interp.raise("ValueError", "Singular matrix"); }

StaticShape joined(StaticShape batch, std::initializer_list<std::int64_t> tail) {
  batch.insert(batch.end(), tail.begin(), tail.end());
  return batch;
}
Value give(Interp& interp, const Array& a, DType dtype) {
  return wrap(interp, dtype == DType::float64 ? a : cast_to(a, dtype));
}

Value call_inv(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "inv", "a");
  const auto s = to_stack(interp, v[0], true);
  if (!s) return Value();
  const std::int64_t n = s->rows;
  Array out = make_array(DType::float64, s->data.shape);
  Matrix identity(static_cast<std::size_t>(n * n), 0);
  for (std::int64_t i = 0; i < n; ++i) identity[static_cast<std::size_t>(i * n + i)] = 1;
  for (std::int64_t i = 0; i < s->count; ++i) {
    Matrix m = s->matrix(i);
    std::vector<std::int64_t> order;
    if (lu(m, n, order) == 0) return singular(interp);
    lu_solve(m, n, order, identity.data(), n, out.as<double>() + i * n * n);
  }
  return give(interp, out, s->dtype);
}
Value call_det(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "det", "a");
  const auto s = to_stack(interp, v[0], true);
  if (!s) return Value();
  Array out = make_array(DType::float64, s->batch);
  for (std::int64_t i = 0; i < s->count; ++i) {
    Matrix m = s->matrix(i);
    std::vector<std::int64_t> order;
    double det = lu(m, s->rows, order);
    for (std::int64_t k = 0; k < s->rows && det != 0; ++k) det *= m[static_cast<std::size_t>(k * s->rows + k)];
    out.as<double>()[i] = det;
  }
  return give(interp, out, s->dtype);
}
Value call_solve(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "solve", "a", "b");
  const auto s = to_stack(interp, v[0], true);
  if (!s) return Value();
  KEDGE_ARRAY(b, v[1]);
  const bool vector = b.rank() == 1;
  const Array right = contiguous_of(cast_to(vector ? with_axis(b, 1) : b, DType::float64));
  if (right.rank() != 2 || s->count != 1 || right.shape[0] != s->rows)
    return interp.raise("ValueError", "solve: the shapes of a and b do not match");
  Matrix m = s->matrix(0);
  std::vector<std::int64_t> order;
  if (lu(m, s->rows, order) == 0) return singular(interp);
  Array out = make_array(DType::float64, right.shape);
  lu_solve(m, s->rows, order, right.as<double>(), right.shape[1], out.as<double>());
  return give(interp, vector ? reshaped(out, {s->rows}) : out,
              s->dtype == DType::float32 && b.dtype == DType::float32 ? DType::float32 : DType::float64);
}
Value call_cholesky(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 1, "cholesky", "a");
  const auto s = to_stack(interp, v[0], true);
  if (!s) return Value();
  const std::int64_t n = s->rows;
  Array out = make_array(DType::float64, s->data.shape);
  for (std::int64_t i = 0; i < s->count; ++i) {
    const Matrix m = s->matrix(i);
    double* l = out.as<double>() + i * n * n;
    for (std::int64_t r = 0; r < n; ++r) {
      for (std::int64_t c = 0; c <= r; ++c) {
        double sum = m[static_cast<std::size_t>(r * n + c)];
        for (std::int64_t k = 0; k < c; ++k) sum -= l[r * n + k] * l[c * n + k];
        if (r == c && !(sum > 0)) return interp.raise("ValueError", "Matrix is not positive definite");
        l[r * n + c] = r == c ? std::sqrt(sum) : sum / l[c * n + c];
      }
    }
  }
  return give(interp, out, s->dtype);
}

Value call_qr(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 2, "qr", "a", "mode=");
  const auto s = to_stack(interp, v[0], false);
  if (!s) return Value();
  auto* mode = as<pylang::Str>(v[1]);
  const bool complete = mode != nullptr && mode->text == "complete";
  const std::int64_t m = s->rows, n = s->columns, k = std::min(m, n), width = complete ? m : k;
  Array q = make_array(DType::float64, joined(s->batch, {m, width}));
  Array r = make_array(DType::float64, joined(s->batch, {width, n}));
  for (std::int64_t i = 0; i < s->count; ++i) {
    Matrix a = s->matrix(i);
    Matrix full(static_cast<std::size_t>(m * m), 0);
    for (std::int64_t d = 0; d < m; ++d) full[static_cast<std::size_t>(d * m + d)] = 1;
    for (std::int64_t c = 0; c < k; ++c) {
      double norm = 0;
      for (std::int64_t row = c; row < m; ++row)
        norm += a[static_cast<std::size_t>(row * n + c)] * a[static_cast<std::size_t>(row * n + c)];
      norm = std::sqrt(norm);
      bool zero_below = true;
      for (std::int64_t row = c + 1; row < m; ++row)
        zero_below = zero_below && a[static_cast<std::size_t>(row * n + c)] == 0;
      if (norm == 0 || zero_below) continue;  // LAPACK leaves such a column as it is
      const double alpha = a[static_cast<std::size_t>(c * n + c)];
      const double beta = -std::copysign(norm, alpha);
      std::vector<double> h(static_cast<std::size_t>(m), 0);
      h[static_cast<std::size_t>(c)] = 1;
      for (std::int64_t row = c + 1; row < m; ++row)
        h[static_cast<std::size_t>(row)] = a[static_cast<std::size_t>(row * n + c)] / (alpha - beta);
      const double tau = (beta - alpha) / beta;
      const auto reflect = [&](Matrix& x, std::int64_t columns, bool right) {
        for (std::int64_t j = 0; j < columns; ++j) {
          double sum = 0;
          for (std::int64_t row = c; row < m; ++row)
            sum +=
                h[static_cast<std::size_t>(row)] * x[static_cast<std::size_t>(right ? j * m + row : row * columns + j)];
          for (std::int64_t row = c; row < m; ++row)
            x[static_cast<std::size_t>(right ? j * m + row : row * columns + j)] -=
                tau * h[static_cast<std::size_t>(row)] * sum;
        }
      };
      reflect(a, n, false);
      reflect(full, m, true);
    }
    for (std::int64_t row = 0; row < m; ++row) {
      for (std::int64_t c = 0; c < width; ++c)
        q.as<double>()[(i * m + row) * width + c] = full[static_cast<std::size_t>(row * m + c)];
    }
    for (std::int64_t row = 0; row < width; ++row) {
      for (std::int64_t c = row; c < n; ++c)
        r.as<double>()[(i * width + row) * n + c] = a[static_cast<std::size_t>(row * n + c)];
    }
  }
  const Value rv = give(interp, r, s->dtype);
  if (mode != nullptr && mode->text == "r") return rv;
  return interp.tuple({give(interp, q, s->dtype), rv});
}

/// Cyclic Jacobi: eigenvalues in `a`'s diagonal, vectors in the columns of `vectors`.
void jacobi(Matrix& a, std::int64_t n, Matrix& vectors) {
  vectors.assign(static_cast<std::size_t>(n * n), 0);
  for (std::int64_t i = 0; i < n; ++i) vectors[static_cast<std::size_t>(i * n + i)] = 1;
  const auto at = [n](Matrix& m, std::int64_t r, std::int64_t c) -> double& {
    return m[static_cast<std::size_t>(r * n + c)];
  };
  for (int sweep = 0; sweep < 60; ++sweep) {
    double off = 0;
    for (std::int64_t p = 0; p < n; ++p) {
      for (std::int64_t q = p + 1; q < n; ++q) off += at(a, p, q) * at(a, p, q);
    }
    if (off < 1e-300) return;
    for (std::int64_t p = 0; p < n; ++p) {
      for (std::int64_t q = p + 1; q < n; ++q) {
        const double apq = at(a, p, q);
        if (apq == 0) continue;
        const double theta = (at(a, q, q) - at(a, p, p)) / (2 * apq);
        const double t = (theta >= 0 ? 1.0 : -1.0) / (std::fabs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1);
        const double s = t * c;
        for (std::int64_t k = 0; k < n; ++k) {
          const double x = at(a, k, p), y = at(a, k, q);
          at(a, k, p) = c * x - s * y;
          at(a, k, q) = s * x + c * y;
        }
        for (std::int64_t k = 0; k < n; ++k) {
          const double x = at(a, p, k), y = at(a, q, k);
          at(a, p, k) = c * x - s * y;
          at(a, q, k) = s * x + c * y;
        }
        for (std::int64_t k = 0; k < n; ++k) {
          const double x = at(vectors, k, p), y = at(vectors, k, q);
          at(vectors, k, p) = c * x - s * y;
          at(vectors, k, q) = s * x + c * y;
        }
      }
    }
  }
}

Value call_eigh(Interp& interp, Args args, void* context) {
  KEDGE_BIND(v, 2, "eigh", "a", "UPLO=");
  const auto s = to_stack(interp, v[0], true);
  if (!s) return Value();
  const std::int64_t n = s->rows;
  if (n > 512) return interp.raise("NotImplementedError", "eigenvalues of matrices larger than 512 are not supported");
  Array values = make_array(DType::float64, joined(s->batch, {n}));
  Array vectors = make_array(DType::float64, s->data.shape);
  for (std::int64_t i = 0; i < s->count; ++i) {
    Matrix m = s->matrix(i);
    for (std::int64_t r = 0; r < n; ++r) {
      for (std::int64_t c = r + 1; c < n; ++c)
        m[static_cast<std::size_t>(r * n + c)] = m[static_cast<std::size_t>(c * n + r)];
    }
    Matrix w;
    jacobi(m, n, w);
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::int64_t x, std::int64_t y) {
      return m[static_cast<std::size_t>(x * n + x)] < m[static_cast<std::size_t>(y * n + y)];
    });
    for (std::int64_t c = 0; c < n; ++c) {
      const std::int64_t from = order[static_cast<std::size_t>(c)];
      values.as<double>()[i * n + c] = m[static_cast<std::size_t>(from * n + from)];
      for (std::int64_t r = 0; r < n; ++r)
        vectors.as<double>()[(i * n + r) * n + c] = w[static_cast<std::size_t>(r * n + from)];
    }
  }
  const Value first = give(interp, values, s->dtype);
  return context != nullptr ? first : interp.tuple({first, give(interp, vectors, s->dtype)});
}

Value call_svd(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 4, "svd", "a", "full_matrices=", "compute_uv=", "hermitian=");
  const auto s = to_stack(interp, v[0], false);
  if (!s) return Value();
  bool full = true, vectors = true;
  if (!flag_argument(interp, v[1], full) || !flag_argument(interp, v[2], vectors)) return Value();
  if (full && vectors && s->rows != s->columns)
    return interp.raise("NotImplementedError", "svd of a rectangular matrix needs full_matrices=False");
  const std::int64_t m = s->rows, n = s->columns, k = std::min(m, n);
  if (k > 512)
    return interp.raise("NotImplementedError", "singular values of matrices larger than 512 are not supported");
  Array u = make_array(DType::float64, joined(s->batch, {m, k}));
  Array values = make_array(DType::float64, joined(s->batch, {k}));
  Array vt = make_array(DType::float64, joined(s->batch, {k, n}));
  for (std::int64_t i = 0; i < s->count; ++i) {
    const Matrix a = s->matrix(i);
    const bool tall = m >= n;  // work on the smaller Gram matrix
    const std::int64_t g = k, other = std::max(m, n);
    const auto x = [&](std::int64_t r, std::int64_t c) {
      return a[static_cast<std::size_t>(tall ? r * n + c : c * n + r)];
    };  // other x g
    // One-sided Jacobi keeps small singular values accurate.
    Matrix b(static_cast<std::size_t>(other * g));
    for (std::int64_t r = 0; r < other; ++r) {
      for (std::int64_t c = 0; c < g; ++c) b[static_cast<std::size_t>(r * g + c)] = x(r, c);
    }
    Matrix w(static_cast<std::size_t>(g * g), 0);
    for (std::int64_t d = 0; d < g; ++d) w[static_cast<std::size_t>(d * g + d)] = 1;
    for (int sweep = 0; sweep < 60; ++sweep) {
      bool changed = false;
      for (std::int64_t p = 0; p < g; ++p) {
        for (std::int64_t q = p + 1; q < g; ++q) {
          double alpha = 0, beta = 0, gamma = 0;
          for (std::int64_t r = 0; r < other; ++r) {
            const double y = b[static_cast<std::size_t>(r * g + p)], z = b[static_cast<std::size_t>(r * g + q)];
            alpha += y * y;
            beta += z * z;
            gamma += y * z;
          }
          if (std::fabs(gamma) <= 1e-16 * std::sqrt(alpha * beta) || gamma == 0) continue;
          changed = true;
          const double zeta = (beta - alpha) / (2 * gamma);
          const double t = (zeta >= 0 ? 1.0 : -1.0) / (std::fabs(zeta) + std::sqrt(1 + zeta * zeta));
          const double c = 1 / std::sqrt(1 + t * t), sn = c * t;
          for (Matrix* target : {&b, &w}) {
            const std::int64_t rows = target == &b ? other : g;
            for (std::int64_t r = 0; r < rows; ++r) {
              double& y = (*target)[static_cast<std::size_t>(r * g + p)];
              double& z = (*target)[static_cast<std::size_t>(r * g + q)];
              const double old = y;
              y = c * old - sn * z;
              z = sn * old + c * z;
            }
          }
        }
      }
      if (!changed) break;
    }
    std::vector<double> sigma(static_cast<std::size_t>(g), 0);
    for (std::int64_t c = 0; c < g; ++c) {
      for (std::int64_t r = 0; r < other; ++r)
        sigma[static_cast<std::size_t>(c)] +=
            b[static_cast<std::size_t>(r * g + c)] * b[static_cast<std::size_t>(r * g + c)];
      sigma[static_cast<std::size_t>(c)] = std::sqrt(sigma[static_cast<std::size_t>(c)]);
    }
    std::vector<std::int64_t> order(static_cast<std::size_t>(g));
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::int64_t p, std::int64_t q) {
      return sigma[static_cast<std::size_t>(p)] > sigma[static_cast<std::size_t>(q)];
    });
    for (std::int64_t c = 0; c < g; ++c) {
      const std::int64_t from = order[static_cast<std::size_t>(c)];
      const double length = sigma[static_cast<std::size_t>(from)];
      values.as<double>()[i * k + c] = length;
      for (std::int64_t r = 0; r < other; ++r) {
        const double e = length > 0 ? b[static_cast<std::size_t>(r * g + from)] / length : 0;
        if (tall) u.as<double>()[(i * m + r) * k + c] = e;
        else vt.as<double>()[(i * k + c) * n + r] = e;
      }
      for (std::int64_t r = 0; r < g; ++r) {
        const double e = w[static_cast<std::size_t>(r * g + from)];
        if (tall) vt.as<double>()[(i * k + c) * n + r] = e;
        else u.as<double>()[(i * m + r) * k + c] = e;
      }
    }
  }
  const Value sv = give(interp, values, s->dtype);
  return vectors ? interp.tuple({give(interp, u, s->dtype), sv, give(interp, vt, s->dtype)}) : sv;
}

Value call_norm(Interp& interp, Args args, void*) {
  KEDGE_BIND(v, 4, "norm", "x", "ord=", "axis=", "keepdims=");
  KEDGE_ARRAY(raw, v[0]);
  const Array a = is_float(raw.dtype) || is_complex(raw.dtype) ? raw : cast_to(raw, DType::float64);
  ReduceOptions options;
  if (!flag_argument(interp, v[3], options.keepdims)) return Value();
  if (set(v[2])) {
    options.axes = normal_axes(interp, v[2], a.rank());
    if (!options.axes) return Value();
  }
  auto* name = as<pylang::Str>(v[1]);
  std::optional<double> order;
  if (set(v[1]) && name == nullptr) {
    order = to_double(interp, v[1]);
    if (!order) return Value();
  }
  const Array magnitude = apply(UnaryOp::absolute, a);
  const auto reduced = [&](Reduction kind, const Array& x) { return reduce(interp, kind, x, options); };
  const std::size_t axes = options.axes ? options.axes->size() : static_cast<std::size_t>(a.rank());
  if (name != nullptr && name->text != "fro")
    return interp.raise("NotImplementedError", "this matrix norm is not supported");
  if (order && axes == 2) {
    return interp.raise("NotImplementedError", "this matrix norm is not supported");
  }
  std::optional<Array> out;
  if (!order || *order == 2) {
    out = reduced(Reduction::sum, apply(BinaryOp::multiply, magnitude, magnitude));
    if (out) out = apply(UnaryOp::sqrt, *out);
  } else if (std::isinf(*order)) {
    out = reduced(*order > 0 ? Reduction::max : Reduction::min, magnitude);
  } else if (*order == 0) {
    out = reduced(Reduction::sum, cast_to(cast_to(magnitude, DType::boolean), magnitude.dtype));
  } else if (*order == 1) {
    out = reduced(Reduction::sum, magnitude);
  } else {
    const Array p = cast_to(make_scalar<double>(DType::float64, *order), magnitude.dtype);
    out = reduced(Reduction::sum, apply(BinaryOp::power, magnitude, p));
    if (out)
      out = apply(BinaryOp::power, *out, cast_to(make_scalar<double>(DType::float64, 1 / *order), magnitude.dtype));
  }
  return out ? wrap(interp, std::move(*out)) : Value();
}

}  // namespace

void install_linalg(Interp& interp, Module& module) {
  static constexpr NumpyFunction kFunctions[] = {{"linalg_inv", call_inv},     {"linalg_det", call_det},
                                                 {"linalg_solve", call_solve}, {"linalg_cholesky", call_cholesky},
                                                 {"linalg_qr", call_qr},       {"linalg_eigh", call_eigh},
                                                 {"linalg_svd", call_svd},     {"linalg_norm", call_norm}};
  define(interp, module, kFunctions);
  static int values_only = 0;
  interp.def(module, "linalg_eigvalsh", call_eigh, &values_only);
}

}  // namespace kedge::frontends
