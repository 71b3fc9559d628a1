#### import forms
import m
import m as mm
from m import x, f as g
print(m.x, mm is m, x, g(2), m.__name__)
#file m.py
x = 5
def f(v): return v * x
#### package and submodules
import pkg.sub.deep
import pkg.sub as ps
from pkg import sub
from pkg.sub import deep as d, value
print(pkg.sub.deep.name, ps is sub, d is pkg.sub.deep, value, pkg.top)
#file pkg/__init__.py
top = 'pkg'
#file pkg/sub/__init__.py
value = 7
#file pkg/sub/deep.py
name = __name__
#### relative imports
from pkg.a import run
print(run())
#file pkg/__init__.py
from .b import helper
from . import c
#file pkg/a.py
from .b import helper
from . import c as cc
from .inner.z import zed
def run(): return helper(), cc.K, zed()
#file pkg/b.py
def helper(): return 'helped'
#file pkg/c.py
K = 3
#file pkg/inner/__init__.py
#file pkg/inner/z.py
from ..b import helper
def zed(): return helper() + 'z'
#### relative parent
from pkg.inner.z import zed
print(zed())
#file pkg/__init__.py
#file pkg/b.py
def helper(): return 'h'
#file pkg/inner/__init__.py
#file pkg/inner/z.py
from ..b import helper
def zed(): return helper() + 'z'
#### star import
from m import *
print(a, 'hidden' in globals(), '_p' in globals())
#file m.py
__all__ = ['a']
a = 1
hidden = 2
#### star import without all
from m import *
print(a, b, '_p' in globals())
#file m.py
a, b, _p = 1, 2, 3
#### star import missing name
try: from m import q
except ImportError as e: print(type(e).__name__, str(e).split(' (')[0])
#file m.py
a = 1
#### missing module
try: import nothing_here
except ImportError as e: print(type(e).__name__, e, e.name)
try: import m.sub
except ModuleNotFoundError as e: print(e)
#file m.py
a = 1
#### optional import idiom
try:
    import not_there as nt
except ImportError:
    nt = None
print(nt)
#### circular imports
import a
print(a.get(), a.b.other())
#file a.py
import b
def get(): return b.val
val = 'a'
#file b.py
import a
val = 'b'
def other(): return a.val
#### circular from import
try:
    import a
except ImportError as e: print(str(e).split(' (')[0])
#file a.py
from b import y
x = 1
#file b.py
from a import x
y = 2
#### runs once
import m
import m as again
from m import n
print(n, again.n)
#file m.py
print('running m')
n = 1
#### module state shared
import m, user
m.counter += 1
user.bump()
print(m.counter)
#file m.py
counter = 0
#file user.py
import m
def bump(): m.counter += 10
#### main guard
import m
if __name__ == '__main__': print('main')
#file m.py
if __name__ == '__main__': print('no')
else: print('imported as', __name__)
#### module attributes
import m
m.new = 5
print(m.new, hasattr(m, 'zzz'), m.__doc__, getattr(m, 'v'))
try: m.missing
except AttributeError as e: print(e)
del m.v
print(hasattr(m, 'v'))
#file m.py
"""the doc"""
v = 1
#### module getattr
import m
from m import virtual
print(m.anything, virtual)
try: m.no_such
except AttributeError as e: print(e)
#file m.py
def __getattr__(name):
    if name.startswith('no_'): raise AttributeError(f'custom {name}')
    return 'dyn ' + name
#### import inside function
def f():
    import m
    from m import v
    return m.v, v
print(f(), 'm' in globals())
#file m.py
v = 9
#### error in module
try: import bad
except ZeroDivisionError as e: print('import failed', e)
try: import bad
except ZeroDivisionError as e: print('again', e)
#file bad.py
1 / 0
#### classes across modules
from base import Base
class Child(Base):
    def hi(self): return 'child ' + super().hi()
print(Child().hi(), Child.__module__, Base.__module__, Child.__mro__[1].__name__)
#file base.py
class Base:
    def hi(self): return 'base'
#### function globals belong to module
import m
x = 'main'
print(m.get(), m.set_x('new'), m.x, x)
#file m.py
x = 'mod'
def get(): return x
def set_x(v):
    global x
    x = v
    return x
#### submodule attribute binding
import pkg
print(hasattr(pkg, 'sub'))
import pkg.sub
print(hasattr(pkg, 'sub'), pkg.sub.v)
#file pkg/__init__.py
#file pkg/sub.py
v = 1
#### relative import beyond top
try: from pkg import a
except ImportError as e: print(e)
#file pkg/__init__.py
#file pkg/a.py
from ... import x
#### relative in main
try: from . import x
except ImportError as e: print(e)
#### future import
from __future__ import annotations, division
print(3 / 2)
#### a module's own __dir__ and __getattr__
import m
print([n for n in dir(m) if not n.startswith('__')], m.lazy, hasattr(m, 'other'))
#file m.py
here = 1
def __dir__():
    return ['lazy', 'here']
def __getattr__(name):
    if name == 'lazy': return 'made'
    raise AttributeError(name)
