// The modules of Python's standard library that are written in C++. The others are text in prelude/stdlib.
#pragma once

#include <optional>
#include <string_view>

#include "pylang/interp.h"

namespace kedge::pylang {

/// The native module of that absolute dotted name, or nullopt.
std::optional<ModuleSpec> find_native_module(std::string_view name);

// One initialiser per module, each in the file of its name.
bool init_math(Interp& interp, Module& module, void* context);
bool init_operator(Interp& interp, Module& module, void* context);
bool init_itertools(Interp& interp, Module& module, void* context);
bool init_copy(Interp& interp, Module& module, void* context);
bool init_re(Interp& interp, Module& module, void* context);
/// `refuse(what)`: for the modules of the prelude whose functions would leave the evaluation.
bool init_world(Interp& interp, Module& module, void* context);

}  // namespace kedge::pylang
