from dataclasses import dataclass, field, fields, asdict, astuple, replace, InitVar, KW_ONLY, is_dataclass, FrozenInstanceError
from typing import ClassVar, List, Optional


@dataclass
class Point:
    x: int
    y: int = 0
    tags: list = field(default_factory=list)


@dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int = 0
    note: str = field(default="", compare=False, repr=False)


@dataclass
class Sized:
    count: ClassVar[int] = 7
    width: int
    scale: InitVar[int] = 2
    area: int = field(init=False, default=0)

    def __post_init__(self, scale):
        self.area = self.width * scale


@dataclass
class Sub(Point):
    z: int = 5
    _: KW_ONLY
    name: str = "n"


@dataclass(eq=False)
class NoEq:
    a: int


@dataclass(unsafe_hash=True)
class Hashed:
    a: int


p = Point(1, 2)
print(p, p == Point(1, 2), p != Point(1, 3), p.tags is not Point(1).tags)
print(asdict(p), astuple(p), replace(p, x=9))
print([f.name for f in fields(Point)], is_dataclass(p), is_dataclass(Point), is_dataclass(3))
v = Version(1, 2, "x")
print(v, v < Version(1, 3), v == Version(1, 2, "y"), hash(v) == hash(Version(1, 2)), sorted([Version(2), Version(1, 5), Version(1)]))
try:
    v.major = 3
except FrozenInstanceError as e:
    print(type(e).__name__, e)
print(Sized(3), Sized(3, 4).area, Sized.count)
print(Sub(1, 2, [], 4, name="q"), Sub.__match_args__)
for attempt in (lambda: Point(), lambda: Point(1, 2, 3, 4), lambda: Point(1, q=2), lambda: Point(1, x=2), lambda: Sub(1, 2, [], 4, "q")):
    try:
        attempt()
    except TypeError as e:
        print(e)
try:
    @dataclass
    class Bad:
        a: list = []
except ValueError as e:
    print(e)
try:
    @dataclass
    class Bad2:
        a: int = 1
        b: int
except TypeError as e:
    print(e)
print(NoEq(1) == NoEq(1), hash(Hashed(3)) == hash(Hashed(3)), Point.__hash__)
match Version(4, 5):
    case Version(major=4, minor=m):
        print("minor", m)
match p:
    case Point(x, y):
        print(x, y)


@dataclass
class Tree:
    value: int
    children: List["Tree"] = field(default_factory=list)
    parent: Optional["Tree"] = None


t = Tree(1, [Tree(2), Tree(3, [Tree(4)])])
print(t)
print(asdict(t))
