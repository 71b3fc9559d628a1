// select, cast, and the strided and mapped copies that the layout kernels are made of.
#include <algorithm>

#include "kernels/reference/copy.h"
#include "kernels/reference/tables.h"

namespace kedge::kernels::reference {

void copy_strided(const TensorView& in, const TensorView& out, std::int64_t base, std::vector<std::int64_t> strides) {
  with_size(out.dtype, [&](auto t) {
    using T = decltype(t);
    const T* source = in.as<const T>() + base;
    T* target = out.as<T>();
    walk<2>(out.shape, {std::move(strides), dense_strides(out.shape)},
            [&](const auto& offsets, const auto& steps, std::int64_t row) {
              const T* from = source + offsets[0];
              T* to = target + offsets[1];
              if (steps[0] == 1) {
                std::memcpy(to, from, static_cast<std::size_t>(row) * sizeof(T));
                return;
              }
              for (std::int64_t i = 0; i < row; ++i) to[i] = from[i * steps[0]];
            });
  });
}

void copy_mapped(const TensorView& in, const TensorView& out, const std::vector<std::vector<std::int64_t>>& maps,
                 const std::byte* fill) {
  const std::int64_t rank = out.rank();
  if (out.size() == 0) return;
  if (rank == 0) {
    std::memcpy(out.data, in.data, static_cast<std::size_t>(dtype_size(out.dtype)));
    return;
  }
  const std::vector<std::int64_t> strides = dense_strides(in.shape);
  with_size(out.dtype, [&](auto t) {
    using T = decltype(t);
    const T* source = in.as<const T>();
    T* target = out.as<T>();
    T blank{};
    if (fill != nullptr) std::memcpy(&blank, fill, sizeof(T));
    const std::vector<std::int64_t>& last = maps[static_cast<std::size_t>(rank - 1)];
    const auto row = static_cast<std::int64_t>(last.size());
    std::vector<std::int64_t> index(static_cast<std::size_t>(rank), 0);
    const std::int64_t rows = out.size() / row;
    for (std::int64_t r = 0; r < rows; ++r, target += row) {
      std::int64_t base = 0;
      bool blank_row = false;
      for (std::size_t d = 0; d + 1 < index.size(); ++d) {
        const std::int64_t position = maps[d][static_cast<std::size_t>(index[d])];
        if (position < 0) blank_row = true;
        base += position * strides[d];
      }
      if (blank_row) {
        std::fill(target, target + row, blank);
      } else {
        for (std::int64_t i = 0; i < row; ++i)
          target[i] = last[static_cast<std::size_t>(i)] < 0 ? blank : source[base + last[static_cast<std::size_t>(i)]];
      }
      for (std::size_t d = index.size() - 1; d-- > 0;) {
        if (++index[d] < out.shape[d]) break;
        index[d] = 0;
      }
    }
  });
}

namespace {

void select(const Call& call) {
  const TensorView& condition = call.inputs[0];
  const TensorView& a = call.inputs[1];
  const TensorView& b = call.inputs[2];
  const TensorView& out = call.outputs[0];
  with_size(out.dtype, [&](auto t) {
    using T = decltype(t);
    walk<4>(out.shape,
            {broadcast_strides(condition.shape, out.shape), broadcast_strides(a.shape, out.shape),
             broadcast_strides(b.shape, out.shape), dense_strides(out.shape)},
            [&](const auto& offsets, const auto& strides, std::int64_t row) {
              const auto* test = condition.as<const std::uint8_t>() + offsets[0];
              const T* x = a.as<const T>() + offsets[1];
              const T* y = b.as<const T>() + offsets[2];
              T* target = out.as<T>() + offsets[3];
              for (std::int64_t i = 0; i < row; ++i)
                target[i] = test[i * strides[0]] != 0 ? x[i * strides[1]] : y[i * strides[2]];
            });
  });
}

template <typename T>
void cast_through(const TensorView& in, const TensorView& out) {
  T block[kBlock];
  for (std::int64_t first = 0, total = out.size(); first < total; first += kBlock) {
    const std::int64_t count = std::min(kBlock, total - first);
    const T* values = fetch<T>(in, first, 1, count, block);
    store<T>(out.dtype, out.data, first, count, values);
  }
}

/// TensorFlow on x86 converts what does not fit 32 bits to the smallest int32.
void float_to_int32(const TensorView& in, const TensorView& out) {
  double block[kBlock];
  auto* target = out.as<std::int32_t>();
  for (std::int64_t first = 0, total = out.size(); first < total; first += kBlock) {
    const std::int64_t count = std::min(kBlock, total - first);
    load<double>(in.dtype, in.data, first, 1, count, block);
    for (std::int64_t i = 0; i < count; ++i) {
      const bool fits = block[i] > -2147483649.0 && block[i] < 2147483648.0;
      target[first + i] = fits ? static_cast<std::int32_t>(block[i]) : INT32_MIN;
    }
  }
}

void cast(const Call& call) {
  const TensorView& in = call.inputs[0];
  const TensorView& out = call.outputs[0];
  if (in.dtype == out.dtype) {
    if (in.bytes() > 0) std::memcpy(out.data, in.data, static_cast<std::size_t>(in.bytes()));
    return;
  }
  if (is_float(in.dtype) && out.dtype == DType::int32) return float_to_int32(in, out);
  if (compute_of(in.dtype) == Compute::c128) return cast_through<Complex>(in, out);
  with_real(in.dtype, [&](auto t) { cast_through<decltype(t)>(in, out); });
}

constexpr Entry kSelectCast[] = {{"select", select}, {"cast", cast}};

}  // namespace

std::span<const Entry> select_cast_kernels() { return kSelectCast; }

}  // namespace kedge::kernels::reference
