set(PYLANG_VM_SOURCES
  vm/attributes.cpp vm/call.cpp vm/classes.cpp vm/compile_comprehension.cpp vm/compile_expression.cpp vm/compile_function.cpp vm/compile_match.cpp
  vm/compile_statement.cpp vm/compile_try.cpp vm/compiler.cpp vm/descriptors.cpp vm/exceptions.cpp vm/generator.cpp vm/groups.cpp vm/heap.cpp vm/iteration.cpp vm/match.cpp vm/modules.cpp vm/names.cpp vm/operators.cpp
  vm/run.cpp vm/scope.cpp vm/scope_resolve.cpp vm/stack_depth.cpp vm/step_display.cpp vm/step_exception.cpp vm/step_name.cpp
  vm/step_pattern.cpp vm/symbolic.cpp vm/type_type.cpp vm/types.cpp vm/unwind.cpp)
