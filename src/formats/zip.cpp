// Reading zip archives that may be hostile.
#include "formats/zip.h"

#include <algorithm>

#include <zlib.h>

#include "base/text.h"
#include "formats/fault.h"
#include "formats/inflate.h"

namespace kedge::formats {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50;      // 4.3.7
constexpr std::uint32_t kDirectoryHeader = 0x02014b50;  // 4.3.12
constexpr std::uint32_t kEndRecord = 0x06054b50;        // 4.3.16
constexpr std::uint32_t kEnd64Record = 0x06064b50;      // 4.3.14
constexpr std::uint32_t kEnd64Locator = 0x07064b50;     // 4.3.15
constexpr std::uint64_t kEndRecordSize = 22;
constexpr std::uint32_t kIn64 = 0xffffffff;  // "look into the zip64 extra field"
constexpr std::uint16_t kFlagEncrypted = 1;
constexpr std::uint16_t kFlagDescriptor = 8;

struct Directory {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t count = 0;
  std::uint64_t shift = 0;  ///< bytes in front of the archive (a self-extractor); added to every offset
};

/// 4.3.16: the end record is the last one whose comment fits; the comment has at most 64 KiB.
std::optional<std::uint64_t> find_end_record(const ByteReader& reader) {
  if (reader.size() < kEndRecordSize) return std::nullopt;
  const std::uint64_t last = reader.size() - kEndRecordSize;
  const std::uint64_t first = last > 0xffff ? last - 0xffff : 0;
  for (std::uint64_t at = last + 1; at-- > first;) {
    if (reader.at<std::uint32_t>(at) == kEndRecord &&
        *reader.at<std::uint16_t>(at + 20) <= reader.size() - at - kEndRecordSize)
      return at;
  }
  return std::nullopt;
}

std::optional<Directory> read_end_record(const ByteReader& reader, std::uint64_t end) {
  Directory directory;
  directory.count = *reader.at<std::uint16_t>(end + 10);
  directory.size = *reader.at<std::uint32_t>(end + 12);
  directory.offset = *reader.at<std::uint32_t>(end + 16);
  std::uint64_t directory_end = end;
  if (end >= 20 && reader.at<std::uint32_t>(end - 20) == kEnd64Locator) {
    // The locator's own offset is not trusted: the record stands right before it (56 bytes, without extensions).
    if (end < 76 || reader.at<std::uint32_t>(end - 76) != kEnd64Record) return std::nullopt;
    const std::uint64_t record = end - 76;
    directory.count = *reader.at<std::uint64_t>(record + 32);
    directory.size = *reader.at<std::uint64_t>(record + 40);
    directory.offset = *reader.at<std::uint64_t>(record + 48);
    directory_end = record;
  }
  if (directory.size > directory_end || directory.offset > directory_end - directory.size) return std::nullopt;
  directory.shift = directory_end - directory.size - directory.offset;
  directory.offset += directory.shift;
  return directory;
}

/// 4.5.3: the 64-bit values that did not fit, in this order, only those that are marked.
bool apply_zip64_extra(Bytes extra, std::uint64_t& size, std::uint64_t& packed_size, std::uint64_t& offset) {
  const bool needs[] = {size == kIn64, packed_size == kIn64, offset == kIn64};
  if (!needs[0] && !needs[1] && !needs[2]) return true;
  ByteReader reader(extra);
  while (reader.remaining() >= 4) {
    const std::uint16_t id = *reader.read<std::uint16_t>();
    const std::uint16_t length = *reader.read<std::uint16_t>();
    const std::optional<Bytes> field = reader.read_bytes(length);
    if (!field) return false;
    if (id != 1) continue;
    ByteReader values(*field);
    std::uint64_t* const targets[] = {&size, &packed_size, &offset};
    for (int i = 0; i < 3; ++i) {
      if (!needs[i]) continue;
      const std::optional<std::uint64_t> value = values.read<std::uint64_t>();
      if (!value) return false;
      *targets[i] = *value;
    }
    return true;
  }
  return true;  // no such field: the value is 0xffffffff itself, and the range checks judge it
}

bool is_unsafe_name(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.front() == '\\') return true;
  if (name.find('\0') != std::string_view::npos) return true;
  if (name.size() >= 2 && name[1] == ':') return true;
  std::string slashed(name);
  std::replace(slashed.begin(), slashed.end(), '\\', '/');
  for (const std::string_view part : split(slashed, '/')) {
    if (part == "..") return true;
  }
  return false;
}

struct Range {
  std::uint64_t begin;
  std::uint64_t end;
  std::uint32_t entry;
};

/// Reads one record of the central directory; the reader moves past it.
Result<ZipEntry> read_entry(ByteReader& reader, std::uint64_t shift, std::uint64_t& header_offset, std::uint16_t& flags,
                            const std::string& place) {
  const auto damaged = [&] { return fault(kZipCorrupt, "the archive's directory is damaged", place); };
  const std::uint64_t start = reader.position();
  if (reader.read<std::uint32_t>() != kDirectoryHeader || reader.remaining() < 42) return damaged();
  flags = *reader.at<std::uint16_t>(start + 8);
  const std::uint16_t method = *reader.at<std::uint16_t>(start + 10);
  ZipEntry entry;
  entry.crc = *reader.at<std::uint32_t>(start + 16);
  entry.packed_size = *reader.at<std::uint32_t>(start + 20);
  entry.size = *reader.at<std::uint32_t>(start + 24);
  const std::uint16_t name_length = *reader.at<std::uint16_t>(start + 28);
  const std::uint16_t extra_length = *reader.at<std::uint16_t>(start + 30);
  const std::uint16_t comment_length = *reader.at<std::uint16_t>(start + 32);
  header_offset = *reader.at<std::uint32_t>(start + 42);
  reader.seek(start + 46);
  const std::optional<Bytes> name = reader.read_bytes(name_length);
  const std::optional<Bytes> extra = name ? reader.read_bytes(extra_length) : std::nullopt;
  if (!extra || !reader.skip(comment_length)) return damaged();
  entry.name = as_text(*name);
  if (!apply_zip64_extra(*extra, entry.size, entry.packed_size, header_offset)) return damaged();
  if (header_offset > UINT64_MAX - shift) return damaged();
  header_offset += shift;

  if (is_unsafe_name(entry.name)) {
    return fault(kZipUnsafeName, "the member name " + quoted(entry.name) + " points outside the archive", place);
  }
  if ((flags & kFlagEncrypted) != 0)
    return fault(kZipUnsupported, "the member " + quoted(entry.name) + " is encrypted", place);
  if (method != 0 && method != 8) {
    return fault(kZipUnsupported,
                 "the member " + quoted(entry.name) + " uses compression method " + std::to_string(method) +
                     "; stored and deflated are read",
                 place);
  }
  entry.deflated = method == 8;
  if (!entry.deflated && entry.size != entry.packed_size) {
    return fault(kZipCorrupt, "the stored member " + quoted(entry.name) + " claims two different sizes", place);
  }
  return entry;
}

/// Finds the packed bytes behind the local header, which must agree with the directory.
Result<Range> locate(const ByteReader& reader, ZipEntry& entry, std::uint64_t header, std::uint16_t flags,
                     std::uint64_t limit, const std::string& place) {
  const auto corrupt = [&](std::string_view what) {
    return fault(kZipCorrupt, "the member " + quoted(entry.name) + " " + std::string(what), place);
  };
  if (header > limit || limit - header < 30) return corrupt("lies outside the archive");
  if (reader.at<std::uint32_t>(header) != kLocalHeader) return corrupt("has no local header");
  const std::uint16_t name_length = *reader.at<std::uint16_t>(header + 26);
  const std::uint16_t extra_length = *reader.at<std::uint16_t>(header + 28);
  const std::optional<Bytes> name = reader.slice(header + 30, name_length);
  if (!name || as_text(*name) != entry.name) return corrupt("has another name in its local header");
  const std::uint32_t local_packed = *reader.at<std::uint32_t>(header + 18);
  const std::uint32_t local_size = *reader.at<std::uint32_t>(header + 22);
  if ((flags & kFlagDescriptor) == 0) {
    if ((local_packed != kIn64 && local_packed != entry.packed_size) ||
        (local_size != kIn64 && local_size != entry.size)) {
      return corrupt("has other sizes in its local header");
    }
  }
  entry.data_offset = header + 30 + name_length + extra_length;
  if (entry.data_offset > limit || entry.packed_size > limit - entry.data_offset)
    return corrupt("reaches beyond the archive");
  return Range{header, entry.data_offset + entry.packed_size, 0};
}

}  // namespace

Result<ZipReader> ZipReader::open(Bytes bytes, const Limits& limits, std::string place) {
  const ByteReader whole(bytes);
  const std::optional<std::uint64_t> end = find_end_record(whole);
  if (!end) {
    return fault(kZipNotAnArchive, "not a zip archive, or cut off: no end record", place)
        .help("check that the file was transferred completely");
  }
  const std::optional<Directory> directory = read_end_record(whole, *end);
  if (!directory) return fault(kZipCorrupt, "the archive's end record contradicts the file's size", place);
  if (*whole.at<std::uint16_t>(*end + 4) != 0 && *whole.at<std::uint16_t>(*end + 4) != 0xffff) {
    return fault(kZipUnsupported, "the archive is one part of several", place);
  }
  if (directory->count > static_cast<std::uint64_t>(limits.entries) || directory->count > directory->size / 46) {
    return fault(directory->count > directory->size / 46 ? kZipCorrupt : kLimitExceeded,
                 "the archive claims " + std::to_string(directory->count) + " members", place);
  }

  ZipReader zip;
  zip.bytes_ = bytes;
  zip.limits_ = limits;
  zip.place_ = std::move(place);
  std::vector<Range> ranges;
  std::uint64_t inflated = 0;
  ByteReader reader(bytes.first(directory->offset + directory->size));
  reader.seek(directory->offset);
  for (std::uint64_t i = 0; i < directory->count; ++i) {
    std::uint64_t header = 0;
    std::uint16_t flags = 0;
    KEDGE_TRY(ZipEntry entry, read_entry(reader, directory->shift, header, flags, zip.place_));
    KEDGE_TRY(Range range, locate(whole, entry, header, flags, directory->offset, zip.place_));
    range.entry = static_cast<std::uint32_t>(i);
    ranges.push_back(range);
    if (entry.deflated) {
      if (entry.size > static_cast<std::uint64_t>(limits.inflated_bytes) - inflated) {
        return fault(kLimitExceeded,
                     "the archive would unpack to more than " + std::to_string(limits.inflated_bytes) + " bytes",
                     zip.place_);
      }
      inflated += entry.size;
    }
    zip.entries_.push_back(std::move(entry));
  }

  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].begin < ranges[i - 1].end) {
      return fault(kZipCorrupt,
                   "the members " + quoted(zip.entries_[ranges[i - 1].entry].name) + " and " +
                       quoted(zip.entries_[ranges[i].entry].name) + " share bytes",
                   zip.place_);
    }
  }
  zip.by_name_.resize(zip.entries_.size());
  for (std::uint32_t i = 0; i < zip.by_name_.size(); ++i) zip.by_name_[i] = i;
  std::sort(zip.by_name_.begin(), zip.by_name_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return zip.entries_[a].name < zip.entries_[b].name; });
  for (std::size_t i = 1; i < zip.by_name_.size(); ++i) {
    const std::string& name = zip.entries_[zip.by_name_[i]].name;
    if (name == zip.entries_[zip.by_name_[i - 1]].name) {
      return fault(kZipDuplicateName, "the archive has two members named " + quoted(name), zip.place_);
    }
  }
  return zip;
}

const ZipEntry* ZipReader::find(std::string_view name) const {
  const auto found =
      std::lower_bound(by_name_.begin(), by_name_.end(), name,
                       [&](std::uint32_t index, std::string_view wanted) { return entries_[index].name < wanted; });
  if (found == by_name_.end() || entries_[*found].name != name) return nullptr;
  return &entries_[*found];
}

Result<const ZipEntry*> ZipReader::get(std::string_view name) const {
  if (const ZipEntry* entry = find(name)) return entry;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < entries_.size() && i < 1000; ++i) names.push_back(entries_[i].name);
  Error error = fault(kZipMissingMember, "the archive has no member " + quoted(name), place_);
  const std::string hint = did_you_mean(name, names);
  if (!hint.empty()) return std::move(error).help(hint);
  return error;
}

Result<Blob> ZipReader::read(const ZipEntry& entry) const {
  const Bytes packed = bytes_.subspan(entry.data_offset, entry.packed_size);
  Blob blob = Blob::view(packed);
  if (entry.deflated) {
    std::optional<std::vector<std::byte>> plain = inflate_exactly(packed, entry.size, Wrapper::raw_deflate);
    if (!plain)
      return fault(kZipCorrupt, "the compressed bytes are damaged or unpack to another size than claimed",
                   place_of(entry));
    blob = Blob::own(std::move(*plain));
  }
  const uLong crc = ::crc32_z(0, reinterpret_cast<const Bytef*>(blob.bytes().data()), blob.size());
  if (crc != entry.crc) {
    return fault(kZipChecksum, "the bytes do not match their checksum", place_of(entry))
        .help("the file is damaged; fetch or save it again");
  }
  return blob;
}

Result<Blob> ZipReader::read(std::string_view name) const {
  KEDGE_TRY(const ZipEntry* entry, get(name));
  return read(*entry);
}

std::string ZipReader::place_of(const ZipEntry& entry) const { return inside(place_, entry.name); }

}  // namespace kedge::formats
