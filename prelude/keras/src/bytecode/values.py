"""What single instructions of CPython do to the stack, the local variables and the cells; `machine` runs them.

Names of instructions are methods, `LOAD_FAST` is `load_fast`; several versions' ways to say one thing meet in one method.
"""
import importlib
import operator

import _kedge
from keras.src.tensor import Tensor

# What a lambda in a notebook means by a global name: the file does not say.
_MODULES = {
    "tf": "tensorflow", "tensorflow": "tensorflow", "np": "numpy", "numpy": "numpy", "keras": "keras", "K": "keras.backend",
    "backend": "keras.backend", "ops": "keras.ops", "kops": "keras.ops", "layers": "keras.layers", "activations": "keras.activations",
    "initializers": "keras.initializers", "math": "math", "functools": "functools", "itertools": "itertools", "operator": "operator",
}


class Unset:
    pass


class Cell:
    def __init__(self, value):
        self.value = value


class Null:
    """What CPython puts below a function that is no method."""


UNSET, NULL = Unset(), Null()


def global_value(name):
    """A global of a stored lambda: from the given sources, a module by its usual name, or a builtin."""
    found = _kedge.find_object(None, name, None)
    if found is not None:
        return found
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    builtins = importlib.import_module("builtins")
    if hasattr(builtins, name):
        return getattr(builtins, name)
    _kedge.refuse("K0404", f"the stored function of a Lambda uses the global `{name}`, which is neither in the given sources nor a module's usual name",
                  "define it in a source file given with --custom")


def truth(value):
    if isinstance(value, Tensor) and _kedge.is_symbolic(value):
        _kedge.refuse("K0324", "the stored function of a Lambda chooses by the value of a tensor, which is only known when the model runs",
                      "use an operation (tf.where, keras.ops.where) in place of `if`, `and`, `or`")
    return bool(value)


BINARY = {
    "POWER": operator.pow, "MULTIPLY": operator.mul, "MATRIX_MULTIPLY": operator.matmul, "MODULO": operator.mod, "ADD": operator.add,
    "SUBTRACT": operator.sub, "SUBSCR": operator.getitem, "FLOOR_DIVIDE": operator.floordiv, "TRUE_DIVIDE": operator.truediv,
    "LSHIFT": operator.lshift, "RSHIFT": operator.rshift, "AND": operator.and_, "XOR": operator.xor, "OR": operator.or_,
}
# The order in which `BINARY_OP` counts them; those that assign in place follow in the same order.
_BINARY_ORDER = "ADD AND FLOOR_DIVIDE LSHIFT MATRIX_MULTIPLY MULTIPLY MODULO OR POWER RSHIFT SUBTRACT TRUE_DIVIDE XOR".split()
UNARY = {"UNARY_POSITIVE": operator.pos, "UNARY_NEGATIVE": operator.neg, "UNARY_INVERT": operator.invert}
_COMPARE = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge, lambda a, b: a in b, lambda a, b: a not in b,
            lambda a, b: a is b, lambda a, b: a is not b]


class Values:
    """The part of a machine that holds values; `machine.Machine` adds the order of the instructions."""

    def broken(self):
        _kedge.refuse("K0404", "the stored function of a Lambda is broken: its instructions do not fit together",
                      "write the function as a layer class in a source file, and save the model with that")

    def push(self, value):
        self.stack.append(value)

    def pop(self):
        if not self.stack:
            self.broken()
        return self.stack.pop()

    def take(self, count):
        """The last `count` values, in the order they were pushed."""
        if count > len(self.stack):
            self.broken()
        start = len(self.stack) - count
        out = self.stack[start:]
        self.stack = self.stack[:start]
        return out

    def peek(self, depth):
        if not 0 < depth <= len(self.stack):
            self.broken()
        return self.stack[-depth]

    # -- the stack

    def nop(self, argument):
        pass

    resume = precall = gen_start = to_bool = nop

    def pop_top(self, argument):
        self.pop()

    def rotate(self, count):
        top = self.take(count)
        self.stack = self.stack + top[-1:] + top[:-1]

    def rot_two(self, argument):
        self.rotate(2)

    def rot_three(self, argument):
        self.rotate(3)

    def rot_four(self, argument):
        self.rotate(4)

    rot_n = rotate

    def dup_top(self, argument):
        self.push(self.peek(1))

    def dup_top_two(self, argument):
        top = self.take(2)
        self.stack = self.stack + top + top

    def copy(self, argument):
        self.push(self.peek(argument))

    def swap(self, argument):
        top = self.take(argument)
        self.stack = self.stack + top[-1:] + top[1:-1] + top[:1]

    def push_null(self, argument):
        self.push(NULL)

    # -- operators

    def binary(self, name):
        left, right = self.take(2)
        self.push(BINARY[name](left, right))

    def binary_op(self, argument):
        self.binary(_BINARY_ORDER[argument % len(_BINARY_ORDER)])

    def binary_slice(self, argument):
        value, start, stop = self.take(3)
        self.push(value[start:stop])

    def unary_not(self, argument):
        self.push(not truth(self.pop()))

    def compare_op(self, argument):
        left, right = self.take(2)
        self.push(_COMPARE[argument >> 5 if self.minor >= 13 else argument >> 4 if self.minor == 12 else argument](left, right))

    def is_op(self, argument):
        left, right = self.take(2)
        self.push((left is right) != bool(argument))

    def contains_op(self, argument):
        left, right = self.take(2)
        self.push((left in right) != bool(argument))

    # -- names

    def load_const(self, argument):
        self.push(self.code.consts[argument])

    def load_global(self, argument):
        if self.minor >= 11:
            argument, null = argument >> 1, argument & 1
            self.with_null(global_value(self.code.names[argument]), null)
        else:
            self.push(global_value(self.code.names[argument]))

    def load_name(self, argument):
        self.push(global_value(self.code.names[argument]))

    def with_null(self, value, null):
        """A function to call: up to 3.12 the empty place comes below it, then above it."""
        self.stack = self.stack + ([value] if not null else [NULL, value] if self.minor < 13 else [value, NULL])

    def load_fast(self, argument):
        value = self.slots[argument]
        if value is UNSET:
            raise UnboundLocalError(f"local variable '{self.code.slots[argument]}' referenced before assignment")
        self.push(value)

    load_fast_check = load_fast

    def load_fast_and_clear(self, argument):
        self.push(self.slots[argument])
        self.slots[argument] = UNSET

    def load_fast_load_fast(self, argument):
        self.load_fast(argument >> 4)
        self.load_fast(argument & 15)

    def store_fast(self, argument):
        self.slots[argument] = self.pop()

    def store_fast_load_fast(self, argument):
        self.store_fast(argument >> 4)
        self.load_fast(argument & 15)

    def store_fast_store_fast(self, argument):
        self.store_fast(argument >> 4)
        self.store_fast(argument & 15)

    def delete_fast(self, argument):
        self.slots[argument] = UNSET

    def cell(self, argument):
        return (self.slots if self.cells is None else self.cells)[argument]

    def make_cell(self, argument):
        self.slots[argument] = Cell(self.slots[argument])

    def copy_free_vars(self, argument):
        self.slots[len(self.slots) - argument:] = self.function.closure

    def load_closure(self, argument):
        self.push(self.cell(argument))

    def load_deref(self, argument):
        self.push(self.cell(argument).value)

    def store_deref(self, argument):
        self.cell(argument).value = self.pop()

    def load_attr(self, argument):
        if self.minor >= 12:
            argument, method = argument >> 1, argument & 1
            self.with_null(getattr(self.pop(), self.code.names[argument]), method)
        else:
            self.push(getattr(self.pop(), self.code.names[argument]))

    def load_method(self, argument):
        self.with_null(getattr(self.pop(), self.code.names[argument]), True)

    # -- containers and text

    def build_tuple(self, argument):
        self.push(tuple(self.take(argument)))

    def build_list(self, argument):
        self.push(self.take(argument))

    def build_set(self, argument):
        self.push(set(self.take(argument)))

    def build_map(self, argument):
        items = self.take(2 * argument)
        self.push(dict(zip(items[::2], items[1::2])))

    def build_const_key_map(self, argument):
        keys = self.pop()
        self.push(dict(zip(keys, self.take(argument))))

    def build_slice(self, argument):
        self.push(slice(*self.take(argument)))

    def build_string(self, argument):
        self.push("".join(self.take(argument)))

    def format_value(self, argument):
        spec = self.pop() if argument & 4 else ""
        self.convert_value(argument & 3)
        self.push(format(self.pop(), spec))

    def convert_value(self, argument):
        value = self.pop()
        self.push(str(value) if argument == 1 else repr(value) if argument == 2 else ascii(value) if argument == 3 else value)

    def format_simple(self, argument):
        self.push(format(self.pop(), ""))

    def format_with_spec(self, argument):
        value, spec = self.take(2)
        self.push(format(value, spec))

    def build_list_unpack(self, argument):
        self.push([item for part in self.take(argument) for item in part])

    def build_tuple_unpack(self, argument):
        self.push(tuple(item for part in self.take(argument) for item in part))

    build_tuple_unpack_with_call = build_tuple_unpack

    def build_set_unpack(self, argument):
        self.push({item for part in self.take(argument) for item in part})

    def build_map_unpack(self, argument):
        self.push({key: value for part in self.take(argument) for key, value in part.items()})

    def build_map_unpack_with_call(self, argument):
        self.push(_merged({}, self.take(argument)))

    def list_append(self, argument):
        value = self.pop()
        self.peek(argument).append(value)

    def set_add(self, argument):
        value = self.pop()
        self.peek(argument).add(value)

    def map_add(self, argument):
        key, value = self.take(2)
        self.peek(argument)[key] = value

    def list_extend(self, argument):
        value = self.pop()
        self.peek(argument).extend(value)

    def set_update(self, argument):
        value = self.pop()
        self.peek(argument).update(value)

    dict_update = set_update

    def dict_merge(self, argument):
        value = self.pop()
        _merged(self.peek(argument), [value])

    def list_to_tuple(self, argument):
        self.push(tuple(self.pop()))

    def call_intrinsic_1(self, argument):
        if argument == 5:
            self.push(operator.pos(self.pop()))
        elif argument == 6:
            self.list_to_tuple(0)
        elif argument != 3:
            self.broken()

    def unpack_sequence(self, argument):
        items = list(self.pop())
        if len(items) != argument:
            raise ValueError(f"cannot unpack {len(items)} values into {argument}")
        self.stack = self.stack + items[::-1]


def _merged(into, parts):
    for part in parts:
        for key in part.keys():
            if key in into:
                raise TypeError(f"got multiple values for keyword argument '{key}'")
            into[key] = part[key]
    return into
