// Addition, multiplication and the like on int8, and the change of scale.
#include <vector>

#include "kernels/reference_int8/fixed_point.h"
#include "kernels/reference_int8/tables.h"

namespace kedge::kernels::int8 {
namespace {

/// Where the operand's element for each output element lies: broadcasting, numpy style.
class Broadcast {
 public:
  Broadcast(const TensorView& operand, const TensorView& out)
      : shape_(out.shape.begin(), out.shape.end()), strides_(shape_.size(), 0), index_(shape_.size(), 0) {
    std::int64_t stride = 1;
    for (std::size_t d = 0; d < operand.shape.size(); ++d) {
      const std::size_t at = operand.shape.size() - 1 - d;
      const std::size_t to = shape_.size() - 1 - d;
      if (operand.shape[at] != 1) strides_[to] = stride;
      stride *= operand.shape[at];
    }
  }
  std::int64_t next() {
    const std::int64_t here = offset_;
    for (std::size_t d = shape_.size(); d-- > 0;) {
      offset_ += strides_[d];
      if (++index_[d] < shape_[d]) break;
      offset_ -= strides_[d] * shape_[d];
      index_[d] = 0;
    }
    return here;
  }

 private:
  std::vector<std::int64_t> shape_;
  std::vector<std::int64_t> strides_;
  std::vector<std::int64_t> index_;
  std::int64_t offset_ = 0;
};

template <typename Fn>
void for_each_pair(const Call& call, Fn fn) {
  const TensorView& y = call.outputs[0];
  Broadcast left(call.inputs[0], y);
  Broadcast right(call.inputs[1], y);
  const std::int8_t* a = call.inputs[0].as<std::int8_t>();
  const std::int8_t* b = call.inputs[1].as<std::int8_t>();
  std::int8_t* target = y.as<std::int8_t>();
  for (std::int64_t i = 0, total = y.size(); i < total; ++i) target[i] = fn(a[left.next()], b[right.next()]);
}

/// Both operands at half the larger scale, with `bits` bits of fraction.
struct CommonScale {
  Multiplier a, b;
  double twice_larger;
  CommonScale(const Call& call) {
    const float larger = 2 * std::max(scale_of(call.inputs[0]), scale_of(call.inputs[1]));
    twice_larger = static_cast<double>(larger);
    a = make_multiplier(static_cast<double>(scale_of(call.inputs[0])) / twice_larger);
    b = make_multiplier(static_cast<double>(scale_of(call.inputs[1])) / twice_larger);
  }
};

template <int kSign>
void add_or_sub(const Call& call) {
  constexpr int kBits = 20;
  const CommonScale common(call);
  const Multiplier back = make_multiplier(
      common.twice_larger / static_cast<double>(static_cast<float>(1 << kBits) * scale_of(call.outputs[0])));
  const std::int32_t za = zero_of(call.inputs[0]);
  const std::int32_t zb = zero_of(call.inputs[1]);
  const std::int32_t zy = zero_of(call.outputs[0]);
  for_each_pair(call, [&](std::int32_t a, std::int32_t b) {
    const std::int32_t left = multiply((a - za) * (1 << kBits), common.a);
    const std::int32_t right = multiply((b - zb) * (1 << kBits), common.b);
    return saturate8(multiply(left + kSign * right, back) + zy);
  });
}

void mul(const Call& call) {
  const Multiplier back = make_multiplier(
      static_cast<double>(scale_of(call.inputs[0]) * scale_of(call.inputs[1]) / scale_of(call.outputs[0])));
  const std::int32_t za = zero_of(call.inputs[0]);
  const std::int32_t zb = zero_of(call.inputs[1]);
  const std::int32_t zy = zero_of(call.outputs[0]);
  for_each_pair(call,
                [&](std::int32_t a, std::int32_t b) { return saturate8(multiply((a - za) * (b - zb), back) + zy); });
}

void squared_difference(const Call& call) {
  constexpr int kBits = 7;
  const CommonScale common(call);
  const Multiplier back =
      make_multiplier(common.twice_larger * common.twice_larger /
                      static_cast<double>(static_cast<float>(1 << (2 * kBits)) * scale_of(call.outputs[0])));
  const std::int32_t za = zero_of(call.inputs[0]);
  const std::int32_t zb = zero_of(call.inputs[1]);
  const std::int32_t zy = zero_of(call.outputs[0]);
  for_each_pair(call, [&](std::int32_t a, std::int32_t b) {
    const std::int32_t difference =
        multiply((a - za) * (1 << kBits), common.a) - multiply((b - zb) * (1 << kBits), common.b);
    return saturate8(multiply(difference * difference, back) + zy);
  });
}

// max and min compare the integers, which have one scale.
void max(const Call& call) {
  for_each_pair(call, [](std::int8_t a, std::int8_t b) { return std::max(a, b); });
}
void min(const Call& call) {
  for_each_pair(call, [](std::int8_t a, std::int8_t b) { return std::min(a, b); });
}

std::int32_t load(const TensorView& view, std::int64_t i) {
  switch (view.dtype) {
    case DType::int8: return view.as<std::int8_t>()[i];
    case DType::uint8: return view.as<std::uint8_t>()[i];
    case DType::int16: return view.as<std::int16_t>()[i];
    default: return view.as<std::int32_t>()[i];
  }
}

void requantize(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& y = call.outputs[0];
  const Multiplier ratio = make_multiplier(static_cast<double>(scale_of(x)) / static_cast<double>(scale_of(y)));
  for (std::int64_t i = 0, total = y.size(); i < total; ++i) {
    const std::int32_t value = multiply(load(x, i) - zero_of(x), ratio) + zero_of(y);
    if (y.dtype == DType::uint8) y.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
    else if (y.dtype == DType::int16)
      y.as<std::int16_t>()[i] = static_cast<std::int16_t>(std::clamp(value, -32768, 32767));
    else if (y.dtype == DType::int32) y.as<std::int32_t>()[i] = value;
    else y.as<std::int8_t>()[i] = saturate8(value);
  }
}

// relu that changes the scale on the way.
template <bool kSix>
void relu(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& y = call.outputs[0];
  const Multiplier ratio = make_multiplier(static_cast<double>(scale_of(x) / scale_of(y)));
  const std::int32_t low = std::max(-128, zero_of(y));
  const std::int32_t high =
      kSix ? std::min(127, zero_of(y) + static_cast<std::int32_t>(std::round(6.0F / scale_of(y)))) : 127;
  for (std::int64_t i = 0, total = y.size(); i < total; ++i) {
    const std::int32_t value = multiply(x.as<std::int8_t>()[i] - zero_of(x), ratio) + zero_of(y);
    y.as<std::int8_t>()[i] = static_cast<std::int8_t>(std::clamp(value, low, std::max(low, high)));
  }
}

void leaky_relu(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& y = call.outputs[0];
  const float alpha = static_cast<float>(call.attrs->real("alpha"));
  const double slope = static_cast<double>(scale_of(x) * alpha / scale_of(y));
  const Multiplier below = make_multiplier(std::abs(slope));
  const Multiplier above = make_multiplier(static_cast<double>(scale_of(x) / scale_of(y)));
  for (std::int64_t i = 0, total = y.size(); i < total; ++i) {
    const std::int32_t value = x.as<std::int8_t>()[i] - zero_of(x);
    const std::int32_t scaled = value >= 0 ? multiply(value, above) : (slope < 0 ? -1 : 1) * multiply(value, below);
    y.as<std::int8_t>()[i] = saturate8(scaled + zero_of(y));
  }
}

constexpr Entry kEntries[] = {{"add", add_or_sub<1>},
                              {"sub", add_or_sub<-1>},
                              {"mul", mul},
                              {"squared_difference", squared_difference},
                              {"max", max},
                              {"min", min},
                              {"requantize", requantize},
                              {"relu", relu<false>},
                              {"relu6", relu<true>},
                              {"leaky_relu", leaky_relu}};

}  // namespace

std::span<const Entry> elementwise_kernels() { return kEntries; }

}  // namespace kedge::kernels::int8
