"""CPython's marshal format (versions 2 to 4), read into plain values and `Code`.

Every read is checked against the end of the bytes, containers hold no more items than bytes are left, depth is bounded.
"""
import math

_MAX_DEPTH = 60
_TEXT = "utAaZz"


class Malformed(Exception):
    pass


class Code:
    """A code object: what the evaluation needs of it, under one name for all versions of Python."""

    def __init__(self, counts, flags, code, consts, names, slots, cells, frees, name, lines):
        self.arguments, self.positional_only, self.keyword_only = counts
        self.flags = flags
        self.code = code
        self.consts = consts
        self.names = names
        self.slots = slots  # names of the local variables; from 3.11 on of cells and free variables too
        self.cells = cells
        self.frees = frees
        self.name = name
        self.lines = lines  # which instruction stands on which line, in each version's own form

    def nested(self):
        yield self
        for value in self.consts:
            if isinstance(value, Code):
                yield from value.nested()


def loads(data):
    reader = _Reader(data)
    return reader.value(0)


class _Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0
        self.refs = []

    def take(self, count):
        if count < 0 or count > len(self.data) - self.at:
            raise Malformed("its bytes end early")
        self.at += count
        return self.data[self.at - count:self.at]

    def whole(self, count, signed=False):
        value = 0
        for i, byte in enumerate(self.take(count)):
            value |= byte << 8 * i
        return value - (1 << 8 * count) if signed and value >> 8 * count - 1 else value

    def size(self):
        count = self.whole(4)
        if count > len(self.data) - self.at:
            raise Malformed("its bytes end early")
        return count

    def value(self, depth):
        if depth > _MAX_DEPTH:
            raise Malformed("it is nested too deeply")
        first = self.whole(1)
        kind, place = chr(first & 0x7f), None
        if first & 0x80:
            place = len(self.refs)
            self.refs.append(None)
        found = self.of_kind(kind, depth + 1)
        if place is not None:
            self.refs[place] = found
        return found

    def of_kind(self, kind, depth):
        if kind in _SINGLE:
            return _SINGLE[kind]
        if kind == "i":
            return self.whole(4, signed=True)
        if kind == "l":
            return self.long()
        if kind == "g":
            return self.double()
        if kind == "f":
            return float(self.take(self.whole(1)).decode("ascii"))
        if kind == "y":
            return complex(self.double(), self.double())
        if kind == "s":
            return self.take(self.size())
        if kind in _TEXT:
            data = self.take(self.whole(1) if kind in "zZ" else self.size())
            return data.decode("utf-8") if kind in "ut" else data.decode("latin-1")
        if kind == "r":
            index = self.whole(4)
            if index >= len(self.refs):
                raise Malformed("it refers to an object that is not there")
            return self.refs[index]
        if kind in "()[<>":
            count = self.whole(1) if kind == ")" else self.size()
            items = [self.value(depth) for _ in range(count)]
            return items if kind == "[" else tuple(items) if kind in "()" else frozenset(items) if kind == ">" else set(items)
        if kind == "{":
            return self.mapping(depth)
        if kind == ":":
            return slice(self.value(depth), self.value(depth), self.value(depth))
        if kind == "c":
            return self.code(depth)
        raise Malformed(f"it holds a value of the unknown kind {kind!r}")

    def long(self):
        """Digits of 15 bits, the sign in their count."""
        count = self.whole(4, signed=True)
        value = 0
        for i in range(abs(count)):
            value |= self.whole(2) << 15 * i
        return -value if count < 0 else value

    def double(self):
        bits = self.whole(8)
        sign = -1.0 if bits >> 63 else 1.0
        exponent, fraction = bits >> 52 & 0x7ff, bits & (1 << 52) - 1
        if exponent == 0x7ff:
            return float("nan") if fraction else sign * float("inf")
        if exponent == 0:
            return sign * math.ldexp(float(fraction), -1074)
        return sign * math.ldexp(float(fraction | 1 << 52), exponent - 1075)

    def mapping(self, depth):
        out = {}
        while True:
            if self.at < len(self.data) and self.data[self.at] & 0x7f == ord("0"):
                self.at += 1
                return out
            key = self.value(depth)
            out[key] = self.value(depth)

    def code(self, depth):
        """The fields differ by version; which layout it is shows in where the bytes of the instructions begin."""
        start, refs = self.at, len(self.refs)
        problem = None
        for layout in (_code_3_8, _code_3_11, _code_3_6):
            self.at = start
            self.refs = self.refs[:refs]
            try:
                return layout(self, depth)
            except Malformed as error:
                problem = error
        raise problem


def _field(reader, depth, wanted):
    found = reader.value(depth)
    if not isinstance(found, wanted):
        raise Malformed("a field of its code object has another type than expected")
    return found


def _numbers(reader, count):
    numbers = [reader.whole(4) for _ in range(count)]
    if max(numbers[:-1]) > 100000:
        raise Malformed("a count in its code object is too large")
    return numbers


def _before_3_11(reader, depth, counts, flags):
    code = _field(reader, depth, bytes)
    consts, names, local_names, frees, cells = [_field(reader, depth, tuple) for _ in range(5)]
    _field(reader, depth, str)
    name = _field(reader, depth, str)
    reader.whole(4)
    lines = _field(reader, depth, bytes)
    return Code(counts, flags, code, consts, names, local_names, cells, frees, name, lines)


def _code_3_8(reader, depth):
    arguments, positional_only, keyword_only, _, _, flags = _numbers(reader, 6)
    return _before_3_11(reader, depth, (arguments, positional_only, keyword_only), flags)


def _code_3_6(reader, depth):
    arguments, keyword_only, _, _, flags = _numbers(reader, 5)
    return _before_3_11(reader, depth, (arguments, 0, keyword_only), flags)


def _code_3_11(reader, depth):
    arguments, positional_only, keyword_only, _, flags = _numbers(reader, 5)
    code = _field(reader, depth, bytes)
    consts, names, slots = [_field(reader, depth, tuple) for _ in range(3)]
    kinds = _field(reader, depth, bytes)
    _field(reader, depth, str)
    name = _field(reader, depth, str)
    _field(reader, depth, str)
    reader.whole(4)
    lines = _field(reader, depth, bytes)
    _field(reader, depth, bytes)
    if len(kinds) != len(slots):
        raise Malformed("its local variables and their kinds differ in number")
    return Code((arguments, positional_only, keyword_only), flags, code, consts, names, slots, None, None, name, lines)


_SINGLE = {"N": None, "F": False, "T": True, ".": Ellipsis, "S": StopIteration}
