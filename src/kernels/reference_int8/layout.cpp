// int8 forms of ops that fill, average or interpolate: padding, means and sums, bilinear resizing.
#include <vector>

#include "kernels/reference_int8/fixed_point.h"
#include "kernels/reference_int8/tables.h"

namespace kedge::kernels::int8 {
namespace {

// The fill of constant padding is a real number; the other modes move values and need no quantization.
void pad(const Call& call) {
  Attrs attrs = *call.attrs;
  if (attrs.text("mode") == "constant") {
    const double real = attrs.real("value");
    const double q = std::isfinite(real) ? std::nearbyint(real / static_cast<double>(scale_of(call.outputs[0]))) +
                                               zero_of(call.outputs[0])
                                         : (real < 0 ? -128.0 : 127.0);
    attrs.set("value", std::clamp(q, -128.0, 127.0));
  }
  Call plain = call;
  plain.attrs = &attrs;
  reference_kernel("pad")(plain);
}

template <bool kMean>
void reduce(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& y = call.outputs[0];
  std::vector<bool> reduced(x.shape.size(), false);
  for (const std::int64_t axis : call.attrs->integers("axes")) reduced[static_cast<std::size_t>(axis)] = true;
  std::int64_t count = 1;
  std::vector<std::int64_t> strides(x.shape.size(), 0);
  std::int64_t stride = 1;
  for (std::size_t d = x.shape.size(); d-- > 0;) {
    if (reduced[d]) {
      count *= x.shape[d];
      continue;
    }
    strides[d] = stride;
    stride *= x.shape[d];
  }
  std::vector<std::int32_t> sums(static_cast<std::size_t>(y.size()), 0);
  std::vector<std::int64_t> index(x.shape.size(), 0);
  std::int64_t at = 0;
  for (std::int64_t i = 0, total = x.size(); i < total; ++i) {
    sums[static_cast<std::size_t>(at)] += x.as<std::int8_t>()[i];
    for (std::size_t d = index.size(); d-- > 0;) {
      at += strides[d];
      if (++index[d] < x.shape[d]) break;
      at -= strides[d] * x.shape[d];
      index[d] = 0;
    }
  }
  Multiplier back = make_multiplier(static_cast<double>(scale_of(x)) / static_cast<double>(scale_of(y)));
  if (kMean && count > 0) {  // the division is folded into the multiplier
    int shift = 0;
    while ((std::int64_t{2} << shift) <= count) ++shift;
    shift = std::min({shift, 32, 31 + back.shift});
    back.mantissa = static_cast<std::int32_t>((std::int64_t{back.mantissa} << shift) / count);
    back.shift -= shift;
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::int32_t centred = static_cast<std::int32_t>(sums[i] - zero_of(x) * count);
    y.as<std::int8_t>()[i] = saturate8(multiply(centred, back) + zero_of(y));
  }
}

/// Positions of bilinear interpolation in 1/1024.
struct Sample {
  std::int32_t at, lower, upper;
};
Sample sample(std::int32_t out, std::int32_t step, bool half_pixel, std::int32_t size) {
  Sample s{};
  s.at = half_pixel ? out * step + step / 2 - 512 : out * step;
  s.lower = std::max(s.at / 1024, 0);
  s.upper = std::min((s.at + 1023) / 1024, size - 1);
  return s;
}
std::int32_t step_of(std::int64_t in, std::int64_t out, bool align) {
  if (align && out > 1) return static_cast<std::int32_t>((1024 * (in - 1) + (out - 1) / 2) / (out - 1));
  return static_cast<std::int32_t>((1024 * in + out / 2) / out);
}

void resize(const Call& call) {
  if (call.attrs->text("method") != "bilinear") return reference_kernel("resize")(call);
  const TensorView& x = call.inputs[0];
  const TensorView& y = call.outputs[0];
  const bool align = call.attrs->flag("align_corners");
  const bool half = call.attrs->flag("half_pixel");
  const std::int32_t rows = step_of(x.shape[1], y.shape[1], align);
  const std::int32_t columns = step_of(x.shape[2], y.shape[2], align);
  const std::int64_t channels = x.shape[3];
  std::int8_t* target = y.as<std::int8_t>();
  for (std::int64_t n = 0; n < y.shape[0]; ++n) {
    const std::int8_t* image = x.as<std::int8_t>() + n * x.shape[1] * x.shape[2] * channels;
    for (std::int32_t oy = 0; oy < y.shape[1]; ++oy) {
      const Sample v = sample(oy, rows, half, static_cast<std::int32_t>(x.shape[1]));
      for (std::int32_t ox = 0; ox < y.shape[2]; ++ox) {
        const Sample h = sample(ox, columns, half, static_cast<std::int32_t>(x.shape[2]));
        const std::int64_t down = v.at - 1024 * v.lower;
        const std::int64_t right = h.at - 1024 * h.lower;
        for (std::int64_t c = 0; c < channels; ++c) {
          const auto pixel = [&](std::int32_t py, std::int32_t px) {
            return std::int64_t{image[(py * x.shape[2] + px) * channels + c]};
          };
          const std::int64_t sum = pixel(v.lower, h.lower) * (1024 - down) * (1024 - right) +
                                   pixel(v.upper, h.lower) * down * (1024 - right) +
                                   pixel(v.lower, h.upper) * (1024 - down) * right +
                                   pixel(v.upper, h.upper) * down * right;
          const std::int64_t half_step = sum > 0 ? 1 << 19 : -(1 << 19);
          *target++ = static_cast<std::int8_t>((sum + half_step) / (1 << 20));
        }
      }
    }
  }
}

constexpr Entry kEntries[] = {
    {"pad", pad}, {"reduce_mean", reduce<true>}, {"reduce_sum", reduce<false>}, {"resize", resize}};

}  // namespace

std::span<const Entry> layout_kernels() { return kEntries; }

}  // namespace kedge::kernels::int8
