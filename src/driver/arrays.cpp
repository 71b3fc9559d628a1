#include "driver/arrays.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "formats/file.h"
#include "formats/npy.h"

namespace kedge::driver {
namespace {

Error fail(std::string code, std::string message, const std::string& place) {
  return make_error(std::move(code), std::move(message), Location::in(place));
}

/// Widening, narrowing within a kind, and integer to float are what a caller means; float to integer is a mistake.
bool convertible(DType from, DType to) {
  if (from == to) return true;
  if (is_complex(from) || is_complex(to)) return is_complex(to);
  if (is_float(to)) return from != DType::boolean;
  if (to == DType::boolean) return false;
  return is_integer(from) || from == DType::boolean;
}

Result<Tensor> fit(Tensor tensor, const InputSpec& input, const std::string& place) {
  if (!convertible(tensor.dtype(), input.dtype)) {
    return fail("K0910",
                "input `" + input.name + "` is " + std::string(dtype_name(input.dtype)) + ", the array is " +
                    std::string(dtype_name(tensor.dtype())),
                place);
  }
  if (tensor.rank() != static_cast<std::int64_t>(input.shape.size())) {
    return fail("K0910",
                "input `" + input.name + "` has shape " + shape_to_string(input.shape) + ", the array " +
                    shape_to_string(to_shape(tensor.shape())),
                place);
  }
  if (tensor.dtype() == input.dtype) return tensor;
  Tensor cast = tensor.cast(input.dtype);
  if (is_integer(input.dtype)) {
    for (std::int64_t i = 0; i < cast.size(); ++i) {
      if (cast.element_as_int(i) != tensor.element_as_int(i))
        return fail("K0910",
                    "input `" + input.name + "`: the value " + std::to_string(tensor.element_as_int(i)) +
                        " does not fit " + std::string(dtype_name(input.dtype)),
                    place);
    }
  }
  return cast;
}

}  // namespace

Result<Tensor> to_tensor(const formats::NamedArray& named, const std::string& place) {
  const std::optional<DType> dtype = parse_dtype_npy(named.array.dtype);
  if (!dtype)
    return fail("K0910", "array `" + named.name + "` has a type kedge has no tensor for: " + named.array.dtype, place);
  Tensor tensor(*dtype, named.array.shape);
  const Bytes bytes = named.array.data.bytes();
  if (tensor.byte_size() > 0)
    std::memcpy(tensor.mutable_data(), bytes.data(),
                std::min<std::size_t>(bytes.size(), static_cast<std::size_t>(tensor.byte_size())));
  return tensor;
}

std::vector<InputSpec> input_specs(const ir::Graph& graph) {
  std::vector<InputSpec> out;
  for (const ir::ValueId id : graph.inputs)
    out.push_back({graph.value(id).name, graph.value(id).dtype, graph.value(id).shape});
  return out;
}

Result<std::vector<Tensor>> read_inputs(const std::string& path, std::span<const InputSpec> inputs) {
  KEDGE_TRY(const formats::MappedFile file, formats::map_file(path));
  KEDGE_TRY(const std::vector<formats::NamedArray> arrays, formats::read_npz(file.bytes(), Limits{}, path));
  const auto find = [&](const std::string& name) -> const formats::NamedArray* {
    for (const formats::NamedArray& array : arrays) {
      if (array.name == name) return &array;
    }
    return nullptr;
  };
  const bool by_name =
      std::all_of(inputs.begin(), inputs.end(), [&](const InputSpec& input) { return find(input.name) != nullptr; });
  if (!by_name && arrays.size() != inputs.size()) {
    return fail("K0910",
                "the model has " + std::to_string(inputs.size()) + " inputs, the file has " +
                    std::to_string(arrays.size()) + " arrays",
                path);
  }
  std::vector<Tensor> out;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const formats::NamedArray* array = by_name ? find(inputs[i].name) : find("arr_" + std::to_string(i));
    if (array == nullptr) array = &arrays[i];
    KEDGE_TRY(Tensor tensor, to_tensor(*array, path));
    KEDGE_TRY(Tensor fitted, fit(std::move(tensor), inputs[i], path));
    out.push_back(std::move(fitted));
  }
  return out;
}

Result<std::vector<std::vector<Tensor>>> split_samples(const std::vector<Tensor>& arrays,
                                                       std::span<const InputSpec> inputs) {
  std::int64_t count = -1;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::optional<StaticShape> wanted = static_shape(inputs[i].shape);
    const StaticShape& given = arrays[i].shape();
    bool fits = wanted && wanted->size() == given.size();
    std::int64_t samples = 1;
    for (std::size_t axis = 0; fits && axis < given.size(); ++axis) {
      if (axis == 0 && (*wanted)[0] > 0 && given[0] % (*wanted)[0] == 0) {
        samples = given[0] / (*wanted)[0];
      } else {
        fits = given[axis] == (*wanted)[axis];
      }
    }
    if (!fits || (count >= 0 && samples != count)) {
      Error error = fail("K0911",
                         "input `" + inputs[i].name + "` takes " + shape_to_string(inputs[i].shape) +
                             " (or a multiple of it on axis 0), the array is " + shape_to_string(to_shape(given)),
                         "input " + inputs[i].name);
      return std::move(error).help("compile with --shape " + inputs[i].name + "=… for arrays of this shape");
    }
    count = samples;
  }
  if (inputs.empty()) count = 1;
  std::vector<std::vector<Tensor>> out(static_cast<std::size_t>(count));
  for (std::int64_t sample = 0; sample < count; ++sample) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const StaticShape shape = *static_shape(inputs[i].shape);
      const std::int64_t bytes = element_count(shape) * dtype_size(arrays[i].dtype());
      Tensor piece(arrays[i].dtype(), shape);
      if (bytes > 0)
        std::memcpy(piece.mutable_data(), arrays[i].bytes().data() + sample * bytes, static_cast<std::size_t>(bytes));
      out[static_cast<std::size_t>(sample)].push_back(std::move(piece));
    }
  }
  return out;
}

std::vector<Tensor> join_samples(const std::vector<std::vector<Tensor>>& samples) {
  if (samples.size() == 1) return samples[0];
  std::vector<Tensor> out;
  for (std::size_t i = 0; i < samples[0].size(); ++i) {
    StaticShape shape = samples[0][i].shape();
    if (shape.empty()) shape = {1};
    shape[0] *= static_cast<std::int64_t>(samples.size());
    Tensor joined(samples[0][i].dtype(), shape);
    std::byte* at = joined.mutable_data();
    for (const std::vector<Tensor>& sample : samples) {
      const std::size_t bytes = static_cast<std::size_t>(sample[i].byte_size());
      if (bytes > 0) std::memcpy(at, sample[i].bytes().data(), bytes);
      at += bytes;
    }
    out.push_back(std::move(joined));
  }
  return out;
}

Result<std::vector<std::byte>> write_outputs(const std::vector<Tensor>& arrays, const std::vector<std::string>& names) {
  std::vector<formats::NamedArray> named;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const Tensor tensor = dtype_npy(arrays[i].dtype()).empty()
                              ? arrays[i].cast(arrays[i].dtype() == DType::int4 ? DType::int8 : DType::float32)
                              : arrays[i];
    formats::NamedArray entry;
    entry.name = i < names.size() ? names[i] : "arr_" + std::to_string(i);
    entry.array.dtype = std::string(dtype_npy(tensor.dtype()));
    entry.array.shape = tensor.shape();
    entry.array.data = formats::Blob::own({tensor.bytes().begin(), tensor.bytes().end()});
    named.push_back(std::move(entry));
  }
  return formats::write_npz(named);
}

}  // namespace kedge::driver
