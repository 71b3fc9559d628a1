"""`tf.image`, channels last."""
from keras.src import dtypes
from keras.src.ops import elementwise as el
from keras.src.ops import image as ki
from keras.src.ops import nn as knn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.tensor import cast, dim_list, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_int, to_tensor
from tensorflow._colour import (adjust_gamma, adjust_hue, adjust_saturation, hsv_to_rgb, psnr, resize_with_pad, rgb_to_hsv, rgb_to_yiq, rgb_to_yuv,
                                yiq_to_rgb, yuv_to_rgb)
from tensorflow._array import saturate_cast as saturated
from tensorflow._boxes import (combined_non_max_suppression, crop_and_resize, non_max_suppression, non_max_suppression_overlaps,
                               non_max_suppression_padded, non_max_suppression_with_scores)
from tensorflow._dtypes import tensor


class ResizeMethod:
    BILINEAR = "bilinear"
    NEAREST_NEIGHBOR = "nearest"
    BICUBIC = "bicubic"
    AREA = "area"
    LANCZOS3 = "lanczos3"
    LANCZOS5 = "lanczos5"
    GAUSSIAN = "gaussian"
    MITCHELLCUBIC = "mitchellcubic"


def resize(images, size, method="bilinear", preserve_aspect_ratio=False, antialias=False, name=None):
    x, unbatch = ki.with_batch(tensor(images))
    if preserve_aspect_ratio:
        refuse("tf.image.resize(preserve_aspect_ratio=True)", "it is not supported")
    method = {0: "bilinear", 1: "nearest", 2: "bicubic", 3: "area"}.get(method, method)
    if method not in ki.METHODS:
        refuse("tf.image.resize", f"the method {method} is not supported")
    return unbatch(ki.resize_last(x, dim_list(size), method, antialias))


resize_images = resize


def resize_bilinear(images, size, align_corners=False, name=None, half_pixel_centers=False):
    """Version 1's: corners or edges aligned, no half pixels unless asked for."""
    return op("resize", [tensor(images)], method="bilinear", size=dim_list(size), align_corners=align_corners, half_pixel=half_pixel_centers)


def resize_nearest_neighbor(images, size, align_corners=False, name=None, half_pixel_centers=False):
    return op("resize", [tensor(images)], method="nearest", size=dim_list(size), align_corners=align_corners, half_pixel=half_pixel_centers)


def flip_left_right(image):
    return sh.flip(image, axis=-2)


def flip_up_down(image):
    return sh.flip(image, axis=-3)


def transpose(image, name=None):
    return sh.swapaxes(image, -3, -2)


def rot90(image, k=1, name=None):
    rank = len(static_shape(tensor(image)))
    return sh.rot90(image, k, axes=(rank - 3, rank - 2))


def crop_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    return getitem(tensor(image), (Ellipsis, slice(offset_height, offset_height + target_height), slice(offset_width, offset_width + target_width),
                                   slice(None)))


def pad_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    x, unbatch = ki.with_batch(tensor(image))
    _, height, width, _ = dims(x)
    return unbatch(op("pad", [x], before=[0, offset_height, offset_width, 0],
                      after=[0, target_height - offset_height - height, target_width - offset_width - width, 0], mode="constant", value=0.0))


def central_crop(image, central_fraction):
    x = tensor(image)
    height, width = static_shape(x)[-3], static_shape(x)[-2]
    top, left = int((height - height * central_fraction) / 2), int((width - width * central_fraction) / 2)
    return crop_to_bounding_box(x, top, left, height - 2 * top, width - 2 * left)


def resize_with_crop_or_pad(image, target_height, target_width):
    x, unbatch = ki.with_batch(tensor(image))
    for axis, wanted in ((1, target_height), (2, target_width)):
        have = static_shape(x)[axis]
        if have is None:
            refuse("tf.image.resize_with_crop_or_pad", "the image has no static size")
        extra = wanted - have
        if extra < 0:
            start = -extra // 2
            x = getitem(x, (slice(None),) * axis + (slice(start, start + wanted),))
        elif extra > 0:
            before, after = [0] * 4, [0] * 4
            before[axis], after[axis] = extra // 2, extra - extra // 2
            x = op("pad", [x], before=before, after=after, mode="constant", value=0.0)
    return unbatch(x)


def rgb_to_grayscale(images, name=None):
    return ki.rgb_to_grayscale(images)


def grayscale_to_rgb(images, name=None):
    x = tensor(images)
    return op("tile", [x], multiples=[1] * (len(static_shape(x)) - 1) + [3])


def adjust_brightness(image, delta):
    return el.add(tensor(image), delta)


def adjust_contrast(images, contrast_factor):
    x = tensor(images)
    mean = red.mean(x, axis=(-3, -2), keepdims=True)
    return el.add(el.multiply(el.subtract(x, mean), contrast_factor), mean)


def convert_image_dtype(image, dtype, saturate=False, name=None):
    x, name = tensor(image), dtypes.standardize_dtype(dtype)
    if dtype_of(x) == name:
        return x
    if dtypes.is_int(dtype_of(x)) and dtypes.is_float(name):
        from keras.src.tf_types import as_dtype
        return el.multiply(cast(x, name), 1.0 / as_dtype(dtype_of(x)).max)
    if dtypes.is_float(dtype_of(x)) and dtypes.is_float(name):
        return cast(x, name)
    from keras.src.tf_types import as_dtype
    wanted = as_dtype(name).max
    finish = saturated if saturate else cast
    if dtypes.is_float(dtype_of(x)):
        return finish(el.multiply(x, wanted + 0.5), name)
    given = as_dtype(dtype_of(x)).max
    if given > wanted:
        return finish(op("floordiv", [x, to_tensor((given + 1) // (wanted + 1), dtype_of(x))]), name)
    return op("mul", [finish(x, name), to_tensor((wanted + 1) // (given + 1), name)])


def per_image_standardization(image):
    x = tensor(image)
    x = cast(x, "float32") if not dtypes.is_float(dtype_of(x)) else x
    axes = (-3, -2, -1)
    count = 1
    for d in static_shape(x)[-3:]:
        count *= d
    deviation = el.maximum(red.std(x, axis=axes, keepdims=True), 1.0 / count ** 0.5)
    return el.divide(el.subtract(x, red.mean(x, axis=axes, keepdims=True)), deviation)


def extract_patches(images, sizes, strides, rates, padding, name=None):
    return ki.patches_last(tensor(images), [int(v) for v in sizes[1:3]], [int(v) for v in strides[1:3]], [int(v) for v in rates[1:3]],
                           padding.lower())


def image_gradients(image):
    x = tensor(image)
    rows = sh.pad(el.subtract(x[:, 1:], x[:, :-1]), [(0, 0), (0, 1), (0, 0), (0, 0)])
    columns = sh.pad(el.subtract(x[:, :, 1:], x[:, :, :-1]), [(0, 0), (0, 0), (0, 1), (0, 0)])
    return rows, columns


def total_variation(images, name=None):
    x = tensor(images)
    axes = [len(static_shape(x)) - 3, len(static_shape(x)) - 2, len(static_shape(x)) - 1]
    rows = el.subtract(x[..., 1:, :, :], x[..., :-1, :, :])
    columns = el.subtract(x[..., 1:, :], x[..., :-1, :])
    return el.add(red.sum(el.absolute(rows), axis=axes), red.sum(el.absolute(columns), axis=axes))


def ssim(img1, img2, max_val, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03, return_index_map=False):
    x, y = [convert_image_dtype(image, "float32") for image in (img1, img2)]
    if dtype_of(tensor(img1)) != "float32":
        max_val = convert_image_dtype(cast(to_tensor(max_val), dtype_of(tensor(img1))), "float32")
    index = ki.similarity(x, y, max_val, filter_size, filter_sigma, k1, k2)
    return red.mean(index, axis=-1) if return_index_map else red.mean(index, axis=(-3, -2, -1))


def sobel_edges(image):
    import numpy as np
    x = tensor(image)
    channels = static_shape(x)[-1]
    change, smooth = np.arange(-1, 2, dtype="float32"), np.array((1, 2, 1), dtype="float32")
    both = np.stack([np.outer(change, smooth), np.outer(smooth, change)], axis=-1)
    bank = np.tile(both[:, :, None, :], [1, 1, channels, 1])
    padded = sh.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)], mode="reflect")
    y = knn.depthwise_conv(padded, to_tensor(bank, dtype_of(x)), 1, "valid")
    n, h, w, _ = dims(x)
    return reshape(y, [n, h, w, channels, 2])


def random_flip_left_right(*args, **kwargs):
    refuse("tf.image.random_*", "it draws random numbers, which differ from call to call")


random_flip_up_down = random_brightness = random_contrast = random_crop = random_hue = random_saturation = random_flip_left_right
