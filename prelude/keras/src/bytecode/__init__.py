"""Functions that a model file holds as marshalled CPython code (`Lambda` layers): decoded and evaluated in the dialect, never by Python.

Three steps: `marshal` reads the bytes, `versions` finds out which CPython wrote them and splits them into instructions,
`machine` evaluates the instructions on the dialect's own values, within the evaluator's bounds.
"""
import _kedge
from keras.src.bytecode import marshal, versions
from keras.src.bytecode.machine import CodeFunction
from keras.src.bytecode.values import Cell

_WAY_OUT = "write the function as a layer class (or a registered function) in a source file, and save the model with that"


def refuse(message):
    _kedge.refuse("K0404", message, _WAY_OUT)


def load_function(code, defaults=None, closure=None):
    """The function of a stored lambda: `code` is the base64 text of a marshalled code object, or Keras 2's list of all three."""
    if isinstance(code, (list, tuple)):
        code, defaults, closure = list(code) + [None] * (3 - len(code))
    try:
        found = marshal.loads(decode_base64(code))
    except marshal.Malformed as problem:
        refuse(f"the stored function of a Lambda cannot be read: {problem}")
    if not isinstance(found, marshal.Code):
        refuse("the stored function of a Lambda cannot be read: it is no code object")
    version = versions.find_version(found)
    if version is None:
        refuse("the stored function of a Lambda is bytecode of no CPython from 3.6 to 3.13")
    return CodeFunction(found, version, tuple(defaults or ()), {}, [Cell(value) for value in closure or ()])


def decode_base64(text):
    """The bytes of a base64 text; white space between is skipped."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    values = {letter: i for i, letter in enumerate(letters)}
    out = []
    held = bits = 0
    for letter in text if isinstance(text, str) else "?":
        if letter in "\n\r \t=":
            continue
        if letter not in values:
            raise marshal.Malformed("its text is not base64")
        held = held << 6 | values[letter]
        bits += 6
        if bits >= 8:
            bits -= 8
            out.append(held >> bits)
            held &= (1 << bits) - 1
    return bytes(out)
