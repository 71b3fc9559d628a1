// What the files of the type int share.
#pragma once

#include "pylang/builtins/support.h"

namespace kedge::pylang {

/// An integer of so many bits is within the limits; false: K0311 pending.
bool product_fits(Interp& interp, std::int64_t bits);

// Natives (int_convert.cpp): int.__new__, int.to_bytes, int.from_bytes.
Value int_new(Interp& interp, Args args, void* context);
Value int_to_bytes(Interp& interp, Args args, void* context);
Value int_from_bytes(Interp& interp, Args args, void* context);

}  // namespace kedge::pylang
