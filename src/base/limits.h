// Bounds on what an input may make kedge do. Every reader takes one Limits; nothing is allocated by a size that a file
// claims before that many bytes are known to be there.
#pragma once

#include <cstdint>

namespace kedge {

struct Limits {
  std::int64_t file_bytes = std::int64_t{16} << 30;     ///< largest file read at all
  std::int64_t inflated_bytes = std::int64_t{4} << 30;  ///< all bytes that decompression may produce
  std::int64_t entries = 1'000'000;                     ///< members, groups, attributes, json values, tensors
  std::int64_t depth = 200;                             ///< nesting of any recursive structure
  std::int64_t string_bytes = std::int64_t{256} << 20;  ///< one string
  std::int64_t source_bytes = std::int64_t{16} << 20;   ///< one Python source file
  std::int64_t steps = 200'000'000;                     ///< instructions of one evaluation
  std::int64_t call_depth = 900;                        ///< Python frames
  std::int64_t heap_bytes = std::int64_t{4} << 30;      ///< objects and arrays of one evaluation
  std::int64_t integer_bits = 1 << 17;                  ///< one Python integer
};

}  // namespace kedge
