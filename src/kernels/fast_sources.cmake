# The table of kernels and the fast ones. wide/ holds the inner loops; a file of scalar/ or x86/ compiles them for one instruction set and includes
# only kernel declarations and intrinsics, so that nothing compiled with its flags is shared with the rest of the program.
list(APPEND KERNEL_SOURCES kernel_rows.cpp instruction_set.cpp make_kernel.cpp
  fast/rows.cpp fast/geometry.cpp fast/product.cpp fast/product_f32.cpp fast/product_int8.cpp fast/matmul.cpp fast/depthwise.cpp fast/pool.cpp fast/rescale.cpp
  fast/tile_functions.cpp fast/tile_program.cpp fast/int8_elementwise.cpp
  scalar/wide_scalar.cpp)
list(REMOVE_DUPLICATES KERNEL_SOURCES)
set(wide_options -ffp-contract=fast -fno-math-errno -fno-trapping-math -Wno-psabi -Wno-maybe-uninitialized -Wno-uninitialized "$<$<CONFIG:Release>:-O3>")
set_source_files_properties(scalar/wide_scalar.cpp PROPERTIES COMPILE_OPTIONS "${wide_options}")
set_source_files_properties(fast/pool.cpp fast/int8_elementwise.cpp PROPERTIES COMPILE_OPTIONS "-fno-trapping-math;$<$<CONFIG:Release>:-O3>")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  list(APPEND KERNEL_SOURCES x86/wide_avx2.cpp x86/wide_avx512.cpp x86/wide_vnni.cpp)
  set(avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma)
  set_source_files_properties(x86/wide_avx2.cpp PROPERTIES COMPILE_OPTIONS "${wide_options};-mavx2;-mfma")
  set_source_files_properties(x86/wide_avx512.cpp PROPERTIES COMPILE_OPTIONS "${wide_options};${avx512}")
  set_source_files_properties(x86/wide_vnni.cpp PROPERTIES COMPILE_OPTIONS "${wide_options};${avx512};-mavx512vnni")
endif()
