"""POSIX paths as text."""

from _world import refuse as _refuse

sep = "/"
altsep = None
extsep = "."
curdir = "."
pardir = ".."
pathsep = ":"


def _text(p):
    if isinstance(p, str):
        return p
    if hasattr(type(p), "__fspath__"):
        return p.__fspath__()
    raise TypeError(f"expected str, bytes or os.PathLike object, not {type(p).__name__}")


def join(a, *parts):
    path = _text(a)
    for part in parts:
        part = _text(part)
        if part.startswith("/"):
            path = part
        elif not path or path.endswith("/"):
            path += part
        else:
            path += "/" + part
    return path


def split(p):
    p = _text(p)
    at = p.rfind("/") + 1
    head, tail = p[:at], p[at:]
    if head and head != "/" * len(head):
        head = head.rstrip("/")
    return head, tail


def basename(p):
    return split(p)[1]


def dirname(p):
    return split(p)[0]


def splitext(p):
    p = _text(p)
    slash = p.rfind("/")
    dot = p.rfind(".")
    if dot > slash:
        first = slash + 1
        while first < dot:
            if p[first] != ".":
                return p[:dot], p[dot:]
            first += 1
    return p, ""


def splitdrive(p):
    return "", _text(p)


def isabs(p):
    return _text(p).startswith("/")


def normpath(p):
    p = _text(p)
    if not p:
        return "."
    slashes = 2 if p.startswith("//") and not p.startswith("///") else 1 if p.startswith("/") else 0
    parts = []
    for part in p.split("/"):
        if part in ("", "."):
            continue
        if part != ".." or (not slashes and not parts) or (parts and parts[-1] == ".."):
            parts.append(part)
        elif parts:
            parts.pop()
    return "/" * slashes + "/".join(parts) or "."


def normcase(p):
    return _text(p)


def commonprefix(m):
    if not m:
        return ""
    low, high = min(m), max(m)
    for i, c in enumerate(low):
        if c != high[i]:
            return low[:i]
    return low


def expanduser(p):
    return _text(p)


expandvars = expanduser


def abspath(p):
    p = _text(p)
    if isabs(p):
        return normpath(p)
    return normpath("/" + p)


realpath = abspath


def relpath(p, start="/"):
    a = [x for x in abspath(start).split("/") if x]
    b = [x for x in abspath(p).split("/") if x]
    i = len(commonprefix([a, b])) if a and b else 0
    return "/".join([".."] * (len(a) - i) + b[i:]) or "."


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'os.path' has no attribute {name!r}")

    def function(*args, **kwargs):
        _refuse(f"os.path.{name}() would touch the machine, which a kedge evaluation does not do")

    return function
