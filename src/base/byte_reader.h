// ByteReader: the one bounds-checked way to read bytes of a file. Reading past the end is a value (nullopt), never
// undefined.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace kedge {

using Bytes = std::span<const std::byte>;

static_assert(std::endian::native == std::endian::little, "kedge reads little-endian formats in place");

class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  std::uint64_t size() const { return bytes_.size(); }
  std::uint64_t position() const { return position_; }
  std::uint64_t remaining() const { return bytes_.size() - position_; }
  Bytes bytes() const { return bytes_; }

  bool seek(std::uint64_t position) {
    if (position > bytes_.size()) return false;
    position_ = position;
    return true;
  }
  bool skip(std::uint64_t count) { return count <= remaining() && seek(position_ + count); }

  /// A little-endian number at the position, which moves on.
  template <typename T>
  std::optional<T> read() {
    const std::optional<T> value = at<T>(position_);
    if (value) position_ += sizeof(T);
    return value;
  }

  /// A little-endian number at an absolute offset; the position stays.
  template <typename T>
  std::optional<T> at(std::uint64_t offset) const {
    static_assert(std::is_trivially_copyable_v<T>);
    if (offset > bytes_.size() || sizeof(T) > bytes_.size() - offset) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return value;
  }

  std::optional<Bytes> read_bytes(std::uint64_t count) {
    const std::optional<Bytes> piece = slice(position_, count);
    if (piece) position_ += count;
    return piece;
  }

  std::optional<Bytes> slice(std::uint64_t offset, std::uint64_t count) const {
    if (offset > bytes_.size() || count > bytes_.size() - offset) return std::nullopt;
    return bytes_.subspan(offset, count);
  }

 private:
  Bytes bytes_;
  std::uint64_t position_ = 0;
};

inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes as_bytes(std::string_view text) { return {reinterpret_cast<const std::byte*>(text.data()), text.size()}; }

}  // namespace kedge
