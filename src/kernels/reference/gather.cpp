// Reading by index. An index outside the array reads zero: kernels cannot fail, and TensorFlow answers so where it does
// not refuse.
#include <cstring>

#include "kernels/reference/tables.h"
#include "kernels/reference/walk.h"

namespace kedge::kernels::reference {

namespace {

void gather(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& out = call.outputs[0];
  if (out.size() == 0) return;
  const std::int64_t axis = normal_axis(call.attrs->integer("axis"), x.rank());
  const std::int64_t batch_dims = call.attrs->integer("batch_dims");
  const std::int64_t batches = product(x.shape, 0, batch_dims);
  const std::int64_t outer = product(x.shape, batch_dims, axis);
  const std::int64_t length = x.shape[static_cast<std::size_t>(axis)];
  const std::int64_t bytes = product(x.shape, axis + 1, x.rank()) * dtype_size(x.dtype);
  const Input<std::int64_t> indices(call.inputs[1]);
  const std::int64_t per_batch = product(call.inputs[1].shape, batch_dims, call.inputs[1].rank());
  std::byte* target = out.data;
  for (std::int64_t b = 0; b < batches; ++b) {
    for (std::int64_t o = 0; o < outer; ++o) {
      const std::byte* source = x.data + (b * outer + o) * length * bytes;
      for (std::int64_t i = 0; i < per_batch; ++i, target += bytes) {
        const std::int64_t index = indices.data()[b * per_batch + i];
        if (index >= 0 && index < length) std::memcpy(target, source + index * bytes, static_cast<std::size_t>(bytes));
        else std::memset(target, 0, static_cast<std::size_t>(bytes));
      }
    }
  }
}

void gather_nd(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& index_view = call.inputs[1];
  const TensorView& out = call.outputs[0];
  if (out.size() == 0) return;
  const std::int64_t batch_dims = call.attrs->integer("batch_dims");
  const std::int64_t depth = index_view.shape.back();
  const std::int64_t batches = product(x.shape, 0, batch_dims);
  const std::int64_t per_batch = product(index_view.shape, batch_dims, index_view.rank() - 1);
  const std::int64_t bytes = product(x.shape, batch_dims + depth, x.rank()) * dtype_size(x.dtype);
  const std::vector<std::int64_t> strides = dense_strides(x.shape);
  const std::int64_t batch_size = product(x.shape, batch_dims, x.rank());
  const Input<std::int64_t> indices(index_view);
  std::byte* target = out.data;
  for (std::int64_t b = 0; b < batches; ++b) {
    for (std::int64_t i = 0; i < per_batch; ++i, target += bytes) {
      const std::int64_t* index = indices.data() + (b * per_batch + i) * depth;
      std::int64_t at = b * batch_size;
      bool inside = true;
      for (std::int64_t d = 0; d < depth; ++d) {
        const auto dim = static_cast<std::size_t>(batch_dims + d);
        inside = inside && index[d] >= 0 && index[d] < x.shape[dim];
        if (inside) at += index[d] * strides[dim];
      }
      if (inside) std::memcpy(target, x.data + at * dtype_size(x.dtype), static_cast<std::size_t>(bytes));
      else std::memset(target, 0, static_cast<std::size_t>(bytes));
    }
  }
}

constexpr Entry kGather[] = {{"gather", gather}, {"gather_nd", gather_nd}};

}  // namespace

std::span<const Entry> gather_kernels() { return kGather; }

}  // namespace kedge::kernels::reference
