// ByteWriter: appends little-endian numbers and bytes; the mirror of ByteReader.
#pragma once

#include <type_traits>
#include <vector>

#include "base/byte_reader.h"

namespace kedge::formats {

class ByteWriter {
 public:
  explicit ByteWriter(std::vector<std::byte>& out) : out_(out) {}

  template <typename... Numbers>
  void put(Numbers... numbers) {
    (put_one(numbers), ...);
  }
  void put_bytes(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void put_text(std::string_view text) { put_bytes(as_bytes(text)); }
  void put_zeros(std::uint64_t count) { out_.insert(out_.end(), count, std::byte{0}); }
  std::uint64_t size() const { return out_.size(); }

 private:
  template <typename T>
  void put_one(T number) {
    static_assert(std::is_arithmetic_v<T>);
    std::byte raw[sizeof(T)];
    std::memcpy(raw, &number, sizeof(T));
    out_.insert(out_.end(), raw, raw + sizeof(T));
  }

  std::vector<std::byte>& out_;
};

}  // namespace kedge::formats
