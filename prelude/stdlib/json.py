"""JSON text to values and back."""


class JSONDecodeError(ValueError):
    def __init__(self, msg, doc, pos):
        line = doc.count("\n", 0, pos) + 1
        column = pos - doc.rfind("\n", 0, pos)
        super().__init__(f"{msg}: line {line} column {column} (char {pos})")
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = line
        self.colno = column


_escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\b": "\\b"}


def _quote(text, ascii_only):
    out = ['"']
    for c in text:
        if c in _escapes:
            out.append(_escapes[c])
        elif c < " " or (ascii_only and c > "~"):
            code = ord(c)
            if code > 0xFFFF:
                code -= 0x10000
                out.append(f"\\u{0xD800 | (code >> 10):04x}\\u{0xDC00 | (code & 0x3FF):04x}")
            else:
                out.append(f"\\u{code:04x}")
        else:
            out.append(c)
    out.append('"')
    return "".join(out)


class JSONEncoder:
    item_separator = ", "
    key_separator = ": "

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, sort_keys=False, indent=None, separators=None, default=None):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = " " * indent if isinstance(indent, int) and not isinstance(indent, bool) else indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ","
        if default is not None:
            self.default = default
        self._open = []

    def default(self, o):
        raise TypeError(f"Object of type {o.__class__.__name__} is not JSON serializable")

    def encode(self, o):
        return "".join(self.iterencode(o))

    def iterencode(self, o):
        out = []
        self._write(o, out, "\n" if self.indent is not None else None)
        return out

    def _number(self, o):
        if o != o or o in (float("inf"), float("-inf")):
            if not self.allow_nan:
                raise ValueError("Out of range float values are not JSON compliant")
            return "NaN" if o != o else "Infinity" if o > 0 else "-Infinity"
        return float.__repr__(o)

    def _write(self, o, out, line):
        if o is None:
            out.append("null")
        elif o is True:
            out.append("true")
        elif o is False:
            out.append("false")
        elif isinstance(o, str):
            out.append(_quote(o, self.ensure_ascii))
        elif isinstance(o, int):
            out.append(int.__repr__(o))
        elif isinstance(o, float):
            out.append(self._number(o))
        elif isinstance(o, (list, tuple, dict)):
            if any(x is o for x in self._open):
                raise ValueError("Circular reference detected")
            self._open.append(o)
            if isinstance(o, dict):
                self._members(o, out, line)
            else:
                self._items(o, out, line)
            self._open.pop()
        else:
            self._open.append(o)
            self._write(self.default(o), out, line)
            self._open.pop()

    def _items(self, o, out, line):
        if not o:
            out.append("[]")
            return
        inner = line + self.indent if line is not None else None
        out.append("[" + (inner or ""))
        separator = self.item_separator + (inner or "")
        first = True
        for item in o:
            if not first:
                out.append(separator)
            first = False
            self._write(item, out, inner)
        out.append((line or "") + "]")

    def _key(self, key):
        if isinstance(key, str):
            return key
        if key is True:
            return "true"
        if key is False:
            return "false"
        if key is None:
            return "null"
        if isinstance(key, int):
            return int.__repr__(key)
        if isinstance(key, float):
            return self._number(key)
        if self.skipkeys:
            return None
        raise TypeError(f"keys must be str, int, float, bool or None, not {key.__class__.__name__}")

    def _members(self, o, out, line):
        if not o:
            out.append("{}")
            return
        inner = line + self.indent if line is not None else None
        out.append("{" + (inner or ""))
        separator = self.item_separator + (inner or "")
        first = True
        for key, value in sorted(o.items()) if self.sort_keys else o.items():
            name = self._key(key)
            if name is None:
                continue
            if not first:
                out.append(separator)
            first = False
            out.append(_quote(name, self.ensure_ascii) + self.key_separator)
            self._write(value, out, inner)
        out.append((line or "") + "}")


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False, **kw):
    return (cls or JSONEncoder)(skipkeys=skipkeys, ensure_ascii=ensure_ascii, check_circular=check_circular, allow_nan=allow_nan, indent=indent, separators=separators,
                                default=default, sort_keys=sort_keys, **kw).encode(obj)


def dump(obj, fp, **kw):
    fp.write(dumps(obj, **kw))


_backslash = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class JSONDecoder:
    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, strict=True, object_pairs_hook=None):
        self.object_hook = object_hook
        self.parse_float = parse_float or float
        self.parse_int = parse_int or int
        self.parse_constant = parse_constant
        self.strict = strict
        self.object_pairs_hook = object_pairs_hook

    def decode(self, s):
        value, end = self.raw_decode(s, self._space(s, 0))
        end = self._space(s, end)
        if end != len(s):
            raise JSONDecodeError("Extra data", s, end)
        return value

    def raw_decode(self, s, idx=0):
        return self._value(s, idx, 0)

    def _space(self, s, i):
        n = len(s)
        while i < n and s[i] in " \t\n\r":
            i += 1
        return i

    def _value(self, s, i, depth):
        if depth > 200:
            raise RecursionError("maximum recursion depth exceeded while decoding a JSON document")
        c = s[i:i + 1]
        if c == '"':
            return self._string(s, i + 1)
        if c == "{":
            return self._object(s, i + 1, depth)
        if c == "[":
            return self._array(s, i + 1, depth)
        for word, value in (("null", None), ("true", True), ("false", False)):
            if s.startswith(word, i):
                return value, i + len(word)
        for word, value in (("NaN", float("nan")), ("Infinity", float("inf")), ("-Infinity", float("-inf"))):
            if s.startswith(word, i):
                return (self.parse_constant(word) if self.parse_constant else value), i + len(word)
        return self._number(s, i)

    def _digits(self, s, i):
        n = len(s)
        while i < n and s[i] in "0123456789":
            i += 1
        return i

    def _number(self, s, i):
        start = i
        if s[i:i + 1] == "-":
            i += 1
        if s[i:i + 1] == "0":
            end = i + 1
        else:
            end = self._digits(s, i)
            if end == i:
                raise JSONDecodeError("Expecting value", s, start)
        whole = end
        if s[end:end + 1] == "." and self._digits(s, end + 1) > end + 1:
            end = self._digits(s, end + 1)
        if s[end:end + 1] in ("e", "E"):
            at = end + 1
            if s[at:at + 1] in ("+", "-"):
                at += 1
            if self._digits(s, at) > at:
                end = self._digits(s, at)
        text = s[start:end]
        return (self.parse_int(text) if end == whole else self.parse_float(text)), end

    def _hex4(self, s, i):
        text = s[i:i + 4]
        if len(text) != 4 or any(c not in "0123456789abcdefABCDEF" for c in text):
            raise JSONDecodeError("Invalid \\uXXXX escape", s, i)
        return int(text, 16)

    def _string(self, s, i):
        begin = i - 1
        parts = []
        start = i
        n = len(s)
        while True:
            if i >= n:
                raise JSONDecodeError("Unterminated string starting at", s, begin)
            c = s[i]
            if c == '"':
                parts.append(s[start:i])
                return "".join(parts), i + 1
            if c == "\\":
                parts.append(s[start:i])
                e = s[i + 1:i + 2]
                if not e:
                    raise JSONDecodeError("Unterminated string starting at", s, begin)
                if e == "u":
                    code = self._hex4(s, i + 2)
                    i += 6
                    if 0xD800 <= code < 0xDC00 and s[i:i + 2] == "\\u":
                        low = self._hex4(s, i + 2)
                        if 0xDC00 <= low < 0xE000:
                            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
                            i += 6
                    parts.append(chr(code))
                elif e in _backslash:
                    parts.append(_backslash[e])
                    i += 2
                else:
                    raise JSONDecodeError("Invalid \\escape", s, i)
                start = i
                continue
            if c < " " and self.strict:
                raise JSONDecodeError("Invalid control character at", s, i)
            i += 1

    def _array(self, s, i, depth):
        out = []
        i = self._space(s, i)
        if s[i:i + 1] == "]":
            return out, i + 1
        while True:
            value, i = self._value(s, i, depth + 1)
            out.append(value)
            i = self._space(s, i)
            c = s[i:i + 1]
            if c == "]":
                return out, i + 1
            if c != ",":
                raise JSONDecodeError("Expecting ',' delimiter", s, i)
            i = self._space(s, i + 1)

    def _object(self, s, i, depth):
        pairs = []
        i = self._space(s, i)
        if s[i:i + 1] == "}":
            i += 1
        else:
            while True:
                if s[i:i + 1] != '"':
                    raise JSONDecodeError("Expecting property name enclosed in double quotes", s, i)
                key, i = self._string(s, i + 1)
                i = self._space(s, i)
                if s[i:i + 1] != ":":
                    raise JSONDecodeError("Expecting ':' delimiter", s, i)
                value, i = self._value(s, self._space(s, i + 1), depth + 1)
                pairs.append((key, value))
                i = self._space(s, i)
                c = s[i:i + 1]
                if c == "}":
                    i += 1
                    break
                if c != ",":
                    raise JSONDecodeError("Expecting ',' delimiter", s, i)
                i = self._space(s, i + 1)
        if self.object_pairs_hook is not None:
            return self.object_pairs_hook(pairs), i
        made = dict(pairs)
        return (made if self.object_hook is None else self.object_hook(made)), i


def loads(s, *, cls=None, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, object_pairs_hook=None, **kw):
    if isinstance(s, (bytes, bytearray)):
        s = s.decode("utf-8")
    elif not isinstance(s, str):
        raise TypeError(f"the JSON object must be str, bytes or bytearray, not {s.__class__.__name__}")
    return (cls or JSONDecoder)(object_hook=object_hook, parse_float=parse_float, parse_int=parse_int, parse_constant=parse_constant, object_pairs_hook=object_pairs_hook, **kw).decode(s)


def load(fp, **kw):
    return loads(fp.read(), **kw)
