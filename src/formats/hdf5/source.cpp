// Checksums and object headers. Specification: "Object Headers" (IV.A), "Object Header Continuation" message.
#include "formats/hdf5/source.h"

#include "formats/fault.h"

namespace kedge::formats::hdf5 {
namespace {

constexpr std::size_t kMaxHeaderBlocks = 4096;

std::uint32_t rotate(std::uint32_t x, int by) { return (x << by) | (x >> (32 - by)); }

struct Block {
  std::uint64_t address;
  std::uint64_t length;
};

/// Messages of a version 1 block: type 2, size 2, flags 1, reserved 3.
Result<void> read_messages_v1(const Source& source, Bytes block, std::uint64_t limit, std::vector<Message>& out,
                              std::vector<Block>& blocks) {
  Cursor cursor(block);
  while (cursor.remaining() >= 8 && out.size() < limit) {
    Message message;
    const std::uint16_t type = cursor.u16();
    const std::uint16_t size = cursor.u16();
    message.flags = cursor.u8();
    cursor.skip(3);
    message.data = cursor.take(size);
    if (!cursor.ok() || type > 0xff) return corrupt("an object header's message is cut off");
    message.type = static_cast<std::uint8_t>(type);
    if (type == kContinuation) {
      Cursor target(message.data);
      const std::uint64_t address = source.address(target);
      blocks.push_back({address, source.length(target)});
    }
    out.push_back(message);
  }
  return {};
}

/// Messages of a version 2 block: type 1, size 2, flags 1, creation order 2 when tracked; the rest below 4 bytes is a
/// gap.
Result<void> read_messages_v2(const Source& source, Bytes block, bool has_order, std::vector<Message>& out,
                              std::vector<Block>& blocks) {
  const std::uint64_t head = has_order ? 6 : 4;
  Cursor cursor(block);
  while (cursor.remaining() >= head) {
    Message message;
    message.type = cursor.u8();
    const std::uint16_t size = cursor.u16();
    message.flags = cursor.u8();
    if (has_order) cursor.skip(2);
    message.data = cursor.take(size);
    if (!cursor.ok()) return corrupt("an object header's message is cut off");
    if (message.type == kContinuation) {
      Cursor target(message.data);
      const std::uint64_t address = source.address(target);
      blocks.push_back({address, source.length(target)});
    }
    out.push_back(message);
  }
  return {};
}

Result<std::vector<Message>> read_header_v1(const Source& source, std::uint64_t address) {
  Cursor cursor = source.at(address);
  cursor.skip(2);
  const std::uint16_t count = cursor.u16();
  cursor.skip(4);
  const std::uint32_t size = cursor.u32();
  cursor.skip(4);
  const Bytes first = cursor.take(size);
  if (!cursor.ok()) return corrupt("an object header is cut off");
  std::vector<Message> out;
  std::vector<Block> blocks;
  KEDGE_TRY_VOID(read_messages_v1(source, first, count, out, blocks));
  for (std::size_t i = 0; i < blocks.size() && out.size() < count; ++i) {
    if (i >= kMaxHeaderBlocks) return corrupt("an object header's continuations do not end");
    const std::optional<Bytes> block = source.slice(blocks[i].address, blocks[i].length);
    if (!block) return corrupt("an object header continues outside the file");
    KEDGE_TRY_VOID(read_messages_v1(source, *block, count, out, blocks));
  }
  return out;
}

Result<std::vector<Message>> read_header_v2(const Source& source, std::uint64_t address) {
  Cursor cursor = source.at(address);
  cursor.skip(4);
  const std::uint8_t version = cursor.u8();
  const std::uint8_t flags = cursor.u8();
  if (cursor.ok() && version != 2) return unsupported("object header version " + std::to_string(version));
  if ((flags & 0x20) != 0) cursor.skip(16);  // times
  if ((flags & 0x10) != 0) cursor.skip(4);   // thresholds of dense attribute storage
  const std::uint64_t size = cursor.number(std::uint64_t{1} << (flags & 3));
  const Bytes first = cursor.take(size);
  cursor.skip(4);
  if (!cursor.ok()) return corrupt("an object header is cut off");
  if (!checksum_holds(*source.slice(address, cursor.position())))
    return corrupt("an object header does not match its checksum");
  const bool has_order = (flags & 4) != 0;
  std::vector<Message> out;
  std::vector<Block> blocks;
  KEDGE_TRY_VOID(read_messages_v2(source, first, has_order, out, blocks));
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (i >= kMaxHeaderBlocks) return corrupt("an object header's continuations do not end");
    const std::optional<Bytes> block = source.slice(blocks[i].address, blocks[i].length);
    if (!block || block->size() < 8 || as_text(block->first(4)) != "OCHK")
      return corrupt("an object header's continuation is damaged");
    if (!checksum_holds(*block)) return corrupt("an object header does not match its checksum");
    KEDGE_TRY_VOID(read_messages_v2(source, block->subspan(4, block->size() - 8), has_order, out, blocks));
  }
  return out;
}

}  // namespace

Error corrupt(std::string_view what) {
  return fault(kHdf5Corrupt, "the HDF5 file is damaged: " + std::string(what), "").help("fetch or save the file again");
}
Error unsupported(std::string_view what) {
  return fault(kHdf5Unsupported, "HDF5: " + std::string(what) + " is not supported", "");
}

std::uint32_t checksum(Bytes bytes) {
  std::uint32_t a = 0xdeadbeef + static_cast<std::uint32_t>(bytes.size());
  std::uint32_t b = a;
  std::uint32_t c = a;
  const auto word = [&](std::size_t at) {  // zero beyond the end, which equals the byte-wise tail of the definition
    std::uint32_t value = 0;
    if (at < bytes.size()) std::memcpy(&value, bytes.data() + at, std::min<std::size_t>(4, bytes.size() - at));
    return value;
  };
  while (bytes.size() > 12) {
    a += word(0);
    b += word(4);
    c += word(8);
    a -= c;
    a ^= rotate(c, 4);
    c += b;
    b -= a;
    b ^= rotate(a, 6);
    a += c;
    c -= b;
    c ^= rotate(b, 8);
    b += a;
    a -= c;
    a ^= rotate(c, 16);
    c += b;
    b -= a;
    b ^= rotate(a, 19);
    a += c;
    c -= b;
    c ^= rotate(b, 4);
    b += a;
    bytes = bytes.subspan(12);
  }
  if (bytes.empty()) return c;
  a += word(0);
  b += word(4);
  c += word(8);
  c ^= b;
  c -= rotate(b, 14);
  a ^= c;
  a -= rotate(c, 11);
  b ^= a;
  b -= rotate(a, 25);
  c ^= b;
  c -= rotate(b, 16);
  a ^= c;
  a -= rotate(c, 4);
  b ^= a;
  b -= rotate(a, 14);
  c ^= b;
  c -= rotate(b, 24);
  return c;
}

bool checksum_holds(Bytes block) {
  if (block.size() < 4) return false;
#ifdef KEDGE_IGNORE_CHECKSUMS  // a test build: mutations must reach the code behind the checksums
  return true;
#endif
  const std::uint32_t stored = *ByteReader(block).at<std::uint32_t>(block.size() - 4);
  return checksum(block.first(block.size() - 4)) == stored;
}

Result<std::vector<Message>> read_object_header(const Source& source, std::uint64_t address) {
  const std::optional<Bytes> start = source.slice(address, 4);
  if (!start) return corrupt("an object header lies outside the file");
  if (as_text(*start) == "OHDR") return read_header_v2(source, address);
  if ((*start)[0] == std::byte{1}) return read_header_v1(source, address);
  return corrupt("there is no object header where one is expected");
}

}  // namespace kedge::formats::hdf5
