// Building flatbuffers, back to front.
#include "formats/flatbuffer_builder.h"

#include "formats/fault.h"

namespace kedge::formats {
namespace {

constexpr std::uint64_t kMaxSize = (std::uint64_t{1} << 31) - 1;  // offsets are 32 bits, some of them signed

}  // namespace

void FlatBuilder::prepend(Bytes raw) {
  if (raw.size() > head_) {
    if (size() + raw.size() > kMaxSize) {
      too_large_ = true;  // reported by finish()
      return;
    }
    std::vector<std::byte> larger(std::max<std::uint64_t>(1024, 2 * (size() + raw.size())));
    std::copy(store_.begin() + static_cast<std::ptrdiff_t>(head_), store_.end(),
              larger.end() - static_cast<std::ptrdiff_t>(size()));
    head_ = larger.size() - size();
    store_ = std::move(larger);
  }
  head_ -= raw.size();
  if (!raw.empty()) std::memcpy(store_.data() + head_, raw.data(), raw.size());
}

void FlatBuilder::align(std::uint64_t following, std::uint64_t alignment) {
  KEDGE_CHECK(std::has_single_bit(alignment) && alignment <= 64, "alignment must be a power of two up to 64");
  max_alignment_ = std::max(max_alignment_, alignment);
  constexpr std::byte kZeros[64]{};
  prepend({kZeros, (alignment - (size() + following) % alignment) % alignment});
}

void FlatBuilder::prepend_ref(FlatRef ref) {
  KEDGE_CHECK(ref.from_end != 0 && ref.from_end <= size(), "a reference must point at something built before");
  prepend_number(static_cast<std::uint32_t>(size() + 4 - ref.from_end));
}

FlatRef FlatBuilder::vector(Bytes data, std::int64_t count, std::uint64_t alignment) {
  KEDGE_CHECK(!in_table_, "build vectors before start_table()");
  align(data.size(), std::max<std::uint64_t>(alignment, 4));
  prepend(data);
  prepend_number(static_cast<std::uint32_t>(count));
  return {size()};
}

FlatRef FlatBuilder::bytes(Bytes data, std::uint64_t alignment) {
  return vector(data, static_cast<std::int64_t>(data.size()), alignment);
}

FlatRef FlatBuilder::string(std::string_view text) {
  KEDGE_CHECK(!in_table_, "build strings before start_table()");
  align(text.size() + 1, 4);
  prepend_number(std::uint8_t{0});
  prepend(as_bytes(text));
  prepend_number(static_cast<std::uint32_t>(text.size()));
  return {size()};
}

FlatRef FlatBuilder::refs(std::span<const FlatRef> values) {
  KEDGE_CHECK(!in_table_, "build vectors before start_table()");
  align(4 * values.size(), 4);
  for (std::size_t i = values.size(); i-- > 0;) prepend_ref(values[i]);
  prepend_number(static_cast<std::uint32_t>(values.size()));
  return {size()};
}

void FlatBuilder::start_table() {
  KEDGE_CHECK(!in_table_, "tables do not nest while being built");
  in_table_ = true;
  fields_.clear();
  align(
      0,
      4);  // what padding stands before the table must not count as its own, or equal tables would have unequal vtables
  table_end_ = size();
}

void FlatBuilder::add_inline(int field, Bytes raw, std::uint64_t alignment) {
  KEDGE_CHECK(in_table_ && field >= 0, "add() belongs between start_table() and end_table()");
  align(raw.size(), alignment);
  prepend(raw);
  fields_.push_back({field, size()});
}

void FlatBuilder::add_ref(int field, FlatRef ref) {
  if (!ref) return;
  KEDGE_CHECK(in_table_, "add_ref() belongs between start_table() and end_table()");
  align(4, 4);
  prepend_ref(ref);
  fields_.push_back({field, size()});
}

FlatRef FlatBuilder::end_table() {
  KEDGE_CHECK(in_table_, "end_table() without start_table()");
  in_table_ = false;
  align(4, 4);
  prepend_number(std::int32_t{0});  // the distance to the vtable, known below
  const std::uint64_t table = size();

  int last = -1;
  for (const Field& field : fields_) last = std::max(last, field.id);
  std::vector<std::uint16_t> vtable(static_cast<std::size_t>(last) + 3);
  vtable[0] = static_cast<std::uint16_t>(2 * vtable.size());
  vtable[1] = static_cast<std::uint16_t>(table - table_end_);
  KEDGE_CHECK(table - table_end_ < 0x10000, "a table's inline part is too large");
  for (const Field& field : fields_)
    vtable[static_cast<std::size_t>(field.id) + 2] = static_cast<std::uint16_t>(table - field.from_end);

  const Bytes raw{reinterpret_cast<const std::byte*>(vtable.data()), 2 * vtable.size()};
  std::uint64_t found = 0;
  for (const std::uint64_t known : vtables_) {
    const std::byte* at = store_.data() + store_.size() - known;
    if (known >= raw.size() && std::memcmp(at, raw.data(), raw.size()) == 0) {
      found = known;
      break;
    }
  }
  if (found == 0) {
    prepend(raw);  // an even size after a table that is aligned to 4: no padding needed for 16-bit numbers
    found = size();
    vtables_.push_back(found);
  }
  const auto distance = static_cast<std::int32_t>(static_cast<std::int64_t>(found) - static_cast<std::int64_t>(table));
  if (!too_large_) std::memcpy(store_.data() + store_.size() - table, &distance, sizeof(distance));
  return {table};
}

Result<std::vector<std::byte>> FlatBuilder::finish(FlatRef root, std::string_view identifier) && {
  KEDGE_CHECK(!in_table_ && (identifier.empty() || identifier.size() == 4),
              "finish() needs a finished table and a four-letter identifier");
  align(4 + identifier.size(), max_alignment_);
  prepend(as_bytes(identifier));
  if (!too_large_) prepend_ref(root);
  if (too_large_ || size() > kMaxSize) return fault(kFlatbufferTooLarge, "the flatbuffer would pass 2 GiB", "");
  store_.erase(store_.begin(), store_.begin() + static_cast<std::ptrdiff_t>(head_));
  return std::move(store_);
}

}  // namespace kedge::formats
