"""Enumerations."""


class auto:
    _count = 0

    def __init__(self, value=None):
        auto._count += 1
        self._order = auto._count
        self.value = value


property = property
DynamicClassAttribute = property


class nonmember:
    def __init__(self, value):
        self.value = value


class member:
    def __init__(self, value):
        self.value = value


def _is_dunder(name):
    return len(name) > 4 and name[:2] == name[-2:] == "__"


def _is_sunder(name):
    return len(name) > 2 and name[0] == name[-1] == "_" and name[1] != "_" and name[-2] != "_"


def _is_descriptor(value):
    kind = type(value)
    return hasattr(kind, "__get__") or hasattr(kind, "__set__") or hasattr(kind, "__delete__")


class _EnumDict(dict):
    """The namespace of an enum's body: notes members in order and resolves auto()."""

    def __init__(self, cls_name):
        super().__init__()
        self._cls_name = cls_name
        self._names = []
        self._values = []
        self._ignore = []
        self._generate = None

    def _resolve(self, name, value):
        if isinstance(value, auto):
            if value.value is None:
                value.value = self._generate(name, 1, len(self._names), self._values[:])
            return value.value
        return value

    def __setitem__(self, key, value):
        if _is_sunder(key):
            if key == "_ignore_":
                self._ignore = value.replace(",", " ").split() if isinstance(value, str) else list(value)
            elif key == "_generate_next_value_":
                self._generate = value.__func__ if isinstance(value, staticmethod) else value
            elif key not in ("_order_", "_missing_", "_numeric_repr_"):
                raise ValueError(f"_sunder_ names, such as {key!r}, are reserved for future Enum use")
        elif _is_dunder(key) or key in self._ignore or key.startswith(f"_{self._cls_name}__"):
            pass
        elif key in self._names:
            raise TypeError(f"{key!r} already defined as {self[key]!r}")
        elif isinstance(value, nonmember):
            value = value.value
        elif isinstance(value, member) or not _is_descriptor(value):
            if isinstance(value, member):
                value = value.value
            if isinstance(value, tuple) and any(isinstance(v, auto) for v in value):
                value = tuple(self._resolve(key, v) for v in value)
            value = self._resolve(key, value)
            if key in self:
                raise TypeError(f"{key!r} already defined as {self[key]!r}")
            self._names.append(key)
            self._values.append(value)
        super().__setitem__(key, value)


class EnumType(type):
    @classmethod
    def __prepare__(metacls, cls, bases, **kwds):
        namespace = _EnumDict(cls)
        for base in bases:
            generate = getattr(base, "_generate_next_value_", None)
            if generate is not None:
                namespace._generate = generate
                break
        return namespace

    def __new__(metacls, cls, bases, classdict, *, boundary=None, **kwds):
        if not isinstance(classdict, _EnumDict):
            plain = dict(classdict)
            classdict = metacls.__prepare__(cls, bases)
            for key, value in plain.items():
                classdict[key] = value
        for base in bases:
            if isinstance(base, EnumType) and base.__dict__.get("_member_names_"):
                raise TypeError(f"<enum {cls!r}> cannot extend {base!r}")
        names = list(classdict._names)
        values = {name: classdict[name] for name in names}
        body = {k: v for k, v in classdict.items() if k not in values and k not in classdict._ignore and k != "_ignore_"}
        if classdict._generate is not None:
            body["_generate_next_value_"] = staticmethod(classdict._generate)
        body["_member_names_"] = []
        body["_member_map_"] = {}
        body["_value2member_map_"] = {}
        data_type = _data_type(bases)
        body["_member_type_"] = data_type
        own_new = body.pop("__new__", None)
        if own_new is not None:
            body["__new_member__"] = own_new
        for method in ("__repr__", "__str__", "__format__"):
            if method in body:
                continue
            found = _first_method(bases, method)
            if found is not None:
                body[method] = found
        enum_class = super().__new__(metacls, cls, bases, body, **kwds)
        maker = getattr(enum_class, "__new_member__", None)
        init = getattr(enum_class, "__init__", None)
        for index, name in enumerate(names):
            value = values[name]
            args = value if isinstance(value, tuple) else (value,)
            if data_type is tuple:
                args = (args,)
            if maker is not None:
                item = maker(enum_class, *args)
            elif data_type is object:
                item = object.__new__(enum_class)
            else:
                item = data_type.__new__(enum_class, *args)
            if "_value_" not in item.__dict__:
                item._value_ = value if data_type is object or maker is not None else data_type(*args)
            value = item._value_
            item._name_ = name
            item.__objclass__ = enum_class
            item._sort_order_ = index
            if init is not None and init is not object.__init__ and not _is_builtin_init(enum_class, data_type):
                item.__init__(*args)
            enum_class._add(name, item, value)
        enum_class.__new__ = Enum.__new__ if "Enum" in globals() else _lookup_new
        return enum_class

    def _add(cls, name, item, value):
        for other in cls._member_map_.values():
            if other._value_ == value and type(other._value_) is type(value) or other._value_ == value:
                item = other
                break
        else:
            if not cls._is_alias(value):
                cls._member_names_.append(name)
            try:
                cls._value2member_map_[value] = item
            except TypeError:
                pass
        cls._member_map_[name] = item
        type.__setattr__(cls, name, item)

    def _is_alias(cls, value):
        return issubclass(cls, _flag_base()) and isinstance(value, int) and (value == 0 or value & (value - 1) != 0)

    def __call__(cls, value, names=None, *, module=None, qualname=None, type=None, start=1, boundary=None):
        if names is None:
            return cls.__new__(cls, value)
        return cls._create(value, names, module, type, start)

    def _create(cls, class_name, names, module, mixin, start):
        metacls = cls.__class__
        bases = (cls,) if mixin is None else (mixin, cls)
        namespace = metacls.__prepare__(class_name, bases)
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        if isinstance(names, dict):
            names = list(names.items())
        names = list(names)
        if names and isinstance(names[0], str):
            seen = []
            pairs = []
            for count, name in enumerate(names):
                value = namespace._generate(name, start, count, seen[:])
                seen.append(value)
                pairs.append((name, value))
            names = pairs
        for name, value in names:
            namespace[name] = value
        return metacls.__new__(metacls, class_name, bases, namespace)

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        if not isinstance(value, Enum):
            if isinstance(cls, EnumType) and not issubclass(cls, Enum):
                return False
            raise TypeError(f"unsupported operand type(s) for 'in': '{type(value).__qualname__}' and '{cls.__class__.__qualname__}'")
        return False

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return (cls._member_map_[name] for name in cls._member_names_)

    def __reversed__(cls):
        return (cls._member_map_[name] for name in reversed(cls._member_names_))

    def __len__(cls):
        return len(cls._member_names_)

    def __bool__(cls):
        return True

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError(f"cannot reassign member {name!r}")
        super().__setattr__(name, value)

    def __delattr__(cls, name):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError(f"{cls.__name__!r} cannot delete member {name!r}.")
        super().__delattr__(name)

    def __dir__(cls):
        return sorted(["__class__", "__contains__", "__doc__", "__getitem__", "__init_subclass__", "__iter__", "__len__", "__members__", "__module__", "__name__", "__qualname__"] + cls._member_names_)

    @property
    def __members__(cls):
        return dict(cls._member_map_)

    def __repr__(cls):
        return f"<flag {cls.__name__!r}>" if issubclass(cls, _flag_base()) else f"<enum {cls.__name__!r}>"


EnumMeta = EnumType


def _flag_base():
    return globals().get("Flag", _NoFlag)


class _NoFlag:
    pass


def _data_type(bases):
    for chain in bases:
        for base in chain.__mro__:
            if base is object or isinstance(base, EnumType):
                if isinstance(base, EnumType) and base.__dict__.get("_member_type_", object) is not object:
                    return base.__dict__["_member_type_"]
                continue
            if "__new__" in base.__dict__:
                return base
    return object


def _is_builtin_init(cls, data_type):
    for base in cls.__mro__:
        if "__init__" in base.__dict__:
            return base is object or base is data_type or base.__dict__["__init__"] is None
    return True


def _first_method(bases, method):
    """The mixed-in data type's repr and str do not win over Enum's, unless the mixin is a Python class that writes its own."""
    for base in bases:
        if isinstance(base, EnumType):
            return getattr(base, method)
        if method in base.__dict__ and base not in (int, str, float, tuple, bytes, complex, object):
            return base.__dict__[method]
    return None


def _lookup_new(cls, value):
    return object.__new__(cls)


class Enum(metaclass=EnumType):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        for last in reversed(last_values):
            if isinstance(last, int):
                return max(v for v in last_values if isinstance(v, int)) + 1
        return start

    def __new__(cls, value):
        if type(value) is cls:
            return value
        try:
            found = cls._value2member_map_.get(value)
            if found is not None:
                return found
        except TypeError:
            pass
        for item in cls._member_map_.values():
            if item._value_ == value:
                return item
        result = cls._missing_(value)
        if isinstance(result, cls):
            return result
        if result is None:
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        raise TypeError(f"error in {cls.__name__}._missing_: returned {result!r} instead of None or a valid member")

    @classmethod
    def _missing_(cls, value):
        return None

    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_

    def __repr__(self):
        return f"<{self.__class__.__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        return f"{self.__class__.__name__}.{self._name_}"

    def __format__(self, spec):
        return str.__format__(str(self), spec)

    def __hash__(self):
        return hash(self._name_)

    def __eq__(self, other):
        if self is other:
            return True
        if self._member_type_ is object:
            return NotImplemented
        return self._member_type_.__eq__(self, other)

    def __dir__(self):
        return ["__class__", "__doc__", "__eq__", "__hash__", "__module__", "name", "value"]

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)


type.__setattr__(Enum, "__new__", Enum.__dict__["__new_member__"])
type.__delattr__(Enum, "__new_member__")


class ReprEnum(Enum):
    """Only the repr is the enum's; str and format are the data type's."""


def _plain_str(self):
    return self._member_type_.__str__(self) if self._member_type_ is str else self._member_type_.__repr__(self._value_)


def _plain_format(self, spec):
    return self._member_type_.__format__(self._value_, spec)


type.__setattr__(ReprEnum, "__str__", _plain_str)
type.__setattr__(ReprEnum, "__format__", _plain_format)


class IntEnum(int, ReprEnum):
    def __hash__(self):
        return hash(self._value_)


class StrEnum(str, ReprEnum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    def __hash__(self):
        return hash(self._value_)

    def __str__(self):
        return self._value_


class FlagBoundary(StrEnum):
    STRICT = auto()
    CONFORM = auto()
    EJECT = auto()
    KEEP = auto()


STRICT, CONFORM, EJECT, KEEP = FlagBoundary


class Flag(Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start if start is not None else 1
        return 1 << max(last_values).bit_length()

    @classmethod
    def _all_bits(cls):
        bits = 0
        for item in cls._member_map_.values():
            bits |= item._value_
        return bits

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        known = cls._all_bits()
        if value < 0:
            value = ((1 << known.bit_length()) - 1) & value if not issubclass(cls, int) else value & known
            found = cls._value2member_map_.get(value)
            if found is not None:
                return found
        if value & ~known and not issubclass(cls, int):
            width = max(value.bit_length(), known.bit_length())
            raise ValueError(f"{cls!r} invalid value {value!r}\n    given {value:#0{width + 3}b}\n  allowed {known:#0{width + 3}b}")
        item = int.__new__(cls, value) if issubclass(cls, int) else object.__new__(cls)
        item._value_ = value
        item.__objclass__ = cls
        parts = [m for m in cls if m._value_ & value]
        rest = value & ~known
        names = [m._name_ for m in parts]
        if rest:
            names.append(str(rest))
        item._name_ = "|".join(names) if names else None
        cls._value2member_map_[value] = item
        return item

    def __contains__(self, other):
        if not isinstance(other, self.__class__):
            raise TypeError(f"unsupported operand type(s) for 'in': {type(other).__qualname__!r} and {self.__class__.__qualname__!r}")
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        return (m for m in self.__class__ if m._value_ & self._value_)

    def __len__(self):
        return self._value_.bit_count()

    def __bool__(self):
        return bool(self._value_)

    def __repr__(self):
        if self._name_ is None:
            return f"<{self.__class__.__name__}: {self._value_!r}>"
        return f"<{self.__class__.__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        if self._name_ is None:
            return f"{self.__class__.__name__}({self._value_!r})"
        return f"{self.__class__.__name__}.{self._name_}"

    def _other(self, other):
        if isinstance(other, self.__class__):
            return other._value_
        if issubclass(self.__class__, int) and isinstance(other, int):
            return int(other)
        return None

    def __or__(self, other):
        value = self._other(other)
        return NotImplemented if value is None else self.__class__(self._value_ | value)

    def __and__(self, other):
        value = self._other(other)
        return NotImplemented if value is None else self.__class__(self._value_ & value)

    def __xor__(self, other):
        value = self._other(other)
        return NotImplemented if value is None else self.__class__(self._value_ ^ value)

    def __invert__(self):
        return self.__class__(self._all_bits() & ~self._value_)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__

    def __hash__(self):
        return hash(self._value_)


class IntFlag(int, Flag):
    def __eq__(self, other):
        return int.__eq__(self, other)

    def __hash__(self):
        return hash(self._value_)

    def __str__(self):
        return int.__repr__(self._value_)

    def __format__(self, spec):
        return int.__format__(self._value_, spec)

    __repr__ = Flag.__repr__
    __or__ = __ror__ = Flag.__or__
    __and__ = __rand__ = Flag.__and__
    __xor__ = __rxor__ = Flag.__xor__
    __invert__ = Flag.__invert__
    __contains__ = Flag.__contains__


def unique(enumeration):
    aliases = [(name, item.name) for name, item in enumeration.__members__.items() if name != item.name]
    if aliases:
        raise ValueError(f"duplicate values found in {enumeration!r}: " + ", ".join(f"{a} -> {n}" for a, n in aliases))
    return enumeration


class EnumCheck(StrEnum):
    CONTINUOUS = "no skipped integer values"
    NAMED_FLAGS = "multi-flag aliases may not contain unnamed flags"
    UNIQUE = "one name per value"


CONTINUOUS, NAMED_FLAGS, UNIQUE = EnumCheck


class verify:
    def __init__(self, *checks):
        self.checks = checks

    def __call__(self, enumeration):
        return unique(enumeration) if UNIQUE in self.checks else enumeration


def global_enum(cls, update_str=False):
    return cls
