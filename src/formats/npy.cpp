// Reading and writing .npy and .npz.
#include "formats/npy.h"

#include <algorithm>
#include <charconv>

#include "formats/byte_writer.h"
#include "formats/fault.h"
#include "formats/zip.h"

namespace kedge::formats {
namespace {

struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

/// The header is a Python dictionary literal with exactly the keys descr, fortran_order and shape; this reads that
/// subset.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  bool run(Header& header) {
    bool has_descr = false;
    bool has_order = false;
    bool has_shape = false;
    if (!take('{')) return false;
    while (!take('}')) {
      std::string key;
      if (!read_string(key) || !take(':')) return false;
      bool ok = false;
      if (key == "descr") {
        ok = has_descr = read_descr(header.descr);
      } else if (key == "fortran_order") {
        ok = has_order = read_bool(header.fortran_order);
      } else if (key == "shape") {
        ok = has_shape = read_shape(header.shape);
      }
      if (!ok) return false;
      if (!take(',') && peek() != '}') return false;
    }
    return has_descr && has_order && has_shape;
  }

 private:
  char peek() {
    while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n')) text_.remove_prefix(1);
    return text_.empty() ? '\0' : text_.front();
  }
  bool take(char c) {
    if (peek() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool read_string(std::string& out) {
    const char quote = peek();
    if (quote != '\'' && quote != '"') return false;
    const std::size_t end = text_.find(quote, 1);
    if (end == std::string_view::npos) return false;
    out = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return true;
  }
  /// A string, or a list of fields (a structure), which is kept as text so that the error can show it.
  bool read_descr(std::string& out) {
    if (peek() != '[') return read_string(out);
    const std::size_t end = text_.rfind(']');
    if (end == std::string_view::npos) return false;
    out = text_.substr(0, end + 1);
    text_.remove_prefix(end + 1);
    return true;
  }
  bool read_bool(bool& out) {
    peek();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (!text_.starts_with(word)) continue;
      text_.remove_prefix(word.size());
      out = value;
      return true;
    }
    return false;
  }
  bool read_shape(std::vector<std::int64_t>& out) {
    if (!take('(')) return false;
    while (!take(')')) {
      peek();
      std::int64_t dim = 0;
      const auto [end, status] = std::from_chars(text_.data(), text_.data() + text_.size(), dim);
      if (status != std::errc() || dim < 0) return false;
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      if (!text_.empty() && text_.front() == 'L') text_.remove_prefix(1);  // Python 2 wrote long integers so
      out.push_back(dim);
      if (!take(',') && peek() != ')') return false;
    }
    return true;
  }

  std::string_view text_;
};

/// Copies to C order and little-endian. `from_strides` are in elements; parts are what is swapped (the halves of a
/// complex).
std::vector<std::byte> rearrange(Bytes data, const std::vector<std::int64_t>& shape, std::int64_t size,
                                 std::int64_t part, bool fortran, bool swap) {
  std::vector<std::byte> out(data.size());
  const std::int64_t count = static_cast<std::int64_t>(data.size()) / size;
  const std::size_t rank = shape.size();
  std::vector<std::int64_t> strides(rank);
  std::int64_t stride = 1;
  for (std::size_t i = 0; i < rank; ++i) {
    strides[i] = stride;
    stride *= shape[i];
  }
  std::vector<std::int64_t> index(rank);
  std::int64_t from = 0;
  for (std::int64_t to = 0; to < count; ++to) {
    std::memcpy(out.data() + to * size, data.data() + (fortran ? from : to) * size, static_cast<std::size_t>(size));
    for (std::size_t axis = rank; fortran && axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  for (std::size_t at = 0; swap && at < out.size(); at += static_cast<std::size_t>(part)) {
    std::reverse(out.data() + at, out.data() + at + part);
  }
  return out;
}

}  // namespace

std::int64_t NpyArray::element_count() const {
  std::int64_t count = 1;
  for (const std::int64_t dim : shape) count *= dim;
  return count;
}

std::int64_t dtype_size(std::string_view dtype) {
  constexpr std::pair<std::string_view, std::int64_t> kSizes[] = {
      {"b1", 1}, {"i1", 1}, {"i2", 2}, {"i4", 4}, {"i8", 8}, {"u1", 1},   {"u2", 2}, {"u4", 4},
      {"u8", 8}, {"f2", 2}, {"f4", 4}, {"f8", 8}, {"c8", 8}, {"c16", 16}, {"bf2", 2}};
  for (const auto& [name, size] : kSizes) {
    if (name == dtype) return size;
  }
  return 0;
}

std::optional<std::int64_t> checked_count(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  bool empty = false;
  for (const std::int64_t dim : shape) {
    if (dim < 0) return std::nullopt;
    if (dim == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(count, dim, &count)) {
      return std::nullopt;
    }
  }
  return empty ? 0 : count;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  if (shape.empty()) return "scalar";
  std::string out;
  for (const std::int64_t dim : shape) out += (out.empty() ? "" : "x") + std::to_string(dim);
  return out;
}

Result<NpyArray> read_npy(Bytes bytes, const Limits& limits, std::string_view place) {
  const auto malformed = [&](std::string what) {
    return fault(kNpyMalformed, "not a valid .npy array: " + std::move(what), place);
  };
  ByteReader reader(bytes);
  const std::optional<Bytes> magic = reader.read_bytes(6);
  if (!magic || as_text(*magic) != "\x93NUMPY") return malformed("it does not start as one");
  const std::optional<std::uint8_t> major = reader.read<std::uint8_t>();
  const std::optional<std::uint8_t> minor = reader.read<std::uint8_t>();
  if (!major || !minor) return malformed("it is cut off");
  if (*major < 1 || *major > 3) return malformed("unknown version " + std::to_string(*major));
  std::optional<std::uint64_t> length;
  if (*major == 1) {
    if (const auto short_length = reader.read<std::uint16_t>()) length = *short_length;
  } else {
    if (const auto long_length = reader.read<std::uint32_t>()) length = *long_length;
  }
  const std::optional<Bytes> text = length ? reader.read_bytes(*length) : std::nullopt;
  if (!text) return malformed("the header is cut off");
  Header header;
  if (!HeaderParser(as_text(*text)).run(header)) return malformed("the header is not a description of an array");
  if (header.shape.size() > 64 || static_cast<std::int64_t>(header.shape.size()) > limits.depth)
    return malformed("too many dimensions");

  std::string_view dtype = header.descr;
  char order = '<';
  if (!dtype.empty() && std::string_view("<>=|").find(dtype.front()) != std::string_view::npos) {
    order = dtype.front();
    dtype.remove_prefix(1);
  }
  const std::int64_t size = dtype_size(dtype);
  if (size == 0 || dtype == "bf2") {
    return fault(kNpyDtype, "the array's dtype " + quoted(header.descr) + " is not a number or boolean", place)
        .help("save it as a bool, integer, float or complex array");
  }
  const std::optional<std::int64_t> count = checked_count(header.shape);
  if (!count || *count > static_cast<std::int64_t>(reader.remaining()) / size) {
    return malformed("the shape " + shape_text(header.shape) + " needs more bytes than there are");
  }
  NpyArray array{std::string(dtype), std::move(header.shape), {}};
  const Bytes data = *reader.read_bytes(static_cast<std::uint64_t>(*count * size));
  if (reader.remaining() > 0) return malformed("bytes follow after the array");
  const bool swap = order == '>' && size > 1;
  const bool fortran = header.fortran_order && array.shape.size() > 1;
  if (swap || fortran) {
    const std::int64_t part = dtype.front() == 'c' ? size / 2 : size;
    array.data = Blob::own(rearrange(data, array.shape, size, part, fortran, swap));
  } else {
    array.data = Blob::view(data);
  }
  return array;
}

std::vector<std::byte> write_npy(const NpyArray& array) {
  KEDGE_CHECK(static_cast<std::int64_t>(array.data.size()) == array.element_count() * dtype_size(array.dtype),
              "array data does not fit its shape");
  KEDGE_CHECK(array.dtype != "bf2", "bfloat16 has no NumPy dtype; convert it first");
  std::string shape;
  for (const std::int64_t dim : array.shape) shape += std::to_string(dim) + (array.shape.size() == 1 ? "," : ", ");
  if (array.shape.size() > 1) shape.resize(shape.size() - 2);
  const std::string order = dtype_size(array.dtype) == 1 ? "|" : "<";
  std::string header = "{'descr': '" + order + array.dtype + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  constexpr std::size_t kPreamble = 10;
  constexpr std::size_t kAlign = 64;
  while ((kPreamble + header.size() + 1) % kAlign != 0) header += ' ';
  header += '\n';

  std::vector<std::byte> out;
  out.reserve(kPreamble + header.size() + array.data.size());
  ByteWriter writer(out);
  writer.put_text("\x93NUMPY");
  writer.put(std::uint8_t{1}, std::uint8_t{0}, static_cast<std::uint16_t>(header.size()));
  writer.put_text(header);
  writer.put_bytes(array.data.bytes());
  return out;
}

Result<std::vector<NamedArray>> read_npz(Bytes bytes, const Limits& limits, std::string_view place) {
  KEDGE_TRY(const ZipReader zip, ZipReader::open(bytes, limits, std::string(place)));
  std::vector<NamedArray> out;
  for (const ZipEntry& entry : zip.entries()) {
    if (entry.is_folder()) continue;
    KEDGE_TRY(const Blob content, zip.read(entry));
    KEDGE_TRY(NpyArray array, read_npy(content.bytes(), limits, zip.place_of(entry)));
    if (!content.is_view() && array.data.is_view()) {  // the inflated member dies here; the array must not look into it
      array.data = Blob::own(std::vector<std::byte>(array.data.bytes().begin(), array.data.bytes().end()));
    }
    std::string name = entry.name;
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    out.push_back({std::move(name), std::move(array)});
  }
  return out;
}

Result<std::vector<std::byte>> write_npz(const std::vector<NamedArray>& arrays) {
  ZipWriter zip;
  for (const NamedArray& named : arrays) KEDGE_TRY_VOID(zip.add(named.name + ".npy", write_npy(named.array)));
  return std::move(zip).finish();
}

}  // namespace kedge::formats
