// Writing zip archives of stored members, byte for byte reproducible.
#include <algorithm>

#include <zlib.h>

#include "formats/byte_writer.h"
#include "formats/fault.h"
#include "formats/zip.h"

namespace kedge::formats {
namespace {

constexpr std::uint16_t kVersion = 20;
constexpr std::uint16_t kUtf8Names = 0x0800;
constexpr std::uint16_t kMidnight = 0;
constexpr std::uint16_t kFirstDay = (1 << 5) | 1;  // 1980-01-01, the earliest date that the format has
constexpr std::uint64_t kRoom = 0xfffffffeULL;     // without zip64

}  // namespace

Result<void> ZipWriter::add(std::string_view name, Bytes content) {
  const bool known = std::any_of(added_.begin(), added_.end(), [&](const Added& a) { return a.name == name; });
  if (known) return fault(kZipDuplicateName, "the archive has two members named " + quoted(name), "");
  if (out_.size() + content.size() + name.size() + 1024 > kRoom || name.size() > 0xffff || added_.size() >= 0xfffe) {
    return fault(kZipTooLarge, "the archive would pass 4 GiB with the member " + quoted(name), "");
  }
  const auto crc =
      static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
  const auto size = static_cast<std::uint32_t>(content.size());
  added_.push_back({std::string(name), crc, size, static_cast<std::uint32_t>(out_.size())});
  ByteWriter out(out_);
  out.put(std::uint32_t{0x04034b50});
  out.put(kVersion, kUtf8Names, std::uint16_t{0}, kMidnight, kFirstDay, crc, size, size);
  out.put(static_cast<std::uint16_t>(name.size()), std::uint16_t{0});
  out.put_bytes(as_bytes(name));
  out.put_bytes(content);
  return {};
}

std::vector<std::byte> ZipWriter::finish() && {
  const auto start = static_cast<std::uint32_t>(out_.size());
  ByteWriter out(out_);
  for (const Added& member : added_) {
    out.put(std::uint32_t{0x02014b50});
    out.put(kVersion, kVersion, kUtf8Names, std::uint16_t{0}, kMidnight, kFirstDay, member.crc, member.size,
            member.size);
    out.put(static_cast<std::uint16_t>(member.name.size()), std::uint16_t{0}, std::uint16_t{0}, std::uint16_t{0},
            std::uint16_t{0});
    out.put(std::uint32_t{0}, member.offset);
    out.put_bytes(as_bytes(member.name));
  }
  const auto count = static_cast<std::uint16_t>(added_.size());
  const auto size = static_cast<std::uint32_t>(out_.size()) - start;
  out.put(std::uint32_t{0x06054b50}, std::uint16_t{0}, std::uint16_t{0}, count, count, size, start, std::uint16_t{0});
  return std::move(out_);
}

}  // namespace kedge::formats
