// What every part of the HDF5 reader shares: the file's bytes with its address sizes, a cursor whose failure is sticky,
// and the structures that messages decode to. Internal to formats.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/limits.h"
#include "base/result.h"

namespace kedge::formats::hdf5 {

/// Reads numbers of the sizes that a file declares. After the first read past the end everything is 0 and ok() is
/// false, so that a structure is decoded in one go and checked once.
class Cursor {
 public:
  Cursor() : reader_(Bytes{}), ok_(false) {}
  explicit Cursor(Bytes bytes) : reader_(bytes) {}

  bool ok() const { return ok_; }
  std::uint64_t remaining() const { return reader_.remaining(); }
  std::uint64_t position() const { return reader_.position(); }

  /// A little-endian number of 0 to 8 bytes.
  std::uint64_t number(std::uint64_t size) {
    const Bytes raw = take(size);
    std::uint64_t value = 0;
    if (size > sizeof(value)) ok_ = false;
    if (ok_ && size > 0) std::memcpy(&value, raw.data(), size);
    return value;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }

  Bytes take(std::uint64_t count) {
    const std::optional<Bytes> piece = ok_ ? reader_.read_bytes(count) : std::nullopt;
    if (!piece) ok_ = false;
    return piece.value_or(Bytes{});
  }
  void skip(std::uint64_t count) { take(count); }
  bool expect(std::string_view signature) {
    if (as_text(take(signature.size())) != signature) ok_ = false;
    return ok_;
  }

 private:
  ByteReader reader_;
  bool ok_ = true;
};

struct Source {
  Bytes bytes;  ///< from the base address on
  std::uint64_t offset_size = 8;
  std::uint64_t length_size = 8;
  std::uint64_t root = 0;
  Limits limits;
  std::string place;

  /// A cursor that starts at an address; already failed when it lies outside.
  Cursor at(std::uint64_t address) const {
    if (address >= bytes.size()) return Cursor();
    return Cursor(bytes.subspan(address));
  }
  std::optional<Bytes> slice(std::uint64_t address, std::uint64_t count) const {
    return ByteReader(bytes).slice(address, count);
  }
  std::uint64_t address(Cursor& cursor) const { return cursor.number(offset_size); }
  std::uint64_t length(Cursor& cursor) const { return cursor.number(length_size); }
  /// "Undefined address": all bits set.
  bool is_undefined(std::uint64_t value) const {
    return value == (offset_size == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * offset_size)) - 1);
  }
  /// How many tree nodes or blocks a sound file of this size can hold; hostile graphs stop there.
  std::int64_t node_budget() const { return static_cast<std::int64_t>(bytes.size() / 16) + 16; }
};

/// Errors without a place; the public functions add the object's.
Error corrupt(std::string_view what);
Error unsupported(std::string_view what);

/// Jenkins' lookup3 (`hashlittle`), the checksum of the newer structures.
std::uint32_t checksum(Bytes bytes);
/// `block` ends with the checksum of what precedes it.
bool checksum_holds(Bytes block);

struct Message {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  Bytes data;
};

enum MessageType : std::uint8_t {
  kDataspace = 0x01,
  kLinkInfo = 0x02,
  kDatatype = 0x03,
  kFillValueOld = 0x04,
  kFillValue = 0x05,
  kLink = 0x06,
  kExternalFiles = 0x07,
  kLayout = 0x08,
  kGroupInfo = 0x0a,
  kFilters = 0x0b,
  kAttribute = 0x0c,
  kContinuation = 0x10,
  kSymbolTable = 0x11,
  kAttributeInfo = 0x15,
};
constexpr std::uint8_t kSharedFlag = 0x02;

/// All messages of an object header, continuations included.
Result<std::vector<Message>> read_object_header(const Source& source, std::uint64_t address);

struct Dataspace {
  std::vector<std::int64_t> shape;
  bool is_null = false;
};
Result<Dataspace> read_dataspace(const Source& source, Bytes data);

enum class TypeKind { number, fixed_string, variable_string, opaque, other };
enum class StringPadding { nul_terminated, nul_padded, space_padded };

struct Datatype {
  TypeKind kind = TypeKind::other;
  std::string dtype;  ///< see Hdf5Object::dtype
  std::uint64_t size = 0;
  std::uint64_t swap = 0;  ///< size of the parts whose bytes are to be reversed; 0 when little-endian
  StringPadding padding = StringPadding::nul_terminated;
};
/// `flags` are the message's: a shared message refers to a committed datatype.
Result<Datatype> read_datatype(const Source& source, Bytes data, std::uint8_t flags);

struct Filter {
  std::uint16_t id = 0;
  std::vector<std::uint32_t> parameters;
};
Result<std::vector<Filter>> read_filters(Bytes data);

struct Link {
  std::string name;
  std::uint64_t address = 0;
  std::string soft_target;
  bool is_soft = false;
  bool is_external = false;
  std::uint64_t order = 0;
};
struct LinkTable {
  std::vector<Link> links;  ///< in listing order
  std::map<std::string, std::size_t, std::less<>> by_name;
};
Result<LinkTable> read_links(const Source& source, const std::vector<Message>& messages);

/// The bytes of attribute messages, wherever they are stored, in listing order with their shared flag.
struct RawAttribute {
  Bytes data;
  std::uint64_t order = 0;
};
Result<std::vector<RawAttribute>> read_raw_attributes(const Source& source, const std::vector<Message>& messages,
                                                      bool& by_creation);

/// The elements of a dataset as they are stored, before byte swapping: a view when contiguous.
struct RawData {
  Bytes view;
  std::vector<std::byte> owned;
  bool is_owned = false;
  Bytes bytes() const { return is_owned ? Bytes(owned) : view; }
};
Result<RawData> read_raw_data(const Source& source, const std::vector<Message>& messages,
                              const std::vector<std::int64_t>& shape, std::uint64_t element_size);

}  // namespace kedge::formats::hdf5
