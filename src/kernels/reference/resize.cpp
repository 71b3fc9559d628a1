// Resizing of images, as tf.image.resize (half_pixel) and its older forms do it. Every method but `nearest` is a
// weighted sum along each axis in turn: a table says which input rows an output row mixes.
#include <algorithm>
#include <cmath>

#include "kernels/reference/copy.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

enum class Method { nearest, bilinear, bicubic, area, lanczos3, lanczos5, gaussian, mitchell };

Method method_of(std::string_view name) {
  if (name == "nearest") return Method::nearest;
  if (name == "bicubic") return Method::bicubic;
  if (name == "area") return Method::area;
  if (name == "lanczos3") return Method::lanczos3;
  if (name == "lanczos5") return Method::lanczos5;
  if (name == "gaussian") return Method::gaussian;
  if (name == "mitchellcubic") return Method::mitchell;
  return Method::bilinear;
}

struct Rules {
  Method method = Method::bilinear;
  bool align_corners = false;
  bool half_pixel = true;
  bool antialias = false;
};

struct Tap {
  std::int64_t index;
  float weight;
};
using Taps = std::vector<std::vector<Tap>>;

float step_of(std::int64_t in, std::int64_t out, bool align_corners) {
  if (align_corners && out > 1) return static_cast<float>(in - 1) / static_cast<float>(out - 1);
  return static_cast<float>(in) / static_cast<float>(out);
}

/// Where an output position falls in the input.
float position_of(std::int64_t at, float step, const Rules& rules) {
  if (rules.half_pixel) return (static_cast<float>(at) + 0.5F) * step - 0.5F;
  return static_cast<float>(at) * step;
}

std::vector<std::int64_t> nearest_map(std::int64_t in, std::int64_t out, const Rules& rules) {
  const float step = step_of(in, out, rules.align_corners);
  std::vector<std::int64_t> map(static_cast<std::size_t>(out));
  for (std::int64_t i = 0; i < out; ++i) {
    const float position = rules.half_pixel ? (static_cast<float>(i) + 0.5F) * step : static_cast<float>(i) * step;
    const float chosen = rules.align_corners ? std::round(position) : std::floor(position);
    map[static_cast<std::size_t>(i)] = std::clamp<std::int64_t>(static_cast<std::int64_t>(chosen), 0, in - 1);
  }
  return map;
}

Taps bilinear_taps(std::int64_t in, std::int64_t out, const Rules& rules) {
  const float step = step_of(in, out, rules.align_corners);
  Taps taps(static_cast<std::size_t>(out));
  for (std::int64_t i = 0; i < out; ++i) {
    const float position = position_of(i, step, rules);
    const float floor = std::floor(position);
    const std::int64_t low = std::max<std::int64_t>(static_cast<std::int64_t>(floor), 0);
    const std::int64_t high = std::min(static_cast<std::int64_t>(std::ceil(position)), in - 1);
    const float weight = position - floor;
    taps[static_cast<std::size_t>(i)] = {{std::min(low, in - 1), 1 - weight},
                                         {std::max<std::int64_t>(high, 0), weight}};
  }
  return taps;
}

float cubic(float x, float a) {
  x = std::fabs(x);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

/// TensorFlow's ResizeBicubic rounds the fraction to 1/1024; with half-pixel centres a = -0.5 and taps outside are left
/// out, else a = -0.75 and the border repeats.
Taps bicubic_taps(std::int64_t in, std::int64_t out, const Rules& rules) {
  const float step = step_of(in, out, rules.align_corners);
  const float a = rules.half_pixel ? -0.5F : -0.75F;
  Taps taps(static_cast<std::size_t>(out));
  for (std::int64_t i = 0; i < out; ++i) {
    const float position = position_of(i, step, rules);
    const float floor = std::floor(position);
    const float fraction = static_cast<float>(std::lrint((position - floor) * 1024)) / 1024;
    std::vector<Tap>& list = taps[static_cast<std::size_t>(i)];
    float total = 0;
    for (std::int64_t k = -1; k <= 2; ++k) {
      const std::int64_t index = static_cast<std::int64_t>(floor) + k;
      const std::int64_t inside = std::clamp<std::int64_t>(index, 0, in - 1);
      if (rules.half_pixel && index != inside) continue;
      const float weight = cubic(static_cast<float>(k) - fraction, a);
      list.push_back({inside, weight});
      total += weight;
    }
    if (!rules.half_pixel || std::fabs(total) < 1e-6F) continue;
    for (Tap& tap : list) tap.weight /= total;
  }
  return taps;
}

/// Each output covers `step` inputs and takes their mean.
Taps area_taps(std::int64_t in, std::int64_t out, const Rules& rules) {
  const float step = step_of(in, out, rules.align_corners);
  Taps taps(static_cast<std::size_t>(out));
  for (std::int64_t i = 0; i < out; ++i) {
    const float begin = static_cast<float>(i) * step;
    const float end = static_cast<float>(i + 1) * step;
    for (auto k = static_cast<std::int64_t>(std::floor(begin)); static_cast<float>(k) < end; ++k) {
      const float overlap = std::min(end, static_cast<float>(k + 1)) - std::max(begin, static_cast<float>(k));
      taps[static_cast<std::size_t>(i)].push_back({std::clamp<std::int64_t>(k, 0, in - 1), overlap / step});
    }
  }
  return taps;
}

float lanczos(float x, float radius) {
  constexpr float kPi = 3.14159265358979F;
  x = std::fabs(x);
  if (x > radius) return 0;
  if (x <= 1e-3F) return 1;
  return radius * std::sin(kPi * x) * std::sin(kPi * x / radius) / (kPi * kPi * x * x);
}

float mitchell(float x) {
  x = std::fabs(x);
  if (x >= 2) return 0;
  if (x >= 1) return ((-7.0F / 18 * x + 2) * x - 10.0F / 3) * x + 16.0F / 9;
  return ((7.0F / 6 * x - 2) * x) * x + 8.0F / 9;
}

float filter_value(Method method, float x) {
  switch (method) {
    case Method::lanczos3: return lanczos(x, 3);
    case Method::lanczos5: return lanczos(x, 5);
    case Method::gaussian: return std::fabs(x) >= 1.5F ? 0 : std::exp(-x * x / (2 * 0.5F * 0.5F));
    case Method::mitchell: return mitchell(x);
    case Method::bicubic: return cubic(x, -0.5F);
    default: return std::max(0.0F, 1 - std::fabs(x));
  }
}

float filter_radius(Method method) {
  switch (method) {
    case Method::lanczos3: return 3;
    case Method::lanczos5: return 5;
    case Method::gaussian: return 1.5F;
    case Method::mitchell:
    case Method::bicubic: return 2;
    default: return 1;
  }
}

/// TensorFlow's ScaleAndTranslate: a filter around the sample's centre, widened when it shrinks with antialiasing,
/// normalised.
Taps filter_taps(std::int64_t in, std::int64_t out, const Rules& rules) {
  const float step = step_of(in, out, false);
  const float width = rules.antialias ? std::max(step, 1.0F) : 1.0F;
  const float radius = filter_radius(rules.method) * width;
  Taps taps(static_cast<std::size_t>(out));
  for (std::int64_t i = 0; i < out; ++i) {
    const float centre = (static_cast<float>(i) + 0.5F) * step;
    const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::ceil(centre - radius - 0.5F)));
    const auto last = std::min(in - 1, static_cast<std::int64_t>(std::floor(centre + radius - 0.5F)));
    std::vector<Tap>& list = taps[static_cast<std::size_t>(i)];
    float total = 0;
    for (std::int64_t k = first; k <= last; ++k) {
      const float weight = filter_value(rules.method, (static_cast<float>(k) + 0.5F - centre) / width);
      list.push_back({k, weight});
      total += weight;
    }
    if (std::fabs(total) < 1000 * 1.17549435e-38F) continue;
    for (Tap& tap : list) tap.weight /= total;
  }
  return taps;
}

Taps make_taps(std::int64_t in, std::int64_t out, const Rules& rules) {
  if (rules.method == Method::area) return area_taps(in, out, rules);
  if (rules.method == Method::bilinear && !rules.antialias) return bilinear_taps(in, out, rules);
  if (rules.method == Method::bicubic && !rules.antialias) return bicubic_taps(in, out, rules);
  return filter_taps(in, out, rules);
}

/// out[o][i][k] = sum over the taps of i of weight * in[o][tap][k]
template <typename T>
void mix(const T* in, T* out, std::int64_t outer, std::int64_t in_length, std::int64_t inner, const Taps& taps) {
  for (std::int64_t o = 0; o < outer; ++o) {
    const T* source = in + o * in_length * inner;
    for (const std::vector<Tap>& list : taps) {
      std::fill(out, out + inner, T{});
      for (const Tap& tap : list) {
        const T* row = source + tap.index * inner;
        for (std::int64_t k = 0; k < inner; ++k) out[k] += static_cast<T>(tap.weight) * row[k];
      }
      out += inner;
    }
  }
}

void resize(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& out = call.outputs[0];
  if (out.size() == 0 || x.size() == 0) return;
  const Attrs& attrs = *call.attrs;
  const Rules rules{method_of(attrs.text("method")), attrs.flag("align_corners"), attrs.flag("half_pixel"),
                    attrs.flag("antialias")};
  if (rules.method == Method::nearest) {
    std::vector<std::vector<std::int64_t>> maps(4);
    for (std::size_t d = 0; d < 4; ++d) {
      if (d == 1 || d == 2) {
        maps[d] = nearest_map(x.shape[d], out.shape[d], rules);
        continue;
      }
      for (std::int64_t i = 0; i < x.shape[d]; ++i) maps[d].push_back(i);
    }
    return copy_mapped(x, out, maps, nullptr);
  }
  with_float(out.dtype, [&](auto t) {
    using T = decltype(t);
    const Input<T> values(x);
    Output<T> result(out);
    const std::int64_t channels = x.shape[3];
    std::vector<T> narrow(static_cast<std::size_t>(x.shape[0] * x.shape[1] * out.shape[2] * channels));
    mix<T>(values.data(), narrow.data(), x.shape[0] * x.shape[1], x.shape[2], channels,
           make_taps(x.shape[2], out.shape[2], rules));
    mix<T>(narrow.data(), result.data(), x.shape[0], x.shape[1], out.shape[2] * channels,
           make_taps(x.shape[1], out.shape[1], rules));
    result.commit();
  });
}

constexpr Entry kResize[] = {{"resize", resize}};

}  // namespace

std::span<const Entry> resize_kernels() { return kResize; }

}  // namespace kedge::kernels::reference
