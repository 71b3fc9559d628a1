"""Products of tensors: matmul, einsum, tensordot and the like."""
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.tensor import Tensor, cast, dims, dtype_of, op, reshape, static_shape
from keras.src.tree import is_sequence


def matmul(x1, x2):
    a, b = el.promoted(x1, x2)
    if dtype_of(a) == "int8":
        a, b = cast(a, "int32"), cast(b, "int32")
    return matmul_any(a, b)


def matmul_any(a, b):
    """numpy's matmul, vectors included; equal dtypes."""
    ra, rb = len(static_shape(a)), len(static_shape(b))
    if dtype_of(a) == "bool":
        return cast(matmul_any(cast(a, "int32"), cast(b, "int32")), "bool")
    if ra == 1 and rb == 1:
        return op("reduce_sum", [op("mul", [a, b])], axes=[0], keepdims=False)
    if ra == 1:
        y = op("matmul", [reshape(a, [1] + list(dims(a))), b])
        sizes = list(dims(y))
        return reshape(y, sizes[:-2] + sizes[-1:])
    if rb == 1:
        y = op("matmul", [a, reshape(b, list(dims(b)) + [1])])
        return reshape(y, list(dims(y))[:-1])
    return op("matmul", [a, b])


def dot(x1, x2):
    a, b = el.promoted(x1, x2)
    ra, rb = len(static_shape(a)), len(static_shape(b))
    if ra == 0 or rb == 0:
        return op("mul", [a, b])
    return tensordot(a, b, [[ra - 1], [max(rb - 2, 0)]])


def vdot(x1, x2):
    a, b = el.promoted(x1, x2)
    return matmul_any(reshape(a, [-1]), reshape(b, [-1]))


def inner(x1, x2):
    a, b = el.promoted(x1, x2)
    if not static_shape(a) or not static_shape(b):
        return op("mul", [a, b])
    return tensordot(a, b, [[len(static_shape(t)) - 1] for t in (a, b)])


def outer(x1, x2):
    a, b = el.promoted(x1, x2)
    return op("mul", [reshape(a, [-1, 1]), reshape(b, [1, -1])])


def _product(sizes):
    total = 1
    for s in sizes:
        total = s * total if isinstance(s, Tensor) else total * s
    return total


def tensordot(x1, x2, axes=2):
    a, b = el.promoted(x1, x2)
    ra, rb = len(static_shape(a)), len(static_shape(b))
    if hasattr(axes, "tolist"):
        axes = axes.tolist()
    if isinstance(axes, int):
        left, right = list(range(ra - axes, ra)), list(range(axes))
    else:
        left, right = axes
        left = left if is_sequence(left) else [left]
        right = right if is_sequence(right) else [right]
        left = [red.normalize_axis(i, ra) for i in left]
        right = [red.normalize_axis(i, rb) for i in right]
    free_a = [i for i in range(ra) if i not in left]
    free_b = [i for i in range(rb) if i not in right]
    sa, sb = dims(a), dims(b)
    shared = _product([sb[i] for i in right])
    rows, columns = [sa[i] for i in free_a], [sb[i] for i in free_b]
    if all(isinstance(d, int) for d in rows):
        rows_flat = _product(rows)
        a2 = reshape(_permuted(a, free_a + left), [rows_flat, shared])
    else:
        a2 = reshape(_permuted(a, free_a + left), [-1, shared])
    b2 = reshape(_permuted(b, right + free_b), [shared, _product(columns)])
    return reshape(op("matmul", [a2, b2]), rows + columns)


def _permuted(x, perm):
    return x if perm == list(range(len(perm))) else op("transpose", [x], perm=perm)


def kron(x1, x2):
    a, b = el.promoted(x1, x2)
    rank = len(static_shape(a))
    sa, sb = dims(a), dims(b)
    ea = reshape(a, [s for d in sa for s in (d, 1)])
    eb = reshape(b, [s for d in sb for s in (1, d)])
    return reshape(op("mul", [ea, eb]), [x * y for x, y in zip(sa, sb)])


def trace(x, offset=0, axis1=0, axis2=1):
    from keras.src.ops.creation import diagonal
    d = diagonal(x, offset, axis1, axis2)
    return red.sum(d, axis=-1)


def cross(x1, x2, axisa=-1, axisb=-1, axisc=-1, axis=None):
    from keras.src.ops.shape import moveaxis, stack, unstack
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = el.promoted(x1, x2)
    a, b = moveaxis(a, axisa, -1), moveaxis(b, axisb, -1)
    u, v = unstack(a, axis=-1), unstack(b, axis=-1)
    def minor(i, k):
        return el.subtract(el.multiply(u[i], v[k]), el.multiply(u[k], v[i]))

    if len(u) == 2 and len(v) == 2:
        return minor(0, 1)
    if len(u) == 2:
        u = u + [el.multiply(u[0], 0)]
    if len(v) == 2:
        v = v + [el.multiply(v[0], 0)]
    return moveaxis(stack([minor(1, 2), minor(2, 0), minor(0, 1)], axis=-1), -1, axisc)


def vecdot(x1, x2, axis=-1):
    return red.sum(el.multiply(x1, x2), axis=axis)


# -- einsum ----------------------------------------------------------------------------------------------------------

def einsum(subscripts, *operands, **kwargs):
    """Any number of operands, two at a time, each step one batched matrix product."""
    operands = el.promoted(*operands)
    return einsum_strict(subscripts, operands)


def einsum_strict(subscripts, operands):
    inputs, output = _parse(subscripts, [len(static_shape(t)) for t in operands])
    sizes = {}
    for letters, tensor in zip(inputs, operands):
        for letter, size in zip(letters, dims(tensor)):
            if letter not in sizes or (isinstance(sizes[letter], int) and sizes[letter] == 1):
                sizes[letter] = size
    terms = [(letters, tensor) for letters, tensor in zip(inputs, operands)]
    terms = [_single(letters, tensor, _needed_elsewhere(i, inputs, output), sizes) for i, (letters, tensor) in enumerate(terms)]
    while len(terms) > 1:
        (la, a), (lb, b) = terms[0], terms[1]
        rest = "".join(letters for letters, _ in terms[2:]) + output
        terms[:2] = [_pair(la, a, lb, b, rest, sizes)]
    letters, tensor = terms[0]
    letters, tensor = _single(letters, tensor, output, sizes)
    missing = [c for c in output if c not in letters]
    if missing:
        raise ValueError(f"einsum: output letter(s) {missing} do not occur in the inputs")
    return _permuted(tensor, [letters.index(c) for c in output])


def _parse(subscripts, ranks):
    text = subscripts.replace(" ", "")
    left, arrow, output = text.partition("->")
    inputs = left.split(",")
    if len(inputs) != len(ranks):
        raise ValueError(f"einsum: {len(inputs)} subscripts for {len(ranks)} operands")
    spare = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in text]
    widest = ""
    expanded = []
    for letters, rank in zip(inputs, ranks):
        if "..." in letters:
            count = rank - len(letters.replace("...", ""))
            # Ellipsis axes align at the right: the last one has the first spare letter.
            names = "".join(spare[:count][::-1])
            expanded.append(letters.replace("...", names))
            if count > len(widest):
                widest = names
        else:
            expanded.append(letters)
            if len(letters) != rank:
                raise ValueError(f"einsum: '{letters}' does not fit an operand of {rank} dimensions")
    if arrow:
        output = output.replace("...", widest)
    else:
        counts = {}
        for letters in expanded:
            for c in letters:
                counts[c] = counts.get(c, 0) + 1
        output = widest + "".join(sorted(c for c in counts if counts[c] == 1 and c not in widest))
    return expanded, output


def _needed_elsewhere(i, inputs, output):
    return "".join(letters for k, letters in enumerate(inputs) if k != i) + output


def _single(letters, tensor, needed, sizes):
    """Takes diagonals of repeated letters and sums letters that nobody else needs."""
    from keras.src.ops.creation import diagonal
    while len(set(letters)) < len(letters):
        for c in letters:
            if letters.count(c) > 1:
                first = letters.index(c)
                second = letters.index(c, first + 1)
                tensor = diagonal(tensor, 0, first, second)
                letters = letters[:first] + letters[first + 1:second] + letters[second + 1:] + c
                break
    alone = [i for i, c in enumerate(letters) if c not in needed]
    if alone:
        tensor = op("reduce_sum", [tensor], axes=alone, keepdims=False)
        letters = "".join(c for c in letters if c in needed)
    return letters, tensor


def _pair(la, a, lb, b, needed, sizes):
    """Contracts two terms: batch letters, free letters of each, summed letters."""
    shared = [c for c in la if c in lb]
    batch = [c for c in shared if c in needed]
    summed = [c for c in shared if c not in needed]
    free_a = [c for c in la if c not in lb]
    free_b = [c for c in lb if c not in la]
    if not summed:
        # Nothing to contract: a product with broadcasting.
        order = batch + free_a + free_b
        wide_a = _spread(la, a, order)
        wide_b = _spread(lb, b, order)
        return "".join(order), op("mul", [wide_a, wide_b])
    a = _permuted(a, [la.index(c) for c in batch + free_a + summed])
    b = _permuted(b, [lb.index(c) for c in batch + summed + free_b])
    dims_a, dims_b = dims(a), dims(b)
    nb, ns = len(batch), len(summed)
    batch_a, batch_b = list(dims_a[:nb]), list(dims_b[:nb])
    rows, columns = list(dims_a[nb:nb + len(free_a)]), list(dims_b[nb + ns:])
    depth = list(dims_a[nb + len(free_a):])
    depth_flat = _product(depth) if ns != 1 else depth[0]
    rows_flat = rows[0] if len(rows) == 1 else _product(rows)
    columns_flat = columns[0] if len(columns) == 1 else _product(columns)
    if len(rows) != 1 or ns != 1:
        a = reshape(a, batch_a + [rows_flat, depth_flat])
    if len(columns) != 1 or ns != 1:
        b = reshape(b, batch_b + [depth_flat, columns_flat])
    y = op("matmul", [a, b])
    if len(rows) != 1 or len(columns) != 1:
        y = reshape(y, list(dims(y))[:nb] + rows + columns)
    return "".join(batch + free_a + free_b), y


def _spread(letters, tensor, order):
    """A tensor with axes in `order`, of size 1 where it lacks the letter."""
    mine = [c for c in order if c in letters]
    tensor = _permuted(tensor, [letters.index(c) for c in mine])
    sizes = dict(zip(mine, dims(tensor)))
    if len(mine) == len(order):
        return tensor
    return reshape(tensor, [sizes.get(c, 1) for c in order])
