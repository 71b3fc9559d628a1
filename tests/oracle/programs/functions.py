#### positional and keyword
def f(a, b, c=3): return (a, b, c)
print(f(1, 2), f(1, b=2), f(c=1, a=2, b=3), f(*[1, 2]), f(**{'a': 1, 'b': 2}))
#### star arguments
def f(*args, **kwargs): return args, kwargs
print(f(), f(1), f(1, 2, x=3), f(*range(3), 9, **{'k': 1}, z=2))
print(f(*(1,), *[2, 3], **{'a': 1}, **{'b': 2}))
#### keyword only
def f(a, *, b, c=5): return a, b, c
print(f(1, b=2), f(1, c=1, b=0))
for call in (lambda: f(1), lambda: f(1, 2), lambda: f(1, b=2, d=3)):
    try: call()
    except TypeError as e: print(e)
#### positional only
def f(a, b=2, /, c=3, **kw): return a, b, c, kw
print(f(1), f(1, 5, c=6), f(1, a=7, b=8))
def g(a, /): return a
try: g(a=1)
except TypeError as e: print(e)
#### missing arguments
def f(a, b, c): pass
for call in (lambda: f(), lambda: f(1), lambda: f(1, 2), lambda: f(c=3)):
    try: call()
    except TypeError as e: print(e)
#### too many arguments
def f(a): pass
def g(a, b=1): pass
def h(): pass
def k(a, *, b=1): pass
for call in (lambda: f(1, 2), lambda: g(1, 2, 3), lambda: h(1), lambda: k(1, 2, b=3), lambda: k(1, 2)):
    try: call()
    except TypeError as e: print(e)
#### unexpected keyword
def f(a): pass
for call in (lambda: f(b=1), lambda: f(1, a=2), lambda: f(1, x=2)):
    try: call()
    except TypeError as e: print(e)
#### repeated star keyword
def f(**kw): return kw
try: f(**{'a': 1}, **{'a': 2})
except TypeError as e: print(type(e).__name__)
try: f(a=1, **{'a': 2})
except TypeError as e: print(type(e).__name__)
#### star of non iterable
def f(*a, **k): return a, k
for call in (lambda: f(*3), lambda: f(**3), lambda: f(**{1: 2})):
    try: call()
    except TypeError as e: print(type(e).__name__)
#### defaults are evaluated once
def f(x, acc=[]):
    acc.append(x)
    return acc
print(f(1), f(2), f(3, []), f(4))
print(f.__defaults__)
#### default sees definition time value
n = 1
def f(x=n): return x
n = 2
print(f())
#### closures
def make():
    count = 0
    def inc(by=1):
        nonlocal count
        count += by
        return count
    def get(): return count
    return inc, get
inc, get = make()
inc(); inc(5)
print(get(), make()[1]())
#### late binding
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
fs = [lambda i=i: i for i in range(3)]
print([f() for f in fs])
#### closure over loop
def make():
    out = []
    for i in range(3):
        def g(): return i * 10
        out.append(g)
    return out
print([g() for g in make()])
#### nested three levels
def a(x):
    def b(y):
        def c(z):
            return x * 100 + y * 10 + z
        return c
    return b
print(a(1)(2)(3))
#### unbound local
x = 1
def f():
    print(x)
    x = 2
try: f()
except UnboundLocalError as e: print(type(e).__name__, e)
#### unbound free
def f():
    def g(): return v
    try: g()
    except NameError as e: print(type(e).__name__, e)
    v = 1
    return g()
print(f())
#### undefined name
try: nope
except NameError as e: print(e, e.name)
#### global statement
counter = 0
def bump():
    global counter, fresh
    counter += 1
    fresh = counter * 2
bump(); bump()
print(counter, fresh)
#### del of local and global
def f():
    x = 1
    del x
    try: return x
    except UnboundLocalError: return 'gone'
print(f())
y = 2
del y
try: y
except NameError as e: print(e)
#### lambda
print((lambda: 1)(), (lambda x, *a, k=2, **kw: (x, a, k, kw))(1, 2, 3, z=4))
print(sorted([3, 1, 2], key=lambda v: -v))
#### decorators
def deco(f):
    def wrapper(*args, **kwargs):
        print('call', f.__name__, args, kwargs)
        return f(*args, **kwargs) + 1
    return wrapper
@deco
def add(a, b=2): return a + b
print(add(1), add(1, b=5))
#### decorator with arguments
def times(n):
    def deco(f):
        def inner(*a): return [f(*a) for _ in range(n)]
        return inner
    return deco
@times(2)
@times(3)
def one(): return 1
print(one())
#### class decorator
def tag(cls):
    cls.tag = cls.__name__.lower()
    return cls
@tag
class Foo: pass
print(Foo.tag, Foo().tag)
#### recursion
def fact(n): return 1 if n < 2 else n * fact(n - 1)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fact(30), fib(15))
#### mutual recursion
def even(n): return n == 0 or odd(n - 1)
def odd(n): return n != 0 and even(n - 1)
print(even(10), odd(7), even(3))
#### recursion error
def f(): return f()
try: f()
except RecursionError as e: print(type(e).__name__, str(e)[:32])
#### function attributes
def f(a, b=1, *, c=2):
    "doc string"
    return a
f.extra = 5
print(f.__name__, f.__qualname__, f.__doc__, f.__defaults__, f.__kwdefaults__, f.extra, f.__dict__)
def outer():
    def inner(): pass
    return inner
print(outer().__qualname__, outer.__module__)
#### annotations
def f(a: int, b: 'str' = 'x', *args: float, c: list = None, **kw: dict) -> bool: pass
print(f.__annotations__)
#### annotations future
from __future__ import annotations
def f(a: undefined_thing, b: int = 3) -> also_undefined: return b
print(f(1), f.__annotations__)
class C:
    x: int = 1
    y: undefined
print(C.__annotations__)
#### star in display and call
print([*range(3), *'ab'], (*[1], 2), {*[1, 2], 3}, {**{'a': 1}, 'b': 2, **{'a': 3}})
#### assign evaluation order
def t(x):
    print(x)
    return x
d = {}
d[t('k')] = t('v')
t(1) + t(2) * t(3)
print(d)
(lambda *a, **k: None)(t('a'), t('b'), c=t('c'))
#### chained assignment
a = b = c = [1]
b.append(2)
print(a, c is a)
#### augmented assign targets
class O: pass
o = O(); o.x = 1; o.x += 4
l = [1, 2, 3]; l[1] *= 10; l += [4]
d = {'k': 1}; d['k'] -= 5
x = 7; x //= 2; x **= 3; x %= 10; x <<= 2; x |= 1; x ^= 3; x &= 14; x >>= 1
y = 1; y /= 4
print(o.x, l, d, x, y)
#### walrus
if (n := len([1, 2, 3])) > 2: print('n', n)
print([y := 1, y ** 2, y + 1], y)
print([last := i for i in range(3)], last)
def f():
    total = 0
    vals = [total := total + v for v in (1, 2, 3)]
    return total, vals
print(f())
#### conditional expression chain
for x in (-1, 0, 1): print('neg' if x < 0 else 'zero' if x == 0 else 'pos')
#### short circuit
def t(v):
    print('t', v)
    return v
print(t(0) and t(1), t(1) and t(2), t(0) or t(3), t(4) or t(5), not t(0))
print(1 and 2 and 0 and 3, 0 or '' or [] or 'x')
#### chained comparison
def v(x):
    print('v', x)
    return x
print(v(1) < v(2) < v(3), v(3) < v(2) < v(1))
print(1 < 2 > 0 == 0 != 5, 1 == 1 in [1])
#### return multiple and nothing
def f(): return 1, 2
def g(): return
def h(): pass
print(f(), g(), h())
#### function as value
ops = {'add': lambda a, b: a + b, 'mul': lambda a, b: a * b}
print({k: f(3, 4) for k, f in ops.items()})
#### callable class
class Adder:
    def __init__(self, n): self.n = n
    def __call__(self, x, *, twice=False): return (x + self.n) * (2 if twice else 1)
print(Adder(3)(4), Adder(3)(4, twice=True), callable(Adder(1)), callable(3))
#### not callable
for v in (3, 'a', None, [1]):
    try: v()
    except TypeError as e: print(e)
#### closure cell contents
def f():
    x = 10
    def g(): return x
    return g
print(f().__closure__[0].cell_contents, f.__closure__)
#### generator argument
print(sum(x * x for x in range(4)), max((len(w) for w in ['a', 'bbb', 'cc']), default=0), list(map(lambda a, b: a - b, [5, 6], [1, 2])))
#### keyword order kept
def f(**kw): return list(kw)
print(f(z=1, a=2, m=3), f(**{'b': 1}, a=2))
#### bool operators as values
def f(x=None): return x or 'default'
print(f(), f(''), f('v'), f(0), f([1]))
