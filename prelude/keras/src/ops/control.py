"""Control flow of `keras.ops`: conditions, loops, scans, maps."""
import _kedge
from keras.src import tree
from keras.src.ops import elementwise as el
from keras.src.ops import shape as sh
from keras.src.tensor import Tensor, cast, const_value, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_int, to_tensor
from keras.src.tree import is_sequence


def _known_truth(value):
    """True or False when a condition does not depend on the input, else None."""
    if isinstance(value, Tensor) or hasattr(value, "__kedge_tensor__"):
        constant = const_value(value)
        return None if constant is None else bool(constant)
    return bool(value)


def _tensors(structure):
    return tree.map_structure(lambda x: x if x is None else to_tensor(x), structure)


def cond(pred, true_fn, false_fn):
    known = _known_truth(pred)
    if known is not None:
        return true_fn() if known else false_fn()
    shapes = []

    def branch(function):
        def run():
            result = _tensors(function())
            shapes.append(result)
            return [t for t in tree.flatten(result) if t is not None]

        return run

    pred = cast(to_tensor(pred), "bool")
    if static_shape(pred) != ():
        pred = reshape(pred, [])
    flat = list(_kedge.cond(pred, branch(true_fn), branch(false_fn)))
    if not shapes:
        return None
    items = iter(flat)
    return tree.map_structure(lambda x: None if x is None else next(items), shapes[0])


def while_loop(cond, body, loop_vars, maximum_iterations=None):
    """Structures as state; a maximum is one more counter in the state."""
    single = not is_sequence(loop_vars)
    start = [loop_vars] if single else list(loop_vars)
    state = _tensors(start)
    flat = tree.flatten(state)
    limit = None if maximum_iterations is None else to_int(maximum_iterations, "maximum_iterations")

    def unpack(values):
        return tree.pack_sequence_as(state, list(values))

    def keep_going(*values):
        if limit is not None:
            counter, values = values[0], values[1:]
        go = cond(*unpack(values))
        go = cast(to_tensor(go), "bool")
        if static_shape(go) != ():
            go = reshape(go, [])
        return op("logical_and", [go, op("less", [counter, to_tensor(limit, "int32")])]) if limit is not None else go

    def step(*values):
        if limit is not None:
            counter, values = values[0], values[1:]
        result = body(*unpack(values))
        if single and not (is_sequence(result) and len(result) == 1):
            result = [result]
        elif not is_sequence(result):
            result = [result]
        new = [to_tensor(v, dtype_of(old)) for v, old in zip(tree.flatten(list(result)), flat)]
        if len(new) != len(flat):
            raise ValueError(f"The loop's body gave {len(new)} values for {len(flat)} loop variables.")
        return ([op("add", [counter, to_tensor(1, "int32")])] if limit is not None else []) + new

    begin = ([to_tensor(0, "int32")] if limit is not None else []) + flat
    result = list(_kedge.while_loop(keep_going, step, begin))
    if limit is not None:
        result = result[1:]
    packed = unpack(result)
    return packed[0] if single else (tuple(packed) if isinstance(loop_vars, tuple) else list(packed))


def fori_loop(lower, upper, body_fun, init_val):
    low, high = const_value(lower), const_value(upper)
    if low is not None and high is not None and int(high) - int(low) <= 64:
        value = init_val
        for i in range(int(low), int(high)):
            value = body_fun(i, value)
        return value
    wrapped = not isinstance(init_val, (list, tuple, dict))
    state = (to_tensor(lower, "int32"), init_val)
    _, value = while_loop(lambda i, v: el.less(i, upper), lambda i, v: (el.add(i, 1), body_fun(i, v)), state)
    return value


def scan(f, init, xs=None, length=None, reverse=False, unroll=1):
    count = length if xs is None else static_shape(to_tensor(tree.flatten(xs)[0]))[0]
    if count is None:
        refuse("scan", "the leading axis has no static size")
    carry, results = init, []
    for i in (range(count)[::-1] if reverse else range(count)):
        x = None if xs is None else tree.map_structure(lambda v: getitem(to_tensor(v), i), xs)
        carry, y = f(carry, x)
        results.append(y)
    if reverse:
        results = results[::-1]
    stacked = tree.map_structure(lambda *ys: None if ys[0] is None else sh.stack(list(ys)), *results)
    return carry, stacked


def associative_scan(f, elems, reverse=False, axis=0):
    leaves = [to_tensor(v) for v in tree.flatten(elems)]
    count = static_shape(leaves[0])[axis]
    if count is None:
        refuse("associative_scan", "the axis has no static size")
    before = [slice(None)] * axis if axis >= 0 else [Ellipsis]

    def at(i):
        return tree.map_structure(lambda v: getitem(to_tensor(v), tuple([slice(None)] * (axis % len(static_shape(to_tensor(v)))) + [slice(i, i + 1)])), elems)

    order = list(range(count))
    if reverse:
        order = order[::-1]
    total, results = at(order[0]), []
    results.append(total)
    for i in order[1:]:
        total = f(total, at(i))
        results.append(total)
    if reverse:
        results = results[::-1]
    return tree.map_structure(lambda *ys: sh.concatenate(list(ys), axis=axis), *results)


def map(f, xs):
    leaves = tree.flatten(xs)
    first = to_tensor(leaves[0])
    count = static_shape(first)[0]
    if count is not None:
        results = [f(tree.map_structure(lambda v: getitem(to_tensor(v), i), xs)) for i in range(count)]
        return tree.map_structure(lambda *ys: sh.stack(list(ys)), *results)
    return vectorized_map(f, xs)


def vectorized_map(function, elements):
    """Over an axis of unknown size: a loop that writes each result into its row."""
    leaves = tree.flatten(elements)
    first = to_tensor(leaves[0])
    count = dims(first)[0]
    if isinstance(count, int):
        return map(function, elements)

    def row(i):
        return tree.map_structure(lambda v: getitem(to_tensor(v), i), elements)

    sample = _tensors(function(row(0)))
    flat = tree.flatten(sample)
    begin = [to_tensor(0, "int32")] + [op("broadcast_to", [to_tensor(0, dtype_of(t))], shape=[count] + list(dims(t))) for t in flat]

    def keep_going(i, *rows):
        return op("less", [i, to_tensor(count, "int32")])

    def step(i, *rows):
        results = tree.flatten(_tensors(function(row(i))))
        index = reshape(i, [1, 1])
        written = [op("scatter_update", [whole, index, reshape(r, [1] + list(dims(r)))]) for whole, r in zip(rows, results)]
        return [op("add", [i, to_tensor(1, "int32")])] + written

    final = list(_kedge.while_loop(keep_going, step, begin))
    return tree.pack_sequence_as(sample, final[1:])


def switch(index, branches, *operands):
    known = const_value(index)
    if known is not None:
        i = int(known)
        i = 0 if i < 0 else len(branches) - 1 if i >= len(branches) else i
        return branches[i](*operands)
    index = cast(to_tensor(index), "int32")

    def pick(i):
        if i == len(branches) - 1:
            return branches[i](*operands)
        return cond(op("less_equal", [index, to_tensor(i, "int32")]), lambda: branches[i](*operands), lambda: pick(i + 1))

    return pick(0)


def vectorize(pyfunc, *, excluded=None, signature=None):
    raise NotImplementedError("keras.ops.vectorize")


def custom_gradient(f):
    """Only the forward value matters."""
    def forward(*args, **kwargs):
        result = f(*args, **kwargs)
        return result[0] if isinstance(result, tuple) and len(result) == 2 and callable(result[1]) else result

    return forward


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    raise NotImplementedError("keras.ops.apply_along_axis")
