// Reductions over any set of axes. Floats are accumulated in double.
#include <limits>

#include "kernels/reference/tables.h"
#include "kernels/reference/walk.h"

namespace kedge::kernels::reference {

namespace {

template <typename F>
void with_accumulator(DType dtype, F f) {
  switch (compute_of(dtype)) {
    case Compute::i64: return f(std::int64_t{});
    case Compute::u64: return f(std::uint64_t{});
    case Compute::c128: return f(Complex{});
    default: return f(double{});
  }
}

/// Strides of the output in the input's index space: 0 along reduced axes.
std::vector<std::int64_t> reduced_strides(const TensorView& in, const std::vector<std::int64_t>& axes) {
  std::vector<std::int64_t> shape(in.shape.begin(), in.shape.end());
  for (const std::int64_t axis : axes) shape[static_cast<std::size_t>(axis)] = 1;
  std::vector<std::int64_t> strides = dense_strides(shape);
  for (const std::int64_t axis : axes) strides[static_cast<std::size_t>(axis)] = 0;
  return strides;
}

template <typename T, typename Op, typename Finish>
void reduce(const Call& call, T identity, Op op, Finish finish) {
  const TensorView& in = call.inputs[0];
  const TensorView& out = call.outputs[0];
  std::vector<T> totals(static_cast<std::size_t>(out.size()), identity);
  T block[kBlock];
  walk<2>(in.shape, {dense_strides(in.shape), reduced_strides(in, call.attrs->integers("axes"))},
          [&](const auto& offsets, const auto& strides, std::int64_t row) {
            for (std::int64_t first = 0; first < row; first += kBlock) {
              const std::int64_t count = std::min(kBlock, row - first);
              const T* values = fetch<T>(in, offsets[0] + first, 1, count, block);
              T* target = totals.data() + offsets[1] + first * strides[1];
              if (strides[1] == 0) {
                T total = *target;
                for (std::int64_t i = 0; i < count; ++i) total = op(total, values[i]);
                *target = total;
              } else {
                for (std::int64_t i = 0; i < count; ++i) target[i] = op(target[i], values[i]);
              }
            }
          });
  for (T& total : totals) total = finish(total);
  store<T>(out.dtype, out.data, 0, out.size(), totals.data());
}

template <typename T>
T wrapping_add(T a, T b) {
  if constexpr (std::is_same_v<T, std::int64_t>)
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  else return a + b;
}
template <typename T>
T wrapping_mul(T a, T b) {
  if constexpr (std::is_same_v<T, std::int64_t>)
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
  else return a * b;
}

/// The least (or greatest) value of an element type.
template <typename T>
T extreme(DType dtype, bool lowest) {
  if constexpr (std::is_floating_point_v<T>)
    return lowest ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
  if (dtype == DType::boolean) return lowest ? T{0} : T{1};
  const std::int64_t bits = dtype_size(dtype) * 8;
  if (!is_signed(dtype)) return lowest ? T{0} : static_cast<T>(~std::uint64_t{0} >> (64 - bits));
  const auto greatest = static_cast<std::int64_t>(~std::uint64_t{0} >> (65 - bits));
  return static_cast<T>(lowest ? -greatest - 1 : greatest);
}

constexpr auto kKeep = [](auto total) { return total; };

void reduce_sum(const Call& call) {
  with_accumulator(call.inputs[0].dtype, [&](auto t) {
    reduce(
        call, t, [](auto a, auto b) { return wrapping_add(a, b); }, kKeep);
  });
}

void reduce_prod(const Call& call) {
  with_accumulator(call.inputs[0].dtype, [&](auto t) {
    reduce(
        call, decltype(t)(1), [](auto a, auto b) { return wrapping_mul(a, b); }, kKeep);
  });
}

void reduce_mean(const Call& call) {
  const TensorView& in = call.inputs[0];
  std::int64_t count = 1;
  for (const std::int64_t axis : call.attrs->integers("axes")) count *= in.shape[static_cast<std::size_t>(axis)];
  with_accumulator(in.dtype, [&](auto t) {
    using T = decltype(t);
    reduce(
        call, t, [](auto a, auto b) { return wrapping_add(a, b); },
        [&](T total) {
          if constexpr (std::is_integral_v<T>) return count == 0 ? T{0} : static_cast<T>(total / static_cast<T>(count));
          else return total / T(static_cast<double>(count));
        });
  });
}

template <bool kMax>
void reduce_extreme(const Call& call) {
  with_accumulator(call.inputs[0].dtype, [&](auto t) {
    using T = decltype(t);
    if constexpr (!std::is_same_v<T, Complex>) {
      // A NaN is the answer once seen: nothing compares with it.
      reduce(
          call, extreme<T>(call.inputs[0].dtype, kMax),
          // NOLINTNEXTLINE(misc-redundant-expression): a NaN
          [](T a, T b) { return ((kMax ? b > a : b < a) || b != b) ? b : a; }, kKeep);
    }
  });
}

void reduce_any(const Call& call) {
  reduce(
      call, std::int64_t{0}, [](std::int64_t a, std::int64_t b) { return std::int64_t{a != 0 || b != 0}; }, kKeep);
}
void reduce_all(const Call& call) {
  reduce(
      call, std::int64_t{1}, [](std::int64_t a, std::int64_t b) { return std::int64_t{a != 0 && b != 0}; }, kKeep);
}

constexpr Entry kReduce[] = {
    {"reduce_sum", reduce_sum},           {"reduce_mean", reduce_mean},          {"reduce_prod", reduce_prod},
    {"reduce_max", reduce_extreme<true>}, {"reduce_min", reduce_extreme<false>}, {"reduce_any", reduce_any},
    {"reduce_all", reduce_all},
};

}  // namespace

std::span<const Entry> reduce_kernels() { return kReduce; }

}  // namespace kedge::kernels::reference
