"""What an operator's function may ask beside its operands: the opset in force and how many results the node wants."""
import _kedge


class _Now:
    opset = 17
    results = 1


now = _Now()

DTYPES = {1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 9: "bool", 10: "float16", 11: "float64",
          12: "uint32", 13: "uint64", 16: "bfloat16"}


def refuse(what, why, help="", code="K0721"):
    message = f"`{what}` {why}"
    if help:
        _kedge.refuse(code, message, help)
    _kedge.refuse(code, message)


def dtype_name(number, what):
    if number not in DTYPES:
        refuse(what, f"gives the element type {number} of ONNX, which kedge has not")
    return DTYPES[number]
