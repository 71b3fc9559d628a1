#### layer like config round trip
class Base:
    def __init__(self, name=None, **kwargs):
        self.name = name or type(self).__name__.lower()
        if kwargs: raise TypeError(f'unexpected {sorted(kwargs)}')
    def get_config(self): return {'name': self.name}
    @classmethod
    def from_config(cls, config): return cls(**config)
class Dense(Base):
    def __init__(self, units, activation='relu', **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = activation
    def get_config(self):
        config = super().get_config()
        config.update({'units': self.units, 'activation': self.activation})
        return config
d = Dense(4, name='x')
print(d.get_config(), Dense.from_config(d.get_config()).units, Dense(1).name)
try: Dense(1, foo=2, bar=3)
except TypeError as e: print(e)
#### activation argument
def relu(x): return max(x, 0)
table = {'relu': relu, None: lambda x: x}
def get(a): return a if callable(a) else table[a]
print(get('relu')(-3), get(None)(-3), get(abs)(-3))
#### asserts with messages
def check(shape):
    assert len(shape) == 2, f'expected rank 2, got {len(shape)}'
    assert all(isinstance(d, int) for d in shape), 'dims'
    return True
print(check((1, 2)))
for s in ((1,), (1, 'a')):
    try: check(s)
    except AssertionError as e: print(e)
#### attribute functions
class A:
    def __init__(self): setattr(self, 'w0', 1); self.w1 = 2
    def total(self): return sum(getattr(self, f'w{i}') for i in range(2) if hasattr(self, f'w{i}'))
a = A(); delattr(a, 'w0')
print(a.total(), hasattr(a, 'w0'), getattr(a, 'w9', None))
#### class attributes as configuration
class Cfg:
    DIMS = (1, 2)
    TABLE = {'a': 1}
    COUNT = len(DIMS)
    def get(self): return [d * self.COUNT for d in self.DIMS]
print(Cfg().get(), Cfg.TABLE['a'])
#### default args mutable and none
def f(shape=None, sizes=(3, 3), opts={}):
    shape = list(shape or (1,))
    opts[len(opts)] = shape
    return shape, sizes, dict(opts)
print(f(), f([2]), f(sizes=1))
#### dict methods
d = {'b': 1, 'a': 2}
d.setdefault('c', []).append(3)
print(d.pop('b'), d.get('z', 0), list(d.items()), {**d, 'a': 9}, d | {'q': 1}, sorted(d), 'a' in d)
d.update(x=1, **{'y': 2})
print(d, dict(zip('ab', range(2))), {k: v for k, v in sorted(d.items(), key=lambda kv: kv[0])})
#### generator expressions
dims = (4, 8, 16)
print(tuple(d // 2 for d in dims), sum(d for d in dims if d > 4), any(d > 10 for d in dims), ', '.join(str(d) for d in dims))
#### isinstance chain
def kind(x):
    if isinstance(x, bool): return 'bool'
    elif isinstance(x, (int, float)): return 'num'
    elif isinstance(x, str): return 'str'
    elif isinstance(x, (list, tuple)): return [kind(v) for v in x]
    elif isinstance(x, dict): return {k: kind(v) for k, v in x.items()}
    elif x is None: return 'none'
    return type(x).__name__
print(kind([True, 1, 2.0, 'a', (None,), {'k': {1}}]))
#### iteration builtins
print(list(zip([1, 2], 'ab', (True, False))), list(enumerate('xy', start=5)), sorted([(2, 'b'), (1, 'c'), (2, 'a')]), list(reversed(range(4))), min([3, 1]), max(1, 5, 2), sum([[1], [2]], []))
print(all([]), any([]), list(map(lambda a, b: a * b, [1, 2], [3, 4])), sorted('bca', reverse=True), divmod(17, 5), round(2.5), round(3.14159, 2), abs(-3), pow(2, 10, 7))
#### kwargs through layers of calls
def a(*args, **kw): return b(*args, extra=1, **kw)
def b(x, y=2, *, extra, **rest): return x, y, extra, rest
print(a(1), a(1, 3, q=4))
try: a(1, extra=5)
except TypeError as e: print(type(e).__name__)
#### lambdas in structures
fs = {'sq': lambda x: x ** 2, 'id': (lambda x: x)}
pipeline = [fs['sq'], lambda v, k=3: v + k]
v = 4
for f in pipeline: v = f(v)
print(v)
#### layers in dict
class L:
    def __init__(self, n): self.n = n
    def __call__(self, x): return x * self.n
class Net:
    def __init__(self): self.layers = {f'l{i}': L(i + 1) for i in range(3)}; self.seq = [L(2)] * 2
    def __call__(self, x):
        for name, l in self.layers.items(): x = l(x)
        for l in self.seq: x = l(x)
        return x
print(Net()(1))
#### loop over dims
shape = (None, 4, 5, 3)
out = []
for i, d in enumerate(shape[1:-1], 1):
    out.append((i, (d + 1) // 2))
print(out, shape[-1], shape[:1] + tuple(d for _, d in out) + (7,))
#### percent and format
print('%s-%d-%.2f-%r-%5s|%-5s|%05d' % ('a', 3, 1.5, 'q', 'x', 'y', 42))
print('{} {1} {0}'.format(1, 2) if False else '{1} {0}'.format(1, 2), '{:>5}|{:<5}|{:^5}|{:05.1f}'.format('a', 'b', 'c', 2.55), '{x[0]} {y.real}'.format(x=[1], y=3))
n, w = 3.14159, 10
print(f'{n:.2f} {n:{w}.3f} {n!r:>10} {w:x} {w:b} {1000000:,} {0.25:.0%} {w=} {"nested"}')
#### f string nesting
d = {'k': [1, 2]}
print(f"{d['k'][0]} {[x for x in d['k']]} {'a' if d else 'b'} {{braces}} {len(d)!s:>3}" f' joined' ' plain')
#### static methods as helpers
class M:
    @staticmethod
    def pad(k): return (k - 1) // 2
    def go(self): return self.pad(5), M.pad(3), type(self).pad(7)
print(M().go())
#### subclass override calls
class A:
    def call(self, x): return self.pre(x) + 1
    def pre(self, x): return x
class B(A):
    def pre(self, x): return super().pre(x) * 10
print(B().call(2), A().call(2))
#### try in init
class A:
    def __init__(self, v):
        try: self.v = int(v)
        except (TypeError, ValueError): self.v = -1
        else: self.ok = True
        finally: self.done = True
print(vars(A('3')), vars(A('x')), vars(A(None)))
#### typed layer
from typing import Any, Dict, List, Optional, Tuple, Union, Callable
class A:
    size: Optional[int] = None
    def f(self, x: Union[int, List[int]], cb: Callable[[int], int] = lambda v: v) -> Dict[str, Any]:
        y: Tuple[int, ...] = (1, 2)
        return {'x': cb(x), 'y': y}
print(A().f(3))
#### unpacking
def f(): return 1, (2, [3, 4])
a, (b, [c, d]) = f()
first, *mid, last = 'hello'
x = y = [0]
(h, w), ch = (5, 6), 3
print(a, b, c, d, first, mid, last, x is y, h, w, ch)
print(*[1, 2], *(3,), sep='-')
#### walrus and globals
cache = {}
def get(k):
    if (v := cache.get(k)) is None:
        cache[k] = v = k * 2
        return 'miss', v
    return 'hit', v
print(get(2), get(2), [y for x in range(4) if (y := x * x) > 1])
#### weights on demand
class A:
    def __init__(self): self._w = {}
    def weight(self, n, shape):
        if n not in self._w: self._w[n] = [0] * shape
        return self._w[n]
a = A(); a.weight('k', 2)[0] = 5
print(a.weight('k', 9), len(a._w))
#### wrapper class
class Wrap:
    def __init__(self, inner): self.inner = inner
    def __getattr__(self, n): return getattr(self.inner, n)
class In:
    v = 3
    def f(self): return 'in f'
w = Wrap(In())
print(w.v, w.f(), hasattr(w, 'zz'))
try: w.zz
except AttributeError as e: print(e)
#### partial and reduce
from functools import partial, reduce
print(partial(pow, 2)(5), partial(lambda a, b=0, *, c: (a, b, c), c=3)(1), reduce(lambda a, b: a * b, [1, 2, 3, 4], 1))
#### wraps
from functools import wraps
def deco(f):
    @wraps(f)
    def inner(*a, **k): return ('w', f(*a, **k))
    return inner
@deco
def named(x):
    "docs"
    return x
print(named(1), named.__name__, named.__doc__)
#### lru cache
from functools import lru_cache
calls = []
@lru_cache(maxsize=None)
def f(n):
    calls.append(n)
    return n if n < 2 else f(n - 1) + f(n - 2)
print(f(20), len(calls))
#### namedtuple
from collections import namedtuple
P = namedtuple('P', 'x y')
p = P(1, y=2)
print(p, p.x, p[1], p._replace(x=5), p == (1, 2), P._fields, [*p])
x, y = p
print(x + y)
#### ordered default counter
from collections import OrderedDict, defaultdict
d = defaultdict(list); d['a'].append(1); d['a'].append(2); d['b']
o = OrderedDict([('z', 1), ('a', 2)]); o.move_to_end('z')
print(dict(d), list(o))
#### dataclass
from dataclasses import dataclass, field, asdict, replace
@dataclass
class C:
    units: int
    name: str = 'n'
    opts: list = field(default_factory=list)
    def total(self): return self.units * 2
c = C(3); c.opts.append(1)
print(c, c == C(3, 'n', [1]), c.total(), asdict(c), replace(c, units=9).units, C(1).opts)
#### enum
from enum import Enum
class Color(Enum):
    RED = 1
    BLUE = 'b'
    def low(self): return self.name.lower()
print(Color.RED, Color.RED.value, Color['BLUE'].low(), Color(1) is Color.RED, [c.name for c in Color])
#### math
import math
print(math.sqrt(16), math.ceil(2.1), math.floor(-2.1), round(math.pi, 4), math.log2(8), math.prod([2, 3]), math.isclose(0.1 + 0.2, 0.3), math.inf > 1)
#### copy
import copy
a = {'l': [1, [2]]}
b, c = copy.copy(a), copy.deepcopy(a)
a['l'][1].append(3)
print(b, c)
#### itertools
import itertools as it
print(list(it.chain([1], (2, 3))), list(it.product('ab', [1, 2])), list(it.accumulate([1, 2, 3])), list(it.zip_longest([1], 'ab', fillvalue=0)), list(it.repeat(7, 2)))
#### training branches
def call(x, training=None, mask=None):
    if training is None: training = False
    if training and mask is not None: return 'tm'
    return 'infer' if not training else 'train'
print(call(1), call(1, True), call(1, training=True, mask=1))
#### docstrings everywhere
"""module doc"""
def f():
    '''f doc'''
    'another'
    return f.__doc__
class A:
    "A doc"
    def m(self):
        r"""m \d doc"""
print(__doc__, f(), A.__doc__, A.m.__doc__, A().m.__doc__)
#### star in middle of call
def f(*a, **k): return a, k
args, kw = [2, 3], {'z': 1}
print(f(1, *args, 4, *args, y=0, **kw, w=2))
#### comparison of mixed containers
print([1, 2] == [1, 2], (1, 2) < (1, 3), [1] != (1,), {'a': 1} == {'a': 1.0}, {1, 2} == {2, 1}, 'a' < 'b', None == 0, 1 == True, [] is [])
try: [1] < ['a']
except TypeError as e: print(e)
#### operator error messages
def t(f):
    try: f()
    except TypeError as e: print(e)
t(lambda: 1 + 'a'); t(lambda: 'a' + 1); t(lambda: [1] + (2,)); t(lambda: {} + {}); t(lambda: None - 1); t(lambda: -'a'); t(lambda: 'a' * 'b'); t(lambda: 1 < 'a'); t(lambda: len(5)); t(lambda: iter(5)); t(lambda: [][1.5] if False else [1]['a']); t(lambda: {}[[]]); t(lambda: 5[0]); t(lambda: 3 @ 4)
def inplace():
    x = 1
    x += 'a'
t(inplace)
def setit():
    t_ = (1,)
    t_[0] = 2
t(setit)
def delit():
    s = 'abc'
    del s[0]
t(delit)
#### index errors
def t(f):
    try: f()
    except (IndexError, KeyError, ZeroDivisionError, ValueError, OverflowError) as e: print(type(e).__name__, e)
t(lambda: [1][5]); t(lambda: (1,)[-3]); t(lambda: 'a'[2]); t(lambda: {'a': 1}['b']); t(lambda: 1 // 0); t(lambda: 1 % 0); t(lambda: 1.0 / 0); t(lambda: int('z')); t(lambda: [].pop()); t(lambda: [1].index(2)); t(lambda: 2 ** -1 if False else 0 ** -1); t(lambda: float('q')); t(lambda: list.remove([1], 2))
#### integer arithmetic
print(7 // 2, -7 // 2, 7 % -3, -7 % 3, 2 ** 64, -(2 ** 63), (1 << 70) >> 68, 10 ** 20 // 3, ~5, 5 & 3 | 8 ^ 1, 0x1F + 0b11 + 0o7, 1_000)
print(7 / 2, 1e3, 1e22, 0.1 + 0.2, 5.0 // 2, -5.5 % 2, 2 ** 0.5, 3 == 3.0, int(3.9), float(2), 1e400, -1e-7, 123456789.123)
#### slices
l = list(range(10))
print(l[2:5], l[::-1], l[-3:], l[1:8:3], l[8:1:-2], 'hello'[1:-1], (1, 2, 3)[::2])
l[1:3] = ['a', 'b', 'c']; del l[5:7]; l[::4] = [0, 0, 0] if len(l[::4]) == 3 else l[::4]
print(l)
#### string methods
s = ' Hello, World '
print(s.strip().lower().split(', '), s.replace('l', 'L'), 'a-b-c'.rsplit('-', 1), 'x'.join('abc'), 'abc'.startswith(('a', 'z')), 'layer_1'.partition('_'), 'ab'.center(6, '*'), '7'.zfill(3), 'camelCase'.title(), s.find('W'), 'aXbX'.count('X'))
#### set operations
a, b = {1, 2, 3}, {2, 3, 4}
print(sorted(a & b), sorted(a | b), sorted(a - b), sorted(a ^ b), a <= {1, 2, 3, 4}, 2 in a, len(a), frozenset([1]) == {1})
#### list methods
l = [3, 1, 2]
l.sort(key=lambda v: -v); l.insert(1, 9); l.extend((7,)); l.reverse()
print(l, l.index(9), l.count(3), l.pop(0), l.copy() is l, l * 2, [0] * 3, 9 in l)
#### multiple inheritance with kwargs
class A:
    def __init__(self, a=1, **kw): super().__init__(**kw); self.a = a
class B:
    def __init__(self, b=2, **kw): super().__init__(**kw); self.b = b
class C(A, B):
    def __init__(self, **kw): super().__init__(**kw)
c = C(a=5, b=6)
print(c.a, c.b)
#### property based lazy
class A:
    _v = None
    @property
    def v(self):
        if self._v is None: self._v = 'made'; print('make')
        return self._v
a = A(); print(a.v, a.v)
#### nested functions and defaults in loops
def build(n):
    layers = []
    for i in range(n):
        def layer(x, scale=i + 1): return x * scale
        layers.append(layer)
    def forward(x):
        for l in layers: x = l(x)
        return x
    return forward
print(build(4)(1))
#### registry decorator
REG = {}
def register(name=None, package='Custom'):
    def deco(cls):
        REG[f'{package}>{name or cls.__name__}'] = cls
        return cls
    return deco
@register()
class A: pass
@register('bee', package='P')
class B: pass
print({k: v.__name__ for k, v in REG.items()})
#### type params
x = 5
print(type(x)(3.7), type('a')(5), [t(2) for t in (int, float, str, bool)], type([])((1, 2)))
#### print forms
print('a', 'b', sep='', end='!\n'); print(); print(1, [2, 'x'], None, True, 1.0, {'a': (1,)}, sep=', ')
#### bytes and complex
print(b'ab'[0], b'ab' + b'c', list(b'xy'), 'é'.encode().decode(), (1 + 2j) * 2, abs(3 + 4j), 2j.imag)
#### nested data update
cfg = {'layers': [{'units': 1}, {'units': 2}]}
for i, l in enumerate(cfg['layers']): l['units'] *= 10; l['i'] = i
cfg['layers'][0]['units'] += 1
print(cfg)
#### hasattr on property that fails
class A:
    @property
    def p(self): raise ValueError('v')
try: hasattr(A(), 'p')
except ValueError as e: print('leaks', e)
#### conditional class definition
flag = True
if flag:
    class A: v = 'yes'
    def f(): return 'f yes'
else:
    class A: v = 'no'
    def f(): return 'f no'
print(A.v, f())
#### unicode identifiers and text
größe = 3
print(größe, 'naïve'.upper(), len('日本'), '日本'[1], sorted('éa'))
#### exec order of class decorators and metaclass
def d1(c): print('d1', c.__name__); return c
def d2(c): print('d2', c.__name__); return c
class M(type):
    def __new__(m, n, b, d): print('meta', n); return super().__new__(m, n, b, d)
@d1
@d2
class A(metaclass=M): print('body')
