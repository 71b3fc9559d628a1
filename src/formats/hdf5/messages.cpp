// What a dataset is: dataspace, datatype and filter messages (specification IV.A.2.b, d and l).
#include <algorithm>

#include "formats/hdf5/source.h"

namespace kedge::formats::hdf5 {
namespace {

constexpr int kMaxTypeDepth = 16;

enum TypeClass : std::uint8_t {
  kFixedPoint = 0,
  kFloatingPoint = 1,
  kTime = 2,
  kString = 3,
  kBitfield = 4,
  kOpaque = 5,
  kCompound = 6,
  kReference = 7,
  kEnum = 8,
  kVariableLength = 9,
  kArray = 10,
};

std::string_view class_name(std::uint8_t type_class) {
  constexpr std::string_view kNames[] = {"integer", "float",    "time",      "string",      "bitfield",
                                         "opaque",  "compound", "reference", "enumeration", "variable-length sequence",
                                         "array"};
  return type_class < std::size(kNames) ? kNames[type_class] : "unknown";
}

/// A name that ends in NUL; versions 1 and 2 pad it to a multiple of 8.
std::string read_name(Cursor& cursor, bool padded) {
  std::string name;
  while (cursor.ok()) {
    const auto c = static_cast<char>(cursor.u8());
    if (c == '\0') break;
    name += c;
  }
  const std::uint64_t length = name.size() + 1;
  if (padded) cursor.skip((8 - length % 8) % 8);
  return name;
}

/// Reads one datatype; the cursor stands behind it afterwards.
Result<Datatype> read_type(Cursor& cursor, int depth);

Datatype fixed_point(Cursor& cursor, std::uint32_t bits, std::uint64_t size) {
  const std::uint16_t offset = cursor.u16();
  const std::uint16_t precision = cursor.u16();
  Datatype type;
  type.size = size;
  const bool whole = offset == 0 && precision == 8 * size;
  if (whole && (size == 1 || size == 2 || size == 4 || size == 8)) {
    type.kind = TypeKind::number;
    type.dtype = ((bits & 8) != 0 ? "i" : "u") + std::to_string(size);
    type.swap = (bits & 1) != 0 && size > 1 ? size : 0;
  } else {
    type.dtype = "integer of " + std::to_string(precision) + " bits";
  }
  return type;
}

/// IEEE 754 by its field positions; bfloat16 is the upper half of float32.
Datatype floating_point(Cursor& cursor, std::uint32_t bits, std::uint64_t size) {
  cursor.skip(2);
  const std::uint16_t precision = cursor.u16();
  cursor.skip(1);
  const std::uint8_t exponent = cursor.u8();
  cursor.skip(1);
  const std::uint8_t mantissa = cursor.u8();
  cursor.skip(4);
  Datatype type;
  type.size = size;
  type.dtype = "float of " + std::to_string(precision) + " bits";
  const bool plain_order = (bits & 0x40) == 0;
  struct Known {
    std::uint64_t size;
    int exponent;
    int mantissa;
    const char* dtype;
  };
  constexpr Known kKnown[] = {{2, 5, 10, "f2"}, {4, 8, 23, "f4"}, {8, 11, 52, "f8"}, {2, 8, 7, "bf2"}};
  for (const Known& known : kKnown) {
    if (!plain_order || size != known.size || precision != 8 * size || exponent != known.exponent ||
        mantissa != known.mantissa)
      continue;
    type.kind = TypeKind::number;
    type.dtype = known.dtype;
    type.swap = (bits & 1) != 0 ? size : 0;
  }
  return type;
}

/// Booleans are an enumeration {FALSE = 0, TRUE = 1} over one byte; any other enumeration counts as its integers.
Result<Datatype> enumeration(Cursor& cursor, std::uint32_t bits, std::uint8_t version, int depth) {
  KEDGE_TRY(Datatype base, read_type(cursor, depth + 1));
  const std::uint32_t count = bits & 0xffff;
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < count && cursor.ok(); ++i) names.push_back(read_name(cursor, version < 3));
  const Bytes values = cursor.take(count * base.size);
  if (base.size == 1 && names == std::vector<std::string>{"FALSE", "TRUE"} && values.size() == 2 &&
      values[0] == std::byte{0} && values[1] == std::byte{1}) {
    base.dtype = "b1";
  }
  return base;
}

/// Two floats `r` and `i` are how h5py stores complex numbers; no other compound type has a meaning here.
Result<Datatype> compound(Cursor& cursor, std::uint32_t bits, std::uint8_t version, std::uint64_t size, int depth) {
  const std::uint32_t count = bits & 0xffff;
  std::vector<std::string> names;
  std::vector<Datatype> types;
  std::vector<std::uint64_t> offsets;
  std::uint64_t offset_size = 4;
  if (version >= 3) {
    offset_size = 1;
    while (offset_size < 8 && (size >> (8 * offset_size)) != 0) ++offset_size;
  }
  for (std::uint32_t i = 0; i < count && cursor.ok(); ++i) {
    names.push_back(read_name(cursor, version < 3));
    offsets.push_back(cursor.number(offset_size));
    if (version == 1) cursor.skip(28);  // dimensions of the member, replaced by the array class
    KEDGE_TRY(Datatype member, read_type(cursor, depth + 1));
    types.push_back(std::move(member));
  }
  Datatype type;
  type.size = size;
  type.dtype = "compound";
  if (count == 2 && types.size() == 2 && names[0] == "r" && names[1] == "i" && types[0].dtype == types[1].dtype &&
      types[0].swap == types[1].swap && types[0].kind == TypeKind::number && types[0].dtype.front() == 'f' &&
      offsets[0] == 0 && offsets[1] == types[0].size && size == 2 * types[0].size && size >= 8) {
    type.kind = TypeKind::number;
    type.dtype = "c" + std::to_string(size);
    type.swap = types[0].swap;
  }
  return type;
}

Result<Datatype> read_type(Cursor& cursor, int depth) {
  if (depth > kMaxTypeDepth) return corrupt("a datatype is nested too deeply");
  const std::uint8_t head = cursor.u8();
  const auto version = static_cast<std::uint8_t>(head >> 4);
  const auto type_class = static_cast<std::uint8_t>(head & 15);
  const auto bits = static_cast<std::uint32_t>(cursor.number(3));
  const std::uint64_t size = cursor.u32();
  if (!cursor.ok()) return corrupt("a datatype is cut off");
  if (version < 1 || version > 5) return unsupported("datatype version " + std::to_string(version));
  if (size == 0) return corrupt("a datatype has no size");

  Datatype type;
  type.size = size;
  type.dtype = class_name(type_class);
  switch (type_class) {
    case kFixedPoint: type = fixed_point(cursor, bits, size); break;
    case kFloatingPoint: type = floating_point(cursor, bits, size); break;
    case kString:
      type.kind = TypeKind::fixed_string;
      type.dtype = "S" + std::to_string(size);
      type.padding = static_cast<StringPadding>(std::min<std::uint32_t>(bits & 15, 2));
      break;
    case kOpaque:
      cursor.skip(bits & 0xff);
      type.kind = TypeKind::opaque;
      type.dtype = "V" + std::to_string(size);
      break;
    case kCompound: {
      KEDGE_TRY(type, compound(cursor, bits, version, size, depth));
      break;
    }
    case kEnum: {
      KEDGE_TRY(type, enumeration(cursor, bits, version, depth));
      break;
    }
    case kVariableLength: {
      KEDGE_TRY(const Datatype base, read_type(cursor, depth + 1));
      if ((bits & 15) == 1) {
        type.kind = TypeKind::variable_string;
        type.dtype = "O";
        type.padding = static_cast<StringPadding>(std::min<std::uint32_t>((bits >> 4) & 15, 2));
      }
      break;
    }
    case kArray: {
      const std::uint8_t rank = cursor.u8();
      if (version < 3) cursor.skip(3);
      cursor.skip(std::uint64_t{rank} * (version < 3 ? 8 : 4));
      KEDGE_TRY(const Datatype base, read_type(cursor, depth + 1));
      break;
    }
    case kTime: cursor.skip(2); break;
    case kBitfield: cursor.skip(4); break;
    default: break;
  }
  if (!cursor.ok()) return corrupt("a datatype is cut off");
  return type;
}

}  // namespace

Result<Dataspace> read_dataspace(const Source& source, Bytes data) {
  Cursor cursor(data);
  const std::uint8_t version = cursor.u8();
  const std::uint8_t rank = cursor.u8();
  cursor.skip(1);  // flags: maximum sizes follow the sizes, which a reader does not need
  Dataspace space;
  if (version == 1) {
    cursor.skip(5);
  } else if (version == 2) {
    space.is_null = cursor.u8() == 2;
  } else if (cursor.ok()) {
    return unsupported("dataspace version " + std::to_string(version));
  }
  if (rank > 32) return corrupt("a dataspace has too many dimensions");
  for (std::uint8_t i = 0; i < rank; ++i) {
    const std::uint64_t dim = source.length(cursor);
    if (dim > static_cast<std::uint64_t>(INT64_MAX)) return corrupt("a dimension is too large");
    space.shape.push_back(static_cast<std::int64_t>(dim));
  }
  if (!cursor.ok()) return corrupt("a dataspace is cut off");
  return space;
}

Result<Datatype> read_datatype(const Source& source, Bytes data, std::uint8_t flags) {
  if ((flags & kSharedFlag) == 0) {
    Cursor cursor(data);
    return read_type(cursor, 0);
  }
  // "Shared message": versions 1 and 2 give the address of a committed datatype; version 3 says which kind it is.
  Cursor cursor(data);
  const std::uint8_t version = cursor.u8();
  const std::uint8_t kind = cursor.u8();
  if (version == 1) cursor.skip(6);
  if (version == 3 && kind == 1) return unsupported("a datatype in the shared message heap");
  const std::uint64_t address = source.address(cursor);
  if (!cursor.ok() || version < 1 || version > 3) return corrupt("a reference to a shared datatype is damaged");
  KEDGE_TRY(const std::vector<Message> messages, read_object_header(source, address));
  for (const Message& message : messages) {
    if (message.type != kDatatype || (message.flags & kSharedFlag) != 0) continue;
    Cursor type(message.data);
    return read_type(type, 0);
  }
  return corrupt("a committed datatype is missing");
}

Result<std::vector<Filter>> read_filters(Bytes data) {
  Cursor cursor(data);
  const std::uint8_t version = cursor.u8();
  const std::uint8_t count = cursor.u8();
  if (version == 1) cursor.skip(6);
  if (cursor.ok() && (version < 1 || version > 2))
    return unsupported("filter pipeline version " + std::to_string(version));
  if (count > 32) return corrupt("a filter pipeline is too long");
  std::vector<Filter> filters;
  for (std::uint8_t i = 0; i < count; ++i) {
    Filter filter;
    filter.id = cursor.u16();
    const std::uint16_t name_length = version == 1 || filter.id >= 256 ? cursor.u16() : std::uint16_t{0};
    cursor.skip(2);
    const std::uint16_t parameters = cursor.u16();
    cursor.skip(version == 1 ? (name_length + 7U) / 8 * 8 : name_length);
    for (std::uint16_t k = 0; k < parameters && cursor.ok(); ++k) filter.parameters.push_back(cursor.u32());
    if (version == 1 && parameters % 2 == 1) cursor.skip(4);
    filters.push_back(std::move(filter));
  }
  if (!cursor.ok()) return corrupt("a filter pipeline is cut off");
  return filters;
}

}  // namespace kedge::formats::hdf5
