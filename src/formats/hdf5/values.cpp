// Attribute messages (IV.A.2.m) and the conversion of elements to values.
#include "formats/hdf5/values.h"

#include <algorithm>
#include <cmath>

#include "formats/fault.h"
#include "formats/hdf5/heap.h"

namespace kedge::formats::hdf5 {
namespace {

std::string trimmed(std::string_view text, StringPadding padding) {
  switch (padding) {
    case StringPadding::nul_terminated: text = text.substr(0, text.find('\0')); break;
    case StringPadding::nul_padded: text = text.substr(0, text.find_last_not_of('\0') + 1); break;
    case StringPadding::space_padded: text = text.substr(0, text.find_last_not_of(' ') + 1); break;
  }
  return std::string(text);
}

double half_to_double(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31;
  const int mantissa = bits & 0x3ff;
  double value = 0;
  if (exponent == 31) {
    value = mantissa != 0 ? std::nan("") : HUGE_VAL;
  } else if (exponent == 0) {
    value = std::ldexp(mantissa, -24);
  } else {
    value = std::ldexp(mantissa + 1024, exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

template <typename T>
T element(Bytes data, std::int64_t index) {
  return *ByteReader(data).at<T>(static_cast<std::uint64_t>(index) * sizeof(T));
}

Json unsigned_value(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(INT64_MAX)) return Json(static_cast<std::int64_t>(value));
  return Json::make_big_integer(std::to_string(value));
}

/// One number; `data` is little-endian and long enough.
Json number_value(std::string_view dtype, Bytes data, std::int64_t i) {
  if (dtype == "b1") return Json(element<std::uint8_t>(data, i) != 0);
  if (dtype == "i1") return Json(std::int64_t{element<std::int8_t>(data, i)});
  if (dtype == "i2") return Json(std::int64_t{element<std::int16_t>(data, i)});
  if (dtype == "i4") return Json(std::int64_t{element<std::int32_t>(data, i)});
  if (dtype == "i8") return Json(element<std::int64_t>(data, i));
  if (dtype == "u1") return unsigned_value(element<std::uint8_t>(data, i));
  if (dtype == "u2") return unsigned_value(element<std::uint16_t>(data, i));
  if (dtype == "u4") return unsigned_value(element<std::uint32_t>(data, i));
  if (dtype == "u8") return unsigned_value(element<std::uint64_t>(data, i));
  if (dtype == "f2") return Json(half_to_double(element<std::uint16_t>(data, i)));
  if (dtype == "bf2")
    return Json(double{std::bit_cast<float>(static_cast<std::uint32_t>(element<std::uint16_t>(data, i)) << 16)});
  if (dtype == "f4") return Json(double{element<float>(data, i)});
  if (dtype == "f8") return Json(element<double>(data, i));
  return Json();  // complex numbers have no JSON value
}

/// Nests a flat list by shape; the innermost axis last.
Json nested(std::vector<Json>& flat, const std::vector<std::int64_t>& shape) {
  if (shape.empty()) return flat.empty() ? Json() : std::move(flat[0]);
  for (std::size_t axis = shape.size(); axis-- > 1;) {
    std::vector<Json> outer;
    const auto width = static_cast<std::size_t>(shape[axis]);
    std::int64_t groups = 1;
    for (std::size_t k = 0; k < axis; ++k) groups *= shape[k];
    for (std::int64_t g = 0; g < groups; ++g) {
      const auto begin = flat.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(g) * width);
      outer.emplace_back(Json::Array(std::make_move_iterator(begin),
                                     std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(width))));
    }
    flat = std::move(outer);
  }
  return Json(Json::Array(std::make_move_iterator(flat.begin()), std::make_move_iterator(flat.end())));
}

}  // namespace

std::vector<std::byte> swapped(Bytes data, std::uint64_t part) {
  std::vector<std::byte> out(data.begin(), data.end());
  for (std::uint64_t at = 0; at + part <= out.size(); at += part) std::reverse(out.data() + at, out.data() + at + part);
  return out;
}

Result<std::vector<std::string>> decode_strings(const Source& source, const Datatype& type, Bytes data,
                                                std::int64_t count) {
  std::vector<std::string> out;
  GlobalHeaps heaps(source);
  Cursor cursor(data);
  std::uint64_t total = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    if (type.kind == TypeKind::fixed_string) {
      out.push_back(trimmed(as_text(cursor.take(type.size)), type.padding));
    } else {
      const std::uint64_t length = cursor.u32();
      const std::uint64_t collection = source.address(cursor);
      const std::uint32_t index = cursor.u32();
      if (!cursor.ok()) return corrupt("a string is cut off");
      if (collection == 0 || length == 0 || source.is_undefined(collection)) {
        out.emplace_back();
        continue;
      }
      KEDGE_TRY(const Bytes object, heaps.get(collection, index));
      if (object.size() < length) return corrupt("a string is cut off");
      total += length;  // many elements may share one heap object
      if (total > static_cast<std::uint64_t>(source.limits.inflated_bytes))
        return fault(kLimitExceeded, "the strings take too many bytes", "");
      const std::string_view text = as_text(object.first(length));
      out.emplace_back(type.padding == StringPadding::nul_terminated ? text.substr(0, text.find('\0')) : text);
    }
    if (!cursor.ok()) return corrupt("a string is cut off");
  }
  return out;
}

Result<Hdf5Attribute> decode_attribute(const Source& source, Bytes message) {
  Cursor cursor(message);
  const std::uint8_t version = cursor.u8();
  const std::uint8_t flags = cursor.u8();
  if (cursor.ok() && (version < 1 || version > 3)) return unsupported("attribute version " + std::to_string(version));
  const std::uint16_t name_size = cursor.u16();
  const std::uint16_t type_size = cursor.u16();
  const std::uint16_t space_size = cursor.u16();
  if (version == 3) cursor.skip(1);
  const auto padded = [&](std::uint64_t size) { return version == 1 ? (size + 7) / 8 * 8 : size; };
  const std::string_view name = as_text(cursor.take(padded(name_size)));
  const Bytes type_bytes = cursor.take(padded(type_size));
  const Bytes space_bytes = cursor.take(padded(space_size));
  if (!cursor.ok()) return corrupt("an attribute is cut off");
  const std::uint8_t type_flags = version > 1 && (flags & 1) != 0 ? kSharedFlag : std::uint8_t{0};
  if (version > 1 && (flags & 2) != 0) return unsupported("a shared dataspace");

  Hdf5Attribute attribute;
  attribute.name = name.substr(0, name.find('\0'));
  KEDGE_TRY(const Datatype type, read_datatype(source, type_bytes, type_flags));
  KEDGE_TRY(const Dataspace space, read_dataspace(source, space_bytes));
  attribute.dtype = type.dtype;
  attribute.shape = space.shape;
  if (space.is_null) return attribute;
  const std::optional<std::int64_t> count = checked_count(space.shape);
  if (!count || (*count > 0 && type.size > cursor.remaining() / static_cast<std::uint64_t>(*count)))
    return corrupt("an attribute's value is cut off");
  const Bytes stored = cursor.take(static_cast<std::uint64_t>(*count) * type.size);

  std::vector<Json> flat;
  if (type.kind == TypeKind::fixed_string || type.kind == TypeKind::variable_string) {
    KEDGE_TRY(std::vector<std::string> strings, decode_strings(source, type, stored, *count));
    for (std::string& text : strings) flat.emplace_back(std::move(text));
  } else if (type.kind == TypeKind::number && type.dtype.front() != 'c') {
    const std::vector<std::byte> turned = type.swap != 0 ? swapped(stored, type.swap) : std::vector<std::byte>{};
    const Bytes data = type.swap != 0 ? Bytes(turned) : stored;
    for (std::int64_t i = 0; i < *count; ++i) flat.push_back(number_value(type.dtype, data, i));
  } else {
    attribute.readable = false;
    return attribute;
  }
  attribute.value = nested(flat, space.shape);
  return attribute;
}

}  // namespace kedge::formats::hdf5
