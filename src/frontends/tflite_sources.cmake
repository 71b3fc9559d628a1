add_subdirectory(${CMAKE_CURRENT_LIST_DIR}/tflite ${CMAKE_CURRENT_BINARY_DIR}/tflite)
