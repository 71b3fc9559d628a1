// Reading flatbuffers.
#include "formats/flatbuffer.h"

#include "formats/fault.h"

namespace kedge::formats {

FlatBuffer::FlatBuffer(Bytes bytes, const Limits& limits, std::string place)
    : bytes_(bytes), limits_(limits), place_(std::move(place)) {}

void FlatBuffer::mark(std::string what) const {
  if (fault_.empty()) fault_ = std::move(what);
}

bool FlatBuffer::spend() const {
  // Roomy, because a reader may ask for the same table many times; small enough that a hostile graph ends within a
  // second.
  if (++visited_ <= limits_.entries + 16 * static_cast<std::int64_t>(bytes_.size())) return true;
  mark("offsets that refer to the same things over and over");
  return false;
}

Result<void> FlatBuffer::check() const {
  if (fault_.empty()) return {};
  return fault(kFlatbufferMalformed, "the flatbuffer is damaged: " + fault_, place_)
      .help("fetch or make the file again");
}

Result<FlatTable> FlatBuffer::root(std::string_view identifier) const {
  const ByteReader reader(bytes_);
  const std::optional<Bytes> stored = reader.slice(4, 4);
  if (!stored) return fault(kFlatbufferMalformed, "the flatbuffer is cut off", place_);
  if (!identifier.empty() && as_text(*stored) != identifier) {
    return fault(kFlatbufferMalformed,
                 "the file's identifier is " + quoted(as_text(*stored)) + ", not " + quoted(identifier), place_);
  }
  const FlatTable table = FlatTable::open(this, *reader.at<std::uint32_t>(0));
  KEDGE_TRY_VOID(check());
  return table;
}

/// Checks the vtable once: it lies inside the file, and so does the table's inline part that it claims.
FlatTable FlatTable::open(const FlatBuffer* buffer, std::uint64_t position) {
  const ByteReader reader(buffer->bytes());
  const auto damaged = [&] {
    buffer->mark("the table at byte " + std::to_string(position) + " lies outside the file");
    return FlatTable();
  };
  if (!buffer->spend()) return {};
  const std::optional<std::int32_t> distance = reader.at<std::int32_t>(position);
  if (!distance) return damaged();
  const std::int64_t vtable = static_cast<std::int64_t>(position) - *distance;
  if (vtable < 0) return damaged();
  const std::optional<std::uint16_t> vtable_size = reader.at<std::uint16_t>(static_cast<std::uint64_t>(vtable));
  const std::optional<std::uint16_t> table_size = reader.at<std::uint16_t>(static_cast<std::uint64_t>(vtable) + 2);
  if (!vtable_size || !table_size || *vtable_size < 4 || *vtable_size % 2 != 0 || *table_size < 4) return damaged();
  if (!reader.slice(static_cast<std::uint64_t>(vtable), *vtable_size) || !reader.slice(position, *table_size))
    return damaged();
  return FlatTable(buffer, position);
}

std::optional<std::uint64_t> FlatTable::field_position(int field) const {
  if (is_null()) return std::nullopt;
  const ByteReader reader(buffer_->bytes());
  const std::uint64_t vtable =
      position_ - static_cast<std::uint64_t>(static_cast<std::int64_t>(*reader.at<std::int32_t>(position_)));
  const std::uint64_t slot = 4 + 2 * static_cast<std::uint64_t>(field);
  if (slot + 2 > *reader.at<std::uint16_t>(vtable)) return std::nullopt;
  const std::uint16_t offset = *reader.at<std::uint16_t>(vtable + slot);
  if (offset == 0) return std::nullopt;
  if (offset < 4 || offset >= *reader.at<std::uint16_t>(vtable + 2)) {
    buffer_->mark("field " + std::to_string(field) + " of the table at byte " + std::to_string(position_) +
                  " lies outside its table");
    return std::nullopt;
  }
  return position_ + offset;
}

std::optional<Bytes> FlatTable::inline_field(int field, std::uint64_t size) const {
  const std::optional<std::uint64_t> at = field_position(field);
  if (!at) return std::nullopt;
  const std::optional<Bytes> raw = ByteReader(buffer_->bytes()).slice(*at, size);
  if (!raw)
    buffer_->mark("field " + std::to_string(field) + " of the table at byte " + std::to_string(position_) +
                  " is cut off");
  return raw;
}

bool FlatTable::has(int field) const { return field_position(field).has_value(); }

std::optional<std::uint64_t> FlatTable::follow(std::uint64_t at) const {
  const std::optional<std::uint32_t> distance = ByteReader(buffer_->bytes()).at<std::uint32_t>(at);
  if (distance && *distance != 0 && at + *distance < buffer_->bytes().size()) return at + *distance;
  buffer_->mark("the offset at byte " + std::to_string(at) + " leads outside the file");
  return std::nullopt;
}

FlatTable FlatTable::table(int field) const {
  const std::optional<std::uint64_t> at = field_position(field);
  const std::optional<std::uint64_t> target = at ? follow(*at) : std::nullopt;
  return target ? open(buffer_, *target) : FlatTable();
}

std::optional<std::string_view> FlatTable::string_at(std::uint64_t at) const {
  const ByteReader reader(buffer_->bytes());
  const std::optional<std::uint64_t> target = follow(at);
  if (!target || !buffer_->spend()) return std::nullopt;
  const std::optional<std::uint32_t> length = reader.at<std::uint32_t>(*target);
  const std::optional<Bytes> text = length ? reader.slice(*target + 4, *length) : std::nullopt;
  if (!text ||
      reader.at<char>(*target + 4 + *length) != '\0') {  // strings end in NUL, which their length does not count
    buffer_->mark("the string at byte " + std::to_string(*target) + " is cut off");
    return std::nullopt;
  }
  return as_text(*text);
}

std::string_view FlatTable::string(int field) const {
  const std::optional<std::uint64_t> at = field_position(field);
  if (!at) return {};
  return string_at(*at).value_or(std::string_view{});
}

FlatBytes FlatTable::vector(int field, std::uint64_t element_size) const {
  const std::optional<std::uint64_t> at = field_position(field);
  const std::optional<std::uint64_t> target = at ? follow(*at) : std::nullopt;
  if (!target || !buffer_->spend()) return {};
  const ByteReader reader(buffer_->bytes());
  const std::optional<std::uint32_t> count = reader.at<std::uint32_t>(*target);
  const std::optional<Bytes> data = count ? reader.slice(*target + 4, *count * element_size) : std::nullopt;
  if (!data) {
    buffer_->mark("the vector at byte " + std::to_string(*target) + " is cut off");
    return {};
  }
  return {*data, static_cast<std::int64_t>(*count)};
}

std::vector<FlatTable> FlatTable::tables(int field) const {
  const FlatBytes offsets = vector(field, 4);
  std::vector<FlatTable> out;
  const std::uint64_t start =
      offsets.count == 0 ? 0 : static_cast<std::uint64_t>(offsets.data.data() - buffer_->bytes().data());
  for (std::int64_t i = 0; i < offsets.count; ++i) {
    const std::optional<std::uint64_t> target = follow(start + 4 * static_cast<std::uint64_t>(i));
    FlatTable one = target ? open(buffer_, *target) : FlatTable();
    if (one.is_null()) return {};  // marked: a reader must not see fewer tables than there are without being told
    out.push_back(one);
  }
  return out;
}

std::vector<std::string_view> FlatTable::strings(int field) const {
  const FlatBytes offsets = vector(field, 4);
  std::vector<std::string_view> out;
  const std::uint64_t start =
      offsets.count == 0 ? 0 : static_cast<std::uint64_t>(offsets.data.data() - buffer_->bytes().data());
  for (std::int64_t i = 0; i < offsets.count; ++i) {
    const std::optional<std::string_view> text = string_at(start + 4 * static_cast<std::uint64_t>(i));
    if (!text) return {};
    out.push_back(*text);
  }
  return out;
}

}  // namespace kedge::formats
