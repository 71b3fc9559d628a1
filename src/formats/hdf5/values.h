// Elements as values: numbers and strings of datasets and attributes.
#pragma once

#include "formats/hdf5.h"
#include "formats/hdf5/source.h"

namespace kedge::formats::hdf5 {

/// Strings of a fixed or variable string type, one per element.
Result<std::vector<std::string>> decode_strings(const Source& source, const Datatype& type, Bytes data,
                                                std::int64_t count);

/// Reverses the bytes of each part of `part` bytes.
std::vector<std::byte> swapped(Bytes data, std::uint64_t part);

/// Decodes an attribute message (versions 1 to 3).
Result<Hdf5Attribute> decode_attribute(const Source& source, Bytes message);

}  // namespace kedge::formats::hdf5
