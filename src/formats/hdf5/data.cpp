// The bytes of a dataset: compact, contiguous or assembled from chunks. Specification: "Data Layout", "Fill Value"
// messages.
#include <algorithm>

#include "formats/fault.h"
#include "formats/hdf5/chunks.h"
#include "formats/inflate.h"
#include "formats/npy.h"

namespace kedge::formats::hdf5 {
namespace {

enum FilterId : std::uint16_t {
  kDeflate = 1,
  kShuffle = 2,
  kFletcher32 = 3,
  kSzip = 4,
  kNbit = 5,
  kScaleOffset = 6,
  kLzf = 32000
};

std::string_view filter_name(std::uint16_t id) {
  switch (id) {
    case kSzip: return "szip";
    case kNbit: return "nbit";
    case kScaleOffset: return "scaleoffset";
    case kLzf: return "lzf";
    default: return "unknown";
  }
}

/// All first bytes of the elements, then all second bytes, …; trailing bytes that fill no element stay.
std::vector<std::byte> unshuffle(const std::vector<std::byte>& in, std::uint64_t width) {
  if (width <= 1 || width > in.size()) return in;
  std::vector<std::byte> out(in.size());
  const std::uint64_t count = in.size() / width;
  for (std::uint64_t byte = 0; byte < width; ++byte) {
    const std::byte* from = in.data() + byte * count;
    for (std::uint64_t i = 0; i < count; ++i) out[i * width + byte] = from[i];
  }
  std::copy(in.begin() + static_cast<std::ptrdiff_t>(count * width), in.end(),
            out.begin() + static_cast<std::ptrdiff_t>(count * width));
  return out;
}

/// What fills chunks that were never written.
Bytes fill_value(const std::vector<Message>& messages) {
  for (const Message& message : messages) {
    Cursor cursor(message.data);
    if (message.type == kFillValue) {
      const std::uint8_t version = cursor.u8();
      bool defined = true;
      if (version == 3) {
        defined = (cursor.u8() & 0x20) != 0;
      } else {
        cursor.skip(2);
        defined = cursor.u8() != 0 || version == 1;
      }
      const Bytes value = defined ? cursor.take(cursor.u32()) : Bytes{};
      if (cursor.ok() && !value.empty()) return value;
    } else if (message.type == kFillValueOld) {
      const Bytes value = cursor.take(cursor.u32());
      if (cursor.ok() && !value.empty()) return value;
    }
  }
  return {};
}

std::vector<std::byte> filled(std::uint64_t bytes, Bytes fill, std::uint64_t element_size) {
  std::vector<std::byte> out(bytes);
  if (fill.size() != element_size) return out;
  for (std::uint64_t at = 0; at + element_size <= bytes; at += element_size)
    std::memcpy(out.data() + at, fill.data(), element_size);
  return out;
}

/// Copies the part of a chunk that lies inside the dataset, row by row.
void place_chunk(const ChunkLayout& layout, const Chunk& chunk, Bytes data, std::vector<std::byte>& out) {
  const std::size_t rank = layout.shape.size();
  std::vector<std::uint64_t> extent(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    extent[axis] =
        std::min(layout.chunk_shape[axis], static_cast<std::uint64_t>(layout.shape[axis]) - chunk.offset[axis]);
  }
  std::vector<std::uint64_t> index(rank);
  const std::uint64_t row = (rank == 0 ? 1 : extent[rank - 1]) * layout.element_size;
  while (true) {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      from = from * layout.chunk_shape[axis] + index[axis];
      to = to * static_cast<std::uint64_t>(layout.shape[axis]) + chunk.offset[axis] + index[axis];
    }
    std::memcpy(out.data() + to * layout.element_size, data.data() + from * layout.element_size, row);
    std::size_t axis = rank < 2 ? 0 : rank - 1;
    while (axis > 0) {
      --axis;
      if (++index[axis] < extent[axis]) break;
      index[axis] = 0;
      if (axis == 0) return;
    }
    if (rank < 2) return;
  }
}

struct Layout {
  enum class Kind { compact, contiguous, chunked } kind = Kind::contiguous;
  Bytes compact;
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::vector<std::uint64_t> chunk_dims;  ///< without the element's size
  int index_type = 0;                     ///< 0: version 1 B-tree; 1 to 5 as the version 4 message numbers them
  std::uint64_t single_size = 0;          ///< a filtered single chunk
  std::uint32_t single_mask = 0;
};

Result<Layout> read_layout(const Source& source, Bytes data, bool is_filtered) {
  Cursor cursor(data);
  const std::uint8_t version = cursor.u8();
  if (cursor.ok() && version != 3 && version != 4) return unsupported("data layout version " + std::to_string(version));
  const std::uint8_t layout_class = cursor.u8();
  Layout layout;
  if (layout_class == 0) {
    layout.kind = Layout::Kind::compact;
    layout.compact = cursor.take(cursor.u16());
  } else if (layout_class == 1) {
    layout.address = source.address(cursor);
    layout.size = source.length(cursor);
  } else if (layout_class == 2) {
    layout.kind = Layout::Kind::chunked;
    const std::uint8_t flags = version == 4 ? cursor.u8() : std::uint8_t{0};
    const std::uint8_t rank = cursor.u8();
    const std::uint64_t dim_size = version == 4 ? cursor.u8() : 4;
    if (version == 3) layout.address = source.address(cursor);
    if (rank < 1 || rank > 33) return corrupt("a data layout has a wrong rank");
    for (int i = 0; i < rank; ++i) layout.chunk_dims.push_back(cursor.number(dim_size));
    layout.chunk_dims.pop_back();
    if (version == 4) {
      layout.index_type = cursor.u8();
      if (layout.index_type == 1 && (flags & 2) != 0) {
        layout.single_size = source.length(cursor);
        layout.single_mask = cursor.u32();
      } else if (layout.index_type == 1 && is_filtered) {
        return corrupt("a filtered chunk has no size");
      }
      if (layout.index_type == 3) cursor.skip(1);
      if (layout.index_type == 4) cursor.skip(5);
      if (layout.index_type == 5) cursor.skip(6);
      layout.address = source.address(cursor);
      if (layout.index_type < 1 || layout.index_type > 5)
        return unsupported("chunk index type " + std::to_string(layout.index_type));
    }
  } else {
    return unsupported(layout_class == 3 ? "a virtual dataset" : "data layout class " + std::to_string(layout_class));
  }
  if (!cursor.ok()) return corrupt("a data layout is cut off");
  return layout;
}

Result<std::vector<Chunk>> read_chunk_index(const Source& source, const Layout& layout, const ChunkLayout& chunks) {
  switch (layout.index_type) {
    case 0: return read_chunk_btree1(source, layout.address, chunks);
    case 1: {
      if (source.is_undefined(layout.address)) return std::vector<Chunk>{};
      const std::uint64_t size = chunks.is_filtered ? layout.single_size : chunks.chunk_bytes;
      return std::vector<Chunk>{
          {std::vector<std::uint64_t>(chunks.shape.size()), layout.address, size, layout.single_mask}};
    }
    case 2: return read_chunk_implicit(source, layout.address, chunks);
    case 3: return read_chunk_fixed_array(source, layout.address, chunks);
    case 4: return read_chunk_extensible_array(source, layout.address, chunks);
    default: return read_chunk_btree2(source, layout.address, chunks);
  }
}

Result<RawData> read_chunked(const Source& source, const std::vector<Message>& messages, const Layout& layout,
                             const std::vector<Filter>& filters, const std::vector<std::int64_t>& shape,
                             std::uint64_t element_size, std::uint64_t bytes) {
  ChunkLayout chunks;
  chunks.chunk_shape = layout.chunk_dims;
  chunks.shape = shape;
  chunks.element_size = element_size;
  chunks.is_filtered = !filters.empty();
  chunks.chunk_bytes = element_size;
  if (layout.chunk_dims.size() != shape.size()) return corrupt("a chunk has another rank than its dataset");
  for (const std::uint64_t dim : layout.chunk_dims) {
    if (dim == 0 || __builtin_mul_overflow(chunks.chunk_bytes, dim, &chunks.chunk_bytes) ||
        chunks.chunk_bytes > (std::uint64_t{1} << 32)) {
      return corrupt("a chunk has an impossible size");
    }
  }
  RawData out;
  out.is_owned = true;
  if (bytes == 0) return out;
  KEDGE_TRY(const std::vector<Chunk> index, read_chunk_index(source, layout, chunks));

  // Chunks that were never written cost nothing in the file, so the claimed size is held against what is stored:
  // deflate expands at most 1032 times, and a modest dataset may be empty.
  constexpr std::uint64_t kMostlyEmpty = std::uint64_t{64} << 20;
  constexpr std::uint64_t kMaxExpansion = 1032;
  std::uint64_t stored = 0;
  for (const Chunk& chunk : index) {
    if (!source.slice(chunk.address, chunk.size)) return corrupt("a chunk lies outside the file");
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      const bool inside_dataset = chunk.offset[axis] < static_cast<std::uint64_t>(shape[axis]) &&
                                  chunk.offset[axis] % layout.chunk_dims[axis] == 0;
      if (!inside_dataset) return corrupt("a chunk lies outside its dataset");
    }
    stored += chunk.size;
  }
  std::uint64_t chunk_total = 0;
  if (__builtin_mul_overflow(index.size(), chunks.chunk_bytes, &chunk_total)) chunk_total = UINT64_MAX;
  const std::uint64_t backed =
      chunks.is_filtered
          ? std::min(chunk_total, stored > UINT64_MAX / kMaxExpansion ? UINT64_MAX : stored * kMaxExpansion)
          : stored;
  if (bytes > kMostlyEmpty && bytes - kMostlyEmpty > backed)
    return corrupt("a dataset claims far more bytes than are stored");
  if (chunk_total > kMostlyEmpty && chunk_total / 4 > bytes) return corrupt("chunks hold far more than their dataset");

  out.owned = filled(bytes, fill_value(messages), element_size);
  for (const Chunk& chunk : index) {
    const Bytes packed = *source.slice(chunk.address, chunk.size);
    if (filters.empty()) {
      if (packed.size() < chunks.chunk_bytes) return corrupt("a chunk is too short");
      place_chunk(chunks, chunk, packed, out.owned);
    } else {
      KEDGE_TRY(const std::vector<std::byte> plain,
                unpack_chunk(packed, filters, chunk.filter_mask, element_size, chunks.chunk_bytes));
      place_chunk(chunks, chunk, plain, out.owned);
    }
  }
  return out;
}

}  // namespace

Result<std::vector<std::byte>> unpack_chunk(Bytes stored, const std::vector<Filter>& filters, std::uint32_t mask,
                                            std::uint64_t element_size, std::uint64_t chunk_bytes) {
  // Sizes before each filter, in writing order, so that inflating knows what to expect; 0 after deflate: unknown.
  std::vector<std::uint64_t> before(filters.size());
  std::uint64_t size = chunk_bytes;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    before[i] = size;
    if ((mask >> i & 1) != 0) continue;
    if (filters[i].id == kFletcher32) {
      size = size == 0 ? 0 : size + 4;
    } else if (filters[i].id == kDeflate) {
      if (size == 0) return unsupported("a filter pipeline that compresses twice");
      size = 0;
    }
  }
  std::vector<std::byte> data(stored.begin(), stored.end());
  for (std::size_t i = filters.size(); i-- > 0;) {
    if ((mask >> i & 1) != 0) continue;
    switch (filters[i].id) {
      case kDeflate: {
        std::optional<std::vector<std::byte>> plain = inflate_exactly(data, before[i], Wrapper::zlib);
        if (!plain) return corrupt("a compressed chunk is damaged");
        data = std::move(*plain);
        break;
      }
      case kShuffle:
        data = unshuffle(data, filters[i].parameters.empty() ? element_size : filters[i].parameters[0]);
        break;
      case kFletcher32:
        if (data.size() < 4) return corrupt("a chunk is too short");
        data.resize(data.size() - 4);
        break;
      default:
        return unsupported("the filter " + std::to_string(filters[i].id) + " (" +
                           std::string(filter_name(filters[i].id)) + ")");
    }
  }
  if (data.size() != chunk_bytes) return corrupt("a chunk unpacks to another size than its shape");
  return data;
}

Result<RawData> read_raw_data(const Source& source, const std::vector<Message>& messages,
                              const std::vector<std::int64_t>& shape, std::uint64_t element_size) {
  const Message* layout_message = nullptr;
  std::vector<Filter> filters;
  for (const Message& message : messages) {
    if (message.type == kLayout) layout_message = &message;
    if (message.type == kExternalFiles) return unsupported("a dataset stored in another file");
    if (message.type == kFilters) {
      KEDGE_TRY(filters, read_filters(message.data));
    }
  }
  if (layout_message == nullptr) return corrupt("a dataset has no layout");
  KEDGE_TRY(const Layout layout, read_layout(source, layout_message->data, !filters.empty()));

  const std::optional<std::int64_t> count = checked_count(shape);
  std::uint64_t bytes = 0;
  if (!count || __builtin_mul_overflow(static_cast<std::uint64_t>(*count), element_size, &bytes))
    return corrupt("a dataset is too large");
  if (bytes > static_cast<std::uint64_t>(source.limits.inflated_bytes) && layout.kind == Layout::Kind::chunked) {
    return fault(kLimitExceeded,
                 "the dataset would unpack to more than " + std::to_string(source.limits.inflated_bytes) + " bytes",
                 "");
  }
  RawData out;
  switch (layout.kind) {
    case Layout::Kind::compact:
      if (layout.compact.size() < bytes) return corrupt("a dataset is cut off");
      out.view = layout.compact.first(bytes);
      return out;
    case Layout::Kind::contiguous: {
      if (bytes == 0) return out;
      if (source.is_undefined(layout.address)) {  // never written
        constexpr std::uint64_t kMostlyEmpty = std::uint64_t{64} << 20;
        if (bytes > kMostlyEmpty) return corrupt("a dataset claims far more bytes than are stored");
        out.is_owned = true;
        out.owned = filled(bytes, fill_value(messages), element_size);
        return out;
      }
      const std::optional<Bytes> stored = source.slice(layout.address, bytes);
      if (!stored || layout.size < bytes) return corrupt("a dataset reaches beyond the file");
      out.view = *stored;
      return out;
    }
    case Layout::Kind::chunked: break;
  }
  return read_chunked(source, messages, layout, filters, shape, element_size, bytes);
}

}  // namespace kedge::formats::hdf5
