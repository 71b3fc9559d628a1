// Version 2 B-trees and fractal heaps, where newer files keep many links, many attributes and chunk addresses; global
// heaps.
#pragma once

#include "formats/hdf5/source.h"

namespace kedge::formats::hdf5 {

struct TreeRecords {
  std::uint8_t type = 0;
  std::uint64_t record_size = 0;
  std::vector<Bytes> records;  ///< in key order
};

/// "Version 2 B-trees": all records of the tree.
Result<TreeRecords> read_btree2(const Source& source, std::uint64_t address);

/// "Fractal Heap": finds objects by their heap id.
class FractalHeap {
 public:
  static Result<FractalHeap> open(const Source& source, std::uint64_t address);
  Result<Bytes> get(Bytes id);

 private:
  explicit FractalHeap(const Source& source) : source_(&source) {}
  Result<Bytes> get_managed(std::uint64_t offset, std::uint64_t length);
  Result<Bytes> get_huge(Bytes id);
  std::uint64_t row_block_size(std::uint64_t row) const;

  const Source* source_;
  std::uint64_t id_length_ = 0;
  std::uint64_t max_direct_size_ = 0;
  std::uint64_t start_size_ = 0;
  std::uint64_t width_ = 0;
  std::uint64_t offset_bytes_ = 0;
  std::uint64_t length_bytes_ = 0;
  std::uint64_t root_ = 0;
  std::uint64_t root_rows_ = 0;
  std::uint64_t huge_tree_ = 0;
  std::optional<TreeRecords> huge_;
};

/// "Global Heap": elements of variable length; each collection is read once.
class GlobalHeaps {
 public:
  explicit GlobalHeaps(const Source& source) : source_(&source) {}
  Result<Bytes> get(std::uint64_t collection, std::uint32_t index);

 private:
  using Objects = std::map<std::uint32_t, Bytes>;
  Result<void> load(std::uint64_t collection, Objects& objects);

  const Source* source_;
  std::map<std::uint64_t, Objects> collections_;
};

}  // namespace kedge::formats::hdf5
