// Zip archives, as .keras and .npz files use them: stored and deflated members, zip64 tolerated, no encryption.
// PKWARE APPNOTE.TXT 6.3 names the records; section numbers in zip.cpp are its.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "formats/blob.h"

namespace kedge::formats {

struct ZipEntry {
  std::string name;
  std::uint64_t size = 0;         ///< uncompressed
  std::uint64_t packed_size = 0;  ///< as stored in the archive
  std::uint64_t data_offset = 0;  ///< of the packed bytes
  std::uint32_t crc = 0;
  bool deflated = false;

  bool is_folder() const { return name.ends_with('/'); }
};

/// Reads an archive in place. All structure is checked on open: every record lies inside the file, local headers agree
/// with the directory, no two members share bytes or a name, names stay inside the archive, sizes fit the limits.
class ZipReader {
 public:
  /// K0101 not an archive · K0102 corrupt · K0103 unsupported · K0104 unsafe name · K0105 duplicate name · K0100
  /// limits. `bytes` must outlive the reader; `place` is how errors call the archive (`model.keras`).
  static Result<ZipReader> open(Bytes bytes, const Limits& limits, std::string place);

  /// In directory order.
  const std::vector<ZipEntry>& entries() const { return entries_; }
  const ZipEntry* find(std::string_view name) const;
  /// K0107 with the closest names when it is not there.
  Result<const ZipEntry*> get(std::string_view name) const;

  /// The member's bytes: a view when stored, inflated otherwise. K0106 when the checksum differs.
  Result<Blob> read(const ZipEntry& entry) const;
  Result<Blob> read(std::string_view name) const;

  /// `model.keras › config.json`
  std::string place_of(const ZipEntry& entry) const;

 private:
  Bytes bytes_;
  Limits limits_;
  std::string place_;
  std::vector<ZipEntry> entries_;
  std::vector<std::uint32_t> by_name_;  ///< indices into entries_, sorted by name
};

/// Builds an archive of stored members in memory; the same members give the same bytes (times are 1980-01-01).
class ZipWriter {
 public:
  /// K0108 when the archive would pass 4 GiB, K0105 when the name is there already.
  Result<void> add(std::string_view name, Bytes content);
  /// The whole archive; the writer is spent.
  std::vector<std::byte> finish() &&;

 private:
  struct Added {
    std::string name;
    std::uint32_t crc;
    std::uint32_t size;
    std::uint32_t offset;
  };
  std::vector<std::byte> out_;
  std::vector<Added> added_;
};

}  // namespace kedge::formats
