"""Axes taken apart and put together: `rearrange`, `fold`, flips and joins."""
from keras.src import dtypes
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import nn
from keras.src.ops import shape as sh
from keras.src.tensor import cast, dims, getitem, op, refuse, reshape, static_shape, to_tensor


def _groups(side):
    """'b (h p) c' as [['b'], ['h', 'p'], ['c']]."""
    groups, inside = [], None
    for word in side.replace("(", " ( ").replace(")", " ) ").split():
        if word == "(":
            inside = []
        elif word == ")":
            groups.append(inside)
            inside = None
        elif inside is not None:
            inside.append(word)
        else:
            groups.append([word])
    return groups


def _product(sizes):
    total = 1
    for size in sizes:
        total = size * total if isinstance(total, int) else total * size
    return total


def rearrange(tensor, pattern, **axes_lengths):
    """Axes by name (einops' notation): every group is split, the axes are permuted, groups are joined."""
    x = to_tensor(tensor)
    left, arrow, right = pattern.partition("->")
    before, after = _groups(left), _groups(right)
    if not arrow or len(before) != len(static_shape(x)):
        raise ValueError(f"rearrange: the pattern '{pattern}' does not fit a tensor of shape {static_shape(x)}")
    sizes = dict(axes_lengths)
    for group, size in zip(before, dims(x)):
        open_names = [name for name in group if name not in sizes]
        if len(open_names) > 1:
            raise ValueError(f"rearrange: at most one length of the group {group} can be left open")
        known = _product([sizes[name] for name in group if name in sizes])
        if open_names:
            sizes[open_names[0]] = size if len(group) == 1 else size // known
        elif isinstance(size, int) and isinstance(known, int) and known != size:
            raise ValueError(f"rearrange: the axes {group} have {known} elements, the tensor's axis {size}")
    names = [name for group in before for name in group]
    wanted = [name for group in after for name in group]
    if sorted(names) != sorted(wanted):
        raise ValueError(f"rearrange: both sides of '{pattern}' must name the same axes")
    split = x if len(names) == len(before) else reshape(x, [sizes[name] for name in names])
    order = [names.index(name) for name in wanted]
    turned = split if order == sorted(order) else op("transpose", [split], perm=order)
    return turned if len(wanted) == len(after) else reshape(turned, [_product([sizes[n] for n in group]) for group in after])


def append(x1, x2, axis=None):
    x1, x2 = el.promoted(x1, x2)
    if axis is None:
        x1, x2, axis = reshape(x1, [-1]), reshape(x2, [-1]), 0
    return sh.concatenate([x1, x2], axis=axis)


def dstack(xs):
    def deep(x):
        x = to_tensor(x)
        return sh.expand_dims(sh.atleast_2d(x), -1) if len(static_shape(x)) < 3 else x

    return sh.concatenate([deep(x) for x in xs], axis=2)


def fliplr(x):
    return sh.flip(x, axis=1)


def flipud(x):
    return sh.flip(x, axis=0)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Evenly spaced logarithms, with the sign of the first number."""
    dtype = dtypes.standardize_dtype(dtype)
    first, last = to_tensor(start, dtype), to_tensor(stop, dtype)
    powers = cr.linspace(el.log10(el.absolute(first)), el.log10(el.absolute(last)), num, endpoint=endpoint, axis=axis)
    return cast(el.multiply(el.power(10.0, powers), el.sign(first)), dtype)


def fold(x, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """[N, C * kernel, places] back into images: what the windows share is added up."""
    x = to_tensor(x)
    height, width = nn.spatial(output_size, 2)
    (kh, kw), (dh, dw), (ph, pw), (sh_, sw) = [nn.spatial(v, 2) for v in (kernel_size, dilation, padding, stride)]
    rows = (height + 2 * ph - dh * (kh - 1) - 1) // sh_ + 1
    columns = (width + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    channels = static_shape(x)[1]
    if channels is None:
        refuse("fold", "the number of channels is not known")
    count = dims(x)[0]
    windows = reshape(x, [count, channels // (kh * kw), kh * kw, rows, columns])
    total = None
    for i in range(kh):
        for j in range(kw):
            part = _placed(getitem(windows, (slice(None), slice(None), i * kw + j)), 2, sh_, i * dh, height + 2 * ph)
            part = _placed(part, 3, sw, j * dw, width + 2 * pw)
            total = part if total is None else op("add", [total, part])
    return getitem(total, (slice(None), slice(None), slice(ph, ph + height), slice(pw, pw + width)))


def _placed(x, axis, step, first, length):
    """Elements of an axis put `step` apart, the first one at `first`, on an axis of zeros."""
    sizes = list(dims(x))
    count = sizes[axis]
    if step > 1:
        x = reshape(x, sizes[:axis + 1] + [1] + sizes[axis + 1:])
        nothing = [0] * (len(sizes) + 1)
        x = op("pad", [x], before=nothing, after=nothing[:axis + 1] + [step - 1] + nothing[axis + 2:], mode="constant", value=0.0)
        x = reshape(x, sizes[:axis] + [count * step] + sizes[axis + 1:])
        x = getitem(x, (slice(None),) * axis + (slice(0, (count - 1) * step + 1),))
    nothing = [0] * len(sizes)
    rest = length - first - ((count - 1) * step + 1)
    return op("pad", [x], before=nothing[:axis] + [first] + nothing[axis + 1:], after=nothing[:axis] + [rest] + nothing[axis + 1:],
              mode="constant", value=0.0)
