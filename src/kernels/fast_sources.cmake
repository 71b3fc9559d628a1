# The table of kernels and the fast ones. A file compiled for an instruction set includes only kernel declarations and intrinsics.
list(APPEND KERNEL_SOURCES kernel_rows.cpp instruction_set.cpp make_kernel.cpp)
list(REMOVE_DUPLICATES KERNEL_SOURCES)
