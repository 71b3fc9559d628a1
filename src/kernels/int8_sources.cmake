list(APPEND KERNEL_SOURCES
  reference_int8/int8_kernel.cpp reference_int8/window.cpp reference_int8/product.cpp reference_int8/elementwise.cpp reference_int8/functions.cpp reference_int8/layout.cpp)
set_source_files_properties(reference_int8/window.cpp reference_int8/product.cpp PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O3>")
