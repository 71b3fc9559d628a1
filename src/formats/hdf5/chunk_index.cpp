// The five kinds of chunk index. Specification: "Version 1 B-trees", "Data Layout" version 4, appendix C.
#include <algorithm>
#include <bit>

#include "formats/hdf5/chunks.h"
#include "formats/hdf5/heap.h"

namespace kedge::formats::hdf5 {
namespace {

std::uint64_t log2_exact(std::uint64_t power) { return static_cast<std::uint64_t>(std::countr_zero(power)); }

/// Turns the running number of a chunk (row-major over the grid of chunks) into its place.
class Grid {
 public:
  explicit Grid(const ChunkLayout& layout) : layout_(layout) {
    for (std::size_t i = 0; i < layout.shape.size(); ++i) {
      const auto dim = static_cast<std::uint64_t>(layout.shape[i]);
      const std::uint64_t chunk = layout.chunk_shape[i];
      counts_.push_back(dim / chunk + (dim % chunk != 0 ? 1 : 0));
      if (__builtin_mul_overflow(total_, counts_.back(), &total_)) overflow_ = true;
    }
  }
  bool overflow() const { return overflow_; }
  std::uint64_t total() const { return total_; }
  std::vector<std::uint64_t> offset_of(std::uint64_t number) const {
    std::vector<std::uint64_t> offset(counts_.size());
    for (std::size_t axis = counts_.size(); axis-- > 0;) {
      offset[axis] = number % counts_[axis] * layout_.chunk_shape[axis];
      number /= counts_[axis];
    }
    return offset;
  }

 private:
  const ChunkLayout& layout_;
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 1;
  bool overflow_ = false;
};

/// Array indexes hold one element per chunk: its address, and when filtered its stored size and mask.
class ArrayElements {
 public:
  ArrayElements(const Source& source, const ChunkLayout& layout, const Grid& grid, std::uint64_t element_size)
      : source_(source), layout_(layout), grid_(grid), element_size_(element_size) {}

  bool is_sound() const {
    return layout_.is_filtered ? element_size_ > source_.offset_size + 4 && element_size_ <= source_.offset_size + 12
                               : element_size_ == source_.offset_size;
  }
  /// Reads `count` elements; those beyond the dataset are padding.
  void read(Cursor& cursor, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i, ++next_) {
      if (next_ >= grid_.total()) {
        cursor.skip(element_size_ * (count - i));
        next_ += count - i;
        return;
      }
      Chunk chunk;
      chunk.address = source_.address(cursor);
      chunk.size = layout_.chunk_bytes;
      if (layout_.is_filtered) {
        chunk.size = cursor.number(element_size_ - source_.offset_size - 4);
        chunk.filter_mask = cursor.u32();
      }
      if (!cursor.ok()) return;
      if (source_.is_undefined(chunk.address)) continue;
      chunk.offset = grid_.offset_of(next_);
      chunks.push_back(std::move(chunk));
    }
  }
  void skip(std::uint64_t count) { next_ += count; }
  bool done() const { return next_ >= grid_.total(); }
  std::uint64_t element_size() const { return element_size_; }

  std::vector<Chunk> chunks;

 private:
  const Source& source_;
  const ChunkLayout& layout_;
  const Grid& grid_;
  std::uint64_t element_size_;
  std::uint64_t next_ = 0;
};

Result<void> read_btree1_node(const Source& source, std::uint64_t address, int expected_level,
                              const ChunkLayout& layout, std::int64_t& budget, std::vector<Chunk>& out) {
  if (--budget < 0) return corrupt("a chunk index does not end");
  Cursor cursor = source.at(address);
  if (!cursor.expect("TREE")) return corrupt("a chunk index node is missing");
  const std::uint8_t type = cursor.u8();
  const int level = cursor.u8();
  const std::uint16_t count = cursor.u16();
  cursor.skip(2 * source.offset_size);
  if (!cursor.ok() || type != 1 || (expected_level >= 0 && level != expected_level))
    return corrupt("a chunk index node is damaged");
  for (std::uint16_t i = 0; i < count; ++i) {
    Chunk chunk;
    chunk.size = cursor.u32();
    chunk.filter_mask = cursor.u32();
    for (std::size_t axis = 0; axis < layout.shape.size(); ++axis) chunk.offset.push_back(cursor.u64());
    cursor.skip(8);  // the element's own dimension
    chunk.address = source.address(cursor);
    if (!cursor.ok()) return corrupt("a chunk index node is cut off");
    if (level == 0) {
      if (--budget < 0) return corrupt("a chunk index does not end");
      out.push_back(std::move(chunk));
    } else {
      KEDGE_TRY_VOID(read_btree1_node(source, chunk.address, level - 1, layout, budget, out));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Chunk>> read_chunk_btree1(const Source& source, std::uint64_t address, const ChunkLayout& layout) {
  std::vector<Chunk> out;
  if (source.is_undefined(address)) return out;
  std::int64_t budget = source.node_budget();
  KEDGE_TRY_VOID(read_btree1_node(source, address, -1, layout, budget, out));
  return out;
}

Result<std::vector<Chunk>> read_chunk_btree2(const Source& source, std::uint64_t address, const ChunkLayout& layout) {
  std::vector<Chunk> out;
  if (source.is_undefined(address)) return out;
  KEDGE_TRY(const TreeRecords tree, read_btree2(source, address));
  const std::uint64_t rank = layout.shape.size();
  const std::uint64_t fixed = source.offset_size + 8 * rank;
  const bool sound = layout.is_filtered
                         ? tree.type == 11 && tree.record_size > fixed + 4 && tree.record_size <= fixed + 12
                         : tree.type == 10 && tree.record_size == fixed;
  if (!sound) return corrupt("a chunk index is of the wrong kind");
  for (const Bytes record : tree.records) {
    Cursor cursor(record);
    Chunk chunk;
    chunk.address = source.address(cursor);
    chunk.size = layout.chunk_bytes;
    if (layout.is_filtered) {
      chunk.size = cursor.number(tree.record_size - fixed - 4);
      chunk.filter_mask = cursor.u32();
    }
    for (std::uint64_t axis = 0; axis < rank; ++axis) {
      std::uint64_t offset = 0;
      if (__builtin_mul_overflow(cursor.u64(), layout.chunk_shape[axis], &offset))
        return corrupt("a chunk lies outside its dataset");
      chunk.offset.push_back(offset);
    }
    out.push_back(std::move(chunk));
  }
  return out;
}

Result<std::vector<Chunk>> read_chunk_implicit(const Source& source, std::uint64_t address, const ChunkLayout& layout) {
  const Grid grid(layout);
  std::vector<Chunk> out;
  if (source.is_undefined(address)) return out;
  std::uint64_t bytes = 0;
  if (grid.overflow() || __builtin_mul_overflow(grid.total(), layout.chunk_bytes, &bytes) ||
      !source.slice(address, bytes)) {
    return corrupt("the chunks reach beyond the file");
  }
  for (std::uint64_t i = 0; i < grid.total(); ++i)
    out.push_back({grid.offset_of(i), address + i * layout.chunk_bytes, layout.chunk_bytes, 0});
  return out;
}

Result<std::vector<Chunk>> read_chunk_fixed_array(const Source& source, std::uint64_t address,
                                                  const ChunkLayout& layout) {
  if (source.is_undefined(address)) return std::vector<Chunk>{};
  const Grid grid(layout);
  Cursor header = source.at(address);
  if (!header.expect("FAHD")) return corrupt("a fixed array is missing");
  header.skip(2);
  const std::uint64_t element_size = header.u8();
  const std::uint64_t page_bits = header.u8();
  const std::uint64_t count = source.length(header);
  const std::uint64_t block = source.address(header);
  header.skip(4);
  if (!header.ok() || !checksum_holds(*source.slice(address, header.position())))
    return corrupt("a fixed array's header is damaged");
  ArrayElements elements(source, layout, grid, element_size);
  if (grid.overflow() || !elements.is_sound() || page_bits > 32 || count < grid.total() || count > source.bytes.size())
    return corrupt("a fixed array's header is damaged");
  if (source.is_undefined(block)) return std::vector<Chunk>{};

  Cursor cursor = source.at(block);
  if (!cursor.expect("FADB")) return corrupt("a fixed array's block is missing");
  cursor.skip(2 + source.offset_size);
  const std::uint64_t page = std::uint64_t{1} << page_bits;
  if (count <= page) {
    elements.read(cursor, count);
  } else {
    const std::uint64_t pages = (count + page - 1) / page;
    const Bytes used = cursor.take((pages + 7) / 8);
    cursor.skip(4);
    for (std::uint64_t i = 0; i < pages && cursor.ok(); ++i) {
      const std::uint64_t here = std::min(page, count - i * page);
      const bool is_used = (used[i / 8] & (std::byte{0x80} >> static_cast<int>(i % 8))) != std::byte{0};
      if (is_used) {
        elements.read(cursor, here);
      } else {
        cursor.skip(here * element_size);
        elements.skip(here);
      }
      cursor.skip(4);
    }
  }
  if (!cursor.ok()) return corrupt("a fixed array is cut off");
  return std::move(elements.chunks);
}

Result<std::vector<Chunk>> read_chunk_extensible_array(const Source& source, std::uint64_t address,
                                                       const ChunkLayout& layout) {
  if (source.is_undefined(address)) return std::vector<Chunk>{};
  const Grid grid(layout);
  Cursor header = source.at(address);
  if (!header.expect("EAHD")) return corrupt("an extensible array is missing");
  header.skip(2);
  const std::uint64_t element_size = header.u8();
  const std::uint64_t max_bits = header.u8();
  const std::uint64_t index_elements = header.u8();
  const std::uint64_t min_elements = header.u8();
  const std::uint64_t min_pointers = header.u8();
  const std::uint64_t page_bits = header.u8();
  for (int i = 0; i < 6; ++i) source.length(header);  // statistics
  const std::uint64_t index = source.address(header);
  header.skip(4);
  if (!header.ok() || !checksum_holds(*source.slice(address, header.position())))
    return corrupt("an extensible array's header is damaged");
  ArrayElements elements(source, layout, grid, element_size);
  const bool sound = !grid.overflow() && elements.is_sound() && max_bits <= 64 && page_bits < 32 &&
                     std::has_single_bit(min_elements) && std::has_single_bit(min_pointers) &&
                     log2_exact(min_elements) < max_bits;
  if (!sound) return corrupt("an extensible array's header is damaged");
  if (source.is_undefined(index)) return std::vector<Chunk>{};

  // Super block s has 2^(s/2) data blocks of 2^((s+1)/2) * min_elements elements. The first 2*log2(min_pointers) super
  // blocks are not stored: their data blocks are listed in the index block itself.
  const std::uint64_t super_blocks = 1 + max_bits - log2_exact(min_elements);
  const std::uint64_t direct_super_blocks = std::min(2 * log2_exact(min_pointers), super_blocks);
  const std::uint64_t offset_bytes = (max_bits + 7) / 8;
  const std::uint64_t page = std::uint64_t{1} << page_bits;
  std::int64_t budget = source.node_budget();

  const auto read_data_block = [&](std::uint64_t block, std::uint64_t count, Bytes used_pages) -> Result<void> {
    if (--budget < 0) return corrupt("an extensible array does not end");
    if (source.is_undefined(block)) {
      elements.skip(count);
      return {};
    }
    Cursor cursor = source.at(block);
    if (!cursor.expect("EADB")) return corrupt("an extensible array's block is missing");
    cursor.skip(2 + source.offset_size + offset_bytes);
    if (count <= page) {
      elements.read(cursor, count);
    } else {
      cursor.skip(4);
      for (std::uint64_t i = 0; i < count / page && cursor.ok() && !elements.done(); ++i) {
        const bool is_used = i / 8 < used_pages.size() &&
                             (used_pages[i / 8] & (std::byte{0x80} >> static_cast<int>(i % 8))) != std::byte{0};
        if (is_used) {
          elements.read(cursor, page);
        } else {
          cursor.skip(page * element_size);
          elements.skip(page);
        }
        cursor.skip(4);
      }
    }
    if (!cursor.ok()) return corrupt("an extensible array is cut off");
    return {};
  };

  Cursor cursor = source.at(index);
  if (!cursor.expect("EAIB")) return corrupt("an extensible array's index is missing");
  cursor.skip(2 + source.offset_size);
  elements.read(cursor, index_elements);
  for (std::uint64_t s = 0; s < super_blocks && !elements.done(); ++s) {
    const std::uint64_t blocks = std::uint64_t{1} << (s / 2);
    const std::uint64_t count = min_elements << ((s + 1) / 2);
    if (s < direct_super_blocks) {
      for (std::uint64_t i = 0; i < blocks; ++i) {
        const std::uint64_t block = source.address(cursor);
        if (!cursor.ok()) return corrupt("an extensible array's index is cut off");
        if (!elements.done()) KEDGE_TRY_VOID(read_data_block(block, count, {}));
      }
      continue;
    }
    const std::uint64_t super_block = source.address(cursor);
    if (!cursor.ok()) return corrupt("an extensible array's index is cut off");
    if (source.is_undefined(super_block)) {
      elements.skip(blocks * count);
      continue;
    }
    Cursor inner = source.at(super_block);
    if (!inner.expect("EASB")) return corrupt("an extensible array's super block is missing");
    inner.skip(2 + source.offset_size + offset_bytes);
    const std::uint64_t bitmap = count > page ? (count / page + 7) / 8 : 0;
    if (inner.ok() && bitmap > inner.remaining() / blocks)
      return corrupt("an extensible array's super block is cut off");
    const Bytes used = inner.take(bitmap * blocks);
    for (std::uint64_t i = 0; i < blocks && !elements.done(); ++i) {
      const std::uint64_t block = source.address(inner);
      if (!inner.ok()) return corrupt("an extensible array's super block is cut off");
      KEDGE_TRY_VOID(read_data_block(block, count, bitmap == 0 ? Bytes{} : used.subspan(i * bitmap, bitmap)));
    }
  }
  if (!cursor.ok()) return corrupt("an extensible array's index is cut off");
  return std::move(elements.chunks);
}

}  // namespace kedge::formats::hdf5
