// HDF5 files, the subset that h5py and Keras write: groups old and new, datasets of numbers and strings in every
// layout, gzip, shuffle and fletcher32 filters, attributes. Nothing is recursive on input and every byte is
// bounds-checked. Format: "HDF5 File Format Specification Version 3.0"; the .cpp files name its sections. Refused by
// name: compound types other than complex numbers, references, virtual and external storage, szip, nbit, lzf.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "formats/json.h"
#include "formats/npy.h"

namespace kedge::formats {

namespace hdf5 {
struct Source;
struct ObjectState;
}  // namespace hdf5

struct Hdf5Attribute {
  std::string name;
  std::string dtype;                ///< as Hdf5Object::dtype()
  std::vector<std::int64_t> shape;  ///< empty for a scalar
  /// Numbers, booleans and strings, nested by shape; null for an empty attribute and for types that have no such value
  /// (then `readable` is false).
  Json value;
  bool readable = true;
};

/// A group or a dataset. A handle: cheap to copy, valid while the bytes given to Hdf5File::open are.
class Hdf5Object {
 public:
  bool is_group() const;
  bool is_dataset() const;
  /// `layers/dense/vars/0`; empty for the root.
  const std::string& path() const;
  /// `model.keras › model.weights.h5 › layers/dense/vars/0`
  std::string place() const;

  /// Names of the children of a group, in the order in which h5py lists them: by name, or by creation when the group
  /// tracks it.
  Result<std::vector<std::string>> children() const;
  /// K0133 when there is no such child; follows soft links inside the file.
  Result<Hdf5Object> child(std::string_view name) const;
  bool has_child(std::string_view name) const;

  /// All attributes, in h5py's order. K0131, K0132.
  Result<std::vector<Hdf5Attribute>> attributes() const;
  /// One attribute; K0133 when absent.
  Result<Hdf5Attribute> attribute(std::string_view name) const;

  // Of a dataset.
  /// As NpyArray::dtype; "bf2" bfloat16, "S<n>" fixed strings, "O" strings of any length, "V<n>" opaque bytes,
  /// otherwise a description.
  const std::string& dtype() const;
  const std::vector<std::int64_t>& shape() const;
  /// True for a dataset without a value (h5py.Empty).
  bool is_empty_value() const;
  /// Numbers, fixed strings and opaque bytes, in C order and little-endian. Contiguous little-endian data is a view.
  Result<NpyArray> read() const;
  /// The strings of a dataset of dtype "S<n>" or "O", in C order.
  Result<std::vector<std::string>> read_strings() const;

 private:
  friend class Hdf5File;
  explicit Hdf5Object(std::shared_ptr<hdf5::ObjectState> state) : state_(std::move(state)) {}
  static Result<Hdf5Object> load(std::shared_ptr<const hdf5::Source> source, std::uint64_t address, std::string path,
                                 std::int64_t hops);
  std::shared_ptr<hdf5::ObjectState> state_;
};

class Hdf5File {
 public:
  /// K0130 not HDF5 · K0131 damaged or cut off · K0132 unsupported. `bytes` must outlive every handle.
  static Result<Hdf5File> open(Bytes bytes, const Limits& limits, std::string place);

  const Hdf5Object& root() const { return *root_; }
  /// An object by path (`layers/dense/vars/0`); K0133 when there is none.
  Result<Hdf5Object> get(std::string_view path) const;
  /// Every object, parents first, children in h5py's order. An object linked twice appears twice; a cycle is an error.
  Result<std::vector<Hdf5Object>> walk() const;

 private:
  std::shared_ptr<const hdf5::Source> source_;
  std::shared_ptr<Hdf5Object> root_;
};

}  // namespace kedge::formats
