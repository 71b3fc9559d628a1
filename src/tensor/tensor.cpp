#include "tensor/tensor.h"

#include <cmath>
#include <complex>
#include <cstring>
#include <limits>
#include <new>

#include "base/check.h"

namespace kedge {
namespace {

constexpr std::size_t kAlignment = 64;

std::shared_ptr<std::byte> allocate(std::int64_t bytes) {
  const std::size_t size =
      static_cast<std::size_t>(bytes) + kAlignment;  // slack: kernels may load a whole vector at the end
  void* memory = ::operator new (size, std::align_val_t{kAlignment});
  std::memset(memory, 0, size);
  return {static_cast<std::byte*>(memory), [](std::byte* p) { ::operator delete (p, std::align_val_t{kAlignment}); }};
}

/// Calls fn with a value of the C++ type that stores `dtype`; 16-bit floats are passed as std::uint16_t with is_half
/// semantics handled by load/store below.
template <typename T>
double load_as_double(const std::byte* data, std::int64_t index) {
  T value;
  std::memcpy(&value, data + index * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
  return static_cast<double>(value);
}

double load_double(DType dtype, const std::byte* data, std::int64_t index) {
  switch (dtype) {
    case DType::boolean: return load_as_double<std::uint8_t>(data, index) != 0 ? 1 : 0;
    case DType::int4:
    case DType::int8: return load_as_double<std::int8_t>(data, index);
    case DType::int16: return load_as_double<std::int16_t>(data, index);
    case DType::int32: return load_as_double<std::int32_t>(data, index);
    case DType::int64: return load_as_double<std::int64_t>(data, index);
    case DType::uint8: return load_as_double<std::uint8_t>(data, index);
    case DType::uint16: return load_as_double<std::uint16_t>(data, index);
    case DType::uint32: return load_as_double<std::uint32_t>(data, index);
    case DType::uint64: return load_as_double<std::uint64_t>(data, index);
    case DType::float16: {
      std::uint16_t bits;
      std::memcpy(&bits, data + index * 2, 2);
      return static_cast<double>(half_to_float(bits));
    }
    case DType::bfloat16: {
      std::uint16_t bits;
      std::memcpy(&bits, data + index * 2, 2);
      return static_cast<double>(bfloat16_to_float(bits));
    }
    case DType::float32: return load_as_double<float>(data, index);
    case DType::float64: return load_as_double<double>(data, index);
    case DType::complex64: return load_as_double<float>(data, index * 2);
    case DType::complex128: return load_as_double<double>(data, index * 2);
  }
  return 0;
}

std::int64_t load_int(DType dtype, const std::byte* data, std::int64_t index) {
  if (dtype == DType::int64 || dtype == DType::uint64) {
    std::int64_t value;
    std::memcpy(&value, data + index * 8, 8);
    return value;
  }
  const double value = load_double(dtype, data, index);
  if (std::isnan(value) || value >= 9223372036854775808.0 || value < -9223372036854775808.0)
    return std::numeric_limits<std::int64_t>::min();  // as x86 converts
  return static_cast<std::int64_t>(value);
}

template <typename T>
void store_bits(std::byte* data, std::int64_t index, T value) {
  std::memcpy(data + index * static_cast<std::int64_t>(sizeof(T)), &value, sizeof(T));
}

void store_int(DType dtype, std::byte* data, std::int64_t index, std::int64_t value) {
  switch (dtype_size(dtype)) {
    case 1: store_bits(data, index, static_cast<std::uint8_t>(value)); break;
    case 2: store_bits(data, index, static_cast<std::uint16_t>(value)); break;
    case 4: store_bits(data, index, static_cast<std::uint32_t>(value)); break;
    default: store_bits(data, index, value); break;
  }
}

void store_double(DType dtype, std::byte* data, std::int64_t index, double value) {
  switch (dtype) {
    case DType::float16: store_bits(data, index, float_to_half(static_cast<float>(value))); break;
    case DType::bfloat16: store_bits(data, index, float_to_bfloat16(static_cast<float>(value))); break;
    case DType::float32: store_bits(data, index, static_cast<float>(value)); break;
    case DType::float64: store_bits(data, index, value); break;
    case DType::complex64:
      store_bits(data, index * 2, static_cast<float>(value));
      store_bits(data, index * 2 + 1, 0.0F);
      break;
    case DType::complex128:
      store_bits(data, index * 2, value);
      store_bits(data, index * 2 + 1, 0.0);
      break;
    default: KEDGE_CHECK(false, "store_double into an integer");
  }
}

}  // namespace

std::int64_t TensorView::size() const {
  std::int64_t count = 1;
  for (const std::int64_t dim : shape) count *= dim;
  return count;
}

Tensor::Tensor(DType dtype, StaticShape shape) : dtype_(dtype), shape_(std::move(shape)) {
  std::shared_ptr<std::byte> memory = allocate(byte_size());
  data_ = memory.get();
  owner_ = std::move(memory);
}

Tensor::Tensor(DType dtype, StaticShape shape, std::span<const std::byte> bytes, std::shared_ptr<const void> owner)
    : dtype_(dtype), shape_(std::move(shape)), data_(bytes.data()), owner_(std::move(owner)), borrowed_(true) {
  KEDGE_CHECK(static_cast<std::int64_t>(bytes.size()) >= byte_size(), "borrowed bytes are shorter than the tensor");
  const auto address = reinterpret_cast<std::uintptr_t>(data_);
  const std::int64_t alignment = std::min<std::int64_t>(dtype_size(dtype), 8);
  if (address % static_cast<std::uintptr_t>(alignment) != 0) mutable_data();  // kernels read elements in place
}

template <typename T>
Tensor Tensor::of(DType dtype, StaticShape shape, const std::vector<T>& values) {
  Tensor out(dtype, std::move(shape));
  KEDGE_CHECK(static_cast<std::int64_t>(values.size()) == out.size(), "value count does not fit the shape");
  std::byte* data = out.mutable_data();
  for (std::int64_t i = 0; i < out.size(); ++i) {
    const auto value = values[static_cast<std::size_t>(i)];
    if (is_float(dtype) || is_complex(dtype)) {
      store_double(dtype, data, i, static_cast<double>(value));
    } else if (dtype == DType::boolean) {
      store_bits(data, i, static_cast<std::uint8_t>(value != T{}));
    } else {
      store_int(dtype, data, i, static_cast<std::int64_t>(value));
    }
  }
  return out;
}
template Tensor Tensor::of<double>(DType, StaticShape, const std::vector<double>&);
template Tensor Tensor::of<float>(DType, StaticShape, const std::vector<float>&);
template Tensor Tensor::of<std::int64_t>(DType, StaticShape, const std::vector<std::int64_t>&);
template Tensor Tensor::of<std::int32_t>(DType, StaticShape, const std::vector<std::int32_t>&);
template Tensor Tensor::of<std::int8_t>(DType, StaticShape, const std::vector<std::int8_t>&);
template Tensor Tensor::of<bool>(DType, StaticShape, const std::vector<bool>&);

std::byte* Tensor::mutable_data() {
  if (borrowed_ || owner_.use_count() > 1) {  // shared or foreign: copy before writing
    std::shared_ptr<std::byte> memory = allocate(byte_size());
    if (data_ != nullptr) std::memcpy(memory.get(), data_, static_cast<std::size_t>(byte_size()));
    data_ = memory.get();
    owner_ = std::move(memory);
    borrowed_ = false;
  }
  return const_cast<std::byte*>(data_);
}

TensorView Tensor::view() const {
  return {dtype_, shape_, const_cast<std::byte*>(data_), quant.present() ? &quant : nullptr};
}

TensorView Tensor::mutable_view() {
  std::byte* data = mutable_data();
  return {dtype_, shape_, data, quant.present() ? &quant : nullptr};
}

Tensor Tensor::reshaped(StaticShape shape) const {
  KEDGE_CHECK(element_count(shape) == size(), "reshape changes the element count");
  Tensor out = *this;
  out.shape_ = std::move(shape);
  return out;
}

Tensor Tensor::cast(DType dtype) const {
  if (dtype == dtype_) return *this;
  Tensor out(dtype, shape_);
  std::byte* data = out.mutable_data();
  const std::int64_t count = size();
  const bool exact_integers = !is_float(dtype_) && !is_complex(dtype_);
  for (std::int64_t i = 0; i < count; ++i) {
    if (dtype == DType::boolean) {
      const bool set = exact_integers ? load_int(dtype_, data_, i) != 0 : load_double(dtype_, data_, i) != 0;
      store_bits(data, i, static_cast<std::uint8_t>(set));
    } else if (is_float(dtype) || is_complex(dtype)) {
      const double value = exact_integers && dtype_ != DType::uint64 ? static_cast<double>(load_int(dtype_, data_, i))
                                                                     : load_double(dtype_, data_, i);
      store_double(dtype, data, i, value);
      if (is_complex(dtype) && is_complex(dtype_)) {
        const double imaginary = dtype_ == DType::complex64 ? load_as_double<float>(data_, i * 2 + 1)
                                                            : load_as_double<double>(data_, i * 2 + 1);
        if (dtype == DType::complex64) {
          store_bits(data, i * 2 + 1, static_cast<float>(imaginary));
        } else {
          store_bits(data, i * 2 + 1, imaginary);
        }
      }
    } else {
      store_int(dtype, data, i, load_int(dtype_, data_, i));
    }
  }
  return out;
}

double Tensor::element_as_double(std::int64_t index) const { return load_double(dtype_, data_, index); }
std::int64_t Tensor::element_as_int(std::int64_t index) const { return load_int(dtype_, data_, index); }

bool Tensor::same_bytes(const Tensor& other) const {
  return dtype_ == other.dtype_ && shape_ == other.shape_ &&
         (data_ == other.data_ || std::memcmp(data_, other.data_, static_cast<std::size_t>(byte_size())) == 0);
}

}  // namespace kedge
