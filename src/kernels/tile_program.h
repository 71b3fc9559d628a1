// A group of elementwise steps run tile by tile: each tile of the output goes through all steps while it is in the
// first-level cache, so that a group costs one read of its inputs and one write of its output. Values are float32
// inside; bool ones are 0 and 1.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/kernels.h"

namespace kedge::kernels {

/// One step; `inputs` count the program's inputs first, then the results of earlier steps. Every result has the
/// output's shape.
struct TileStep {
  std::string_view op;
  const Attrs* attrs = nullptr;
  DType dtype = DType::float32;  ///< of the result
  std::vector<std::int32_t> inputs;
};

struct TileCall {
  std::span<const TensorView> inputs;  ///< broadcast against the output, numpy style; no data needed
  std::span<const TileStep> steps;     ///< the last one makes the output
  TensorView output;
  std::int64_t threads = 1;
};

/// nullptr: some step or type is not among those that run so. The kernel's call has the program's inputs and its one
/// output.
std::unique_ptr<Kernel> make_tile_program(const TileCall& call, InstructionSet set);

}  // namespace kedge::kernels
