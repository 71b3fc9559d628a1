// The parts of the module itertools that have files of their own.
#pragma once

#include "pylang/stdlib/support.h"

namespace kedge::pylang {

/// The iterator type `row.name` in the module, made by `row.fn`.
void add_iterator(Interp& interp, Module& module, const Method& row);
/// tee and groupby.
void add_shared_iterators(Interp& interp, Module& module);
/// product, combinations, combinations_with_replacement and permutations.
void add_combinatorics(Interp& interp, Module& module);

}  // namespace kedge::pylang
