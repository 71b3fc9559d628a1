// Children of a group and the raw attributes of an object, in all the places where files keep them.
// Specification: "Group" (III.B, C, D), "Link", "Link Info", "Symbol Table", "Attribute Info" messages.
#include <algorithm>

#include "formats/hdf5/heap.h"

namespace kedge::formats::hdf5 {
namespace {

/// Old groups: a version 1 B-tree whose leaves are symbol table nodes; names lie in a local heap, in name order.
class SymbolTable {
 public:
  explicit SymbolTable(const Source& source) : source_(source), budget_(source.node_budget()) {}

  Result<std::vector<Link>> read(Bytes message) {
    Cursor cursor(message);
    const std::uint64_t tree = source_.address(cursor);
    const std::uint64_t heap = source_.address(cursor);
    if (!cursor.ok()) return corrupt("a symbol table message is cut off");
    KEDGE_TRY_VOID(open_heap(heap));
    KEDGE_TRY_VOID(read_node(tree, -1));
    return std::move(links_);
  }

 private:
  Result<void> open_heap(std::uint64_t address) {
    Cursor cursor = source_.at(address);
    if (!cursor.expect("HEAP")) return corrupt("a local heap is missing");
    cursor.skip(4);
    const std::uint64_t size = source_.length(cursor);
    source_.length(cursor);
    const std::uint64_t data = source_.address(cursor);
    const std::optional<Bytes> names = source_.slice(data, size);
    if (!cursor.ok() || !names) return corrupt("a local heap lies outside the file");
    names_ = as_text(*names);
    return {};
  }

  std::optional<std::string> name_at(std::uint64_t offset) const {
    if (offset >= names_.size()) return std::nullopt;
    const std::size_t end = names_.find('\0', offset);
    if (end == std::string_view::npos) return std::nullopt;
    return std::string(names_.substr(offset, end - offset));
  }

  /// `expected_level` is -1 for the root; below it levels fall by one, so the recursion ends after at most 255 steps.
  Result<void> read_node(std::uint64_t address, int expected_level) {
    if (--budget_ < 0) return corrupt("a group's B-tree does not end");
    Cursor cursor = source_.at(address);
    if (!cursor.expect("TREE")) return corrupt("a group's B-tree node is missing");
    const std::uint8_t type = cursor.u8();
    const int level = cursor.u8();
    const std::uint16_t count = cursor.u16();
    cursor.skip(2 * source_.offset_size);
    if (!cursor.ok() || type != 0 || (expected_level >= 0 && level != expected_level))
      return corrupt("a group's B-tree node is damaged");
    for (std::uint16_t i = 0; i < count; ++i) {
      source_.length(cursor);  // key: a name's offset; only needed for searching
      const std::uint64_t child = source_.address(cursor);
      if (!cursor.ok()) return corrupt("a group's B-tree node is cut off");
      if (level > 0) {
        KEDGE_TRY_VOID(read_node(child, level - 1));
      } else {
        KEDGE_TRY_VOID(read_symbols(child));
      }
    }
    return {};
  }

  Result<void> read_symbols(std::uint64_t address) {
    if (--budget_ < 0) return corrupt("a group's B-tree does not end");
    Cursor cursor = source_.at(address);
    if (!cursor.expect("SNOD")) return corrupt("a group's symbol table node is missing");
    cursor.skip(2);
    const std::uint16_t count = cursor.u16();
    for (std::uint16_t i = 0; i < count; ++i) {
      if (static_cast<std::int64_t>(links_.size()) >= source_.limits.entries)
        return corrupt("a group has too many members");
      Link link;
      const std::uint64_t name = source_.address(cursor);
      link.address = source_.address(cursor);
      const std::uint32_t cache = cursor.u32();
      cursor.skip(4);
      Cursor scratch(cursor.take(16));
      const std::optional<std::string> text = name_at(name);
      if (!cursor.ok() || !text) return corrupt("a group's member is damaged");
      link.name = *text;
      if (cache == 2) {
        const std::optional<std::string> target = name_at(scratch.u32());
        if (!target) return corrupt("a soft link is damaged");
        link.is_soft = true;
        link.soft_target = *target;
      }
      links_.push_back(std::move(link));
    }
    return {};
  }

  const Source& source_;
  std::int64_t budget_;
  std::string_view names_;
  std::vector<Link> links_;
};

/// "Link" message.
Result<Link> read_link(const Source& source, Bytes data) {
  Cursor cursor(data);
  const std::uint8_t version = cursor.u8();
  const std::uint8_t flags = cursor.u8();
  if (cursor.ok() && version != 1) return unsupported("link version " + std::to_string(version));
  const std::uint8_t type = (flags & 8) != 0 ? cursor.u8() : std::uint8_t{0};
  Link link;
  if ((flags & 4) != 0) link.order = cursor.u64();
  if ((flags & 16) != 0) cursor.skip(1);  // character set; names are UTF-8 or ASCII
  link.name = as_text(cursor.take(cursor.number(std::uint64_t{1} << (flags & 3))));
  if (type == 0) {
    link.address = source.address(cursor);
  } else if (type == 1) {
    link.is_soft = true;
    link.soft_target = as_text(cursor.take(cursor.u16()));
  } else {
    link.is_external = true;
  }
  if (!cursor.ok()) return corrupt("a link is cut off");
  return link;
}

/// What link info and attribute info messages share: a heap and the B-trees that index it.
struct DenseStorage {
  bool tracks_order = false;
  std::uint64_t heap = 0;
  std::uint64_t name_tree = 0;
};

/// `order_size`: bytes of the largest creation index, which differ between the two messages.
Result<DenseStorage> read_dense_info(const Source& source, Bytes data, std::uint64_t order_size) {
  Cursor cursor(data);
  cursor.skip(1);
  const std::uint8_t flags = cursor.u8();
  if ((flags & 1) != 0) cursor.skip(order_size);
  DenseStorage info;
  info.tracks_order = (flags & 1) != 0;
  info.heap = source.address(cursor);
  info.name_tree = source.address(cursor);
  if (!cursor.ok()) return corrupt("an info message is cut off");
  return info;
}

struct DenseObject {
  Bytes data;
  std::uint64_t order = 0;
};

/// Name index records: links (type 5) are hash, heap id; attributes (type 8) are heap id, flags, creation order, hash.
Result<std::vector<DenseObject>> read_dense(const Source& source, const DenseStorage& info) {
  std::vector<DenseObject> out;
  if (source.is_undefined(info.heap)) return out;
  KEDGE_TRY(FractalHeap heap, FractalHeap::open(source, info.heap));
  KEDGE_TRY(const TreeRecords tree, read_btree2(source, info.name_tree));
  for (const Bytes record : tree.records) {
    Cursor cursor(record);
    DenseObject object;
    Bytes id;
    if (tree.type == 5) {
      cursor.skip(4);
      id = cursor.take(7);
    } else if (tree.type == 8) {
      id = cursor.take(8);
      if ((cursor.u8() & kSharedFlag) != 0) return unsupported("a shared attribute");
      object.order = cursor.u32();
    } else {
      return corrupt("a name index is of the wrong kind");
    }
    if (!cursor.ok()) return corrupt("a name index record is cut off");
    KEDGE_TRY(object.data, heap.get(id));
    out.push_back(object);
  }
  return out;
}

/// The name of an attribute message, without decoding the rest; for ordering.
std::string attribute_name(Bytes data) {
  Cursor cursor(data);
  const std::uint8_t version = cursor.u8();
  cursor.skip(1);
  const std::uint16_t length = cursor.u16();
  cursor.skip(version == 3 ? 5 : 4);
  const std::string_view text = as_text(cursor.take(length));
  return std::string(text.substr(0, text.find('\0')));
}

}  // namespace

Result<LinkTable> read_links(const Source& source, const std::vector<Message>& messages) {
  LinkTable table;
  bool by_creation = false;
  for (const Message& message : messages) {
    if (message.type == kSymbolTable) {
      KEDGE_TRY(std::vector<Link> links, SymbolTable(source).read(message.data));
      for (Link& link : links) table.links.push_back(std::move(link));
    } else if (message.type == kLink) {
      KEDGE_TRY(Link link, read_link(source, message.data));
      table.links.push_back(std::move(link));
    } else if (message.type == kLinkInfo) {
      KEDGE_TRY(const DenseStorage info, read_dense_info(source, message.data, 8));
      by_creation = info.tracks_order;
      KEDGE_TRY(const std::vector<DenseObject> objects, read_dense(source, info));
      for (const DenseObject& object : objects) {
        KEDGE_TRY(Link link, read_link(source, object.data));
        table.links.push_back(std::move(link));
      }
    }
  }
  std::sort(table.links.begin(), table.links.end(), [&](const Link& a, const Link& b) {
    if (by_creation && a.order != b.order) return a.order < b.order;
    return a.name < b.name;
  });
  for (std::size_t i = 0; i < table.links.size(); ++i) {
    if (!table.by_name.emplace(table.links[i].name, i).second) return corrupt("a group has two members of one name");
  }
  return table;
}

Result<std::vector<RawAttribute>> read_raw_attributes(const Source& source, const std::vector<Message>& messages,
                                                      bool& by_creation) {
  by_creation = false;
  std::vector<RawAttribute> out;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].type == kAttribute) {
      if ((messages[i].flags & kSharedFlag) != 0) return unsupported("a shared attribute");
      out.push_back({messages[i].data, i});
    } else if (messages[i].type == kAttributeInfo) {
      KEDGE_TRY(const DenseStorage info, read_dense_info(source, messages[i].data, 2));
      by_creation = info.tracks_order;
      KEDGE_TRY(const std::vector<DenseObject> objects, read_dense(source, info));
      for (const DenseObject& object : objects) out.push_back({object.data, object.order});
    }
  }
  std::vector<std::pair<std::string, std::size_t>> order;
  for (std::size_t i = 0; i < out.size(); ++i) order.emplace_back(attribute_name(out[i].data), i);
  std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    if (by_creation && out[a.second].order != out[b.second].order) return out[a.second].order < out[b.second].order;
    return a.first < b.first;
  });
  std::vector<RawAttribute> sorted;
  sorted.reserve(order.size());
  for (const auto& [name, index] : order) sorted.push_back(out[index]);
  return sorted;
}

}  // namespace kedge::formats::hdf5
