// Discrete Fourier transforms, in double precision, and complex numbers from and to their parts. Lengths that are a
// power of two go by halving (Cooley and Tukey); all others are a convolution of such a length (Bluestein).
#include <bit>
#include <numbers>

#include "kernels/reference/lanes.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

/// exp(-pi i k / half), `k` reduced first so that long lengths stay exact.
Complex unit_root(std::int64_t k, std::int64_t half) {
  return std::polar(1.0, -std::numbers::pi * static_cast<double>(k % (2 * half)) / static_cast<double>(half));
}

/// Transforms one length again and again.
class Transform {
 public:
  explicit Transform(std::int64_t length)
      : length_(length),
        padded_(static_cast<std::int64_t>(
            std::bit_ceil(static_cast<std::uint64_t>(direct(length) ? length : 2 * length)))) {
    for (std::int64_t k = 0; k < padded_ / 2; ++k) roots_.push_back(unit_root(k, padded_ / 2));
    if (direct(length)) return;
    for (std::int64_t k = 0; k < length; ++k) chirp_.push_back(unit_root(k * k % (2 * length), length));
    filter_.assign(static_cast<std::size_t>(padded_), 0);
    for (std::int64_t k = 0; k < length; ++k) {
      filter_[static_cast<std::size_t>(k)] = std::conj(chirp_[static_cast<std::size_t>(k)]);
      if (k > 0) filter_[static_cast<std::size_t>(padded_ - k)] = filter_[static_cast<std::size_t>(k)];
    }
    halve(filter_);
  }

  void run(std::vector<Complex>& x) const {
    if (chirp_.empty()) return halve(x);
    std::vector<Complex> wide(static_cast<std::size_t>(padded_), 0);
    for (std::size_t k = 0; k < chirp_.size(); ++k) wide[k] = x[k] * chirp_[k];
    halve(wide);
    // The way back is the same transform of the conjugate.
    for (std::size_t k = 0; k < wide.size(); ++k) wide[k] = std::conj(wide[k] * filter_[k]);
    halve(wide);
    const double scale = 1.0 / static_cast<double>(padded_);
    for (std::size_t k = 0; k < chirp_.size(); ++k) x[k] = std::conj(wide[k]) * scale * chirp_[k];
  }

 private:
  static bool direct(std::int64_t length) { return std::has_single_bit(static_cast<std::uint64_t>(length)); }

  /// In place, for padded_ elements.
  void halve(std::vector<Complex>& x) const {
    const std::size_t n = x.size();
    for (std::size_t i = 1, mirrored = 0; i < n; ++i) {
      std::size_t bit = n >> 1U;
      for (; (mirrored & bit) != 0; bit >>= 1U) mirrored ^= bit;
      mirrored ^= bit;
      if (i < mirrored) std::swap(x[i], x[mirrored]);
    }
    for (std::size_t half = 1; half < n; half *= 2) {
      const std::size_t step = n / (2 * half);
      for (std::size_t first = 0; first < n; first += 2 * half) {
        for (std::size_t k = 0; k < half; ++k) {
          const Complex odd = x[first + half + k] * roots_[k * step];
          x[first + half + k] = x[first + k] - odd;
          x[first + k] += odd;
        }
      }
    }
  }

  std::int64_t length_;
  std::int64_t padded_;
  std::vector<Complex> roots_, chirp_, filter_;
};

void dft(const Call& call) {
  const TensorView& shape = call.inputs[0];
  const Lanes lanes(shape.shape, call.attrs->integer("axis"));
  if (lanes.count() == 0 || lanes.length == 0) return;
  const Input<double> real(call.inputs[0]), imag(call.inputs[1]);
  Output<double> out_real(call.outputs[0]), out_imag(call.outputs[1]);
  const bool inverse = call.attrs->flag("inverse");
  const double sign = inverse ? -1 : 1;
  const double scale = inverse ? 1.0 / static_cast<double>(lanes.length) : 1;
  const Transform transform(lanes.length);
  std::vector<Complex> lane(static_cast<std::size_t>(lanes.length));
  for (std::int64_t k = 0; k < lanes.count(); ++k) {
    const std::int64_t start = lanes.start(k);
    bool is_real = true;
    for (std::int64_t i = 0; i < lanes.length; ++i) {
      const std::int64_t at = start + i * lanes.inner;
      lane[static_cast<std::size_t>(i)] = {real.data()[at], sign * imag.data()[at]};
      is_real = is_real && imag.data()[at] == 0;
    }
    transform.run(lane);
    for (std::int64_t i = 0; i < lanes.length; ++i) {
      const std::int64_t at = start + i * lanes.inner;
      out_real.data()[at] = lane[static_cast<std::size_t>(i)].real() * scale;
      // The sum and the alternating sum of real numbers are real to the last bit: a phase must not depend on rounding.
      const bool exact = is_real && (i == 0 || 2 * i == lanes.length);
      out_imag.data()[at] = exact ? 0 : lane[static_cast<std::size_t>(i)].imag() * scale * sign;
    }
  }
  out_real.commit();
  out_imag.commit();
}

void make_complex(const Call& call) {
  const Input<double> real(call.inputs[0]), imag(call.inputs[1]);
  Output<Complex> out(call.outputs[0]);
  for (std::int64_t i = 0; i < call.outputs[0].size(); ++i) out.data()[i] = {real.data()[i], imag.data()[i]};
  out.commit();
}

template <bool kReal>
void part(const Call& call) {
  const Input<Complex> z(call.inputs[0]);
  Output<double> out(call.outputs[0]);
  for (std::int64_t i = 0; i < call.outputs[0].size(); ++i)
    out.data()[i] = kReal ? z.data()[i].real() : z.data()[i].imag();
  out.commit();
}

constexpr Entry kFourier[] = {{"dft", dft}, {"complex", make_complex}, {"real", part<true>}, {"imag", part<false>}};

}  // namespace

std::span<const Entry> fourier_kernels() { return kFourier; }

}  // namespace kedge::kernels::reference
