"""Every construct of the grammar once; the seed of the mutation test, and a file of the oracle."""
from __future__ import annotations
import os, os.path as path
from . import sibling
from ..package.module import (a, b as c,)

x = 1; y = 0x_ff + 0o17 - 0b11 * 1_000 / 1.5e-3 // .5 % 2j ** -3 @ z
x = y = (a, b), [c, *d], {e, *f}, {g: h, **i}, (), [], {}
x += 1; x -= 2; x *= 3; x @= m; x /= 4; x //= 5; x %= 6; x **= 7; x >>= 1; x <<= 2; x &= 3; x ^= 4; x |= 5
(x): int = 5
x.y: list[int]
n: "str" = None, True, False, ...

def function(p, q, /, r: int = 1, *args: str, k, w=2, **kwargs) -> dict[str, int]:
    """Doc."""
    global g1, g2
    if (n := len(p)) > 10 and not q or r is not None:
        return p[1:2], p[::2, ...], p[*args], p[a := 1]
    elif p in q or p not in q != r <= k < w > 1 >= 0 == 0 is p:
        raise ValueError("bad") from None
    else:
        assert p, "message"
    while p:
        p -= 1
        if p == 3: continue
        break
    else:
        pass
    del p, q[0], (r.s, [t])
    return lambda a, b=1, *c, d, **e: (yield)

@decorator
@other(1, 2, *a, k=3, **kw)
class Thing(Base, metaclass=Meta):
    attribute = [i for i in range(3) if i if i > 1 for j in i]
    other = {k: v for k, v in items}, {s for s in t}, (g for g in h)
    async def method(self):
        async with a as b, c:
            async for d in e:
                await f(g for g in h)
        return [i async for i in j]

def outer():
    v = 1
    def inner():
        nonlocal v
        v = yield from g()
    return inner

try:
    with open("f") as f, (g) as h: pass
    with (open("f") as f, open("g") as (h, i),): pass
except (A, B) as e:
    pass
except C:
    pass
except:
    pass
else:
    pass
finally:
    pass

try:
    pass
except* ValueError as group:
    pass

match command.split(), 1:
    case [] | () | "a" "b" | -1 | 1 + 2j | None | True:
        pass
    case [x, *rest] if x > 1:
        pass
    case {"k": v, 1: _, **rest}:
        pass
    case Point(x=0, y=a.b) | Point(1, 2) as p:
        pass
    case (x, y), *_:
        pass
    case _: pass

s = 'a\n\x41\u00e9\U0001F600\101\
b' "c" r'\d' u'e' if 0 else b'\xff' rb'\x'
s = f'{a}{b!r}{c:>10}{d!s:{w}.{p}}{{}}{e=}{ f = !r:x}' "t" f"{a['k']}" rf'\{x}' f'''{
    a +
    b}'''
s = """triple
"quoted" """ + '''x'''

if x:
	tabs = 1
for i, *j in (1, 2), 3: print(i); print(j)
for é in naïve: ünï = µ
match = case = type = _ = 1
match.case[type](_)
print(*a, sep='')
x = a if b else c if d else e
x = not -+~a ** -b
