"""Dtype names, and Keras' promotion rule (`keras.ops.*`): the one place where keras.ops decides a result's dtype."""
import numpy as np

ALLOWED = {
    "float16", "float32", "float64", "bfloat16",
    "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64",
    "bool", "string", "complex64", "complex128",
    "float8_e4m3fn", "float8_e5m2", "int4", "uint4",
}
FLOATS = ("bfloat16", "float16", "float32", "float64", "float8_e4m3fn", "float8_e5m2")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
_PYTHON = {bool: "bool", int: "int32", float: "float32", str: "string", complex: "complex64"}

floatx_state = {"floatx": "float32"}


def floatx():
    return floatx_state["floatx"]


def standardize_dtype(dtype):
    """Any spelling of a dtype (name, tf.DType, numpy dtype or class, Python type) to its name."""
    if dtype is None:
        return floatx()
    if isinstance(dtype, str):
        name = dtype
    elif dtype in _PYTHON:
        name = _PYTHON[dtype]
    elif hasattr(dtype, "name"):
        name = dtype.name
    elif hasattr(dtype, "__name__"):
        name = dtype.__name__
    else:
        name = str(dtype)
    if name in ALLOWED:
        return name
    if name == "float":
        return "float32"
    if name == "int":
        return "int32"
    if name in ("bool_", "bool8"):
        return "bool"
    if name in ("str", "str_"):
        return "string"
    if name == "half":
        return "float16"
    if name == "double":
        return "float64"
    raise ValueError(f"Invalid dtype: {dtype}")


def is_float(dtype):
    return standardize_dtype(dtype) in FLOATS


def is_int(dtype):
    name = standardize_dtype(dtype)
    return name in SIGNED or name in UNSIGNED


def _bits(name):
    digits = "".join(c for c in name if c.isdigit())
    return int(digits) if digits else 8


def _promote_pair(a, b):
    """The join of two concrete dtypes, as JAX's lattice gives it (64 bits only if an operand has them)."""
    if a == b:
        return a
    for first, second in ((a, b), (b, a)):
        if first == "bool":
            return second
    if a in ("complex64", "complex128") or b in ("complex64", "complex128"):
        return "complex128" if "128" in a + b or "float64" in (a, b) else "complex64"
    a_float, b_float = a in FLOATS, b in FLOATS
    if a_float and b_float:
        if {a, b} == {"float16", "bfloat16"}:
            return "float32"
        order = ("float8_e4m3fn", "float8_e5m2", "bfloat16", "float16", "float32", "float64")
        return a if order.index(a) > order.index(b) else b
    if a_float:
        return a
    if b_float:
        return b
    a_signed, b_signed = a in SIGNED, b in SIGNED
    if a_signed == b_signed:
        return a if _bits(a) > _bits(b) else b
    signed, unsigned = (a, b) if a_signed else (b, a)
    if _bits(signed) > _bits(unsigned):
        return signed
    if unsigned == "uint64":
        return "float32"
    return f"int{min(64, 2 * _bits(unsigned))}"


def result_type(*dtypes):
    """Promotion of names and of Python's `bool`, `int` and `float`, which are weak: they adapt to a tensor's dtype."""
    concrete = None
    weak = None
    rank = {bool: 0, int: 1, float: 2, complex: 3}
    for dtype in dtypes:
        if dtype in rank and isinstance(dtype, type):
            if weak is None or rank[dtype] > rank[weak]:
                weak = dtype
        else:
            name = standardize_dtype(dtype)
            concrete = name if concrete is None else _promote_pair(concrete, name)
    if concrete is None:
        return {None: floatx(), bool: "bool", int: "int32", float: floatx(), complex: "complex64"}[weak]
    if weak is float and concrete not in FLOATS and concrete not in ("complex64", "complex128"):
        return floatx()
    if weak is int and concrete == "bool":
        return "int32"
    if weak is complex and concrete not in ("complex64", "complex128"):
        return "complex64"
    return concrete


def as_float(dtype):
    """The dtype of float-valued functions (`sqrt`, `mean`, ...) on integer input: int64 gives floatx, as do the others."""
    name = standardize_dtype(dtype)
    return name if name in FLOATS or name.startswith("complex") else floatx()


def numpy_dtype(name):
    """The numpy dtype of that name (bfloat16 has none: float32 stands for it in constants)."""
    return np.dtype("float32" if name == "bfloat16" else name)
