// Tensor: dtype, static shape, row-major data in a shared immutable-after-fill buffer (or a view of mapped file bytes).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tensor/dim.h"
#include "tensor/dtype.h"

namespace kedge {

/// How integers stand for reals: real = scale * (q - zero_point). One entry, or one per index of `axis`.
/// Source: TensorFlow Lite 8-bit quantization specification.
struct Quantization {
  std::vector<float> scales;
  std::vector<std::int64_t> zero_points;  ///< as many as scales
  std::int32_t axis = -1;                 ///< -1: per tensor

  bool present() const { return !scales.empty(); }
  float scale() const { return scales.empty() ? 0.0F : scales[0]; }
  std::int32_t zero_point() const { return zero_points.empty() ? 0 : static_cast<std::int32_t>(zero_points[0]); }
  friend bool operator==(const Quantization&, const Quantization&) = default;
};

/// A borrowed, contiguous, row-major array. What kernels see.
struct TensorView {
  DType dtype = DType::float32;
  std::span<const std::int64_t> shape;
  std::byte* data = nullptr;  ///< inputs are not written
  const Quantization* quant = nullptr;

  std::int64_t rank() const { return static_cast<std::int64_t>(shape.size()); }
  std::int64_t size() const;  ///< elements
  std::int64_t bytes() const { return size() * dtype_size(dtype); }
  template <typename T>
  T* as() const {
    return reinterpret_cast<T*>(data);
  }
};

class Tensor {
 public:
  Tensor() = default;
  Tensor(DType dtype, StaticShape shape);  ///< zero-filled, 64-byte aligned
  /// Borrows bytes that `owner` keeps alive (a mapped file); copied on the first mutable access, and at once where
  /// they do not lie at a multiple of an element's size (an archive member may start anywhere).
  Tensor(DType dtype, StaticShape shape, std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

  template <typename T>
  static Tensor of(DType dtype, StaticShape shape,
                   const std::vector<T>& values);  // tensor.cpp instantiates the element types
  template <typename T>
  static Tensor scalar(DType dtype, T value) {
    return of<T>(dtype, {}, {value});
  }

  DType dtype() const { return dtype_; }
  const StaticShape& shape() const { return shape_; }
  std::int64_t rank() const { return static_cast<std::int64_t>(shape_.size()); }
  std::int64_t size() const { return element_count(shape_); }
  std::int64_t byte_size() const { return size() * dtype_size(dtype_); }
  std::span<const std::byte> bytes() const { return {data_, static_cast<std::size_t>(byte_size())}; }
  std::byte* mutable_data();
  template <typename T>
  std::span<const T> values() const {
    return {reinterpret_cast<const T*>(data_), static_cast<std::size_t>(size())};
  }
  template <typename T>
  T* mutable_values() {
    return reinterpret_cast<T*>(mutable_data());
  }

  Quantization quant;

  TensorView view() const;  ///< for reading; valid while this Tensor (and its shape) lives
  TensorView mutable_view();
  Tensor reshaped(StaticShape shape) const;  ///< shares data; same element count
  Tensor cast(DType dtype) const;            ///< numpy's astype rules (float -> int truncates)
  double element_as_double(std::int64_t index) const;
  std::int64_t element_as_int(std::int64_t index) const;
  bool same_bytes(const Tensor& other) const;  ///< dtype, shape and bytes

 private:
  DType dtype_ = DType::float32;
  StaticShape shape_;
  const std::byte* data_ = nullptr;
  std::shared_ptr<const void> owner_;
  bool borrowed_ = false;
};

}  // namespace kedge
