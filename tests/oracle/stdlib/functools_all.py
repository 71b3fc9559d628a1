import functools
from functools import partial, reduce, wraps, lru_cache, cache, cached_property, total_ordering, singledispatch, cmp_to_key, partialmethod, singledispatchmethod

print(reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(lambda a, b: a + b, [], 7))
try:
    reduce(lambda a, b: a, [])
except TypeError as e:
    print(e)
p = partial(int, base=2)
print(p("101"), p.args, p.keywords, p.func is int, partial(partial(pow, 2), 5)())


def deco(f):
    @wraps(f)
    def inner(*args, **kw):
        "inner doc"
        return f(*args, **kw) + 1

    return inner


@deco
def add(a, b=2):
    "adds"
    return a + b


print(add(1), add.__name__, add.__doc__, add.__wrapped__(1))
calls = []


@lru_cache(maxsize=2)
def square(x):
    calls.append(x)
    return x * x


print([square(i) for i in (1, 2, 1, 3, 2, 1)], calls, square.cache_info())
square.cache_clear()
print(square.cache_info(), square.cache_parameters())


@cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(60))


class Data:
    def __init__(self):
        self.n = 0

    @cached_property
    def value(self):
        self.n += 1
        return self.n

    @lru_cache()
    def method(self, k):
        return (self.n, k)

    def cell(self, row, alive=False):
        return row, alive

    on = partialmethod(cell, 3, alive=True)


d = Data()
print(d.value, d.value, d.n, "value" in d.__dict__, d.method(2), d.method(2), d.on())


@total_ordering
class V:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n


print(V(1) <= V(1), V(1) > V(2), V(2) >= V(1), V(1) < V(0))


@singledispatch
def show(x):
    return f"any {x}"


@show.register
def _(x: int):
    return f"int {x}"


@show.register(list)
def _(x):
    return f"list {len(x)}"


@show.register(str)
def show_str(x):
    return "str " + x


print(show(1), show([1]), show("a"), show(2.5), show(True), show.dispatch(int) is not show.dispatch(float))


class SD:
    @singledispatchmethod
    def go(self, x):
        return "base"

    @go.register
    def _(self, x: int):
        return "int"


print(SD().go(1), SD().go("x"))
print(sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)))
print(functools.WRAPPER_ASSIGNMENTS[0], partial(print, 1, sep="")("x"))
