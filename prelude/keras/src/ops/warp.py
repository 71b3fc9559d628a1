"""Images read at other places: projective transforms, coordinates, scaling; and colour spaces."""
import itertools
import math

from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import linalg as la
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.ops.matrix import solve
from keras.src.tensor import cast, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_tensor


def _f(value):
    return to_tensor(value, "float32")


def _whole(x):
    """Towards zero, as a float."""
    return cast(cast(x, "int32"), "float32")


# -- projective transforms (TensorFlow's ImageProjectiveTransformV3) -------------------------------------------------

def _reflected(at, size):
    """... b a | a b c | c b ..."""
    period = el.multiply(size, 2.0)
    low = op("add", [at, op("mul", [period, _whole(op("div", [op("neg", [at]), period]))])])
    low = op("select", [op("less", [low, op("neg", [size])]), op("add", [low, period]), el.subtract(op("neg", [low]), 1.0)])
    high = op("sub", [at, op("mul", [period, _whole(op("div", [at, period]))])])
    high = op("select", [op("greater_equal", [high, size]), el.subtract(op("sub", [period, high]), 1.0), high])
    return low, high


def _wrapped(at, size):
    span = el.subtract(size, 1.0)
    low = op("add", [at, op("mul", [size, el.add(_whole(op("div", [op("neg", [at]), span])), 1.0)])])
    return low, op("sub", [at, op("mul", [size, _whole(op("div", [at, span]))])])


def _inside(at, size, fill_mode):
    """A coordinate brought back between 0 and size - 1, as the fill mode says."""
    if fill_mode == "constant":
        return at
    last = el.subtract(size, 1.0)
    if fill_mode != "nearest":
        low, high = (_reflected if fill_mode == "reflect" else _wrapped)(at, size)
        moved = op("select", [op("less", [at, _f(0.0)]), low, op("select", [op("greater", [at, last]), high, at])])
        at = op("select", [op("less_equal", [size, _f(1.0)]), _f(0.0), moved])
    return op("min", [op("max", [at, _f(0.0)]), last])


def _pixels(x, row, column, fill_value):
    """[N, P, C] pixels at whole places [N, P]; the fill value where a place is outside."""
    count, height, width, channels = dims(x)
    high, wide = [cast(to_tensor(d), "float32") for d in (height, width)]
    limits = [op("less_equal", [_f(0.0), row]), op("less", [row, high]), op("less_equal", [_f(0.0), column]), op("less", [column, wide])]
    there = op("logical_and", [op("logical_and", limits[:2]), op("logical_and", limits[2:])])
    place = op("add", [op("mul", [row, wide]), column])
    index = cast(op("select", [there, place, _f(0.0)]), "int32")
    values = op("gather", [reshape(x, [count, height * width, channels]), index], axis=1, batch_dims=1)
    return op("select", [sh.expand_dims(there, -1), values, to_tensor(fill_value, dtype_of(x))])


def project(x, transforms, interpolation, fill_mode, fill_value):
    """Channels last; every output pixel is read where its image's eight numbers send it."""
    if interpolation not in ("nearest", "bilinear"):
        raise ValueError(f"The interpolation is 'nearest' or 'bilinear', not {interpolation!r}")
    if fill_mode not in ("constant", "nearest", "wrap", "reflect"):
        raise ValueError(f"The fill mode is 'constant', 'nearest', 'wrap' or 'reflect', not {fill_mode!r}")
    dtype = dtype_of(x)
    count, height, width, channels = dims(x)
    rows, columns = [cast(reshape(op("iota", [], shape=[height, width], axis=a, dtype="int32"), [1, -1]), "float32") for a in (0, 1)]
    t = [getitem(cast(to_tensor(transforms), "float32"), (slice(None), slice(i, i + 1))) for i in range(8)]

    def line(a, b, c):
        return op("add", [op("add", [op("mul", [a, columns]), op("mul", [b, rows])]), c])

    depth = line(t[6], t[7], _f(1.0))
    flat = op("equal", [depth, _f(0.0)])
    depth = op("select", [flat, _f(1.0), depth])
    sizes = [cast(to_tensor(d), "float32") for d in (height, width)]
    row = _inside(op("div", [line(t[3], t[4], t[5]), depth]), sizes[0], fill_mode)
    column = _inside(op("div", [line(t[0], t[1], t[2]), depth]), sizes[1], fill_mode)
    spread = [count, height * width]
    row, column = [op("broadcast_to", [place], shape=spread) for place in (row, column)]
    if interpolation == "nearest":
        def near(place):
            return op("mul", [op("sign", [place]), op("floor", [el.add(op("abs", [place]), 0.5)])])

        result = _pixels(x, near(row), near(column), fill_value)
    else:
        result = cast(_bilinear(cast(x, "float32"), row, column, fill_value), dtype)
    result = op("select", [sh.expand_dims(flat, -1), to_tensor(fill_value, dtype), result])
    return reshape(result, [count, height, width, channels])


def _bilinear(x, row, column, fill_value):
    top, left = op("floor", [row]), op("floor", [column])
    down, right = [sh.expand_dims(op("sub", pair), -1) for pair in ((row, top), (column, left))]

    def along(line):
        near, far = [_pixels(x, line, el.add(left, step), fill_value) for step in (0.0, 1.0)]
        return op("add", [op("mul", [el.subtract(1.0, right), near]), op("mul", [right, far])])

    return op("add", [op("mul", [el.subtract(1.0, down), along(top)]), op("mul", [down, along(el.add(top, 1.0))])])


def homography(start_points, end_points):
    """The eight numbers that send four end points to four start points: two linear equations a corner."""
    start, end = [cast(to_tensor(p), "float32") for p in (start_points, end_points)]
    ones = el.add(el.multiply(getitem(end, (Ellipsis, slice(0, 1))), 0.0), 1.0)
    corner = sh.concatenate([end, ones], axis=-1)
    nothing = el.multiply(corner, 0.0)

    def equations(axis):
        target = getitem(start, (Ellipsis, slice(axis, axis + 1)))
        own = [corner, nothing] if axis == 0 else [nothing, corner]
        return sh.concatenate(own + [op("neg", [el.multiply(target, end)])], axis=-1), target

    (a, b), (c, d) = equations(0), equations(1)
    return sh.squeeze(solve(sh.concatenate([a, c], axis=-2), sh.concatenate([b, d], axis=-2)), axis=-1)


# -- map_coordinates -------------------------------------------------------------------------------------------------

def _folded(index, size, fill_mode):
    """An index brought inside; with 'constant' also where it was inside."""
    inside = None
    if fill_mode == "constant":
        inside = op("logical_and", [el.greater_equal(index, 0), el.less(index, size)])
    if fill_mode in ("constant", "nearest"):
        return el.clip(index, 0, size - 1), inside
    if fill_mode == "wrap":
        return el.mod(index, size), inside
    if fill_mode not in ("mirror", "reflect"):
        raise ValueError(f"map_coordinates has no fill mode {fill_mode!r}")
    rest = el.mod(op("abs", [index]), 2 * size)
    back = el.subtract(2 * size - (1 if fill_mode == "reflect" else 0), rest)
    return op("select", [el.less(rest, size), rest, back]), inside


def map_coordinates(inputs, coordinates, order, fill_mode="constant", fill_value=0.0):
    x, places = to_tensor(inputs), to_tensor(coordinates)
    sizes = static_shape(x)
    if static_shape(places)[0] != len(sizes):
        raise ValueError(f"map_coordinates: {static_shape(places)[0]} coordinates for {len(sizes)} axes")
    if order not in (0, 1):
        raise NotImplementedError("map_coordinates currently requires order<=1")
    if None in sizes:
        refuse("map_coordinates", "the input has no static shape")
    if order == 1 and dtype_of(places)[:5] not in ("float", "bfloa"):
        raise TypeError("map_coordinates of order 1 takes coordinates that are floats")
    choices = []
    for axis, size in enumerate(sizes):
        place = getitem(places, axis)
        low = op("floor" if order else "round", [place])
        first = cast(low, "int32")
        if order == 0:
            nodes = [(first, None)]
        else:
            share = op("sub", [place, low])
            nodes = [(first, el.subtract(1.0, share)), (el.add(first, 1), share)]
        choices.append([(_folded(index, size, fill_mode), weight) for index, weight in nodes])
    flat, total = reshape(x, [-1]), None
    for corner in itertools.product(*choices):
        index, inside, weight = None, None, None
        for ((at, there), share), size in zip(corner, sizes):
            index = at if index is None else el.add(el.multiply(index, size), at)
            inside = there if inside is None else op("logical_and", [inside, there])
            weight = share if weight is None else op("mul", [weight, share])
        value = cast(op("gather", [flat, index], axis=0, batch_dims=0), dtype_of(places))
        if inside is not None:
            value = op("select", [inside, value, cast(to_tensor(fill_value, dtype_of(x)), dtype_of(places))])
        value = value if weight is None else op("mul", [weight, value])
        total = value if total is None else op("add", [total, value])
    if dtype_of(x)[:3] in ("int", "uin"):
        total = op("round", [total])
    return cast(total, dtype_of(x))


# -- scale_and_translate ---------------------------------------------------------------------------------------------

def _triangle(x):
    return el.maximum(el.subtract(1.0, x), 0.0)


def _cubic(x):
    near = el.add(el.multiply(el.multiply(el.subtract(el.multiply(x, 1.5), 2.5), x), x), 1.0)
    far = el.add(el.multiply(el.subtract(el.multiply(el.add(el.multiply(x, -0.5), 2.5), x), 4.0), x), 2.0)
    return el.where(el.less(x, 1.0), near, el.where(el.less(x, 2.0), far, 0.0))


def _lanczos(radius):
    def kernel(x):
        safe = el.where(el.greater(x, 1e-3), x, 1.0)
        turns = el.multiply(safe, math.pi)
        wave = el.multiply(el.multiply(el.sin(turns), el.sin(el.divide(turns, radius))), radius)
        shaped = el.where(el.greater(x, 1e-3), el.divide(wave, el.square(turns)), 1.0)
        return el.where(el.greater(x, radius), 0.0, shaped)

    return kernel


KERNELS = {"lanczos3": _lanczos(3.0), "lanczos5": _lanczos(5.0)}
KERNELS.update({name: _triangle for name in ("linear", "bilinear", "trilinear", "triangle")})
KERNELS.update({name: _cubic for name in ("cubic", "bicubic", "tricubic")})


def _resampling(length, wanted, scale, shift, kernel, antialias):
    """[length, wanted] weights; none where a sample falls outside the input."""
    step = el.divide(1.0, scale)
    at = el.subtract(el.multiply(el.subtract(el.add(cr.arange(wanted, dtype="float32"), 0.5), shift), step), 0.5)
    away = el.absolute(el.subtract(reshape(at, [1, wanted]), reshape(cr.arange(length, dtype="float32"), [length, 1])))
    weights = kernel(el.divide(away, el.maximum(step, 1.0)) if antialias else away)
    total = red.sum(weights, axis=0, keepdims=True)
    usable = el.greater(el.absolute(total), 1000.0 * 2.0 ** -23)
    weights = el.where(usable, el.divide(weights, el.where(usable, total, 1.0)), 0.0)
    return el.where(el.logical_and(el.greater_equal(at, -0.5), el.less_equal(at, length - 0.5)), weights, 0.0)


def scale_and_translate(images, output_shape, scale, translation, spatial_dims, method, antialias=True):
    if method not in KERNELS:
        raise ValueError(f"scale_and_translate's method is one of {sorted(KERNELS)}, not {method!r}")
    x = to_tensor(images)
    scale, translation = cast(to_tensor(scale), "float32"), cast(to_tensor(translation), "float32")
    dtype, whole = dtype_of(x), dtype_of(x)[:3] in ("int", "uin")
    y = cast(x, "float32") if whole else x
    for i, axis in enumerate(spatial_dims):
        axis = red.normalize_axis(axis, len(static_shape(x)))
        weights = _resampling(dims(x)[axis], output_shape[axis], getitem(scale, i), getitem(translation, i), KERNELS[method], antialias)
        y = sh.moveaxis(la.tensordot(y, cast(weights, dtype_of(y)), [[axis], [0]]), -1, axis)
    if whole:
        return cast(el.minimum(el.maximum(op("round", [y]), cast(red.min(x), "float32")), cast(red.max(x), "float32")), dtype)
    return y


# -- colours, channels last ------------------------------------------------------------------------------------------

def hue_saturation(x):
    """Red, green and blue to hue, saturation and value, all between 0 and 1."""
    red_, green, blue = [getitem(x, (Ellipsis, i)) for i in range(3)]
    value = op("max", [op("max", [red_, green]), blue])
    span = op("sub", [value, op("min", [op("min", [red_, green]), blue])])

    def c(number):
        return to_tensor(number, dtype_of(x))

    saturation = op("select", [op("greater", [value, c(0)]), op("div", [span, op("select", [op("greater", [value, c(0)]), value, c(1)])]), c(0)])
    grey = op("less_equal", [span, c(0)])
    unit = op("div", [c(1), op("mul", [c(6), op("select", [grey, c(1), span])])])

    def sector(a, b, turn):
        return op("add", [op("mul", [unit, op("sub", [a, b])]), c(turn)])

    other = op("select", [op("equal", [green, value]), sector(blue, red_, 2 / 6), sector(red_, green, 4 / 6)])
    hue = op("select", [op("equal", [red_, value]), sector(green, blue, 0.0), other])
    hue = op("select", [grey, c(0), op("select", [op("less", [hue, c(0)]), op("add", [hue, c(1)]), hue])])
    return sh.stack([hue, saturation, value], axis=-1)


def red_green_blue(x):
    hue, saturation, value = [getitem(x, (Ellipsis, i)) for i in range(3)]
    sixths = el.multiply(hue, 6.0)

    def share(turn, sign):
        away = el.absolute(el.subtract(sixths, turn))
        return el.clip(el.subtract(away, 1.0) if sign > 0 else el.subtract(2.0, away), 0.0, 1.0)

    white = el.subtract(1.0, saturation)
    shares = [share(3.0, 1), share(2.0, -1), share(4.0, -1)]
    return sh.stack([op("mul", [op("add", [white, op("mul", [saturation, s])]), value]) for s in shares], axis=-1)
