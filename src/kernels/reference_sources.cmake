# The reference kernels: one file per family, and the table that finds one by op.
list(APPEND KERNEL_SOURCES
  reference/table.cpp
  reference/block.cpp
  reference/walk.cpp
  reference/unary.cpp
  reference/special.cpp
  reference/binary.cpp
  reference/compare.cpp
  reference/select_cast.cpp
  reference/reduce.cpp
  reference/arg_reduce.cpp
  reference/cumulative.cpp
  reference/hash.cpp
  reference/layout.cpp
  reference/gather.cpp
  reference/scatter.cpp
  reference/generate.cpp
  reference/matmul.cpp
  reference/conv.cpp
  reference/depthwise.cpp
  reference/conv_transpose.cpp
  reference/pool.cpp
  reference/softmax.cpp
  reference/resize.cpp
  reference/sort.cpp
  reference/decompose.cpp
  reference/linalg.cpp
  reference/fourier.cpp
  reference/quantize.cpp)
# Inner loops without intrinsics: -O3 lets the compiler use vectors where that keeps the order of additions.
set_source_files_properties(reference/matmul.cpp reference/depthwise.cpp reference/block.cpp reference/binary.cpp reference/reduce.cpp
  reference/pool.cpp PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O3>")
