"""Type hints: everything can be subscripted and nothing is checked."""

import collections.abc as _abc
from abc import ABCMeta

TYPE_CHECKING = False


def _text(value):
    if value is None:
        return "None"
    if value is ...:
        return "..."
    if isinstance(value, type):
        return value.__qualname__ if value.__module__ == "builtins" else f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(v) for v in value) + "]"
    return repr(value)


class _Hint:
    """A special form (`Any`, `Union`) or such a form with parameters."""

    def __init__(self, name, origin=None, args=(), root=None):
        self._name = name
        self.__origin__ = origin
        self.__args__ = args
        self._root = root
        self.__module__ = "typing"

    @property
    def __parameters__(self):
        found = []
        for arg in self.__args__:
            for p in [arg] if isinstance(arg, TypeVar) else getattr(arg, "__parameters__", ()) if not isinstance(arg, type) else ():
                if p not in found:
                    found.append(p)
        return tuple(found)

    def __getitem__(self, params):
        name = self._name
        if name == "Optional":
            return Union[params, None]
        args = params if isinstance(params, tuple) else (params,)
        if name == "Union":
            flat = []
            for a in args:
                a = type(None) if a is None else a
                for part in a.__args__ if isinstance(a, _Hint) and a._name == "Union" and a.__args__ else (a,):
                    if part not in flat:
                        flat.append(part)
            if len(flat) == 1:
                return flat[0]
            return _Hint("Union", Union, tuple(flat), self)
        if name == "Annotated":
            hint = _Hint("Annotated", args[0], (args[0],), self)
            hint.__metadata__ = args[1:]
            return hint
        if name not in ("Literal", "Callable"):
            args = tuple(type(None) if a is None else a for a in args)
        if name == "Callable" and len(args) == 2 and isinstance(args[0], list):
            args = tuple(args[0]) + (args[1],)
        origin = self if self.__origin__ is None else self.__origin__
        return _Hint(name, origin, args, self)

    def __call__(self, *args, **kwargs):
        if isinstance(self.__origin__, type):
            return self.__origin__(*args, **kwargs)
        raise TypeError(f"Cannot instantiate {self!r}")

    def __mro_entries__(self, bases):
        if self._name in ("Generic", "Protocol"):
            return (Generic if self._name == "Generic" else Protocol,)
        return (self.__origin__,) if isinstance(self.__origin__, type) else ()

    def __instancecheck__(self, instance):
        if self._name == "Any":
            raise TypeError("typing.Any cannot be used with isinstance()")
        if self._name == "Union":
            return isinstance(instance, self.__args__)
        if self.__args__:
            raise TypeError("Subscripted generics cannot be used with class and instance checks")
        if isinstance(self.__origin__, type):
            return isinstance(instance, self.__origin__)
        raise TypeError(f"{self!r} cannot be used with isinstance()")

    def __subclasscheck__(self, cls):
        if isinstance(self.__origin__, type):
            return issubclass(cls, self.__origin__)
        raise TypeError(f"{self!r} cannot be used with issubclass()")

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __eq__(self, other):
        if not isinstance(other, _Hint):
            return NotImplemented
        if self._name == "Union" == other._name:
            return len(self.__args__) == len(other.__args__) and all(a in other.__args__ for a in self.__args__)
        return self._name == other._name and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self._name, len(self.__args__)))

    def __repr__(self):
        if not self.__args__:
            return f"typing.{self._name}"
        if self._name == "Union" and len(self.__args__) == 2 and type(None) in self.__args__:
            other = [a for a in self.__args__ if a is not type(None)][0]
            return f"typing.Optional[{_text(other)}]"
        if self._name == "Literal":
            return f"typing.Literal[{', '.join(repr(a) for a in self.__args__)}]"
        if self._name == "Callable" and self.__args__[0] is not ...:
            return f"typing.Callable[[{', '.join(_text(a) for a in self.__args__[:-1])}], {_text(self.__args__[-1])}]"
        if self._name == "Annotated":
            return f"typing.Annotated[{_text(self.__origin__)}, {', '.join(repr(m) for m in self.__metadata__)}]"
        return f"typing.{self._name}[{', '.join(_text(a) for a in self.__args__)}]"

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


Any = _Hint("Any")
Union = _Hint("Union")
Optional = _Hint("Optional")
Literal = _Hint("Literal")
LiteralString = _Hint("LiteralString")
ClassVar = _Hint("ClassVar")
Final = _Hint("Final")
Annotated = _Hint("Annotated")
Concatenate = _Hint("Concatenate")
NoReturn = _Hint("NoReturn")
Never = _Hint("Never")
Self = _Hint("Self")
TypeAlias = _Hint("TypeAlias")
TypeGuard = _Hint("TypeGuard")
Required = _Hint("Required")
NotRequired = _Hint("NotRequired")
ReadOnly = _Hint("ReadOnly")
Unpack = _Hint("Unpack")
TypeIs = _Hint("TypeIs")

List = _Hint("List", list)
Dict = _Hint("Dict", dict)
Set = _Hint("Set", set)
FrozenSet = _Hint("FrozenSet", frozenset)
Tuple = _Hint("Tuple", tuple)
Type = _Hint("Type", type)
Callable = _Hint("Callable", _abc.Callable)
Iterable = _Hint("Iterable", _abc.Iterable)
Iterator = _Hint("Iterator", _abc.Iterator)
Generator = _Hint("Generator", _abc.Generator)
Sequence = _Hint("Sequence", _abc.Sequence)
MutableSequence = _Hint("MutableSequence", _abc.MutableSequence)
Mapping = _Hint("Mapping", _abc.Mapping)
MutableMapping = _Hint("MutableMapping", _abc.MutableMapping)
AbstractSet = _Hint("AbstractSet", _abc.Set)
MutableSet = _Hint("MutableSet", _abc.MutableSet)
Collection = _Hint("Collection", _abc.Collection)
Container = _Hint("Container", _abc.Container)
Hashable = _Hint("Hashable", _abc.Hashable)
Sized = _Hint("Sized", _abc.Sized)
Reversible = _Hint("Reversible", _abc.Reversible)
KeysView = _Hint("KeysView", _abc.KeysView)
ValuesView = _Hint("ValuesView", _abc.ValuesView)
ItemsView = _Hint("ItemsView", _abc.ItemsView)
Awaitable = _Hint("Awaitable", _abc.Awaitable)
Coroutine = _Hint("Coroutine", _abc.Coroutine)
AsyncIterable = _Hint("AsyncIterable", _abc.AsyncIterable)
AsyncIterator = _Hint("AsyncIterator", _abc.AsyncIterator)
AsyncGenerator = _Hint("AsyncGenerator", _abc.AsyncIterator)
ByteString = _Hint("ByteString", _abc.ByteString)
ContextManager = _Hint("ContextManager", object)
AsyncContextManager = _Hint("AsyncContextManager", object)
Pattern = _Hint("Pattern")
Match = _Hint("Match")
IO = _Hint("IO", object)
TextIO = _Hint("TextIO", object)
BinaryIO = _Hint("BinaryIO", object)
Text = str
AnyStr = None


def __getattr__(name):
    import collections

    table = {"DefaultDict": "defaultdict", "OrderedDict": "OrderedDict", "Counter": "Counter", "Deque": "deque", "ChainMap": "ChainMap"}
    if name in table:
        return _Hint(name, getattr(collections, table[name]))
    raise AttributeError(f"module 'typing' has no attribute {name!r}")


class TypeVar:
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False, infer_variance=False, default=None):
        self.__name__ = name
        self.__constraints__ = constraints
        self.__bound__ = bound
        self.__covariant__ = covariant
        self.__contravariant__ = contravariant
        self.__default__ = default

    def __repr__(self):
        return ("+" if self.__covariant__ else "-" if self.__contravariant__ else "~") + self.__name__

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]


AnyStr = TypeVar("AnyStr", bytes, str)


class ParamSpec(TypeVar):
    @property
    def args(self):
        return self

    @property
    def kwargs(self):
        return self


class TypeVarTuple(TypeVar):
    def __iter__(self):
        yield Unpack[self]

    def __repr__(self):
        return self.__name__


class Generic:
    def __class_getitem__(cls, params):
        args = params if isinstance(params, tuple) else (params,)
        if cls is Generic or cls is Protocol:
            return _Hint(cls.__name__, cls, args)
        return _Hint(cls.__qualname__, cls, args)


class _ProtocolMeta(ABCMeta):
    def __instancecheck__(cls, instance):
        if cls.__dict__.get("_is_protocol", False):
            if not cls.__dict__.get("_is_runtime_protocol", False):
                raise TypeError("Instance and class checks can only be used with @runtime_checkable protocols")
            return all(hasattr(instance, name) for name in cls._protocol_names())
        return super().__instancecheck__(instance)

    def __subclasscheck__(cls, other):
        if cls.__dict__.get("_is_protocol", False) and cls.__dict__.get("_is_runtime_protocol", False):
            return all(hasattr(other, name) for name in cls._protocol_names())
        return super().__subclasscheck__(other)

    def _protocol_names(cls):
        skip = ("__init__", "__init_subclass__", "__class_getitem__", "__abstractmethods__", "__annotations__", "__dict__", "__doc__", "__module__", "__qualname__", "__slots__",
                "__weakref__", "__new__", "__hash__", "__orig_bases__", "__parameters__", "__subclasshook__")
        names = []
        for base in cls.__mro__:
            if base in (object, Generic, Protocol) or not base.__dict__.get("_is_protocol", False):
                continue
            for name in list(base.__dict__) + list(base.__dict__.get("__annotations__", {})):
                if name not in skip and not name.startswith("_abc_") and not name.startswith("_is_") and name not in names:
                    names.append(name)
        return names


def _no_init(self, *args, **kwargs):
    if type(self).__dict__.get("_is_protocol", False):
        raise TypeError("Protocols cannot be instantiated")


class Protocol(Generic, metaclass=_ProtocolMeta):
    _is_protocol = True

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls._is_protocol = Protocol in cls.__bases__
        if cls._is_protocol and "__init__" not in cls.__dict__:
            cls.__init__ = _no_init
        elif not cls._is_protocol and cls.__init__ is _no_init:
            cls.__init__ = object.__init__


def runtime_checkable(cls):
    if not cls.__dict__.get("_is_protocol", False):
        raise TypeError(f"@runtime_checkable can be only applied to protocol classes, got {cls!r}")
    cls._is_runtime_protocol = True
    return cls


class SupportsInt(Protocol):
    def __int__(self): ...


class SupportsFloat(Protocol):
    def __float__(self): ...


class SupportsIndex(Protocol):
    def __index__(self): ...


class SupportsAbs(Protocol):
    def __abs__(self): ...


class SupportsRound(Protocol):
    def __round__(self, ndigits=0): ...


for _protocol in (SupportsInt, SupportsFloat, SupportsIndex, SupportsAbs, SupportsRound):
    _protocol._is_runtime_protocol = True


class _NamedTupleMeta(type):
    def __new__(mcls, name, bases, namespace):
        from collections import namedtuple

        if namespace.get("_root", False):
            return super().__new__(mcls, name, bases, namespace)
        types = namespace.get("__annotations__", {})
        defaults = []
        for field in types:
            if field in namespace:
                defaults.append(namespace[field])
            elif defaults:
                raise TypeError(f"Non-default namedtuple field {field} cannot follow default field(s) {', '.join(f for f in types if f in namespace)}")
        made = namedtuple(name, list(types), defaults=defaults, module=namespace.get("__module__"))
        made.__annotations__ = dict(types)
        for key, value in namespace.items():
            if key not in types and key not in ("__annotations__", "__module__", "__qualname__", "__classcell__", "__dict__"):
                setattr(made, key, value)
        return made


class _NamedTupleRoot(metaclass=_NamedTupleMeta):
    _root = True


class _NamedTupleMaker:
    def __call__(self, typename, fields=None, /, **kwargs):
        from collections import namedtuple

        pairs = list(kwargs.items()) if fields is None else list(fields)
        made = namedtuple(typename, [n for n, _ in pairs])
        made.__annotations__ = dict(pairs)
        return made

    def __mro_entries__(self, bases):
        return (_NamedTupleRoot,)


NamedTuple = _NamedTupleMaker()


class _TypedDictMeta(type):
    def __new__(mcls, name, bases, namespace, total=True, closed=False):
        made = super().__new__(mcls, name, (dict,), {k: v for k, v in namespace.items() if k != "_root"})
        hints = {}
        required, optional = [], []
        for base in bases:
            hints.update(getattr(base, "__annotations__", {}))
            required.extend(getattr(base, "__required_keys__", ()))
            optional.extend(getattr(base, "__optional_keys__", ()))
        own = namespace.get("__annotations__", {})
        hints.update(own)
        for key, hint in own.items():
            form = hint._name if isinstance(hint, _Hint) else None
            (required if form == "Required" or (total and form != "NotRequired") else optional).append(key)
        made.__annotations__ = hints
        made.__required_keys__ = frozenset(required)
        made.__optional_keys__ = frozenset(optional)
        made.__total__ = total
        return made

    def __call__(cls, *args, **kwargs):
        return dict(*args, **kwargs)

    def __instancecheck__(cls, instance):
        raise TypeError("TypedDict does not support instance and class checks")


class _TypedDictMaker:
    def __call__(self, typename, fields=None, /, *, total=True, **kwargs):
        return _TypedDictMeta(typename, (), {"__annotations__": dict(kwargs if fields is None else fields)}, total=total)

    def __mro_entries__(self, bases):
        return (_TypedDictRoot,)


_TypedDictRoot = _TypedDictMeta("TypedDict", (), {})
TypedDict = _TypedDictMaker()


class ForwardRef:
    def __init__(self, arg, is_argument=True, module=None, *, is_class=False):
        self.__forward_arg__ = arg

    def __repr__(self):
        return f"ForwardRef({self.__forward_arg__!r})"


def NewType(name, tp):
    def make(x):
        return x

    make.__name__ = make.__qualname__ = name
    make.__supertype__ = tp
    return make


def cast(typ, val):
    return val


def assert_type(val, typ, /):
    return val


def assert_never(arg, /):
    raise AssertionError(f"Expected code to be unreachable, but got: {arg!r}")


def reveal_type(obj, /):
    return obj


def overload(func):
    return func


def final(f):
    return f


def override(method, /):
    return method


def no_type_check(arg):
    return arg


def no_type_check_decorator(decorator):
    return decorator


def dataclass_transform(**kwargs):
    return lambda thing: thing


def get_overloads(func):
    return []


def get_origin(tp):
    if isinstance(tp, _Hint):
        if tp._name == "Annotated":
            return Annotated
        return tp.__origin__
    return getattr(tp, "__origin__", None) if not isinstance(tp, type) else Generic if tp is Generic else None


def get_args(tp):
    if isinstance(tp, _Hint):
        if tp._name == "Annotated" and tp.__args__:
            return (tp.__origin__, *tp.__metadata__)
        if tp._name == "Callable" and tp.__args__ and tp.__args__[0] is not ...:
            return (list(tp.__args__[:-1]), tp.__args__[-1])
        return tp.__args__
    return getattr(tp, "__args__", ()) if not isinstance(tp, type) else ()


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    hints = {}
    sources = reversed(obj.__mro__) if isinstance(obj, type) else (obj,)
    for source in sources:
        for name, hint in getattr(source, "__dict__", {}).get("__annotations__", {}).items() if isinstance(obj, type) else getattr(source, "__annotations__", {}).items():
            if hint is None:
                hint = type(None)
            if isinstance(hint, str):
                hint = _resolve(hint, globalns or getattr(obj, "__globals__", {}), localns)
            if isinstance(hint, _Hint) and hint._name == "Annotated" and not include_extras:
                hint = hint.__origin__
            hints[name] = hint
    return hints


def _resolve(text, globalns, localns):
    """A dotted name; anything richer stays a ForwardRef, since text is never run as code here."""
    import builtins

    parts = text.strip().split(".")
    value = (localns or {}).get(parts[0], globalns.get(parts[0], getattr(builtins, parts[0], None)))
    for part in parts[1:]:
        value = getattr(value, part, None)
    if value is None:
        if text.strip() == "None":
            return type(None)
        return ForwardRef(text)
    return value


def is_typeddict(tp):
    return isinstance(tp, _TypedDictMeta)
