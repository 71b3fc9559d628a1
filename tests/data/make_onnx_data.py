#!/usr/bin/env python3
"""Makes the ONNX files of tests/golden: a small network, and one file for each thing that is refused.

    build/venv/bin/python tests/data/make_onnx_data.py
"""
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent / "onnx"


def write(name, nodes, inputs, outputs, initializers=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(initializers))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("com.example", 1)], ir_version=9)
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())


def tensor(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def main():
    HERE.mkdir(exist_ok=True)
    random = np.random.default_rng(3)
    w, b = random.normal(size=(4, 4)).astype("float32"), np.zeros(4, "float32")
    write("mlp", [helper.make_node("Gemm", ["x", "w", "b"], ["h"]), helper.make_node("Relu", ["h"], ["y"])], [tensor("x", ["n", 4])], [tensor("y", ["n", 4])],
          [numpy_helper.from_array(w, "w"), numpy_helper.from_array(b, "b")])
    write("foreign", [helper.make_node("Wiggle", ["x"], ["y"], domain="com.example", name="w1")], [tensor("x", [2, 3])], [tensor("y", [2, 3])])
    write("dangling", [helper.make_node("Relu", ["z"], ["y"])], [tensor("x", [2, 3])], [tensor("y", [2, 3])])
    write("text", [helper.make_node("Identity", ["x"], ["y"])], [tensor("x", [2], TensorProto.STRING)], [tensor("y", [2], TensorProto.STRING)])
    write("nonzero", [helper.make_node("NonZero", ["x"], ["y"])], [tensor("x", [2, 3])], [tensor("y", [2, None], TensorProto.INT64)])
    outside = numpy_helper.from_array(w, "w")
    outside.ClearField("raw_data")
    outside.data_location = TensorProto.EXTERNAL
    outside.external_data.add(key="location", value="../weights.bin")
    write("outside", [helper.make_node("MatMul", ["x", "w"], ["y"])], [tensor("x", [2, 4])], [tensor("y", [2, 4])], [outside])


if __name__ == "__main__":
    main()
