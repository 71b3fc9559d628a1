"""Data classes: the methods a class of fields needs, written from its annotations."""

import copy as _copy


class _MissingType:
    def __repr__(self):
        return "<dataclasses._MISSING_TYPE object>"


MISSING = _MissingType()


class _KwOnlyType:
    pass


KW_ONLY = _KwOnlyType()


class InitVar:
    def __init__(self, type):
        self.type = type

    def __class_getitem__(cls, type):
        return InitVar(type)

    def __repr__(self):
        return f"dataclasses.InitVar[{getattr(self.type, '__name__', repr(self.type))}]"


class FrozenInstanceError(AttributeError):
    pass


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = {} if metadata is None else metadata
        self.kw_only = kw_only
        self._kind = "field"

    def __repr__(self):
        return (
            f"Field(name={self.name!r},type={self.type!r},default={self.default!r},default_factory={self.default_factory!r},init={self.init!r},"
            f"repr={self.repr!r},hash={self.hash!r},compare={self.compare!r},metadata={self.metadata!r},kw_only={self.kw_only!r},_field_type={self._kind})"
        )


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _annotation_kind(annotation):
    if isinstance(annotation, str):
        text = annotation.split("[")[0].strip()
        if text.split(".")[-1] == "ClassVar":
            return "classvar"
        if text.split(".")[-1] == "InitVar":
            return "initvar"
        return "kw_only" if text.split(".")[-1] == "KW_ONLY" else "field"
    if annotation is KW_ONLY:
        return "kw_only"
    if annotation is InitVar or isinstance(annotation, InitVar):
        return "initvar"
    text = repr(annotation)
    return "classvar" if text.startswith("typing.ClassVar") else "field"


def _collect(cls, kw_only):
    found = {}
    for base in reversed(cls.__mro__[1:]):
        for name, f in base.__dict__.get("__dataclass_fields__", {}).items():
            found[name] = f
    only = kw_only
    for name, annotation in cls.__dict__.get("__annotations__", {}).items():
        kind = _annotation_kind(annotation)
        if kind == "kw_only":
            only = True
            continue
        default = cls.__dict__.get(name, MISSING)
        f = default if isinstance(default, Field) else field(default=default)
        f.name = name
        f.type = annotation
        f._kind = kind
        if kind != "field" and f.default_factory is not MISSING:
            raise TypeError(f"field {name} cannot have a default factory")
        if f.kw_only is MISSING:
            f.kw_only = only
        if kind == "field" and f.default.__class__.__hash__ is None:
            raise ValueError(f"mutable default {f.default.__class__} for field {name} is not allowed: use default_factory")
        if isinstance(default, Field):
            if f.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, f.default)
        found[name] = f
    for name, value in cls.__dict__.items():
        if isinstance(value, Field) and name not in cls.__dict__.get("__annotations__", {}):
            raise TypeError(f"{name!r} is a field but has no type annotation")
    return found


def _make_init(cls, all_fields, frozen):
    params = [f for f in all_fields.values() if f._kind != "classvar" and f.init]
    positional = [f for f in params if not f.kw_only]
    seen_default = None
    for f in positional:
        if f.default is not MISSING or f.default_factory is not MISSING:
            seen_default = f
        elif seen_default is not None:
            raise TypeError(f"non-default argument {f.name!r} follows default argument")
    by_name = {f.name: f for f in params}
    put = object.__setattr__ if frozen else setattr
    name_of_init = f"{cls.__name__}.__init__()"

    def __init__(self, /, *args, **kwargs):
        if len(args) > len(positional):
            required = sum(1 for f in positional if f.default is MISSING and f.default_factory is MISSING)
            takes = f"{len(positional) + 1}" if required == len(positional) else f"from {required + 1} to {len(positional) + 1}"
            raise TypeError(f"{name_of_init} takes {takes} positional argument{'s' if len(positional) else ''} but {len(args) + 1} were given")
        values = {}
        for f, value in zip(positional, args):
            values[f.name] = value
        for name, value in kwargs.items():
            if name not in by_name:
                raise TypeError(f"{name_of_init} got an unexpected keyword argument {name!r}")
            if name in values:
                raise TypeError(f"{name_of_init} got multiple values for argument {name!r}")
            values[name] = value
        missing = [f.name for f in params if f.name not in values and f.default is MISSING and f.default_factory is MISSING]
        if missing:
            plain = [n for n in missing if not by_name[n].kw_only]
            kind, names = ("positional", plain) if plain else ("keyword-only", missing)
            shown = [repr(n) for n in names]
            text = " and ".join(shown) if len(shown) < 3 else ", ".join(shown[:-1]) + ", and " + shown[-1]
            raise TypeError(f"{name_of_init} missing {len(names)} required {kind} argument{'s' if len(names) > 1 else ''}: {text}")
        init_only = []
        for f in all_fields.values():
            if f._kind == "classvar":
                continue
            if f.name in values:
                value = values[f.name]
            elif f.default_factory is not MISSING:
                value = f.default_factory()
            elif f.default is not MISSING:
                if not f.init:
                    continue
                value = f.default
            else:
                continue
            if f._kind == "initvar":
                init_only.append(value)
            else:
                put(self, f.name, value)
        if hasattr(self, "__post_init__"):
            self.__post_init__(*init_only)

    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    __init__.__annotations__ = {f.name: f.type for f in params}
    __init__.__dataclass_params__ = params
    return __init__


def _compared(cls):
    return [f.name for f in fields(cls) if f.compare]


def _make_order(op):
    def method(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        names = _compared(self.__class__)
        a = tuple(getattr(self, n) for n in names)
        b = tuple(getattr(other, n) for n in names)
        if op == "__eq__":
            return a == b
        if op == "__lt__":
            return a < b
        if op == "__le__":
            return a <= b
        if op == "__gt__":
            return a > b
        return a >= b

    method.__name__ = op
    return method


_writing = []


def _dataclass_repr(self):
    if any(x is self for x in _writing):
        return "..."
    _writing.append(self)
    try:
        parts = [f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr]
    finally:
        _writing.pop()
    return self.__class__.__qualname__ + "(" + ", ".join(parts) + ")"


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot):
    for base in cls.__mro__[1:]:
        params = base.__dict__.get("__dataclass_params__")
        if params is not None and params["frozen"] != frozen:
            raise TypeError("cannot inherit frozen dataclass from a non-frozen one" if frozen else "cannot inherit non-frozen dataclass from a frozen one")
    all_fields = _collect(cls, kw_only)
    cls.__dataclass_fields__ = all_fields
    cls.__dataclass_params__ = {"init": init, "repr": repr, "eq": eq, "order": order, "unsafe_hash": unsafe_hash, "frozen": frozen}
    own = cls.__dict__
    if order and not eq:
        raise ValueError("eq must be true if order is true")
    if init:
        cls.__init__ = _make_init(cls, all_fields, frozen)
    if repr and "__repr__" not in own:
        cls.__repr__ = _dataclass_repr
    has_hash = "__hash__" in own and not (own["__hash__"] is None and "__eq__" in own)
    if eq and "__eq__" not in own:
        cls.__eq__ = _make_order("__eq__")
    if order:
        for op in ("__lt__", "__le__", "__gt__", "__ge__"):
            if op in own:
                raise TypeError(f"Cannot overwrite attribute {op} in class {cls.__name__}. Consider using functools.total_ordering")
            setattr(cls, op, _make_order(op))
    if unsafe_hash or (eq and frozen):
        if unsafe_hash and has_hash:
            raise TypeError(f"Cannot overwrite attribute __hash__ in class {cls.__name__}")
        if not has_hash:

            def __hash__(self):
                return hash(tuple(getattr(self, f.name) for f in fields(self) if (f.compare if f.hash is None else f.hash)))

            cls.__hash__ = __hash__
    elif eq and not has_hash:
        cls.__hash__ = None
    if frozen:

        def __setattr__(self, name, value):
            if type(self) is cls or name in cls.__dataclass_fields__:
                raise FrozenInstanceError(f"cannot assign to field {name!r}")
            super(cls, self).__setattr__(name, value)

        def __delattr__(self, name):
            if type(self) is cls or name in cls.__dataclass_fields__:
                raise FrozenInstanceError(f"cannot delete field {name!r}")
            super(cls, self).__delattr__(name)

        for method in (__setattr__, __delattr__):
            if method.__name__ in own:
                raise TypeError(f"Cannot overwrite attribute {method.__name__} in class {cls.__name__}")
        cls.__setattr__ = __setattr__
        cls.__delattr__ = __delattr__
    if match_args and "__match_args__" not in own:
        cls.__match_args__ = tuple(f.name for f in all_fields.values() if f._kind != "classvar" and f.init and not f.kw_only)
    if cls.__doc__ is None:
        cls.__doc__ = cls.__name__ + "(" + ", ".join(f.name for f in all_fields.values()) + ")"
    return cls


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(c):
        return _process(c, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot)

    return wrap if cls is None else wrap(cls)


def fields(class_or_instance):
    table = getattr(class_or_instance, "__dataclass_fields__", None)
    if table is None:
        raise TypeError("must be called with a dataclass type or instance")
    return tuple(f for f in table.values() if f._kind == "field")


def is_dataclass(obj):
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, "__dataclass_fields__")


def _is_instance(obj):
    return hasattr(type(obj), "__dataclass_fields__")


def _convert(obj, make):
    if _is_instance(obj):
        return make([(f.name, _convert(getattr(obj, f.name), make)) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, "_fields"):
        return type(obj)(*[_convert(v, make) for v in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_convert(v, make) for v in obj])
    if isinstance(obj, dict):
        return {_convert(k, make): _convert(v, make) for k, v in obj.items()}
    return _copy.deepcopy(obj)


def asdict(obj, *, dict_factory=dict):
    if not _is_instance(obj):
        raise TypeError("asdict() should be called on dataclass instances")
    return _convert(obj, dict_factory)


def astuple(obj, *, tuple_factory=tuple):
    if not _is_instance(obj):
        raise TypeError("astuple() should be called on dataclass instances")
    return _convert(obj, lambda pairs: tuple_factory([v for _, v in pairs]))


def replace(obj, /, **changes):
    if not _is_instance(obj):
        raise TypeError("replace() should be called on dataclass instances")
    for f in type(obj).__dataclass_fields__.values():
        if f._kind == "classvar":
            continue
        if not f.init:
            if f.name in changes:
                raise ValueError(f"field {f.name} is declared with init=False, it cannot be specified with replace()")
            continue
        if f.name not in changes:
            if f._kind == "initvar" and f.default is MISSING:
                raise ValueError(f"InitVar {f.name!r} must be specified with replace()")
            changes[f.name] = getattr(obj, f.name)
    return obj.__class__(**changes)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    body = dict(namespace or {})
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            name, kind = item, object
        else:
            name, kind = item[0], item[1]
            if len(item) == 3:
                body[name] = item[2]
        annotations[name] = kind
    body["__annotations__"] = annotations
    return dataclass(type(cls_name, bases, body), **options)
