// Protocol Buffers' wire format, read by tables of fields: a message becomes its known fields in the order they stand.
// Nothing is allocated by a size that the file claims; texts and bytes are views into the file.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/limits.h"
#include "base/result.h"

namespace kedge::formats {

enum class ProtoKind : std::uint8_t {
  integer,  ///< int32, int64, uint64, bool, enum: a varint, two's complement
  single,   ///< float
  real,     ///< double
  text,     ///< string
  bytes,
  message,
};

struct ProtoField {
  std::uint32_t number;
  std::string_view name;
  ProtoKind kind;
  bool repeated = false;                             ///< numbers also as one packed run
  std::span<const ProtoField> (*table)() = nullptr;  ///< of a message
};

/// One varint at the reader's position, which moves on; nullopt: cut off or longer than 64 bits.
std::optional<std::uint64_t> read_varint(ByteReader& reader);

struct ProtoMessage;

struct ProtoValue {
  const ProtoField* field;
  std::int64_t integer = 0;
  double real = 0;
  Bytes bytes;                        ///< of text, bytes and messages (their encoding), and of a packed run
  std::vector<ProtoMessage> message;  ///< one, of a message
};

struct ProtoMessage {
  std::vector<ProtoValue> values;

  const ProtoValue* find(std::string_view name) const;  ///< the last of that name; nullptr: absent
  std::vector<const ProtoValue*> all(std::string_view name) const;
  std::string_view text(std::string_view name) const;
  std::int64_t integer(std::string_view name, std::int64_t fallback = 0) const;
  std::vector<std::int64_t> integers(std::string_view name) const;  ///< of a repeated field, packed or not
  std::vector<double> reals(std::string_view name) const;
};

/// Fields that the table does not know are skipped. K0150: not the wire format, or a known field of another wire type;
/// K0100: too many fields or too deep.
Result<ProtoMessage> read_protobuf(Bytes bytes, std::span<const ProtoField> table, const Limits& limits,
                                   std::string_view place);

}  // namespace kedge::formats
