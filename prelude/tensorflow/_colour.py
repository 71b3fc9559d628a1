"""Colour spaces and colour adjustments of `tf.image`: each pixel's last axis through a matrix, or through hue, saturation and value."""
import numpy as np
from keras.src.ops import elementwise as el
from keras.src.ops import image as ki
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.tensor import cast, const_value, dim_list, op, refuse, static_shape, to_tensor
from tensorflow._dtypes import tensor

_TO_YUV = [[0.299, -0.14714119, 0.61497538], [0.587, -0.28886916, -0.51496512], [0.114, 0.43601035, -0.10001026]]
_FROM_YUV = [[1.0, 1.0, 1.0], [0.0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0.0]]
_TO_YIQ = [[0.299, 0.59590059, 0.2115], [0.587, -0.27455667, -0.52273617], [0.114, -0.32134392, 0.31119955]]
_FROM_YIQ = [[1.0, 1.0, 1.0], [0.95598634, -0.27201283, -1.10674021], [0.6208248, -0.64720424, 1.70423049]]


def _through(matrix):
    def convert(images):
        x = tensor(images)
        return op("matmul", [x, to_tensor(np.array(matrix, "float32"), x.dtype.name)])

    return convert


rgb_to_yuv, yuv_to_rgb, rgb_to_yiq, yiq_to_rgb = (_through(m) for m in (_TO_YUV, _FROM_YUV, _TO_YIQ, _FROM_YIQ))


def rgb_to_hsv(images, name=None):
    return ki.rgb_to_hsv(tensor(images), "channels_last")


def hsv_to_rgb(images, name=None):
    return ki.hsv_to_rgb(tensor(images), "channels_last")


def _channel_changed(image, change):
    """The image after `change(hue, saturation, value)`."""
    parts = sh.split(rgb_to_hsv(image), 3, axis=-1)
    return hsv_to_rgb(sh.concatenate(list(change(*parts)), axis=-1))


def adjust_saturation(image, saturation_factor, name=None):
    return _channel_changed(tensor(image), lambda h, s, v: (h, el.clip(s * saturation_factor, 0.0, 1.0), v))


def adjust_hue(image, delta, name=None):
    return _channel_changed(tensor(image), lambda h, s, v: (el.mod(h + (delta + 1.0), 1.0), s, v))


def adjust_gamma(image, gamma=1, gain=1):
    known = const_value(gamma)
    if known is not None and bool((known < 0).any()):
        raise ValueError("Gamma should be a non-negative real number.")
    x = tensor(image)
    return gain * el.power(x, cast(to_tensor(gamma), x.dtype.name))


def psnr(a, b, max_val, name=None):
    a, b = cast(tensor(a), "float32"), cast(tensor(b), "float32")
    error = red.mean(op("squared_difference", [a, b]), axis=[-3, -2, -1])
    top = cast(tensor(max_val), "float32")
    decibel = to_tensor(np.float32(10.0 / np.log(10.0)))
    return 20.0 * op("log", [top]) / to_tensor(np.float32(np.log(10.0))) - decibel * op("log", [error])


def resize_with_pad(image, target_height, target_width, method="bilinear", antialias=False):
    """Resized so that the longer side fits, then centred on zeros."""
    from tensorflow import _image
    x, unbatch = ki.with_batch(tensor(image))
    height, width = static_shape(x)[1:3]
    if height is None or width is None:
        refuse("tf.image.resize_with_pad", "it needs static sizes")
    wanted = [int(d) for d in dim_list([target_height, target_width])]
    ratio = max(width / wanted[1], height / wanted[0])
    inner = [int(np.floor(height / ratio)), int(np.floor(width / ratio))]
    before = [max(int(np.floor((w - n / ratio) / 2)), 0) for w, n in zip(wanted, (height, width))]
    small = _image.resize(x, inner, method=method, antialias=antialias)
    return unbatch(_image.pad_to_bounding_box(small, before[0], before[1], wanted[0], wanted[1]))
