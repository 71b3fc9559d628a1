// The parts of the module math that have files of their own.
#pragma once

#include "pylang/stdlib/support.h"

namespace kedge::pylang {

/// fsum, prod, hypot and dist.
void add_math_sums(Interp& interp, Module& module);
/// gcd, lcm, factorial, isqrt, comb and perm.
void add_math_whole_numbers(Interp& interp, Module& module);

}  // namespace kedge::pylang
