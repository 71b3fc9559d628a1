// A plan: a model ready to run. Static shapes, every tensor placed, steps in order. The device binary knows plans and
// nothing above them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/limits.h"
#include "base/result.h"
#include "tensor/attrs.h"
#include "tensor/tensor.h"

namespace kedge::runtime {

struct PlanTensor {
  std::string name;
  DType dtype = DType::float32;
  StaticShape shape;
  Quantization quant;
  bool constant = false;
  Tensor data;               ///< of constants; borrows from the plan's bytes when it was read from a file
  std::int64_t offset = -1;  ///< of the others: place in the arena, 64-byte aligned

  std::int64_t bytes() const { return element_count(shape) * dtype_size(dtype); }
};

struct Plan;

struct PlanStep {
  std::string op;                    ///< the ir op's name
  Attrs attrs;                       ///< complete, static
  std::vector<std::int32_t> inputs;  ///< tensor indices; -1: absent
  std::vector<std::int32_t> outputs;
  std::vector<std::unique_ptr<Plan>>
      bodies;         ///< `if`, `while`: plans of their own; `fused`: the group as a plan whose steps are elementwise
  std::string layer;  ///< for profiles
};

struct Plan {
  std::string name;
  std::vector<PlanTensor> tensors;
  std::vector<PlanStep> steps;
  std::vector<std::int32_t> inputs;
  std::vector<std::int32_t> outputs;
  std::vector<std::string> input_names;  ///< the model's own
  std::vector<std::string> output_names;
  std::int64_t arena_bytes = 0;
  std::shared_ptr<const void> owner;  ///< keeps borrowed constants alive
};

/// Places every non-constant tensor of `plan` so that tensors alive at the same time do not overlap (greedy by size,
/// best fit); sets arena_bytes. Reshapes that change nothing in memory share their input's place.
void plan_memory(Plan& plan);

/// The file form: magic "KPLN", version, little endian, constants aligned to 64 bytes, checksum. Same plan, same bytes.
std::vector<std::byte> write_plan(const Plan& plan);
/// K0801: not a plan of this version, truncated, or inconsistent; constants borrow `bytes`, which `owner` keeps alive.
Result<Plan> read_plan(Bytes bytes, std::shared_ptr<const void> owner, const Limits& limits, std::string_view place);

}  // namespace kedge::runtime
