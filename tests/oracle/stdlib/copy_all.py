import copy


class A:
    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return f"A({self.x!r})"


class B:
    def __copy__(self):
        return "copied"

    def __deepcopy__(self, memo):
        return ("deep", len(memo) >= 0)


class L(list):
    pass


class S:
    __slots__ = ("a", "b")


a = A([1, [2]])
b = copy.copy(a)
c = copy.deepcopy(a)
print(b.x is a.x, c.x is a.x, c.x == a.x, c, c.x[1] is a.x[1])
print(copy.copy(B()), copy.deepcopy([B()]))
l = [1, {"k": [2]}, (3, [4]), {5}]
s = copy.copy(l)
d = copy.deepcopy(l)
print(s == l, s is l, s[1] is l[1], d == l, d[1] is l[1], d[1]["k"] is l[1]["k"], d[2][1] is l[2][1], d[3] is l[3])
r = [1]
r.append(r)
q = copy.deepcopy(r)
print(q[1] is q, q is r)
t = (1, "a", 2.5)
print(copy.deepcopy(t) is t, copy.copy(t) is t, copy.deepcopy((1, [])) == (1, []))
x = L([1, [2]])
x.extra = [3]
y = copy.deepcopy(x)
print(type(y).__name__, y, y.extra, y[1] is x[1], y.extra is x.extra, copy.copy(x)[1] is x[1])
shared = [0]
z = copy.deepcopy([shared, shared])
print(z[0] is z[1], copy.deepcopy(len) is len, copy.deepcopy(A) is A, copy.deepcopy(None))
e = copy.copy(ValueError("m", 2))
print(repr(e), e.args)
m = S()
m.a = [1]
n = copy.deepcopy(m)
print(n.a, n.a is m.a)


class St:
    def __init__(self):
        self.v = 1
        self.cache = object()

    def __getstate__(self):
        return {"v": self.v + 1}

    def __setstate__(self, s):
        self.v = s["v"] * 10


print(copy.copy(St()).v)
