// The one place that calls zlib's inflate.
#include "formats/inflate.h"

#include <algorithm>

#include <zlib.h>

namespace kedge::formats {
namespace {

// Deflate, RFC 1951: a match of 258 bytes costs at least two bits, so no stream expands more than 1032 times.
constexpr std::uint64_t kMaxExpansion = 1032;
constexpr std::uint64_t kPiece = std::uint64_t{1} << 30;  // zlib counts in 32 bits

struct Stream {
  z_stream z{};
  bool ready = false;
  explicit Stream(Wrapper wrapper) { ready = inflateInit2(&z, wrapper == Wrapper::zlib ? 15 : -15) == Z_OK; }
  ~Stream() {
    if (ready) inflateEnd(&z);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
};

}  // namespace

std::optional<std::vector<std::byte>> inflate_exactly(Bytes packed, std::uint64_t expected, Wrapper wrapper) {
  if (expected / kMaxExpansion > packed.size() + 1) return std::nullopt;
  Stream stream(wrapper);
  if (!stream.ready) return std::nullopt;

  std::vector<std::byte> out;
  out.resize(std::min<std::uint64_t>(expected, packed.size() * 8 + 4096));
  std::uint64_t consumed = 0;
  std::uint64_t produced = 0;
  int status = Z_OK;
  std::byte overflow{};
  while (status != Z_STREAM_END) {
    if (produced == out.size() && produced < expected) out.resize(std::min<std::uint64_t>(expected, out.size() * 2));
    const bool full =
        produced == expected;  // the end marker may still be to come; one byte of room tells "longer" apart
    stream.z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data())) + consumed;
    stream.z.avail_in = static_cast<uInt>(std::min(kPiece, packed.size() - consumed));
    stream.z.next_out = reinterpret_cast<Bytef*>(full ? &overflow : out.data() + produced);
    stream.z.avail_out = full ? 1U : static_cast<uInt>(std::min<std::uint64_t>(kPiece, out.size() - produced));
    const std::uint64_t in_before = stream.z.avail_in;
    const std::uint64_t out_before = stream.z.avail_out;
    status = ::inflate(&stream.z, Z_NO_FLUSH);
    const std::uint64_t used = in_before - stream.z.avail_in;
    const std::uint64_t made = out_before - stream.z.avail_out;
    if (status != Z_OK && status != Z_STREAM_END) return std::nullopt;
    if (full && made > 0) return std::nullopt;
    if (used == 0 && made == 0 && status != Z_STREAM_END) return std::nullopt;
    consumed += used;
    produced += made;
  }
  if (produced != expected) return std::nullopt;
  return out;
}

}  // namespace kedge::formats
