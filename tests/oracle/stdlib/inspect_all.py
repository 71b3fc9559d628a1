import functools
import inspect
from dataclasses import dataclass


def f(a, /, b: int, c=3, *args: str, d, e: "x" = 5, **kw) -> list:
    """Doc of f.

    More.
    """


class C:
    """C doc"""

    x = 1

    def __init__(self, p, q=2):
        self.p = p

    def m(self, z=1):
        yield z

    @classmethod
    def cm(cls, w):
        pass

    @staticmethod
    def sm(v):
        pass


@dataclass
class D:
    a: int
    b: str = "x"


s = inspect.signature(f)
print(s, list(s.parameters), [p.kind.name for p in s.parameters.values()], s.parameters["c"].default, s.parameters["b"].annotation, s.parameters["d"].default is inspect.Parameter.empty)
print(inspect.signature(C), inspect.signature(C(1).m), inspect.signature(C.cm), inspect.signature(C.sm), inspect.signature(C.m), inspect.signature(lambda x, *, y=1: 0), inspect.signature(D))
b = s.bind(1, 2, d=4, extra=5)
print(b.arguments, b.args, b.kwargs)
b.apply_defaults()
print(b.arguments)
for bad in (lambda: s.bind(1), lambda: inspect.signature(lambda x: 0).bind(1, 2), lambda: inspect.signature(lambda x: 0).bind(1, y=2)):
    try:
        bad()
    except TypeError as e:
        print(e)
spec = inspect.getfullargspec(f)
print(spec.args, spec.varargs, spec.varkw, spec.defaults, spec.kwonlyargs, spec.kwonlydefaults, inspect.getfullargspec(C.__init__).args)
print(inspect.isclass(C), inspect.isfunction(f), inspect.ismethod(C(1).m), inspect.isfunction(C.m), inspect.ismodule(inspect), inspect.isbuiltin(len), inspect.isgeneratorfunction(C.m), inspect.isgenerator(C(1).m()), inspect.isabstract(C))
print([n for n, v in inspect.getmembers(C) if not n.startswith("_")], [n for n, v in inspect.getmembers(C, inspect.isfunction)], inspect.getdoc(f), inspect.getdoc(C), inspect.getmro(C)[0] is C)


def deco(g):
    @functools.wraps(g)
    def inner(*a, **k):
        return g(*a, **k)

    return inner


print(inspect.signature(deco(lambda u, v=1: 0)), inspect.unwrap(deco(f)) is f, inspect.signature(functools.partial(lambda a, b, c: 0, 1)), inspect.Parameter.POSITIONAL_OR_KEYWORD, "d" in inspect.signature(f).parameters)
