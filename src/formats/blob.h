// Blob: bytes that are either a view into a longer-lived file or owned here; which of the two is invisible to the
// reader.
#pragma once

#include <memory>
#include <vector>

#include "base/byte_reader.h"

namespace kedge::formats {

class Blob {
 public:
  Blob() = default;

  /// Looks at bytes that somebody else keeps alive (a mapped file).
  static Blob view(Bytes bytes) {
    Blob blob;
    blob.bytes_ = bytes;
    return blob;
  }
  /// Owns the bytes; copies of the Blob share them.
  static Blob own(std::vector<std::byte> bytes) {
    Blob blob;
    blob.owner_ = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
    blob.bytes_ = *blob.owner_;
    return blob;
  }

  Bytes bytes() const { return bytes_; }
  std::uint64_t size() const { return bytes_.size(); }
  std::string_view text() const { return as_text(bytes_); }
  bool is_view() const { return owner_ == nullptr; }

 private:
  Bytes bytes_;
  std::shared_ptr<const std::vector<std::byte>> owner_;
};

}  // namespace kedge::formats
