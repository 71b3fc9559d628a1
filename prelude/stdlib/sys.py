"""A still picture of an interpreter: the version the dialect follows, and limits."""

from _world import refuse as _refuse

maxsize = 9223372036854775807
maxunicode = 0x10FFFF
byteorder = "little"
platform = "linux"
version = "3.11.0 (kedge)"
hexversion = 0x030B00F0
api_version = 1013
executable = ""
prefix = exec_prefix = base_prefix = ""
argv = [""]
path = []
modules = {}
flags = None
dont_write_bytecode = True


class _Record(tuple):
    _names = ()

    def __getattr__(self, name):
        if name in self._names:
            return self[self._names.index(name)]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __repr__(self):
        return f"sys.{type(self).__name__}(" + ", ".join(f"{n}={v!r}" for n, v in zip(self._names, self)) + ")"


class version_info(_Record):
    _names = ("major", "minor", "micro", "releaselevel", "serial")


class float_info(_Record):
    _names = ("max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig", "epsilon", "radix", "rounds")


class int_info(_Record):
    _names = ("bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold")


class hash_info(_Record):
    _names = ("width", "modulus", "inf", "nan", "imag")


version_info = version_info((3, 11, 0, "final", 0))
float_info = float_info((1.7976931348623157e308, 1024, 308, 2.2250738585072014e-308, -1021, -307, 15, 53, 2.220446049250313e-16, 2, 1))
int_info = int_info((30, 4, 4300, 640))
hash_info = hash_info((64, 2**61 - 1, 314159, 0, 1000003))


class _Stream:
    def write(self, text):
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False


stdout = stderr = stdin = __stdout__ = __stderr__ = _Stream()


def getrecursionlimit():
    return 900


def setrecursionlimit(limit):
    pass


def getsizeof(obj, default=0):
    _refuse("sys.getsizeof() has no stable meaning in an evaluation")


def exc_info():
    return (None, None, None)


def intern(string):
    return string


def exit(status=None):
    raise SystemExit(status)


def getdefaultencoding():
    return "utf-8"


def getfilesystemencoding():
    return "utf-8"


def gettrace():
    return None


def _getframe(depth=0):
    _refuse("sys._getframe() shows the interpreter's own frames, which a kedge evaluation does not have")


def set_int_max_str_digits(maxdigits):
    pass
