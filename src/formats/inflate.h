// Decompression with a known result size, through zlib.
#pragma once

#include <optional>
#include <vector>

#include "base/byte_reader.h"

namespace kedge::formats {

enum class Wrapper { raw_deflate, zlib };

/// Inflates to exactly `expected` bytes; empty when the stream is damaged, shorter or longer. Memory grows with what
/// was really produced, never with the claim alone.
std::optional<std::vector<std::byte>> inflate_exactly(Bytes packed, std::uint64_t expected, Wrapper wrapper);

}  // namespace kedge::formats
