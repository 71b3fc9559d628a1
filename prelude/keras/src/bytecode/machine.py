"""Evaluates the instructions of decoded CPython functions on the dialect's values: a stack, local variables, cells.

Only what expressions need is here (a `Lambda` file form exists for lambda expressions alone): no statements, no exception handlers.
"""
import _kedge
from keras.src.bytecode import marshal
from keras.src.bytecode.values import BINARY, NULL, UNARY, UNSET, Cell, Unset, Values, truth

_VARARGS, _VARKEYWORDS, _GENERATOR = 0x4, 0x8, 0x20


class CodeFunction:
    def __init__(self, code, version, defaults, keyword_defaults, closure):
        self.code = code
        self.version = version
        self.defaults = defaults
        self.keyword_defaults = keyword_defaults
        self.closure = closure
        self.__name__ = code.name

    @property
    def argument_names(self):
        return list(self.code.slots[:self.code.arguments + self.code.keyword_only])

    def __call__(self, *args, **kwargs):
        machine = Machine(self, self.bind(args, kwargs))
        result = machine.run()
        return iter(machine.yielded) if self.code.flags & _GENERATOR else result

    def bind(self, args, kwargs):
        """The local variables as the call sets them."""
        code, given = self.code, {}
        names = list(code.slots[:code.arguments])
        keyword_names = list(code.slots[code.arguments:code.arguments + code.keyword_only])
        given.update(zip(names, args))
        rest, unknown = tuple(args[len(names):]), {}
        for name, value in kwargs.items():
            if name in given:
                raise TypeError(f"{code.name}() got multiple values for argument '{name}'")
            if name in names[code.positional_only:] or name in keyword_names:
                given[name] = value
            else:
                unknown[name] = value
        for name, value in zip(names[len(names) - len(self.defaults):], self.defaults):
            given.setdefault(name, value)
        for name, value in self.keyword_defaults.items():
            given.setdefault(name, value)
        for name in names + keyword_names:
            if name not in given:
                raise TypeError(f"{code.name}() missing a required argument: '{name}'")
        values = [given[name] for name in names + keyword_names]
        if code.flags & _VARARGS:
            values.append(rest)
        elif rest:
            raise TypeError(f"{code.name}() takes {len(names)} positional arguments but {len(args)} were given")
        if code.flags & _VARKEYWORDS:
            values.append(unknown)
        elif unknown:
            raise TypeError(f"{code.name}() got an unexpected keyword argument '{next(iter(unknown))}'")
        return values + [UNSET] * (len(code.slots) - len(values))


_DONE = Unset()


class Machine(Values):
    def __init__(self, function, slots):
        self.function = function
        self.code = function.code
        self.version = function.version
        self.minor = function.version.minor
        self.slots = slots
        self.stack = []
        self.yielded = []
        self.keywords = ()
        self.at = 0
        self.cells = None
        if self.code.cells is not None:
            held = dict(zip(self.code.slots, slots))
            self.cells = [Cell(held.get(name, UNSET)) for name in self.code.cells] + list(function.closure)

    def run(self):
        instructions = self.version.instructions(self.code)
        while True:
            if self.at not in instructions:
                self.broken()
            name, argument, after = instructions[self.at]
            self.at = after
            if name in ("RETURN_VALUE", "RETURN_CONST"):
                return self.code.consts[argument] if name == "RETURN_CONST" else self.pop()
            target = self.version.target(name, argument, after)
            if name == "FOR_ITER":
                self.for_iter(target)
            elif target is not None:
                self.jump(name, target)
            elif name in UNARY:
                self.push(UNARY[name](self.pop()))
            elif name.startswith("BINARY_") and name[7:] in BINARY:
                self.binary(name[7:])
            else:
                step = getattr(self, name.lower(), None) if name.isupper() else None
                if step is None:
                    _kedge.refuse("K0404", f"the stored function of a Lambda uses the instruction {name} (Python 3.{self.minor}), which is not decoded",
                                  "write the function as a layer class in a source file, and save the model with that")
                step(argument)

    # -- jumps and loops

    def jump(self, name, target):
        if name.endswith("_OR_POP"):
            if truth(self.peek(1)) == ("TRUE" in name):
                self.at = target
            else:
                self.pop()
            return
        if name.endswith("NONE"):
            taken = (self.pop() is None) != name.endswith("NOT_NONE")
        elif name.endswith(("FALSE", "TRUE")):
            taken = truth(self.pop()) == name.endswith("TRUE")
        else:
            taken = True
        if taken:
            self.at = target

    def get_iter(self, argument):
        self.push(iter(self.pop()))

    def for_iter(self, target):
        value = next(self.peek(1), _DONE)
        if value is not _DONE:
            self.push(value)
            return
        self.pop()
        # Behind the loop stand instructions for the iterator, which is already gone here: END_FOR, from 3.13 on POP_TOP too.
        self.at = target + (4 if self.minor >= 13 else 2 if self.minor == 12 else 0)

    def return_generator(self, argument):
        self.push(None)

    def yield_value(self, argument):
        self.yielded.append(self.pop())
        self.push(None)

    # -- calls

    def call_with(self, args, kwargs):
        """Calls what lies below the arguments; one of the two places is empty, or both are filled: function and first argument."""
        if self.minor < 11:
            below = [self.pop()]
        else:
            below = [value for value in self.take(2) if value is not NULL]
        self.push(below[0](*below[1:], *args, **kwargs))

    def call(self, argument):
        self.call_named(argument, self.keywords)
        self.keywords = ()

    def call_named(self, count, names):
        values = self.take(count)
        first = count - len(names)
        self.call_with(values[:first], dict(zip(names, values[first:])))

    def kw_names(self, argument):
        self.keywords = self.code.consts[argument]

    def call_kw(self, argument):
        self.call_named(argument, self.pop())

    call_function_kw = call_kw

    def call_function(self, argument):
        self.call_named(argument, ())

    def call_method(self, argument):
        values = self.take(argument)
        below = [value for value in self.take(2) if value is not NULL]
        self.push(below[0](*values))

    def call_function_ex(self, argument):
        kwargs = self.pop() if argument & 1 else {}
        args = self.pop()
        self.call_with(list(args), dict(kwargs))

    def make_function(self, argument):
        if self.minor < 11:
            self.pop()
        code = self.pop()
        if not isinstance(code, marshal.Code):
            self.broken()
        if self.minor >= 13:
            argument = 0
        closure = self.pop() if argument & 8 else ()
        if argument & 4:
            self.pop()
        keyword_defaults = self.pop() if argument & 2 else {}
        defaults = self.pop() if argument & 1 else ()
        self.push(CodeFunction(code, self.version, defaults, keyword_defaults, closure))

    def set_function_attribute(self, argument):
        value, function = self.take(2)
        if argument == 1:
            function.defaults = value
        elif argument == 2:
            function.keyword_defaults = value
        elif argument == 8:
            function.closure = list(value)
        self.push(function)
