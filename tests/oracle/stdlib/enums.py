import enum
from enum import Enum, IntEnum, Flag, IntFlag, auto, unique, StrEnum


class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3
    CRIMSON = 1

    @property
    def nice(self):
        return self.name.title()

    def shout(self):
        return self.name + "!"

    @classmethod
    def first(cls):
        return cls.RED


print(Color.RED, repr(Color.GREEN), Color(2), Color["BLUE"], Color.CRIMSON is Color.RED, Color.CRIMSON.name)
print(list(Color), len(Color), Color.RED.nice, Color.BLUE.shout(), Color.first())
print(list(Color.__members__), Color.RED in Color, isinstance(Color.RED, Color), type(Color.RED))
print(Color.RED == Color.RED, Color.RED == 1, Color.RED != Color.BLUE, {Color.RED: 1}[Color.CRIMSON])
for bad in (lambda: Color(9), lambda: Color["X"], lambda: setattr(Color, "RED", 3)):
    try:
        bad()
    except (ValueError, KeyError, AttributeError) as e:
        print(type(e).__name__, e)


class N(IntEnum):
    A = 1
    B = auto()
    C = 10
    D = auto()


print(N.B, repr(N.D), N.A + 1, N.A < N.B, sorted([N.C, N.A]), [1, 2][N.A], N(10), f"{N.C}", f"{N.C:04d}", isinstance(N.A, int), N.A == 1)


class S(StrEnum):
    LEFT = auto()
    RIGHT = "right!"


print(S.LEFT, repr(S.RIGHT), S.LEFT == "left", S.RIGHT.upper(), f"{S.LEFT:>6}", S("left"), "-".join([S.LEFT, S.RIGHT]))


class Mixed(str, Enum):
    A = "a"
    B = "b"


print(Mixed.A == "a", Mixed("b"), Mixed.A.value, repr(Mixed.A), isinstance(Mixed.A, str), Mixed.A.upper(), {"a": 1}[Mixed.A])


class Perm(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W


print(Perm.R | Perm.X, repr(Perm.R | Perm.W), Perm.R in Perm.RW, Perm.R & Perm.W, bool(Perm.R & Perm.W), list(Perm.RW), ~Perm.R, Perm.R ^ Perm.RW)
print(Perm.RW, Perm(3), list(Perm), Perm.X.value)


class I(IntFlag):
    A = 1
    B = 2


print(I.A | I.B, repr(I.A | I.B), I.A | 8, I.A + 1, int(I.B), I(0))


class Planet(Enum):
    EARTH = (5.97e24, 6.37e6)
    MARS = (6.4e23, 3.39e6)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius


print(Planet.EARTH.mass, Planet.MARS.value, Planet((6.4e23, 3.39e6)))


class Coord(bytes, Enum):
    def __new__(cls, value, label):
        obj = bytes.__new__(cls, [value])
        obj._value_ = value
        obj.label = label
        return obj

    PX = (0, "P.X")
    PY = (1, "P.Y")


print(Coord.PY.label, Coord.PY.value, Coord(1))
try:
    @unique
    class Dup(Enum):
        A = 1
        B = 1
except ValueError as e:
    print(e)
try:
    class More(Color):
        X = 9
except TypeError as e:
    print(type(e).__name__)


class Missing(Enum):
    A = "a"

    @classmethod
    def _missing_(cls, value):
        return cls.A if value == "other" else None

    def __str__(self):
        return "M:" + self.value


print(Missing("other"), f"{Missing.A}", repr(Missing.A))
Animal = Enum("Animal", "ANT BEE CAT")
print(list(Animal), Animal.BEE.value)
print(Enum("Q", {"a": 1, "b": 2}).b, hash(Color.RED) == hash(Color.RED))
print([m.name for m in reversed(Color)], bool(Color.RED))
