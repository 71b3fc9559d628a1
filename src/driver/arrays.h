// Arrays from and to .npz files, matched to a model's inputs.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "formats/npy.h"
#include "ir/graph.h"
#include "tensor/tensor.h"

namespace kedge::driver {

/// An array of a file as a tensor. K0910: of a type that no tensor has.
Result<Tensor> to_tensor(const formats::NamedArray& named, const std::string& place);

/// What an input wants.
struct InputSpec {
  std::string name;
  DType dtype = DType::float32;
  Shape shape;
};
std::vector<InputSpec> input_specs(const ir::Graph& graph);

/// Reads an .npz file: arrays by input name when every input's name is there, else by position. Integer and float
/// arrays are converted to the input's type when no value changes kind (float64 -> float32, int64 -> int32). K0910: too
/// few arrays, a rank that does not fit, a lossy type.
Result<std::vector<Tensor>> read_inputs(const std::string& path, std::span<const InputSpec> inputs);

/// Splits arrays whose first axis is a multiple of the static shape's into samples. K0911: a shape that is no multiple.
Result<std::vector<std::vector<Tensor>>> split_samples(const std::vector<Tensor>& arrays,
                                                       std::span<const InputSpec> inputs);

/// The opposite: joins outputs of samples along axis 0 (rank 0 outputs of one sample stay).
std::vector<Tensor> join_samples(const std::vector<std::vector<Tensor>>& samples);

/// The bytes of an .npz; names "arr_0", … unless given. bfloat16 is written as float32.
Result<std::vector<std::byte>> write_outputs(const std::vector<Tensor>& arrays,
                                             const std::vector<std::string>& names = {});

}  // namespace kedge::driver
