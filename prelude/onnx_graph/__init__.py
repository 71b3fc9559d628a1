"""ONNX graphs as evaluations: every operator is a function here, and `loader` runs a graph's nodes as calls of them."""
