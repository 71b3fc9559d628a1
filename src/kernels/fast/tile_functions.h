// Finding the function of a step.
#pragma once

#include "kernels/tile_program.h"
#include "kernels/wide/functions.h"

namespace kedge::kernels::fast {

/// The vector function if the instruction set has one, else a plain loop, else nullptr.
wide::TileFn find_tile_function(std::string_view op, const wide::Functions& functions);
const wide::Functions& functions_of(InstructionSet set);
std::unique_ptr<Kernel> make_tile_program(const TileCall& call, const wide::Functions& functions);

}  // namespace kedge::kernels::fast
