// Matrix products.
#include "kernels/reference/epilogue.h"
#include "kernels/reference/gemm.h"
#include "kernels/reference/tables.h"
#include "kernels/reference/walk.h"

namespace kedge::kernels::reference {

template void gemm<float>(std::int64_t, std::int64_t, std::int64_t, const float*, std::int64_t, const float*,
                          std::int64_t, float*, std::int64_t);
template void gemm<double>(std::int64_t, std::int64_t, std::int64_t, const double*, std::int64_t, const double*,
                           std::int64_t, double*, std::int64_t);
template void gemm<std::uint64_t>(std::int64_t, std::int64_t, std::int64_t, const std::uint64_t*, std::int64_t,
                                  const std::uint64_t*, std::int64_t, std::uint64_t*, std::int64_t);

namespace {

template <typename T>
void transpose_matrix(const T* in, std::int64_t rows, std::int64_t columns, std::vector<T>& out) {
  out.resize(static_cast<std::size_t>(rows * columns));
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) out[static_cast<std::size_t>(c * rows + r)] = in[r * columns + c];
  }
}

void matmul(const Call& call) {
  const TensorView& a = call.inputs[0];
  const TensorView& b = call.inputs[1];
  const TensorView& out = call.outputs[0];
  if (out.size() == 0) return;
  const bool transpose_a = call.attrs->flag("transpose_a");
  const bool transpose_b = call.attrs->flag("transpose_b");
  const auto batch_rank = static_cast<std::size_t>(out.rank() - 2);
  const std::int64_t m = out.shape[batch_rank];
  const std::int64_t n = out.shape[batch_rank + 1];
  const std::int64_t k = a.shape[a.shape.size() - (transpose_a ? 2 : 1)];
  const auto batch = out.shape.first(batch_rank);
  with_product(out.dtype, [&](auto t) {
    using T = decltype(t);
    const Input<T> left(a);
    const Input<T> right(b);
    Output<T> result(out);
    std::vector<T> turned_a;
    std::vector<T> turned_b;
    const T* last_b = nullptr;
    walk<3>(batch,
            {broadcast_strides(a.shape.first(a.shape.size() - 2), batch),
             broadcast_strides(b.shape.first(b.shape.size() - 2), batch), dense_strides(batch)},
            [&](const auto& offsets, const auto& strides, std::int64_t row) {
              for (std::int64_t i = 0; i < row; ++i) {
                const T* x = left.data() + (offsets[0] + i * strides[0]) * m * k;
                const T* y = right.data() + (offsets[1] + i * strides[1]) * k * n;
                if (transpose_a) transpose_matrix(x, k, m, turned_a);
                if (transpose_b && y != last_b) transpose_matrix(y, n, k, turned_b);
                last_b = y;
                gemm<T>(m, n, k, transpose_a ? turned_a.data() : x, k, transpose_b ? turned_b.data() : y, n,
                        result.data() + (offsets[2] + i * strides[2]) * m * n, n);
              }
            });
    result.commit();
  });
}

void fully_connected(const Call& call) {
  const TensorView& x = call.inputs[0];
  const TensorView& weights = call.inputs[1];
  const TensorView& out = call.outputs[0];
  const TensorView* bias = optional_input(call, 2);
  const std::int64_t k = weights.shape[0];
  const std::int64_t n = weights.shape[1];
  const std::int64_t rows = product(x.shape, 0, x.rank() - 1);
  with_product(out.dtype, [&](auto t) {
    using T = decltype(t);
    const Input<T> left(x);
    const Input<T> right(weights);
    const Input<T> offset(bias != nullptr ? *bias : TensorView{});
    Output<T> result(out);
    gemm<T>(rows, n, k, left.data(), k, right.data(), n, result.data(), n);
    add_bias_and_activate<T>(result.data(), rows, n, offset.data(), activation_of(*call.attrs));
    result.commit();
  });
}

constexpr Entry kMatmul[] = {{"matmul", matmul}, {"fully_connected", fully_connected}};

}  // namespace

std::span<const Entry> matmul_kernels() { return kMatmul; }

}  // namespace kedge::kernels::reference
