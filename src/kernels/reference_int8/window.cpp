// Convolution and pooling on int8.
#include <vector>

#include "kernels/reference_int8/fixed_point.h"
#include "kernels/reference_int8/tables.h"

namespace kedge::kernels::int8 {
namespace {

using Ints = std::vector<std::int64_t>;

Ints ints_of(const Attrs& attrs, std::string_view name, const Ints& fallback) {
  const AttrValue* found = attrs.find(name);
  return found != nullptr ? std::get<Ints>(*found) : fallback;
}

/// One dimension of a sliding window.
struct Axis {
  std::int64_t in, out, size, stride, dilation, before;
  std::int64_t source(std::int64_t o, std::int64_t k) const { return o * stride - before + k * dilation; }
};

Axis axis_of(const Call& call, std::size_t d, std::int64_t size) {
  const Attrs& attrs = *call.attrs;
  const TensorView& x = call.inputs[0];
  const TensorView& y = call.outputs[0];
  Axis axis{
      x.shape[d + 1], y.shape[d + 1], size, attrs.integers("strides")[d], ints_of(attrs, "dilations", {1, 1})[d], 0};
  if (attrs.text("padding") == "same") {
    const std::int64_t total = (axis.out - 1) * axis.stride + (size - 1) * axis.dilation + 1 - axis.in;
    axis.before = std::max<std::int64_t>(total, 0) / 2;
  } else if (attrs.text("padding") == "explicit") {
    axis.before = ints_of(attrs, "pads", {0, 0, 0, 0})[2 * d];
  }
  return axis;
}

std::vector<Multiplier> channel_multipliers(const TensorView& x, const TensorView& filter, const TensorView& y,
                                            std::int64_t channels) {
  std::vector<Multiplier> out;
  for (std::int64_t c = 0; c < channels; ++c) {
    const double real = static_cast<double>(scale_of(x)) *
                        static_cast<double>(scale_of(filter, static_cast<std::size_t>(c))) /
                        static_cast<double>(scale_of(y));
    out.push_back(make_multiplier(real));
  }
  return out;
}

const std::int32_t* bias_of(const Call& call) {
  return call.inputs.size() > 2 && call.inputs[2].data != nullptr ? call.inputs[2].as<std::int32_t>() : nullptr;
}

// Filter [kh, kw, cin / groups, cout].
void conv2d(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& filter = call.inputs[1];
  const TensorView& y = call.outputs[0];
  const std::int64_t cin = x.shape[3];
  const std::int64_t per_group = filter.shape[2];
  const std::int64_t cout = filter.shape[3];
  const std::int64_t out_each = cout / (cin / per_group);
  const Axis rows = axis_of(call, 0, filter.shape[0]);
  const Axis columns = axis_of(call, 1, filter.shape[1]);
  const std::vector<Multiplier> multipliers = channel_multipliers(x, filter, y, cout);
  const std::int32_t* bias = bias_of(call);
  const Clamp clamp = clamp_of(*call.attrs, y);
  const std::int32_t x_zero = zero_of(x);
  const std::int32_t y_zero = zero_of(y);
  const std::int8_t* source = x.as<std::int8_t>();
  const std::int8_t* weights = filter.as<std::int8_t>();
  std::int8_t* target = y.as<std::int8_t>();
  std::vector<std::int32_t> sums(static_cast<std::size_t>(cout));
  for (std::int64_t n = 0; n < x.shape[0]; ++n) {
    for (std::int64_t oy = 0; oy < rows.out; ++oy) {
      for (std::int64_t ox = 0; ox < columns.out; ++ox) {
        std::fill(sums.begin(), sums.end(), 0);
        for (std::int64_t ky = 0; ky < rows.size; ++ky) {
          const std::int64_t iy = rows.source(oy, ky);
          if (iy < 0 || iy >= rows.in) continue;
          for (std::int64_t kx = 0; kx < columns.size; ++kx) {
            const std::int64_t ix = columns.source(ox, kx);
            if (ix < 0 || ix >= columns.in) continue;
            const std::int8_t* pixel = source + ((n * rows.in + iy) * columns.in + ix) * cin;
            const std::int8_t* tap = weights + (ky * columns.size + kx) * per_group * cout;
            for (std::int64_t c = 0; c < per_group; ++c) {
              for (std::int64_t o = 0; o < cout; ++o) {
                const std::int32_t value = pixel[(o / out_each) * per_group + c] - x_zero;
                sums[static_cast<std::size_t>(o)] += value * tap[c * cout + o];
              }
            }
          }
        }
        for (std::int64_t o = 0; o < cout; ++o) {
          const std::int32_t sum = sums[static_cast<std::size_t>(o)] + (bias != nullptr ? bias[o] : 0);
          *target++ = clamp(multiply(sum, multipliers[static_cast<std::size_t>(o)]) + y_zero);
        }
      }
    }
  }
}

// Filter [kh, kw, c, m]; output channel c * m + m'.
void depthwise_conv2d(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& filter = call.inputs[1];
  const TensorView& y = call.outputs[0];
  const std::int64_t channels = x.shape[3];
  const std::int64_t multiple = filter.shape[3];
  const std::int64_t cout = channels * multiple;
  const Axis rows = axis_of(call, 0, filter.shape[0]);
  const Axis columns = axis_of(call, 1, filter.shape[1]);
  const std::vector<Multiplier> multipliers = channel_multipliers(x, filter, y, cout);
  const std::int32_t* bias = bias_of(call);
  const Clamp clamp = clamp_of(*call.attrs, y);
  const std::int8_t* source = x.as<std::int8_t>();
  const std::int8_t* weights = filter.as<std::int8_t>();
  std::int8_t* target = y.as<std::int8_t>();
  for (std::int64_t n = 0; n < x.shape[0]; ++n) {
    for (std::int64_t oy = 0; oy < rows.out; ++oy) {
      for (std::int64_t ox = 0; ox < columns.out; ++ox) {
        for (std::int64_t o = 0; o < cout; ++o) {
          std::int32_t sum = bias != nullptr ? bias[o] : 0;
          for (std::int64_t ky = 0; ky < rows.size; ++ky) {
            const std::int64_t iy = rows.source(oy, ky);
            if (iy < 0 || iy >= rows.in) continue;
            for (std::int64_t kx = 0; kx < columns.size; ++kx) {
              const std::int64_t ix = columns.source(ox, kx);
              if (ix < 0 || ix >= columns.in) continue;
              const std::int32_t value =
                  source[((n * rows.in + iy) * columns.in + ix) * channels + o / multiple] - zero_of(x);
              sum += value * weights[(ky * columns.size + kx) * cout + o];
            }
          }
          *target++ = clamp(multiply(sum, multipliers[static_cast<std::size_t>(o)]) + zero_of(y));
        }
      }
    }
  }
}

// Filter [kh, kw, cout, cin]: every input pixel is spread over the output.
void conv2d_transpose(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& filter = call.inputs[1];
  const TensorView& y = call.outputs[0];
  const Attrs& attrs = *call.attrs;
  const std::int64_t cin = x.shape[3];
  const std::int64_t cout = filter.shape[2];
  const std::int64_t size[2] = {filter.shape[0], filter.shape[1]};
  std::int64_t before[2] = {0, 0};
  for (std::size_t d = 0; d < 2; ++d) {
    const std::int64_t stride = attrs.integers("strides")[d];
    if (attrs.text("padding") == "same")
      before[d] =
          std::max<std::int64_t>(0, ((y.shape[d + 1] + stride - 1) / stride - 1) * stride + size[d] - y.shape[d + 1]) /
          2;
    if (attrs.text("padding") == "explicit") before[d] = ints_of(attrs, "pads", {0, 0, 0, 0})[2 * d];
  }
  const std::vector<Multiplier> multipliers = channel_multipliers(x, filter, y, cout);
  const std::int32_t* bias = bias_of(call);
  std::vector<std::int32_t> sums(static_cast<std::size_t>(y.size()), 0);
  const std::int8_t* source = x.as<std::int8_t>();
  const std::int8_t* weights = filter.as<std::int8_t>();
  for (std::int64_t n = 0; n < x.shape[0]; ++n) {
    for (std::int64_t iy = 0; iy < x.shape[1]; ++iy) {
      for (std::int64_t ix = 0; ix < x.shape[2]; ++ix) {
        for (std::int64_t ky = 0; ky < size[0]; ++ky) {
          const std::int64_t oy = iy * attrs.integers("strides")[0] - before[0] + ky;
          if (oy < 0 || oy >= y.shape[1]) continue;
          for (std::int64_t kx = 0; kx < size[1]; ++kx) {
            const std::int64_t ox = ix * attrs.integers("strides")[1] - before[1] + kx;
            if (ox < 0 || ox >= y.shape[2]) continue;
            std::int32_t* sum = sums.data() + ((n * y.shape[1] + oy) * y.shape[2] + ox) * cout;
            const std::int8_t* pixel = source + ((n * x.shape[1] + iy) * x.shape[2] + ix) * cin;
            const std::int8_t* tap = weights + (ky * size[1] + kx) * cout * cin;
            for (std::int64_t o = 0; o < cout; ++o)
              for (std::int64_t c = 0; c < cin; ++c) sum[o] += (pixel[c] - zero_of(x)) * tap[o * cin + c];
          }
        }
      }
    }
  }
  const Clamp clamp = clamp_of(attrs, y);
  std::int8_t* target = y.as<std::int8_t>();
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const std::size_t o = i % static_cast<std::size_t>(cout);
    target[i] = clamp(multiply(sums[i] + (bias != nullptr ? bias[o] : 0), multipliers[o]) + zero_of(y));
  }
}

template <bool kMax>
void pool2d(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& y = call.outputs[0];
  const Ints& window = call.attrs->integers("window");
  const Axis rows = axis_of(call, 0, window[0]);
  const Axis columns = axis_of(call, 1, window[1]);
  const std::int64_t channels = x.shape[3];
  const std::int8_t* source = x.as<std::int8_t>();
  std::int8_t* target = y.as<std::int8_t>();
  for (std::int64_t n = 0; n < x.shape[0]; ++n) {
    for (std::int64_t oy = 0; oy < rows.out; ++oy) {
      for (std::int64_t ox = 0; ox < columns.out; ++ox) {
        for (std::int64_t c = 0; c < channels; ++c) {
          std::int32_t sum = 0;
          std::int32_t largest = -128;
          std::int32_t count = 0;
          for (std::int64_t ky = 0; ky < rows.size; ++ky) {
            const std::int64_t iy = rows.source(oy, ky);
            if (iy < 0 || iy >= rows.in) continue;
            for (std::int64_t kx = 0; kx < columns.size; ++kx) {
              const std::int64_t ix = columns.source(ox, kx);
              if (ix < 0 || ix >= columns.in) continue;
              const std::int32_t value = source[((n * rows.in + iy) * columns.in + ix) * channels + c];
              sum += value;
              largest = std::max(largest, value);
              ++count;
            }
          }
          if (count == 0) count = 1;
          const std::int32_t mean = sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
          *target++ = saturate8(kMax ? largest : mean);
        }
      }
    }
  }
}

constexpr Entry kEntries[] = {{"conv2d", conv2d},
                              {"depthwise_conv2d", depthwise_conv2d},
                              {"conv2d_transpose", conv2d_transpose},
                              {"max_pool2d", pool2d<true>},
                              {"avg_pool2d", pool2d<false>}};

}  // namespace

std::span<const Entry> window_kernels() { return kEntries; }

}  // namespace kedge::kernels::int8
