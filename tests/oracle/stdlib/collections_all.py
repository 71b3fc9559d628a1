from collections import OrderedDict, defaultdict, Counter, deque, namedtuple, ChainMap, UserDict, UserList
import collections
import collections.abc

od = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
od.move_to_end("a")
print(od, list(od), od.popitem(), od.popitem(last=False), od == {"c": 3}, OrderedDict(a=1) == OrderedDict(a=1))
od["z"] = 1
od.move_to_end("z", last=False)
print(od, isinstance(od, dict), dict(od), list(reversed(od)))
dd = defaultdict(list, {"k": [0]})
dd["a"].append(1)
dd["b"]
print(dd, dict(dd), dd.get("zz"), dd.default_factory is list, defaultdict(int)["q"])
try:
    defaultdict(None)["x"]
except KeyError as e:
    print("KeyError", e)
c = Counter("abracadabra")
print(c, c.most_common(2), c["zzz"], sum(c.values()), c.total(), sorted(c.elements())[:6])
c.update("aaa")
c.subtract({"b": 5})
print(c["a"], c["b"], c + Counter(a=1), c - Counter(a=100), Counter(a=3, b=1) & Counter(a=1, b=2), Counter(a=3) | Counter(a=1, b=2), +c)
print(Counter([1, 1, 2]) == Counter({1: 2, 2: 1}), Counter(a=1) <= Counter(a=2), Counter())
d = deque([1, 2, 3], maxlen=3)
d.append(4)
d.appendleft(0)
print(d, d.maxlen, d[0], d[-1], len(d), list(d), 2 in d)
d = deque(range(5))
d.rotate(2)
print(d, d.pop(), d.popleft(), deque("ab") == deque("ab"))
d.extendleft([8, 9])
d.extend([7])
d.remove(8)
d.insert(1, "i")
d.reverse()
print(d, d.count(7), d.index(7), list(reversed(d)), deque([1]) + deque([2]), deque([1, 2]) < deque([1, 3]))
for bad in (lambda: deque().pop(), lambda: deque().popleft(), lambda: deque([1])[3], lambda: deque([1]).remove(5)):
    try:
        bad()
    except (IndexError, ValueError) as e:
        print(type(e).__name__, e)
P = namedtuple("P", "x y z", defaults=[0])
p = P(1, y=2)
print(p, p.x, p[1], p._asdict(), p._replace(x=5), P._fields, P._make([7, 8, 9]), p == (1, 2, 0), hash(p) == hash((1, 2, 0)), P._field_defaults)
x, y, z = p
print(x + y + z, isinstance(p, tuple), len(p), max(p), p + (4,), p[:2], sorted([P(2, 1), P(1, 5)]), P.__name__, P.__doc__)
for bad in (lambda: P(), lambda: P(1, 2, 3, 4), lambda: P(1, 2, q=3), lambda: namedtuple("Q", "a a"), lambda: namedtuple("Q", "class")):
    try:
        bad()
    except (TypeError, AttributeError, ValueError) as e:
        print(type(e).__name__, e)


class Sub(P):
    def total(self):
        return self.x + self.y


print(Sub(3, 4).total(), Sub(3, 4), namedtuple("R", "a class a", rename=True)._fields)
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
m["c"] = 9
print(m["a"], m["b"], dict(m) == {"a": 1, "b": 3, "c": 9}, len(m), m.maps, m.new_child({"a": 0})["a"], m.parents["a"], "b" in m, m.get("q", 5))


class U(UserDict):
    def __setitem__(self, k, v):
        super().__setitem__(k, v * 2)


u = U(a=1)
u["b"] = 5
print(u, dict(u), u.get("zz", 0), "a" in u, len(u), u.pop("a"), list(u.items()))
print(UserList([1, 2])[0], len(UserList([1])))
A = collections.abc
print([isinstance([], t) for t in (A.Iterable, A.Sequence, A.MutableSequence, A.Mapping, A.Hashable, A.Sized, A.Container, A.Collection, A.Iterator, A.Callable)])
print([isinstance({}, t) for t in (A.Mapping, A.MutableMapping, A.Sequence)], isinstance((), A.Sequence), isinstance("", A.Sequence), isinstance(range(3), A.Sequence))
print(isinstance(iter([]), A.Iterator), isinstance((i for i in []), A.Generator), isinstance(len, A.Callable), isinstance({1}, A.Set), isinstance({}.keys(), A.KeysView))
print(issubclass(list, A.Sequence), issubclass(dict, A.Mapping), isinstance(3, A.Hashable), isinstance([], A.Hashable), isinstance(collections.OrderedDict(), A.Mapping))


class My(A.Mapping):
    def __getitem__(self, k):
        if k in "ab":
            return k * 2
        raise KeyError(k)

    def __iter__(self):
        return iter("ab")

    def __len__(self):
        return 2


my = My()
print(dict(my), my.get("z", 1), "a" in my, list(my.items()), list(my.values()), my == {"a": "aa", "b": "bb"}, {**my}, list(my.keys()))
try:
    A.Mapping()
except TypeError as e:
    print("TypeError")


class Seq(A.Sequence):
    def __getitem__(self, i):
        return [1, 2, 3][i]

    def __len__(self):
        return 3


print(list(Seq()), 2 in Seq(), Seq().index(3), Seq().count(1), list(reversed(Seq())))
