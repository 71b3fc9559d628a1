// Arrays out of attributes: iota, one_hot, dims.
#include <cstring>

#include "kernels/reference/lanes.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

namespace {

void iota(const Call& call) {
  const TensorView& out = call.outputs[0];
  const Lanes lanes(out.shape, call.attrs->integer("axis"));
  std::int64_t at = 0;
  for (std::int64_t o = 0; o < lanes.outer; ++o) {
    for (std::int64_t i = 0; i < lanes.length; ++i) {
      for (std::int64_t k = 0; k < lanes.inner; ++k) store<std::int64_t>(out.dtype, out.data, at++, 1, &i);
    }
  }
}

void one_hot(const Call& call) {
  const TensorView& out = call.outputs[0];
  if (out.size() == 0) return;
  std::memset(out.data, 0, static_cast<std::size_t>(out.bytes()));
  const Lanes lanes(out.shape, call.attrs->integer("axis"));
  const Input<std::int64_t> indices(call.inputs[0]);
  const double one = 1;
  for (std::int64_t k = 0; k < lanes.count(); ++k) {
    const std::int64_t index = indices.data()[k];
    if (index >= 0 && index < lanes.length)
      store<double>(out.dtype, out.data, lanes.start(k) + index * lanes.inner, 1, &one);
  }
}

void dims(const Call& call) {
  const TensorView& out = call.outputs[0];
  const std::vector<std::int64_t> values = integers_of(*call.attrs, "values");
  store<std::int64_t>(out.dtype, out.data, 0, out.size(), values.data());
}

constexpr Entry kGenerate[] = {{"iota", iota}, {"one_hot", one_hot}, {"dims", dims}};

}  // namespace

std::span<const Entry> generate_kernels() { return kGenerate; }

}  // namespace kedge::kernels::reference
