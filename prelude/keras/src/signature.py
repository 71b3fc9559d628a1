"""What a method's parameters are, read once per function."""
import inspect

_cache = {}


class Parameters:
    """Names in order, defaults, and whether it takes *args and **kwargs; `self` is not among them."""

    def __init__(self, function):
        self.names = []
        self.defaults = {}
        self.positional = []
        self.varargs = None
        self.varkw = None
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind == parameter.VAR_POSITIONAL:
                self.varargs = parameter.name
            elif parameter.kind == parameter.VAR_KEYWORD:
                self.varkw = parameter.name
            else:
                self.names.append(parameter.name)
                if parameter.kind != parameter.KEYWORD_ONLY:
                    self.positional.append(parameter.name)
                if parameter.default is not parameter.empty:
                    self.defaults[parameter.name] = parameter.default

    def accepts(self, name):
        return name in self.names

    def bind(self, args, kwargs):
        """Arguments as given, by name, in the order of the parameters; rests under the names of *args and **kwargs."""
        bound = {}
        for name, value in zip(self.positional, args):
            bound[name] = value
        if self.varargs is not None:
            bound[self.varargs] = tuple(args[len(self.positional):])
        elif len(args) > len(self.positional):
            raise TypeError("too many positional arguments")
        rest = {}
        for name, value in kwargs.items():
            if name in self.names:
                if name in bound:
                    raise TypeError(f"multiple values for argument '{name}'")
                bound[name] = value
            elif self.varkw is not None:
                rest[name] = value
            else:
                raise TypeError(f"got an unexpected keyword argument '{name}'")
        if rest:
            bound[self.varkw] = rest
        for name in self.names:
            if name not in bound and name not in self.defaults:
                raise TypeError(f"missing a required argument: '{name}'")
        ordered = {}
        for name in self.names + [n for n in (self.varargs, self.varkw) if n]:
            if name in bound:
                ordered[name] = bound[name]
        return ordered


def parameters_of(method):
    """Parameters of a bound method or function."""
    key = getattr(method, "__func__", method)
    bound = key is not method
    entry = _cache.get((id(key), bound))
    if entry is None:
        entry = (key, Parameters(method))
        _cache[(id(key), bound)] = entry
    return entry[1]
