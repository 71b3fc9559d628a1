#!/usr/bin/env python3
"""ONNX files as input: kedge run against ONNX Runtime on generated graphs, and ONNX' own node tests where the bundle is at hand.

    test_onnx.py [--nodes FOLDER_OR_TAR] [--only WORD] [--list]
"""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import tarfile
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from check import ROOT, check, finish, kedge

BUNDLE = pathlib.Path(os.environ.get("KEDGE_MODELS", ROOT.parent / "shared/models")) / "bundles/onnx_node_tests_v1.22.0.tar.gz"
FLOOR = 0.95
# Node tests whose types or operators have no inference meaning here: training, containers, texts, eight- and four-bit floats, randomness, results whose
# size depends on values, and operators of the preview domain.
NO_MEANING = ("adagrad", "adam", "momentum", "gradient", "training", "sequence_", "_sequence", "optional", "string", "ai_onnx_ml", "strnorm", "tfidf", "regex",
              "label_encoder", "image_decoder", "bernoulli", "random", "float8", "e4m3", "e5m2", "int4", "int2", "float4", "fp4", "e8m0", "unique",
              "nonmaxsuppression", "flexattention", "causal_conv_with_state", "linear_attention", "bitcast", "loop13_seq", "loop16_seq", "identity_opt",
              "split_to_sequence", "concat_from_sequence", "if_seq", "if_opt")


def run(folder, model, inputs):
    """(answers, "") or (None, first line of what kedge said)."""
    source, given, out = folder / "model.onnx", folder / "in.npz", folder / "out.npz"
    source.write_bytes(model)
    np.savez(given, *inputs)
    p = kedge("run", source, "--input", given, "-o", out, "--force")
    if p.returncode:
        return None, (p.stderr.strip().splitlines() or [f"exit {p.returncode}"])[0]
    answers = np.load(out)
    return [answers[f"arr_{i}"] for i in range(len(answers.files))], ""


def differs(got, want):
    if len(got) != len(want):
        return f"{len(got)} answers instead of {len(want)}"
    for i, (a, w) in enumerate(zip(got, want)):
        if a.shape != w.shape or (a.dtype != w.dtype and w.dtype.kind != "V"):
            return f"answer {i} is {a.dtype}{a.shape}, not {w.dtype}{w.shape}"
        if w.dtype.kind in "iub":
            if not np.array_equal(a, w):
                return f"answer {i} differs in {np.count_nonzero(a != w)} integers"
            continue
        half = w.dtype == np.float16
        if not np.allclose(a.astype("f8"), w.astype("f8"), rtol=1e-2 if half else 1e-3, atol=1e-2 if half else 1e-5, equal_nan=True):
            return f"answer {i} differs by {np.nanmax(np.abs(a.astype('f8') - w.astype('f8'))):.3g}"
    return ""


# -- generated graphs ------------------------------------------------------------------------------------------------

def graphs(random):
    """(name, nodes, initializers, input shapes): what exporters write most."""
    def array(*shape):
        return random.normal(size=shape).astype("float32") * 0.5

    def ints(*values):
        return np.array(values, "int64")

    for group, pads, strides in ((1, [1, 1, 1, 1], [1, 1]), (2, [0, 1, 2, 0], [2, 1]), (4, [1, 1, 1, 1], [2, 2])):
        yield (f"conv, groups {group}", [("Conv", ["x", "w", "b"], ["c"], dict(group=group, pads=pads, strides=strides)), ("Relu", ["c"], ["r"], {}),
                                         ("MaxPool", ["r"], ["y"], dict(kernel_shape=[2, 2], strides=[2, 2]))],
               {"w": array(8, 4 // group, 3, 3), "b": array(8)}, [(2, 4, 9, 8)])
    yield ("shape arithmetic", [("Shape", ["x"], ["s"], {}), ("Gather", ["s", "zero"], ["n"], {}), ("Unsqueeze", ["n", "axis"], ["u"], {}),
                                ("Concat", ["u", "rest"], ["t"], dict(axis=0)), ("Reshape", ["x", "t"], ["y"], {})],
           {"zero": np.array(0, "int64"), "axis": ints(0), "rest": ints(-1)}, [(3, 4, 5)])
    yield ("attention", [("MatMul", ["x", "wq"], ["q"], {}), ("MatMul", ["x", "wk"], ["k"], {}), ("Transpose", ["k"], ["kt"], dict(perm=[0, 2, 1])),
                         ("MatMul", ["q", "kt"], ["s"], {}), ("Softmax", ["s"], ["p"], dict(axis=-1)), ("MatMul", ["p", "x"], ["y"], {})],
           {"wq": array(6, 5), "wk": array(6, 5)}, [(2, 4, 6)])
    yield ("gemm", [("Flatten", ["x"], ["f"], {}), ("Gemm", ["f", "w", "b"], ["y"], dict(transB=1, alpha=0.5, beta=2.0))], {"w": array(7, 12), "b": array(7)}, [(3, 3, 4)])
    for kind, gates in (("LSTM", 4), ("GRU", 3), ("RNN", 1)):
        more = dict(linear_before_reset=1) if kind == "GRU" else {}
        yield (kind, [(kind, ["x", "w", "r", "b"], ["y"], dict(hidden_size=3, direction="bidirectional", **more))],
               {"w": array(2, gates * 3, 4), "r": array(2, gates * 3, 3), "b": array(2, 2 * gates * 3)}, [(5, 2, 4)])
    yield ("quantized", [("QuantizeLinear", ["x", "s", "z"], ["q"], {}), ("DequantizeLinear", ["q", "s", "z"], ["y"], {})],
           {"s": np.array(0.05, "float32"), "z": np.array(3, "int8")}, [(4, 5)])
    yield ("per-channel weights", [("DequantizeLinear", ["w", "s", "z"], ["wf"], dict(axis=0)), ("Conv", ["x", "wf"], ["y"], {})],
           {"w": random.integers(-127, 127, (3, 2, 3, 3)).astype("int8"), "s": np.array([0.1, 0.2, 0.3], "float32"), "z": np.zeros(3, "int8")}, [(1, 2, 6, 6)])
    for how in ("half_pixel", "asymmetric", "align_corners"):
        for mode in ("linear", "nearest"):
            yield (f"resize {mode} {how}", [("Resize", ["x", "", "k"], ["y"], dict(mode=mode, coordinate_transformation_mode=how, nearest_mode="floor"))],
                   {"k": np.array([1, 1, 2, 1.5], "float32")}, [(1, 2, 4, 6)])
    yield ("norms", [("LayerNormalization", ["x", "g", "b"], ["l"], dict(axis=-1)), ("ReduceMean", ["l", "a"], ["m"], dict(keepdims=0)), ("Erf", ["m"], ["y"], {})],
           {"g": array(6), "b": array(6), "a": ints(1)}, [(2, 5, 6)])
    yield ("batch norm", [("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"], {})], {"s": array(3), "b": array(3), "m": array(3), "v": np.abs(array(3)) + 0.5},
           [(2, 3, 4, 4)])
    yield ("transposed", [("ConvTranspose", ["x", "w", "b"], ["y"], dict(strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1], group=2))],
           {"w": array(4, 3, 3, 3), "b": array(6)}, [(1, 4, 5, 4)])
    yield ("slices", [("Slice", ["x", "st", "en", "ax", "sp"], ["a"], {}), ("Pad", ["a", "p"], ["b"], {}), ("TopK", ["b", "k"], ["y", "i"], {})],
           {"st": ints(-1, 1), "en": ints(-6, 9), "ax": ints(1, 2), "sp": ints(-2, 1), "p": ints(0, 1, 0, 0, 0, 2), "k": ints(2)}, [(2, 6, 5)])
    yield ("gathers", [("GatherElements", ["x", "i"], ["a"], dict(axis=1)), ("ScatterND", ["a", "j", "u"], ["y"], {})],
           {"i": random.integers(-5, 5, (2, 3, 4)), "j": np.array([[0, 1], [1, 2]]), "u": array(2, 4)}, [(2, 5, 4)])
    body = helper.make_graph([helper.make_node("Add", ["v", "x"], ["w"]), helper.make_node("Identity", ["go"], ["on"])], "body",
                             [helper.make_tensor_value_info("i", TensorProto.INT64, []), helper.make_tensor_value_info("go", TensorProto.BOOL, []),
                              helper.make_tensor_value_info("v", TensorProto.FLOAT, [2, 3])],
                             [helper.make_tensor_value_info("on", TensorProto.BOOL, []), helper.make_tensor_value_info("w", TensorProto.FLOAT, [2, 3])])
    yield ("loop", [("Loop", ["n", "", "x"], ["y"], dict(body=body))], {"n": np.array(3, "int64")}, [(2, 3)])
    branches = {}
    for name, operator in (("then_branch", "Exp"), ("else_branch", "Neg")):
        branches[name] = helper.make_graph([helper.make_node(operator, ["x"], [f"{name}_y"])], name, [],
                                           [helper.make_tensor_value_info(f"{name}_y", TensorProto.FLOAT, [2, 3])])
    yield ("if", [("ReduceSum", ["x"], ["t"], dict(keepdims=0)), ("Greater", ["t", "z"], ["c"], {}), ("If", ["c"], ["y"], branches)],
           {"z": np.array(0, "float32")}, [(2, 3)])


def generated(folder):
    random = np.random.default_rng(7)
    for name, nodes, initializers, shapes in graphs(random):
        made = [helper.make_node(op, inputs, outputs, **attributes) for op, inputs, outputs, attributes in nodes]
        ins = [helper.make_tensor_value_info("x", TensorProto.FLOAT, shapes[0])]
        outs = [helper.make_tensor_value_info(o, TensorProto.INT64 if o == "i" else TensorProto.FLOAT, None) for o in made[-1].output]
        graph = helper.make_graph(made, "generated", ins, outs, [numpy_helper.from_array(v, k) for k, v in initializers.items()])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
        x = random.normal(size=shapes[0]).astype("float32")
        want = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})
        got, said = run(folder, model.SerializeToString(), [x])
        check(got is not None and not differs(got, want), f"{name}: {said or differs(got, want)}")


# -- node tests ------------------------------------------------------------------------------------------------------

def node_tests(where):
    """{name: {file: bytes}} of the bundle."""
    found = collections.defaultdict(dict)
    with tarfile.open(where) as tar:
        for member in tar:
            parts = pathlib.PurePosixPath(member.name).parts
            if member.isfile() and len(parts) >= 2:
                at = next(i for i, p in enumerate(parts) if p.startswith("test_"))
                found[parts[at]]["/".join(parts[at + 1:])] = tar.extractfile(member).read()
    return found


def arrays(files, which):
    out = []
    while (data := files.get(f"test_data_set_0/{which}_{len(out)}.pb")) is not None:
        tensor = TensorProto()
        tensor.ParseFromString(data)
        out.append(numpy_helper.to_array(tensor))
    return out


def examine(name, files, folder):
    try:
        inputs, want = arrays(files, "input"), arrays(files, "output")
    except Exception:
        return "no meaning", "its data are no tensors"
    if not want or any(a.dtype.kind not in "fiub" for a in inputs + want):
        return "no meaning", "its types"
    with tempfile.TemporaryDirectory(dir=folder) as own:
        got, said = run(pathlib.Path(own), files["model.onnx"], inputs)
    if got is None:
        return ("refused" if said.startswith("error[K") else "crash"), said
    return ("wrong", differs(got, want)) if differs(got, want) else ("pass", "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=pathlib.Path, default=BUNDLE)
    parser.add_argument("--only", default="")
    parser.add_argument("--list", action="store_true", help="print what does not pass")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        generated(folder)
        if not options.nodes.exists():
            print(f"ONNX' node tests: SKIPPED, {options.nodes} is not here")
            finish()
        tests = {n: f for n, f in node_tests(options.nodes).items() if options.only in n and not any(word in n.lower() for word in NO_MEANING)}
        count = collections.Counter()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for (name, _), (verdict, why) in zip(tests.items(), pool.map(lambda item: examine(*item, folder), tests.items())):
                count[verdict] += 1
                check(verdict not in ("wrong", "crash"), f"{name}: {why}")
                if options.list and verdict == "refused":
                    print(f"{name}: {why}")
        meant = count["pass"] + count["refused"] + count["wrong"] + count["crash"]
        print(f"ONNX' node tests: {dict(count)}")
        check(count["pass"] >= FLOOR * meant, f"{count['pass']} of {meant} node tests pass")
    finish()


if __name__ == "__main__":
    main()
