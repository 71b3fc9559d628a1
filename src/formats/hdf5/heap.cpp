// Version 2 B-trees (III.A.2), fractal heaps (III.G), global heaps (III.E).
#include "formats/hdf5/heap.h"

#include <bit>

namespace kedge::formats::hdf5 {
namespace {

std::uint64_t log2_floor(std::uint64_t value) {
  return value == 0 ? 0 : 63 - static_cast<std::uint64_t>(std::countl_zero(value));
}
/// Bytes that hold any number up to `limit`.
std::uint64_t encoded_size(std::uint64_t limit) { return log2_floor(limit) / 8 + 1; }

constexpr std::uint64_t kNodePrefix = 10;  // signature, version, type, checksum
constexpr std::uint64_t kMaxDepth = 32;

struct Level {
  std::uint64_t max_records = 0;
  std::uint64_t all_records = 0;  ///< at most in the whole subtree
  std::uint64_t all_size = 0;
};

struct Node {
  std::uint64_t address;
  std::uint64_t records;
  std::uint64_t depth;
};

}  // namespace

Result<TreeRecords> read_btree2(const Source& source, std::uint64_t address) {
  Cursor header = source.at(address);
  if (!header.expect("BTHD")) return corrupt("a B-tree is missing");
  TreeRecords tree;
  header.skip(1);
  tree.type = header.u8();
  const std::uint64_t node_size = header.u32();
  tree.record_size = header.u16();
  const std::uint64_t depth = header.u16();
  header.skip(2);
  const std::uint64_t root = source.address(header);
  const std::uint64_t root_records = header.u16();
  const std::uint64_t total = source.length(header);
  header.skip(4);
  if (!header.ok() || !checksum_holds(*source.slice(address, header.position())))
    return corrupt("a B-tree's header is damaged");
  if (tree.record_size == 0 || depth > kMaxDepth || node_size < kNodePrefix + tree.record_size)
    return corrupt("a B-tree's header is damaged");
  if (total > source.bytes.size() / tree.record_size)
    return corrupt("a B-tree claims more records than the file can hold");
  if (total == 0 || source.is_undefined(root)) return tree;

  std::vector<Level> levels(depth + 1);
  levels[0].max_records = (node_size - kNodePrefix) / tree.record_size;
  levels[0].all_records = levels[0].max_records;
  const std::uint64_t count_size = encoded_size(levels[0].max_records);
  for (std::uint64_t d = 1; d <= depth; ++d) {
    const std::uint64_t pointer = source.offset_size + count_size + levels[d - 1].all_size;
    if (node_size < kNodePrefix + pointer) return corrupt("a B-tree's header is damaged");
    levels[d].max_records = (node_size - kNodePrefix - pointer) / (tree.record_size + pointer);
    if (__builtin_mul_overflow(levels[d].max_records + 1, levels[d - 1].all_records, &levels[d].all_records))
      return corrupt("a B-tree is too deep");
    levels[d].all_records += levels[d].max_records;
    levels[d].all_size = encoded_size(levels[d].all_records);
  }

  // In-order: an internal node's record i stands between its children i and i+1. The stack holds what is still to come.
  struct Step {
    bool is_record;
    Bytes record;
    Node node;
  };
  std::vector<Step> stack{{false, {}, {root, root_records, depth}}};
  std::int64_t budget = source.node_budget();
  while (!stack.empty()) {
    const Step step = stack.back();
    stack.pop_back();
    if (step.is_record) {
      tree.records.push_back(step.record);
      continue;
    }
    if (--budget < 0 || tree.records.size() > total) return corrupt("a B-tree does not end");
    const Node& node = step.node;
    Cursor cursor = source.at(node.address);
    const bool leaf = node.depth == 0;
    if (!cursor.expect(leaf ? "BTLF" : "BTIN")) return corrupt("a B-tree node is missing");
    cursor.skip(2);
    if (node.records > levels[node.depth].max_records) return corrupt("a B-tree node claims too many records");
    std::vector<Bytes> records;
    for (std::uint64_t i = 0; i < node.records; ++i) records.push_back(cursor.take(tree.record_size));
    std::vector<Node> children;
    for (std::uint64_t i = 0; !leaf && i <= node.records; ++i) {
      Node child{source.address(cursor), cursor.number(count_size), node.depth - 1};
      if (node.depth > 1) cursor.skip(levels[node.depth - 1].all_size);
      children.push_back(child);
    }
    cursor.skip(4);
    if (!cursor.ok() || !checksum_holds(*source.slice(node.address, cursor.position())))
      return corrupt("a B-tree node is damaged");
    if (leaf) {
      tree.records.insert(tree.records.end(), records.begin(), records.end());
      continue;
    }
    for (std::size_t i = children.size(); i-- > 0;) {
      if (i < records.size()) stack.push_back({true, records[i], {}});
      stack.push_back({false, {}, children[i]});
    }
  }
  if (tree.records.size() != total) return corrupt("a B-tree holds another number of records than it claims");
  return tree;
}

Result<FractalHeap> FractalHeap::open(const Source& source, std::uint64_t address) {
  Cursor cursor = source.at(address);
  if (!cursor.expect("FRHP")) return corrupt("a fractal heap is missing");
  FractalHeap heap(source);
  cursor.skip(1);
  heap.id_length_ = cursor.u16();
  const std::uint16_t filter_length = cursor.u16();
  cursor.skip(1);
  const std::uint64_t max_managed = cursor.u32();
  source.length(cursor);  // next huge id
  heap.huge_tree_ = source.address(cursor);
  source.length(cursor);                              // free space
  source.address(cursor);                             // free-space manager
  for (int i = 0; i < 8; ++i) source.length(cursor);  // managed space, allocated, iterator, counts and sizes
  heap.width_ = cursor.u16();
  heap.start_size_ = source.length(cursor);
  heap.max_direct_size_ = source.length(cursor);
  const std::uint64_t max_heap_bits = cursor.u16();
  cursor.skip(2);
  heap.root_ = source.address(cursor);
  heap.root_rows_ = cursor.u16();
  if (cursor.ok() && filter_length > 0) return unsupported("a filtered fractal heap");
  cursor.skip(4);
  if (!cursor.ok() || !checksum_holds(*source.slice(address, cursor.position())))
    return corrupt("a fractal heap's header is damaged");
  const bool sound = heap.width_ > 0 && std::has_single_bit(heap.start_size_) &&
                     std::has_single_bit(heap.max_direct_size_) && heap.start_size_ <= heap.max_direct_size_ &&
                     max_heap_bits > 0 && max_heap_bits <= 64 && heap.root_rows_ <= 64;
  if (!sound) return corrupt("a fractal heap's header is damaged");
  heap.offset_bytes_ = (max_heap_bits + 7) / 8;
  heap.length_bytes_ = std::min((log2_floor(heap.max_direct_size_) + 7) / 8, encoded_size(max_managed));
  return heap;
}

std::uint64_t FractalHeap::row_block_size(std::uint64_t row) const {
  return row == 0 ? start_size_ : start_size_ << (row - 1);
}

Result<Bytes> FractalHeap::get(Bytes id) {
  Cursor cursor(id);
  const std::uint8_t head = cursor.u8();
  switch ((head >> 4) & 3) {
    case 0: {
      const std::uint64_t offset = cursor.number(offset_bytes_);
      const std::uint64_t length = cursor.number(length_bytes_);
      if (!cursor.ok()) return corrupt("a heap id is cut off");
      return get_managed(offset, length);
    }
    case 1: return get_huge(id.subspan(1));
    case 2: {
      std::uint64_t length = (head & 0x0fU) + 1;
      if (id_length_ > 17) length = (((head & 0x0fU) << 8) | cursor.u8()) + 1;  // the extended form
      const Bytes object = cursor.take(length);
      if (!cursor.ok()) return corrupt("a heap id is cut off");
      return object;
    }
    default: return corrupt("a heap id is of an unknown kind");
  }
}

/// The doubling table: rows of `width` blocks; a row's blocks are as large as all rows before it. Rows beyond the
/// largest direct block hold indirect blocks, which repeat the scheme. Offsets count block headers too.
Result<Bytes> FractalHeap::get_managed(std::uint64_t offset, std::uint64_t length) {
  const Source& source = *source_;
  const std::uint64_t direct_rows = log2_floor(max_direct_size_) - log2_floor(start_size_) + 2;
  std::uint64_t block = root_;
  std::uint64_t rows = root_rows_;
  std::uint64_t base = 0;
  std::uint64_t block_size = start_size_;
  for (int depth = 0; rows > 0; ++depth) {
    if (depth > 16) return corrupt("a fractal heap does not end");
    Cursor cursor = source.at(block);
    if (!cursor.expect("FHIB")) return corrupt("a fractal heap's indirect block is missing");
    cursor.skip(1 + source.offset_size + offset_bytes_);
    bool found = false;
    for (std::uint64_t row = 0; row < rows && !found; ++row) {
      const std::uint64_t shift = log2_floor(start_size_) + (row == 0 ? 0 : row - 1);
      if (shift >= 46) return corrupt("a fractal heap is too large");
      block_size = row_block_size(row);
      const std::uint64_t span = block_size * width_;
      if (offset - base >= span) {
        base += span;
        cursor.skip(source.offset_size * width_);
        continue;
      }
      const std::uint64_t column = (offset - base) / block_size;
      cursor.skip(source.offset_size * column);
      block = source.address(cursor);
      base += column * block_size;
      rows = 0;
      if (row >= direct_rows) {
        // Rows of a child indirect block: as many as make up its size.
        rows = log2_floor(block_size) - log2_floor(start_size_ * width_) + 1;
        if (log2_floor(block_size) < log2_floor(start_size_ * width_))
          return corrupt("a fractal heap's rows are damaged");
      }
      found = true;
    }
    if (!found || !cursor.ok()) return corrupt("a heap object lies outside its heap");
  }
  if (block == root_ && root_rows_ == 0)
    block_size = max_direct_size_;  // a root direct block; its size is checked by the slice
  const std::optional<Bytes> signature = source.slice(block, 4);
  if (!signature || as_text(*signature) != "FHDB") return corrupt("a fractal heap's block is missing");
  if (offset < base || offset - base > block_size || length > block_size - (offset - base))
    return corrupt("a heap object lies outside its block");
  const std::optional<Bytes> object = source.slice(block + (offset - base), length);
  if (!object) return corrupt("a heap object lies outside the file");
  return *object;
}

/// Objects too large for a block: the id holds the address itself when it has room, or a key of a B-tree.
Result<Bytes> FractalHeap::get_huge(Bytes id) {
  const Source& source = *source_;
  Cursor cursor(id);
  std::uint64_t address = 0;
  std::uint64_t length = 0;
  if (id_length_ >= 1 + source.offset_size + source.length_size) {
    address = source.address(cursor);
    length = source.length(cursor);
  } else {
    const std::uint64_t key = cursor.number(std::min<std::uint64_t>(id.size(), source.length_size));
    if (!huge_) {
      KEDGE_TRY(huge_, read_btree2(source, huge_tree_));
    }
    if (huge_->type != 1) return unsupported("a filtered fractal heap");
    bool found = false;
    for (const Bytes record : huge_->records) {
      Cursor fields(record);
      address = source.address(fields);
      length = source.length(fields);
      if (fields.number(source.length_size) == key && fields.ok()) {
        found = true;
        break;
      }
    }
    if (!found) return corrupt("a heap object is missing");
  }
  const std::optional<Bytes> object = source.slice(address, length);
  if (!object) return corrupt("a heap object lies outside the file");
  return *object;
}

Result<Bytes> GlobalHeaps::get(std::uint64_t collection, std::uint32_t index) {
  const auto [place, is_new] = collections_.try_emplace(collection);
  if (is_new) KEDGE_TRY_VOID(load(collection, place->second));
  const auto object = place->second.find(index);
  if (object == place->second.end()) return corrupt("an object of a global heap is missing");
  return object->second;
}

Result<void> GlobalHeaps::load(std::uint64_t collection, Objects& objects) {
  Cursor head = source_->at(collection);
  if (!head.expect("GCOL")) return corrupt("a global heap is missing");
  head.skip(4);
  const std::uint64_t size = source_->length(head);
  const std::optional<Bytes> whole = source_->slice(collection, size);
  if (!head.ok() || !whole || size < head.position()) return corrupt("a global heap lies outside the file");
  Cursor cursor(whole->subspan(head.position()));
  while (cursor.remaining() >= 8 + source_->length_size) {
    const std::uint16_t id = cursor.u16();
    cursor.skip(6);
    const std::uint64_t length = source_->length(cursor);
    if (id == 0) break;  // free space ends the collection
    const Bytes object = cursor.take(length);
    if (!cursor.ok()) return corrupt("an object of a global heap is cut off");
    objects[id] = object;
    cursor.skip(std::min((8 - length % 8) % 8, cursor.remaining()));
  }
  return {};
}

}  // namespace kedge::formats::hdf5
