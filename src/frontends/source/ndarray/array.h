// Array: NumPy's n-dimensional array as a C++ value type: dtype, shape, byte strides and a shared buffer. Copying an
// Array makes a view. No Python here; what goes wrong in Python terms is decided by the callers.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tensor/dim.h"
#include "tensor/dtype.h"

namespace kedge::frontends {

struct Half {
  std::uint16_t bits;
};

struct Array {
  DType dtype = DType::float64;
  StaticShape shape;
  StaticShape strides;  ///< in bytes
  std::shared_ptr<std::byte[]> buffer;
  std::byte* data = nullptr;

  std::int64_t rank() const { return static_cast<std::int64_t>(shape.size()); }
  std::int64_t size() const { return element_count(shape); }
  std::int64_t item_size() const { return dtype_size(dtype); }
  std::int64_t byte_size() const { return size() * item_size(); }
  bool contiguous() const;
  template <typename T>
  T* as() const {
    return reinterpret_cast<T*>(data);
  }
};

/// Zero-filled, row-major.
Array make_array(DType dtype, StaticShape shape);
template <typename T>
Array make_scalar(DType dtype, T value) {
  Array out = make_array(dtype, {});
  *out.as<T>() = value;
  return out;
}
/// A row-major copy / the array itself when it is row-major already.
Array copy_of(const Array& a);
Array contiguous_of(const Array& a);
/// numpy's astype: float to int truncates, complex to real drops the imaginary part.
Array cast_to(const Array& a, DType dtype);
/// Copies `from` (broadcast, cast) into the view `to`. The shapes must broadcast.
void assign(const Array& to, const Array& from);

std::optional<StaticShape> broadcast_shapes(const StaticShape& a, const StaticShape& b);
/// A view with stride 0 along stretched axes; the shape must be a valid target.
Array broadcast_view(const Array& a, const StaticShape& shape);
bool can_broadcast_to(const StaticShape& from, const StaticShape& to);
/// A view when strides allow it, else a copy. The element counts must agree.
Array reshaped(const Array& a, StaticShape shape);
Array transposed(const Array& a, const std::vector<std::int64_t>& perm);
/// A view with the axis of length 1 added.
Array with_axis(const Array& a, std::int64_t axis);
/// Index `index` along `axis`; the axis disappears.
Array index_axis(const Array& a, std::int64_t axis, std::int64_t index);
Array slice_axis(const Array& a, std::int64_t axis, std::int64_t start, std::int64_t step, std::int64_t count);

/// Calls fn(byte offset) for every element in row-major order.
template <typename Fn>
void for_each_offset(const StaticShape& shape, const StaticShape& strides, Fn&& fn) {
  const std::size_t rank = shape.size();
  for (const std::int64_t d : shape) {
    if (d == 0) return;
  }
  if (rank == 0) {
    fn(std::int64_t{0});
    return;
  }
  std::vector<std::int64_t> at(rank, 0);
  std::int64_t offset = 0;
  const std::int64_t inner = shape[rank - 1];
  const std::int64_t inner_stride = strides[rank - 1];
  while (true) {
    for (std::int64_t i = 0; i < inner; ++i) fn(offset + i * inner_stride);
    std::size_t axis = rank - 1;
    while (true) {
      if (axis == 0) return;
      --axis;
      offset += strides[axis];
      if (++at[axis] < shape[axis]) break;
      offset -= strides[axis] * shape[axis];
      at[axis] = 0;
    }
  }
}

/// Calls fn with a null pointer of the element's C++ type.
template <typename Fn>
auto with_type(DType dtype, Fn&& fn) {
  switch (dtype) {
    case DType::boolean: return fn(static_cast<bool*>(nullptr));
    case DType::int4:
    case DType::int8: return fn(static_cast<std::int8_t*>(nullptr));
    case DType::int16: return fn(static_cast<std::int16_t*>(nullptr));
    case DType::int32: return fn(static_cast<std::int32_t*>(nullptr));
    case DType::int64: return fn(static_cast<std::int64_t*>(nullptr));
    case DType::uint8: return fn(static_cast<std::uint8_t*>(nullptr));
    case DType::uint16: return fn(static_cast<std::uint16_t*>(nullptr));
    case DType::uint32: return fn(static_cast<std::uint32_t*>(nullptr));
    case DType::uint64: return fn(static_cast<std::uint64_t*>(nullptr));
    case DType::float16:
    case DType::bfloat16: return fn(static_cast<Half*>(nullptr));
    case DType::float32: return fn(static_cast<float*>(nullptr));
    case DType::float64: return fn(static_cast<double*>(nullptr));
    case DType::complex64: return fn(static_cast<std::complex<float>*>(nullptr));
    case DType::complex128: return fn(static_cast<std::complex<double>*>(nullptr));
  }
  return fn(static_cast<double*>(nullptr));
}

// One element, widened.
double double_at(DType dtype, const std::byte* p);  ///< the real part of complex
std::complex<double> complex_at(DType dtype, const std::byte* p);
std::int64_t int_at(DType dtype, const std::byte* p);  ///< uint64 by its bits; floats truncate
bool truth_at(DType dtype, const std::byte* p);

// ---- dtypes as numpy promotes them
DType promote(DType a, DType b);
/// The dtype of the floating function of an array of this dtype: int8 -> float16, int16 -> float32, int32 -> float64.
DType float_for(DType dtype);
char kind_of(DType dtype);  ///< 'b' 'i' 'u' 'f' 'c'
bool can_cast_safely(DType from, DType to);

}  // namespace kedge::frontends
