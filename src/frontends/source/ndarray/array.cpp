// Views, copies and casts of Array.
#include "frontends/source/ndarray/array.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace kedge::frontends {

bool Array::contiguous() const {
  std::int64_t expected = item_size();
  for (std::size_t i = shape.size(); i-- > 0;) {
    if (shape[i] == 0) return true;
    if (shape[i] != 1 && strides[i] != expected) return false;
    expected *= shape[i];
  }
  return true;
}

namespace {

StaticShape byte_strides(const StaticShape& shape, std::int64_t item) {
  StaticShape strides(shape.size());
  std::int64_t step = item;
  for (std::size_t i = shape.size(); i-- > 0;) {
    strides[i] = step;
    step *= std::max<std::int64_t>(shape[i], 1);
  }
  return strides;
}

// A cast goes through the widest type of the source's kind, so that every pair needs no code of its own.
template <typename T>
void read_wide(const Array& a, std::vector<std::int64_t>& out) {
  std::size_t i = 0;
  for_each_offset(a.shape, a.strides, [&](std::int64_t o) {
    out[i++] = static_cast<std::int64_t>(*reinterpret_cast<const T*>(a.data + o));
  });
}

template <typename Wide, typename T>
T narrow(Wide value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value != Wide{};
  } else if constexpr (std::is_same_v<Wide, std::complex<double>>) {
    if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>) {
      return T(static_cast<typename T::value_type>(value.real()), static_cast<typename T::value_type>(value.imag()));
    } else {
      return narrow<double, T>(value.real());
    }
  } else if constexpr (std::is_same_v<T, Half>) {
    return Half{float_to_half(static_cast<float>(value))};
  } else if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>) {
    return T(static_cast<typename T::value_type>(value));
  } else if constexpr (std::is_same_v<Wide, double> && std::is_integral_v<T>) {
    // What C leaves undefined (out of range, NaN) is the hardware's answer on x86-64: the minimum of the wide type,
    // then truncated.
    if constexpr (std::is_same_v<T, std::uint64_t>) {
      if (value >= 9223372036854775808.0 && value < 18446744073709551616.0) return static_cast<T>(value);
    }
    const std::int64_t wide =
        value >= -9223372036854775808.0 && value < 9223372036854775808.0 ? static_cast<std::int64_t>(value) : INT64_MIN;
    if constexpr (sizeof(T) == 4 && std::is_signed_v<T>) {
      if (wide < INT32_MIN || wide > INT32_MAX) return INT32_MIN;
    }
    return static_cast<T>(wide);
  } else {
    return static_cast<T>(value);
  }
}

template <typename Wide>
void write_wide(const std::vector<Wide>& values, const Array& to) {
  with_type(to.dtype, [&]<typename T>(T*) {
    std::size_t i = 0;
    for_each_offset(to.shape, to.strides,
                    [&](std::int64_t o) { *reinterpret_cast<T*>(to.data + o) = narrow<Wide, T>(values[i++]); });
    return 0;
  });
}

void copy_same(const Array& to, const Array& from) {
  const std::int64_t item = to.item_size();
  if (to.contiguous() && from.contiguous()) {
    std::memmove(to.data, from.data, static_cast<std::size_t>(to.byte_size()));
    return;
  }
  std::vector<std::int64_t> offsets;
  offsets.reserve(static_cast<std::size_t>(to.size()));
  for_each_offset(from.shape, from.strides, [&](std::int64_t o) { offsets.push_back(o); });
  std::size_t i = 0;
  for_each_offset(to.shape, to.strides, [&](std::int64_t o) {
    std::memcpy(to.data + o, from.data + offsets[i++], static_cast<std::size_t>(item));
  });
}

}  // namespace

Array make_array(DType dtype, StaticShape shape) {
  Array out;
  out.dtype = dtype;
  out.strides = byte_strides(shape, dtype_size(dtype));
  out.shape = std::move(shape);
  const auto bytes = static_cast<std::size_t>(std::max<std::int64_t>(out.byte_size(), 16));
  out.buffer = std::shared_ptr<std::byte[]>(new std::byte[bytes]());
  out.data = out.buffer.get();
  return out;
}

Array copy_of(const Array& a) {
  Array out = make_array(a.dtype, a.shape);
  copy_same(out, a);
  return out;
}

Array contiguous_of(const Array& a) { return a.contiguous() ? a : copy_of(a); }

void assign(const Array& to, const Array& from) {
  Array source = broadcast_view(from, to.shape);
  if (source.buffer == to.buffer) source = copy_of(source);
  if (source.dtype == to.dtype) {
    copy_same(to, source);
    return;
  }
  const auto count = static_cast<std::size_t>(to.size());
  switch (kind_of(source.dtype)) {
    case 'c': {
      std::vector<std::complex<double>> wide(count);
      std::size_t i = 0;
      for_each_offset(source.shape, source.strides,
                      [&](std::int64_t o) { wide[i++] = complex_at(source.dtype, source.data + o); });
      write_wide(wide, to);
      return;
    }
    case 'f': {
      std::vector<double> wide(count);
      std::size_t i = 0;
      for_each_offset(source.shape, source.strides,
                      [&](std::int64_t o) { wide[i++] = double_at(source.dtype, source.data + o); });
      write_wide(wide, to);
      return;
    }
    default: {
      std::vector<std::int64_t> wide(count);
      std::size_t i = 0;
      for_each_offset(source.shape, source.strides,
                      [&](std::int64_t o) { wide[i++] = int_at(source.dtype, source.data + o); });
      if (source.dtype == DType::uint64 && !is_integer(to.dtype)) {
        write_wide(std::vector<std::uint64_t>(wide.begin(), wide.end()), to);
        return;
      }
      write_wide(wide, to);
      return;
    }
  }
}

Array cast_to(const Array& a, DType dtype) {
  Array out = make_array(dtype, a.shape);
  assign(out, a);
  return out;
}

std::optional<StaticShape> broadcast_shapes(const StaticShape& a, const StaticShape& b) {
  StaticShape out(std::max(a.size(), b.size()));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) return std::nullopt;
    out[out.size() - 1 - i] = x == 1 ? y : x;
  }
  return out;
}

bool can_broadcast_to(const StaticShape& from, const StaticShape& to) {
  if (from.size() > to.size()) return false;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::int64_t x = from[from.size() - 1 - i];
    if (x != 1 && x != to[to.size() - 1 - i]) return false;
  }
  return true;
}

Array broadcast_view(const Array& a, const StaticShape& shape) {
  if (a.shape == shape) return a;
  Array out = a;
  // Assignments may drop leading axes of length 1.
  std::size_t skip = 0;
  while (out.shape.size() - skip > shape.size()) ++skip;
  out.shape.erase(out.shape.begin(), out.shape.begin() + static_cast<std::ptrdiff_t>(skip));
  out.strides.erase(out.strides.begin(), out.strides.begin() + static_cast<std::ptrdiff_t>(skip));
  KEDGE_CHECK(can_broadcast_to(out.shape, shape), "broadcast_view needs shapes that broadcast");
  const std::size_t extra = shape.size() - out.shape.size();
  StaticShape strides(shape.size(), 0);
  for (std::size_t i = 0; i < out.shape.size(); ++i)
    strides[extra + i] = out.shape[i] == 1 && shape[extra + i] != 1 ? 0 : out.strides[i];
  out.shape = shape;
  out.strides = std::move(strides);
  return out;
}

Array reshaped(const Array& a, StaticShape shape) {
  Array out = a;
  if (!a.contiguous()) {
    // Splitting or adding axes of length 1 keeps a view; anything else copies, as numpy does when it must.
    StaticShape old_shape;
    StaticShape old_strides;
    for (std::size_t i = 0; i < a.shape.size(); ++i) {
      if (a.shape[i] != 1) {
        old_shape.push_back(a.shape[i]);
        old_strides.push_back(a.strides[i]);
      }
    }
    StaticShape strides(shape.size(), a.item_size());
    std::size_t oi = 0;
    std::size_t ni = 0;
    bool view = true;
    while (oi < old_shape.size() && ni < shape.size() && view) {
      std::int64_t np = shape[ni];
      std::int64_t op = old_shape[oi];
      std::size_t nj = ni + 1;
      std::size_t oj = oi + 1;
      while (np != op) {
        if (np < op) {
          if (nj >= shape.size()) {
            view = false;
            break;
          }
          np *= shape[nj++];
        } else {
          if (oj >= old_shape.size()) {
            view = false;
            break;
          }
          op *= old_shape[oj++];
        }
      }
      if (!view) break;
      for (std::size_t k = oi; k + 1 < oj; ++k) {
        if (old_strides[k] != old_shape[k + 1] * old_strides[k + 1]) view = false;
      }
      strides[nj - 1] = old_strides[oj - 1];
      for (std::size_t k = nj - 1; k > ni; --k) strides[k - 1] = strides[k] * shape[k];
      ni = nj;
      oi = oj;
    }
    if (view && a.size() != 0) {
      out.shape = std::move(shape);
      out.strides = std::move(strides);
      return out;
    }
    out = copy_of(a);
  }
  out.strides = byte_strides(shape, a.item_size());
  out.shape = std::move(shape);
  return out;
}

Array transposed(const Array& a, const std::vector<std::int64_t>& perm) {
  Array out = a;
  for (std::size_t i = 0; i < perm.size(); ++i) {
    out.shape[i] = a.shape[static_cast<std::size_t>(perm[i])];
    out.strides[i] = a.strides[static_cast<std::size_t>(perm[i])];
  }
  return out;
}

Array with_axis(const Array& a, std::int64_t axis) {
  Array out = a;
  out.shape.insert(out.shape.begin() + axis, 1);
  out.strides.insert(out.strides.begin() + axis, 0);
  return out;
}

Array index_axis(const Array& a, std::int64_t axis, std::int64_t index) {
  Array out = a;
  out.data += index * a.strides[static_cast<std::size_t>(axis)];
  out.shape.erase(out.shape.begin() + axis);
  out.strides.erase(out.strides.begin() + axis);
  return out;
}

Array slice_axis(const Array& a, std::int64_t axis, std::int64_t start, std::int64_t step, std::int64_t count) {
  Array out = a;
  const auto at = static_cast<std::size_t>(axis);
  if (count > 0) out.data += start * a.strides[at];
  out.shape[at] = count;
  out.strides[at] *= step;
  return out;
}

double double_at(DType dtype, const std::byte* p) {
  return with_type(dtype, [p]<typename T>(T*) -> double {
    T v;
    std::memcpy(&v, p, sizeof(T));
    if constexpr (std::is_same_v<T, Half>) return half_to_float(v.bits);
    else if constexpr (std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>)
      return v.real();
    else return static_cast<double>(v);
  });
}

std::complex<double> complex_at(DType dtype, const std::byte* p) {
  if (dtype == DType::complex64) {
    const auto v = *reinterpret_cast<const std::complex<float>*>(p);
    return {v.real(), v.imag()};
  }
  if (dtype == DType::complex128) return *reinterpret_cast<const std::complex<double>*>(p);
  return double_at(dtype, p);
}

std::int64_t int_at(DType dtype, const std::byte* p) {
  return with_type(dtype, [p, dtype]<typename T>(T*) -> std::int64_t {
    if constexpr (std::is_integral_v<T>) {
      T v;
      std::memcpy(&v, p, sizeof(T));
      return static_cast<std::int64_t>(v);
    } else {
      return narrow<double, std::int64_t>(double_at(dtype, p));
    }
  });
}

bool truth_at(DType dtype, const std::byte* p) {
  if (is_complex(dtype)) return complex_at(dtype, p) != 0.0;
  if (is_float(dtype)) return double_at(dtype, p) != 0.0;
  return int_at(dtype, p) != 0;
}

char kind_of(DType dtype) {
  if (dtype == DType::boolean) return 'b';
  if (is_complex(dtype)) return 'c';
  if (is_float(dtype)) return 'f';
  return is_signed(dtype) ? 'i' : 'u';
}

DType promote(DType a, DType b) {
  if (a == b) return a;
  const auto rank = [](char kind) { return std::string_view("buifc").find(kind); };
  char ka = kind_of(a);
  char kb = kind_of(b);
  if (rank(ka) > rank(kb)) {
    std::swap(a, b);
    std::swap(ka, kb);
  }
  if (ka == 'b') return b;
  const std::int64_t sa = dtype_size(a);
  const std::int64_t sb = dtype_size(b);
  const auto signed_of = [](std::int64_t size) {
    return size == 1 ? DType::int8 : size == 2 ? DType::int16 : size == 4 ? DType::int32 : DType::int64;
  };
  const auto float_of = [](std::int64_t size) {
    return size <= 2 ? DType::float16 : size == 4 ? DType::float32 : DType::float64;
  };
  if (ka == kb) return sa >= sb ? a : b;
  if (kb == 'i') {  // unsigned with signed
    if (sb > sa) return b;
    return sa == 8 ? DType::float64 : signed_of(sa * 2);
  }
  // An integer needs a float with twice its bytes (8 at most).
  const std::int64_t need = ka == 'f' ? sa : std::min<std::int64_t>(sa * 2, 8);
  if (kb == 'f') return float_of(std::max(need, sb));
  return std::max(need, sb / 2) <= 4 ? DType::complex64 : DType::complex128;
}

DType float_for(DType dtype) {
  if (is_float(dtype) || is_complex(dtype)) return dtype;
  const std::int64_t size = dtype_size(dtype);
  return size == 1 ? DType::float16 : size == 2 ? DType::float32 : DType::float64;
}

bool can_cast_safely(DType from, DType to) { return promote(from, to) == to; }

}  // namespace kedge::frontends
