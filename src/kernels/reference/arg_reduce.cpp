// argmax and argmin: the first index among equals; a NaN never wins.
#include "kernels/reference/lanes.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

template <bool kMax>
void arg_extreme(const Call& call) {
  const TensorView& in = call.inputs[0];
  const TensorView& out = call.outputs[0];
  const Lanes lanes(in.shape, call.attrs->integer("axis"));
  with_real(in.dtype, [&](auto t) {
    using T = decltype(t);
    std::vector<T> lane(static_cast<std::size_t>(lanes.length));
    for (std::int64_t k = 0; k < lanes.count(); ++k) {
      load<T>(in.dtype, in.data, lanes.start(k), lanes.inner, lanes.length, lane.data());
      std::int64_t best = 0;
      for (std::int64_t i = 1; i < lanes.length; ++i) {
        const T value = lane[static_cast<std::size_t>(i)];
        const T held = lane[static_cast<std::size_t>(best)];
        // NOLINTNEXTLINE(misc-redundant-expression): a NaN
        if ((kMax ? value > held : value < held) || (held != held && value == value)) best = i;
      }
      store<std::int64_t>(out.dtype, out.data, k, 1, &best);
    }
  });
}

constexpr Entry kArgReduce[] = {{"argmax", arg_extreme<true>}, {"argmin", arg_extreme<false>}};

}  // namespace

std::span<const Entry> arg_reduce_kernels() { return kArgReduce; }

}  // namespace kedge::kernels::reference
