"""The public names of `keras.ops`: which file has each function."""

FILES = {
    "elementwise": """exp log log1p expm1 sqrt rsqrt sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh erf erfc isreal ldexp allclose erfinv exp2 log2
        log10 absolute abs negative sign signbit square cbrt reciprocal floor ceil trunc round isnan isinf isfinite isposinf isneginf nan_to_num
        logical_not logical_and logical_or logical_xor add subtract multiply divide true_divide divide_no_nan floor_divide mod fmod power arctan2
        maximum minimum fmax fmin equal not_equal less less_equal greater greater_equal bitwise_and bitwise_or bitwise_xor bitwise_not
        bitwise_invert left_shift right_shift bitwise_left_shift bitwise_right_shift logaddexp logaddexp2 hypot deg2rad rad2deg sinc heaviside
        copysign clip where isclose real imag conj conjugate angle fabs nextafter""",
    "reduce": """sum prod mean max min amax amin any all var std moments logsumexp count_nonzero argmax argmin cumsum cumprod sort argsort top_k
        in_top_k median quantile average ptp nansum norm bincount searchsorted digitize diff""",
    "shape": """shape ndim size reshape ravel transpose swapaxes moveaxis expand_dims squeeze broadcast_to concatenate stack unstack hstack
        vstack split array_split tile repeat flip roll rot90 pad take take_along_axis get_item slice_update array copy convert_to_tensor
        convert_to_numpy saturate_cast view stop_gradient is_tensor dtype atleast_1d atleast_2d atleast_3d nonzero argwhere unique select
        dsplit hsplit vsplit""",
    "creation": """zeros ones empty full zeros_like ones_like empty_like full_like arange linspace logspace eye identity tri tril triu
        diagonal diag diagflat meshgrid hanning hamming blackman bartlett vander""",
    "scatter": """scatter scatter_update unravel_index segment_sum segment_max segment_min segment_prod""",
    "linalg": "matmul dot vdot inner outer tensordot kron trace cross vecdot einsum",
    "matrix": """det slogdet logdet inv solve solve_triangular lu_factor cholesky cholesky_inverse eigh eig qr svd matrix_rank pinv lstsq cdist
        corrcoef jvp""",
    "nn": """relu relu6 sigmoid softplus softsign silu swish mish log_sigmoid logsigmoid leaky_relu hard_sigmoid hard_silu hard_swish elu selu celu gelu
        glu hard_tanh hard_shrink soft_shrink tanh_shrink threshold sparse_plus sparse_sigmoid squareplus sparsemax softmax log_softmax conv
        depthwise_conv separable_conv conv_transpose max_pool average_pool batch_normalization layer_normalization rms_normalization normalize
        one_hot multi_hot categorical_crossentropy sparse_categorical_crossentropy binary_crossentropy psnr dot_product_attention rope
        ctc_loss ctc_decode unfold depth_to_space space_to_depth""",
    "control": """cond while_loop fori_loop scan associative_scan map vectorized_map switch vectorize custom_gradient apply_along_axis""",
    "nan_aware": "nanprod nanmean nanvar nanstd nanmax nanmin nanargmax nanargmin nancumsum nancumprod",
    "statistics": """histogram correlate percentile nanquantile nanpercentile nanmedian trapezoid argpartition isin""",
    "rearranging": "rearrange append dstack fliplr flipud geomspace fold",
    "special": "i0 gcd lcm",
    "adaptive": "adaptive_average_pool adaptive_max_pool",
    "signal": "fft fft2 rfft irfft ifft2 stft istft extract_sequences kaiser view_as_complex view_as_real polar",
}

RENAMED = {"cast": ("shape", "cast_"), "slice": ("shape", "slice_")}

# Functions whose arguments are functions, and those that only look at their arguments: they record nothing themselves.
PLAIN = {"cond", "while_loop", "fori_loop", "scan", "associative_scan", "map", "vectorized_map", "switch", "vectorize", "custom_gradient",
         "is_tensor", "apply_along_axis", "dtype", "ndim"}


def locate():
    found = {}
    for file, names in FILES.items():
        for name in names.split():
            found[name] = (file, name)
    found.update(RENAMED)
    return found
