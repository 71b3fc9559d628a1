#### if elif else
for x in range(-1, 3):
    if x < 0: print('neg')
    elif x == 0: print('zero')
    elif x == 1:
        print('one')
    else: print('many')
#### while else break continue
n = 0
while n < 10:
    n += 1
    if n % 2: continue
    if n > 6: break
    print(n)
else: print('never')
while False: pass
else: print('else ran')
#### for else
for i in range(3):
    if i == 5: break
else: print('no break')
for i in []: pass
else: print('empty', 'i' in globals() and i)
#### nested loops
for i in range(3):
    for j in range(3):
        if j == 2: break
        if i == j: continue
        print(i, j)
#### loop variable survives
for i in range(3): pass
print(i)
[k for k in range(9)]
print('k' in globals())
#### modify list while iterating
l = [1, 2, 3, 4]
for x in l:
    if x == 2: l.remove(x)
print(l)
#### dict changed during iteration
d = {1: 1}
try:
    for k in d: d[k + 1] = 0
except RuntimeError as e: print(e)
#### unpack in for
for i, (a, b) in enumerate([(1, 2), (3, 4)]): print(i, a, b)
for a, *b in [[1], [1, 2, 3]]: print(a, b)
for k, v in {'x': 1, 'y': 2}.items(): print(k, v)
#### for into attribute and subscript
class O: pass
o = O(); l = [0]
for o.x in (1, 2): pass
for l[0] in (5, 6): pass
print(o.x, l)
#### unpacking errors
for code in ('a, b = 1, 2, 3', 'a, b = [1]', 'a, *b, c = [1]', 'a, b = 5', '[a, b] = "xyz"'):
    pass
def t(f):
    try: f()
    except (ValueError, TypeError) as e: print(type(e).__name__, e)
def f1(): a, b = 1, 2, 3
def f2(): a, b = [1]
def f3(): a, *b, c = [1]
def f4(): a, b = 5
def f5(): [a, b] = "xyz"
def f6(): a, b = iter([1, 2, 3])
for f in (f1, f2, f3, f4, f5, f6): t(f)
#### swap and nested unpack
a, b = 1, 2
a, b = b, a
(c, d), [e, *f] = (3, 4), 'xyz'
print(a, b, c, d, e, f)
#### star unpack positions
*a, b = range(4)
c, *d = 'q'
e, *f, g = [1, 2]
print(a, b, c, d, e, f, g)
#### try except else finally order
def f(x):
    try:
        print('try')
        if x: raise ValueError(x)
    except ValueError as e: print('except', e)
    else: print('else')
    finally: print('finally')
f(0); f(1)
#### finally overrides
def f():
    try: return 'try'
    finally: print('cleanup')
def g():
    try: raise ValueError
    finally: return 'swallowed'
def h():
    for i in range(3):
        try: continue
        finally: print('fin', i)
    return 'done'
def k():
    while True:
        try: break
        finally: print('breaking')
    return 'k'
print(f(), g(), h(), k())
#### nested finally return
def f():
    try:
        try: return 1
        finally: print('a')
    finally: print('b')
print(f())
#### return in finally of loop
def f():
    for i in range(5):
        try:
            if i == 2: return i
        finally:
            if i == 1: print('one')
            print('f', i)
print(f())
#### except tuple and hierarchy
for e in (KeyError('k'), IndexError('i'), ValueError('v'), ZeroDivisionError('z')):
    try: raise e
    except (KeyError, IndexError) as x: print('tuple', repr(x))
    except ArithmeticError as x: print('arith', x)
    except Exception as x: print('other', x)
#### lookup error base
try: {}['x']
except LookupError as e: print(type(e).__name__, e)
try: [][1]
except LookupError as e: print(type(e).__name__, e)
#### bare except and reraise
def f():
    try: 1 / 0
    except:
        print('seen')
        raise
try: f()
except ZeroDivisionError as e: print('outer', e)
#### raise from
try:
    try: {}['a']
    except KeyError as e: raise ValueError('bad') from e
except ValueError as e: print(e, repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
try:
    try: {}['a']
    except KeyError: raise ValueError('bad') from None
except ValueError as e: print(e.__cause__, repr(e.__context__), e.__suppress_context__)
#### implicit context
try:
    try: 1 / 0
    except ZeroDivisionError: undefined_name
except NameError as e: print(repr(e.__context__))
#### raise class and instance
for r in (ValueError, ValueError('x'), ValueError('x', 1)):
    try: raise r
    except ValueError as e: print(repr(e), e.args, str(e))
#### raise non exception
try: raise 5
except TypeError as e: print(e)
try: raise ValueError from 3
except TypeError as e: print(e)
#### reraise without active
try: raise
except RuntimeError as e: print(e)
#### exception name deleted
try: raise ValueError('x')
except ValueError as e: pass
print('e' in globals())
#### catching non exception class
try:
    try: raise ValueError
    except 5: pass
except TypeError as e: print(e)
#### except expression evaluated lazily
try:
    try: raise KeyError('k')
    except KeyError: print('first')
    except undefined: pass
except NameError: print('never')
#### custom hierarchy
class AppError(Exception): pass
class NotFound(AppError):
    def __str__(self): return 'nf:' + ','.join(map(str, self.args))
try: raise NotFound(1, 2)
except AppError as e: print(e, type(e).__mro__[1].__name__)
#### error in handler and finally
def f():
    try:
        try: raise ValueError('1')
        except ValueError: raise KeyError('2')
        finally: print('fin')
    except KeyError as e: return repr(e), repr(e.__context__)
print(f())
#### assert
try: assert 1 == 2, 'msg'
except AssertionError as e: print(repr(e))
try: assert []
except AssertionError as e: print(repr(e), e.args)
assert True, undefined
#### exception groups
try: raise ExceptionGroup('g', [ValueError('a'), TypeError('b'), ValueError('c')])
except* ValueError as eg: print('V', [str(e) for e in eg.exceptions])
except* TypeError as eg: print('T', [str(e) for e in eg.exceptions])
#### exception group unmatched
try:
    try: raise ExceptionGroup('g', [ValueError('a'), KeyError('b')])
    except* ValueError: print('handled')
except ExceptionGroup as g: print(g.message, [repr(e) for e in g.exceptions])
#### except star plain exception
try: raise ValueError('plain')
except* ValueError as eg: print(type(eg).__name__, [repr(e) for e in eg.exceptions])
#### with suppress
from contextlib import suppress, contextmanager
with suppress(KeyError, ValueError): {}['x']
print('after')
@contextmanager
def tag(n):
    print('<' + n + '>')
    try: yield n.upper()
    except ValueError as e: print('caught', e)
    finally: print('</' + n + '>')
with tag('a') as t, tag('b'): print(t)
with tag('c'): raise ValueError('inside')
#### with return
class M:
    def __enter__(self): return self
    def __exit__(self, *a): print('exit', a[0] is None)
def f():
    with M(): return 'r'
def g():
    for i in range(3):
        with M():
            if i == 1: break
    return i
print(f(), g())
#### with not a manager
try:
    with 5: pass
except TypeError as e: print(e)
class A:
    def __enter__(self): pass
try:
    with A(): pass
except TypeError as e: print(e)
#### with target forms
class M:
    def __enter__(self): return 1, 2
    def __exit__(self, *a): pass
d = {}
with M() as (a, b), M() as d['k']: print(a, b)
print(d)
with (M() as x, M() as y): print(x, y)
#### exit raises
class M:
    def __enter__(self): pass
    def __exit__(self, *a): raise KeyError('from exit')
try:
    with M(): raise ValueError('body')
except KeyError as e: print(repr(e), repr(e.__context__))
#### del forms
a, b, c = 1, [1, 2, 3], {'x': 1}
del a, b[0], c['x']
print(b, c)
del (b), [c]
print('b' in globals(), 'c' in globals())
#### pass and ellipsis
def f(): ...
class A: ...
if True: pass
print(f(), ..., Ellipsis is ...)
#### global at module loops
total = 0
for i in range(4):
    total += i
    if total > 2: break
print(total, i)
#### comprehension forms
print([i for i in range(5) if i % 2 if i > 1], {i % 2 for i in range(5)}, {i: j for i, j in zip('ab', 'cd')}, [[j for j in range(i)] for i in range(3)])
print([(x, y) for x in range(2) for y in range(x, 3) if x != y], list(x for x in 'abc' if x != 'b'))
#### comprehension scope
x = 'outer'
print([x for x in range(2)], x)
def f(n): return [n * i for i in range(3)], {n: i for i in range(2)}
print(f(2))
class A:
    vals = [1, 2]
    doubled = [v * 2 for v in vals]
print(A.doubled)
#### nested comprehension closure
def f():
    k = 10
    return [[k + i + j for j in range(2)] for i in range(2)]
print(f())
#### star in subscript and return
def f(*a): return *a, 3
print(f(1, 2))
#### match literals
def m(x):
    match x:
        case 0: return 'zero'
        case 1 | 2: return 'small'
        case 'a': return 'letter'
        case None: return 'none'
        case True: return 'true'
        case -1: return 'neg'
        case 1.5: return 'float'
        case b'x': return 'bytes'
        case _: return 'other'
print([m(v) for v in (0, 1, 2, 'a', None, -1, 1.5, b'x', 9, [])])
#### match sequences
def m(x):
    match x:
        case []: return 'empty'
        case [a]: return f'one {a}'
        case [a, b]: return f'two {a} {b}'
        case [first, *_, last]: return f'{first}..{last}'
        case _: return 'no'
print([m(v) for v in ([], [1], (1, 2), [1, 2, 3, 4], 'ab', 5, range(3), {1, 2})])
#### match mapping
def m(x):
    match x:
        case {'type': 'a', 'v': v}: return ('a', v)
        case {'type': t, **rest}: return (t, rest)
        case {}: return 'dict'
    return 'none'
print([m(v) for v in ({'type': 'a', 'v': 1}, {'type': 'b', 'q': 2}, {'z': 1}, [], {'type': 'a'})])
#### match classes
class P:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
def m(v):
    match v:
        case P(0, 0): return 'origin'
        case P(0, y=yy): return f'y={yy}'
        case P(x=xx, y=0): return f'x={xx}'
        case P(): return 'P'
        case int(n): return f'int {n}'
        case str() as s: return 's ' + s
        case float() | complex(): return 'num'
        case [int(), str(q)]: return q
print([m(v) for v in (P(0, 0), P(0, 5), P(3, 0), P(1, 1), 7, 'hey', 1.5, 2j, [1, 'q'], [1, 2])])
#### match guards and capture
def m(v):
    match v:
        case [x, y] if x == y: return 'same'
        case [x, y] if x > y: return 'greater'
        case (x, y) as pair: return pair
        case {'k': [*items]} if items: return items
print(m([1, 1]), m([2, 1]), m((1, 2)), m({'k': [3]}), m({'k': []}))
#### match dotted names
class C: RED = 1; BLUE = 'b'
def m(v):
    match v:
        case C.RED: return 'red'
        case C.BLUE: return 'blue'
        case other: return other
print(m(1), m('b'), m('z'))
#### match nested or with capture
def m(v):
    match v:
        case ('go', ('north' | 'south') as d) | ('run', d): return d
        case {'pos': (x, y), 'kind': 'pt' | 'dot' as k}: return x, y, k
print(m(('go', 'north')), m(('run', 'x')), m(('go', 'up')), m({'pos': (1, 2), 'kind': 'dot'}))
#### match positional errors
class Q: pass
try:
    match Q():
        case Q(1): pass
except TypeError as e: print(e)
#### semicolons and one liners
a = 1; b = 2; print(a + b)
if a: print('x'); print('y')
while b: b -= 1
print(b)
#### while with complex condition
i = 0
while (i := i + 1) < 10 and not i * i > 20: pass
print(i)
#### exception attributes
try: open
except NameError: pass
try: int('x')
except ValueError as e: print(e.args)
try: raise StopIteration(5)
except StopIteration as e: print(e.value)
try: raise SystemExit(3)
except SystemExit as e: print(e.code)
#### uncaught
def f(): raise RuntimeError('at the end')
print('before')
f()
#### uncaught custom
class Boom(Exception): pass
raise Boom('x', 2)
#### uncaught key error
{}['missing']
#### uncaught without message
raise ValueError
#### note
e = ValueError('x'); e.add_note('n1')
print(e.__notes__)
