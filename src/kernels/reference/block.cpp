// Conversions between stored elements and the types kernels compute in.
#include "kernels/reference/block.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace kedge::kernels::reference {

namespace {

struct Half {
  std::uint16_t bits;
};
struct Brain {
  std::uint16_t bits;
};

/// Truncates; what has no integer becomes the smallest one, as the processor's own conversion does.
std::int64_t to_int64(double value) {
  constexpr double kBound = 9223372036854775808.0;
  if (!(value >= -kBound && value < kBound)) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}
std::uint64_t to_uint64(double value) {
  if (value >= 9223372036854775808.0 && value < 18446744073709551616.0) return static_cast<std::uint64_t>(value);
  return static_cast<std::uint64_t>(to_int64(value));
}

template <typename To, typename From>
To convert(From from) {
  if constexpr (std::is_same_v<From, Half>) {
    return convert<To>(half_to_float(from.bits));
  } else if constexpr (std::is_same_v<From, Brain>) {
    return convert<To>(bfloat16_to_float(from.bits));
  } else if constexpr (std::is_same_v<To, Half>) {
    return Half{float_to_half(convert<float>(from))};
  } else if constexpr (std::is_same_v<To, Brain>) {
    return Brain{float_to_bfloat16(convert<float>(from))};
  } else if constexpr (std::is_same_v<To, bool>) {
    return from != From{};
  } else if constexpr (std::is_same_v<From, Complex> || std::is_same_v<From, std::complex<float>>) {
    if constexpr (std::is_same_v<To, Complex> || std::is_same_v<To, std::complex<float>>) {
      return To(static_cast<typename To::value_type>(from.real()), static_cast<typename To::value_type>(from.imag()));
    } else {
      return convert<To>(from.real());
    }
  } else if constexpr (std::is_same_v<To, Complex> || std::is_same_v<To, std::complex<float>>) {
    return To(static_cast<typename To::value_type>(from));
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    if constexpr (std::is_same_v<To, std::uint64_t>) return to_uint64(static_cast<double>(from));
    return static_cast<To>(to_int64(static_cast<double>(from)));
  } else {
    return static_cast<To>(from);
  }
}

template <typename Stored, typename T>
void load_as(const std::byte* data, std::int64_t first, std::int64_t stride, std::int64_t count, T* out) {
  const Stored* in = reinterpret_cast<const Stored*>(data) + first;
  if (stride == 1) {
    for (std::int64_t i = 0; i < count; ++i) out[i] = convert<T>(in[i]);
    return;
  }
  if (stride == 0) {
    const T value = count > 0 ? convert<T>(in[0]) : T{};
    for (std::int64_t i = 0; i < count; ++i) out[i] = value;
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) out[i] = convert<T>(in[i * stride]);
}

template <typename Stored, typename T>
void store_as(std::byte* data, std::int64_t first, std::int64_t count, const T* in) {
  Stored* out = reinterpret_cast<Stored*>(data) + first;
  for (std::int64_t i = 0; i < count; ++i) out[i] = convert<Stored>(in[i]);
}

/// Calls f.operator()<Stored>() for the stored type of a dtype.
template <typename F>
void with_stored(DType dtype, F f) {
  switch (dtype) {
    case DType::boolean: return f.template operator()<bool>();
    case DType::int4:
    case DType::int8: return f.template operator()<std::int8_t>();
    case DType::int16: return f.template operator()<std::int16_t>();
    case DType::int32: return f.template operator()<std::int32_t>();
    case DType::int64: return f.template operator()<std::int64_t>();
    case DType::uint8: return f.template operator()<std::uint8_t>();
    case DType::uint16: return f.template operator()<std::uint16_t>();
    case DType::uint32: return f.template operator()<std::uint32_t>();
    case DType::uint64: return f.template operator()<std::uint64_t>();
    case DType::float16: return f.template operator()<Half>();
    case DType::bfloat16: return f.template operator()<Brain>();
    case DType::float32: return f.template operator()<float>();
    case DType::float64: return f.template operator()<double>();
    case DType::complex64: return f.template operator()<std::complex<float>>();
    case DType::complex128: return f.template operator()<Complex>();
  }
}

}  // namespace

Compute compute_of(DType dtype) {
  switch (dtype) {
    case DType::float16:
    case DType::bfloat16:
    case DType::float32: return Compute::f32;
    case DType::float64: return Compute::f64;
    case DType::complex64:
    case DType::complex128: return Compute::c128;
    case DType::uint64: return Compute::u64;
    default: return Compute::i64;
  }
}

template <typename T>
void load(DType dtype, const std::byte* data, std::int64_t first, std::int64_t stride, std::int64_t count, T* out) {
  with_stored(dtype, [&]<typename Stored>() { load_as<Stored>(data, first, stride, count, out); });
}

template <typename T>
void store(DType dtype, std::byte* data, std::int64_t first, std::int64_t count, const T* in) {
  with_stored(dtype, [&]<typename Stored>() { store_as<Stored>(data, first, count, in); });
}

#define KEDGE_BLOCK_TYPE(T)                                                                     \
  template void load<T>(DType, const std::byte*, std::int64_t, std::int64_t, std::int64_t, T*); \
  template void store<T>(DType, std::byte*, std::int64_t, std::int64_t, const T*);
KEDGE_BLOCK_TYPE(float)
KEDGE_BLOCK_TYPE(double)
KEDGE_BLOCK_TYPE(std::int64_t)
KEDGE_BLOCK_TYPE(std::uint64_t)
KEDGE_BLOCK_TYPE(Complex)
#undef KEDGE_BLOCK_TYPE

std::int64_t product(std::span<const std::int64_t> shape, std::int64_t begin, std::int64_t end) {
  std::int64_t count = 1;
  for (std::int64_t i = begin; i < end; ++i) count *= shape[static_cast<std::size_t>(i)];
  return count;
}

std::int64_t normal_axis(std::int64_t axis, std::int64_t rank) { return axis < 0 ? axis + rank : axis; }

std::vector<std::int64_t> integers_of(const Attrs& attrs, std::string_view name) {
  const AttrValue* value = attrs.find(name);
  if (value == nullptr) return {};
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(value)) return *integers;
  return attrs.static_dims(name);
}

}  // namespace kedge::kernels::reference
