"""`keras.ops.image`, in either data format."""
import itertools

import numpy as np
from keras.src import dtypes
from keras.src.ops import elementwise as el
from keras.src.ops import nn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.ops import warp
from keras.src.tensor import cast, dim_list, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_int, to_tensor


METHODS = ("nearest", "bilinear", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic")


def with_batch(x):
    """A single image as a batch of one, and the way back."""
    if len(static_shape(x)) == 3:
        return reshape(x, [1] + list(dims(x))), lambda y: reshape(y, list(dims(y))[1:])
    return x, lambda y: y


def _oriented(images, data_format):
    x, unbatch = with_batch(to_tensor(images))
    x, back = nn.last_channels(x, data_format)
    return x, lambda y: unbatch(back(y))


def resize(images, size, interpolation="bilinear", antialias=False, crop_to_aspect_ratio=False, pad_to_aspect_ratio=False,
           fill_mode="constant", fill_value=0.0, data_format=None):
    x, back = _oriented(images, data_format)
    size = dim_list(size)
    if interpolation not in METHODS:
        refuse("image.resize", f"the method {interpolation} is not supported")
    height, width = dims(x)[1:3]
    if crop_to_aspect_ratio:
        ch, cw = int(float(width * size[0]) / size[1]), int(float(height * size[1]) / size[0])
        ch, cw = max(min(height, ch), 1), max(min(width, cw), 1)
        top, left = int(float(height - ch) / 2), int(float(width - cw) / 2)
        x = getitem(x, (slice(None), slice(top, top + ch), slice(left, left + cw)))
    elif pad_to_aspect_ratio:
        ph, pw = int(float(width * size[0]) / size[1]), int(float(height * size[1]) / size[0])
        ph, pw = max(height, ph), max(width, pw)
        top, left = int(float(ph - height) / 2), int(float(pw - width) / 2)
        x = op("pad", [x], before=[0, top, left, 0], after=[0, top, left, 0], mode="constant", value=float(fill_value))
    return back(resize_last(x, size, interpolation, antialias))


def resize_last(x, size, method, antialias=False):
    """Channels last; integers are resized as float32 (and rounded back by nearest only)."""
    if method not in METHODS:
        refuse("image.resize", f"the method {method} is not supported")
    dtype = dtype_of(x)
    height, width = static_shape(x)[1:3]
    shrinks = isinstance(size[0], int) and isinstance(size[1], int) and height is not None and width is not None and (
        size[0] < height or size[1] < width)
    if method not in ("nearest", "bilinear", "bicubic"):
        return op("resize", [cast(x, "float32")], method=method, size=size, align_corners=False, half_pixel=method != "area", antialias=antialias)
    if antialias and method != "nearest" and shrinks:
        return _resize_antialiased(cast(x, "float32"), size, method)
    if method == "nearest":
        return op("resize", [x], method="nearest", size=size, align_corners=False, half_pixel=True)
    y = op("resize", [cast(x, "float32") if dtype != "float32" else x], method=method, size=size, align_corners=False, half_pixel=True)
    return y


def _kernel(method, t):
    t = abs(t)
    if method == "bilinear":
        return max(0.0, 1.0 - t)
    # Keys' cubic with a = -0.5, as TensorFlow's antialiased resize has it.
    if t < 1:
        return (1.5 * t - 2.5) * t * t + 1
    if t < 2:
        return ((-0.5 * t + 2.5) * t - 4) * t + 2
    return 0.0


def _weights(length, wanted, method):
    """The matrix that resizes one axis with the kernel stretched by the scale."""
    scale = length / wanted
    stretch = max(scale, 1.0)
    support = (1.0 if method == "bilinear" else 2.0) * stretch
    matrix = np.zeros((wanted, length), dtype="float32")
    for i in range(wanted):
        center = (i + 0.5) * scale
        total = 0.0
        low, high = max(0, int(np.floor(center - support))), min(length, int(np.ceil(center + support)))
        values = [_kernel(method, (j + 0.5 - center) / stretch) for j in range(low, high)]
        total = sum(values)
        for j, v in zip(range(low, high), values):
            matrix[i, j] = v / total if total else 0.0
    return matrix


def _resize_antialiased(x, size, method):
    from keras.src.ops.linalg import einsum
    height, width = static_shape(x)[1:3]
    rows = to_tensor(_weights(height, size[0], method))
    columns = to_tensor(_weights(width, size[1], method))
    return einsum("qw,bpwc->bpqc", columns, einsum("ph,bhwc->bpwc", rows, x))


def pad_images(images, top_padding=None, left_padding=None, bottom_padding=None, right_padding=None, target_height=None, target_width=None,
               data_format=None):
    x, back = _oriented(images, data_format)
    height, width = dims(x)[1:3]
    top = target_height - bottom_padding - height if top_padding is None else top_padding
    bottom = target_height - top - height if bottom_padding is None else bottom_padding
    left = target_width - right_padding - width if left_padding is None else left_padding
    right = target_width - left - width if right_padding is None else right_padding
    return back(op("pad", [x], before=[0, top, left, 0], after=[0, bottom, right, 0], mode="constant", value=0.0))


def crop_images(images, top_cropping=None, left_cropping=None, bottom_cropping=None, right_cropping=None, target_height=None,
                target_width=None, data_format=None):
    x, back = _oriented(images, data_format)
    height, width = dims(x)[1:3]
    top = height - bottom_cropping - target_height if top_cropping is None else top_cropping
    left = width - right_cropping - target_width if left_cropping is None else left_cropping
    rows = height - top - bottom_cropping if target_height is None else target_height
    columns = width - left - right_cropping if target_width is None else target_width
    return back(getitem(x, (slice(None), slice(top, top + rows), slice(left, left + columns))))


def rgb_to_grayscale(images, data_format=None):
    axis = -3 if data_format == "channels_first" else -1
    x = to_tensor(images)
    dtype = dtype_of(x)
    wide = cast(x, dtypes.as_float(dtype))
    shape = [3] + [1] * (-axis - 1)
    weights = to_tensor(np.array([0.2989, 0.587, 0.114]).reshape(shape), dtype_of(wide))
    return cast(red.sum(op("mul", [wide, weights]), axis=axis, keepdims=True), dtype)


def extract_patches(images, size, strides=None, dilation_rate=1, padding="valid", data_format=None):
    size = nn.spatial(size, 2)
    strides = size if not strides else nn.spatial(strides, 2)
    x, back = _oriented(images, data_format)
    return back(patches_last(x, size, strides, nn.spatial(dilation_rate, 2), padding.lower()))


def patches_last(x, size, strides, rates, padding):
    """[N, rows, columns, kh * kw * C]: one strided slice per place in the window."""
    if padding == "same":
        before, after = [0], [0]
        for i in range(2):
            length = to_int(dims(x)[i + 1], "extract_patches with padding 'same'")
            extent = (size[i] - 1) * rates[i] + 1
            total = (-(-length // strides[i]) - 1) * strides[i] + extent - length
            total = total if total > 0 else 0
            before.append(total // 2)
            after.append(total - total // 2)
        x = op("pad", [x], before=before + [0], after=after + [0], mode="constant", value=0.0)
    _, height, width, _ = dims(x)
    rows = (height - (size[0] - 1) * rates[0] - 1) // strides[0] + 1
    columns = (width - (size[1] - 1) * rates[1] - 1) // strides[1] + 1
    parts = []
    for i in range(size[0]):
        for j in range(size[1]):
            top, left = i * rates[0], j * rates[1]
            parts.append(getitem(x, (slice(None), slice(top, top + strides[0] * (rows - 1) + 1, strides[0]),
                                     slice(left, left + strides[1] * (columns - 1) + 1, strides[1]))))
    return op("concat", parts, axis=3) if len(parts) > 1 else parts[0]


def gaussian_blur(images, kernel_size=(3, 3), sigma=(1.0, 1.0), data_format=None):
    x, back = _oriented(images, data_format)
    channels = static_shape(x)[-1]

    def line(n, s):
        at = np.arange(n) - (n - 1) / 2.0
        values = np.exp(-0.5 * (at / s) ** 2)
        return values / values.sum()

    # Keras takes the outer product the other way round and then reshapes, which matters for kernels that are not square.
    kernel = np.outer(line(kernel_size[1], sigma[1]), line(kernel_size[0], sigma[0])).reshape(kernel_size[0], kernel_size[1])
    kernel = np.repeat(kernel[:, :, None, None], channels, axis=2)
    return back(nn.depthwise_conv(x, to_tensor(kernel, dtype_of(x)), 1, "same", "channels_last"))


def _colours(images, data_format, function):
    x = to_tensor(images)
    if not dtypes.is_float(dtype_of(x)):
        raise ValueError(f"Colour spaces are of floats, not {dtype_of(x)}")
    x, back = _oriented(x, data_format)
    return back(function(x))


def hsv_to_rgb(images, data_format=None):
    return _colours(images, data_format, warp.red_green_blue)


def rgb_to_hsv(images, data_format=None):
    return _colours(images, data_format, warp.hue_saturation)


def affine_transform(images, transform, interpolation="bilinear", fill_mode="constant", fill_value=0, data_format=None):
    x, back = _oriented(images, data_format)
    numbers = to_tensor(transform)
    if len(static_shape(numbers)) == 1:
        numbers = reshape(numbers, [1, 8])
    return back(warp.project(x, numbers, interpolation, fill_mode, fill_value))


def perspective_transform(images, start_points, end_points, interpolation="bilinear", fill_value=0, data_format=None):
    x, back = _oriented(images, data_format)
    corners = [reshape(to_tensor(points, "float32"), [-1, 4, 2]) for points in (start_points, end_points)]
    return back(warp.project(x, warp.homography(*corners), interpolation, "constant", fill_value))


map_coordinates = warp.map_coordinates
scale_and_translate = warp.scale_and_translate


def elastic_transform(*args, **kwargs):
    refuse("image.elastic_transform", "it draws random numbers")


def sobel_edges(images, data_format=None):
    """Vertical and horizontal derivatives, on a last axis of two."""
    x, back = nn.last_channels(to_tensor(images), data_format)
    wide = op("pad", [x], before=[0, 1, 1, 0], after=[0, 1, 1, 0], mode="reflect", value=0.0)
    channels = static_shape(x)[-1]
    smooth, slope = np.array([1.0, 2.0, 1.0]), np.array([-1.0, 0.0, 1.0])
    edges = []
    for kernel in (np.outer(slope, smooth), np.outer(smooth, slope)):
        kernel = to_tensor(np.repeat(kernel[:, :, None, None], channels, axis=2), dtype_of(x))
        edges.append(back(nn.depthwise_conv(wide, kernel, 1, "valid", "channels_last")))
    return sh.stack(edges, axis=-1)


def ssim(image1, image2, max_val=1.0, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03, data_format=None):
    """One number for each pair of images: the mean of the similarity of their parts."""
    x, y = to_tensor(image1), to_tensor(image2)
    kind = dtype_of(x)
    wide = dtypes.as_float(kind)
    single = len(static_shape(x)) == 3
    x, y = [nn.last_channels(sh.expand_dims(cast(v, wide), 0) if single else cast(v, wide), data_format)[0] for v in (x, y)]
    found = cast(red.mean(similarity(x, y, max_val, filter_size, filter_sigma, k1, k2), axis=(1, 2, 3)), kind)
    return found[0] if single else found


def similarity(x, y, max_val, filter_size, filter_sigma, k1, k2):
    """The structural similarity at every place, [..., rows, columns, channels]: Wang et al. 2004, windows weighted by a Gaussian."""
    line = np.exp(-0.5 * np.square((np.arange(filter_size) - (filter_size - 1) / 2.0) / filter_sigma))
    window = np.outer(line, line) / np.square(line.sum())
    channels = static_shape(x)[-1]
    bank = to_tensor(np.tile(window[:, :, None, None], [1, 1, channels, 1]).astype("float32"), dtype_of(x))

    def average(v):
        flat = reshape(v, [-1] + list(dims(v))[-3:])
        out = nn.depthwise_conv(flat, bank, 1, "valid")
        return reshape(out, list(dims(v))[:-3] + list(dims(out))[1:])

    near_zero, other = el.square(el.multiply(max_val, k1)), el.square(el.multiply(max_val, k2))
    first, second = average(x), average(y)
    both = el.multiply(el.multiply(first, second), 2.0)
    squares = el.add(el.square(first), el.square(second))
    luminance = el.divide(el.add(both, near_zero), el.add(squares, near_zero))
    shared = el.subtract(el.multiply(average(el.multiply(x, y)), 2.0), both)
    spread = el.subtract(average(el.add(el.square(x), el.square(y))), squares)
    return el.multiply(luminance, el.divide(el.add(shared, other), el.add(spread, other)))


def extract_patches_3d(volumes, size, strides=None, dilation_rate=1, padding="valid", data_format=None):
    """[N, depth, rows, columns, kd * kh * kw * C]: one strided slice per place in the window."""
    size, rates = nn.spatial(size, 3), nn.spatial(dilation_rate, 3)
    strides = nn.spatial(strides, 3) if strides else size
    x = to_tensor(volumes)
    single = len(static_shape(x)) == 4
    x, back = nn.last_channels(sh.expand_dims(x, 0) if single else x, data_format)
    reach = [(k - 1) * rate for k, rate in zip(size, rates)]
    if padding.lower() == "same":
        lengths = [to_int(d, "extract_patches_3d with padding 'same'") for d in dims(x)[1:4]]
        missing = [max(0, (-(-n // step) - 1) * step + r + 1 - n) for n, step, r in zip(lengths, strides, reach)]
        x = op("pad", [x], before=[0] + [m // 2 for m in missing] + [0], after=[0] + [m - m // 2 for m in missing] + [0], mode="constant",
               value=0.0)
    spans = [(n - r - 1) // step * step + 1 for n, r, step in zip(dims(x)[1:4], reach, strides)]
    parts = []
    for place in itertools.product(*[range(k) for k in size]):
        starts = [at * rate for at, rate in zip(place, rates)]
        parts.append(getitem(x, (slice(None), *[slice(a, a + span, step) for a, span, step in zip(starts, spans, strides)])))
    y = back(op("concat", parts, axis=4) if len(parts) > 1 else parts[0])
    return sh.squeeze(y, axis=0) if single else y
