# TensorFlow Lite legalisation and int8 quantization.
set(PASSES_QUANTIZE_SOURCES
  legalize_tflite.cpp legalize_tflite_emitter.cpp legalize_tflite_unary.cpp legalize_tflite_binary.cpp legalize_tflite_layout.cpp legalize_tflite_window.cpp legalize_tflite_fourier.cpp legalize_tflite_complex.cpp
  quantize.cpp quantize_calibrate.cpp quantize_ops.cpp quantize_params.cpp quantize_plan.cpp quantize_writer.cpp)
