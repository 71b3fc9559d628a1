#### basic generator
def g(n):
    i = 0
    while i < n:
        yield i
        i += 1
print(list(g(3)), sum(g(5)), [x for x in g(2)], *g(2))
#### next and stop
def g(): yield 1; yield 2
it = g()
print(next(it), next(it), next(it, 'default'))
try: next(it)
except StopIteration as e: print('stop', e.value)
#### send
def acc():
    total = 0
    while True:
        v = yield total
        if v is None: break
        total += v
    return total
g = acc(); next(g)
print(g.send(1), g.send(5))
try: g.send(None)
except StopIteration as e: print(e.value)
#### send before start
def g(): yield
try: g().send(1)
except TypeError as e: print(e)
#### throw
def g():
    while True:
        try: yield 'ok'
        except ValueError as e: yield 'caught ' + str(e)
it = g(); next(it)
print(it.throw(ValueError('x')), next(it))
try: it.throw(KeyError('k'))
except KeyError as e: print(repr(e))
print(list(it))
#### close and finally
def g():
    try:
        yield 1
        yield 2
    finally: print('cleanup')
it = g(); next(it); it.close()
print(list(it))
g().close()
#### close ignored
def g():
    try: yield 1
    except GeneratorExit: yield 2
it = g(); next(it)
try: it.close()
except RuntimeError as e: print(e)
#### generator return value
def sub():
    yield 1
    return 'result'
def main():
    r = yield from sub()
    yield r
print(list(main()))
#### yield from iterables
def g():
    yield from [1, 2]
    yield from 'ab'
    yield from range(2)
    yield from (x * x for x in range(3))
print(list(g()))
#### yield from send and throw
def inner():
    try:
        while True:
            v = yield
            print('inner got', v)
    except ValueError: return 'inner done'
def outer():
    r = yield from inner()
    yield r
g = outer(); next(g); g.send(1); g.send(2)
print(g.throw(ValueError))
#### yield from close
def inner():
    try: yield 1
    finally: print('inner closed')
def outer():
    try: yield from inner()
    finally: print('outer closed')
g = outer(); next(g); g.close()
#### throw caught by inner which yields
def inner():
    try: yield 1
    except ValueError: yield 'again'
    yield 'end'
def outer(): yield from inner()
g = outer(); next(g)
print(g.throw(ValueError), list(g))
#### generator expression laziness
def src():
    for i in range(3):
        print('make', i)
        yield i
g = (x * 2 for x in src())
print('created', next(g), next(g))
#### stop iteration inside generator
def g():
    yield 1
    raise StopIteration
try: list(g())
except RuntimeError as e: print(e, repr(e.__cause__))
#### exception leaves generator finished
def g():
    yield 1
    raise ValueError('x')
it = g(); next(it)
try: next(it)
except ValueError as e: print(e)
print(list(it))
#### infinite with islice
from itertools import islice, count, takewhile
def nat():
    n = 0
    while True: yield n; n += 1
print(list(islice(nat(), 4)), list(takewhile(lambda v: v < 3, nat())), list(islice(count(5, 2), 3)))
#### recursion tree
def walk(t):
    if isinstance(t, list):
        for x in t: yield from walk(x)
    else: yield t
print(list(walk([1, [2, [3, [4]], 5]])))
#### generator already executing
def g():
    yield next(it)
it = g()
try: next(it)
except ValueError as e: print(e)
#### generator in class
class Tree:
    def __init__(self, v, *kids): self.v, self.kids = v, kids
    def __iter__(self):
        yield self.v
        for k in self.kids: yield from k
print(list(Tree(1, Tree(2, Tree(3)), Tree(4))))
#### permutations by generator
def perms(l):
    if len(l) <= 1: yield l
    else:
        for i in range(len(l)):
            for p in perms(l[:i] + l[i + 1:]): yield [l[i]] + p
print(list(perms([1, 2, 3])))
#### generator attributes
def g(): yield
print(g().__name__, type(g()).__name__, iter(it := g()) is it)
#### lambda generator
f = lambda: (yield 5)
print(list(f()))
#### two generators interleaved
def g(n):
    for i in range(3): yield n, i
a, b = g('a'), g('b')
print(next(a), next(b), next(a), list(b), list(a))
#### closure in generator
def g():
    x = 0
    def bump():
        nonlocal x
        x += 1
    for _ in range(3):
        bump()
        yield x
print(list(g()))
#### try in loop in generator
def g():
    for i in range(4):
        try:
            if i == 1: raise ValueError(i)
            yield i
        except ValueError as e: yield str(e)
        finally: print('f', i)
print(list(g()))
#### unpacking a generator
def g(): yield from (1, 2, 3)
a, b, c = g()
first, *rest = g()
print(a, b, c, first, rest, dict(zip('xyz', g())))
#### any all early exit
def g():
    for i in (0, 1, 2):
        print('at', i)
        yield i
print(any(g()), all(g()))
#### zip enumerate reversed
print(list(zip(range(3), 'abcd')), list(enumerate('ab', 1)), list(reversed([1, 2, 3])), list(map(str, range(2))), list(filter(None, [0, 1, '', 2])))
#### iter sentinel
vals = iter([1, 2, 0, 3])
print(list(iter(lambda: next(vals), 0)))
#### context manager generator error
from contextlib import contextmanager
@contextmanager
def cm():
    print('in')
    yield
    print('out')
try:
    with cm(): raise ValueError('v')
except ValueError as e: print('propagated', e)
#### handled exception context in generators
def g():
    try: raise KeyError('a')
    except KeyError:
        yield 1
        raise ValueError('b')
it = g(); next(it)
try: next(it)
except ValueError as e: print(repr(e.__context__))
#### sum of squares pipeline
def src(): yield from range(10)
def odd(it): return (x for x in it if x % 2)
def sq(it):
    for x in it: yield x * x
print(sum(sq(odd(src()))))
