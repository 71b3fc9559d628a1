// Reductions and cumulative operations. Sums of floats are pairwise along contiguous memory, as numpy's are, so that
// the last bits agree.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "frontends/source/ndarray/numpy.h"

namespace kedge::frontends {
namespace {

template <typename T>
constexpr bool kIsComplex = std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;

/// numpy's pairwise summation: eight running sums over blocks of 128, halves above that.
template <typename T>
T pairwise(const T* p, std::int64_t n) {
  if (n < 8) {
    T sum = n > 0 ? p[0] : T(0);
    for (std::int64_t i = 1; i < n; ++i) sum += p[i];
    return sum;
  }
  constexpr std::int64_t kBlock = kIsComplex<T> ? 64 : 128;
  if (n <= kBlock) {
    constexpr std::int64_t kLanes = kIsComplex<T> ? 4 : 8;
    T r[kLanes];
    for (std::int64_t k = 0; k < kLanes; ++k) r[k] = p[k];
    std::int64_t i = kLanes;
    for (; i + kLanes <= n; i += kLanes) {
      for (std::int64_t k = 0; k < kLanes; ++k) r[k] += p[i + k];
    }
    T sum;
    if constexpr (kLanes == 8) sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    else sum = (r[0] + r[1]) + (r[2] + r[3]);
    for (; i < n; ++i) sum += p[i];
    return sum;
  }
  std::int64_t half = n / 2;
  half -= half % 8;
  return pairwise(p, half) + pairwise(p + half, n - half);
}

template <typename T>
bool less_than(T a, T b) {
  if constexpr (kIsComplex<T>) return a.real() < b.real() || (a.real() == b.real() && a.imag() < b.imag());
  else return a < b;
}
template <typename T>
bool is_nan(T v) {
  if constexpr (kIsComplex<T>) return std::isnan(v.real()) || std::isnan(v.imag());
  else if constexpr (std::is_floating_point_v<T>) return std::isnan(v);
  else return false;
}

/// Kept axes first, reduced axes last (each in order): a view.
Array arrange(const Array& a, const std::vector<std::int64_t>& axes, StaticShape& kept, std::int64_t& reduced,
              bool& trailing) {
  std::vector<std::int64_t> perm;
  reduced = 1;
  for (std::int64_t i = 0; i < a.rank(); ++i) {
    if (std::find(axes.begin(), axes.end(), i) != axes.end()) continue;
    perm.push_back(i);
    kept.push_back(a.shape[static_cast<std::size_t>(i)]);
  }
  std::vector<std::int64_t> sorted = axes;
  std::sort(sorted.begin(), sorted.end());
  for (const std::int64_t axis : sorted) {
    perm.push_back(axis);
    reduced *= a.shape[static_cast<std::size_t>(axis)];
  }
  trailing = true;
  for (std::size_t i = 0; i < perm.size(); ++i) trailing = trailing && perm[i] == static_cast<std::int64_t>(i);
  return transposed(a, perm);
}

template <typename T>
void sum_rows(const T* p, T* out, std::int64_t rows, std::int64_t n, std::int64_t inner) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* row = p + r * n;
    if (inner == n) {
      out[r] = pairwise(row, n);
      continue;
    }
    T sum(0);
    for (std::int64_t i = 0; i < n; i += inner) sum = i == 0 ? pairwise(row, inner) : sum + pairwise(row + i, inner);
    out[r] = sum;
  }
}

/// `inner`: how many of a row's elements lie together in the source (pairwise runs); 1 means added one after the other.
template <typename T>
void fold(Reduction kind, const Array& rows, Array& out, std::int64_t n, std::int64_t inner) {
  const T* p = rows.as<T>();
  const std::int64_t count = out.size();
  for (std::int64_t r = 0; r < count; ++r, p += n) {
    switch (kind) {
      case Reduction::sum:
        if constexpr (std::is_integral_v<T>) {
          std::uint64_t sum = 0;
          for (std::int64_t i = 0; i < n; ++i) sum += static_cast<std::uint64_t>(p[i]);
          out.as<T>()[r] = static_cast<T>(sum);
        } else {
          sum_rows(p, out.as<T>() + r, 1, n, inner);
        }
        break;
      case Reduction::prod:
        if constexpr (std::is_integral_v<T>) {
          std::uint64_t product = 1;
          for (std::int64_t i = 0; i < n; ++i) product *= static_cast<std::uint64_t>(p[i]);
          out.as<T>()[r] = static_cast<T>(product);
        } else {
          T product(1);
          for (std::int64_t i = 0; i < n; ++i) product *= p[i];
          out.as<T>()[r] = product;
        }
        break;
      case Reduction::max:
      case Reduction::min:
      case Reduction::argmax:
      case Reduction::argmin: {
        std::int64_t best = 0;
        const bool want_less = kind == Reduction::min || kind == Reduction::argmin;
        for (std::int64_t i = 1; i < n && !is_nan(p[best]); ++i) {
          if (is_nan(p[i]) || (want_less ? less_than(p[i], p[best]) : less_than(p[best], p[i]))) best = i;
        }
        if (kind == Reduction::argmax || kind == Reduction::argmin) out.as<std::int64_t>()[r] = best;
        else out.as<T>()[r] = p[best];
        break;
      }
      case Reduction::any:
      case Reduction::all: {
        bool result = kind == Reduction::all;
        for (std::int64_t i = 0; i < n; ++i) {
          const bool v = p[i] != T(0);
          result = kind == Reduction::all ? result && v : result || v;
        }
        out.as<bool>()[r] = result;
        break;
      }
      default: break;
    }
  }
}

std::optional<Array> reduce_plain(Interp& interp, Reduction kind, Array a, const std::vector<std::int64_t>& axes,
                                  bool keepdims, DType dtype) {
  if (a.dtype != dtype) a = cast_to(a, dtype);
  const bool half = dtype == DType::float16;
  if (half) a = cast_to(a, DType::float32);
  StaticShape kept;
  std::int64_t n = 1;
  bool trailing = true;
  const Array arranged = arrange(a, axes, kept, n, trailing);
  if (n == 0 &&
      (kind == Reduction::max || kind == Reduction::min || kind == Reduction::argmax || kind == Reduction::argmin)) {
    fail(interp, "ValueError",
         kind == Reduction::max   ? "zero-size array to reduction operation maximum which has no identity"
         : kind == Reduction::min ? "zero-size array to reduction operation minimum which has no identity"
                                  : "attempt to get argmax of an empty sequence");
    return std::nullopt;
  }
  const bool index = kind == Reduction::argmax || kind == Reduction::argmin;
  const bool boolean = kind == Reduction::any || kind == Reduction::all;
  // numpy walks memory: a reduced last axis is summed pairwise along itself, other axes are added row by row.
  std::int64_t inner = 1;
  if (trailing && a.contiguous()) {
    inner = n;
  } else if (!a.shape.empty() && std::find(axes.begin(), axes.end(), a.rank() - 1) != axes.end()) {
    for (std::int64_t axis = a.rank() - 1; axis >= 0 && std::find(axes.begin(), axes.end(), axis) != axes.end(); --axis)
      inner *= a.shape[static_cast<std::size_t>(axis)];
  }
  inner = std::max<std::int64_t>(inner, 1);
  const Array rows = contiguous_of(arranged);
  Array out = make_array(index ? DType::int64 : boolean ? DType::boolean : a.dtype, kept);
  with_type(a.dtype, [&]<typename T>(T*) {
    if constexpr (!std::is_same_v<T, Half>) fold<T>(kind, rows, out, n, inner);
    return 0;
  });
  if (half && !index && !boolean) out = cast_to(out, DType::float16);
  if (keepdims) {
    StaticShape shape = a.shape;
    for (const std::int64_t axis : axes) shape[static_cast<std::size_t>(axis)] = 1;
    out = reshaped(out, shape);
  }
  return out;
}

}  // namespace

std::optional<Array> reduce(Interp& interp, Reduction kind, const Array& a, const ReduceOptions& options) {
  std::vector<std::int64_t> axes(a.shape.size());
  std::iota(axes.begin(), axes.end(), 0);
  if (options.axes) axes = *options.axes;
  const bool floating = is_float(a.dtype) || is_complex(a.dtype);
  switch (kind) {
    case Reduction::sum:
    case Reduction::prod: {
      DType dtype = a.dtype;
      if (!floating && dtype_size(dtype) < 8) dtype = kind_of(dtype) == 'u' ? DType::uint64 : DType::int64;
      return reduce_plain(interp, kind, a, axes, options.keepdims, options.dtype.value_or(dtype));
    }
    case Reduction::mean:
    case Reduction::var:
    case Reduction::std_dev: {
      DType dtype = options.dtype.value_or(floating ? a.dtype : DType::float64);
      const DType inner = dtype == DType::float16 ? DType::float32 : dtype;
      std::int64_t n = 1;
      for (const std::int64_t axis : axes) n *= a.shape[static_cast<std::size_t>(axis)];
      const Array x = a.dtype == inner ? a : cast_to(a, inner);
      std::optional<Array> sum =
          reduce_plain(interp, Reduction::sum, x, axes, kind != Reduction::mean || options.keepdims, inner);
      if (!sum) return std::nullopt;
      const auto over = [&](const Array& v, double count) {
        return apply(BinaryOp::divide, v, cast_to(make_scalar<double>(DType::float64, count), v.dtype));
      };
      Array mean = over(*sum, static_cast<double>(n));
      if (kind == Reduction::mean) return cast_to(mean, dtype);
      Array centred = apply(BinaryOp::subtract, x, mean);
      Array squared = is_complex(inner) ? apply(UnaryOp::square, apply(UnaryOp::absolute, centred))
                                        : apply(BinaryOp::multiply, centred, centred);
      std::optional<Array> total = reduce_plain(interp, Reduction::sum, squared, axes, options.keepdims, squared.dtype);
      if (!total) return std::nullopt;
      Array variance = over(*total, std::max(static_cast<double>(n) - options.ddof, 0.0));
      if (kind == Reduction::std_dev) variance = apply(UnaryOp::sqrt, variance);
      if (is_complex(dtype)) dtype = variance.dtype;
      return cast_to(variance, dtype);
    }
    default: return reduce_plain(interp, kind, a, axes, options.keepdims, a.dtype);
  }
}

Array cumulate(const Array& a, std::int64_t axis, bool product) {
  Array out = copy_of(a);
  const std::int64_t n = a.shape[static_cast<std::size_t>(axis)];
  std::int64_t inner = 1;
  for (std::size_t i = static_cast<std::size_t>(axis) + 1; i < a.shape.size(); ++i) inner *= a.shape[i];
  const std::int64_t outer = n * inner == 0 ? 0 : a.size() / (n * inner);
  with_type(a.dtype, [&]<typename T>(T*) {
    T* p = out.as<T>();
    for (std::int64_t o = 0; o < outer; ++o) {
      for (std::int64_t i = 1; i < n; ++i) {
        T* row = p + (o * n + i) * inner;
        for (std::int64_t k = 0; k < inner; ++k) {
          if constexpr (std::is_same_v<T, Half>) {
            const float x = half_to_float(row[k - inner].bits);
            const float y = half_to_float(row[k].bits);
            row[k] = Half{float_to_half(product ? x * y : x + y)};
          } else if constexpr (std::is_integral_v<T>) {
            const auto x = static_cast<std::uint64_t>(row[k - inner]);
            const auto y = static_cast<std::uint64_t>(row[k]);
            row[k] = static_cast<T>(product ? x * y : x + y);
          } else {
            row[k] = product ? row[k - inner] * row[k] : row[k - inner] + row[k];
          }
        }
      }
    }
    return 0;
  });
  return out;
}

Array argsort_last(const Array& a) {
  const Array x = contiguous_of(a.dtype == DType::float16 ? cast_to(a, DType::float32) : a);
  Array out = make_array(DType::int64, a.shape);
  const std::int64_t n = a.shape.empty() ? 1 : a.shape.back();
  const std::int64_t rows = n == 0 ? 0 : a.size() / n;
  with_type(x.dtype, [&]<typename T>(T*) {
    if constexpr (!std::is_same_v<T, Half>) {
      for (std::int64_t r = 0; r < rows; ++r) {
        const T* p = x.as<T>() + r * n;
        std::int64_t* o = out.as<std::int64_t>() + r * n;
        std::iota(o, o + n, 0);
        std::stable_sort(o, o + n, [p](std::int64_t i, std::int64_t j) {
          if (is_nan(p[i]) || is_nan(p[j])) return !is_nan(p[i]) && is_nan(p[j]);
          return less_than(p[i], p[j]);
        });
      }
    }
    return 0;
  });
  return out;
}

}  // namespace kedge::frontends
