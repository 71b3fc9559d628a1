// softmax and log_softmax along one axis; the greatest element is taken off first.
#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/reference/lanes.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

template <typename T, bool kLog>
void softmax_lane(T* lane, std::int64_t length) {
  T greatest = -std::numeric_limits<T>::infinity();
  for (std::int64_t i = 0; i < length; ++i) greatest = std::max(greatest, lane[i]);
  double total = 0;
  for (std::int64_t i = 0; i < length; ++i) {
    const T power = std::exp(lane[i] - greatest);
    total += static_cast<double>(power);
    lane[i] = kLog ? lane[i] - greatest : power;
  }
  if (kLog) {
    const T shift = static_cast<T>(std::log(total));
    for (std::int64_t i = 0; i < length; ++i) lane[i] -= shift;
    return;
  }
  for (std::int64_t i = 0; i < length; ++i) lane[i] = static_cast<T>(static_cast<double>(lane[i]) / total);
}

template <bool kLog>
void softmax(const Call& call) {
  const TensorView& in = call.inputs[0];
  const TensorView& out = call.outputs[0];
  const Lanes lanes(in.shape, call.attrs->integer("axis"));
  with_float(in.dtype, [&](auto t) {
    using T = decltype(t);
    const Input<T> x(in);
    Output<T> result(out);
    std::vector<T> lane(static_cast<std::size_t>(lanes.length));
    for (std::int64_t k = 0; k < lanes.count(); ++k) {
      const std::int64_t start = lanes.start(k);
      for (std::int64_t i = 0; i < lanes.length; ++i)
        lane[static_cast<std::size_t>(i)] = x.data()[start + i * lanes.inner];
      softmax_lane<T, kLog>(lane.data(), lanes.length);
      for (std::int64_t i = 0; i < lanes.length; ++i)
        result.data()[start + i * lanes.inner] = lane[static_cast<std::size_t>(i)];
    }
    result.commit();
  });
}

constexpr Entry kSoftmax[] = {{"softmax", softmax<false>}, {"log_softmax", softmax<true>}};

}  // namespace

std::span<const Entry> softmax_kernels() { return kSoftmax; }

}  // namespace kedge::kernels::reference
