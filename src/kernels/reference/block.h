// Blocks: how one loop serves many element types. A kernel computes in one of five types; elements are brought into
// that type a block at a time (or read in place when they have it already) and brought back on the way out. So float16
// and bfloat16 compute in float and round once, and small integers compute in 64 bits and wrap once.
#pragma once

#include <complex>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "kernels/kernel.h"

namespace kedge::kernels::reference {

using Complex = std::complex<double>;
enum class Compute : std::uint8_t { f32, f64, i64, u64, c128 };

/// The type in which arithmetic on `dtype` is done.
Compute compute_of(DType dtype);

constexpr std::int64_t kBlock = 512;

/// Reads `count` elements, the first at index `first`, `stride` apart (0 repeats one), as T.
template <typename T>
void load(DType dtype, const std::byte* data, std::int64_t first, std::int64_t stride, std::int64_t count, T* out);
/// Writes `count` consecutive elements from T: integers wrap, floats round to nearest even, float -> integer truncates,
/// bool is "not zero".
template <typename T>
void store(DType dtype, std::byte* data, std::int64_t first, std::int64_t count, const T* in);

template <typename T>
constexpr bool is_native(DType dtype) {
  if constexpr (std::is_same_v<T, float>) return dtype == DType::float32;
  if constexpr (std::is_same_v<T, double>) return dtype == DType::float64;
  if constexpr (std::is_same_v<T, std::int64_t>) return dtype == DType::int64;
  if constexpr (std::is_same_v<T, std::uint64_t>) return dtype == DType::uint64;
  if constexpr (std::is_same_v<T, Complex>) return dtype == DType::complex128;
  return false;
}

/// `count` elements as T: in place when they lie so, else through `block`.
template <typename T>
const T* fetch(const TensorView& view, std::int64_t first, std::int64_t stride, std::int64_t count, T* block) {
  if (is_native<T>(view.dtype) && stride == 1) return view.as<const T>() + first;
  load<T>(view.dtype, view.data, first, stride, count, block);
  return block;
}

/// A whole array as T, in place or converted.
template <typename T>
class Input {
 public:
  explicit Input(const TensorView& view) {
    if (view.data == nullptr) return;
    if (is_native<T>(view.dtype)) {
      data_ = view.as<const T>();
      return;
    }
    copy_.resize(static_cast<std::size_t>(view.size()));
    load<T>(view.dtype, view.data, 0, 1, view.size(), copy_.data());
    data_ = copy_.data();
  }
  const T* data() const { return data_; }
  bool present() const { return data_ != nullptr; }

 private:
  const T* data_ = nullptr;
  std::vector<T> copy_;
};

/// A whole array to be filled as T; commit() brings it into the output's own type.
template <typename T>
class Output {
 public:
  explicit Output(const TensorView& view) : view_(view) {
    if (is_native<T>(view.dtype)) {
      data_ = view.as<T>();
      return;
    }
    copy_.resize(static_cast<std::size_t>(view.size()));
    data_ = copy_.data();
  }
  T* data() { return data_; }
  void commit() {
    if (data_ == copy_.data() && !copy_.empty()) store<T>(view_.dtype, view_.data, 0, view_.size(), data_);
  }

 private:
  TensorView view_;
  T* data_ = nullptr;
  std::vector<T> copy_;
};

/// Calls f(T{}) for the type in which `dtype` computes, complex numbers left out (they count as float64).
template <typename F>
void with_real(DType dtype, F f) {
  switch (compute_of(dtype)) {
    case Compute::f32: return f(float{});
    case Compute::i64: return f(std::int64_t{});
    case Compute::u64: return f(std::uint64_t{});
    default: return f(double{});
  }
}
template <typename F>
void with_float(DType dtype, F f) {
  if (compute_of(dtype) == Compute::f32) return f(float{});
  f(double{});
}

/// What a table of kernels is made of; each family file has one.
struct Entry {
  std::string_view op;
  KernelFn fn;
};

std::int64_t product(std::span<const std::int64_t> shape, std::int64_t begin, std::int64_t end);
std::int64_t normal_axis(std::int64_t axis, std::int64_t rank);
/// The numbers of an attribute that is a Shape or a list of integers.
std::vector<std::int64_t> integers_of(const Attrs& attrs, std::string_view name);

}  // namespace kedge::kernels::reference
