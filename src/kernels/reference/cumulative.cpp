// Running sums and products along an axis.
#include "kernels/reference/lanes.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

template <bool kSum>
void cumulative(const Call& call) {
  const TensorView& in = call.inputs[0];
  const TensorView& out = call.outputs[0];
  const Lanes lanes(in.shape, call.attrs->integer("axis"));
  const bool exclusive = call.attrs->flag("exclusive");
  const bool reverse = call.attrs->flag("reverse");
  const auto run = [&](auto t) {
    using T = decltype(t);  // unsigned for integers: overflow wraps
    Input<T> values(in);
    Output<T> results(out);
    for (std::int64_t k = 0; k < lanes.count(); ++k) {
      const std::int64_t start = lanes.start(k);
      T total = kSum ? T(0) : T(1);
      for (std::int64_t i = 0; i < lanes.length; ++i) {
        const std::int64_t at = start + (reverse ? lanes.length - 1 - i : i) * lanes.inner;
        if (exclusive) results.data()[at] = total;
        total = kSum ? total + values.data()[at] : total * values.data()[at];
        if (!exclusive) results.data()[at] = total;
      }
    }
    results.commit();
  };
  if (is_float(in.dtype)) return run(double{});
  run(std::uint64_t{});
}

constexpr Entry kCumulative[] = {{"cumsum", cumulative<true>}, {"cumprod", cumulative<false>}};

}  // namespace

std::span<const Entry> cumulative_kernels() { return kCumulative; }

}  // namespace kedge::kernels::reference
