// Fourier transforms as matrix products with constants: TensorFlow Lite's own transforms are complex, of real inputs
// only, and few runtimes have them. A length that is a product a * b goes in two stages (Cooley and Tukey): products
// with a matrix of a columns, a turn of every element, products with a matrix of b columns.
#include <cmath>
#include <numbers>

#include "passes/legalize_tflite_emitter.h"

namespace kedge::passes::tflite {
namespace {

/// One stage's matrix grows with the square: a prime length beyond this is refused.
constexpr std::int64_t kLongestStage = 2048;

struct Pair {
  ValueId re = -1;
  ValueId im = -1;  ///< -1: zero
};

/// The divisor of `n` nearest to its root from below; 1 for primes and for lengths that one stage does as well.
std::int64_t first_factor(std::int64_t n) {
  if (n <= 16) return 1;
  for (auto a = static_cast<std::int64_t>(std::sqrt(static_cast<double>(n))); a > 1; --a)
    if (n % a == 0) return a;
  return 1;
}

class Transform {
 public:
  Transform(Emitter& e, bool inverse) : e_(e), sign_(inverse ? 1.0 : -1.0) {}

  /// Along the last axis.
  Pair run(const Pair& x) {
    StaticShape shape = e_.shape(x.re);
    const std::int64_t n = shape.back();
    const std::int64_t a = first_factor(n);
    if (a == 1) return stage(x, n);
    const std::int64_t b = n / a;
    const std::int64_t rows = element_count(shape) / n;
    // Element b * j1 + j2 is at [j1, j2]; the first stage sums over j1, the second over j2.
    Pair y = stage(turned(reshaped(x, {rows, a, b})), a);  // [rows, j2, k1]
    y = rotated(y, b, a, n);
    y = run_second(turned(y), b);  // [rows, k1, k2]
    return reshaped(turned(y), shape);
  }

 private:
  Pair run_second(const Pair& x, std::int64_t b) { return first_factor(b) == 1 ? stage(x, b) : run(x); }

  Pair reshaped(const Pair& x, const StaticShape& to) {
    return {e_.reshape(x.re, to), x.im < 0 ? -1 : e_.reshape(x.im, to)};
  }
  Pair turned(const Pair& x) { return {e_.transpose(x.re, {0, 2, 1}), x.im < 0 ? -1 : e_.transpose(x.im, {0, 2, 1})}; }

  /// The parts side by side times one real matrix, [[C, S], [-S, C]] of the cosines and sines.
  Pair stage(const Pair& x, std::int64_t n) {
    const bool real = x.im < 0;
    const std::int64_t height = real ? n : 2 * n;
    std::vector<float> matrix(static_cast<std::size_t>(height * 2 * n));
    for (std::int64_t j = 0; j < n; ++j) {
      for (std::int64_t k = 0; k < n; ++k) {
        const double turn = sign_ * 2 * std::numbers::pi * static_cast<double>(j * k % n) / static_cast<double>(n);
        const auto c = static_cast<float>(std::cos(turn));
        const auto s = static_cast<float>(std::sin(turn));
        matrix[static_cast<std::size_t>(j * 2 * n + k)] = c;
        matrix[static_cast<std::size_t>(j * 2 * n + n + k)] = s;
        if (real) continue;
        matrix[static_cast<std::size_t>((n + j) * 2 * n + k)] = -s;
        matrix[static_cast<std::size_t>((n + j) * 2 * n + n + k)] = c;
      }
    }
    const std::int64_t last = e_.rank(x.re) - 1;
    const ValueId both = real ? x.re : e_.concat({x.re, x.im}, last);
    const ValueId y = e_.op("matmul", {both, e_.floats({height, 2 * n}, matrix)});
    return {e_.slice_axis(y, last, 0, n), e_.slice_axis(y, last, n, 2 * n)};
  }

  /// Element [j2, k1] times the root of unity of j2 * k1.
  Pair rotated(const Pair& x, std::int64_t rows, std::int64_t columns, std::int64_t n) {
    std::vector<float> cosines, sines;
    for (std::int64_t j = 0; j < rows; ++j) {
      for (std::int64_t k = 0; k < columns; ++k) {
        const double turn = sign_ * 2 * std::numbers::pi * static_cast<double>(j * k % n) / static_cast<double>(n);
        cosines.push_back(static_cast<float>(std::cos(turn)));
        sines.push_back(static_cast<float>(std::sin(turn)));
      }
    }
    const ValueId c = e_.floats({rows, columns}, cosines);
    const ValueId s = e_.floats({rows, columns}, sines);
    return {e_.sub(e_.mul(x.re, c), e_.mul(x.im, s)), e_.add(e_.mul(x.re, s), e_.mul(x.im, c))};
  }

  Emitter& e_;
  double sign_;
};

bool is_zero(const Emitter& e, ValueId id) {
  const Tensor* tensor = e.constant_of(id);
  if (tensor == nullptr) return false;
  for (std::int64_t i = 0; i < tensor->size(); ++i)
    if (tensor->element_as_double(i) != 0) return false;
  return true;
}

/// Where the transform of real numbers is real itself. A rounded sum is not zero, and the angle of such an element
/// would fall on either side.
ValueId real_bins(Emitter& e, std::int64_t n) {
  Tensor bins(DType::boolean, {n});
  auto* flags = reinterpret_cast<std::uint8_t*>(bins.mutable_data());
  flags[0] = 1;
  if (n % 2 == 0) flags[n / 2] = 1;
  return e.constant(std::move(bins));
}

bool too_long(std::int64_t n) {
  const std::int64_t a = first_factor(n);
  return a == 1 ? n > kLongestStage : too_long(n / a);
}

Values dft(Emitter& e, const Values& in, const Attrs& attrs) {
  const StaticShape shape = e.shape(in[0]);
  const std::int64_t rank = e.rank(in[0]);
  const std::int64_t axis = attrs.integer("axis") < 0 ? attrs.integer("axis") + rank : attrs.integer("axis");
  const std::int64_t n = shape[static_cast<std::size_t>(axis)];
  if (e.for_int8()) {
    e.fault("a Fourier transform has no int8 form: its small values would be lost beside the large ones",
            "keep the transform out of the quantized model, or write a float file");
    return {in[0], in[1]};
  }
  if (too_long(n)) {
    e.fault("a Fourier transform of the length " + std::to_string(n) + " would need a matrix of " + std::to_string(n) +
                " columns in TensorFlow Lite",
            "use a length with small factors, such as a power of two");
    return {in[0], in[1]};
  }
  std::vector<std::int64_t> perm;
  for (std::int64_t i = 0; i < rank; ++i)
    if (i != axis) perm.push_back(i);
  perm.push_back(axis);
  std::vector<std::int64_t> back(perm.size());
  for (std::size_t i = 0; i < perm.size(); ++i) back[static_cast<std::size_t>(perm[i])] = static_cast<std::int64_t>(i);
  const auto moved = [&](ValueId v, const std::vector<std::int64_t>& order) {
    return axis == rank - 1 ? v : e.transpose(v, order);
  };
  // A vector becomes a row: matrix products need two axes.
  const auto as_row = [&](ValueId v) { return rank == 1 ? e.reshape(v, {1, n}) : v; };
  const Pair x{as_row(moved(in[0], perm)), is_zero(e, in[1]) ? -1 : as_row(moved(in[1], perm))};
  const bool inverse = attrs.flag("inverse");
  Pair y = Transform(e, inverse).run(x);
  if (x.im < 0) y.im = e.select(real_bins(e, n), e.like(y.im, 0), y.im);
  Values out;
  for (ValueId part : {y.re, y.im}) {
    if (inverse) part = e.mul(part, e.like(part, 1.0 / static_cast<double>(n)));
    out.push_back(moved(rank == 1 ? e.reshape(part, {n}) : part, back));
  }
  return out;
}

}  // namespace

LegalizeFn find_fourier_rule(std::string_view op) { return op == "dft" ? dft : nullptr; }

}  // namespace kedge::passes::tflite
