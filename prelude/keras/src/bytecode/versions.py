"""Which CPython wrote some bytecode, and its instructions one by one.

The bytes do not name their version. Each version is tried; the right one is where every instruction is known, where the
empty words behind instructions ("caches", from 3.11 on) are as many as that version leaves, and where jumps land on instructions.
Sources: CPython's `Lib/opcode.py` of 3.8 to 3.12, `Include/opcode_ids.h` of 3.13, "Bytecode Instructions" in the manual of `dis`.
"""


def _table(text):
    return {int(number): name for name, _, number in [item.partition("=") for item in text.split()]}


def _changed(table, text, gone=""):
    """A version's table: the one before it without some instructions, and with new ones."""
    leaving = gone.split()
    out = {number: name for number, name in table.items() if name not in leaving}
    new = _table(text)
    moved = list(new.values())
    out = {number: name for number, name in out.items() if name not in moved}
    out.update(new)
    return out


_OPS_3_8 = _table("""
    NOP=9 POP_TOP=1 ROT_TWO=2 ROT_THREE=3 ROT_FOUR=6 DUP_TOP=4 DUP_TOP_TWO=5 UNARY_POSITIVE=10 UNARY_NEGATIVE=11 UNARY_NOT=12
    UNARY_INVERT=15 BINARY_POWER=19 BINARY_MULTIPLY=20 BINARY_MATRIX_MULTIPLY=16 BINARY_MODULO=22 BINARY_ADD=23 BINARY_SUBTRACT=24
    BINARY_SUBSCR=25 BINARY_FLOOR_DIVIDE=26 BINARY_TRUE_DIVIDE=27 BINARY_LSHIFT=62 BINARY_RSHIFT=63 BINARY_AND=64 BINARY_XOR=65
    BINARY_OR=66 RETURN_VALUE=83 YIELD_VALUE=86 GET_ITER=68 FOR_ITER=93 LOAD_CONST=100 LOAD_NAME=101 LOAD_GLOBAL=116 LOAD_FAST=124
    STORE_FAST=125 DELETE_FAST=126 LOAD_CLOSURE=135 LOAD_DEREF=136 STORE_DEREF=137 LOAD_ATTR=106 LOAD_METHOD=160 BUILD_TUPLE=102
    BUILD_LIST=103 BUILD_SET=104 BUILD_MAP=105 BUILD_CONST_KEY_MAP=156 BUILD_STRING=157 BUILD_SLICE=133 FORMAT_VALUE=155
    BUILD_LIST_UNPACK=149 BUILD_TUPLE_UNPACK=152 BUILD_TUPLE_UNPACK_WITH_CALL=158 BUILD_SET_UNPACK=153 BUILD_MAP_UNPACK=150
    BUILD_MAP_UNPACK_WITH_CALL=151 LIST_APPEND=145 SET_ADD=146 MAP_ADD=147 UNPACK_SEQUENCE=92 COMPARE_OP=107 JUMP_FORWARD=110
    JUMP_ABSOLUTE=113 POP_JUMP_IF_FALSE=114 POP_JUMP_IF_TRUE=115 JUMP_IF_FALSE_OR_POP=111 JUMP_IF_TRUE_OR_POP=112 CALL_FUNCTION=131
    CALL_FUNCTION_KW=141 CALL_FUNCTION_EX=142 CALL_METHOD=161 MAKE_FUNCTION=132 EXTENDED_ARG=144""")

_OPS_3_9 = _changed(_OPS_3_8, "LIST_EXTEND=162 SET_UPDATE=163 DICT_UPDATE=165 DICT_MERGE=164 LIST_TO_TUPLE=82 IS_OP=117 CONTAINS_OP=118",
                    """BUILD_LIST_UNPACK BUILD_TUPLE_UNPACK BUILD_TUPLE_UNPACK_WITH_CALL BUILD_SET_UNPACK BUILD_MAP_UNPACK
                    BUILD_MAP_UNPACK_WITH_CALL""")

_OPS_3_10 = _changed(_OPS_3_9, "ROT_N=99 GEN_START=129")

_OPS_3_11 = _changed(_OPS_3_10, """
    SWAP=99 COPY=120 PUSH_NULL=2 BINARY_OP=122 RETURN_GENERATOR=75 LOAD_CLOSURE=136 LOAD_DEREF=137 STORE_DEREF=138 MAKE_CELL=135
    COPY_FREE_VARS=149 JUMP_BACKWARD=140 POP_JUMP_FORWARD_IF_FALSE=114 POP_JUMP_FORWARD_IF_TRUE=115 POP_JUMP_BACKWARD_IF_FALSE=175
    POP_JUMP_BACKWARD_IF_TRUE=176 POP_JUMP_FORWARD_IF_NONE=129 POP_JUMP_FORWARD_IF_NOT_NONE=128 POP_JUMP_BACKWARD_IF_NONE=174
    POP_JUMP_BACKWARD_IF_NOT_NONE=173 PRECALL=166 CALL=171 KW_NAMES=172 RESUME=151 RERAISE=119""", """
    ROT_TWO ROT_THREE ROT_FOUR ROT_N DUP_TOP DUP_TOP_TWO BINARY_POWER BINARY_MULTIPLY BINARY_MATRIX_MULTIPLY BINARY_MODULO BINARY_ADD
    BINARY_SUBTRACT BINARY_FLOOR_DIVIDE BINARY_TRUE_DIVIDE BINARY_LSHIFT BINARY_RSHIFT BINARY_AND BINARY_XOR BINARY_OR GEN_START
    JUMP_ABSOLUTE POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE CALL_FUNCTION CALL_FUNCTION_KW CALL_METHOD""")

_OPS_3_12 = _changed(_OPS_3_11, """
    BINARY_SLICE=26 RETURN_CONST=121 YIELD_VALUE=150 END_FOR=4 LOAD_FAST_CHECK=127 LOAD_FAST_AND_CLEAR=143 CALL_INTRINSIC_1=173
    POP_JUMP_IF_FALSE=114 POP_JUMP_IF_TRUE=115 POP_JUMP_IF_NONE=129 POP_JUMP_IF_NOT_NONE=128""", """
    LOAD_METHOD UNARY_POSITIVE LIST_TO_TUPLE JUMP_IF_FALSE_OR_POP JUMP_IF_TRUE_OR_POP POP_JUMP_FORWARD_IF_FALSE POP_JUMP_FORWARD_IF_TRUE
    POP_JUMP_BACKWARD_IF_FALSE POP_JUMP_BACKWARD_IF_TRUE POP_JUMP_FORWARD_IF_NONE POP_JUMP_FORWARD_IF_NOT_NONE
    POP_JUMP_BACKWARD_IF_NONE POP_JUMP_BACKWARD_IF_NOT_NONE PRECALL""")

_OPS_3_13 = _table("""
    NOP=30 POP_TOP=32 SWAP=115 COPY=61 PUSH_NULL=34 UNARY_NEGATIVE=42 UNARY_NOT=43 UNARY_INVERT=41 BINARY_SUBSCR=5 BINARY_OP=45
    BINARY_SLICE=4 RETURN_VALUE=36 RETURN_CONST=103 YIELD_VALUE=118 RETURN_GENERATOR=35 GET_ITER=19 FOR_ITER=72 END_FOR=11 LOAD_CONST=83
    LOAD_NAME=92 LOAD_GLOBAL=91 LOAD_FAST=85 LOAD_FAST_CHECK=87 LOAD_FAST_AND_CLEAR=86 LOAD_FAST_LOAD_FAST=88 STORE_FAST=110
    STORE_FAST_LOAD_FAST=111 STORE_FAST_STORE_FAST=112 DELETE_FAST=65 LOAD_DEREF=84 STORE_DEREF=109 MAKE_CELL=94
    COPY_FREE_VARS=62 LOAD_ATTR=82 BUILD_TUPLE=52 BUILD_LIST=47 BUILD_SET=49 BUILD_MAP=48 BUILD_CONST_KEY_MAP=46
    BUILD_STRING=51 BUILD_SLICE=50 FORMAT_SIMPLE=14 FORMAT_WITH_SPEC=15 CONVERT_VALUE=60 LIST_APPEND=80 SET_ADD=105 MAP_ADD=95
    LIST_EXTEND=81 SET_UPDATE=107 DICT_UPDATE=69 DICT_MERGE=68 CALL_INTRINSIC_1=55 UNPACK_SEQUENCE=117 COMPARE_OP=58 IS_OP=76
    CONTAINS_OP=59 TO_BOOL=40 JUMP_FORWARD=79 JUMP_BACKWARD=77 POP_JUMP_IF_FALSE=97 POP_JUMP_IF_TRUE=100 POP_JUMP_IF_NONE=98
    POP_JUMP_IF_NOT_NONE=99 CALL_FUNCTION_EX=54 CALL=53 CALL_KW=57 MAKE_FUNCTION=26 SET_FUNCTION_ATTRIBUTE=106 EXTENDED_ARG=71 RESUME=149
    RERAISE=102""")


def _caches(text):
    return {name: int(count) for name, _, count in [item.partition("=") for item in text.split()]}


_CACHES_3_11 = _caches("BINARY_SUBSCR=4 UNPACK_SEQUENCE=1 LOAD_ATTR=4 COMPARE_OP=2 LOAD_GLOBAL=5 BINARY_OP=1 LOAD_METHOD=10 PRECALL=1 CALL=4")
_CACHES_3_12 = _caches("BINARY_SUBSCR=1 UNPACK_SEQUENCE=1 LOAD_ATTR=9 COMPARE_OP=1 LOAD_GLOBAL=4 BINARY_OP=1 CALL=3 FOR_ITER=1")
_CACHES_3_13 = {**_CACHES_3_12, **_caches("TO_BOOL=3 JUMP_BACKWARD=1 CONTAINS_OP=1 POP_JUMP_IF_FALSE=1 POP_JUMP_IF_TRUE=1 POP_JUMP_IF_NONE=1 "
                                          "POP_JUMP_IF_NOT_NONE=1")}

_LAYOUT_OLD, _LAYOUT_NEW = "before 3.11", "from 3.11"


class Version:
    def __init__(self, minor, ops, caches):
        self.minor = minor
        self.ops = ops
        self.caches = caches
        self.layout = _LAYOUT_NEW if minor >= 11 else _LAYOUT_OLD

    def instructions(self, code):
        """{position: (name, argument, next position)}; an unknown instruction is called `opcode N`."""
        out = {}
        at, extended, start = 0, 0, 0
        data = code.code
        while at + 1 < len(data):
            name = self.ops.get(data[at], f"opcode {data[at]}")
            argument = extended << 8 | data[at + 1]
            at += 2
            if name == "EXTENDED_ARG":
                extended = argument
                continue
            after = at + 2 * self.caches.get(name, 0)
            out[start] = (name, argument, after)
            extended = 0
            at = start = after
        return out

    def target(self, name, argument, after):
        """Where a jump goes, as a position; None for other instructions."""
        if name == "FOR_ITER" or name == "JUMP_FORWARD":
            return after + (argument * 2 if self.minor >= 10 else argument)
        if "JUMP" not in name:
            return None
        if self.minor >= 11:
            return after + (-argument if "BACKWARD" in name else argument) * 2
        return argument * 2 if self.minor == 10 else argument

    def doubts(self, code):
        """How much speaks against this version having written `code`."""
        if (code.cells is None) != (self.layout == _LAYOUT_NEW):
            return _IMPOSSIBLE
        instructions = self.instructions(code)
        names = [name for name, _, _ in instructions.values()]
        doubts = sum(100 for name in names if name == "opcode 0") + sum(5 for name in names if name.startswith("opcode"))
        if self.layout == _LAYOUT_NEW and "RESUME" not in names:
            return _IMPOSSIBLE
        doubts += sum(100 for name, _, after in instructions.values() for at in range(after - 2 * self.caches.get(name, 0), after, 2)
                      if any(code.code[at:at + 1]))
        if self.layout == _LAYOUT_OLD and (sum(code.lines[::2]) == len(code.code)) != (self.minor == 10):
            doubts += 50  # the line table of 3.10 covers every instruction, older ones only say where lines begin
        before = None
        jumps_from = {after: name for name, _, after in instructions.values()}
        for at, (name, argument, after) in instructions.items():
            target = self.target(name, argument, after)
            before = name
            if target is None:
                continue
            if target not in instructions:
                doubts += 20
            elif name == "FOR_ITER" and not jumps_from.get(target, "").startswith("JUMP"):
                doubts += 10
            elif name == "JUMP_ABSOLUTE" and instructions[target][0] != "FOR_ITER":
                doubts += 3
            elif target == after or target <= at and "FOR_ITER" not in names:
                doubts += 10
        if not before or not before.startswith(("RETURN", "RERAISE", "opcode", "JUMP")):
            doubts += 20
        return doubts


_IMPOSSIBLE = 1000000

# Older ones come first where nothing tells versions apart: then they also mean the same.
VERSIONS = [Version(8, _OPS_3_8, {}), Version(9, _OPS_3_9, {}), Version(10, _OPS_3_10, {}), Version(11, _OPS_3_11, _CACHES_3_11),
            Version(12, _OPS_3_12, _CACHES_3_12), Version(13, _OPS_3_13, _CACHES_3_13)]


def find_version(code):
    """The version that wrote a function and the functions inside it; None where every one is out of the question."""
    best, least = None, _IMPOSSIBLE
    for version in VERSIONS:
        doubts = sum(version.doubts(inner) for inner in code.nested())
        if doubts < least:
            best, least = version, doubts
    return best
