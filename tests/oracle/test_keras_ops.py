"""Functions of `keras.ops` against Keras itself: one layer per expression, saved by Keras, run by kedge.

    build/venv/bin/python tests/oracle/test_keras_ops.py [part of an expression]

Every public name of `keras.ops` must be there too.
"""
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402, F401: evaluated by name
from check import check, finish, kedge  # noqa: E402

# x: [2, 3, 4], s: [2, 3, 3] symmetric and positive definite, m: [2, 4, 3], v: [2, 48], p: [2, 5, 6, 3] in 0..1, i: [2, 4] int32.
EXPRESSIONS = """
ops.fft((x, x * 0.5))
ops.fft((m, m * 0.0))
ops.fft2((x, x + 1.0))
ops.ifft2((x, x - 1.0))
ops.rfft(v)
ops.rfft(x, fft_length=7)
ops.rfft(v, fft_length=32)
ops.irfft((x, x * 2.0))
ops.irfft((x, x * 2.0), fft_length=5)
ops.irfft((v, v * 0.3), fft_length=16)
ops.stft(v, 16, 8, 16)
ops.stft(v, 15, 7, 20, window="hamming", center=False)
ops.stft(v, 9, 4, 16, window=None)
ops.istft(ops.stft(v, 16, 8, 16), 16, 8, 16, length=44)
ops.istft(ops.stft(v, 12, 5, 16), 12, 5, 16)
ops.istft(ops.stft(v, 16, 16, 16, window=None, center=False), 16, 16, 16, window=None, center=False)
ops.extract_sequences(v, 10, 6)
ops.view_as_real(ops.view_as_complex(m[..., :2]) * ops.view_as_complex(m[..., 1:]))
ops.angle(ops.view_as_complex(m[..., :2]))
ops.abs(ops.conj(ops.view_as_complex(m[..., :2])))
ops.real(ops.polar(ops.abs(x), x))
ops.cholesky(s)
ops.cholesky(s, upper=True)
ops.cholesky_inverse(ops.cholesky(s))
ops.inv(s)
ops.inv(x[:, :, :3] + 2.0 * ops.eye(3))
ops.det(x[:, :, :3])
ops.det(ops.matmul(m, x) + 3.0 * ops.eye(4))
ops.slogdet(x[:, :, :3])
ops.logdet(s)
ops.solve(s, x)
ops.solve(s, x[:, :, 0])
ops.solve_triangular(ops.tril(s), x, lower=True)
ops.solve_triangular(ops.triu(s), x[:, :, 0])
ops.lu_factor(x[0, :, :3])
ops.lu_factor(s[1])
ops.qr(m)
ops.qr(x)
ops.qr(m, mode="complete")
ops.eigh(s)[0]
ops.abs(ops.eigh(s)[1])
ops.svd(m, compute_uv=False)
ops.svd(x, full_matrices=False)[1]
ops.matmul(ops.svd(x, full_matrices=False)[0] * ops.svd(x, full_matrices=False)[1][:, None, :], ops.svd(x, full_matrices=False)[2])
ops.abs(ops.svd(m)[2])
ops.matmul(ops.svd(m)[0], ops.transpose(ops.svd(m)[0], (0, 2, 1)))
ops.matrix_rank(ops.matmul(m, x))
ops.pinv(m)
ops.lstsq(m[0], x[0, 0])
ops.lstsq(x[0], m[1, :3])
ops.norm(x, ord="nuc", axis=(1, 2))
ops.norm(x, ord=2, axis=(1, 2), keepdims=True)
ops.norm(x, ord=-2, axis=(1, 2))
ops.cdist(x, ops.transpose(m, (0, 2, 1)))
ops.corrcoef(x[0])
ops.histogram(ops.ravel(x), bins=5)
ops.histogram(v[0], bins=4, range=(-1.0, 0.5))
ops.correlate(v[0], x[0, 0])
ops.correlate(v[0], x[0, 0], mode="same")
ops.correlate(v[0], x[0, 0], mode="full")
ops.correlate(x[0, 0, :3], v[0], mode="same")
ops.percentile(x, 30, axis=1)
ops.nanquantile(ops.where(x > 0.7, np.nan, x), 0.4, axis=(1, 2))
ops.nanquantile(ops.where(x > 0.7, np.nan, x), [0.25, 0.5], axis=1)
ops.nanmedian(ops.where(x > 0.2, np.nan, x), axis=2, keepdims=True)
ops.nanpercentile(ops.where(x > 0.7, np.nan, x), 60.0, axis=2, method="nearest")
ops.nancumsum(ops.where(x > 0.7, np.nan, x), axis=1)
ops.nancumprod(ops.where(x > 0.7, np.nan, x), axis=2)
ops.trapezoid(x)
ops.trapezoid(x, dx=0.5, axis=1)
ops.trapezoid(x, x=[0.0, 1.0, 3.0, 4.0])
ops.isin(i, [1, 5, 7])
ops.isin(i, [1, 5, 7], invert=True)
ops.gcd(i, 12)
ops.lcm(i, 12)
ops.i0(x * 3.0)
ops.nextafter(x, 1.0)
ops.fabs(i)
ops.kaiser(9, 4.0)
ops.append(x, m)
ops.fmod(x, 0.3)
ops.fmod(i - 15, -4)
ops.append(x, x, axis=1)
ops.dstack([x[0], x[1]])
ops.fliplr(x)
ops.flipud(x)
ops.geomspace(1.0, 100.0, 5)
ops.geomspace(-2.0, -32.0, 4, endpoint=False)
ops.rearrange(x, "b (h p) c -> b p (c h)", p=3)
ops.rearrange(p, "b h w c -> (b w) (c h)")
ops.fold(ops.reshape(p, (2, 6, 15)), (4, 7), (2, 3))
ops.fold(ops.reshape(p, (2, 6, 15)), (6, 9), (2, 3), stride=2, padding=(0, 1))
ops.image.rgb_to_hsv(p)
ops.image.hsv_to_rgb(p)
ops.image.rgb_to_hsv(ops.round(p))
ops.image.affine_transform(p, ops.array([[1.1, 0.2, -0.6, -0.1, 0.9, 0.4, 0.0, 0.0]] * 2), fill_mode="reflect")
ops.image.affine_transform(p, ops.array([[1.4, 0.2, -1.6, -0.1, 0.9, -2.4, 0.01, 0.02]] * 2), fill_mode="wrap")
ops.image.affine_transform(p, ops.array([1.1, 0.2, -0.6, -0.1, 0.9, 0.4, 0.0, 0.0]), interpolation="nearest", fill_value=0.5)
ops.image.affine_transform(p, ops.array([1.1, 0.2, -0.6, -0.1, 0.9, 0.4, 0.0, 0.0]), fill_mode="nearest", data_format="channels_first")
ops.image.perspective_transform(p, [[[0.0, 0.0], [0.0, 5.0], [4.0, 0.0], [4.0, 5.0]]] * 2, [[[0.5, 0.3], [0.2, 4.0], [3.5, 0.5], [4.2, 4.5]]] * 2)
ops.image.map_coordinates(x[0], ops.stack([x[0] * 2.0, x[1] * 3.0]), order=1)
ops.image.map_coordinates(x[0], ops.stack([x[0] * 2.0, x[1] * 3.0]), order=0, fill_mode="nearest")
ops.image.map_coordinates(x[0], ops.stack([x[0] * 2.0, x[1] * 3.0]), order=1, fill_mode="wrap")
ops.image.map_coordinates(x[0], ops.stack([x[0], x[1]]), order=1, fill_mode="reflect")
ops.image.scale_and_translate(p, (2, 7, 4, 3), ops.array([1.3, 0.7]), ops.array([0.2, -0.3]), (1, 2), "linear")
ops.image.scale_and_translate(p, (2, 7, 4, 3), ops.array([1.3, 0.7]), ops.array([0.2, -0.3]), (1, 2), "cubic", antialias=False)
ops.image.scale_and_translate(p, (2, 7, 4, 3), ops.array([1.3, 0.7]), ops.array([0.2, -0.3]), (1, 2), "lanczos3")
ops.image.sobel_edges(p)
tf.math.real(tf.signal.ifft(tf.signal.fft(tf.complex(x, x * 0.5)) * tf.exp(tf.complex(x, 1.0 - x))))
tf.math.imag(tf.signal.fft2d(tf.complex(x, x * 0.5)) / tf.complex(x, x + 1.0))
tf.abs(tf.signal.stft(v, 16, 8))
tf.math.angle(tf.math.conj(tf.signal.rfft(v, [20])))
tf.signal.irfft(tf.signal.rfft(v) * tf.cast(0.5, tf.complex64))
tf.signal.inverse_stft(tf.signal.stft(v, 16, 8), 16, 8, window_fn=tf.signal.inverse_stft_window_fn(8))
tf.signal.frame(v, 20, 8, pad_end=True)
tf.signal.overlap_and_add(x, 3)
tf.linalg.solve(s, x)
tf.linalg.triangular_solve(s, x)
tf.linalg.cholesky_solve(tf.linalg.cholesky(s), x)
tf.linalg.svd(x, compute_uv=False)
tf.linalg.inv(s)
tf.linalg.pinv(x)
tf.linalg.logdet(s)
tf.linalg.diag(x)
tf.linalg.diag(x, k=2)
tf.linalg.diag(x[0, 0], k=-1)
tf.linalg.diag_part(m, k=-1)
tf.linalg.set_diag(m, x[:, 0, :3])
tf.linalg.set_diag(m, x[:, 0, :2], k=1)
tf.linalg.set_diag(m, x[:, 0, :3], k=-1)
tf.linalg.tensor_diag(x[0])
tf.linalg.tensor_diag_part(tf.reshape(v[0, :36], (2, 3, 2, 3)))
tf.linalg.matvec(s, x[:, :, 0], adjoint_a=True)
tf.linalg.lstsq(m, tf.transpose(x, [0, 2, 1]))
tf.linalg.lstsq(m, tf.transpose(x, [0, 2, 1]), l2_regularizer=0.5)
tf.linalg.global_norm([x, m, v])
tf.linalg.LinearOperatorDiag(x).matvec(tf.sin(x))
tf.linalg.LinearOperatorLowerTriangular(s).matmul(x, adjoint=True)
tf.linalg.LinearOperatorFullMatrix(s).diag_part()
tf.math.cumulative_logsumexp(x * 9.0, axis=1, exclusive=True, reverse=True)
tf.math.cumulative_logsumexp(x, axis=-1)
tf.math.bessel_i0e(x * 3.0)
tf.grad_pass_through(tf.round)(x * 3.0)
tf.nn.space_to_batch(p, [1, 3], [[0, 1], [0, 0]])
tf.batch_to_space(tf.concat([p, p], 0), [2, 2], [[1, 0], [0, 2]])
tf.nn.dilation2d(p, tf.reshape(v[0, :18], (2, 3, 3)), [1, 2, 1, 1], "SAME", "NHWC", [1, 1, 2, 1])
tf.nn.dilation2d(p, tf.reshape(v[0, :18], (2, 3, 3)), [1, 1, 1, 1], "VALID", "NHWC", [1, 1, 1, 1])
tf.image.rgb_to_yuv(p)
tf.image.yuv_to_rgb(p)
tf.image.rgb_to_yiq(p)
tf.image.yiq_to_rgb(p)
tf.image.rgb_to_hsv(p)
tf.image.hsv_to_rgb(p)
tf.image.adjust_saturation(p, 1.7)
tf.image.adjust_hue(p, -0.3)
tf.image.adjust_gamma(p, 1.8, gain=0.5)
tf.image.psnr(p, tf.sqrt(p), max_val=1.0)
tf.image.resize_with_pad(p, 9, 7)
tf.image.resize_with_pad(p, 4, 11, method="nearest")
tf.compat.v1.image.resize_bilinear(p, [7, 8], align_corners=True)
tf.compat.v1.image.resize_bilinear(p, [7, 8])
tf.signal.dct(x, norm="ortho")
tf.signal.dct(x, type=1)
tf.signal.dct(x, type=3, norm="ortho")
tf.signal.dct(x, type=4)
tf.signal.dct(x, n=6)
tf.signal.dct(x, n=3)
tf.signal.idct(x, norm="ortho")
tf.signal.idct(x, type=3)
tf.signal.mfccs_from_log_mel_spectrograms(v)
tf.signal.vorbis_window(9) * x[0, 0, 0]
tf.experimental.numpy.tril(s)
ops.scatter_update(x, [[0, 1], [1, 2], [0, 1]], ops.transpose(m[0]), reduction="max")
ops.scatter_update(x, [[0, 1], [1, 2], [0, 1]], ops.transpose(m[0]), reduction="min")
ops.scatter_update(x, [[0], [1], [0]], ops.stack([x[0], x[1], x[0] * 2.0]), reduction="mul")
ops.image.ssim(ops.image.resize(p, (14, 15)), ops.image.resize(ops.sqrt(p), (14, 15)))
ops.image.ssim(p[0], ops.square(p[0]), max_val=2.0, filter_size=5, filter_sigma=0.9)
tf.tensor_scatter_nd_sub(x, [[0, 1], [1, 2], [0, 1]], tf.transpose(m[0]))
tf.tensor_scatter_nd_max(x, [[0, 1], [1, 2], [0, 1]], tf.transpose(m[0]))
tf.tensor_scatter_nd_min(x, [[0, 1, 2], [1, 2, 3], [0, 1, 2]], [0.1, -9.0, 0.2])
tf.reverse_sequence(m, [3, 1], seq_axis=1, batch_axis=0)
tf.reverse_sequence(x, tf.constant([1, 3, 2, 0]), seq_axis=1, batch_axis=2)
tf.cast(tf.broadcast_dynamic_shape(tf.constant([2, 1, 4]), tf.constant([3, 1])), tf.float32) * x[0, 0, 0]
tf.unravel_index(tf.constant([7, 22, 3]), [5, 6])
tf.identity_n([x, m])
tf.dynamic_stitch([tf.constant([2, 0]), tf.constant([1, 3])], [x[0, :2], x[1, :2]])
tf.truncatediv(i - 15, 4)
tf.scalar_mul(0.3, x)
tf.realdiv(x, 3.0)
tf.clip_by_global_norm([x, m], 1.5)
tf.clip_by_global_norm([x, m], 1e3)[0]
tf.foldr(lambda a, b: a * 0.5 + b, x)
tf.math.reciprocal_no_nan(tf.nn.relu(x))
tf.math.xdivy(tf.nn.relu(x), tf.nn.relu(tf.reverse(x, [0])))
tf.math.xlog1py(tf.nn.relu(x), tf.abs(x))
tf.math.ndtri(tf.sigmoid(x))
tf.math.erfcinv(tf.sigmoid(x) * 2.0)
tf.math.lbeta(tf.abs(x) + 0.1)
tf.math.invert_permutation(tf.argsort(x[0, 0]))
tf.math.is_non_decreasing(tf.sort(x[0, 0]))
tf.math.is_strictly_increasing(x)
tf.math.segment_min(m[0], tf.constant([0, 0, 1, 2]))
tf.math.segment_prod(m[0], tf.constant([0, 1, 1, 1]))
tf.math.unsorted_segment_prod(m[0], tf.constant([2, 0, 0, 2]), 3)
tf.math.unsorted_segment_sqrt_n(m[0], tf.constant([2, 0, 0, 2]), 4)
tf.nn.weighted_moments(x, [0, 1], tf.abs(x) + 0.5)
tf.nn.weighted_moments(x, [1], tf.constant([1.0, 2.0, 3.0, 4.0]), keepdims=True)
tf.nn.normalize_moments(*tf.nn.sufficient_statistics(x, [0, 2], shift=0.3))
tf.nn.sufficient_statistics(x, [1], keepdims=True)[:3]
tf.nn.weighted_cross_entropy_with_logits(labels=tf.sigmoid(x), logits=x * 3.0, pos_weight=2.0)
tf.nn.log_poisson_loss(tf.abs(x) * 3.0, x, compute_full_loss=True)
tf.nn.log_poisson_loss(tf.abs(x), x)
tf.nn.erosion2d(p, tf.reshape(v[0, :18], (2, 3, 3)), [1, 2, 1, 1], "SAME", "NHWC", [1, 1, 2, 1])
tf.nn.max_pool_with_argmax(p, 2, 2, "VALID")
tf.nn.max_pool_with_argmax(p, [1, 3, 2, 1], [1, 2, 2, 1], "SAME", include_batch_in_index=True)
tf.nn.conv_transpose(p, tf.reshape(v[0, :36], (2, 2, 3, 3)), [2, 10, 12, 3], 2)
tf.nn.atrous_conv2d_transpose(p, tf.reshape(v[0, :36], (2, 2, 3, 3)), [2, 5, 6, 3], 2, "SAME")
tf.nn.batch_norm_with_global_normalization(p, tf.constant([0.1, 0.2, 0.3]), tf.constant([1.0, 2.0, 3.0]), x[0, 0, :3], x[0, 1, :3], 1e-3, True)
tf.image.ssim(tf.image.resize(p, (14, 15)), tf.image.resize(tf.sqrt(p), (14, 15)), 1.0)
tf.image.crop_and_resize(p, tf.sigmoid(x[0, :, :4]), tf.constant([0, 1, 1]), (4, 3))
tf.image.crop_and_resize(p, x[1, :, :4], tf.constant([1, 0, 1]), (3, 1), extrapolation_value=-2.0)
tf.image.crop_and_resize(p, tf.sigmoid(x[0, :, :4]), tf.constant([0, 1, 1]), (2, 5), method="nearest")
tf.image.non_max_suppression_padded(tf.concat([tf.sigmoid(tf.reshape(v[0], (24, 2))), tf.sigmoid(tf.reshape(v[0], (24, 2))) + 0.4], 1), tf.sigmoid(v[0, :24]), 9, 0.3, 0.2, pad_to_max_output_size=True)
tf.image.combined_non_max_suppression(tf.reshape(tf.sigmoid(v), (2, 12, 1, 4)), tf.sigmoid(tf.reshape(v, (2, 12, 4))[:, :, :3]), 4, 9, 0.3, 0.4)
tf.image.combined_non_max_suppression(tf.reshape(v, (2, 6, 2, 4)), tf.reshape(v, (2, 6, 8))[:, :, :2], 3, 20, pad_per_class=True, clip_boxes=False)
tf.image.convert_image_dtype(p, tf.uint8)
tf.image.convert_image_dtype(p * 2.0 - 0.5, tf.uint8, saturate=True)
tf.image.convert_image_dtype(tf.image.convert_image_dtype(p, tf.uint8), tf.int16)
tf.image.convert_image_dtype(tf.image.convert_image_dtype(p, tf.int32), tf.uint8)
tf.signal.frame(m, 2, 1, axis=1)
tf.signal.frame(p, 3, 2, axis=2, pad_end=True, pad_value=0.5)
tf.math.real(tf.signal.rfft2d(x))
tf.math.imag(tf.signal.rfft2d(x, [4, 6]))
tf.signal.irfft2d(tf.signal.rfft2d(x))
tf.math.real(tf.signal.ifft3d(tf.signal.fft3d(tf.complex(x, x * 0.5)) * tf.complex(x, 1.0 - x)))
tf.signal.fftshift(x, axes=(0, 2))
tf.signal.fftshift(m)
tf.signal.ifftshift(x, axes=1)
tf.signal.linear_to_mel_weight_matrix(12, 33, 8000, 60.0, 3900.0) * x[0, 0, 0]
tf.signal.kaiser_bessel_derived_window(16, 5.0) * x[0, 0, 0]
x * tf.random.stateless_uniform((2, 3, 4), seed=[7, 42])
x * tf.random.stateless_uniform((2, 3, 4), [-3, 2**40], minval=-1.0, maxval=2.5)
i + tf.random.stateless_uniform((2, 4), seed=(1, 2), minval=-5, maxval=100, dtype=tf.int32)
x * tf.random.stateless_normal((2, 3, 4), seed=[1, 5], mean=0.5, stddev=2.0)
tf.experimental.numpy.sum(x * tf.experimental.numpy.pi, axis=1)
boxes.convert_format(x, "xyxy", "center_xywh", height=30, width=40)
boxes.convert_format(x, "yxyx", "rel_xywh", height=30, width=40)
boxes.convert_format(x, "xywh", "xywh", height=30, width=40)
boxes.convert_format(x, "center_xywh", "rel_yxyx", height=30, width=40)
boxes.convert_format(x, "center_yxhw", "yxyx", height=30, width=40)
boxes.convert_format(x, "rel_xyxy", "rel_xyxy", height=30, width=40)
boxes.convert_format(x, "rel_yxyx", "xyxy", height=30, width=40)
boxes.convert_format(x, "rel_xywh", "center_yxhw", height=30, width=40)
boxes.convert_format(x, "rel_center_xywh", "rel_center_xywh", height=30, width=40)
boxes.convert_format(x, "XYWH", "center_yxhw")
boxes.clip_to_image_size({"boxes": x * 20.0, "labels": ops.ones((2, 3))}, 30, 40)["labels"]
boxes.clip_to_image_size({"boxes": x}, bounding_box_format="rel_xyxy")["boxes"]
boxes.crop(x * 9.0, 2, 3, 5, 6)
boxes.pad(x, 2, 3)
boxes.encode_box_to_deltas(ops.abs(x[0]), ops.abs(x), "xywh", "xywh", variance=[0.1, 0.2, 0.1, 0.2])
boxes.decode_deltas_to_boxes(ops.abs(x[0]), x, "xywh", "xyxy", encoded_format="center_xywh", variance=[0.1, 0.2, 0.1, 0.2])
boxes.decode_deltas_to_boxes(ops.abs(x[0]), x, "xywh", "rel_yxyx", image_shape=(30, 40, 3))
boxes.compute_iou(ops.abs(x), ops.abs(x[::-1]), "xywh")
boxes.compute_iou(x[0], x[1], "xyxy", use_masking=True, mask_val=-2)
boxes.compute_ciou(ops.abs(x), ops.abs(x[::-1]), "xywh")
ops.image.extract_patches_3d(p[..., None], (2, 3, 2))
ops.image.extract_patches_3d(p[..., None], (2, 3, 2), strides=(2, 2, 1), padding="same")
""".strip().splitlines()

SOURCE = '''import keras
import numpy as np
import tensorflow as tf
from keras import ops
from keras.utils import bounding_boxes as boxes


def missing(names, x):
    absent = [name for module, name in names if not hasattr(module, name)]
    if absent:
        raise ValueError(f"missing: {absent}")
    return x


CASES = [
%s]


@keras.saving.register_keras_serializable(package="oracle")
class Probe(keras.layers.Layer):
    def __init__(self, case, **kwargs):
        super().__init__(**kwargs)
        self.case = case

    def call(self, inputs):
        found = CASES[self.case](*inputs)
        return list(found) if isinstance(found, (tuple, list)) else [found]

    def get_config(self):
        return {**super().get_config(), "case": self.case}
'''


def inputs(seed):
    random = np.random.default_rng(seed)
    s = random.normal(size=(2, 3, 3))
    return {
        "x": random.normal(size=(2, 3, 4)).astype("float32"),
        "s": (s @ s.transpose(0, 2, 1) + np.eye(3)).astype("float32"),
        "m": random.normal(size=(2, 4, 3)).astype("float32"),
        "v": random.normal(size=(2, 48)).astype("float32"),
        "p": random.uniform(size=(2, 5, 6, 3)).astype("float32"),
        "i": random.integers(0, 30, size=(2, 4)).astype("int32"),
    }


def compare(expression, probe, case, given, folder):
    symbols = [keras.Input(batch_shape=a.shape, dtype=a.dtype.name, name=name) for name, a in given.items()]
    try:
        layer = probe(case)
        want = [np.asarray(t) for t in keras.tree.flatten(layer([keras.ops.convert_to_tensor(a) for a in given.values()]))]
        # Several functions cannot be traced by Keras: the shapes are those of the eager answer.
        layer.compute_output_spec = lambda inputs: [keras.KerasTensor(w.shape, w.dtype.name) for w in want]
        model = keras.Model(symbols, layer(symbols))
    except Exception as error:  # Keras itself cannot: the table is at fault
        return check(False, f"{expression}: Keras says {error!r}"[:300])
    model.save(folder / "m.keras")
    (folder / "out.npz").unlink(missing_ok=True)
    done = kedge("run", folder / "m.keras", "--custom", folder / "layers.py", "--input", folder / "in.npz", "-o", folder / "out.npz",
                 *os.environ.get("KEDGE_PRELUDE", "").split())
    if done.returncode:
        return check(False, f"{expression[:100]}: {done.stderr.strip()[:2000]}")
    with np.load(folder / "out.npz") as z:
        got = [z[name] for name in z.files]
    if len(got) != len(want):
        return check(False, f"{expression}: {len(got)} outputs, not {len(want)}")
    for g, w in zip(got, want):
        same = g.shape == w.shape and g.dtype == w.dtype
        if not check(same and np.allclose(g, w, rtol=2e-4, atol=2e-5, equal_nan=True),
                     f"{expression}: {g.dtype}{g.shape} for {w.dtype}{w.shape}" + (f", {np.abs(g - w * 1.0).max()} away" if same else "")):
            return False
    return True


def names_expression():
    """Every public name of Keras and of the parts of TensorFlow that layers use is a name of kedge's too, if only one that refuses when it is
    called: else one import would leave a whole file unread. The missing ones are in the error."""
    parts = [f"keras.{name}" if name else "keras" for name in (
        "", "activations", "callbacks", "config", "constraints", "dtype_policies", "initializers", "layers", "losses", "metrics",
        "mixed_precision", "models", "ops", "ops.image", "ops.linalg", "ops.nn", "optimizers", "optimizers.schedules", "quantizers", "random",
        "regularizers", "saving", "tree", "utils", "utils.bounding_boxes")]
    parts += [f"tf.{name}" if name else "tf" for name in (
        "", "math", "nn", "linalg", "image", "signal", "nest", "bitwise", "debugging", "dtypes", "random", "quantization", "experimental.numpy",
        "compat.v1")]
    wanted = [(part, n) for part in parts for n in dir(eval(part)) if not n.startswith("_")]
    return "missing([" + ", ".join(f"({part}, {n!r})" for part, n in wanted) + "], x)"


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [e for e in [*EXPRESSIONS, names_expression()] if wanted in e]
    given = inputs(7)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        source = SOURCE % "".join(f"    lambda {', '.join(given)}: {e},\n" for e in chosen)
        (folder / "layers.py").write_text(source)
        np.savez(folder / "in.npz", **given)
        scope = {}
        exec(compile(source, "layers.py", "exec"), scope)
        for case, expression in enumerate(chosen):
            compare(expression, scope["Probe"], case, given, folder)
    finish()


if __name__ == "__main__":
    main()
