// NumPy's array files: one array (.npy), and a zip of named arrays (.npz).
// Format: NumPy documentation, "numpy.lib.format", versions 1.0 to 3.0.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "formats/blob.h"

namespace kedge::formats {

/// An array in C order, little-endian. `dtype` is NumPy's short form without the byte order:
/// "b1", "i1" … "i8", "u1" … "u8", "f2" "f4" "f8", "c8" "c16"; from HDF5 also "bf2" (bfloat16), "S<n>" and "O"
/// (strings, see hdf5.h).
struct NpyArray {
  std::string dtype;
  std::vector<std::int64_t> shape;
  Blob data;

  std::int64_t element_count() const;
};

/// Bytes of one element, or 0 for a dtype that is not a number.
std::int64_t dtype_size(std::string_view dtype);

/// K0120 malformed · K0121 dtype without a meaning here (strings, objects, structures), by name.
/// C-ordered little-endian data is a view into `bytes`; everything else is converted and owned.
Result<NpyArray> read_npy(Bytes bytes, const Limits& limits, std::string_view place);
/// The file as NumPy writes it: version 1.0, data at a multiple of 64.
std::vector<std::byte> write_npy(const NpyArray& array);

struct NamedArray {
  std::string name;
  NpyArray array;
};

/// The arrays in archive order, names without `.npy`; views stay valid while `bytes` does.
Result<std::vector<NamedArray>> read_npz(Bytes bytes, const Limits& limits, std::string_view place);
Result<std::vector<std::byte>> write_npz(const std::vector<NamedArray>& arrays);

/// `2x3x4`, `scalar` for rank 0; for messages.
std::string shape_text(const std::vector<std::int64_t>& shape);

/// The product of the dimensions; empty when it overflows or one is negative.
std::optional<std::int64_t> checked_count(const std::vector<std::int64_t>& shape);

}  // namespace kedge::formats
