// Writing by index. Updates outside the array are dropped.
#include <cstring>

#include "kernels/reference/tables.h"
#include "kernels/reference/walk.h"

namespace kedge::kernels::reference {

namespace {

/// Calls body(element offset in the target, number of the update) for every index tuple that lies inside.
template <typename Body>
void for_each_index(const TensorView& index_view, std::span<const std::int64_t> shape, Body body) {
  const std::int64_t depth = index_view.shape.back();
  const std::int64_t count = product(index_view.shape, 0, index_view.rank() - 1);
  const std::vector<std::int64_t> strides = dense_strides(shape);
  const Input<std::int64_t> indices(index_view);
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t at = 0;
    bool inside = true;
    for (std::int64_t d = 0; d < depth && inside; ++d) {
      const std::int64_t index = indices.data()[i * depth + d];
      inside = index >= 0 && index < shape[static_cast<std::size_t>(d)];
      at += index * (inside ? strides[static_cast<std::size_t>(d)] : 0);
    }
    if (inside) body(at, i);
  }
}

/// Elements that one update covers.
std::int64_t update_size(const TensorView& index_view, std::span<const std::int64_t> shape) {
  return product(shape, index_view.shape.back(), static_cast<std::int64_t>(shape.size()));
}

void scatter_nd(const Call& call) {
  const TensorView& out = call.outputs[0];
  const std::int64_t size = update_size(call.inputs[0], out.shape);
  const auto run = [&](auto t) {
    using T = decltype(t);
    const Input<T> updates(call.inputs[1]);
    Output<T> total(out);
    for (std::int64_t i = 0, count = out.size(); i < count; ++i) total.data()[i] = T{};
    for_each_index(call.inputs[0], out.shape, [&](std::int64_t at, std::int64_t number) {
      for (std::int64_t i = 0; i < size; ++i) total.data()[at + i] += updates.data()[number * size + i];
    });
    total.commit();
  };
  if (compute_of(out.dtype) == Compute::f32) return run(float{});
  if (compute_of(out.dtype) == Compute::f64) return run(double{});
  if (compute_of(out.dtype) == Compute::c128) return run(Complex{});
  run(std::uint64_t{});  // unsigned: overflow wraps
}

void scatter_update(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& out = call.outputs[0];
  if (x.bytes() > 0) std::memcpy(out.data, x.data, static_cast<std::size_t>(x.bytes()));
  const std::int64_t element = dtype_size(x.dtype);
  const std::int64_t bytes = update_size(call.inputs[1], x.shape) * element;
  if (bytes == 0) return;
  for_each_index(call.inputs[1], x.shape, [&](std::int64_t at, std::int64_t number) {
    std::memcpy(out.data + at * element, call.inputs[2].data + number * bytes, static_cast<std::size_t>(bytes));
  });
}

constexpr Entry kScatter[] = {{"scatter_nd", scatter_nd}, {"scatter_update", scatter_update}};

}  // namespace

std::span<const Entry> scatter_kernels() { return kScatter; }

}  // namespace kedge::kernels::reference
