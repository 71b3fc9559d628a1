import typing
from typing import *
from typing import NamedTuple, TypedDict, Protocol, runtime_checkable, get_type_hints

T = TypeVar("T")
K = TypeVar("K", bound=int)


class Box(Generic[T]):
    def __init__(self, v: T) -> None:
        self.v = v

    def get(self) -> T:
        return self.v


class IntBox(Box[int]):
    pass


print(Box(3).get(), Box[int](4).v, IntBox(5).get(), issubclass(IntBox, Box), T)


class Emp(NamedTuple):
    name: str
    id: int = 3

    def shout(self):
        return self.name + "!"


print(Emp("a"), Emp("b", 4).id, Emp._fields, Emp("x").shout(), Emp("q") == ("q", 3), Emp._field_defaults)


class Movie(TypedDict, total=False):
    title: str
    year: int


m: Movie = Movie(title="x")
print(m, type(m), m.get("year"))


@runtime_checkable
class Closer(Protocol):
    def close(self):
        ...


class Yes:
    def close(self):
        pass


print(isinstance(Yes(), Closer), isinstance(3, Closer))


def f(a: int, b: Optional[str] = None, *c: float, **d: Any) -> List[int]:
    return [a]


print(f.__annotations__["a"], f.__annotations__["return"], get_type_hints(f)["b"])
print(Optional[int], Union[int, str], List[int], Dict[str, Any], Tuple[int, ...], Callable[[int], str], Literal["a", 1], Type[int], Any, Callable[..., int])
print(Union[int, None] == Optional[int], Union[int, int], cast(int, "x"), TYPE_CHECKING, get_origin(List[int]), get_args(Dict[str, int]), get_origin(Union[int, str]) is Union)
print(Annotated[int, "meta"], get_args(Annotated[int, "meta"]), List, Sequence[int], Iterable, Union[str, List[int], None])
print(list[int], dict[str, int], int | None, tuple[int, ...])
UserId = NewType("UserId", int)
print(UserId(5))


@overload
def g(x: int) -> int: ...
@overload
def g(x: str) -> str: ...
def g(x):
    return x


print(g(3), final(int) is int)
x: Final = 3
y: ClassVar[int] = 4
print(isinstance([], List), isinstance({}, Dict), isinstance(3, Hashable), x + y)


class C(Generic[T, K]):
    pass


class D(Dict[str, int]):
    pass


print(D(a=1), C(), 1) if False else print(D(a=1))
