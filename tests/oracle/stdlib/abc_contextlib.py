import abc
import contextlib
from abc import ABC, abstractmethod
from contextlib import contextmanager, suppress, nullcontext, ExitStack, closing


class Shape(ABC):
    @abstractmethod
    def area(self):
        ...

    @property
    @abstractmethod
    def name(self):
        ...

    def describe(self):
        return f"{self.name} {self.area()}"


class Square(Shape):
    def __init__(self, s):
        self.s = s

    def area(self):
        return self.s ** 2

    name = "square"


try:
    Shape()
except TypeError as e:
    print(e)


class Half(Shape):
    def area(self):
        return 0


try:
    Half()
except TypeError as e:
    print(e)
print(Square(3).describe(), isinstance(Square(1), Shape), issubclass(Square, Shape), sorted(Shape.__abstractmethods__))


class Duck(ABC):
    @classmethod
    def __subclasshook__(cls, C):
        return hasattr(C, "quack") or NotImplemented


class Q:
    def quack(self):
        pass


print(isinstance(Q(), Duck), isinstance(3, Duck), issubclass(Q, Duck))


class Reg(ABC):
    pass


Reg.register(int)
print(isinstance(3, Reg), isinstance("a", Reg))


@contextmanager
def tag(name, log):
    log.append("<" + name)
    try:
        yield name.upper()
    except ValueError as e:
        log.append(f"caught {e}")
    finally:
        log.append(name + ">")


log = []
with tag("a", log) as x:
    log.append(x)
with tag("b", log):
    raise ValueError("boom")
try:
    with tag("c", log):
        raise KeyError("k")
except KeyError:
    log.append("out")
print(log)


@tag("d", log)
def deco():
    return 5


print(deco(), log[-2:])
with suppress(KeyError, ValueError):
    {}["x"]
print("after")
with nullcontext(4) as n:
    print(n)


class R:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        print("enter", self.n)
        return self

    def __exit__(self, *exc):
        print("exit", self.n, exc[0].__name__ if exc[0] else None)
        return False

    def close(self):
        print("close", self.n)


with ExitStack() as stack:
    stack.enter_context(R(1))
    stack.enter_context(R(2))
    stack.callback(print, "callback", 7)
try:
    with ExitStack() as stack:
        stack.enter_context(R(3))
        stack.enter_context(suppress(ValueError))
        raise ValueError
    print("suppressed")
    with ExitStack() as stack:
        stack.enter_context(R(4))
        raise IndexError
except IndexError:
    print("IndexError")
with closing(R(5)) as r:
    print(r.n)
with R(6), R(7):
    print("both")
