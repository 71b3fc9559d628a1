#### basic class
class P:
    """doc"""
    kind = 'point'
    def __init__(self, x, y=0):
        self.x, self.y = x, y
    def norm(self): return (self.x ** 2 + self.y ** 2) ** 0.5
p = P(3, 4)
print(p.norm(), p.kind, P.kind, P.__doc__, P.__name__, p.__class__ is P, p.__dict__, P.__module__)
#### repr and str
class A:
    def __repr__(self): return 'A!'
class B(A):
    def __str__(self): return 'b'
print(A(), str(A()), repr(A()), B(), repr(B()), [B()], f'{B()} {B()!r}')
#### inheritance and super
class A:
    def f(self): return ['A']
class B(A):
    def f(self): return ['B'] + super().f()
class C(A):
    def f(self): return ['C'] + super(C, self).f()
class D(B, C):
    def f(self): return ['D'] + super().f()
print(D().f(), [c.__name__ for c in D.__mro__])
#### super init chain
class Base:
    def __init__(self, **kw):
        self.kw = kw
class L(Base):
    def __init__(self, units, **kw):
        super().__init__(**kw)
        self.units = units
class M(L):
    def __init__(self, *args, extra=0, **kw):
        super(M, self).__init__(*args, **kw)
        self.extra = extra
m = M(3, extra=2, name='n')
print(m.units, m.extra, m.kw)
#### mro conflict
class A: pass
class B(A): pass
try:
    class C(A, B): pass
except TypeError as e: print(type(e).__name__)
#### duplicate base
class A: pass
try:
    class B(A, A): pass
except TypeError as e: print(e)
#### property
class T:
    def __init__(self): self._c = 0
    @property
    def c(self):
        "the c"
        return self._c
    @c.setter
    def c(self, v):
        if v < 0: raise ValueError('negative')
        self._c = v
    @c.deleter
    def c(self): self._c = None
t = T(); t.c = 5
print(t.c, T.c.__doc__)
try: t.c = -1
except ValueError as e: print(e)
del t.c
print(t.c)
#### property without setter
class T:
    @property
    def p(self): return 1
t = T()
try: t.p = 2
except AttributeError as e: print(e)
try: del t.p
except AttributeError as e: print(e)
#### property inherited and overridden
class A:
    @property
    def v(self): return 'A'
class B(A):
    @property
    def v(self): return 'B' + super().v
print(A().v, B().v)
#### property function form
class A:
    def get(self): return self._x
    def set(self, v): self._x = v * 2
    x = property(get, set, None, 'docs')
a = A(); a.x = 4
print(a.x, A.x.__doc__)
#### static and class methods
class A:
    n = 1
    @staticmethod
    def s(a, b=2): return a + b
    @classmethod
    def c(cls, k=0): return cls.__name__, cls.n + k
class B(A): n = 10
print(A.s(1), A().s(1, 5), A.c(), B.c(1), B().c())
#### classmethod alternative constructor
class A:
    def __init__(self, v): self.v = v
    @classmethod
    def from_config(cls, config): return cls(**config)
class B(A): pass
print(type(B.from_config({'v': 3})).__name__, B.from_config({'v': 3}).v)
#### getattr hook
class A:
    x = 1
    def __getattr__(self, name):
        if name.startswith('dyn_'): return name[4:]
        raise AttributeError(name)
a = A()
print(a.x, a.dyn_foo, hasattr(a, 'y'), getattr(a, 'z', 'dflt'))
try: a.q
except AttributeError as e: print(e)
#### getattribute hook
class A:
    def __init__(self): self.v = 1
    def __getattribute__(self, name):
        if name == 'magic': return 42
        return super().__getattribute__(name)
a = A()
print(a.v, a.magic, hasattr(a, 'none'))
#### getattribute then getattr
class A:
    def __getattribute__(self, n): raise AttributeError('no ' + n)
    def __getattr__(self, n): return 'fallback ' + n
print(A().x)
#### setattr hook
class A:
    def __setattr__(self, name, value):
        print('set', name, value)
        object.__setattr__(self, name, value)
    def __delattr__(self, name):
        print('del', name)
        super().__delattr__(name)
a = A(); a.x = 1
print(a.x)
del a.x
print(hasattr(a, 'x'))
#### tracking setattr
class Layer:
    def __init__(self): super().__setattr__('tracked', [])
    def __setattr__(self, k, v):
        if isinstance(v, Layer): self.tracked.append(k)
        super().__setattr__(k, v)
l = Layer(); l.a = Layer(); l.b = 3; l.c = Layer()
print(l.tracked, l.b)
#### attribute errors
class A: pass
for code in (lambda: A().x, lambda: A.x, lambda: (1).foo, lambda: 'a'.nope, lambda: None.x, lambda: [].y):
    try: code()
    except AttributeError as e: print(e)
#### delete missing attribute
class A: pass
a = A()
try: del a.x
except AttributeError as e: print(type(e).__name__)
#### class attributes vs instance
class A:
    items = []
    n = 0
a, b = A(), A()
a.items.append(1); a.n += 1
print(A.items, b.items, A.n, a.n, 'n' in b.__dict__)
A.n = 7
print(b.n, a.n)
#### data descriptor
class D:
    def __set_name__(self, owner, name): self.name = '_' + name
    def __get__(self, obj, cls=None):
        if obj is None: return self
        return getattr(obj, self.name, 'unset')
    def __set__(self, obj, v): setattr(obj, self.name, v * 2)
    def __delete__(self, obj): delattr(obj, self.name)
class A:
    x = D()
    y = D()
a = A()
print(a.x, a.y); a.x = 5
print(a.x, a.y, a.__dict__, isinstance(A.x, D))
del a.x
print(a.x)
#### non data descriptor
class D:
    def __get__(self, obj, cls): return 'desc'
class A: x = D()
a = A()
print(a.x); a.x = 'own'
print(a.x, A.x)
#### descriptor caching
class cached:
    def __init__(self, f): self.f = f; self.name = f.__name__
    def __get__(self, obj, cls):
        v = obj.__dict__[self.name] = self.f(obj)
        print('computed')
        return v
class A:
    @cached
    def big(self): return 99
a = A()
print(a.big, a.big)
#### init subclass
class Base:
    registry = []
    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.registry.append((cls.__name__, tag))
class A(Base): pass
class B(Base, tag='b'): pass
class C(B, tag='c'): pass
print(Base.registry)
#### init subclass keyword error
class A: pass
try:
    class B(A, x=1): pass
except TypeError as e: print(e)
#### metaclass
class Meta(type):
    def __new__(mcs, name, bases, ns, **kw):
        ns['added'] = name.lower()
        return super().__new__(mcs, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        cls.inited = True
    def __call__(cls, *args):
        obj = super().__call__(*args)
        obj.called = args
        return obj
    def meta_method(cls): return 'mm ' + cls.__name__
class A(metaclass=Meta):
    def __init__(self, *a): pass
class B(A): pass
print(A.added, B.added, B.inited, B(1, 2).called, B.meta_method(), type(B).__name__)
#### metaclass attribute not on instance
class M(type):
    x = 1
class A(metaclass=M): pass
print(A.x, hasattr(A(), 'x'))
#### prepare
class M(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw): return {'injected': name}
class A(metaclass=M):
    seen = injected
print(A.seen, A.injected)
#### singleton new
class S:
    _i = None
    def __new__(cls, *a, **k):
        if cls._i is None: cls._i = super().__new__(cls)
        return cls._i
    def __init__(self, v=0): self.v = v
a, b = S(1), S(2)
print(a is b, a.v)
#### new returning other type
class A:
    def __new__(cls): return 5
    def __init__(self): print('never')
print(A())
#### subclass int and str
class I(int):
    def __new__(cls, v): return super().__new__(cls, v * 2)
    def double(self): return self + self
i = I(3)
print(i, i.double(), type(i).__name__, type(i + 1).__name__, i == 6, isinstance(i, int), [0] * 8 and list(range(10))[i])
class S(str):
    def shout(self): return self.upper() + '!'
print(S('hi').shout(), S('a') + 'b', len(S('abc')), {S('k'): 1}['k'])
#### subclass list and dict
class L(list):
    def total(self): return sum(self)
    def append(self, x):
        super().append(x * 10)
l = L([1, 2]); l.append(3)
print(l, l.total(), len(l), l[-1], isinstance(l, list), l == [1, 2, 30])
class D(dict):
    def __missing__(self, k): return k * 2
    def __getitem__(self, k): return super().__getitem__(k)
d = D(a=1)
print(d['a'], d['zz'], dict(d), 'a' in d)
#### subclass tuple
class T(tuple):
    def __new__(cls, *a): return super().__new__(cls, a)
    @property
    def first(self): return self[0]
t = T(1, 2)
print(t.first, t, len(t), t + (3,))
#### subclass exception
class E(Exception):
    def __init__(self, code, msg='m'):
        super().__init__(msg)
        self.code = code
try: raise E(3, 'boom')
except E as e: print(e, e.code, e.args, repr(e))
#### operators
class V:
    def __init__(self, x): self.x = x
    def __add__(self, o): return V(self.x + (o.x if isinstance(o, V) else o))
    __radd__ = __add__
    def __mul__(self, o):
        if not isinstance(o, (int, float)): return NotImplemented
        return V(self.x * o)
    def __rmul__(self, o): return self * o
    def __neg__(self): return V(-self.x)
    def __pos__(self): return self
    def __invert__(self): return V(~self.x)
    def __matmul__(self, o): return ('mm', self.x, o.x)
    def __repr__(self): return f'V({self.x})'
    def __eq__(self, o): return isinstance(o, V) and self.x == o.x
    def __lt__(self, o): return self.x < o.x
    def __bool__(self): return self.x != 0
    def __len__(self): return 3
    def __abs__(self): return abs(self.x)
a, b = V(1), V(2)
print(a + b, a + 1, 1 + a, a * 3, 3 * a, -a, +a, ~a, a @ b, a == V(1), a != b, a < b, b > a, bool(V(0)), abs(V(-3)), sum([a, b]))
try: a * 'x'
except TypeError as e: print(e)
#### reflected priority of subclass
class A:
    def __add__(self, o): return 'A.add'
    def __radd__(self, o): return 'A.radd'
class B(A):
    def __radd__(self, o): return 'B.radd'
class C(A): pass
print(A() + B(), A() + C(), B() + A(), 1 + A())
#### inplace operators
class A:
    def __init__(self): self.log = []
    def __iadd__(self, o): self.log.append(o); return self
    def __imul__(self, o): return 'replaced'
a = A(); a += 1; a += 2
print(a.log); a *= 3
print(a)
#### all binary dunders
class N:
    def __getattr__(self, n): raise AttributeError(n)
for name in 'sub truediv floordiv mod pow lshift rshift and or xor divmod'.split():
    setattr(N, f'__{name}__', lambda self, o, name=name: name)
    setattr(N, f'__r{name}__', lambda self, o, name=name: 'r' + name)
n = N()
print(n - 1, n / 1, n // 1, n % 1, n ** 1, n << 1, n >> 1, n & 1, n | 1, n ^ 1, divmod(n, 1))
print(1 - n, 1 / n, 1 // n, 1 % n, 1 ** n, 1 << n, 1 >> n, 1 & n, 1 | n, 1 ^ n)
#### eq and hash
class K:
    def __init__(self, k): self.k = k
    def __eq__(self, o): return self.k == o.k
    def __hash__(self): return hash(self.k)
print(len({K(1), K(1), K(2)}), {K(1): 'a'}[K(1)])
class U:
    def __eq__(self, o): return True
try: hash(U())
except TypeError as e: print(e)
#### rich comparison fallback
class A:
    def __gt__(self, o): return 'gt'
print(A() > 1, 1 < A())
try: A() < 1
except TypeError as e: print(e)
#### comparison not implemented
class A:
    def __eq__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
a = A()
print(a == 1, a != 1, a == a)
try: a < 1
except TypeError as e: print(e)
#### container protocol
class C:
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __contains__(self, k): return k in self.d
    def __len__(self): return len(self.d)
    def __iter__(self): return iter(self.d)
c = C(); c['a'] = 1; c[1, 2] = 3
print(c['a'], c[1, 2], 'a' in c, 'z' in c, len(c), list(c), bool(c))
del c['a']
print(list(c), bool(C()))
#### getitem slices
class S:
    def __getitem__(self, k): return k
s = S()
print(s[1], s[1:2], s[::2], s[1:2, 3], s[..., None], s[:, 0], s[-1:])
#### iteration via getitem
class Sq:
    def __getitem__(self, i):
        if i >= 4: raise IndexError
        return i * i
print(list(Sq()), 9 in Sq(), 5 in Sq(), [*Sq()])
a, *b = Sq()
print(a, b)
#### iterator class
class Count:
    def __init__(self, n): self.i, self.n = 0, n
    def __iter__(self): return self
    def __next__(self):
        if self.i >= self.n: raise StopIteration
        self.i += 1
        return self.i
print(list(Count(3)), sum(Count(4)), dict(zip('ab', Count(5))), max(Count(3)))
#### context manager class
class M:
    def __init__(self, n): self.n = n
    def __enter__(self): print('enter', self.n); return self
    def __exit__(self, t, v, tb): print('exit', self.n, t.__name__ if t else None, v); return self.n == 'swallow'
with M('a') as a, M('b') as b: print(a.n, b.n)
with M('swallow'): raise ValueError('x')
try:
    with M('pass'): raise KeyError('k')
except KeyError as e: print('out', e)
#### slots
class A:
    __slots__ = ('x', 'y')
    def __init__(self): self.x = 1
a = A()
print(a.x, hasattr(a, 'y'))
try: a.z = 1
except AttributeError as e: print(e)
#### name mangling
class A:
    __secret = 1
    def __init__(self): self.__v = 2
    def get(self): return self.__v + self.__secret
    def __private(self): return 'p'
    def call(self): return self.__private()
a = A()
print(a.get(), a.call(), sorted(a.__dict__), hasattr(a, '__v'), A._A__secret)
#### class scope
x = 'global'
class A:
    x = 'class'
    y = x
    def m(self): return x
    z = [x for _ in range(1)]
print(A.y, A().m(), A.z)
#### class body statements
class A:
    for i in range(3): pass
    if i == 2: flag = True
    try: bad = undefined_name
    except NameError: bad = None
    def __init__(self): pass
print(A.i, A.flag, A.bad)
#### nested class
class Outer:
    class Inner:
        v = 3
        def who(self): return type(self).__qualname__
    def make(self): return self.Inner()
print(Outer().make().who(), Outer.Inner.v)
#### class in function
def f(n):
    class Local:
        val = n
        def get(self): return n + self.val
    return Local
print(f(2)().get(), f(1).__qualname__)
#### __class__ in method
class A:
    def f(self): return __class__.__name__
class B(A): pass
print(B().f())
#### super in classmethod and static lookups
class A:
    @classmethod
    def make(cls): return ['A', cls.__name__]
class B(A):
    @classmethod
    def make(cls): return ['B'] + super().make()
print(B.make())
#### super attribute set and property
class A:
    @property
    def p(self): return 'Ap'
class B(A):
    def f(self): return super().p
print(B().f())
#### super missing attribute
class A:
    def f(self): return super().nope
try: A().f()
except AttributeError as e: print(e)
#### multiple inheritance diamond init
class R:
    def __init__(self): print('R')
class A(R):
    def __init__(self): print('A'); super().__init__()
class B(R):
    def __init__(self): print('B'); super().__init__()
class C(A, B):
    def __init__(self): print('C'); super().__init__()
C()
#### mixin
class Jsonable:
    def to(self): return {k: v for k, v in self.__dict__.items() if not k.startswith('_')}
class P(Jsonable):
    def __init__(self): self.a = 1; self._h = 2
print(P().to())
#### isinstance and issubclass
class A: pass
class B(A): pass
print(isinstance(B(), A), isinstance(A(), B), isinstance(1, (str, int)), issubclass(B, A), issubclass(bool, int), isinstance(True, int), isinstance(1, int | str), isinstance(None, type(None)))
try: isinstance(1, 3)
except TypeError as e: print(e)
#### instancecheck metaclass
class M(type):
    def __instancecheck__(cls, o): return o == 42
    def __subclasscheck__(cls, c): return c is int
class A(metaclass=M): pass
print(isinstance(42, A), isinstance(1, A), issubclass(int, A), issubclass(str, A))
#### dynamic type creation
A = type('A', (), {'x': 1, 'f': lambda self: self.x + 1})
B = type('B', (A,), dict(y=2))
print(A().f(), B().f(), B.y, B.__mro__[1] is A, type(A) is type, A.__name__)
#### setattr on class
class A: pass
a = A()
A.f = lambda self: 'late'
setattr(A, 'n', 5)
print(a.f(), a.n, getattr(A, 'n'), A.__dict__['n'])
del A.n
print(hasattr(a, 'n'))
#### vars dir
class A:
    k = 1
    def __init__(self): self.z = 1; self.a = 2
print(vars(A()), [n for n in dir(A()) if not n.startswith('__')])
#### bound methods
class A:
    def f(self, x): return x + 1
    def __eq__(self, o): return True
a = A()
g = a.f
print(g(1), A.f(a, 2), g.__name__, g.__self__ is a, g.__func__ is A.f, a.f == a.f)
#### method stored elsewhere
class A:
    def __init__(self, f): self.f = f
print(A(lambda x: x * 2).f(4), A(len).f([1, 2]))
#### class getitem
class A:
    def __class_getitem__(cls, k): return (cls.__name__, k)
print(A[int], A['x', 1])
#### call object init no args
class A: pass
for args in ((1,), (1, 2)):
    try: A(*args)
    except TypeError as e: print(e)
#### init returns value
class A:
    def __init__(self): return 1
try: A()
except TypeError as e: print(e)
#### abstract base class
from abc import ABC, abstractmethod
class S(ABC):
    @abstractmethod
    def area(self): ...
    def describe(self): return f'{type(self).__name__} {self.area()}'
class Q(S):
    def area(self): return 4
print(Q().describe())
try: S()
except TypeError as e: print(e)
#### str of types
print(int, type(None), type(lambda: 0).__name__, type(print).__name__, type(type), Exception)
class A: pass
print(A, type(A()), [A])
#### equality default identity
class A: pass
a, b = A(), A()
print(a == a, a == b, a != b, a in [b, a], [a] == [a])
#### index protocol
class I:
    def __index__(self): return 2
print([10, 20, 30][I()], list(range(I())), 'abcd'[:I()], bin(I()))
#### bool and len
class A:
    def __len__(self): return 0
class B:
    def __bool__(self): return 'x'
print(bool(A()), not A())
try: bool(B())
except TypeError as e: print(e)
#### format dunder
class A:
    def __format__(self, spec): return f'<{spec}>'
print(f'{A():abc}', format(A(), 'q'), '{:zz}'.format(A()), f'{A()}')
#### class keyword annotations
class A:
    x: int
    y: str = 'a'
    z: 'List[int]' = None
print(A.__annotations__, hasattr(A, 'x'))
#### del special
class A:
    def __init__(self): self.l = [1, 2, 3]
a = A()
del a.l[0], a.l[-1]
print(a.l)
#### property on getattr error chain
class A:
    @property
    def bad(self): raise AttributeError('inner')
    def __getattr__(self, n): return 'hook ' + n
print(A().bad)
#### slots inheritance
class A:
    __slots__ = ['a']
class B(A):
    pass
b = B(); b.anything = 1; b.a = 2
print(b.anything, b.a)
#### subclasses list
class A: pass
class B(A): pass
class C(A): pass
print([c.__name__ for c in A.__subclasses__()], A.__bases__, B.__base__.__name__ if hasattr(B, '__base__') else 'A')
#### generic alias
print(list[int], dict[str, list[int]], tuple[int, ...])
def f(x: list[int] | None = None) -> dict[str, int]: return x
print(f(), isinstance([], list))
#### instance call order
class A:
    def __new__(cls, *a, **k):
        print('new', a, k)
        return object.__new__(cls)
    def __init__(self, *a, **k): print('init', a, k)
A(1, b=2)
