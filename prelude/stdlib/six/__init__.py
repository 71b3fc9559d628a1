"""What sources that once ran on Python 2 as well take from six; of the two Pythons this is the later one."""
PY2, PY3, PY34 = False, True, True
string_types, integer_types, class_types = (str,), (int,), (type,)
text_type, binary_type = str, bytes
MAXSIZE = 2 ** 63 - 1


def iterkeys(mapping):
    return iter(mapping.keys())


def itervalues(mapping):
    return iter(mapping.values())


def iteritems(mapping):
    return iter(mapping.items())


viewkeys, viewvalues, viewitems = dict.keys, dict.values, dict.items


def ensure_str(text, encoding="utf-8", errors="strict"):
    return text.decode(encoding, errors) if isinstance(text, bytes) else text


ensure_text = ensure_str


def get_function_code(function):
    return function.__code__


def raise_from(error, cause):
    raise error from cause


def add_metaclass(metaclass):
    """Metaclasses of layers only mark what is abstract: the class stays as it is."""
    return lambda cls: cls


def with_metaclass(metaclass, *bases):
    return bases[0] if bases else object


def python_2_unicode_compatible(cls):
    return cls
