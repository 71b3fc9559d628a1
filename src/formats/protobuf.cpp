#include "formats/protobuf.h"

#include "formats/fault.h"

namespace kedge::formats {
namespace {

enum Wire : std::uint64_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

/// One number of the field's kind; false at the end of the bytes.
bool number(ByteReader& in, ProtoKind kind, ProtoValue& value) {
  if (kind == ProtoKind::integer) {
    const std::optional<std::uint64_t> n = read_varint(in);
    if (n) value.integer = static_cast<std::int64_t>(*n);
    return n.has_value();
  }
  if (kind == ProtoKind::single) {
    const std::optional<float> n = in.read<float>();
    if (n) value.real = static_cast<double>(*n);
    return n.has_value();
  }
  const std::optional<double> n = in.read<double>();
  if (n) value.real = *n;
  return n.has_value();
}

/// Calls `use` with a single number, or with each of a packed run.
template <typename Use>
void each_number(const ProtoValue& value, Use use) {
  if (value.bytes.data() == nullptr) return use(value);
  ProtoValue one = value;
  for (ByteReader in(value.bytes); in.remaining() > 0 && number(in, value.field->kind, one);) use(one);
}

class Reader {
 public:
  Reader(const Limits& limits, std::string_view place) : limits_(limits), place_(place) {}

  Result<ProtoMessage> message(Bytes bytes, std::span<const ProtoField> table, std::int64_t depth) {
    if (depth > limits_.depth) return fault(kLimitExceeded, "messages are nested too deeply", place_);
    ProtoMessage out;
    ByteReader in(bytes);
    while (in.remaining() > 0) {
      const std::optional<std::uint64_t> key = read_varint(in);
      if (!key || *key >> 3 == 0) return broken("a field's key is not valid");
      const ProtoField* field = nullptr;
      for (const ProtoField& f : table)
        if (f.number == *key >> 3) field = &f;
      KEDGE_TRY_VOID(read_field(in, static_cast<Wire>(*key & 7), field, depth, out));
    }
    return out;
  }

 private:
  Error broken(const std::string& what) const { return fault(kProtobufMalformed, what, place_); }

  Result<void> count() {
    if (++fields_ > limits_.entries * 100) return fault(kLimitExceeded, "more fields than the limit allows", place_);
    return {};
  }

  static Wire wire_of(ProtoKind kind) {
    switch (kind) {
      case ProtoKind::integer: return kVarint;
      case ProtoKind::single: return kFixed32;
      case ProtoKind::real: return kFixed64;
      default: return kLength;
    }
  }

  Result<void> read_field(ByteReader& in, Wire wire, const ProtoField* field, std::int64_t depth, ProtoMessage& out) {
    if (field == nullptr) return skip(in, wire);
    if (wire == kLength) {
      const std::optional<std::uint64_t> length = read_varint(in);
      const std::optional<Bytes> bytes = length ? in.read_bytes(*length) : std::nullopt;
      if (!bytes) return broken("field `" + std::string(field->name) + "` is longer than the file");
      if (wire_of(field->kind) != kLength) return packed(*bytes, *field, out);
      KEDGE_TRY_VOID(count());
      ProtoValue value{field, 0, 0, *bytes, {}};
      if (field->kind == ProtoKind::message) {
        KEDGE_TRY(ProtoMessage inner, message(*bytes, field->table(), depth + 1));
        value.message.push_back(std::move(inner));
      }
      out.values.push_back(std::move(value));
      return {};
    }
    if (wire != wire_of(field->kind)) return broken("field `" + std::string(field->name) + "` has another wire type");
    KEDGE_TRY_VOID(count());
    ProtoValue value{field, 0, 0, {}, {}};
    if (!number(in, field->kind, value)) return broken("field `" + std::string(field->name) + "` is cut off");
    out.values.push_back(std::move(value));
    return {};
  }

  /// A packed run stays one value; here is checked that it can be read.
  Result<void> packed(Bytes bytes, const ProtoField& field, ProtoMessage& out) {
    if (!field.repeated) return broken("field `" + std::string(field.name) + "` has another wire type");
    KEDGE_TRY_VOID(count());
    ProtoValue value{&field, 0, 0, {}, {}};
    for (ByteReader in(bytes); in.remaining() > 0;)
      if (!number(in, field.kind, value)) return broken("field `" + std::string(field.name) + "` is cut off");
    value.bytes = bytes;
    out.values.push_back(std::move(value));
    return {};
  }

  Result<void> skip(ByteReader& in, Wire wire) {
    bool good = false;
    if (wire == kVarint) {
      good = read_varint(in).has_value();
    } else if (wire == kFixed64 || wire == kFixed32) {
      good = in.skip(wire == kFixed64 ? 8 : 4);
    } else if (wire == kLength) {
      const std::optional<std::uint64_t> length = read_varint(in);
      good = length && in.skip(*length);
    }
    if (!good) return broken("a field cannot be read");
    return {};
  }

  const Limits& limits_;
  std::string_view place_;
  std::int64_t fields_ = 0;
};

}  // namespace

std::optional<std::uint64_t> read_varint(ByteReader& reader) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::optional<std::uint8_t> byte = reader.read<std::uint8_t>();
    if (!byte) return std::nullopt;
    value |= static_cast<std::uint64_t>(*byte & 0x7f) << shift;
    if ((*byte & 0x80) == 0) return value;
  }
  return std::nullopt;
}

const ProtoValue* ProtoMessage::find(std::string_view name) const {
  const ProtoValue* found = nullptr;
  for (const ProtoValue& v : values)
    if (v.field->name == name) found = &v;
  return found;
}

std::vector<const ProtoValue*> ProtoMessage::all(std::string_view name) const {
  std::vector<const ProtoValue*> out;
  for (const ProtoValue& v : values)
    if (v.field->name == name) out.push_back(&v);
  return out;
}

std::string_view ProtoMessage::text(std::string_view name) const {
  const ProtoValue* v = find(name);
  return v == nullptr ? std::string_view() : as_text(v->bytes);
}

std::int64_t ProtoMessage::integer(std::string_view name, std::int64_t fallback) const {
  const ProtoValue* v = find(name);
  return v == nullptr ? fallback : v->integer;
}

std::vector<std::int64_t> ProtoMessage::integers(std::string_view name) const {
  std::vector<std::int64_t> out;
  for (const ProtoValue* v : all(name)) each_number(*v, [&](const ProtoValue& n) { out.push_back(n.integer); });
  return out;
}

std::vector<double> ProtoMessage::reals(std::string_view name) const {
  std::vector<double> out;
  for (const ProtoValue* v : all(name)) each_number(*v, [&](const ProtoValue& n) { out.push_back(n.real); });
  return out;
}

Result<ProtoMessage> read_protobuf(Bytes bytes, std::span<const ProtoField> table, const Limits& limits,
                                   std::string_view place) {
  return Reader(limits, place).message(bytes, table, 0);
}

}  // namespace kedge::formats
