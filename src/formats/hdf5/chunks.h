// Chunked storage: where each chunk is, whatever index the file uses, and how a chunk is unpacked.
#pragma once

#include "formats/hdf5/source.h"

namespace kedge::formats::hdf5 {

struct Chunk {
  std::vector<std::uint64_t> offset;  ///< of its first element, in elements
  std::uint64_t address = 0;
  std::uint64_t size = 0;         ///< as stored
  std::uint32_t filter_mask = 0;  ///< bit i set: filter i was skipped
};

struct ChunkLayout {
  std::vector<std::uint64_t> chunk_shape;
  std::vector<std::int64_t> shape;
  std::uint64_t element_size = 0;
  bool is_filtered = false;

  std::uint64_t chunk_bytes = 0;  ///< unpacked
};

/// "Version 1 B-trees" with node type 1.
Result<std::vector<Chunk>> read_chunk_btree1(const Source& source, std::uint64_t address, const ChunkLayout& layout);
/// Version 2 B-tree of record types 10 and 11.
Result<std::vector<Chunk>> read_chunk_btree2(const Source& source, std::uint64_t address, const ChunkLayout& layout);
/// All chunks in row-major order, contiguous, never filtered.
Result<std::vector<Chunk>> read_chunk_implicit(const Source& source, std::uint64_t address, const ChunkLayout& layout);
/// "Fixed Array": for datasets that cannot grow.
Result<std::vector<Chunk>> read_chunk_fixed_array(const Source& source, std::uint64_t address,
                                                  const ChunkLayout& layout);
/// "Extensible Array": for datasets that can grow along one dimension.
Result<std::vector<Chunk>> read_chunk_extensible_array(const Source& source, std::uint64_t address,
                                                       const ChunkLayout& layout);

/// Undoes the filter pipeline; the answer has exactly `chunk_bytes` bytes.
Result<std::vector<std::byte>> unpack_chunk(Bytes stored, const std::vector<Filter>& filters, std::uint32_t mask,
                                            std::uint64_t element_size, std::uint64_t chunk_bytes);

}  // namespace kedge::formats::hdf5
