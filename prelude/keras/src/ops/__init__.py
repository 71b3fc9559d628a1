"""Tensor functions of Keras (`keras.ops`), with Keras' dtype promotion."""
