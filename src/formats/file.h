// Files as bytes: map one for reading, write one so that it appears whole or not at all, and tell its kind from its
// bytes.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/byte_reader.h"
#include "base/limits.h"
#include "base/result.h"

namespace kedge::formats {

/// A file mapped read-only. The bytes live as long as this object; moving it does not move them.
/// A process that shortens the file in place while it is mapped breaks the mapping; a rename over it does not.
class MappedFile {
 public:
  MappedFile() = default;
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  Bytes bytes() const { return {data_, size_}; }
  const std::string& path() const { return path_; }

 private:
  friend Result<MappedFile> map_file(const std::string& path, const Limits& limits);
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::string path_;
};

/// K0003 when it cannot be opened, is not a regular file; K0100 when it is larger than limits.file_bytes.
Result<MappedFile> map_file(const std::string& path, const Limits& limits = {});

enum class Overwrite { no, yes };

/// Writes a temporary file in the same folder, syncs it and renames it over `path`.
/// K0004 when `path` exists and overwriting was not asked for; K0005 when the world refuses.
Result<void> write_file_atomically(const std::string& path, Bytes bytes, Overwrite overwrite = Overwrite::no);

/// Checks what write_file_atomically would check first, so that a long job can fail before it starts.
Result<void> check_writable(const std::string& path, Overwrite overwrite = Overwrite::no);

enum class FileKind { unknown, keras, zip, npz, npy, hdf5, tflite, plan, onnx };

/// The kind told from the bytes alone. A zip is `keras` when it holds config.json and `npz` when all members end in
/// .npy. ONNX has no magic number: the answer is `onnx` when the bytes are a plausible protobuf ModelProto head.
FileKind sniff(Bytes bytes);

std::string_view file_kind_name(FileKind kind);

}  // namespace kedge::formats
