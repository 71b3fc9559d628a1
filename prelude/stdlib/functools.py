"""Higher-order functions."""

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)
_missing = object()


def reduce(function, iterable, initial=_missing, /):
    source = iter(iterable)
    if initial is _missing:
        total = next(source, _missing)
        if total is _missing:
            raise TypeError("reduce() of empty iterable with no initial value")
    else:
        total = initial
    for item in source:
        total = function(total, item)
    return total


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for name in assigned:
        try:
            value = getattr(wrapped, name)
        except AttributeError:
            continue
        setattr(wrapper, name, value)
    for name in updated:
        getattr(wrapper, name).update(getattr(wrapped, name, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned, updated)

    return decorate


class partial:
    def __new__(cls, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError("the first argument must be callable")
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self = super().__new__(cls)
        self.func = func
        self.args = args
        self.keywords = keywords
        return self

    def __call__(self, /, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})

    def __repr__(self):
        parts = [repr(self.func)]
        parts.extend(repr(a) for a in self.args)
        parts.extend(f"{k}={v!r}" for k, v in self.keywords.items())
        return "functools.partial(" + ", ".join(parts) + ")"


class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, instance, owner=None):
        if hasattr(self.func, "__get__"):
            bound = self.func.__get__(instance, owner)
        else:
            bound = self.func
        if instance is None:
            return self
        return partial(bound, *self.args, **self.keywords)


class _CacheInfo(tuple):
    def __new__(cls, hits, misses, maxsize, currsize):
        return super().__new__(cls, (hits, misses, maxsize, currsize))

    hits = property(lambda self: self[0])
    misses = property(lambda self: self[1])
    maxsize = property(lambda self: self[2])
    currsize = property(lambda self: self[3])

    def __repr__(self):
        return f"CacheInfo(hits={self[0]}, misses={self[1]}, maxsize={self[2]}, currsize={self[3]})"


class _Cached:
    def __init__(self, function, maxsize, typed):
        self._function = function
        self._maxsize = maxsize
        self._typed = typed
        self._store = {}
        self._hits = self._misses = 0
        update_wrapper(self, function)

    def __call__(self, *args, **kwargs):
        key = (args, tuple(kwargs.items())) if kwargs else args
        if self._typed:
            key = (key, tuple(type(a) for a in args))
        store = self._store
        if key in store:
            self._hits += 1
            value = store.pop(key)
            store[key] = value
            return value
        self._misses += 1
        value = self._function(*args, **kwargs)
        if self._maxsize != 0:
            store[key] = value
            if self._maxsize is not None and len(store) > self._maxsize:
                del store[next(iter(store))]
        return value

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return partial(self, instance)

    def cache_info(self):
        return _CacheInfo(self._hits, self._misses, self._maxsize, len(self._store))

    def cache_clear(self):
        self._store.clear()
        self._hits = self._misses = 0

    def cache_parameters(self):
        return {"maxsize": self._maxsize, "typed": self._typed}


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _Cached(maxsize, 128, typed)
    if maxsize is not None and maxsize < 0:
        maxsize = 0
    return lambda function: _Cached(function, maxsize, typed)


def cache(function):
    return _Cached(function, None, False)


class cached_property:
    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        self.attrname = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname is None:
            raise TypeError("Cannot use cached_property instance without calling __set_name__ on it.")
        store = instance.__dict__
        if self.attrname not in store:
            store[self.attrname] = self.func(instance)
        return store[self.attrname]


def cmp_to_key(compare):
    class K:
        __slots__ = ("obj",)

        def __init__(self, obj):
            self.obj = obj

        def __lt__(self, other):
            return compare(self.obj, other.obj) < 0

        def __gt__(self, other):
            return compare(self.obj, other.obj) > 0

        def __eq__(self, other):
            return compare(self.obj, other.obj) == 0

        def __le__(self, other):
            return compare(self.obj, other.obj) <= 0

        def __ge__(self, other):
            return compare(self.obj, other.obj) >= 0

        __hash__ = None

    return K


def _negated(op):
    def method(self, other):
        result = getattr(type(self), op)(self, other)
        return result if result is NotImplemented else not result

    return method


def _or_equal(op):
    def method(self, other):
        result = getattr(type(self), op)(self, other)
        return result if result is NotImplemented else result or self == other

    return method


def _and_unequal(op, negate):
    def method(self, other):
        result = getattr(type(self), op)(self, other)
        if result is NotImplemented:
            return result
        return (not result if negate else result) and self != other

    return method


def _negated_or_equal(op):
    def method(self, other):
        result = getattr(type(self), op)(self, other)
        return result if result is NotImplemented else not result or self == other

    return method


def total_ordering(cls):
    roots = [op for op in ("__lt__", "__le__", "__gt__", "__ge__") if getattr(cls, op, None) is not getattr(object, op, None)]
    if not roots:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = "__lt__" if "__lt__" in roots else "__le__" if "__le__" in roots else "__gt__" if "__gt__" in roots else "__ge__"
    derived = {
        "__lt__": {"__gt__": _and_unequal("__lt__", True), "__le__": _or_equal("__lt__"), "__ge__": _negated("__lt__")},
        "__le__": {"__ge__": _negated_or_equal("__le__"), "__lt__": _and_unequal("__le__", False), "__gt__": _negated("__le__")},
        "__gt__": {"__lt__": _and_unequal("__gt__", True), "__ge__": _or_equal("__gt__"), "__le__": _negated("__gt__")},
        "__ge__": {"__le__": _negated_or_equal("__ge__"), "__gt__": _and_unequal("__ge__", False), "__lt__": _negated("__ge__")},
    }
    for name, method in derived[root].items():
        if name not in roots:
            method.__name__ = name
            setattr(cls, name, method)
    return cls


def singledispatch(function):
    registry = {object: function}

    def dispatch(cls):
        for base in cls.__mro__:
            if base in registry:
                return registry[base]
        for known in registry:
            if known is not object and issubclass(cls, known):
                return registry[known]
        return function

    def register(cls, func=None):
        if func is None:
            if isinstance(cls, type):
                return lambda f: register(cls, f)
            func = cls
            hints = [v for k, v in func.__annotations__.items() if k != "return"]
            if not hints:
                raise TypeError("Invalid first argument to `register()`: use a class or an annotated function")
            cls = hints[0]
        registry[cls] = func
        return func

    def wrapper(*args, **kwargs):
        if not args:
            raise TypeError(f"{function.__name__} requires at least 1 positional argument")
        return dispatch(type(args[0]))(*args, **kwargs)

    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = registry
    update_wrapper(wrapper, function)
    return wrapper


class singledispatchmethod:
    def __init__(self, func):
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, instance, owner=None):
        def method(*args, **kwargs):
            chosen = self.dispatcher.dispatch(type(args[0]))
            return chosen.__get__(instance, owner)(*args, **kwargs)

        method.register = self.register
        return method
