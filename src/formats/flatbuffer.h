// FlatBuffers at the wire level: tables read and built by field id, without schema files or generated code.
// Format: FlatBuffers documentation, "FlatBuffer internals". TFLite's field tables live in the room that knows TFLite.
//
// Reading: every step is bounds-checked against the file, so that no offset, vtable or length can lead outside; a
// missing field gives its default, as the format defines. Alignment is not required of the input: numbers are copied
// out. A wrong structure does not throw and does not crash: it answers with nothing and marks the buffer; check(),
// asked once at the end or at checkpoints, turns the first mark into an error. Visits are counted (limits.entries and
// 16 per byte), so keep what tables() and the like answered rather than ask again in a loop.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "formats/blob.h"

namespace kedge::formats {

class FlatTable;

/// A vector of numbers or structs: its bytes, in place.
struct FlatBytes {
  Bytes data;
  std::int64_t count = 0;
};

/// One flatbuffer being read. It outlives the tables that it hands out.
class FlatBuffer {
 public:
  /// `place` names the file in errors.
  FlatBuffer(Bytes bytes, const Limits& limits, std::string place);
  FlatBuffer(const FlatBuffer&) = delete;
  FlatBuffer& operator=(const FlatBuffer&) = delete;

  /// The root table. K0140 when the root offset leads nowhere or the identifier (bytes 4-7) is not the expected one.
  Result<FlatTable> root(std::string_view identifier) const;

  /// K0140 when anything that was read so far was damaged; names the first place.
  Result<void> check() const;

  Bytes bytes() const { return bytes_; }

 private:
  friend class FlatTable;
  void mark(std::string what) const;
  /// Counts what was visited, so that shared or cyclic offsets cannot make a reader run forever.
  bool spend() const;

  Bytes bytes_;
  Limits limits_;
  std::string place_;
  mutable std::int64_t visited_ = 0;
  mutable std::string fault_;
};

/// A table inside a FlatBuffer. Null tables answer every question with the default.
class FlatTable {
 public:
  FlatTable() = default;

  bool is_null() const { return buffer_ == nullptr; }
  bool has(int field) const;

  /// A number or boolean (one byte) field.
  template <typename T>
  T number(int field, T absent = T{}) const {
    static_assert(std::is_arithmetic_v<T>);
    const std::optional<Bytes> raw = inline_field(field, sizeof(T));
    if (!raw) return absent;
    if constexpr (std::is_same_v<T, bool>) {
      return (*raw)[0] != std::byte{0};
    } else {
      T value;
      std::memcpy(&value, raw->data(), sizeof(T));
      return value;
    }
  }
  /// A struct stored inline, as its bytes.
  std::optional<Bytes> structure(int field, std::uint64_t size) const { return inline_field(field, size); }

  FlatTable table(int field) const;
  /// Empty when absent; has() tells the difference.
  std::string_view string(int field) const;

  /// The bytes of a vector of numbers or structs of `element_size` bytes.
  FlatBytes vector(int field, std::uint64_t element_size) const;
  /// A vector of numbers, copied.
  template <typename T>
  std::vector<T> numbers(int field) const {
    const FlatBytes raw = vector(field, sizeof(T));
    std::vector<T> out(static_cast<std::size_t>(raw.count));
    if (raw.count > 0) std::memcpy(out.data(), raw.data.data(), raw.data.size());
    return out;
  }
  std::vector<FlatTable> tables(int field) const;
  std::vector<std::string_view> strings(int field) const;

  /// A union is two fields: its type at `field - 1` and its table at `field`.
  std::uint8_t union_type(int field) const { return number<std::uint8_t>(field - 1); }

  /// Where the table stands; equal positions are the same table.
  std::uint64_t position() const { return position_; }

 private:
  friend class FlatBuffer;
  FlatTable(const FlatBuffer* buffer, std::uint64_t position) : buffer_(buffer), position_(position) {}
  static FlatTable open(const FlatBuffer* buffer, std::uint64_t position);
  std::optional<std::uint64_t> field_position(int field) const;
  std::optional<Bytes> inline_field(int field, std::uint64_t size) const;
  /// Follows the 32-bit offset stored at `at`.
  std::optional<std::uint64_t> follow(std::uint64_t at) const;
  std::optional<std::string_view> string_at(std::uint64_t at) const;

  const FlatBuffer* buffer_ = nullptr;
  std::uint64_t position_ = 0;
};

}  // namespace kedge::formats
