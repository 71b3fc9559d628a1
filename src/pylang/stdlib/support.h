// Helpers of the native modules.
#pragma once

#include "pylang/builtins/support.h"
#include "pylang/stdlib/modules.h"

namespace kedge::pylang {

/// A function in the module that does not bind when it is stored in a class.
inline void add_function(Interp& interp, Module& module, const char* name, NativeFn fn, void* context = nullptr) {
  auto* function = interp.make<NativeFunction>(interp.types.native_function);
  function->name = name;
  function->fn = fn;
  function->context = context;
  function->binds = false;
  interp.dict_set(module.dict, name, Value::object(function));
}
inline void add_functions(Interp& interp, Module& module, std::span<const Method> functions) {
  for (const Method& row : functions) add_function(interp, module, row.name, row.fn);
}

}  // namespace kedge::pylang
