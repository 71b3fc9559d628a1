"""Resize and Upsample by constant weights per axis, grids and pooling over regions."""
import numpy as np
from keras.src.ops.reduce import normalize_axis
from keras.src.tensor import cast, const_value, dim_list, dims, dtype_of, op, reshape, static_shape, to_tensor
from onnx_graph.context import now, refuse
from onnx_graph.convolution import to_first, to_last


def _source(length, out, scale, how, start, end):
    """Where in the input each output position lies."""
    i = np.arange(out, dtype="float64")
    if how in ("half_pixel", ""):
        return (i + 0.5) / scale - 0.5
    if how == "half_pixel_symmetric":
        adjustment = out / (length * scale) if length else 1.0
        centre = length / 2
        return centre * (1 - adjustment) + (i + 0.5) / scale - 0.5
    if how == "pytorch_half_pixel":
        return (i + 0.5) / scale - 0.5 if out > 1 else np.zeros(out)
    if how == "align_corners":
        return i * (length - 1) / (out - 1) if out > 1 else np.zeros(out)
    if how == "asymmetric":
        return i / scale
    if how == "tf_crop_and_resize":
        return start * (length - 1) + i * (end - start) * (length - 1) / (out - 1) if out > 1 else np.full(out, 0.5 * (start + end) * (length - 1))
    return refuse("Resize", f"has the coordinates `{how}`, which kedge does not know")


def _cubic(t, a):
    t = np.abs(t)
    near = ((a + 2) * t - (a + 3)) * t * t + 1
    far = ((a * t - 5 * a) * t + 8 * a) * t - 4 * a
    return np.where(t <= 1, near, np.where(t < 2, far, 0.0))


def _weights(length, out, scale, mode, how, nearest, a, exclude, antialias, start, end):
    """A matrix [out, length] that makes the output axis from the input axis."""
    x = _source(length, out, scale, how, start, end)
    matrix = np.zeros((out, length))
    if mode == "nearest":
        whole = {"round_prefer_floor": np.ceil(x - 0.5), "round_prefer_ceil": np.floor(x + 0.5), "floor": np.floor(x), "ceil": np.ceil(x)}[nearest]
        matrix[np.arange(out), np.clip(whole, 0, length - 1).astype("int64")] = 1.0
        return matrix, x
    stretch = min(scale, 1.0) if antialias else 1.0
    support = (1.0 if mode == "linear" else 2.0) / stretch
    for k in range(out):
        first = int(np.floor(x[k] - support)) + 1 if antialias or mode != "linear" else int(np.floor(x[k]))
        last = int(np.floor(x[k] + support)) if antialias or mode != "linear" else first + 1
        places = np.arange(first, last + 1)
        distance = (places - x[k]) * stretch
        w = np.maximum(0.0, 1 - np.abs(distance)) if mode == "linear" else _cubic(distance, a)
        if exclude or antialias:
            w = np.where((places < 0) | (places >= length), 0.0, w) if exclude else w
            w = w / w.sum() if w.sum() != 0 else w
        for p, share in zip(places.tolist(), np.asarray(w).tolist()):
            matrix[k, min(max(p, 0), length - 1)] += share
    return matrix, x


def _along(x, axis, matrix):
    """x with one axis multiplied by the matrix."""
    rank = len(static_shape(x))
    order = [i for i in range(rank) if i != axis] + [axis]
    y = op("matmul", [op("transpose", [x], perm=order), to_tensor(matrix.T.astype("float32"))], transpose_a=False, transpose_b=False)
    return op("transpose", [y], perm=[order.index(i) for i in range(rank)])


def Resize(x, *operands, antialias=0, axes=None, coordinate_transformation_mode="half_pixel", cubic_coeff_a=-0.75, exclude_outside=0,
           extrapolation_value=0.0, keep_aspect_ratio_policy="stretch", mode="nearest", nearest_mode="round_prefer_floor"):
    x = to_tensor(x)
    rank, kind = len(static_shape(x)), dtype_of(x)
    if now.opset < 11:
        roi, scales, sizes = None, operands[0], None
        coordinate_transformation_mode, nearest_mode = "asymmetric", "floor"
    else:
        roi, scales, sizes = (list(operands) + [None] * 3)[:3]
    if None in static_shape(x)[1:]:
        refuse("Resize", "needs static sizes", "give them with --shape")
    axes = list(range(rank)) if axes is None else [normalize_axis(a, rank) for a in axes]
    lengths = [static_shape(x)[a] for a in axes]
    if scales is not None and static_shape(to_tensor(scales)) != (0,):
        scales = const_value(to_tensor(scales))
        if scales is None:
            refuse("Resize", "has computed scales")
        scales = [float(s) for s in scales.tolist()]
        wanted = [None if n is None else int(np.floor(n * s)) for n, s in zip(lengths, scales)]
    else:
        wanted = dim_list(to_tensor(sizes))
        if not all(isinstance(w, int) for w in wanted):
            refuse("Resize", "has computed sizes")
        scales = [1.0 if n is None or not isinstance(w, int) else w / n for n, w in zip(lengths, wanted)]
        if keep_aspect_ratio_policy != "stretch":
            one = (min if keep_aspect_ratio_policy == "not_larger" else max)(scales)
            scales = [one] * len(scales)
            wanted = [int(np.floor(n * one + 0.5)) for n in lengths]
    corners = None if roi is None else const_value(to_tensor(roi))
    y, outside = x, []
    plain = mode == "nearest"
    if not plain and kind not in ("float32", "float64"):
        y = cast(y, "float32")
    for k, axis in enumerate(axes):
        start, end = (0.0, 1.0) if corners is None or len(corners) == 0 else (float(corners[k]), float(corners[k + len(axes)]))
        if lengths[k] is None or (scales[k] == 1.0 and coordinate_transformation_mode != "tf_crop_and_resize"):
            continue
        matrix, source = _weights(lengths[k], wanted[k], scales[k], mode, coordinate_transformation_mode, nearest_mode, cubic_coeff_a, exclude_outside,
                                  antialias, start, end)
        if plain:
            y = op("gather", [y, to_tensor(np.argmax(matrix, axis=1).astype("int32"))], axis=axis, batch_dims=0)
        else:
            y = _along(y, axis, matrix)
        if coordinate_transformation_mode == "tf_crop_and_resize":
            outside.append((axis, (source < 0) | (source > lengths[k] - 1)))
    for axis, mask in outside:
        if mask.any():
            shape = [-1 if i == axis else 1 for i in range(rank)]
            y = op("select", [to_tensor(mask.reshape(shape)), to_tensor(extrapolation_value, dtype_of(y)), y])
    if dtype_of(y) != kind:
        y = cast(op("round", [y]), kind) if kind[0] in "iu" else cast(y, kind)
    return y


def Upsample(x, scales_given=None, *, scales=None, mode="nearest", **attributes):
    scales = np.array(scales, "float32") if scales_given is None else scales_given
    before, now.opset = now.opset, 10
    y = Resize(x, scales, mode="linear" if mode == "bilinear" else mode)
    now.opset = before
    return y


def GridSample(x, grid, *, align_corners=0, mode="linear", padding_mode="zeros"):
    """Samples channels-first images at positions in [-1, 1]; bilinear and nearest, two dimensions."""
    x, grid = to_tensor(x), to_tensor(grid)
    if len(static_shape(x)) != 4 or mode in ("cubic", "bicubic"):
        refuse("GridSample", "is supported for images, linear and nearest")
    height, width = static_shape(x)[2:]
    last = to_last(x)

    def at(place, size):
        begin, end = [0, 0, 0, place], list(dims(grid))[:3] + [place + 1]
        g = reshape(op("slice", [grid], begin=begin, end=end, strides=[1] * 4), list(dims(grid))[:3])
        one = to_tensor(1.0, dtype_of(g))
        if align_corners:
            p = op("mul", [op("add", [g, one]), to_tensor((size - 1) / 2, dtype_of(g))])
        else:
            p = op("div", [op("sub", [op("mul", [op("add", [g, one]), to_tensor(float(size), dtype_of(g))]), one]), to_tensor(2.0, dtype_of(g))])
        if padding_mode == "border":
            p = op("min", [op("max", [p, to_tensor(0.0, dtype_of(g))]), to_tensor(float(size - 1), dtype_of(g))])
        if padding_mode == "reflection":
            low, span = (0.0, float(size - 1)) if align_corners else (-0.5, float(size))
            q = op("abs", [op("sub", [p, to_tensor(low, dtype_of(g))])])
            rest = op("mod", [q, to_tensor(2 * span, dtype_of(g))])
            p = op("add", [op("min", [rest, op("sub", [to_tensor(2 * span, dtype_of(g)), rest])]), to_tensor(low, dtype_of(g))])
            p = op("min", [op("max", [p, to_tensor(0.0, dtype_of(g))]), to_tensor(float(size - 1), dtype_of(g))])
        return p

    px, py = at(0, width), at(1, height)

    def pick(ix, iy):
        """The pixels at whole positions; zeros outside."""
        inside = None
        clipped = []
        for p, size in ((iy, height), (ix, width)):
            zero, top = to_tensor(0.0, dtype_of(p)), to_tensor(float(size - 1), dtype_of(p))
            good = op("logical_and", [op("greater_equal", [p, zero]), op("less_equal", [p, top])])
            inside = good if inside is None else op("logical_and", [inside, good])
            clipped.append(cast(op("min", [op("max", [p, zero]), top]), "int32"))
        flat = reshape(last, [dims(last)[0], height * width, dims(last)[3]])
        index = op("add", [op("mul", [clipped[0], to_tensor(width)]), clipped[1]])
        sizes = dims(index)
        y = op("gather", [flat, reshape(index, [sizes[0], sizes[1] * sizes[2]])], axis=1, batch_dims=1)
        y = reshape(y, list(sizes) + [dims(last)[3]])
        return op("mul", [y, cast(reshape(inside, list(sizes) + [1]), dtype_of(y))])

    if mode == "nearest":
        return to_first(pick(op("round", [px]), op("round", [py])))
    x0, y0 = op("floor", [px]), op("floor", [py])
    one = to_tensor(1.0, dtype_of(px))
    total = None
    for dx in (0, 1):
        for dy in (0, 1):
            ix, iy = (op("add", [v, one]) if d else v for v, d in ((x0, dx), (y0, dy)))
            wx, wy = (op("sub", [p, v]) if d else op("sub", [one, op("sub", [p, v])]) for p, v, d in ((px, x0, dx), (py, y0, dy)))
            weight = op("mul", [wx, wy])
            part = op("mul", [pick(ix, iy), cast(reshape(weight, list(dims(weight)) + [1]), dtype_of(last))])
            total = part if total is None else op("add", [total, part])
    return to_first(total)


def AffineGrid(theta, size, *, align_corners=0):
    theta = to_tensor(theta)
    sizes = [int(s) for s in dim_list(to_tensor(size))]
    lines = []
    for length in sizes[2:]:
        lines.append(np.linspace(-1, 1, length) if align_corners and length > 1 else (2 * np.arange(length) + 1) / length - 1)
    mesh = np.meshgrid(*lines, indexing="ij")
    points = np.stack([m.reshape(-1) for m in mesh[::-1]] + [np.ones(mesh[0].size)], axis=-1).astype("float32")
    y = op("matmul", [cast(to_tensor(points), dtype_of(theta)), op("transpose", [theta], perm=[0, 2, 1])], transpose_a=False, transpose_b=False)
    return reshape(y, [dims(theta)[0]] + sizes[2:] + [len(sizes) - 2])


def CenterCropPad(x, shape, *, axes=None):
    x = to_tensor(x)
    rank = len(static_shape(x))
    axes = list(range(rank)) if axes is None else [normalize_axis(a, rank) for a in axes]
    for axis, wanted in zip(axes, dim_list(to_tensor(shape))):
        size = static_shape(x)[axis]
        if wanted < size:
            begin, end = [0] * rank, list(dims(x))
            begin[axis] = (size - wanted) // 2
            end[axis] = begin[axis] + wanted
            x = op("slice", [x], begin=begin, end=end, strides=[1] * rank)
        elif wanted > size:
            before, after = [0] * rank, [0] * rank
            before[axis] = (wanted - size) // 2
            after[axis] = wanted - size - before[axis]
            x = op("pad", [x], before=before, after=after, mode="constant", value=0.0)
    return x
